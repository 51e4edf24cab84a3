"""Makes a layout from sales: knots at quantiles, words that were seen often enough, at most sixty columns."""

from collections import Counter
from collections.abc import Sequence

from appraisal.prices.grade_order import NO_GRADE
from appraisal.prices.layout import Layout
from appraisal.prices.parts import Levels, Slope, Steps
from appraisal.prices.sale import Sale

MOST = 60
AGE_STRETCHES = 6
NUMBER_STRETCHES = 3
FEW_SALES = 5  # a word seen less often has no column
OUTER = 0.005  # of the sales on either side of the outer knots of a number: slips of the pen don't bend it
MARKS = (4, 80)  # a number of so few different values (kilograms, horsepower) also tells the trim by each value
PULL = 1.0  # the ridge: as much as one sale that says "no difference"


class _Maker:
    def __init__(self) -> None:
        self.signs: list[int] = [0]
        self.pull: list[float] = [1e-6]

    def take(self, width: int, sign: int, pull: float = PULL) -> int:
        start = len(self.signs)
        self.signs += [sign] * width
        self.pull += [pull] * width
        return start

    @property
    def room(self) -> int:
        return MOST - len(self.signs)

    def slope(self, values: Sequence[float | None], stretches: int, sign: int, bounded: bool) -> Slope | None:
        known = sorted(value for value in values if value is not None)
        knots = knots_of(known, stretches, OUTER if bounded and len(known) >= 400 else 0.0)
        if len(knots) < 2 or self.room < len(knots) + 1:
            return None
        missing = self.take(1, 0) if len(values) - len(known) >= FEW_SALES else None
        start = self.take(len(knots) - 1, sign, PULL / 10)
        return Slope(start, tuple(knots), (knots[-1] - knots[0]) / 2, bounded, missing)

    def levels(self, words: Counter[str], sign: int) -> Levels:
        """A column for each word that was seen often enough; the commonest first where there is no room for all."""
        often = sorted((-count, word) for word, count in words.items() if count >= FEW_SALES and word)
        chosen = [word for _, word in often[: max(self.room, 0)]]
        return Levels({word: self.take(1, sign) for word in sorted(chosen)})

    def steps(self, grades: Sequence[str], order: Sequence[str]) -> Steps | None:
        there = set(grades)
        seen = tuple(each for each in order if each in there)
        if not seen:
            return None
        ungraded = sum(each in NO_GRADE or each not in set(order) for each in grades)
        missing = self.take(1, 0) if ungraded >= FEW_SALES else None
        return Steps(self.take(len(seen) - 1, -1), tuple(order), seen, missing)


def lay_out(sales: Sequence[Sale], order: Sequence[str], *, dated: bool) -> Layout:
    """The layout for some sales, of which each grade stands in `order` (best first). Older and worse never add,
    a defect never adds, an accessory never takes away."""
    make, things = _Maker(), [sale.thing for sale in sales]
    month = make.take(1, 0) if dated else None
    age = make.slope([thing.age for thing in things], AGE_STRETCHES, -1, bounded=False)
    grade = make.steps([thing.grade for thing in things], order)
    columns = range(len(things[0].numbers))
    numbers = tuple(make.slope([one.numbers[at] for one in things], NUMBER_STRETCHES, 0, bounded=True) for at in columns)
    words = range(len(things[0].categories))
    categories = tuple(make.levels(Counter(thing.categories[at] for thing in things), 0) for at in words)
    defects = make.levels(Counter(code for thing in things for code in set(thing.defects)), -1)
    accessories = make.levels(Counter(code for thing in things for code in set(thing.accessories)), 1)
    marks = tuple(_marks(make, [one.numbers[at] for one in things]) for at in columns)
    return Layout(age, grade, numbers, marks, categories, defects, accessories, month, tuple(make.signs), tuple(make.pull))


def _marks(make: _Maker, values: Sequence[float | None]) -> Levels:
    """A column for each common value of a number that has few; with what room the others left."""
    counted = Counter(repr(value) for value in values if value is not None)
    few = MARKS[0] <= len(counted) <= min(MARKS[1], len(values) // 10)
    return make.levels(counted if few else Counter(), 0)


def knots_of(ordered: Sequence[float], stretches: int, outer: float = 0.0) -> list[float]:
    """Different knots, first to last, with about as many of the values (in order) in each stretch."""
    if not ordered:
        return []
    last = len(ordered) - 1
    shares = [outer + (1 - 2 * outer) * at / stretches for at in range(stretches + 1)]
    return sorted({ordered[round(share * last)] for share in shares})

