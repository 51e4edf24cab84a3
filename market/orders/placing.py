"""From "I want it" to a contract: reserve, look at what is told, choose how to pay and how to get it, order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.appraisers.buying import demand_may_buy
from core import ids, secrets
from core.errors import Busy, Invalid, Refused
from core.goods.models import Item
from core.i18n import N_
from core.money import Money
from core.numbers import next_number
from core.people.acting import works_at
from core.people.models import Account
from core.states import walk
from core.work import Work
from market.ledger.fees.queries import policy_for
from market.listings.actions import reindex
from market.listings.blocking import refuse_blocked
from market.listings.models import Listing
from market.listings.proof import is_drawn
from market.listings.shop_gate import demand_shop
from market.listings.states import LISTING
from market.listings.terms_rules import BUSINESS
from market.orders import paying, sending, settling, snapshot
from market.orders.both_halves import locked, other_order
from market.orders.models import Order, OrderLine
from market.orders.order_rules import tax_category, warranty_end
from market.orders.states import ACTIVE, BEFORE_PAYMENT, ORDER
from market.orders.telling import tell
from market.payments.contract import Facts
from market.payments.offer import facts_of
from market.payments.providers import get_provider

HOLD = timedelta(hours=48)
PAY_WITHIN = timedelta(hours=2)  # of an order that is paid before the hand-over, where the provider says at once what came
TRANSFER_WITHIN = timedelta(days=3)  # a bank takes a day or two, and the seller has to look
MOST_RESERVED = 5
OWN_HOUSE = N_("You work at the shop that sells it. Its own people don't buy from it here: ask a colleague in the shop.")


def reserve(w: Work, listing_id: str, *, buyer_id: str = "", price: Money | None = None, kind: str = "") -> Order:
    """Keep a listing for the person of this Work (or `buyer_id`, whose offer was accepted) for 48 hours.

    Asked again, the same reservation comes back.

    `price`: what was agreed in an offer, else the asking price. `kind`: swap, else a sale or a gift. Raises Busy when somebody
    was quicker, Refused for one's own thing or too many open reservations."""
    listing, buyer_id = w.session.get_one(Listing, listing_id, with_for_update=True), buyer_id or w.actor.id
    mine = active_order(w, listing.id)
    if mine is not None and mine.buyer_id == buyer_id:
        return mine
    if mine is not None or listing.state == "reserved":
        raise Busy("taken", N_("Somebody else was quicker: it is reserved. Keep it as favourite; it may come back."))
    _may_reserve(w, listing, buyer_id)
    if price is not None and listing.gift:
        raise Refused("given_away", N_("It is given away now: nobody pays for it. Reserve it on its page."))
    walk(w, LISTING, listing, "reserve")
    order = Order(
        id=ids.new_id(), number=next_number(w, "OD"), listing_id=listing.id, item_id=listing.item_id,
        buyer_id=buyer_id, seller_id=listing.seller_id, payee_id=listing.org_id or listing.seller_id,
        price_minor=0 if kind == "swap" else price.minor if price else listing.price_minor, currency=listing.currency,
        kind=kind or ("gift" if listing.gift else "sale"), return_policy=listing.return_policy,
        receipt_code=secrets.encrypt(ids.new_checked_code(), "receipt"), reserved_until=w.now + HOLD, created_at=w.now,
        contract_at=None, snapshot=None, acknowledged=[], intent_id=None, completed_at=None,
    )  # fmt: skip
    w.session.add(order)
    w.session.flush()
    w.record("market:order:reserved", order.id, listing=listing.id, price=order.price_minor)
    tell(w, order, listing.seller_id, N_("“%(title)s” was reserved. Agree on a time and place."))
    reindex(w, listing)
    return order


def _may_reserve(w: Work, listing: Listing, buyer_id: str) -> None:
    may_have(w, listing, buyer_id)
    demand_shop(w, listing.org_id, listing.category)
    refuse_blocked(w.session, buyer_id, listing.seller_id)
    open_ones = select(func.count()).where(Order.buyer_id == buyer_id, Order.state.in_(BEFORE_PAYMENT))
    if (w.session.scalar(open_ones) or 0) >= MOST_RESERVED:
        raise Refused("reserved_many", N_("You have five open reservations. Finish or cancel one first."))


def may_have(w: Work, listing: Listing, buyer_id: str) -> None:
    """Can this person get this thing at all, by a sale or in exchange for another? Raises Refused."""
    if listing.seller_id == buyer_id:
        raise Refused("own_thing", N_("This is your own thing."))
    if works_at(w.session, buyer_id, listing.seller_id):
        raise Refused("own_house", OWN_HOUSE)
    demand_may_buy(w.session, listing.item_id, buyer_id, w.now)
    if w.session.get_one(Account, buyer_id).state != "active":  # whose offer or swap is accepted isn't here to say so
        raise Refused("buyer_gone", N_("The account of who made this offer isn't open any more."))
    if is_drawn(w.session, listing.item_id):
        raise Refused("being_checked", N_("A third person checks its wipe once more. It can be reserved when that is done."))


