"""What stands in a shop with a price tag and online, too, has one price: the one on its tag, where people change it."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.errors import Invalid, Refused
from core.i18n import N_

ON_ITS_TAG = N_("It costs online what its tag in the shop says. Change the price on its page in the stock.")
FIXED = N_("It has a price tag in the shop: everybody pays the price on it.")
NO_TAG = N_("It has no price tag in the shop now. Put one on first, on its page in the stock.")


@dataclass(frozen=True, slots=True)
class Tag:
    """`price`: in whole minor units as its tag says, None while it isn't for sale in the shop; `href`: its page in the stock."""

    price: int | None
    href: str


Finder = Callable[[Session, str], Tag | None]
_finders: list[Finder] = []


def tells_tags(finder: Finder) -> None:
    """A room above says which listings are things in a shop; asked from here, because nobody imports upwards."""
    if finder not in _finders:
        _finders.append(finder)


def tag_of(session: Session, listing_id: str) -> Tag | None:
    """None for what stands in no shop's stock."""
    return next((tag for find in _finders if (tag := find(session, listing_id)) is not None), None)


def demand_price(session: Session, listing_id: str, before: int, price: int, *, negotiable: bool = False) -> None:
    """Raises Invalid at the field for another price than the tag's; `before`: what it costs now, which stays without a tag."""
    tag = tag_of(session, listing_id)
    if tag is None:
        return
    if price != (before if tag.price is None else tag.price):
        raise Invalid("price_on_tag", ON_ITS_TAG, field="price")
    if negotiable:
        raise Invalid("price_fixed", FIXED, field="negotiable")


def demand_tag(session: Session, listing_id: str, price: int) -> None:
    """Before it goes on sale. Raises Refused without a tag, or with another price than the one on it."""
    tag = tag_of(session, listing_id)
    if tag is not None and tag.price != price:
        raise Refused("no_tag" if tag.price is None else "price_on_tag", NO_TAG if tag.price is None else ON_ITS_TAG)
