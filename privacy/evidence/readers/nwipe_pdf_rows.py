"""One disk of an nwipe PDF report as a row.

The report tells the outcome and no single pass: finished passes are the method's times the rounds it calls completed, and the
bytes are those "erased at least once".
"""

import re
from dataclasses import dataclass

from privacy.evidence.core_digest import core_of
from privacy.evidence.identity import is_masked
from privacy.evidence.methods import Method, find_method
from privacy.evidence.model import DeviceRow, Source, Status, Verification
from privacy.evidence.readers.nwipe_pdf_cells import Block
from privacy.evidence.readers.nwipe_pdf_smart import Smart
from privacy.evidence.readers.nwipe_script import Plan, steps_of
from privacy.evidence.readers.stamps import clock_seconds, stamp

_STATUS: dict[str, Status] = {"ERASED": "erased", "FAILED": "failed", "ABORTED": "aborted", "INSANITY": "failed"}
_VERIFY: dict[str, Verification] = {"None": "none", "Last": "last", "All": "all"}
_SOURCES: dict[str, Source] = {"ATA": "ata", "NVME": "nvme", "SCSI": "scsi", "SAS": "scsi"}
_SIZE = re.compile(r".{0,20}?([0-9]{1,18}) ?(?:bytes|[bB])")
_ERASED = re.compile(r"(-?[0-9]{1,18}), \((-?[0-9.]{1,12})%\)")
_DIRECTION = re.compile(r"(.{1,60}?)(?: \([RS]\))?")  # from 0.41: the disk was written backwards, or in scattered order
_PAIR = re.compile(r"(-?[0-9]{1,9})/([0-9]{1,9})")
_MOST_ROUNDS = 10_000
BLANKS = ("Zeros", "Ones", "None")
NOT_APPLICABLE = "Not applicable"


@dataclass(frozen=True, slots=True)
class Case:
    """A disk's cells and its SMART page, None if the report has none for it."""

    block: Block
    smart: Smart | None

    def cell(self, name: str) -> str | None:
        return self.block.cells.get(name) or None

    @property
    def serial(self) -> str | None:
        """The system report prints it with `_` for every character but letters and digits; its SMART page has it whole."""
        found, whole = self.cell("serial"), self.smart.serial if self.smart else None
        if found is None or found == "Unknown":
            return None
        return whole if whole and re.sub(r"[^A-Za-z0-9]", "_", whole) == found else found

    @property
    def masked(self) -> bool:
        return is_masked(self.cell("serial"))

    @property
    def bus(self) -> str | None:
        """A system's report has none."""
        return (self.cell("bus") or "").partition("-")[0].strip() or None

    @property
    def status(self) -> Status | None:
        return _STATUS.get(self.cell("status") or "")

    @property
    def label(self) -> str | None:
        found = _DIRECTION.fullmatch(self.cell("method") or "")
        return found[1] if found else None

    @property
    def method(self) -> Method | None:
        return find_method(self.label)

    def size(self, name: str) -> int | None:
        found = _SIZE.fullmatch(self.cell(name) or "")
        return int(found[1]) or None if found else None

    @property
    def rounds(self) -> tuple[int, int] | None:
        """Completed and asked."""
        found = _PAIR.fullmatch(self.cell("rounds") or "")
        return (max(0, int(found[1])), int(found[2])) if found and int(found[2]) <= _MOST_ROUNDS else None

    @property
    def erased(self) -> tuple[int, float] | None:
        """Bytes, and per cent of the disk."""
        found = _ERASED.fullmatch(self.cell("erased") or "")
        try:
            return (max(0, int(found[1])), float(found[2])) if found else None
        except ValueError:
            return None

    @property
    def errors(self) -> tuple[int, ...] | None:
        """Of passes, of syncing, of verification; from 0.42 retries too, which are no errors."""
        text = self.cell("errors") or ""
        return tuple(int(part) for part in text.split("/")) if re.fullmatch(r"[0-9]{1,18}(?:/[0-9]{1,18}){2,3}", text) else None

    @property
    def verification(self) -> Verification | None:
        if self.method is not None and self.method.verify_only:
            return "only"
        return _VERIFY.get((self.cell("verify") or "").removeprefix("Verify ").strip())

    @property
    def hidden(self) -> bool | None:
        said, size, real = self.cell("hidden") or "", self.size("size"), self.size("real_size")
        warned = "NOT erased" in (self.cell("information") or "")
        if said.startswith("Hidden sectors") or warned or (size and real and real > size):
            return True
        return False if said.startswith("No hidden sectors") else None


    @property
    def hidden_unknown(self) -> bool:
        """The tool looked and couldn't tell. NVMe, SAS and virtual disks have nothing of the kind."""
        return self.hidden is None and self.cell("hidden") != NOT_APPLICABLE

    @property
    def plan(self) -> Plan | None:
        """What a wipe was asked to do; None if a cell doesn't say, or if nothing was to be written."""
        blank, verify = self.cell("blank"), self.verification
        if self.method is None or verify in (None, "only") or self.rounds is None or blank not in BLANKS:
            return None
        return Plan(method=self.method, rounds=self.rounds[1], verification=verify, blank=blank != "None")

    def moved(self, *kinds: str) -> int | None:
        """Bytes that a finished run wrote (`written`) and read back (`read`), by its plan."""
        plan, size = self.plan, self.size("size")
        return None if plan is None or size is None else size * steps_of(plan, kinds)


