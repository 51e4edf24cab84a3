"""What a trace's steps say, one function a kind: sentences from the numbers that the step itself carries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.i18n import N_, say
from core.money import Money, format_money, minor_digits
from market.ledger.fees.words import BASES, NAMES, ROUNDED
from market.ledger.units import NEVER_MONEY

Told = Mapping[str, Any]


def name_of(rule: str, label: Told | None, language: str) -> str:
    """What a rule is called: its own label, a usual name, else its code."""
    if label:
        return str(label["en" if language == "en" else "zh"])
    return say(NAMES[rule], language) if rule in NAMES else rule


def sentences(step: Told, speaker: "Speaker") -> list[str]:
    """What was reckoned on what, what bounded it, how it was rounded."""
    facts = step["facts"]
    return [*_SAYS[step["kind"]](facts, speaker), *_bound(facts, speaker), *_rounding(step, speaker)]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Sentences and amounts of one unit in one language."""

    unit: str
    language: str

    def __call__(self, sentence: str, /, **values: object) -> str:
        return say(sentence, self.language, **values)

    def money(self, minor: int) -> str:
        if self.unit in NEVER_MONEY:
            return self(NEVER_MONEY[self.unit], n=minor)
        return format_money(Money(minor, self.unit), self.language)

    def exact(self, value: str) -> str:
        """¥4.035, or a fraction of the minor unit where the decimals never end."""
        if "/" in value:
            return self(N_("%(fraction)s of the smallest unit"), fraction=value)
        if self.unit in NEVER_MONEY:
            return value
        nothing = Money.zero(self.unit)
        amount = f"{abs(Decimal(value)).scaleb(-minor_digits(self.unit)):f}"
        written = format_money(nothing, self.language).replace(nothing.plain(), amount)
        return f"-{written}" if value.startswith("-") else written


def _gross(facts: Told, say_: Speaker) -> Iterable[str]:
    if facts["quantity"] > 1:
        yield say_(N_("%(count)s pieces at %(price)s each."), count=facts["quantity"], price=say_.money(facts["price"]))


def _discount(facts: Told, say_: Speaker) -> Iterable[str]:
    whole, seller = say_.money(facts["discount"]), say_.money(facts["seller"])
    if facts["by"] == "shop":
        yield say_(N_("The platform or shop bears the whole discount."))
    else:
        yield say_(N_("Of the discount of %(whole)s the seller bears %(seller)s."), whole=whole, seller=seller)


def _base(facts: Told, say_: Speaker) -> Iterable[str]:
    if not facts["discount"]:
        yield say_(N_("The whole price: the discount isn't the seller's."))
        return
    part = say_.money(facts["discount"])
    yield say_(N_("The price less the part of the discount that the seller bears, %(part)s."), part=part)


def _flat(facts: Told, say_: Speaker) -> Iterable[str]:
    yield say_(N_("A fixed amount."))


def _per_item(facts: Told, say_: Speaker) -> Iterable[str]:
    yield say_(N_("%(amount)s for each of %(count)s pieces."), amount=say_.money(facts["amount"]), count=facts["quantity"])


def _percent(facts: Told, say_: Speaker) -> Iterable[str]:
    yield say_(N_("%(percent)s %% of %(on)s."), percent=facts["percent"], on=_on(facts, say_))


def _steps_of(facts: Told, say_: Speaker) -> Iterable[str]:
    if not facts["bands"]:
        yield say_(N_("Nothing is charged below %(first)s."), first=say_.money(facts["first"]))
        return
    yield say_(N_("By steps, on %(on)s:"), on=_on(facts, say_))
    for band in facts["bands"]:
        yield _band(band, say_)


def _band(band: Told, say_: Speaker) -> str:
    start = say_.money(band["from"])
    if "percent" not in band:
        return say_(N_("from %(start)s on: %(amount)s"), start=start, amount=say_.money(band["amount"]))
    if band["until"] is None:
        return say_(N_("from %(start)s on: %(percent)s %% of the whole"), start=start, percent=band["percent"])
    values = {"start": start, "end": say_.money(band["until"]), "percent": band["percent"], "part": say_.money(band["on"])}
    return say_(N_("from %(start)s to %(end)s: %(percent)s %% of these %(part)s"), **values)


def _on(facts: Told, say_: Speaker) -> str:
    base = say_(BASES[facts["base"]])
    if not facts["off"]:
        return say_(N_("%(amount)s (%(base)s)"), amount=say_.money(facts["on"]), base=base)
    values = {"amount": say_.money(facts["on"]), "base": base, "off": say_.money(facts["off"])}
    return say_(N_("%(amount)s (%(base)s, less %(off)s that came off before)"), **values)


def _payout(facts: Told, say_: Speaker) -> Iterable[str]:
    yield say_(N_("What is left when all fees are taken off."))


def _waived(facts: Told, say_: Speaker) -> Iterable[str]:
    yield say_(N_("The sale doesn't bring in that much: this part of the fee is not charged."))


def _lost(facts: Told, say_: Speaker) -> Iterable[str]:
    yield say_(N_("The thing was lost, and nothing is paid out for it."))


def _bound(facts: Told, say_: Speaker) -> Iterable[str]:
    if "bound" in facts:
        values = {"found": say_.exact(facts["unbounded"]), "bound": say_.money(facts["bound_amount"])}
        least = N_("That would be %(found)s; at least %(bound)s is charged.")
        most = N_("That would be %(found)s; at most %(bound)s is charged.")
        yield say_(least if facts["bound"] == "least" else most, **values)


def _rounding(step: Told, say_: Speaker) -> Iterable[str]:
    rounds, rounded = step["rounds"], say_.money(step["rounded"])
    if rounds == "rest":
        yield say_(N_("The seller's part is what is rounded; this fee is what it leaves."))
    elif rounds == "total":
        facts = {"exact": say_.exact(step["facts"]["total"]), "rounded": say_.money(step["facts"]["total_rounded"])}
        yield say_(N_("All lines of the seller are rounded together: %(whole)s. This is the part of this line."),
                   whole=say_(ROUNDED[step["facts"]["mode"]], **facts))  # fmt: skip
    elif rounds in ROUNDED and step["value"] != str(step["rounded"]):
        yield say_(N_("Rounded: %(how)s."), how=say_(ROUNDED[rounds], exact=say_.exact(step["value"]), rounded=rounded))


_SAYS = {
    "gross": _gross, "discount": _discount, "base": _base, "flat": _flat, "per_item": _per_item, "percent": _percent,
    "steps": _steps_of, "payout": _payout, "waived": _waived, "lost": _lost,
}  # fmt: skip
