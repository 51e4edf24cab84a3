"""Offer, counter, accept, decline: each side in turn. An accepted offer is a reservation at that price, in one transaction."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import ids
from core.db import get_row
from core.each import each
from core.errors import Busy, Invalid, Refused
from core.i18n import N_
from core.money import Money
from core.people.acting import acting_as, works_at
from core.people.notices import notify
from core.states import State, StateTable, walk
from core.work import Work
from market.listings.blocking import refuse_blocked
from market.listings.models import Listing
from market.orders import offer_rules as rules
from market.orders import placing
from market.orders.models import Order
from market.orders.offer_models import Bid

OFFER = StateTable(
    "offer",
    {
        "open": State(N_("Waits for an answer"), "info", N_("The other side accepts, declines, or names another price.")),
        "accepted": State(N_("Accepted"), "good", N_("It is reserved for the buyer at this price.")),
        "declined": State(N_("Declined"), "neutral", N_("The other side doesn't take it.")),
        "countered": State(N_("Answered with another price"), "neutral", N_("The other side named another price.")),
        "withdrawn": State(N_("Taken back"), "neutral", N_("Whoever made it took it back.")),
        "expired": State(N_("Expired"), "neutral", N_("Nobody answered within a day.")),
    },
    {
        ("open", "accept"): "accepted", ("open", "decline"): "declined", ("open", "counter"): "countered",
        ("open", "withdraw"): "withdrawn", ("open", "expire"): "expired",
    },
)  # fmt: skip
_FAULTS = {
    "not_negotiable": N_("The seller takes the asking price only."),
    "amount_range": N_("Offer more than nothing."),
    "amount_asking": N_("That is the asking price or more: just reserve it."),
    "too_many": N_("You two have named many prices. Write a message instead."),
}


def get_bid(session: Session, offer_id: str) -> Bid:
    return get_row(session, Bid, offer_id)


def thread(session: Session, listing_id: str, buyer_id: str) -> Sequence[Bid]:
    """All offers of one buyer about one listing, oldest first."""
    return session.scalars(select(Bid).where(Bid.listing_id == listing_id, Bid.buyer_id == buyer_id).order_by(Bid.id)).all()


def offers_of(session: Session, account_id: str) -> Sequence[Bid]:
    """The last offer of each pair in which this person takes part, newest first."""
    mine = (Bid.buyer_id == account_id) | (Bid.seller_id == account_id)
    last = select(func.max(Bid.id)).where(mine).group_by(Bid.listing_id, Bid.buyer_id)
    return session.scalars(select(Bid).where(Bid.id.in_(last)).order_by(Bid.id.desc()).limit(100)).all()


def offer(w: Work, listing: Listing, amount: Money) -> Bid:
    """The person of this Work offers less than the asking price. Below the seller's private floor it is declined at once.

    Raises Invalid at the field `amount`, Refused for one's own thing, Busy when it isn't on sale any more."""
    listing = w.session.get_one(Listing, listing.id, with_for_update=True, populate_existing=True)
    if listing.seller_id == w.actor.id:
        raise Refused("own_thing", N_("This is your own thing."))
    if works_at(w.session, w.actor.id, listing.seller_id):
        raise Refused("own_house", placing.OWN_HOUSE)
    refuse_blocked(w.session, w.actor.id, listing.seller_id)
    _on_sale(listing)
    before = thread(w.session, listing.id, w.actor.id)
    if any(one.state == "open" for one in before):
        raise Refused("offer_open", N_("One of you has an open offer already. Answer it or take it back first."))
    _check(amount, listing, len(before))
    row = _add(w, listing, w.actor.id, amount, by_buyer=True)
    if rules.declined_at_once(amount.minor, listing.floor_minor):
        walk(w, OFFER, row, "decline", answered_at=w.now)
        return row
    _tell(w, row, listing.seller_id, N_("Somebody offers %(amount)s for “%(title)s”. Accept, decline, or name another price."))
    return row


def _on_sale(listing: Listing) -> None:
    if listing.state != "published":
        raise Busy("not_on_sale", N_("It isn't on sale at the moment."))


def _check(amount: Money, listing: Listing, rounds: int) -> None:
    fault = rules.fault(amount.minor, listing.price_minor, listing.negotiable, rounds)
    if fault:
        raise Invalid(f"offer_{fault}", _FAULTS[fault], field="amount")


def _add(w: Work, listing: Listing, buyer_id: str, amount: Money, *, by_buyer: bool) -> Bid:
    row = Bid(
        id=ids.new_id(), listing_id=listing.id, buyer_id=buyer_id, seller_id=listing.seller_id, by_buyer=by_buyer,
        amount_minor=amount.minor, currency=amount.currency, at=w.now, expires_at=w.now + rules.EXPIRES, answered_at=None,
        order_id=None,
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("market:offer:made", row.id, listing=listing.id, amount=amount.minor, by_buyer=by_buyer)
    return row


def counter(w: Work, row: Bid, amount: Money) -> Bid:
    """The other side names another price instead; sent again, the same answer comes back. Raises like `offer`."""
    before = _answer_of(w.session, row) if _me(w, row) == _other(row) else None
    if before is not None and before.amount_minor == amount.minor:
        return before
    _answers(w, row)
    refuse_blocked(w.session, _other(row), _maker(row))
    listing = w.session.get_one(Listing, row.listing_id, with_for_update=True, populate_existing=True)
    _on_sale(listing)
    _check(amount, listing, len(thread(w.session, listing.id, row.buyer_id)))
    walk(w, OFFER, row, "counter", answered_at=w.now)
    made = _add(w, listing, row.buyer_id, amount, by_buyer=not row.by_buyer)
    if made.by_buyer and rules.declined_at_once(amount.minor, listing.floor_minor):
        walk(w, OFFER, made, "decline", answered_at=w.now)
        return made
    _tell(w, made, _other(made), N_("Another price for “%(title)s”: %(amount)s. Accept, decline, or name another one."))
    return made


def _answer_of(session: Session, row: Bid) -> Bid | None:
    """The price that was named instead of this one: it was made in the very moment in which this one was answered."""
    if row.state != "countered":
        return None
    its = (Bid.listing_id == row.listing_id, Bid.buyer_id == row.buyer_id, Bid.by_buyer != row.by_buyer)
    return session.scalars(select(Bid).where(*its, Bid.at == row.answered_at)).first()


def accept(w: Work, row: Bid) -> Order:
    """The other side takes it: the thing is reserved for the buyer at this price. Raises Busy when somebody was quicker.

    Sent again, the same reservation comes back."""
    if row.state == "accepted" and row.order_id and _me(w, row) == _other(row):
        return w.session.get_one(Order, row.order_id)
    _answers(w, row)
    refuse_blocked(w.session, _other(row), _maker(row))
    order = placing.reserve(w, row.listing_id, buyer_id=row.buyer_id, price=Money(row.amount_minor, row.currency))
    if order.price_minor != row.amount_minor:
        raise Busy("reserved_already", N_("It is reserved for this buyer already, at another price."))
    walk(w, OFFER, row, "accept", answered_at=w.now, order_id=order.id)
    w.record("market:offer:answered", row.id, how="accepted", order=order.id)
    sentence = N_("Your price for “%(title)s” was accepted: it is reserved.")
    notify(w, _maker(row), sentence, f"/orders/{order.id}", title=row.listing.title)
    return order


def decline(w: Work, row: Bid) -> None:
    if row.state == "declined" and _me(w, row) == _other(row):
        return
    _answers(w, row)
    walk(w, OFFER, row, "decline", answered_at=w.now)
    w.record("market:offer:answered", row.id, how="declined")
    _tell(w, row, _maker(row), N_("%(amount)s for “%(title)s” was declined."))


def withdraw(w: Work, row: Bid) -> None:
    """Whoever made it takes it back. Raises Refused for the other side's."""
    if _me(w, row) != _maker(row):
        raise Refused("not_yours", N_("Only whoever made an offer takes it back."))
    if row.state == "withdrawn":
        return
    walk(w, OFFER, row, "withdraw", answered_at=w.now)
    w.record("market:offer:answered", row.id, how="withdrawn")


