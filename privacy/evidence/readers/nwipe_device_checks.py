"""Where the lines about one device disagree, and where some are missing; and what people should know about it."""

import re
from collections.abc import Callable, Iterator

from privacy.evidence.identity import is_masked
from privacy.evidence.model import Finding
from privacy.evidence.readers.marks import SHOWN, clash, gap
from privacy.evidence.readers.nwipe_case import Case
from privacy.evidence.readers.nwipe_lines import Event, moment
from privacy.evidence.readers.nwipe_plan import is_old, number_of
from privacy.evidence.readers.nwipe_rates import plausible
from privacy.evidence.readers.nwipe_rows import errors_of, hidden_unknown_of, status_of
from privacy.evidence.readers.nwipe_versions import before_its_version

_CUT_MODEL = 17  # characters of the model in the last table
_TOLERANCE = 3  # seconds between the log's own lines and the table's duration
_NODES = {"nvme": "NVME", "mmcblk": "MMC"}
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_SIZE = re.compile(r"([0-9]{1,20}) ?([KMGT]?)B")


def device_findings(case: Case) -> Iterator[Finding]:
    """What is missing or contradictory about one device."""
    for check in _CHECKS:
        yield from check(case)


def _script(case: Case) -> Iterator[Finding]:
    node, reading, status = case.job.node, case.reading, status_of(case)
    if reading is None:
        if case.job.events:
            yield gap("script", node=node)
    elif reading.outcome == "contradiction":
        yield clash("script", *reading.lines, node=node)
    elif reading.outcome == "gap":
        yield gap("script", *reading.lines, node=node)
    elif reading.outcome == "stopped" and (status == "erased" or (status is None and case.job.events)):
        yield gap("script_end", node=node)


def _preamble(case: Case) -> Iterator[Finding]:
    if not case.job.events:
        return
    found, serial = case.job.first("found"), case.job.first("serial")
    if found is None or "geometry" not in case.job.facts:
        yield gap("device_lines", node=case.job.node)
    if found is not None and found.parts[3].strip() and serial is None:
        yield gap("serial_line", found.line, node=case.job.node)


def _rows_there(case: Case) -> Iterator[Finding]:
    wanted = set(case.run.tables) if case.run.started else set()
    for name in sorted(wanted - set(case.rows)):
        if name != "erased" or status_of(case) == "erased":
            yield gap("row", case.run.tables[name][0].line, node=case.job.node)


def _twice_said(case: Case) -> Iterator[Finding]:
    for kind in ("found", "serial", "geometry"):
        events = case.job.facts.get(kind, [])
        if len({event.parts for event in events}) > 1:
            yield clash(f"{kind}_disagrees", *(event.line for event in events), node=case.job.node)


def _method_names(case: Case) -> Iterator[Finding]:
    option = case.run.option("method")
    lines = [event.line for event in case.job.events if event.kind == "invoke" and event.parts[0] != option]
    if option is not None and lines:
        yield clash("method_disagrees", *lines, node=case.job.node)


def _serials(case: Case) -> Iterator[Finding]:
    found, line = case.part("found", 3), case.job.first("serial")
    if found is not None and line is not None and line.parts[0].strip() != found.strip():
        yield clash("serial_disagrees", line.line, node=case.job.node)
    quiet, serial = case.run.option("quiet"), case.raw_serial
    if serial and quiet == "1" and not is_masked(serial):
        yield clash("quiet_disagrees", node=case.job.node)


def _last_cell(case: Case) -> Iterator[Finding]:
    """The last table repeats model (cut) and serial."""
    row, found = case.rows.get("status"), case.job.first("found")
    if row is None:
        return
    shown, serial = row.cells[-1].strip(), (case.raw_serial or "").strip()
    if found is not None and found.parts[1].isascii():
        if shown != f"{found.parts[1][:_CUT_MODEL]}/{serial}".strip():
            yield clash("identity_disagrees", row.line, node=case.job.node)
    elif not shown.endswith(f"/{serial}".strip()):
        yield clash("identity_disagrees", row.line, node=case.job.node)


def _sizes(case: Case) -> Iterator[Finding]:
    node, capacity = case.job.node, case.capacity
    if capacity is None:
        return
    over = [line for kind in ("written", "read") for size, line in case.sizes(kind) if size > capacity]
    if over:
        yield clash("more_than_capacity", *over, node=node)
    shown, found = _SIZE.fullmatch(case.part("found", 2) or ""), case.job.first("found")
    if found is not None and shown is not None and capacity // _UNITS[shown[2]] != int(shown[1]):
        yield clash("size_disagrees", found.line, node=node)


def _erased_row(case: Case) -> Iterator[Finding]:
    """From 0.41 on the tool adds up what was overwritten; it can't be more or less than the largest pass."""
    row, sizes = case.rows.get("erased"), [size for size, _ in case.sizes("written")]
    if row is not None and sizes and status_of(case) == "erased" and int(row.cells[0]) != max(sizes):
        yield clash("bytes_disagree", row.line, node=case.job.node)


