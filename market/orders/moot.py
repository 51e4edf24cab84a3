"""Offers and swaps that nobody may take any more: their maker or receiver is gone, or the thing is given away."""

from sqlalchemy import or_, select

from core.i18n import N_
from core.people.notices import notify
from core.ports import PersonClosing, PersonSuspended
from core.states import walk
from core.work import Work
from market.listings.events import GivenAway
from market.orders.offer_models import Bid
from market.orders.offering import OFFER
from market.orders.swap_models import Swap
from market.orders.swapping import SWAP


def take_back_all(w: Work, event: PersonSuspended | PersonClosing) -> None:
    """Who is suspended or leaves neither buys nor swaps: what is open of them, on either side, is taken back."""
    who = event.account_id
    bids = select(Bid).where(or_(Bid.buyer_id == who, Bid.seller_id == who), Bid.state == "open").with_for_update()
    for bid in list(w.session.scalars(bids)):
        walk(w, OFFER, bid, "withdraw", answered_at=w.now)
        w.record("market:offer:answered", bid.id, how="withdrawn")
    swaps = select(Swap).where(or_(Swap.proposer_id == who, Swap.owner_id == who), Swap.state == "proposed").with_for_update()
    for swap in list(w.session.scalars(swaps)):
        walk(w, SWAP, swap, "withdraw", answered_at=w.now)
        w.record("market:swap:answered", swap.id, how="withdrawn")


def given_away(w: Work, event: GivenAway) -> None:
    """Nobody pays for a gift: open offers are declined, and who made them may reserve it for nothing."""
    bids = select(Bid).where(Bid.listing_id == event.listing_id, Bid.state == "open").with_for_update()
    for bid in list(w.session.scalars(bids)):
        walk(w, OFFER, bid, "decline", answered_at=w.now)
        w.record("market:offer:answered", bid.id, how="declined")
        sentence = N_("“%(title)s” is given away now: your offers have ended, and you can reserve it for nothing.")
        notify(w, bid.buyer_id, sentence, f"/listings/{bid.listing_id}", title=bid.listing.title)
