"""Messages about an order, with the thing's name and the way to its page."""

from core.people.notices import notify
from core.work import Work
from market.listings.models import Listing
from market.orders.models import Order


def tell(w: Work, order: Order, to: str, sentence: str, **values: str) -> None:
    """`sentence` is English for gettext and names “%(title)s”."""
    listing = w.session.get_one(Listing, order.listing_id)
    notify(w, to, sentence, f"/orders/{order.id}", title=listing.title, **values)


def tell_both(w: Work, order: Order, sentence: str) -> None:
    for person in (order.buyer_id, order.seller_id):
        tell(w, order, person, sentence)
