"""What keeps somebody from closing the account: open orders, cases and refunds, open money, a frozen listing."""

from collections.abc import Iterable, Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core.i18n import N_
from core.money import Money
from core.ports import Hold
from market.ledger.models import Entry, LedgerAccount, Posting
from market.listings import leaving as listings
from market.orders.models import Order
from market.orders.states import ACTIVE
from market.payments.models import Refund


def holds(session: Session, account_id: str) -> Iterable[Hold]:
    return [
        *_orders(session, account_id), *_cases(session, account_id), *_going_back(session, account_id),
        *_money(session, account_id), *listings.holds(session, account_id),
    ]  # fmt: skip


def _orders(session: Session, account_id: str) -> Iterator[Hold]:
    mine = (Order.buyer_id == account_id) | (Order.seller_id == account_id)
    query = select(Order).options(joinedload(Order.listing)).where(mine, Order.state.in_(ACTIVE))
    for order in session.scalars(query.order_by(Order.id)):
        buying = order.buyer_id == account_id
        yield Hold(
            code="order_open",
            sentence=N_("You have reserved “%(title)s”.") if buying else N_("“%(title)s” is reserved for somebody."),
            values={"title": order.listing.title}, link=f"/orders/{order.id}", way=N_("Finish it or call it off"),
        )  # fmt: skip


def _cases(session: Session, account_id: str) -> Iterator[Hold]:
    """What is to be put right, and what a mediator looks at, needs both sides."""
    mine = (Order.buyer_id == account_id) | (Order.seller_id == account_id)
    query = select(Order).options(joinedload(Order.listing)).where(mine, Order.state.in_(("after_sales", "disputed")))
    for order in session.scalars(query.order_by(Order.id)):
        yield Hold(
            code="case_open", sentence=N_("Something about “%(title)s” is to be put right."),
            values={"title": order.listing.title}, link=f"/orders/{order.id}", way=N_("Open the order"),
        )  # fmt: skip


def _going_back(session: Session, account_id: str) -> Iterator[Hold]:
    """Money back that was decided and hasn't moved: in person the seller still has to pay it."""
    mine = (Order.buyer_id == account_id) | (Order.seller_id == account_id)
    query = (
        select(Refund, Order)
        .join(Order, Order.intent_id == Refund.intent_id)
        .options(joinedload(Order.listing))
        .where(mine, Refund.state.in_(("asked", "sent")))
        .order_by(Refund.id)
    )
    for refund, order in session.execute(query):
        yours = order.buyer_id == account_id
        yield Hold(
            code="refund_open",
            sentence=N_("Money for “%(title)s” is to come back to you.") if yours
            else N_("Money for “%(title)s” is still to go back to its buyer."),
            values={"title": order.listing.title}, link=f"/payments/{refund.intent_id}", way=N_("Open the payment"),
        )  # fmt: skip


def _money(session: Session, account_id: str) -> Iterator[Hold]:
    query = (
        select(LedgerAccount.unit, func.sum(Posting.amount_minor))
        .join(Posting, Posting.account_id == LedgerAccount.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(LedgerAccount.owner_id == account_id, Entry.posted)
        .group_by(LedgerAccount.kind, LedgerAccount.unit)
        .order_by(LedgerAccount.kind)
    )
    for unit, minor in session.execute(query):
        if minor:
            yield Hold(
                code="money_open",
                sentence=N_("%(amount)s is still owed to you.") if minor > 0 else N_("You still owe %(amount)s."),
                values={"amount": Money(abs(int(minor)), unit)}, link="/me/orders", way=N_("Open my orders"),
            )  # fmt: skip
