"""Two grades of one thing, as places on their scale: what every measure of agreement is made of."""

from dataclasses import dataclass

from appraisal.standards.standard import Standard

Order = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two grades of one thing: `first`, `second` are places on the scale `order`; who gave them; whose thing it was then."""

    appraisal_id: str
    order: Order
    first: int
    second: int
    first_by: str
    second_by: str
    owner_id: str


def order_of(standard: Standard) -> Order:
    """The scale with "refused" behind its worst grade; without a grade nothing is compared."""
    return tuple(code for code in standard.order() if code != standard.undetermined.code)