def row_of(case: Case) -> DeviceRow:
    begin, end = stamp(case.cell("started")), stamp(case.cell("finished"))
    bus = case.bus
    usb = bus in ("USB", "UAS")
    smart, errors, method = case.smart, case.errors, case.method
    return DeviceRow(
        serial=None if case.masked else case.serial,
        model=case.cell("model"),
        capacity_bytes=case.size("size"),
        method=case.cell("method"),
        passes_done=_passes(case),
        passes_asked=method.passes_asked(case.rounds[1]) if method and case.rounds else None,
        random_passes=_random(case),
        rounds=case.rounds[1] if case.rounds else None,
        final_blank=_final_blank(case),
        verification=case.verification,
        verified=_verified(case),
        bytes_written=case.erased[0] if case.erased else None,
        errors=sum(errors[:3]) if errors else None,
        status=case.status,
        started=begin.iso if begin else None,
        finished=end.iso if end else None,
        method_code=method.code if method else None,
        random_asked=method.random_asked(case.rounds[1]) if method and case.rounds else None,
        bus=bus,
        anonymised=case.masked,
        usb_bridge=usb,
        hidden_sectors=case.hidden,
        hidden_unknown=case.hidden_unknown,
        seconds=clock_seconds(case.cell("duration")),
        total_written=case.moved("written") if _whole(case) else None,
        medium=smart.medium if smart else None,
        technique="overwrite" if method and not method.verify_only else None,
        native_bytes=case.size("real_size"),
        serial_source=_source(case, bus, usb),
        identities=smart.identities if smart else (),
        counters=smart.counters if smart else None,
        core=_core(case),
    )


def _source(case: Case, bus: str | None, usb: bool) -> Source | None:
    if case.serial is None or case.masked:
        return None
    return "bridge" if usb else _SOURCES.get(bus or "")


def _whole(case: Case) -> bool:
    """Erased, with every round completed."""
    return case.status == "erased" and case.rounds is not None and case.rounds[0] == case.rounds[1]


def _passes(case: Case) -> int | None:
    if case.method is None or case.rounds is None:
        return None
    extra = case.method.extra_random if _whole(case) else 0
    return len(case.method.passes) * case.rounds[0] + extra


def _random(case: Case) -> int | None:
    if case.method is None or case.rounds is None:
        return None
    extra = case.method.extra_random if _whole(case) else 0
    return case.method.passes.count("random") * case.rounds[0] + extra


def _final_blank(case: Case) -> bool | None:
    said = case.cell("blank")
    if said == "None" or (case.method is not None and case.method.ending != "blank"):
        return False
    return True if said == "Zeros" and case.status == "erased" else None


def _verified(case: Case) -> bool | None:
    """True only where the outcome is good and the report says that it was read back."""
    if case.verification is None or case.status is None:
        return None
    good = case.status == "erased" and case.errors is not None and case.errors[2] == 0
    return good and case.verification != "none"


def _core(case: Case) -> str | None:
    """The report's times are whole seconds, which twins wiped side by side share: only with a speed profile of the disk's own
    (from 0.42) is there anything that a copy would betray itself by. Words and figures that could be changed alone, like the
    throughput, are not in it."""
    if stamp(case.cell("started")) is None or not case.block.speeds:
        return None
    names = ("started", "finished", "erased", "rounds")
    counts = sorted(case.smart.counts.items()) if case.smart else []
    whole_system = case.cell("bus") is None  # the report of one disk and that of its system are two files of one run
    return core_of("nwipe-pdf", whole_system, [case.cell(name) for name in names], case.size("size"), counts, case.block.speeds)
