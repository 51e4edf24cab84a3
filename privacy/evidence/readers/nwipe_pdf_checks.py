"""Where an nwipe PDF report says two things that can't both be true, and what it leaves out."""

from collections.abc import Iterator

from privacy.evidence.identity import is_masked, normalise_serial
from privacy.evidence.model import Finding
from privacy.evidence.readers.marks import clash, gap, identity_marks
from privacy.evidence.readers.nwipe_pdf_rows import Case
from privacy.evidence.readers.pdf import Pdf
from privacy.evidence.readers.stamps import clock_seconds, stamp

_SLACK = 3  # seconds between the clock times and the duration, as in the log
_NEEDED = (
    *("model", "size", "started", "finished", "duration", "status"),
    *("method", "verify", "blank", "erased", "rounds", "errors"),
)
_FIRST_WITH_REPORTS = (0, 35)


def report_findings(pdf: Pdf, version: str | None, cases: list[Case]) -> Iterator[Finding]:
    """About the file as a whole."""
    yield Finding(code="unsigned_report", value=True)
    yield Finding(code="time_zone", value=None)
    yield Finding(code="exact_version", value=None)
    number = _number(version)
    if number is None:
        yield gap("version")
    elif number < _FIRST_WITH_REPORTS:
        yield clash("version_never_existed")
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


def disk_findings(case: Case, several: bool) -> Iterator[Finding]:
    """About one disk."""
    name = case.serial if several and not case.masked else None
    found = [*_cells(case), *_outcome(case), *_sizes(case), *_times(case), *_smart(case)]
    yield from (clash(why if name is None else f"{why}: {name}") for why in found)
    yield from (gap(cell) for cell in _NEEDED if case.cell(cell) is None)
    yield from _remarks(case)


def _cells(case: Case) -> Iterator[str]:
    for name in sorted(case.block.double):
        yield f"two texts in one place ({name})"


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
    warned = "NOT erased" in (case.cell("information") or "")
    if warned and (case.cell("hidden") or "").startswith("No hidden sectors"):
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