def active_order(w: Work, listing_id: str) -> Order | None:
    return w.session.scalars(select(Order).where(Order.listing_id == listing_id, Order.state.in_(ACTIVE))).first()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the buyer chose. `acknowledged`: codes of the stated defects that were ticked, one by one. `no_return`: ticked, on
    this very order, that the seven-day return is excluded (only where the listing excludes it, with its ground)."""

    payment: str = "cash"
    fulfilment: str = "meet"
    acknowledged: Sequence[str] = ()
    no_return: bool = False


def facts_for(session: Session, order: Order, listing: Listing, *, remote: bool) -> Facts:
    """What a way of paying has to know to say whether it may be used for this order."""
    business = listing.seller_kind in BUSINESS
    return facts_of(session, order.payee_id, currency=order.currency, business=business, remote=remote)


def confirm(w: Work, order: Order, choice: Choice) -> None:
    """The buyer orders: from this moment the contract stands, with all that was told frozen into it (E-commerce Law 49).

    Raises Invalid at the field for a defect that wasn't ticked or a way of paying that doesn't fit, Refused in another state."""
    order = locked(w, order.id)
    if order.contract_at is not None and order.state != "cancelled":
        if order.fulfilment != choice.fulfilment or (not order.is_free and order.payment != choice.payment):
            raise Refused("ordered_already", N_("You have ordered it already, in another way: see the order."))
        return
    ORDER.next(order.state, "confirm")
    refuse_blocked(w.session, order.buyer_id, order.seller_id)
    listing = w.session.get_one(Listing, order.listing_id)
    _check_choice(w, order, listing, choice)
    settling.agree_fee(w, order, listing, policy_for(w.session, _channel(listing), w.now))
    order.payment, order.fulfilment, order.acknowledged = choice.payment, choice.fulfilment, list(choice.acknowledged)
    order.snapshot, order.snapshot_digest = snapshot.take(w, listing, order)
    _add_line(w, order, listing)
    order.contract_at = w.now
    order.reserved_until = w.now + _time_for(order)
    order.warranty_until = warranty_end(listing.warranty_months, w.now)
    w.session.flush()
    walk(w, ORDER, order, "confirm")
    w.record("market:order:confirmed", order.id, snapshot=order.snapshot_digest, payment=order.payment, by=order.fulfilment)
    if not order.is_free:
        order.intent_id = paying.begin(w, order, listing).id
    tell(w, order, order.seller_id, N_("“%(title)s” was ordered: the contract stands."))
    _both_to_send(w, order)


def _both_to_send(w: Work, order: Order) -> None:
    """What is given for nothing waits for its sending; of a swap the half that was ordered first waits for this one."""
    for one in (order, other_order(w.session, order, lock=True)):
        if one is not None:
            sending.allow_time(w, one)


def _time_for(order: Order) -> timedelta:
    """How long an ordered thing waits for its money or its hand-over."""
    if not paying.paid_first(order):
        return HOLD
    return PAY_WITHIN if paying.by_provider(order) else TRANSFER_WITHIN


def _channel(listing: Listing) -> str:
    return "business" if listing.seller_kind in BUSINESS else "private"


def _check_choice(w: Work, order: Order, listing: Listing, choice: Choice) -> None:
    if choice.fulfilment not in ways_to_get(listing):
        raise Invalid("fulfilment_unknown", N_("Choose how you want to get it."), field="fulfilment")
    item = w.session.get_one(Item, listing.item_id)
    for told in snapshot.defects(w.session, item, listing.appraisal_id, listing.condition):
        if told.code not in choice.acknowledged:
            raise Invalid("defect_unread", N_("Tick each of these: that you have read it before you order."), field=told.code)
    if listing.return_policy == "excluded_by_nature" and not choice.no_return:
        raise Invalid(
            "no_return_unread", N_("Tick that you know it can't be returned without a reason, and why."), field="no_return"
        )
    if order.is_free:
        return
    provider = get_provider(choice.payment)
    why = provider.why_not(facts_for(w.session, order, listing, remote=choice.fulfilment == "parcel"))
    if why:
        raise Invalid("payment_unfit", why, field="payment")


def ways_to_get(listing: Listing) -> tuple[str, ...]:
    """meet always; pickup where a shop sells; parcel where the seller sends."""
    return ("meet", *(("pickup",) if listing.org_id else ()), *(("parcel",) if listing.by_parcel else ()))


def _add_line(w: Work, order: Order, listing: Listing) -> None:
    w.session.add(
        OrderLine(
            id=ids.new_id(), order_id=order.id, item_id=listing.item_id, title=listing.title, category=listing.category,
            price_minor=order.price_minor, discount_minor=0, currency=order.currency, quantity=1,
            tax_category=tax_category(listing.seller_kind, listing.category),
        )
    )  # fmt: skip
