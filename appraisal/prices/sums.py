"""What the sales add up to, part by part, so that a fit without one part is a subtraction and not another pass."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from appraisal.prices.layout import Row


@dataclass(slots=True)
class ModelSum:
    """Of one model: sales, the sum of their log prices, the sum of their rows."""

    count: int = 0
    price: float = 0.0
    row: dict[int, float] = field(default_factory=dict)

    def less(self, other: "ModelSum | None") -> "ModelSum":
        if other is None:
            return self
        row = {column: value - other.row.get(column, 0.0) for column, value in self.row.items()}
        return ModelSum(self.count - other.count, self.price - other.price, row)


@dataclass(slots=True)
class Sums:
    """X'X (lower half), X'y and the sums of each model."""

    squares: list[list[float]]
    right: list[float]
    models: dict[str, ModelSum]

    @classmethod
    def of_width(cls, width: int) -> "Sums":
        return cls([[0.0] * (i + 1) for i in range(width)], [0.0] * width, {})

    def add(self, row: Row, model: str, price: float, times: float = 1.0) -> None:
        """Count a sale once more, or with times -1 once less. The row's columns rise."""
        columns, values = row
        squares, right = self.squares, self.right
        for at, i in enumerate(columns, 1):
            a = values[at - 1] * times
            right[i] += a * price
            line = squares[i]
            for j, b in zip(columns[:at], values, strict=False):
                line[j] += a * b
        sums = self.models.get(model)
        if sums is None:
            sums = self.models[model] = ModelSum()
        sums.count += int(times)
        sums.price += price * times
        own = sums.row
        for i, a in zip(columns, values, strict=True):
            own[i] = own.get(i, 0.0) + a * times

    def less(self, other: "Sums") -> "Sums":
        """What is left without some sales that were counted here."""
        squares = [[a - b for a, b in zip(mine, its, strict=True)] for mine, its in zip(self.squares, other.squares, strict=True)]
        right = [a - b for a, b in zip(self.right, other.right, strict=True)]
        models = {name: each.less(other.models.get(name)) for name, each in self.models.items()}
        return Sums(squares, right, {name: each for name, each in models.items() if each.count})


def total(parts: Sequence[Sums]) -> Sums:
    """All parts together, as a copy."""
    found = Sums.of_width(len(parts[0].right))
    for part in parts:
        found.right = [a + b for a, b in zip(found.right, part.right, strict=True)]
        found.squares = [[a + b for a, b in zip(x, y, strict=True)] for x, y in zip(found.squares, part.squares, strict=True)]
        for name, each in part.models.items():
            mine = found.models.setdefault(name, ModelSum())
            mine.count += each.count
            mine.price += each.price
            for column, value in each.row.items():
                mine.row[column] = mine.row.get(column, 0.0) + value
    return found
