"""What a seller owes is taken once: two releases at once, and a provider that fetches it after all."""

import pytest
from sqlalchemy import select

from core import clock
from core.errors import Invalid
from core.money import Money
from core.work import Actor, work
from market.ledger import debt_payments, paid_typed
from market.ledger.actions import balance
from market.ledger.models import Entry, LedgerAccount, Posting
from market.ledger.queries import verify
from market.orders import paying, placing
from market.orders import settling as order_books
from market.orders.models import Order
from market.payments import settling, talking
from market.payments.contract import Moved
from market.payments.models import Release, Reversal
from market.payments.queries import debts_of
from tests.market.orders.test_fees_owed import FIVE
from tests.market_stories import checked, listed_coat, ordered, sold


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


def test_a_share_that_the_next_sale_settles_isnt_asked_for_among_the_fees(app, session, doing, debt, card_order, days, alice, bob, monkeypatch):
    """Alice owes a share of a refund and the fee of a coat that was paid in cash. She pays the fee by the bank; the next release keeps
    back the share and nothing more."""
    share = session.get_one(Reversal, debt[1]).amount_minor
    session.rollback()
    with monkeypatch.context() as patch:
        patch.setattr(placing, "policy_for", lambda *_: FIVE)
        patch.setattr(order_books, "get_frozen", lambda *_: FIVE)
        with app.app_context():
            order_id = ordered(doing, listed_coat(doing, alice), bob)
            checked(doing, order_id, bob)
            sold(doing, order_id, alice)

    def pay(amount):
        with doing() as w:
            mine = select(LedgerAccount).where(LedgerAccount.kind == "seller_payable", LedgerAccount.owner_id == alice.id)
            typed = paid_typed.read(w.now, amount, f"R-{amount}", w.now.astimezone(clock.LOCAL_ZONE).date().isoformat())
            debt_payments.pay(w, w.session.scalars(mine).one(), typed)

    assert balance(session, "seller_payable", alice.id).minor == -share - 995
    session.rollback()
    with pytest.raises(Invalid, match="too_much"):
        pay(Money(share + 995, "CNY").plain())
    pay("9.95")
    with pytest.raises(Invalid, match="too_much"):
        pay("0.01")
    card_order()
    days(8)
    session.rollback()
    handed = session.scalars(select(Release).order_by(Release.id.desc())).first()
    assert handed.withheld_minor == share and session.get_one(Reversal, debt[1]).state == "recovered"
    assert balance(session, "seller_payable", alice.id).minor == 0 and verify(session).ok
