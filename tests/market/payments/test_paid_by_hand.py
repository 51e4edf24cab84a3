"""A move that failed and that staff made in another way: it counts, the books tell it, and no clock makes it a second time."""

import pytest
from sqlalchemy import select

from core.queue.models import QueueEntry
from market.ledger.models import Entry, LedgerAccount, Posting
from market.orders import actions
from market.orders.models import Order
from market.payments import talking
from market.payments.contract import Moved
from market.payments.models import PaymentIntent, Refund, Release
from market.payments.queries import held


@pytest.fixture
def answers(session, people):
    """An administrator answers what waits of a kind, as on the queue's page."""
    ada = people.person("Ada")
    people.give_role(ada, "administrator", people.organisation("P", "platform"))

    def give(kind: str, verdict: str) -> int:
        session.rollback()
        entry = session.scalars(select(QueueEntry).where(QueueEntry.kind == kind, QueueEntry.state == "open")).one().id
        session.rollback()
        words = {"verdict": verdict, "reason": "银行转账，十二月一日"}
        status = ada.client().post(f"/queue/{entry}/answer", data=words).status_code
        session.rollback()
        return status

    return give


@pytest.fixture
def refund_failed(app, session, doing, card_order, bob):
    order_id, intent_id = card_order(kept=True)
    with app.app_context():
        with doing(bob) as w:
            actions.cancel(w, w.session.get_one(Order, order_id))
        with doing() as w:
            talking.settle(w, "refund", w.session.scalars(select(Refund)).one().id, Moved(state="failed", why="lost_or_stolen_card"))
    return order_id, intent_id


@pytest.fixture
def release_failed(app, session, doing, card_order, days):
    order_id, intent_id = card_order()
    days(8, jobs=False)
    with app.app_context(), doing() as w:
        talking.settle(w, "release", w.session.scalars(select(Release)).one().id, Moved(state="failed", why="account_closed"))
    return order_id, intent_id


def rows(session, kind):
    session.rollback()
    return sorted(one.state for one in session.scalars(select(kind)))


def owed(session, subject, account):
    query = select(Posting.amount_minor).join(Entry, Entry.id == Posting.entry_id).join(LedgerAccount, LedgerAccount.id == Posting.account_id)
    return sum(session.scalars(query.where(Entry.subject_id == subject, LedgerAccount.kind == account)))


def test_what_staff_paid_back_isnt_paid_back_again(session, refund_failed, answers, days):
    order_id, intent_id = refund_failed
    assert owed(session, order_id, "buyer") == 19900
    assert answers("refund_failed", "paid_otherwise") == 303
    assert owed(session, order_id, "buyer") == 0 and held(session, session.get_one(PaymentIntent, intent_id)).minor == 0
    assert session.get_one(Order, order_id).state == "refunded"
    days(81)
    assert rows(session, Refund) == ["by_hand"]


def test_what_staff_still_look_at_isnt_paid_back_by_a_clock(session, refund_failed, answers, days):
    days(81)
    assert rows(session, Refund) == ["failed"]
    assert answers("refund_failed", "paid_otherwise") == 303
    assert rows(session, Refund) == ["by_hand"]


def test_what_staff_handed_on_isnt_handed_on_again(session, release_failed, answers, days):
    order_id, intent_id = release_failed
    assert owed(session, order_id, "seller_payable") == session.scalars(select(Release)).one().amount_minor
    assert answers("release_failed", "paid_otherwise") == 303
    assert owed(session, order_id, "seller_payable") == 0 and held(session, session.get_one(PaymentIntent, intent_id)).minor == 0
    assert session.get_one(Order, order_id).holder == "nobody"
    days(61, 81)
    assert rows(session, Refund) == [] and rows(session, Release) == ["by_hand"]


def test_an_account_in_order_again_gets_its_money(session, release_failed, answers, run_jobs, days):
    order_id, _ = release_failed
    assert answers("release_failed", "again") == 303
    run_jobs()
    assert rows(session, Release) == ["done", "failed"] and session.get_one(Order, order_id).holder == "nobody"
    days(81)
    assert rows(session, Refund) == []


def test_not_owed_any_more_moves_nothing(session, release_failed, answers, days):
    assert answers("release_failed", "not_owed") == 303
    days(81)
    assert rows(session, Refund) == [] and rows(session, Release) == ["failed"]
