"""Where the lines of one run disagree, and where some are missing.

A genuine log says most things twice (option and last line, two tables, three places for a serial), so a line
that was changed or taken out leaves a trace.
"""

from collections.abc import Iterator

from privacy.evidence.identity import is_masked
from privacy.evidence.methods import find_method
from privacy.evidence.model import Finding
from privacy.evidence.readers.marks import SHOWN, clash, gap
from privacy.evidence.readers.nwipe_case import Case, bindings
from privacy.evidence.readers.nwipe_plan import VERIFY_OPTION, VERIFY_SHORT, is_old, method_label, sums_up
from privacy.evidence.readers.nwipe_rates import adds_up
from privacy.evidence.readers.nwipe_rows import status_of
from privacy.evidence.readers.nwipe_runs import Run
from privacy.evidence.readers.nwipe_tables import TableName

_NEEDED_OPTIONS = ("options", "banner", "prng", "method", "rounds", "verify")


def run_findings(run: Run) -> Iterator[Finding]:
    """What is missing or contradictory about the run as a whole."""
    yield from _missing_options(run)
    yield from _twice(run)
    yield from _options_against_total(run)
    yield from _tables(run)
    if not run.closing:
        yield gap("no_closing_line")
    if run.backwards:
        yield clash("clock_backwards", *run.backwards)
    if run.frames and not run.hidden and not any("hidden" in job.facts for job in run.jobs.values()):
        yield gap("hidden_sectors_line", *run.frames)


def _missing_options(run: Run) -> Iterator[Finding]:
    missing = [name for name in _NEEDED_OPTIONS if name not in run.options]
    if missing and (run.started or "options" in run.options or not run.closing):
        yield gap("options")


def _twice(run: Run) -> Iterator[Finding]:
    """Things that a run says once: each option, each table, the last line."""
    for name, events in run.options.items():
        if len(events) > 1 and name in _NEEDED_OPTIONS:
            yield clash("option_twice", *(event.line for event in events))
    for tables in run.tables.values():
        if len(tables) > 1:
            yield clash("table_twice", *(table.line for table in tables))
    if len(run.total) > 1:
        yield clash("total_twice", *(line for line, _ in run.total))


def _options_against_total(run: Run) -> Iterator[Finding]:
    if not run.total:
        if run.started:
            yield gap("total")
        return
    line, (_, _, method, rounds, blank, verify) = run.total[0]
    said = (
        ("method", run.option("method"), method),
        ("rounds", run.option("rounds"), rounds),
        ("verify", VERIFY_OPTION.get(run.option("verify") or ""), VERIFY_SHORT[verify]),
        ("blank", "NB" if "no_blank" in run.options else "B", blank),
    )
    for name, option, total in said:
        if option is not None and option != total and (name != "blank" or "options" in run.options):
            yield clash(f"{name}_disagrees", line)


def _needed_tables(run: Run) -> tuple[TableName, ...]:
    """None before a device was begun; no bytes erased where nothing is written."""
    if not run.started:
        return ()
    method = find_method(method_label(run))
    summed = sums_up(run) and not (method is not None and method.verify_only)
    return (*(() if is_old(run) else ("errors",)), *(("erased",) if summed else ()), "status")


def _tables(run: Run) -> Iterator[Finding]:
    for name in _needed_tables(run):
        if name not in run.tables:
            yield gap("table")
    for tables in run.tables.values():
        for table in tables:
            if not table.closed:
                yield gap("table_end", table.line)
            elif table.strange:
                yield clash("row_unlike_any", *table.strange)
    rows = [row for table in run.tables.get("status", [])[:1] for row in table.rows]
    if run.total and rows and not adds_up([row.cells[1] for row in rows], run.total[0][1][1]):
        yield clash("throughput_disagrees", run.total[0][0])
    for binding in bindings(run).values():
        if binding.strays:
            yield clash("row_of_no_device", *binding.strays)
        if binding.doubtful:
            yield Finding(code="ambiguous_rows", value=True)


def together_findings(run: Run, cases: list[Case]) -> Iterator[Finding]:
    """What only shows when all devices of a run are looked at."""
    statuses, kinds = [status_of(case) for case in cases], {event.kind for event in run.closing}
    if "closed_with_errors" in kinds and "failed" not in statuses:
        yield clash("closing_disagrees", run.closing[0].line)
    if "closed_by_user" in kinds and not {"failed", "aborted"} & set(statuses):
        yield clash("closing_disagrees", run.closing[0].line)
    if run.trouble and statuses and set(statuses) == {"erased"}:
        yield clash("erased_with_errors", *run.trouble)
    if run.closing and not run.started:
        yield Finding(code="nothing_wiped", value=True, lines=(run.closing[0].line,))
    serials: dict[str, list[int]] = {}
    for job in run.jobs.values():
        found = job.first("found")
        if found is not None and found.parts[3].strip() and not is_masked(found.parts[3]):
            serials.setdefault(found.parts[3].strip().upper(), []).append(found.line)
    for lines in serials.values():
        if len(lines) > 1:
            yield Finding(code="serial_twice", value=True, lines=tuple(lines[:SHOWN]))
