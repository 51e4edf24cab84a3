"""Which versions nwipe has ever called itself: an invented one betrays an invented log.

Source: every value of `banner` in the history of martijnvanbrummelen/nwipe (src/version.c), 2020-01 to 2026-08, and its tags.
Two numbers are a release; three a development state, of which forks and packagers have more than the history shows. No log that
calls itself older than 0.33 was ever read here (Debian's 0.34 calls itself 0.33), so what such a log must hold isn't known.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from privacy.evidence.model import Finding
from privacy.evidence.readers.marks import clash
from privacy.evidence.readers.nwipe_plan import HIDDEN_TOLD, number_of, version_of
from privacy.evidence.readers.nwipe_runs import Run

OLDEST, FIRST_SEEN, NEWEST = (0, 24), (0, 33), (0, 42)
NEVER = frozenset({(0, 29)})  # between 0.28 and 0.30 there were only "0.29-release candidate" and 0.29.004 to 0.29.011
_RANGES = {"0.30": (1, 11), "0.32": (1, 28), "0.35": (1, 9), "0.37": (1, 3), "0.38": (1, 2)}
DEVELOPMENT = frozenset(
    {f"{base}.{number:03d}" for base, (first, last) in _RANGES.items() if base < "0.35" for number in range(first, last + 1)}
    | {f"{base}.{number}" for base, (first, last) in _RANGES.items() if base >= "0.35" for number in range(first, last + 1)}
    | {f"0.29.{number:03d}" for number in range(4, 12)}
    | {f"0.34.{number}" for number in (1, *range(3, 9), *range(81, 93))}
    | {"0.39.1", "0.40.01", "0.40.02", "0.41.1"}
)


# the day on which the history first shows each release's name
FIRST_DAY = {
    (0, 33): "2022-03-20", (0, 34): "2022-07-08", (0, 35): "2023-10-25", (0, 36): "2024-02-20", (0, 37): "2024-05-08",
    (0, 38): "2025-01-08", (0, 39): "2025-09-19", (0, 40): "2025-12-08", (0, 41): "2026-05-15", (0, 42): "2026-07-15",
}  # fmt: skip
_ABOUT_HIDDEN = ("hidden", "hidden_none", "hidden_unsure", "hpa", "dco")  # from 0.35 on
_SUMMED = (0, 41)  # the table of bytes erased, and the geometry on lines of its own


def version_findings(run: Run) -> Iterator[Finding]:
    """Nothing for a version that was released; a contradiction for one that never was, or that writes what it couldn't yet; not
    known for an older one than was ever read, a newer one, and states of development that the history doesn't show."""
    version, number = version_of(run), number_of(run)
    said = (run.options.get("banner") or run.options.get("intro") or [])[:1]
    lines = tuple(event.line for event in said)
    if version is None or number is None:
        if said:
            yield Finding(code="version_unknown", value=True, lines=lines)
        return
    problem = version_problem(version, number, *lines)
    if problem is not None:
        yield problem
    yield from _ahead(run, version, number)


def version_problem(version: str, number: tuple[int, int], *lines: int) -> Finding | None:
    """Never was, or isn't known; None for a name that the history shows."""
    if number < OLDEST or (number in NEVER and version == "0.29"):
        return clash("version_never_existed", *lines)
    known = version == f"0.{number[1]:02d}" or version in DEVELOPMENT
    if FIRST_SEEN <= number <= NEWEST and known:
        return None
    return Finding(code="version_unknown", value=True, lines=lines, detail=version)


def before_its_version(number: tuple[int, int] | None, local: datetime) -> bool:
    """Does the machine's own clock, whose zone isn't known, show a day on which this version wasn't there yet?"""
    first = FIRST_DAY.get(number) if number else None
    return first is not None and local < datetime.fromisoformat(first) - timedelta(days=1)


def _ahead(run: Run, version: str, number: tuple[int, int]) -> Iterator[Finding]:
    """Called by an older name than its lines show: the older a log, the fewer lines it needs."""
    intro, banner = run.option("intro"), run.option("banner")
    if intro and banner and banner.split(" ")[:2] != f"nwipe {intro}".split(" ")[:2]:
        yield clash("version_disagrees", run.options["intro"][0].line, run.options["banner"][0].line)
    if version != f"0.{number[1]:02d}":
        return  # a state of development may be ahead of its name
    facts = [(kind, event.line) for job in run.jobs.values() for kind, events in job.facts.items() for event in events]
    late = [line for kind, line in facts if number < HIDDEN_TOLD and kind in _ABOUT_HIDDEN]
    late += [line for kind, line in facts if number < _SUMMED and kind == "geometry_start"]
    late += [table.line for table in run.tables.get("erased", []) if number < _SUMMED]
    if late:
        yield clash("newer_lines", *late)
