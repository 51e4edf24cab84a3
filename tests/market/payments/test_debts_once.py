"""What a seller owes is taken once: two releases at once, and a provider that fetches it after all."""

import pytest
from sqlalchemy import select

from core import clock
from core.money import Money
from core.work import Actor, work
from market.ledger.models import Entry, LedgerAccount, Posting
from market.orders import paying
from market.orders.models import Order
from market.payments import settling, talking
from market.payments.contract import Moved
from market.payments.models import Reversal
from market.payments.queries import debts_of


@pytest.fixture
def debt(app, session, doing, card_order, days):
    """Alice has her money, 50 yuan of it go back, and her account lacks her share of them. Returns order and debt."""
    order_id, _ = card_order()
    days(8)
    with app.app_context(), doing() as w:
        paying.refund(w, w.session.get_one(Order, order_id), Money(5000, "CNY"), "k", "after_sales")
    row_id = session.scalars(select(Reversal)).one().id
    session.rollback()
    with app.app_context(), doing() as w:
        talking.settle(w, "reversal", row_id, Moved(state="short", why="balance_insufficient"))
    return order_id, row_id


def owed_to_seller(session, order_id):
    session.rollback()
    query = select(Posting.amount_minor).join(Entry, Entry.id == Posting.entry_id).join(LedgerAccount, LedgerAccount.id == Posting.account_id)
    return sum(session.scalars(query.where(Entry.subject_id == order_id, LedgerAccount.kind == "seller_payable")))


def test_two_releases_that_settle_one_debt_both_count(database, session, doing, debt, alice):
    if database.is_sqlite:
        pytest.skip("one writer at a time: nothing can be lost")
    with database.session() as other, work(other, Actor("system:test"), clock.now()) as w:
        seen = debts_of(other, alice.id, "CNY")[0]
        with doing() as first:
            settling.recovered(first, debts_of(first.session, alice.id, "CNY", lock=True)[0], 1000)
        settling.recovered(w, seen, 2000)
    session.rollback()
    assert session.get_one(Reversal, debt[1]).recovered_minor == 3000


def test_what_the_provider_fetches_after_all_is_owed_back(app, session, doing, debt):
    order_id, row_id = debt
    owes = -session.get_one(Reversal, row_id).amount_minor
    assert owed_to_seller(session, order_id) == owes
    with doing() as w:
        settling.recovered(w, w.session.get_one(Reversal, row_id), -owes)
    with app.app_context(), doing() as w:
        talking.settle(w, "reversal", row_id, Moved(state="done", ref="trr_1"))
    session.rollback()
    row = session.get_one(Reversal, row_id)
    assert (row.state, row.provider_ref, row.recovered_minor) == ("done", "trr_1", -owes)
    assert owed_to_seller(session, order_id) == 0, "in this sale it is even; what the later sale kept back is owed there"


def test_what_the_provider_fetches_alone_is_even(app, session, doing, debt):
    order_id, row_id = debt
    with app.app_context(), doing() as w:
        talking.settle(w, "reversal", row_id, Moved(state="done", ref="trr_1"))
    assert owed_to_seller(session, order_id) == 0 and session.get_one(Reversal, row_id).recovered_minor == 0
