"""What follows from answers by the rules of a standard that look at several of them: conditions, tables, indexes
and ages. Exact: Decimal and whole years, never a float. Pure."""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from appraisal.grades.answer_rules import Answer, Answers
from appraisal.standards.rule_kinds import Age, Condition, Index, Life, Lookup, When
from appraisal.standards.standard import Band, Outcome, Standard

Answered = Mapping[str, Answer | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """An outcome, on an axis, and the checks it comes from."""

    outcome: Outcome
    axis: str
    checks: tuple[str, ...]


def last_fitting(bands: tuple[Band, ...], number: int | Decimal) -> Outcome | None:
    fitting = [band.outcome for band in bands if compares(number, band.op, band.bound)]
    return fitting[-1] if fitting else None


def compares(number: int | Decimal, op: str, bound: int | Decimal) -> bool:
    """below <, upto <=, over >, from >=."""
    return {"below": number < bound, "upto": number <= bound, "over": number > bound, "from": number >= bound}[op]


def ruled(standard: Standard, answers: Answers) -> Iterator[Effect]:
    """The outcomes of the rules that hold, in the standard's order."""
    for rule in standard.rules:
        met = _met(rule.when, answers)
        if met is not None and not (rule.outcome.require and answers.of[rule.outcome.require] is not None):
            needed = (rule.outcome.require,) if rule.outcome.require else ()
            yield Effect(outcome=rule.outcome, axis=rule.axis, checks=tuple(dict.fromkeys((*met, *needed))))


def _met(when: When, answers: Answers) -> tuple[str, ...] | None:
    """The checks that met it; None if it does not hold."""
    if not all(holds(condition, answers) for condition in when.every):
        return None
    either = [condition for condition in when.either if holds(condition, answers)]
    if when.either and not either:
        return None
    both = [(c.check, *c.words) if c.test == "more_than" else (c.check,) for c in (*when.every, *either)]
    return tuple(code for codes in both for code in codes)


def holds(condition: Condition, answers: Answers) -> bool:
    if condition.test == "untested":
        return condition.check in answers.untested
    answer = answers.of[condition.check]
    if answer is None:
        return False
    if isinstance(answer, tuple):
        among = any(word in answer for word in condition.words)
        return among if condition.test == "has" else condition.test == "lacks" and not among
    if isinstance(answer, str):
        return condition.test == "is" and answer in condition.words
    return isinstance(answer, int | Decimal) and _number_holds(condition, answer, answers)


def _number_holds(condition: Condition, answer: int | Decimal, answers: Answers) -> bool:
    if condition.test != "more_than":
        return compares(answer, condition.test, condition.number)
    other = answers.of[condition.words[0]]
    return isinstance(other, int | Decimal) and answer > other


def looked_up(lookup: Lookup, answers: Answers) -> tuple[dict[str, object], Effect | None]:
    """The first row that holds. Nothing at all where an answer that is missing could make an earlier row hold."""
    cells: dict[str, object] = dict.fromkeys(lookup.outputs)
    for row in lookup.rows:
        if _met(row.when, answers) is not None:
            cells |= {key: list(cell) if isinstance(cell, tuple) else cell for key, cell in row.cells.items()}
            effect = Effect(outcome=row.outcome, axis=lookup.axis, checks=lookup.checks) if row.outcome else None
            return cells, effect
        if not _surely_not(row.when, answers):
            break
    return cells, None


def _surely_not(when: When, answers: Answers) -> bool:
    def fails(condition: Condition) -> bool:
        return answers.of[condition.check] is not None and not holds(condition, answers)

    return any(map(fails, when.every)) or (bool(when.either) and all(map(fails, when.either)))


def indexed(index: Index, answered: Answered) -> tuple[dict[str, object], Effect | None]:
    """The weighted sum and its class; None for both while a part is missing."""
    parts: list[Decimal] = []
    for code, weight in index.weights.items():
        answer = answered[code]
        if isinstance(answer, tuple):
            parts += [Decimal(each) * weight for each in answer]
        elif isinstance(answer, int | Decimal):
            parts.append(answer * weight)
        else:
            return {index.code: None, index.shown_as: None}, None
    total = sum(parts, Decimal(0))
    if index.places is not None:
        total = total.quantize(Decimal(1).scaleb(-index.places), rounding=ROUND_HALF_UP)
    step = next((step for step in index.steps if total >= step.bound), index.steps[-1])
    effect = Effect(outcome=step.outcome, axis=index.axis, checks=tuple(index.weights)) if step.outcome else None
    return {index.code: total, index.shown_as: step.shown}, effect


def last_day(first: date, years: int) -> date:
    """The corresponding day so many years on, or the last of that month: 29 February 2016 and 1 give 28 February."""
    year = first.year + years
    return date(year, first.month, min(first.day, calendar.monthrange(year, first.month)[1]))


def aged(age: Age, answered: Answered) -> Iterator[Effect]:
    """What is past its life, from the day after the last one."""
    category, today = answered[age.category], answered[age.today]
    if not isinstance(today, date):
        return
    for life in (life for life in age.lives if category in life.categories):
        code, first = _first_day(age, life, answered)
        # a life that ends after the last day a calendar can show is not over
        if first is not None and first.year + life.years <= date.max.year and today > last_day(first, life.years):
            yield Effect(outcome=life.outcome, axis=age.axis, checks=(age.category, code, age.today))


def _first_day(age: Age, life: Life, answered: Answered) -> tuple[str, date | None]:
    for code in (life.since, age.begin):
        first = answered[code] if code else None
        if code and isinstance(first, date):
            return code, first
    return age.begin, None
