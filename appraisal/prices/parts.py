"""What a thing says about its price, part by part, as a few entries of a sparse row (column, value)."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

Entry = tuple[int, float]


@dataclass(frozen=True, slots=True)
class Slope:
    """A number as steps between knots: entry j is how much of the j-th stretch lies below it, in units of `scale`.

    With weights of one sign the sum only rises or only falls. Beyond the first and last knot the outer stretches go
    on unless `bounded`. `missing` is the column of unknown values, if any were seen.
    """

    start: int
    knots: tuple[float, ...]
    scale: float
    bounded: bool
    missing: int | None = None

    def entries(self, value: float | None) -> list[Entry]:
        if value is None:
            return [] if self.missing is None else [(self.missing, 1.0)]
        knots, last = self.knots, len(self.knots) - 2
        if value < knots[0]:
            value = knots[0]
        elif self.bounded and value > knots[-1]:
            value = knots[-1]
        at = min(bisect_right(knots, value) - 1, last)
        found = [(self.start + j, (knots[j + 1] - knots[j]) / self.scale) for j in range(at)]
        found.append((self.start + at, (value - knots[at]) / self.scale))
        return found

    def data(self) -> dict[str, Any]:
        """For the model's file; numbers as texts that read back to the bit."""
        knots = [repr(each) for each in self.knots]
        return {"start": self.start, "knots": knots, "scale": repr(self.scale), "bounded": self.bounded, "missing": self.missing}

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Self:
        knots = tuple(float(each) for each in data["knots"])
        return cls(data["start"], knots, float(data["scale"]), data["bounded"], data["missing"])


@dataclass(frozen=True, slots=True)
class Steps:
    """A grade as the steps down to it: entry j is 1 when the grade is worse than the j-th that was seen.

    A grade of the order that no sale had counts as the next worse one that was seen, the worst for want of one.
    """

    start: int
    order: tuple[str, ...]
    seen: tuple[str, ...]
    missing: int | None = None

    def entries(self, grade: str) -> list[Entry]:
        step = self.step(grade)
        if step is None:
            return [] if self.missing is None else [(self.missing, 1.0)]
        return [(self.start + j, 1.0) for j in range(step)]

    def step(self, grade: str) -> int | None:
        """How many steps below the best seen grade; None for no grade."""
        if grade not in self.order:
            return None
        rank = self.order.index(grade)
        below = [at for at, each in enumerate(self.seen) if self.order.index(each) >= rank]
        return below[0] if below else len(self.seen) - 1

    def below_all(self, grade: str) -> bool:
        """Whether a grade is worse than every one that was seen."""
        return grade in self.order and self.order.index(grade) > self.order.index(self.seen[-1])

    def data(self) -> dict[str, Any]:
        return {"start": self.start, "order": list(self.order), "seen": list(self.seen), "missing": self.missing}

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Self:
        return cls(data["start"], tuple(data["order"]), tuple(data["seen"]), data["missing"])


@dataclass(frozen=True, slots=True)
class Levels:
    """Words with a column each; what wasn't seen often enough has none and counts as the average."""

    columns: Mapping[str, int]

    def entries(self, words: Sequence[str]) -> list[Entry]:
        return [(self.columns[word], 1.0) for word in words if word in self.columns]

    def data(self) -> dict[str, int]:
        return dict(self.columns)

    @classmethod
    def of_data(cls, data: Mapping[str, int]) -> Self:
        return cls(dict(data))
