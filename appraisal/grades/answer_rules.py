"""Reading answers: which are known, which are assumed, which were not given. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from appraisal.standards.standard import Check, Standard
from core.errors import Invalid
from core.i18n import N_

Given = str | int | Decimal | bool | list[object]  # as the file or form has it
Answer = str | int | Decimal | date | tuple[str, ...] | tuple[Decimal, ...]
Inputs = Mapping[str, Given | None]
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
class Answers:
    """`of`: one answer for every check, None where there is none to count. `untested`: the checks that were not
    made. `assumed`: those left out for which the standard assumes an answer."""

    of: Mapping[str, Answer | None]
    untested: frozenset[str]
    assumed: tuple[str, ...]


def read_answers(standard: Standard, inputs: Inputs) -> dict[str, Answer | None]:
    """One checked answer for every check: the assumed one where the standard has it, None for not tested."""
    return dict(read(standard, inputs).of)


def read(standard: Standard, inputs: Inputs) -> Answers:
    """Raises UnknownCheck and UnknownValue. A key not there at all is assumed where the standard says so; null is
    not tested, and only assumed where the standard says nothing about not testing."""
    given = _by_code(standard, inputs)
    answers = {check.code: _given(check, given) for check in standard.checks}
    assumed = tuple(c.code for c in standard.checks if given.get(c.code) is None and _assumes(c, given))
    untested = frozenset(c.code for c in standard.checks if given.get(c.code) is None and not _assumes(c, given))
    _days_must_follow(standard, answers)
    return Answers(of=answers, untested=untested, assumed=assumed)


def _by_code(standard: Standard, inputs: Inputs) -> dict[str, Given | None]:
    names = {name: check.code for check in standard.checks for name in (check.code, *check.aliases)}
    given: dict[str, Given | None] = {}
    for name, answer in inputs.items():
        if name == IGNORED:
            continue
        if name not in names or names[name] in given:
            raise UnknownCheck(name)
        given[names[name]] = answer
    return given


def _assumes(check: Check, given: Mapping[str, Given | None]) -> bool:
    return check.when_missing is not None and (check.code not in given or check.assumes_on_null)


def _given(check: Check, given: Mapping[str, Given | None]) -> Answer | None:
    answer = given.get(check.code)
    if answer is not None:
        return _read(check, answer)
    instead = check.when_missing if _assumes(check, given) else check.untested_as
    return Decimal(instead) if instead is not None and check.kind == "measure" else instead


def _read(check: Check, answer: object) -> Answer:
    if check.kind == "measure":
        return _number(check, answer)
    if check.kind == "date":
        return _day(check, answer)
    if check.kind in ("list", "numbers"):
        return _several(check, answer)
    value = check.find_value(answer)
    if value is None:
        raise UnknownValue(check.code, answer)
    return value.code


def _several(check: Check, answer: object) -> Answer:
    if not isinstance(answer, list):
        raise UnknownValue(check.code, answer)
    if check.kind == "numbers":
        if len(answer) != check.many:
            raise UnknownValue(check.code, answer)
        return tuple(Decimal(_number(check, each)) for each in answer)
    found = [check.find_value(each) for each in answer]
    if None in found:
        raise UnknownValue(check.code, answer[found.index(None)])
    codes = {value.code for value in found if value is not None}
    return tuple(value.code for value in check.values if value.code in codes)


def _number(check: Check, answer: object) -> int | Decimal:
    if isinstance(answer, bool) or not isinstance(answer, int | Decimal) or not check.least <= answer <= check.most:
        raise UnknownValue(check.code, answer)
    if check.whole and answer != int(answer):
        raise UnknownValue(check.code, answer)
    return answer


def _day(check: Check, answer: object) -> date:
    try:
        if isinstance(answer, str) and len(answer) == len("2026-11-30"):
            return date.fromisoformat(answer)
    except ValueError:
        pass
    raise UnknownValue(check.code, answer)


def _days_must_follow(standard: Standard, answers: Mapping[str, Answer | None]) -> None:
    """Nothing is sold or made after the day it is looked at."""
    for age in standard.ages:
        today = answers[age.today]
        for code in {age.begin, *(life.since for life in age.lives if life.since)}:
            first = answers[code]
            if isinstance(first, date) and isinstance(today, date) and first > today:
                raise UnknownValue(code, first)
