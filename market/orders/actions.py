"""From reservation to hand-over. Two people can't reserve one thing; nobody holds the buyer's money."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import func, select

from core import ids, secrets
from core.errors import Busy, Invalid, Refused
from core.goods import custody
from core.goods.models import Identifier, Item
from core.i18n import N_
from core.money import Money
from core.numbers import next_number
from core.people.notices import notify
from core.ports import ClearanceEnded, ItemFrozen, ItemHeld, PersonSuspended
from core.states import walk
from core.work import Work
from market.ledger.actions import Line, post
from market.listings.actions import reindex
from market.listings.models import Listing
from market.listings.proof import bag_number, is_drawn
from market.listings.states import LISTING
from market.orders import rules
from market.orders.models import InPersonCheck, Order, Review
from market.orders.states import ACTIVE, ORDER

HOLD = timedelta(hours=48)
MOST_RESERVED = 5


def reserve(w: Work, listing_id: str) -> Order:
    """Reserve a listing for the person of this Work for 48 hours. Asked again, the same reservation comes back.

    Raises Busy when somebody was quicker, Refused for one's own thing or too many open reservations."""
    listing = w.session.get_one(Listing, listing_id, with_for_update=True)
    mine = _active_order(w, listing.id)
    if mine is not None and mine.buyer_id == w.actor.id:
        return mine
    if mine is not None or listing.state == "reserved":
        raise Busy("taken", N_("Somebody else was quicker: it is reserved. Keep it as favourite; it may come back."))
    _may_reserve(w, listing)
    walk(w, LISTING, listing, "reserve")
    order = Order(
        id=ids.new_id(), number=next_number(w, "OD"), listing_id=listing.id, item_id=listing.item_id,
        buyer_id=w.actor.id, seller_id=listing.seller_id, price_minor=listing.price_minor, currency=listing.currency,
        receipt_code=secrets.encrypt(ids.new_checked_code(), "receipt"), reserved_until=w.now + HOLD,
        created_at=w.now, completed_at=None,
    )  # fmt: skip
    w.session.add(order)
    w.session.flush()
    w.record("market:order:reserved", order.id, listing=listing.id, price=order.price_minor)
    _tell(w, order, listing.seller_id, N_("“%(title)s” was reserved. Agree on a time and place."))
    reindex(w, listing)
    return order


def _may_reserve(w: Work, listing: Listing) -> None:
    if listing.seller_id == w.actor.id:
        raise Refused("own_thing", N_("This is your own thing."))
    if is_drawn(w.session, listing.item_id):
        raise Refused("being_checked", N_("A third person checks its wipe once more. It can be reserved when that is done."))
    open_ones = select(func.count()).where(Order.buyer_id == w.actor.id, Order.state.in_(ACTIVE))
    if (w.session.scalar(open_ones) or 0) >= MOST_RESERVED:
        raise Refused("reserved_many", N_("You have five open reservations. Finish or cancel one first."))


def _active_order(w: Work, listing_id: str) -> Order | None:
    return w.session.scalars(select(Order).where(Order.listing_id == listing_id, Order.state.in_(ACTIVE))).first()


def _tell(w: Work, order: Order, to: str, sentence: str) -> None:
    listing = w.session.get_one(Listing, order.listing_id)
    notify(w, to, sentence, f"/orders/{order.id}", title=listing.title)


def asked(w: Work, order: Order) -> tuple[rules.Question, ...]:
    item = w.session.get_one(Item, order.item_id)
    return rules.questions(data_bearing=item.data_bearing, sealed=bag_number(w.session, item.id) is not None)


def check_in_person(w: Work, order: Order, answers: Mapping[str, str], *, serial_tail: str = "", seal: str = "") -> bool:
    """Keep the buyer's answers. All yes: the order goes on. One no: it stops without fault. Raises Invalid at a field."""
    item = w.session.get_one(Item, order.item_id, with_for_update=True)
    found = rules.check(asked(w, order), answers)
    if found.missing:
        raise Invalid("answer_missing", N_("Answer this one too."), field=found.missing[0])
    _check_typed(w, item, answers, serial_tail, seal)
    w.session.add(InPersonCheck(id=ids.new_id(), order_id=order.id, answers=dict(answers), passed=found.passed, at=w.now))
    w.record("market:order:checked", order.id, passed=found.passed, refused="+".join(found.refused) or "none")
    if found.passed:
        walk(w, ORDER, order, "pass_check")
        return True
    walk(w, ORDER, order, "fail_check")
    listing = w.session.get_one(Listing, order.listing_id)
    walk(w, LISTING, listing, "stop")
    reindex(w, listing)
    if found.ends_clearance and item.data_bearing:
        custody.raise_epoch(w, item, "seal_broken")
    _tell(w, order, order.seller_id, N_("The sale of “%(title)s” stopped at the check. Look at the buyer's answers."))
    return False


def _check_typed(w: Work, item: Item, answers: Mapping[str, str], serial_tail: str, seal: str) -> None:
    if answers.get("serial") == "yes":
        query = select(Identifier.value).where(Identifier.item_id == item.id, Identifier.live.is_(True))
        numbers = [secrets.decrypt(value, "identifier") for value in w.session.scalars(query)]
        if numbers and not any(rules.tail_matches(serial_tail, one) for one in numbers):
            raise Invalid(
                "serial_differs", N_("These aren't the last four of its number. Look again, or answer no."), field="serial_tail"
            )
    bag = bag_number(w.session, item.id)
    if bag is not None and answers.get("seal") == "yes" and not rules.tail_matches(seal, bag):
        raise Invalid("seal_differs", N_("This isn't the number of its bag. Look again, or answer no."), field="seal_number")


