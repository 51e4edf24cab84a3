"""A fitted price model: what `value fit` writes, and all that a valuation needs. It holds no sale and no person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from appraisal.prices.conformal_rules import Range
from appraisal.prices.estimating import Estimator
from appraisal.prices.layout import MONTH
from appraisal.prices.sale import Thing

BEYOND = 0.5  # of the span that was seen: further out nothing is known
LEAST_AGE_MARGIN = 1.0  # month. Ages are whole months: what was sold yesterday is a month older on the first of the next

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Seen:
    """From where to where the sales' ages and numbers went; None where there were none."""

    age: Span | None
    numbers: tuple[Span | None, ...]

    @classmethod
    def of(cls, things: Sequence[Thing]) -> "Seen":
        columns = range(len(things[0].numbers))
        return cls(_span([one.age for one in things]), tuple(_span([one.numbers[at] for one in things]) for at in columns))

    def outside(self, thing: Thing) -> bool:
        """Whether an age or number lies further out than half of what was seen, an age by more than a month besides."""
        numbers = zip(self.numbers, thing.numbers, strict=True)
        return _outside(self.age, thing.age, LEAST_AGE_MARGIN) or any(_outside(span, value) for span, value in numbers)


def _span(values: Sequence[float | None]) -> Span | None:
    known = [value for value in values if value is not None]
    return (min(known), max(known)) if known else None


def _outside(span: Span | None, value: float | None, least: float = 0.0) -> bool:
    if span is None or value is None:
        return False
    margin = max(BEYOND * (span[1] - span[0]), least)
    return not span[0] - margin <= value <= span[1] + margin


@dataclass(frozen=True, slots=True)
class PriceModel:
    """`ranges`: residuals that bound 80 %, by group; `sales`: how many it was fitted to; `grades_from`: id of the
    known order of grades, "given", "sales" or "none". `today`: the day that prices are of; None without dates."""

    estimator: Estimator
    ranges: Mapping[str, Range]
    seen: Seen
    grades_from: str
    sales: int
    left_out: Mapping[str, int]
    today: date | None = None

    def months_since(self, day: date | None) -> float:
        """Months from a day to the day that prices are of; 0 where either isn't known."""
        return (self.today - day).days / MONTH if self.today and day else 0.0
