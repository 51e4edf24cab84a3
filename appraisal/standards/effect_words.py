"""What an answer, a number or leaving a check out leads to, in words of both languages: for a standard's page and for what a new
version changes. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from appraisal.standards.standard import Band, Check, Outcome, Standard
from core.data_files import Bilingual, text
from core.i18n import N_, say

METHODS = {
    "visual": N_("By eye"), "manual": N_("Try it"), "tool": N_("With a tool"), "document": N_("From papers"),
    "measurement": N_("Measure"),
}  # fmt: skip
BOUNDS = {
    "below": N_("below %(bound)s"), "upto": N_("not above %(bound)s"), "over": N_("more than %(bound)s"),
    "from": N_("%(bound)s or more"), "more_than": N_("more than “%(bound)s”"), "untested": N_("not tested"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence (English for gettext) with its values; a value may be a text in both languages."""

    sentence: str
    values: dict[str, Any] = field(default_factory=dict)


def written(word: Any, language: str) -> str:
    """A value as it stands in a sentence: a Said, a text in both languages, several of them, or a plain value."""
    if isinstance(word, Said):
        return say(word.sentence, language, **{name: written(one, language) for name, one in word.values.items()})
    if isinstance(word, Bilingual):
        return text(word, language)
    if isinstance(word, tuple):
        return say(N_("; "), language).join(written(one, language) for one in word)
    return str(word)


def effects(standard: Standard, outcome: Outcome | None) -> tuple[Said | Bilingual, ...]:
    """Every effect of one finding; “no limit” where it has none."""
    return tuple(_effects(standard, outcome) if outcome else ()) or (Said(N_("no limit")),)


def _effects(standard: Standard, outcome: Outcome) -> Iterator[Said | Bilingual]:
    if outcome.gate:
        yield standard.refused.name
    elif outcome.ungraded:
        yield Said(N_("no grade"))
    elif outcome.limit is not None:
        yield Said(N_("at best %(grade)s"), {"grade": str(outcome.limit)})
    if outcome.require:
        needed = standard.find_check(outcome.require)
        yield Said(N_("“%(check)s” must be checked, too"), {"check": needed.name if needed else outcome.require})
    if outcome.deduct:
        yield Said(N_("%(points)s points off"), {"points": outcome.deduct})
    if outcome.price:
        yield Said(N_("changes the price, not the grade"))
    if outcome.disclose:
        yield Said(N_("a buyer must be told"))


def bound_words(test: str, bound: Any) -> Said:
    return Said(BOUNDS[test], {"bound": bound})


def band_words(band: Band, unit: str) -> Said:
    return bound_words(band.op, f"{band.bound} {unit}".strip())


def untested(standard: Standard, check: Check) -> tuple[Said | Bilingual, ...]:
    """What follows when the check is answered “not tested”; see `missing` for one that isn't mentioned at all."""
    if check.untested_as is not None:
        return (Said(N_("%(effect)s, and is named"), {"effect": _counts_as(check, check.untested_as)}),)
    if check.when_missing is not None and check.assumes_on_null:
        return (_counts_as(check, check.when_missing),)
    if check.optional:
        return (Said(N_("is only named")),)
    return effects(standard, check.untested) if check.untested.limit else (Said(N_("no grade")),)


def missing(check: Check) -> Said | None:
    """What is assumed of a check that isn't mentioned at all, where that differs from one that was not tested."""
    return _counts_as(check, check.when_missing) if check.when_missing is not None and not check.assumes_on_null else None


def _counts_as(check: Check, code: str) -> Said:
    value = check.find_value(code)
    return Said(N_("counts as “%(answer)s”"), {"answer": value.name if value else code})
