"""What orders tell the rooms above, in the same transaction."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HalfCame:
    """A half of a swap has changed hands: its buyer has it. `order_id`: of this half."""

    order_id: str


@dataclass(frozen=True, slots=True)
class ThingBack:
    """A thing that was sold is its seller's again, and in their hands."""

    item_id: str
    seller_id: str
    order_id: str


@dataclass(frozen=True, slots=True)
class ThingFound:
    """What was lost on its way is with its seller again; it was never sold."""

    item_id: str
    seller_id: str
    order_id: str
