"""How an amount in the books came about, as values: each step with plain arithmetic in the smallest units, its exact value and
what it was rounded to. Nothing here is stored: rooms reckon the steps anew from an entry, its rows and earlier entries."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction

from babel.dates import format_datetime

from core.clock import LOCAL_ZONE
from core.i18n import N_, say
from core.money import Money
from market.ledger.fees.sayings import Speaker

# {how: English for gettext}; "none": the arithmetic itself gives whole units
ROUNDED = {
    "half_up": N_("exactly %(exact)s, half a unit and more counts up: %(rounded)s"),
    "half_even": N_("exactly %(exact)s, to the nearest unit and an even half to the even one: %(rounded)s"),
    "half_down": N_("exactly %(exact)s, to the nearest unit and a half counts down: %(rounded)s"),
    "down": N_("exactly %(exact)s, what is less than a unit is left off: %(rounded)s"),
    "up": N_("exactly %(exact)s, what is less than a unit counts as one: %(rounded)s"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence (English for gettext) with what it tells of: Money, moments, other sentences, plain text."""

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    def spoken(self, language: str) -> str:
        told = {name: _spoken(value, language) for name, value in self.values.items()}
        return say(self.sentence, language, **told)


def said(sentence: str, /, **values: object) -> Said:
    return Said(sentence, values)


def _spoken(value: object, language: str) -> str:
    if isinstance(value, Said):
        return value.spoken(language)
    if isinstance(value, Money):
        return Speaker(value.currency, language).money(value.minor)
    if isinstance(value, datetime):
        return str(format_datetime(value, "medium", tzinfo=LOCAL_ZONE, locale=language))
    return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One amount. `formula`: whole numbers in the smallest unit, + - * / min max and brackets; `value`: what it comes to exactly;
    `minor`: what that is rounded to, by `rounds`. `account`: the kind of account on which it stands, "" where it only leads to
    the next one; `side`: 1 where that account is owed it, -1 where it owes. `rule`: by which rule and version."""

    label: Said
    formula: str
    minor: int
    unit: str
    value: Fraction = Fraction(0)
    account: str = ""
    side: int = 1
    rounds: str = "none"
    why: tuple[Said, ...] = ()
    rule: Said | None = None

    @property
    def posted(self) -> int:
        """What it puts on its account."""
        return self.side * self.minor if self.account else 0


def whole(label: Said, minor: int, unit: str, *why: Said, formula: str = "", account: str = "", side: int = 1,
          rule: Said | None = None) -> Step:  # fmt: skip
    """A step of whole units: nothing is rounded. Without a formula the amount is taken as it is."""
    return Step(label=label, formula=formula or str(minor), minor=minor, unit=unit, value=Fraction(minor), account=account,
                side=side, why=why, rule=rule)  # fmt: skip


def both(step: Step, account: str, label: Said) -> list[Step]:
    """A step and the other side of its entry: the same amount, on another account."""
    return [step, replace(step, label=label, account=account, side=-step.side, why=(), rule=None)]
