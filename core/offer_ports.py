"""What a room is told of a thing that is offered, through core/ports.py: for how much, and on which page."""

from sqlalchemy.orm import Session

from core.ports import providers


def asked_price(session: Session, item_id: str) -> int | None:
    """For how many fen a thing is on sale now, over all rooms; None when it isn't. No value: a bound for extra care."""
    found = (provider(session, item_id) for provider in providers("asked_price").values())
    return max((price for price in found if price is not None), default=None)


def offer_page(session: Session, item_id: str) -> str:
    """Where a thing is offered now, or was until it was frozen, as its own page; "" where it isn't."""
    return next((path for tell in providers("offer_page").values() if (path := tell(session, item_id))), "")
