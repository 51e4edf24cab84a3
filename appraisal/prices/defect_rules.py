"""What a defect takes away and an accessory adds: at most what a repair costs, at most what the sales say.

Each step rises with the value it starts from, so that a cheaper thing stays the cheaper one with the same defects.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

UNKNOWN_GAP = math.log(0.1)  # a defect no sale had: at most nine tenths, parts are worth the rest


@dataclass(frozen=True, slots=True)
class Defect:
    """`repair`: minor units for part and labour; None is unknown. `gap`: log of the value with it over without, from
    the sales, <= 0; None is unknown."""

    code: str
    repair: int | None
    gap: float | None


@dataclass(frozen=True, slots=True)
class Extra:
    """An accessory. `price`: what it costs by itself, None is unknown. `gap`: log of the value with it over without, >= 0."""

    code: str
    price: int | None
    gap: float | None


def after_defects(value: float, defects: Iterable[Defect]) -> float:
    """The value less min(repair, gap) for each defect, one after another by code. Nothing known of one: unchanged."""
    for defect in sorted(defects, key=lambda each: each.code):
        if defect.repair is None and defect.gap is None:
            continue
        gap = UNKNOWN_GAP if defect.gap is None else min(defect.gap, 0.0)
        with_it = value * math.exp(gap)
        value = with_it if defect.repair is None else max(value - max(defect.repair, 0), with_it)
    return value


def after_extras(value: float, extras: Iterable[Extra]) -> float:
    """The value with min(price, gap) added for each accessory; what no sale had adds nothing."""
    for extra in sorted(extras, key=lambda each: each.code):
        if extra.gap is not None:
            with_it = value * math.exp(max(extra.gap, 0.0))
            value = with_it if extra.price is None else min(value + max(extra.price, 0), with_it)
    return value
