"""Which column says what: made once from the sales that may speak, then the same for every thing."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

from appraisal.prices.parts import Entry, Levels, Slope, Steps
from appraisal.prices.sale import Thing

Row = tuple[tuple[int, ...], tuple[float, ...]]
MONTH = 30.4375  # days


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns of the design. Column 0 is 1 for everything; `signs` and `pull` (the ridge) hold one entry a column."""

    age: Slope | None
    grade: Steps | None
    numbers: tuple[Slope | None, ...]
    marks: tuple[Levels, ...]
    categories: tuple[Levels, ...]
    defects: Levels
    accessories: Levels
    month: int | None
    signs: tuple[int, ...]
    pull: tuple[float, ...]

    @property
    def width(self) -> int:
        return len(self.signs)

    def row(self, thing: Thing, months_ago: float = 0.0) -> Row:
        """The sparse row of a thing that was sold some months before today."""
        entries: list[Entry] = [(0, 1.0)]
        if self.age:
            entries += self.age.entries(thing.age)
        if self.grade:
            entries += self.grade.entries(thing.grade)
        for slope, marks, value in zip(self.numbers, self.marks, thing.numbers, strict=True):
            if slope:
                entries += slope.entries(value)
            if marks.columns and (mark := repr(value)) in marks.columns:
                entries.append((marks.columns[mark], 1.0))
        for levels, word in zip(self.categories, thing.categories, strict=True):
            if word in levels.columns:
                entries.append((levels.columns[word], 1.0))
        if thing.defects:
            entries += self.defects.entries(thing.defects)
        if thing.accessories:
            entries += self.accessories.entries(thing.accessories)
        if self.month is not None and months_ago:
            entries.append((self.month, months_ago / 12))
        entries.sort()
        columns, values = zip(*entries, strict=True)
        return columns, values


def predict(row: Row, weights: Sequence[float]) -> float:
    """The sum of weight times value over a sparse row."""
    columns, values = row
    return sum(map(mul, map(weights.__getitem__, columns), values), 0.0)

