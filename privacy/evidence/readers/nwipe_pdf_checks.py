"""Where an nwipe PDF report says two things that can't both be true, and what it leaves out."""

from collections.abc import Iterator

from privacy.evidence.identity import is_masked, normalise_serial
from privacy.evidence.model import Finding
from privacy.evidence.readers.marks import clash, gap, identity_marks
from privacy.evidence.readers.nwipe_pdf_rows import BLANKS, NOT_APPLICABLE, Case
from privacy.evidence.readers.nwipe_rates import EXACT, plausible
from privacy.evidence.readers.nwipe_versions import before_its_version, version_problem
from privacy.evidence.readers.pdf import Pdf
from privacy.evidence.readers.stamps import clock_seconds, stamp

_SLACK = 3  # seconds between the clock times and the duration, as in the log
_NEEDED = (
    *("model", "size", "started", "finished", "duration", "status"),
    *("method", "verify", "blank", "erased", "rounds", "errors"),
)
_FIRST_WITH_REPORTS = (0, 35)
_NO_PRNG = ("N/A to method", "Not applicable to method")
_FIXED_ONLY = frozenset({"zero", "one", "verify_zero", "verify_one"})  # methods that the tool says need no generator
_HIDES_NOTHING = frozenset({"NVME", "SAS", "VIRT", None})  # a system's report doesn't tell the bus
# hundredths of red, green and blue: what is good is dark green, what isn't is red, and a warning yellow
_GREEN, _RED = (0, 39, 0), (100, 0, 0)


def report_findings(pdf: Pdf, version: str | None, cases: list[Case]) -> Iterator[Finding]:
    """About the file as a whole."""
    yield Finding(code="unsigned_report", value=True)
    yield Finding(code="time_zone", value=None)
    yield Finding(code="exact_version", value=None)
    number = _number(version)
    if version is None or number is None:
        yield gap("version")
    elif number < _FIRST_WITH_REPORTS:
        yield clash("version_never_existed")
    elif (problem := version_problem(version, number)) is not None:
        yield problem
    if not cases:
        yield gap("disks")
    for label, cell in (("S/N:", "serial"), ("Model:", "model")):
        if len(cases) == 1 and not _headers_agree(pdf, label, cases[0].cell(cell) or ""):
            yield clash(f"{cell} in the pages' heads")


def _number(version: str | None) -> tuple[int, int] | None:
    parts = (version or "").split(".")
    if len(parts) < 2 or not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts[:2]):
        return None
    return int(parts[0]), int(parts[1])


def _headers_agree(pdf: Pdf, label: str, said: str) -> bool:
    """Every page's head repeats the disk's model and serial, cut at the end; a long one wraps, and then only begins alike."""
    heads = [piece.text.strip() for piece in pdf.pieces if piece.size in (11, 14) and piece.y > 650]
    found = {head.partition(label)[2].strip() for head in heads if head.startswith((label, f"Disk {label}"))}
    return all(said.startswith(one) or one.startswith(said) for one in found if one and said)


def disk_findings(case: Case, several: bool, version: str | None) -> Iterator[Finding]:
    """About one disk."""
    name, number = case.serial if several and not case.masked else None, _number(version)
    looks = (_cells, _colours, _outcome, _options, _hidden, _sizes, _times, _smart)
    checks = [look(case) for look in looks]
    found = [why for check in checks for why in check]
    found += _speed(case, number)
    yield from (clash(why if name is None else f"{why}: {name}") for why in found)
    yield from (gap(cell) for cell in _NEEDED if case.cell(cell) is None)
    if case.status == "erased" and number is not None and number >= EXACT and not case.block.speeds:
        yield gap("speed profile")
    begun = stamp(case.cell("started"))
    if begun is not None and before_its_version(number, begun.moment.replace(tzinfo=None)):
        yield Finding(code="clock_before_version", value=True)
    yield from _remarks(case)


def _cells(case: Case) -> Iterator[str]:
    for name in sorted(case.block.double):
        yield f"two texts in one place ({name})"
    for name in sorted(case.block.padded):
        yield f"blanks around a word of the tool's ({name})"


def _colours(case: Case) -> Iterator[str]:
    """The tool draws a good outcome green and a bad one red. Yellow stands for a wipe with a warning."""
    errors, rounds, erased = case.errors, case.rounds, case.erased
    clear = case.hidden is False or case.cell("hidden") == NOT_APPLICABLE
    good: dict[str, bool | None] = {
        "status": case.status == "erased" if case.status else None,
        "rounds": rounds[0] == rounds[1] if rounds else None,
        "errors": not any(errors) if errors else None,
        "erased": erased[0] == case.size("size") if erased and clear else None,
        "hidden": clear,
        "hidden_size": clear,
    }
    for name, well in good.items():
        colour = case.block.colours.get(name)
        if (colour == _RED and well) or (colour == _GREEN and well is False):
            yield f"colour and text ({name})"
    warned = not clear or (errors is not None and any(errors[3:]))
    if case.status == "erased" and case.block.colours.get("status") != _GREEN and not warned:
        yield "colour and text (status)"


