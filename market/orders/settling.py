"""An order in the books: the fee that was agreed, the sale, refunds in parts, and what goes to the seller when it closes."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import local
from core.i18n import N_
from core.money import Money
from core.work import Work
from market.ledger.actions import Line, post
from market.ledger.fees import rules as fees
from market.ledger.fees.explain import explanation
from market.ledger.fees.policy import Line as FeeLine
from market.ledger.fees.policy import Sale
from market.ledger.fees.queries import FrozenPolicy, get_frozen
from market.ledger.models import Entry, LedgerAccount, Posting
from market.ledger.unclaimed import fetch_all
from market.listings.models import Listing
from market.orders.models import Order
from market.orders.order_rules import shares
from market.payments.contract import guaranteed
from market.payments.models import PaymentIntent, Refund, Release, Reversal
from market.payments.providers import get_provider
from market.payments.queries import at_bank, held

PLATFORM = "platform"


def agree_fee(w: Work, order: Order, listing: Listing, frozen: FrozenPolicy) -> None:
    """Freeze the policy onto the order and work out its fee; from now on nothing changes either."""
    order.fee_policy, order.fee_version = frozen.id, str(frozen.version)
    order.fee_minor = 0 if order.is_free else reckon(frozen, order, listing.category).charged


def reckon(frozen: FrozenPolicy, order: Order, category: str) -> FeeLine:
    """The fee engine's line for this order: the same engine and policy that anybody can run."""
    sale = Sale(
        id=order.number, price=order.price_minor, quantity=1, category=category, seller=order.payee_id,
        day=local(order.created_at).date(),
    )  # fmt: skip
    return fees.compute(frozen.policy, [sale]).lines[0]


def book_sale(w: Work, order: Order, listing: Listing) -> None:
    """The buyer owes the price, the seller is owed what is left of it, the platform its fee. Once."""
    if order.is_free:
        return
    price, fee = Money(order.price_minor, order.currency), Money(order.fee_minor, order.currency)
    lines = [
        Line("buyer", order.buyer_id, -price), Line("seller_payable", order.payee_id, price - fee),
        Line("platform_fee", PLATFORM, fee),
    ]  # fmt: skip
    frozen = get_frozen(w.session, order.fee_policy, order.fee_version)
    told = explanation(frozen, reckon(frozen, order, listing.category)) if order.fee_policy else None
    post(w, "sale", order.id, f"sale/{order.id}", lines, explanation=told)


def book_refund(w: Work, order: Order, amount: Money, key: str, kind: str = "refund") -> None:
    """Take a part of the sale back: the buyer is owed `amount`; seller and platform give their shares of it back. `kind`: of the
    entry, `dispute_lost` where the buyer's bank took it.

    Raises ValueError beyond the price; the database refuses it, too."""
    before, after = order.refunded_minor, order.refunded_minor + amount.minor
    if not 0 < amount.minor <= order.price_minor - before:
        raise ValueError("a refund is more than nothing and at most what is left")
    payout = order.price_minor - order.fee_minor
    (theirs_before, ours_before), (theirs, ours) = (shares(total, payout, order.fee_minor) for total in (before, after))
    back, fee_back = Money(theirs - theirs_before, order.currency), Money(ours - ours_before, order.currency)
    lines = [
        Line("buyer", order.buyer_id, amount), Line("seller_payable", order.payee_id, -back),
        Line("platform_fee", PLATFORM, -fee_back),
    ]  # fmt: skip
    fetch_all(w, order.payee_id, order.currency)
    post(w, kind, order.id, key, lines)
    order.refunded_minor = after


def owed_to_seller(session: Session, order: Order) -> Money:
    """What this order still owes its seller, out of the books themselves."""
    return Money(_owed(session, order, "seller_payable"), order.currency)


def owed_to_buyer(session: Session, order: Order) -> int:
    """What is to go back to the buyer and isn't on its way, out of the books: below zero once the bank gave more than that."""
    on_its_way = select(func.coalesce(func.sum(Refund.amount_minor), 0)).join(PaymentIntent, PaymentIntent.id == Refund.intent_id)
    waiting = on_its_way.where(PaymentIntent.subject_id == order.id, Refund.state.in_(("asked", "sent", "failed")))
    return _owed(session, order, "buyer") - int(session.scalar(waiting) or 0)


