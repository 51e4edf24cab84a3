"""What a seller owes is taken once: two releases at once, and a provider that fetches it after all."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.errors import Invalid
from core.money import Money
from core.queue.models import QueueEntry
from core.work import Actor, work
from market.ledger import debt_payments, paid_typed
from market.ledger.actions import balance, entries_of
from market.ledger.models import Entry, LedgerAccount, Posting
from market.ledger.queries import verify
from market.orders import paying, placing
from market.orders import settling as order_books
from market.orders.models import Order
from market.payments import settling, talking
from market.payments.contract import Moved
from market.payments.models import Release, Reversal
from market.payments.queries import debts_of
from tests.explained import recheck
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


@pytest.fixture
def lowered(session, debt, card_order, days):
    """Alice's next sale by card: its release was lowered by what she owed. Returns the order and what was kept back."""
    order_id, _intent = card_order()
    days(8)
    session.rollback()
    kept = session.scalars(select(Release).order_by(Release.id.desc())).first().withheld_minor
    assert kept > 0 == balance(session, "seller_payable", session.get_one(Order, order_id).payee_id).minor
    session.rollback()
    return order_id, kept


def goes_back(app, doing, order_id, minor, run_jobs):
    """After the release, as the clock of the story goes."""
    with app.app_context(), clock.stopped_at(clock.now() + timedelta(days=9)):
        with doing() as w:
            paying.refund(w, w.session.get_one(Order, order_id), Money(minor, "CNY"), f"back/{minor}", "after_sales")
        run_jobs()


def open_debts(session):
    session.rollback()
    waits = session.scalars(select(QueueEntry.subject_id).where(QueueEntry.kind == "seller_owes", QueueEntry.state == "open"))
    return [(row.state, row.amount_minor, row.fault) for row in (session.get_one(Reversal, one) for one in waits)]


def test_what_a_release_kept_back_is_owed_when_that_sale_goes_back_and_staff_see_it(app, session, doing, lowered, card_order, days, run_jobs, alice):
    order_id, kept = lowered
    goes_back(app, doing, order_id, 19900, run_jobs)
    assert open_debts(session) == [("short", kept, "kept_back")]
    assert balance(session, "seller_payable", alice.id).minor == -kept
    goes_back(app, doing, order_id, 19900, run_jobs)
    days(10, 11, 12)
    assert open_debts(session) == [("short", kept, "kept_back")], "nothing can be fetched for it, and it is asked for once"
    kinds = Counter()
    for entry in entries_of(session, order_id):
        recheck(session, entry)
        kinds[entry.kind] += 1
    assert kinds == {"sale": 1, "payment": 1, "provider_fee": 1, "release": 1, "refund": 1, "refund_paid": 1, "fetched_back": 1}
    session.rollback()
    card_order()
    days(18)
    assert open_debts(session) == [] and balance(session, "seller_payable", alice.id).minor == 0
    assert session.scalars(select(Release).order_by(Release.id.desc())).first().withheld_minor == kept and verify(session).ok


def test_what_the_seller_still_has_of_it_is_fetched_and_nothing_is_owed(app, session, doing, lowered, run_jobs, alice):
    order_id, kept = lowered
    goes_back(app, doing, order_id, 5000, run_jobs)
    assert open_debts(session) == [] and balance(session, "seller_payable", alice.id).minor == 0


def test_a_release_that_fails_leaves_the_older_debt_and_no_other(app, session, doing, debt, card_order, days, bank, alice):
    """The sale goes back while its lowered release is on its way; then that release fails: what it kept back is owed as before."""
    order_id, _intent = card_order()
    days(8, jobs=False)
    session.rollback()
    handed = session.scalars(select(Release).order_by(Release.id.desc())).first()
    assert handed.state == "asked" and handed.withheld_minor > 0
    handed_id, kept = handed.id, handed.withheld_minor
    with app.app_context(), doing() as w:
        paying.refund(w, w.session.get_one(Order, order_id), Money(19900, "CNY"), "back", "after_sales")
    assert [row[2] for row in open_debts(session)] == [], "it isn't owed before the release has happened"
    with app.app_context(), doing() as w:
        talking.settle(w, "release", handed_id, Moved(state="failed", why="account_closed"))
    assert open_debts(session) == [("short", kept, "balance_insufficient")]