def _erased_although(case: Case) -> Iterator[Finding]:
    """Called erased, or without errors, although other lines report trouble."""
    bad = [event.line for event in case.job.events if event.kind.endswith("_bad") or event.kind == "skipped"]
    errors = errors_of(case)
    if status_of(case) == "erased" and (bad or case.job.trouble or errors):
        yield clash("erased_with_errors", *bad, *case.job.trouble, node=case.job.node)
    elif errors == 0 and bad:
        yield clash("errors_disagree", *bad, node=case.job.node)


def _closing(case: Case) -> Iterator[Finding]:
    """The last line says whether any device failed or was stopped."""
    kinds = {event.kind for event in case.run.closing}
    status, node = status_of(case), case.job.node
    if "closed_well" in kinds and status in ("failed", "aborted") and not is_old(case.run):
        yield clash("closing_disagrees", case.run.closing[0].line, node=node)
    if "closed_before_start" in kinds and case.job.events:
        yield clash("closing_disagrees", case.run.closing[0].line, node=node)


def _times(case: Case) -> Iterator[Finding]:
    node, seconds, row = case.job.node, case.seconds(), case.rows.get("status")
    bad = [event.line for event in case.job.events if moment(event.stamp) is None]
    if bad:
        yield clash("no_such_time", *bad, node=node)
    if row is None or seconds is None or status_of(case) != "erased":
        return
    hours, minutes, rest = (int(cell) for cell in row.cells[2:5])
    if abs(hours * 3600 + minutes * 60 + rest - seconds) > _TOLERANCE:
        yield clash("duration_disagrees", row.line, node=node)


def _throughput(case: Case) -> Iterator[Finding]:
    """The speed in the last table is all bytes written and read by the seconds it took; before 0.42 only a screen tells it."""
    row, moved = case.rows.get("status"), case.total("written", "read")
    if row is None or moved is None or status_of(case) != "erased":
        return
    hours, minutes, rest = (int(cell) for cell in row.cells[2:5])
    if not plausible(moved, row.cells[1], hours * 3600 + minutes * 60 + rest, number_of(case.run)):
        yield clash("throughput_disagrees", row.line, node=case.job.node)


def _bus(case: Case) -> Iterator[Finding]:
    """The kernel names a node by the disk's bus, so a disk called `sda` is none without hidden sectors."""
    name, found, bus = case.job.node.removeprefix("/dev/"), case.job.first("found"), case.bus
    own = next((bus for start, bus in _NODES.items() if name.startswith(start)), None)
    foreign = own is not None and bus not in (own, "UNK", None)
    claimed = own is None and (bus in _NODES.values() or (bus == "VIRT" and name.startswith(("sd", "hd"))))
    if found is not None and (foreign or claimed):
        yield clash("bus_disagrees", found.line, node=case.job.node)


def _hidden(case: Case) -> Iterator[Finding]:
    facts, node = case.job.facts, case.job.node
    kinds = ("hidden", "hidden_none", "hidden_unsure")
    lines = [event.line for kind in kinds for event in facts.get(kind, [])] + case.run.hidden
    real, capacity = case.real_size(), case.capacity
    more = real is not None and capacity is not None and real > capacity
    shown = "hidden" in facts or bool(case.run.hidden)
    if "hidden_none" in facts and (shown or "hidden_unsure" in facts or more):
        yield clash("hidden_sectors_disagree", *lines, node=node)
    if lines or more or hidden_unknown_of(case):
        value = True if shown or more else False if "hidden_none" in facts else None
        yield Finding(code="hidden_sectors", value=value, lines=tuple(lines[:SHOWN]), node=node)


def _remarks(case: Case) -> Iterator[Finding]:
    """Observations that people should see; the judge reads most of them from the row."""
    facts, node = case.job.facts, case.job.node
    row = case.rows.get("status")
    for code in ("usb_bridge", "sanitize", "sanitize_failed"):
        if code in facts:
            yield Finding(code=code, value=True, lines=_lines(facts[code]), node=node)
    if case.masked:
        yield Finding(code="anonymised", value=True, lines=_lines(facts.get("found", [])), node=node)
    if case.plan is not None and case.plan.method.verify_only:
        yield Finding(code="verify_only", value=True, node=node)
    if case.plan is not None and not case.plan.method.code:
        yield Finding(code="unknown_method", value=True, node=node)
    begun = moment(case.job.events[0].stamp) if case.job.events else None
    if begun is not None and before_its_version(number_of(case.run), begun):
        yield Finding(code="clock_before_version", value=True, lines=_lines(case.job.events[:1]), node=node)
    if row is not None and row.cells[0].strip() == "INSANITY":
        yield Finding(code="insanity", value=True, lines=(row.line,), node=node)
    if "-SSD" in (case.part("found", 0) or ""):
        yield Finding(code="solid_state", value=True, lines=_lines(facts["found"]), node=node)


def _lines(events: list[Event]) -> tuple[int, ...]:
    return tuple(event.line for event in events[:SHOWN])


_CHECKS: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    _script, _preamble, _rows_there, _twice_said, _method_names, _serials, _last_cell, _sizes,
    _erased_row, _erased_although, _closing, _times, _throughput, _bus, _hidden, _remarks,
)  # fmt: skip