def taken_by_bank(session: Session, order: Order) -> int:
    """What the buyer's bank took beyond all that the books owe the buyer, in minor units; a refund that failed is paid by it."""
    on_its_way = select(func.coalesce(func.sum(Refund.amount_minor), 0)).join(PaymentIntent, PaymentIntent.id == Refund.intent_id)
    moving = on_its_way.where(PaymentIntent.subject_id == order.id, Refund.state.in_(("asked", "sent")))
    return int(session.scalar(moving) or 0) - _owed(session, order, "buyer")


WITH_ITS_MONEY = N_(
    "Somebody holds money of this order, or it is on its way: taking the entry back would change the books and not the money. "
    "Send the money back by a case of the order, or call the order off; the books follow by themselves."
)


def kept_with_its_money(session: Session, entry: Entry) -> str:
    """An entry of an order isn't taken back by hand while its money is held, at the bank, or moving: books and money would part.
    English for gettext, "" where nothing stands against it."""
    order = session.get(Order, entry.subject_id)
    intent = session.get(PaymentIntent, order.intent_id) if order is not None and order.intent_id else None
    if intent is None:
        return ""
    on_its_way = ("asked", "sent", "short")
    moving = any(
        session.scalars(select(kind.id).where(kind.intent_id == intent.id, kind.state.in_(on_its_way)).limit(1)).first()
        for kind in (Refund, Release, Reversal)
    )
    return WITH_ITS_MONEY if moving or _rests(session, intent) or at_bank(session, intent) else ""


def _rests(session: Session, intent: PaymentIntent) -> int:
    """What somebody other than the two holds of it, in minor units."""
    return held(session, intent).minor if guaranteed(get_provider(intent.provider)) else 0


def not_to_fetch(session: Session, owner_id: str, unit: str) -> int:
    """Of what orders owe a seller: what nobody holds for it, or what isn't due before the order closes. In minor units."""
    owed = (
        select(Order, func.sum(Posting.amount_minor))
        .join(Entry, Entry.subject_id == Order.id)
        .join(Posting, Posting.entry_id == Entry.id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(Entry.posted, LedgerAccount.kind == "seller_payable", LedgerAccount.owner_id == owner_id, Posting.unit == unit)
        .group_by(Order.id)
        .having(func.sum(Posting.amount_minor) > 0)
    )
    return sum(int(total) - min(int(total), _due(session, order)) for order, total in session.execute(owed))


def _due(session: Session, order: Order) -> int:
    intent = session.get(PaymentIntent, order.intent_id) if order.intent_id else None
    return _rests(session, intent) if intent is not None and order.state == "completed" else 0


def _owed(session: Session, order: Order, kind: str) -> int:
    query = (
        select(func.coalesce(func.sum(Posting.amount_minor), 0))
        .join(Entry, Entry.id == Posting.entry_id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(Entry.posted, Entry.subject_id == order.id, LedgerAccount.kind == kind)
    )
    return int(session.scalar(query) or 0)


def share_of_seller(order: Order, before: int) -> Money:
    """What the seller gives back of the refund that brought `refunded_minor` from `before` to what it is now."""
    payout = order.price_minor - order.fee_minor
    now, then = (shares(total, payout, order.fee_minor)[0] for total in (order.refunded_minor, before))
    return Money(now - then, order.currency)


def fee_given_back(order: Order) -> Money:
    """The platform's share of all refunds so far."""
    return Money(shares(order.refunded_minor, order.price_minor - order.fee_minor, order.fee_minor)[1], order.currency)


def was_released(session: Session, order: Order) -> bool:
    """Has what was held gone on to the seller's account, or is it about to?"""
    query = select(Release.id).where(Release.intent_id == order.intent_id, Release.state != "failed")
    return order.intent_id is not None and session.scalars(query.limit(1)).first() is not None
