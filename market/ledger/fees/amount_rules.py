"""What one rule makes of one line, exactly: a fraction of minor units, and the arithmetic that leads there, written out."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from market.ledger.fees.policy import Band, Rule


@dataclass(frozen=True, slots=True)
class Ground:
    """What a rule is reckoned on: `start` (gross or net), less the fees `off` that came before the split, never below nothing."""

    start: int
    off: int
    quantity: int

    @property
    def on(self) -> int:
        return max(0, self.start - self.off)

    @property
    def text(self) -> str:
        if not self.off:
            return str(self.start)
        return f"({self.start} - {self.off})" if self.off <= self.start else f"max(0, {self.start} - {self.off})"


@dataclass(frozen=True, slots=True)
class Exact:
    value: Fraction
    formula: str
    facts: dict[str, Any]


def reckon(rule: Rule, ground: Ground) -> Exact:
    """The rule's fee before rounding. Quantities and amounts are those of a sale: never negative."""
    found = _KINDS[rule.kind](rule, ground)
    return _bounded(rule, found)


def _flat(rule: Rule, ground: Ground) -> Exact:
    return Exact(Fraction(rule.amount), str(rule.amount), {"amount": rule.amount})


def _per_item(rule: Rule, ground: Ground) -> Exact:
    facts = {"amount": rule.amount, "quantity": ground.quantity}
    return Exact(Fraction(rule.amount * ground.quantity), f"{rule.amount} * {ground.quantity}", facts)


def _percent(rule: Rule, ground: Ground) -> Exact:
    facts = _on(rule, ground) | {"percent": rule.percent.text}
    return Exact(ground.on * rule.percent.share, f"{ground.text} * {rule.percent.text} / 100", facts)


def _steps(rule: Rule, ground: Ground) -> Exact:
    """Flat: the highest step that was reached decides the whole. Graduated: each step charges its own stretch."""
    reached = [band for band in rule.bands if band.start <= ground.on]
    facts = _on(rule, ground) | {"graduated": rule.graduated, "bands": []}
    if not reached:
        return Exact(Fraction(0), "0", facts | {"first": rule.bands[0].start})
    parts = list(_stretches(reached, ground)) if rule.graduated else [_whole(reached[-1], ground)]
    facts["bands"] = [part.facts for part in parts]
    return Exact(sum((part.value for part in parts), Fraction(0)), " + ".join(part.formula for part in parts), facts)


def _whole(band: Band, ground: Ground) -> Exact:
    return _charge(band, ground.on, ground.text, None)


def _stretches(reached: list[Band], ground: Ground) -> Iterator[Exact]:
    for at, band in enumerate(reached):
        last = at + 1 == len(reached)
        end = ground.on if last else reached[at + 1].start
        until = ground.text if last else str(end)
        text = f"({until} - {band.start})" if band.start else until
        yield _charge(band, end - band.start, text, end)


def _charge(band: Band, on: int, text: str, end: int | None) -> Exact:
    """`end`: where a graduated stretch ends; None when the step decides the whole."""
    facts: dict[str, Any] = {"from": band.start, "until": end, "on": on}
    if band.percent is None:
        amount = band.amount or 0
        return Exact(Fraction(amount), str(amount), facts | {"amount": amount})
    percent = band.percent
    return Exact(on * percent.share, f"{text} * {percent.text} / 100", facts | {"percent": percent.text})


def _on(rule: Rule, ground: Ground) -> dict[str, Any]:
    return {"base": rule.base, "start": ground.start, "off": ground.off, "on": ground.on}


def _bounded(rule: Rule, found: Exact) -> Exact:
    """At least, at most: applied before rounding."""
    value, formula, bound = found.value, found.formula, ""
    if rule.least is not None:
        formula = f"max({rule.least}, {formula})"
        value, bound = (Fraction(rule.least), "least") if value < rule.least else (value, bound)
    if rule.most is not None:
        formula = f"min({rule.most}, {formula})"
        value, bound = (Fraction(rule.most), "most") if value > rule.most else (value, bound)
    if not bound:
        return Exact(value, formula, found.facts)
    facts = {"bound": bound, "bound_amount": int(value), "unbounded": written(found.value)}
    return Exact(value, formula, found.facts | facts)


_KINDS = {"flat": _flat, "per_item": _per_item, "percent": _percent, "steps": _steps}


def written(value: Fraction) -> str:
    """59.94 where the decimals end, else 5/3."""
    rest, places = value.denominator, 0
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest > 1:
        return f"{value.numerator}/{value.denominator}"
    while 10**places % value.denominator:
        places += 1
    digits = f"{abs(value.numerator) * 10**places // value.denominator:0{places + 1}d}"
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if value < 0 else text
