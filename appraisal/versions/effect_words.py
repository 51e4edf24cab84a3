"""What an answer, a number or leaving a check out leads to, in words of both languages. Pure."""

from dataclasses import dataclass, field
from typing import Any

from appraisal.standards.standard import Band, Check, Outcome
from core.i18n import N_


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence (English for gettext) with its values; a value may be a text in both languages."""

    sentence: str
    values: dict[str, Any] = field(default_factory=dict)


def effects(outcome: Outcome | None) -> tuple[Said, ...]:
    """What an answer leads to, in words."""
    if outcome is None or not any(effect_of(outcome)):
        return (Said(N_("no effect")),)
    said = []
    if outcome.gate:
        said.append(Said(N_("not accepted")))
    elif outcome.ungraded:
        said.append(Said(N_("no grade")))
    elif outcome.limit:
        said.append(Said(N_("at best %(grade)s"), {"grade": str(outcome.limit)}))
    return (*said, *([Said(N_("the buyer is told"))] if outcome.disclose else []))


def effect_of(outcome: Outcome | None) -> tuple[object, ...]:
    return (outcome.gate, outcome.ungraded, outcome.limit, outcome.disclose) if outcome else (False, False, None, False)


def band_words(band: Band, unit: str) -> Said:
    sentence = {
        "below": N_("below %(bound)s"),
        "upto": N_("up to %(bound)s"),
        "over": N_("over %(bound)s"),
        "from": N_("from %(bound)s on"),
    }[band.op]
    return Said(sentence, {"bound": f"{band.bound} {unit}".strip()})


def untested(check: Check) -> tuple[Said, ...]:
    """What follows when the check is left out."""
    if check.required:
        return (Said(N_("no grade")),)
    if check.untested.limit:
        return (Said(N_("at best %(grade)s"), {"grade": str(check.untested.limit)}),)
    counts_as = check.untested_as or check.when_missing
    if counts_as:
        value = check.find_value(counts_as)
        return (Said(N_("counts as “%(value)s”"), {"value": value.name if value else counts_as}),)
    return (Said(N_("only named")),)
