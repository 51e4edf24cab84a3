"""When they meet: check it together, pay, hand it over. Two people can't reserve one thing; nobody holds the buyer's money."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ids, secrets
from core.db import get_locked
from core.errors import Invalid, Refused
from core.goods import custody
from core.goods.models import Identifier, Item
from core.i18n import N_
from core.people.acting import acting_as
from core.ports import ClearanceEnded, ItemFrozen, ItemHeld, PersonSuspended, happened
from core.states import walk
from core.work import Work
from market.listings.actions import reindex
from market.listings.models import Listing
from market.listings.proof import bag_number
from market.listings.states import LISTING
from market.orders import paying, rules
from market.orders.both_halves import all_locked, is_away, locked, other_order
from market.orders.counters import demand_read
from market.orders.ended import BY_ITS_END, LOST_ON_ITS_WAY, STOPPED, tell_stopped
from market.orders.events import HalfCame
from market.orders.models import InPersonCheck, Order, Review
from market.orders.order_rules import SEVEN_DAYS, after_sales_end
from market.orders.placing import reserve
from market.orders.queries import IN_TRANSIT, is_in_transit
from market.orders.states import BEFORE_PAYMENT, ORDER
from market.orders.telling import tell, tell_both

__all__ = ["cancel", "check_in_person", "hand_over", "reserve", "review", "stop_orders", "stop_orders_of"]


HALF_FELL = N_(
    "The swap for “%(title)s” fell through after the other half was handed over or sent: whoever has that one owes it back. "
    "Who gave it asks for it at its order."
)
HALF_AWAY = N_("The other half of this swap was handed over or sent. Hand this one over or send it, too.")
ANSWER_TOO = N_("Answer this one too.")


def asked(w: Work, order: Order) -> tuple[rules.Question, ...]:
    return asked_of(w.session, order.item_id)


def asked_of(session: Session, item_id: str) -> tuple[rules.Question, ...]:
    """What the buyer looks at before they take this thing."""
    item = session.get_one(Item, item_id)
    return rules.questions(data_bearing=item.data_bearing, sealed=bag_number(session, item.id) is not None)


def check_in_person(w: Work, order: Order, answers: Mapping[str, str], *, serial_tail: str = "", seal: str = "") -> bool:
    """Keep the buyer's answers. All yes: the order goes on. One no: it stops without fault, and what was paid goes back.

    Raises Invalid at a field, Refused before the contract stands and for what comes by parcel."""
    if order.fulfilment == "parcel":
        raise Refused("not_in_person", N_("It comes by parcel. Look at it when it is there; if something is wrong, open a case."))
    item = w.session.get_one(Item, order.item_id, with_for_update=True)
    before = w.session.scalars(select(InPersonCheck).where(InPersonCheck.order_id == order.id)).first()
    if before is not None and before.answers == dict(answers):
        return before.passed  # sent again
    if before is not None:
        raise Refused("checked_already", N_("You have looked at it already; what you answered stands."))
    ORDER.next(order.state, "fail_check")
    found = rules.check(asked(w, order), answers)
    if found.missing:
        raise Invalid("answer_missing", ANSWER_TOO, field=found.missing[0])
    check_typed(w, item, answers, serial_tail, seal)
    w.session.add(InPersonCheck(id=ids.new_id(), order_id=order.id, answers=dict(answers), passed=found.passed, at=w.now))
    w.record("market:order:checked", order.id, passed=found.passed, refused="+".join(found.refused) or "none")
    if found.passed:
        order.checked_at = w.now
        if order.state != "paid":  # what is paid already stays paid; the receipt code comes next
            walk(w, ORDER, order, "pass_check")
        return True
    walk(w, ORDER, order, "fail_check")
    order.ended_why = "check_failed"
    listing = w.session.get_one(Listing, order.listing_id)
    walk(w, LISTING, listing, "stop")
    reindex(w, listing)
    paying.unwind(w, order, "check_failed")
    with_it(w, order, "check_failed")
    if found.ends_clearance and item.data_bearing:
        custody.raise_epoch(w, item, "seal_broken")
    tell(w, order, order.seller_id, N_("The sale of “%(title)s” stopped at the check. Look at the buyer's answers."))
    return False


def check_typed(w: Work, item: Item, answers: Mapping[str, str], serial_tail: str, seal: str) -> None:
    """Is what was typed of its number and its bag that of this thing? Raises Invalid at the field."""
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
    """The seller types the buyer's receipt code: paid (face to face, now or before), handed over, sold. All of it or nothing.

    What a point keeps is given out by the point: the seller's typing settles the price, `hand_out` by its staff the rest.
    Raises Invalid for a wrong code (the page limits tries), Refused in another state."""
    order = _with_code(w, order, code)
    if order.state in ("completed", "received"):
        return
    if order.state not in ("created", "awaiting_payment", "checked", "paid"):
        ORDER.next(order.state, "hand_over")
    if order.checked_at is None:
        ORDER.next(order.state, "hand_over" if order.state == "awaiting_payment" else order.state)
        raise Refused("check_first", N_("The buyer checks it first, on their phone."))
    if order.state == "checked":
        paying.paid_face_to_face(w, order)
    keeper = custody.find_holder(w.session, order.item_id) if custody.is_with_staff(w.session, order.item_id) else None
    if keeper is not None and keeper.holder_id == order.seller_id:
        demand_read(w, order.item_id)  # the house that sells it keeps it, too: whoever types the code gives it out
    elif keeper is not None:
        tell(
            w,
            order,
            order.buyer_id,
            N_("“%(title)s” is settled. Show your code at the place that keeps it."),
        )
        return
    _into_the_hands(w, order)


def hand_out(w: Work, order: Order, code: str) -> None:
    """Staff of the place that keeps it give it to the buyer who shows the code, once the price is settled.

    Raises Invalid for a wrong code; Refused before it is paid, and while its counters have to be read once more."""
    order = _with_code(w, order, code)
    if order.state in ("completed", "received"):
        return
    if order.state != "paid":
        raise Refused("not_settled", N_("The price isn't settled yet: first the seller types the code, or the payment arrives."))
    if order.checked_at is None:
        raise Refused("check_first", N_("The buyer checks it first, on their phone."))
    demand_read(w, order.item_id)
    _into_the_hands(w, order)


def _with_code(w: Work, order: Order, code: str) -> Order:
    order = locked(w, order.id)
    if order.state not in ("completed", "received") and ids.parse_code(code) != secrets.decrypt(order.receipt_code, "receipt"):
        raise Invalid("receipt_code_wrong", N_("This isn't the receipt code of this order."), field="code")
    return order


def _into_the_hands(w: Work, order: Order) -> None:
    walk(w, ORDER, order, "hand_over")
    deliver(w, order)
    receive(w, order)
    tell_both(w, order, N_("“%(title)s” was handed over. Say how it was, if you like."))


def deliver(w: Work, order: Order) -> None:
    """The thing goes over to the buyer: the listing is sold, custody moves, the clearance ends as delivered.

    A device whose clearance ended on its way (its listing came down with it) is the buyer's, too, but never reads as sold with
    one: the listing is withdrawn, and no certificate says delivered."""
    listing = get_locked(w.session, Listing, order.listing_id)
    if order.shipped_at is not None and not LISTING.can(listing.state, "sell"):
        if listing.state != "withdrawn":
            walk(w, LISTING, listing, "withdraw")
    else:
        walk(w, LISTING, listing, "sell")
    item = custody.locked(w, order.item_id)
    custody.move(w, item, holder_kind="person", holder_id=order.buyer_id, place="buyer", why="sold")
    item.owner_id = order.buyer_id
    reindex(w, listing)


def receive(w: Work, order: Order) -> None:
    """The buyer has it. What was held goes to the seller when the time to say that something is wrong is over; with nobody
    holding anything the order closes at once, and the buyer's rights run on by their dates."""
    walk(w, ORDER, order, "receive", received_at=w.now)
    order.after_sales_until = after_sales_end(order.return_policy, order.fulfilment == "parcel", w.now)
    if w.session.get_one(Listing, order.listing_id).state == "withdrawn":  # it came without its clearance: a week to say so
        order.after_sales_until = max(order.after_sales_until, w.now + SEVEN_DAYS)
    order.confirm_until = order.after_sales_until
    w.record("market:order:received", order.id)
    if order.kind == "swap":
        happened(w, HalfCame(order.id))
    if order.state == "received" and (order.holder == "nobody" or order.after_sales_until <= w.now):
        close(w, order)  # unless it has to go back at once, with the other half of its swap


