"""From answers to a grade: the weakest axis decides, gates come first, "not tested" is never a pass. Pure.

Shape of the scale and the three values of a result: our own rule, after public accounts of R2v3 and CTIA.
What each answer leads to stands in the standard, not here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from appraisal.standards.standard import Check, Count, GradeCode, Outcome, Standard
from core.data_files import Bilingual
from core.errors import Invalid
from core.i18n import N_

Answer = str | int | Decimal
Inputs = Mapping[str, Answer | None]
IGNORED = "note"


class UnknownCheck(Invalid):
    """An answer to a question the standard does not ask."""

    def __init__(self, check: str) -> None:
        sentence = N_("This grading standard has no check called %(check)s.")
        super().__init__("unknown_check", sentence, field=check, values={"check": check})


class UnknownValue(Invalid):
    """An answer the standard does not know, or a number out of bounds."""

    def __init__(self, check: str, value: object) -> None:
        sentence = N_("%(value)s is not an answer to the check %(check)s.")
        super().__init__("unknown_value", sentence, field=check, values={"check": check, "value": str(value)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a grade is not better. `limit` is the best grade it leaves, None for what must only be told;
    `checks` are the findings behind it: better answers there lift it.

    kind: `gate` (refused), `ungraded` (a required check was not made), `cap`, `told`."""

    code: str
    kind: str
    axis: str
    limit: GradeCode | None
    text: Bilingual
    checks: tuple[str, ...]
    disclose: bool = False
    tested: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeResult:
    """`grade` is the weakest of all limits; `axes` holds one grade for each graded axis."""

    grade: GradeCode
    axes: Mapping[str, GradeCode]
    reasons: tuple[Reason, ...]

    @property
    def gates(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.kind == "gate")

    @property
    def caps(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.kind == "cap")

    @property
    def untested(self) -> tuple[str, ...]:
        """The checks that were not made, in the standard's order."""
        return tuple(check for reason in self.reasons if not reason.tested for check in reason.checks)

    @property
    def disclosures(self) -> tuple[str, ...]:
        """The reasons' codes that a buyer must be told."""
        return tuple(reason.code for reason in self.reasons if reason.disclose)


def grade(standard: Standard, inputs: Inputs) -> GradeResult:
    """Grade by one standard. `inputs`: check code -> value code or number; None or absent: not tested; a key
    `note` is ignored. The order of the inputs does not matter.

    Raises UnknownCheck and UnknownValue. A failed gate decides even where other checks are missing."""
    answers = read_answers(standard, inputs)
    reasons = (*_findings(standard, answers), *_counted(standard, answers))
    axes = {axis.code: standard.worst(_limits(reasons, axis.code)) for axis in standard.axes if axis.graded}
    return GradeResult(grade=standard.worst(_limits(reasons)), axes=axes, reasons=reasons)


def _limits(reasons: tuple[Reason, ...], axis: str | None = None) -> list[GradeCode]:
    return [reason.limit for reason in reasons if reason.limit is not None and axis in (None, reason.axis)]


def read_answers(standard: Standard, inputs: Inputs) -> dict[str, Answer | None]:
    """One checked answer for every check: the assumed one where the standard has it, None for not tested."""
    known = {check.code: check for check in standard.checks}
    for code, answer in inputs.items():
        if code != IGNORED:
            _must_be_known(known.get(code), code, answer)
    return {check.code: _given(check, inputs.get(check.code)) for check in standard.checks}


def _given(check: Check, answer: Answer | None) -> Answer | None:
    return check.when_missing if answer is None else answer


def _must_be_known(check: Check | None, code: str, answer: object) -> None:
    if check is None:
        raise UnknownCheck(code)
    if answer is None:
        return
    if check.kind == "measure":
        number = isinstance(answer, int | Decimal) and not isinstance(answer, bool)
        if not number or not check.least <= answer <= check.most:  # type: ignore[operator]
            raise UnknownValue(code, answer)
    elif not isinstance(answer, str) or check.find_value(answer) is None:
        raise UnknownValue(code, answer)


def _findings(standard: Standard, answers: Mapping[str, Answer | None]) -> Iterator[Reason]:
    for check in standard.checks:
        answer = answers[check.code]
        outcome = check.untested if answer is None else _outcome(check, answer)
        if outcome is not None:
            yield _reason(standard, outcome, check.axis, (check.code,), tested=answer is not None)


def _outcome(check: Check, answer: Answer) -> Outcome | None:
    if isinstance(answer, str):
        value = check.find_value(answer)
        return value.outcome if value else None
    fitting = [band.outcome for band in check.bands if answer < band.below]
    return fitting[-1] if fitting else None


def _counted(standard: Standard, answers: Mapping[str, Answer | None]) -> Iterator[Reason]:
    for count in standard.counts:
        counted = (check for check in standard.checks if check.code in count.checks)
        found = tuple(check.code for check in counted if _counts(count, check, answers[check.code]))
        if len(found) >= count.many:
            yield _reason(standard, count.outcome, count.axis, found, tested=True)


def _counts(count: Count, check: Check, answer: Answer | None) -> bool:
    if answer is None:
        return count.missing
    return check.place(str(answer)) >= check.place(count.at)


def _reason(standard: Standard, outcome: Outcome, axis: str, checks: tuple[str, ...], tested: bool) -> Reason:
    kind, limit = _kind_and_limit(standard, outcome, tested)
    return Reason(
        code=outcome.code,
        kind=kind,
        axis=axis,
        limit=limit,
        text=outcome.text,
        checks=checks,
        disclose=outcome.disclose,
        tested=tested,
    )


def _kind_and_limit(standard: Standard, outcome: Outcome, tested: bool) -> tuple[str, GradeCode | None]:
    if outcome.gate:
        return "gate", standard.refused.code
    if outcome.limit is not None:
        return "cap", outcome.limit
    return ("told", None) if tested else ("ungraded", standard.undetermined.code)