def expire(w: Work) -> None:
    late = select(Bid).where(Bid.state == "open", Bid.expires_at <= w.now).with_for_update(skip_locked=True).limit(200)
    each(w, w.session.scalars(late), lambda row: _expire(w, row))


def _expire(w: Work, row: Bid) -> None:
    walk(w, OFFER, row, "expire", answered_at=w.now)
    _tell(w, row, _maker(row), N_("Your price of %(amount)s for “%(title)s” got no answer within a day."))


def _answers(w: Work, row: Bid) -> None:
    OFFER.next(row.state, "decline")
    if _me(w, row) != _other(row):
        raise Refused("your_own_offer", N_("The other side answers this one."))
    if row.expires_at <= w.now:
        raise Refused("offer_expired", N_("This offer has expired. Make a new one."))


def _me(w: Work, row: Bid) -> str:
    """The side that who acts is on: their own, or that of the house at whose counter they work."""
    return acting_as(w, row.buyer_id, row.seller_id)


def _maker(row: Bid) -> str:
    return row.buyer_id if row.by_buyer else row.seller_id


def _other(row: Bid) -> str:
    return row.seller_id if row.by_buyer else row.buyer_id


def _tell(w: Work, row: Bid, to: str, sentence: str) -> None:
    amount = Money(row.amount_minor, row.currency)
    notify(w, to, sentence, f"/offers/{row.id}", title=row.listing.title, amount=amount)