def close(w: Work, order: Order) -> None:
    """It is done: what is held for the seller is handed on."""
    walk(w, ORDER, order, "complete", completed_at=w.now)
    w.record("market:order:completed", order.id, listing=order.listing_id, item=order.item_id)
    paying.release(w, order)


def cancel(w: Work, order: Order, why: str = "called_off") -> None:
    """Call it off before the hand-over; the listing is on sale again, and what was paid goes back.

    Called off again, nothing changes. Raises Refused for a swap whose other half was handed over or sent."""
    if order.ended_why == why and order.state in ("cancelled", "refunded"):
        return
    if other_half_went(w.session, order, lock=True):
        raise Refused("half_swapped", HALF_AWAY)
    end(w, order, "cancel", why)
    other = order.seller_id if acting_as(w, order.buyer_id, order.seller_id) == order.buyer_id else order.buyer_id
    tell(w, order, other, N_("The reservation of “%(title)s” was called off."))


def end(w: Work, order: Order, verb: str, why: str) -> None:
    walk(w, ORDER, order, verb)
    order.ended_why = why
    w.record("market:order:ended", order.id, why=why)
    listing = w.session.get_one(Listing, order.listing_id, populate_existing=True)
    if listing.state == "reserved":
        walk(w, LISTING, listing, "release")
        reindex(w, listing)
    paying.unwind(w, order, why)
    with_it(w, order, why)


