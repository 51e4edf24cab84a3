"""Which versions nwipe has ever called itself: an invented one betrays an invented log.

Source: every value of `banner` in the history of martijnvanbrummelen/nwipe (src/version.c), 2020-01 to 2026-08, and its tags.
Two numbers are a release; three a development state, of which forks and packagers have more than the history shows.
"""

from collections.abc import Iterator

from privacy.evidence.model import Finding
from privacy.evidence.readers.marks import clash
from privacy.evidence.readers.nwipe_plan import number_of, version_of
from privacy.evidence.readers.nwipe_runs import Run

OLDEST, NEWEST = (0, 24), (0, 42)
NEVER = frozenset({(0, 29)})  # between 0.28 and 0.30 there were only "0.29-release candidate" and 0.29.004 to 0.29.011
_RANGES = {"0.30": (1, 11), "0.32": (1, 28), "0.35": (1, 9), "0.37": (1, 3), "0.38": (1, 2)}
DEVELOPMENT = frozenset(
    {f"{base}.{number:03d}" for base, (first, last) in _RANGES.items() if base < "0.35" for number in range(first, last + 1)}
    | {f"{base}.{number}" for base, (first, last) in _RANGES.items() if base >= "0.35" for number in range(first, last + 1)}
    | {f"0.29.{number:03d}" for number in range(4, 12)}
    | {f"0.34.{number}" for number in (1, *range(3, 9), *range(81, 93))}
    | {"0.39.1", "0.40.01", "0.40.02", "0.41.1"}
)


def version_findings(run: Run) -> Iterator[Finding]:
    """Nothing for a version that was released; a contradiction for one that never was; not known for a newer one and for
    states of development that the history doesn't show."""
    version, number = version_of(run), number_of(run)
    if version is None or number is None:
        return
    lines = tuple(event.line for event in (run.options.get("banner") or run.options.get("intro") or [])[:1])
    if number > NEWEST:
        yield Finding(code="version_unknown", value=True, lines=lines, detail=version)
    elif number < OLDEST or (number in NEVER and version == "0.29"):
        yield clash("version_never_existed", *lines)
    elif version != f"0.{number[1]:02d}" and version not in DEVELOPMENT:
        yield Finding(code="version_unknown", value=True, lines=lines, detail=version)
