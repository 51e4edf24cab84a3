"""From answers to a grade: the weakest axis decides, gates come first, "not tested" is never a pass. Pure.

Shape of the scale and the three values of a result: our own rule, after public accounts of R2v3 and CTIA.
What each answer leads to stands in the standard, not here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from appraisal.grades.answer_rules import Answer as Answer
from appraisal.grades.answer_rules import Answers, read
from appraisal.grades.answer_rules import Given as Given
from appraisal.grades.answer_rules import Inputs as Inputs
from appraisal.grades.answer_rules import UnknownCheck as UnknownCheck
from appraisal.grades.answer_rules import UnknownValue as UnknownValue
from appraisal.grades.answer_rules import read_answers as read_answers
from appraisal.grades.effect_rules import Effect, aged, indexed, last_fitting, looked_up, ruled
from appraisal.standards.standard import Check, Count, GradeCode, Outcome, Standard
from core.data_files import Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a grade is not better. `limit` is the best grade it leaves, None for what must only be told;
    `checks` are the findings behind it: better answers there lift it.

    kind: `gate` (refused), `ungraded` (a required check was not made), `cap`, `price` (changes what is paid,
    never the grade), `deduct` (points off inside the grade), `told`."""

    code: str
    kind: str
    axis: str
    limit: GradeCode | None
    text: Bilingual
    checks: tuple[str, ...]
    disclose: bool = False
    tested: bool = True
    points: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeResult:
    """`grade` is the weakest of all limits; `axes` holds one grade for each graded axis.

    `results`: what tables and indexes came to. `assumed`: checks left out whose answer the standard assumes.
    `score`: points, where the standard has them; it ranks inside a grade and never moves it."""

    grade: GradeCode
    axes: Mapping[str, GradeCode]
    reasons: tuple[Reason, ...]
    results: Mapping[str, object] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()
    unmade: tuple[str, ...] = ()
    score: Decimal | None = None

    @property
    def gates(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.kind == "gate")

    @property
    def caps(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.kind == "cap")

    @property
    def untested(self) -> tuple[str, ...]:
        """The checks that were not made, in the standard's order."""
        return self.unmade

    @property
    def disclosures(self) -> tuple[str, ...]:
        """The reasons' codes that a buyer must be told."""
        return tuple(reason.code for reason in self.reasons if reason.disclose)


def grade(standard: Standard, inputs: Inputs) -> GradeResult:
    """Grade by one standard. `inputs`: check code -> value code, number, list or day; None: not tested; a key
    `note` is ignored. The order of the inputs does not matter.

    Raises UnknownCheck and UnknownValue. A failed gate decides even where other checks are missing."""
    answers = read(standard, inputs)
    results, effects = _results(standard, answers)
    reasons = (
        *_findings(standard, answers),
        *_counted(standard, answers),
        *(_reason(standard, e.outcome, e.axis, e.checks) for e in effects),
    )
    axes = {axis.code: standard.worst(_limits(reasons, axis.code)) for axis in standard.axes if axis.graded}
    return GradeResult(
        grade=standard.worst(_limits(reasons)),
        axes=axes,
        reasons=reasons,
        results=results,
        assumed=answers.assumed,
        unmade=tuple(check.code for check in standard.checks if check.code in answers.untested),
        score=_score(standard, reasons),
    )


def _limits(reasons: tuple[Reason, ...], axis: str | None = None) -> list[GradeCode]:
    return [reason.limit for reason in reasons if reason.limit is not None and axis in (None, reason.axis)]


def _results(standard: Standard, answers: Answers) -> tuple[dict[str, object], list[Effect]]:
    results: dict[str, object] = {}
    effects = [*ruled(standard, answers), *(effect for age in standard.ages for effect in aged(age, answers.of))]
    tables = [looked_up(lookup, answers) for lookup in standard.lookups]
    for cells, effect in (*tables, *(indexed(index, answers.of) for index in standard.indexes)):
        results |= cells
        effects += [effect] if effect else []
    return results, effects


def _score(standard: Standard, reasons: tuple[Reason, ...]) -> Decimal | None:
    """Deductions add up within an axis and stop at its bound."""
    if standard.score is None:
        return None
    left = standard.score.start
    for axis, most in standard.score.most.items():
        left -= min(most, sum((reason.points for reason in reasons if reason.axis == axis), Decimal(0)))
    return max(left, Decimal(0))


def _findings(standard: Standard, answers: Answers) -> Iterator[Reason]:
    for check in standard.checks:
        answer, tested = answers.of[check.code], check.code not in answers.untested
        if not tested and not check.optional and check.untested_as is None:
            yield _reason(standard, check.untested, check.axis, (check.code,), tested=False)
        for outcome in _outcomes(check, answer) if answer is not None else ():
            yield _reason(standard, outcome, check.axis, (check.code,))


def _outcomes(check: Check, answer: Answer) -> list[Outcome]:
    if check.kind == "measure":
        found = last_fitting(check.bands, answer)  # type: ignore[arg-type]
        return [found] if found else []
    codes = answer if isinstance(answer, tuple) else (answer,)
    values = (check.find_value(code) for code in codes if check.values)
    return [value.outcome for value in values if value is not None and value.outcome is not None]


def _counted(standard: Standard, answers: Answers) -> Iterator[Reason]:
    for count in standard.counts:
        counted = (check for check in standard.checks if check.code in count.checks)
        found = tuple(check.code for check in counted if _counts(count, check, answers.of[check.code]))
        if len(found) >= count.many:
            yield _reason(standard, count.outcome, count.axis, found)


def _counts(count: Count, check: Check, answer: Answer | None) -> bool:
    if answer is None:
        return count.missing
    return check.place(str(answer)) >= check.place(count.at)


def _reason(standard: Standard, outcome: Outcome, axis: str, checks: tuple[str, ...], tested: bool = True) -> Reason:
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
        points=outcome.deduct,
    )


def _kind_and_limit(standard: Standard, outcome: Outcome, tested: bool) -> tuple[str, GradeCode | None]:
    if outcome.gate:
        return "gate", standard.refused.code
    if outcome.ungraded or outcome.require or not (tested or outcome.limit):
        return "ungraded", standard.undetermined.code
    if outcome.limit is not None:
        return "cap", outcome.limit
    return ("price" if outcome.price else "deduct" if outcome.deduct else "told"), None