def with_it(w: Work, order: Order, why: str) -> None:
    """A swap stands and falls together: while the other side isn't handed over it ends, too."""
    other = other_order(w.session, order, lock=True)
    if other is not None and ORDER.can(other.state, "cancel"):
        end(w, other, "cancel", why)
        tell_both(w, other, N_("The swap for “%(title)s” ended: the other half fell through."))
    elif other is not None and is_away(other):
        tell_both(w, order, HALF_FELL)


def other_half_went(session: Session, order: Order, *, lock: bool = False) -> bool:
    """Has the other half of this swap changed hands without coming back, or is it on its way? `lock`: as other_order has it."""
    other = other_order(session, order, lock=lock)
    return other is not None and is_away(other)


def stop_orders(w: Work, event: ClearanceEnded | ItemFrozen | ItemHeld) -> None:
    """The thing may not be sold any more: an open order ends with it, in the same transaction.

    What is with the carrier can't be held back: of a clearance that ends on the way both are told; the buyer may return it."""
    about = (*BEFORE_PAYMENT, "paid", *IN_TRANSIT)
    query = select(Order.id).where(Order.item_id == event.item_id, Order.state.in_(about))
    for order in all_locked(w, w.session.scalars(query)):
        if is_in_transit(order) and isinstance(event, ClearanceEnded) and event.why not in BY_ITS_END:
            tell_both(w, order, LOST_ON_ITS_WAY)
        if not ORDER.can(order.state, "cancel"):
            continue  # with the carrier
        _end_for(w, order, event.why)
        tell_stopped(w, order, event)


def stop_orders_of(w: Work, event: PersonSuspended) -> None:
    both = (Order.buyer_id == event.account_id) | (Order.seller_id == event.account_id)
    open_ones = select(Order.id).where(both, Order.state.in_((*BEFORE_PAYMENT, "paid")))
    for order in all_locked(w, w.session.scalars(open_ones)):
        if not ORDER.can(order.state, "cancel"):
            continue  # the other half of a swap that has just ended
        _end_for(w, order, "suspended")
        tell_both(w, order, STOPPED)
        listing = w.session.get_one(Listing, order.listing_id, populate_existing=True)
        if listing.state == "reserved" and listing.seller_id != event.account_id:
            walk(w, LISTING, listing, "release")
            reindex(w, listing)


def _end_for(w: Work, order: Order, why: str) -> None:
    walk(w, ORDER, order, "cancel")
    order.ended_why = why
    w.record("market:order:ended", order.id, why=why)
    paying.unwind(w, order, why)
    with_it(w, order, why)


def review(w: Work, order: Order, stars: int, words: str) -> Review:
    """One review a side, after the hand-over. Raises Invalid or Refused."""
    me = acting_as(w, order.buyer_id, order.seller_id)
    if order.completed_at is None or me not in (order.buyer_id, order.seller_id):
        raise Refused("review_later", N_("Reviews are for the two of you, after the hand-over."))
    if not 1 <= stars <= 5:
        raise Invalid("stars_missing", N_("Choose one to five stars."), field="stars")
    done = select(Review).where(Review.order_id == order.id, Review.author_id == me)
    before = w.session.scalars(done).first()
    if before is not None and (before.stars, before.words) == (stars, words.strip()):
        return before  # sent again
    if before is not None:
        raise Refused("reviewed", N_("You have said how it was already."))
    about = order.seller_id if me == order.buyer_id else order.buyer_id
    row = Review(id=ids.new_id(), order_id=order.id, author_id=me, about_id=about, stars=stars,
                 words=words.strip(), at=w.now)  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("market:order:reviewed", order.id, stars=stars)
    return row