def hand_over(w: Work, order: Order, code: str) -> None:
    """The seller types the buyer's receipt code: paid in cash, handed over, sold. All of it or nothing.

    Raises Invalid for a wrong code (the page limits tries), Refused in another state."""
    order = w.session.get_one(Order, order.id, with_for_update=True, populate_existing=True)
    if order.state == "completed":
        return
    listing = w.session.get_one(Listing, order.listing_id, with_for_update=True, populate_existing=True)
    ids_match = ids.parse_code(code) == secrets.decrypt(order.receipt_code, "receipt")
    if not ids_match:
        raise Invalid("receipt_code_wrong", N_("This isn't the receipt code of this order."), field="code")
    walk(w, ORDER, order, "complete", completed_at=w.now)
    walk(w, LISTING, listing, "sell")
    _settle_cash(w, order)
    item = custody.locked(w, order.item_id)
    custody.move(w, item, holder_kind="person", holder_id=order.buyer_id, place="buyer", why="sold")
    item.owner_id = order.buyer_id
    w.record("market:order:completed", order.id, listing=listing.id, item=item.id)
    reindex(w, listing)
    for person in (order.buyer_id, order.seller_id):
        _tell(w, order, person, N_("“%(title)s” was handed over. Say how it was, if you like."))


def _settle_cash(w: Work, order: Order) -> None:
    """Two entries: the sale makes the buyer owe the seller; the cash in the hand settles it. Nobody held it between."""
    price = Money(order.price_minor, order.currency)
    owed = [Line("buyer", order.buyer_id, -price), Line("seller_payable", order.seller_id, price)]
    post(w, "sale", order.id, f"sale/{order.id}", owed)
    post(w, "cash_in_person", order.id, f"cash/{order.id}", [Line(o.kind, o.owner_id, -o.amount) for o in owed])


def cancel(w: Work, order: Order, why: str = "called_off") -> None:
    """Call it off before the hand-over; the listing is on sale again."""
    _end(w, order, "cancel", why)
    other = order.seller_id if w.actor.id == order.buyer_id else order.buyer_id
    _tell(w, order, other, N_("The reservation of “%(title)s” was called off."))


def _end(w: Work, order: Order, verb: str, why: str) -> None:
    walk(w, ORDER, order, verb)
    order.ended_why = why
    w.record("market:order:ended", order.id, why=why)
    listing = w.session.get_one(Listing, order.listing_id, populate_existing=True)
    if listing.state == "reserved":
        walk(w, LISTING, listing, "release")
        reindex(w, listing)


def expire_reservations(w: Work) -> None:
    query = select(Order).where(Order.state.in_(ACTIVE), Order.reserved_until < w.now).with_for_update().limit(200)
    for order in w.session.scalars(query):
        _end(w, order, "expire", "time_ran_out")
        for person in (order.buyer_id, order.seller_id):
            _tell(w, order, person, N_("The reservation of “%(title)s” ran out."))


def stop_orders(w: Work, event: ClearanceEnded | ItemFrozen | ItemHeld) -> None:
    """The thing may not be sold any more: an open order ends with it, in the same transaction."""
    query = select(Order).where(Order.item_id == event.item_id, Order.state.in_(ACTIVE)).with_for_update()
    for order in w.session.scalars(query):
        _end_for(w, order, event.why)


def stop_orders_of(w: Work, event: PersonSuspended) -> None:
    both = (Order.buyer_id == event.account_id) | (Order.seller_id == event.account_id)
    for order in w.session.scalars(select(Order).where(both, Order.state.in_(ACTIVE)).with_for_update()):
        _end_for(w, order, "suspended")
        listing = w.session.get_one(Listing, order.listing_id, populate_existing=True)
        if listing.state == "reserved" and listing.seller_id != event.account_id:
            walk(w, LISTING, listing, "release")
            reindex(w, listing)


def _end_for(w: Work, order: Order, why: str) -> None:
    walk(w, ORDER, order, "cancel")
    order.ended_why = why
    w.record("market:order:ended", order.id, why=why)
    for person in (order.buyer_id, order.seller_id):
        _tell(w, order, person, N_("The order of “%(title)s” was stopped: it may not be sold at present."))


def review(w: Work, order: Order, stars: int, words: str) -> Review:
    """One review a side, after the hand-over. Raises Invalid or Refused."""
    if order.state != "completed" or w.actor.id not in (order.buyer_id, order.seller_id):
        raise Refused("review_later", N_("Reviews are for the two of you, after the hand-over."))
    if not 1 <= stars <= 5:
        raise Invalid("stars_missing", N_("Choose one to five stars."), field="stars")
    done = select(Review).where(Review.order_id == order.id, Review.author_id == w.actor.id)
    if w.session.scalars(done).first():
        raise Refused("reviewed", N_("You have said how it was already."))
    about = order.seller_id if w.actor.id == order.buyer_id else order.buyer_id
    row = Review(id=ids.new_id(), order_id=order.id, author_id=w.actor.id, about_id=about, stars=stars,
                 words=words.strip(), at=w.now)  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("market:order:reviewed", order.id, stars=stars)
    return row