def _options(case: Case) -> Iterator[str]:
    """What was chosen for the run, against what its method does with it."""
    method, prng = case.method, case.cell("prng")
    if method is not None and prng is not None and (prng in _NO_PRNG) != (method.code in _FIXED_ONLY):
        yield "generator and method"
    if case.cell("blank") not in (*BLANKS, None):
        yield "blanking pass"


def _speed(case: Case, version: tuple[int, int] | None) -> Iterator[str]:
    """Bytes by the plan, speed and duration: three figures of which each follows from the other two."""
    moved, seconds = case.moved("written", "read"), clock_seconds(case.cell("duration"))
    told = (case.cell("throughput") or "").removesuffix("/sec")
    if case.status == "erased" and moved and seconds is not None and not plausible(moved, told, seconds, version):
        yield "speed and duration"


def _hidden(case: Case) -> Iterator[str]:
    """Said twice, and not applicable only where the bus has nothing of the kind."""
    said, again = (case.cell("hidden") or "").lower(), (case.cell("hidden_size") or "").lower()
    if said == NOT_APPLICABLE.lower() and case.bus not in _HIDES_NOTHING:
        yield "hidden sectors and bus"
    nothing = said.startswith("no hidden sectors")
    if (again and (nothing or said == NOT_APPLICABLE.lower()) and not said.startswith(again)) or (
        nothing and case.cell("real_size") == "Unknown"
    ):
        yield "hidden sectors"


def _outcome(case: Case) -> Iterator[str]:
    errors, rounds = case.errors, case.rounds
    if case.status == "erased" and errors and sum(errors[:3]):
        yield "erased with errors"
    if case.status == "erased" and rounds and rounds[0] != rounds[1]:
        yield "erased with rounds missing"
    if rounds and rounds[0] > rounds[1]:
        yield "more rounds than asked"
    verify_only = case.method is not None and case.method.verify_only
    if case.cell("erased") and case.method and (case.cell("erased") == "Not applicable to method") != verify_only:
        yield "bytes erased and method"
    warned = (case.cell("information") or "").endswith(("hidden sectors NOT erased", "can not determine hidden sector status."))
    if warned and (case.cell("hidden") or "").startswith(("No hidden sectors", NOT_APPLICABLE)):
        yield "hidden sectors"


def _sizes(case: Case) -> Iterator[str]:
    size, real = case.size("size"), case.size("real_size")
    whole = max(size or 0, real or 0)
    if case.erased and whole:
        done, per_cent = case.erased
        if done > whole:
            yield "more bytes than the disk has"
        if abs(done * 100 / whole - per_cent) > 0.02:
            yield "bytes and per cent"
    if size and real and real < size:
        yield "real size below the apparent one"


def _times(case: Case) -> Iterator[str]:
    begin, end, duration = stamp(case.cell("started")), stamp(case.cell("finished")), clock_seconds(case.cell("duration"))
    if begin and end and begin.seconds_to(end) < 0:
        yield "ends before it begins"
    elif begin and end and duration is not None and abs(begin.seconds_to(end) - duration) > _SLACK:
        yield "duration and times"


def _smart(case: Case) -> Iterator[str]:
    smart = case.smart
    if smart is None:
        return
    inner, outer = normalise_serial(smart.serial), normalise_serial(case.serial)
    if inner and outer and inner != outer:
        yield "inner and outer serial"
    if case.bus == "NVME" and smart.medium == "magnetic":
        yield "kind of medium"
    if smart.capacity and case.size("size") and smart.capacity < (case.size("size") or 0):
        yield "capacity"


def _remarks(case: Case) -> Iterator[Finding]:
    if case.masked or (case.smart and any(is_masked(text) for text in case.smart.fields.values())):
        yield Finding(code="anonymised", value=True)
    if not case.masked:
        yield from identity_marks(case.serial, case.cell("model"))
    if case.hidden is not None or case.cell("hidden"):
        yield Finding(code="hidden_sectors", value=case.hidden)
    if case.method is not None and case.method.verify_only:
        yield Finding(code="verify_only", value=True)
    if case.method is None and case.label:
        yield Finding(code="unknown_method", value=True, detail=case.label)
    if case.cell("status") == "INSANITY":
        yield Finding(code="insanity", value=True)
    if case.errors and len(case.errors) > 3 and case.errors[3]:
        yield Finding(code="io_retries", value=True)
