"""One past appraisal under another version: which answers still fit, and what becomes of its grade. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from appraisal.grades.answer_rules import UnknownCheck, UnknownValue, read
from appraisal.grades.rules import GradeResult, grade
from appraisal.standards.standard import Check, Standard
from core.data_files import Bilingual

OUTCOMES = ("rises", "falls", "stays", "ungraded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A signed appraisal: its number, the version it was made by, its answers as they are kept, the grade, and the texts of the
    reasons that decided then, by code."""

    number: str
    version: int
    answers: Mapping[str, Any]
    grade: str
    decided: Mapping[str, Bilingual]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """`outcome`: rises, falls, stays or ungraded. `decided`: what sets the new grade; where it rises, what no longer holds it
    down. `dropped`: checks answered then that the version doesn't ask, or whose answer it doesn't know; `missing`: required
    checks that nobody was asked then. Both count as not tested."""

    past: Past
    grade: str
    outcome: str
    decided: tuple[Bilingual, ...]
    dropped: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def changed(self) -> bool:
        return self.grade != self.past.grade


def replay(standard: Standard, past: Past) -> Replayed:
    """Work the grade out anew from the answers that were given. Changes nothing, and needs nothing but the answers."""
    fitting, dropped = _fitting(standard, past.answers)
    result = grade(standard, fitting)
    missing = tuple(check.code for check in standard.checks if check.required and check.code not in past.answers)
    outcome = _outcome(standard, past.grade, result.grade)
    return Replayed(
        past=past, grade=result.grade, outcome=outcome, decided=_decided(past, result, outcome), dropped=dropped, missing=missing
    )


def _fitting(standard: Standard, answers: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    names = {name: check for check in standard.checks for name in (check.code, *check.aliases)}
    fitting: dict[str, Any] = {}
    dropped: list[str] = []
    for code, answer in answers.items():
        if answer is None:
            continue
        check = names.get(code)
        if check is None or check.code in fitting or (kept := _kept(standard, check, answer)) is None:
            dropped.append(code)
        else:
            fitting[check.code] = kept
    # null, not absent: what was left out then is not assumed to be there now
    return {check.code: None for check in standard.checks if not check.when_missing} | fitting, tuple(dropped)


def _kept(standard: Standard, check: Check, answer: Any) -> Any:
    """As the rules take it, None where the version doesn't know it."""
    try:
        typed = Decimal(answer) if check.kind == "measure" and isinstance(answer, str) else answer
        return typed if read(standard, {check.code: typed}).of[check.code] is not None else None
    except (UnknownCheck, UnknownValue, InvalidOperation):
        return None


def _outcome(standard: Standard, old: str, new: str) -> str:
    if old == new:
        return "stays"
    if new == standard.undetermined.code:
        return "ungraded"
    order = list(standard.order())
    before = order.index(old) if old in order else len(order)  # type: ignore[arg-type]
    return "rises" if standard.rank(new) < before else "falls"


def _decided(past: Past, result: GradeResult, outcome: str) -> tuple[Bilingual, ...]:
    now = {reason.code: reason.text for reason in result.reasons if reason.limit == result.grade}
    if outcome != "rises":
        return tuple(now.values())
    return tuple(text for code, text in past.decided.items() if code not in now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """`counts`: outcome -> how many; `dropped` and `missing`: check -> in how many; `changed`: those with another grade."""

    total: int
    counts: Mapping[str, int]
    dropped: Mapping[str, int]
    missing: Mapping[str, int]
    changed: tuple[Replayed, ...]


def tally(standard: Standard, pasts: Iterable[Past]) -> Tally:
    counts = dict.fromkeys(OUTCOMES, 0)
    dropped: dict[str, int] = {}
    missing: dict[str, int] = {}
    changed = []
    for one in (replay(standard, past) for past in pasts):
        counts[one.outcome] += 1
        for table, codes in ((dropped, one.dropped), (missing, one.missing)):
            for code in codes:
                table[code] = table.get(code, 0) + 1
        if one.changed:
            changed.append(one)
    return Tally(total=sum(counts.values()), counts=counts, dropped=dropped, missing=missing, changed=tuple(changed))
