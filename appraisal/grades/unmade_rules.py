"""Reasons that stand although nobody looked: what was left out counts, and it must not be told as a finding. Pure.

The signed text keeps a standard's own sentence by its code, beside the answers and what was not tested; pages and papers say
it in these words, which follow from the same answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from appraisal.standards.standard import Check, Count, Outcome, Standard


@dataclass(frozen=True, slots=True)
class Unmade:
    """Codes of the checks behind a reason that were not made; `alone`: nothing that was found stands behind it."""

    checks: tuple[str, ...]
    alone: bool


def unmade(standard: Standard, answers: Mapping[str, Any], code: str) -> Unmade | None:
    """What of the reason with this code rests on no answer; None where somebody looked at all of it, and where the standard's
    sentence itself says that a check was not made. `answers`: as they are kept, None or no key for what wasn't answered."""
    for check in standard.checks:
        if answers.get(check.code) is None and any(one.code == code for one in _outcomes(check)):
            return Unmade((check.code,), alone=True)
    count = next((one for one in standard.counts if one.outcome.code == code), None)
    return _counted(standard, count, answers) if count else None


def _outcomes(check: Check) -> Iterator[Outcome]:
    """Of its answers; `check.untested` isn't one of them."""
    yield from (value.outcome for value in check.values if value.outcome is not None)
    yield from (band.outcome for band in check.bands)


def _counted(standard: Standard, count: Count, answers: Mapping[str, Any]) -> Unmade | None:
    checks = [check for check in standard.checks if check.code in count.checks]
    left = [check for check in checks if answers.get(check.code) is None]
    found = any(_reaches(check, answers[check.code], count) for check in checks if check not in left)
    counts = tuple(check.code for check in left if _left_counts(check, count))
    return Unmade(counts, alone=not found) if counts else None


def _left_counts(check: Check, count: Count) -> bool:
    instead = check.when_missing if check.assumes_on_null else check.untested_as
    return count.missing if instead is None else _reaches(check, instead, count)


def _reaches(check: Check, answer: object, count: Count) -> bool:
    return check.place(str(answer)) >= check.place(count.at)
