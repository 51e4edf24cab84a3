"""Which column of a file says what."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Self

RESERVED = ("defects", "accessories", "note")


class BadColumns(ValueError):
    """The columns that were asked for don't go together; the text says why."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of columns; None for what the file doesn't have. `minor`: prices are whole minor units."""

    target: str
    minor: bool = False
    age: str | None = None
    model: str | None = None
    grade: str | None = None
    numbers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    date: str | None = None
    buyer: str | None = None
    seller: str | None = None
    defects: str | None = None
    accessories: str | None = None

    def __post_init__(self) -> None:
        names = [self.target, *self.named(), *(each for each in (self.date, self.buyer, self.seller) if each)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise BadColumns(f"the column {twice[0]} was asked for twice")
        taken = sorted(set(RESERVED) & {self.age, self.model, self.grade, *self.numbers, *self.categories})
        if taken:
            raise BadColumns(f"a column called {taken[0]} can't be used: that name means something else in a thing's answers")

    def named(self) -> list[str]:
        """The columns that describe a thing."""
        single = (self.age, self.model, self.grade, self.defects, self.accessories)
        return [*(name for name in single if name), *self.numbers, *self.categories]

    def all_named(self) -> list[str]:
        return [self.target, *self.named(), *(name for name in (self.date, self.buyer, self.seller) if name)]

    def data(self) -> dict[str, Any]:
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> Self:
        known = {each.name for each in fields(cls)}
        if set(data) != known:
            raise BadColumns("other columns than this version knows")
        values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
        return cls(**values)
