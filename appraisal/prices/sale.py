"""The values that come in: a thing with what its price depends on, and a completed sale of one."""

from dataclasses import dataclass
from datetime import date

NO_MODEL = ""


@dataclass(frozen=True, slots=True)
class Thing:
    """What a price depends on. `age` in whatever unit the sales have (months, for one); None or "" is unknown.

    `numbers` and `categories` stand in the order of the columns of the layout. `kind` is the goods' category, by
    which ranges are calibrated apart.
    """

    model: str = NO_MODEL
    age: float | None = None
    grade: str = ""
    numbers: tuple[float | None, ...] = ()
    categories: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()
    accessories: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Sale:
    """A thing that changed hands for `price` minor units > 0. `buyer` and `seller` are any stable ids; "" is unknown.

    `related`: between people who belong together, or of the house's own goods. `asking`: nobody has paid that yet.
    """

    thing: Thing
    price: int
    sold_on: date | None = None
    buyer: str = ""
    seller: str = ""
    related: bool = False
    asking: bool = False
