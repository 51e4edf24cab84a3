"""What becomes of held money when a case is taken back, refused, decided, or left alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from market.aftersales import actions as cases
from market.aftersales.models import Case
from market.ledger.actions import reverse
from market.ledger.models import Entry
from market.orders import paying
from market.orders.models import Order
from market.payments import talking
from market.payments.contract import Moved
from market.payments.models import PaymentIntent, Refund, Release
from market.payments.queries import held
from tests.market_stories import checked, listed_coat, ordered, sold


@pytest.fixture
def claim(doing, bob):
    """Bob opens a case of an order. Returns its id."""

    def make(order_id: str, *, buyer=None, kind: str = "refund", amount: int = 5000) -> str:
        with doing(buyer or bob) as w:
            order = w.session.get_one(Order, order_id)
            return cases.open_case(w, order, kind=kind, ground="not_as_told", words="袖口破了", amount=amount).id

    return make


@pytest.fixture
def case_does(doing):
    def act(who, case_id: str, step, *words) -> None:
        with doing(who) as w:
            step(w, w.session.get_one(Case, case_id), *words)

    return act


def refunds(session):
    session.rollback()
    return [(one.amount_minor, one.why, one.state) for one in session.scalars(select(Refund).order_by(Refund.id))]


def releases(session):
    session.rollback()
    return sorted((one.amount_minor + one.fee_minor, one.state) for one in session.scalars(select(Release)))


def still_held(session, intent_id):
    session.rollback()
    return held(session, session.get_one(PaymentIntent, intent_id)).minor


def test_a_case_taken_back_lets_the_order_go_on_and_its_own_date_brings_the_seller_the_money(
    session, card_order, claim, case_does, days, run_jobs, bob
):  # fmt: skip
    order_id, intent_id = card_order()
    case_does(bob, claim(order_id), cases.withdraw)
    run_jobs()
    assert session.get_one(Order, order_id).state == "received" and releases(session) == []
    days(8)
    assert session.get_one(Order, order_id).state == "completed"
    assert releases(session) == [(19900, "done")] and still_held(session, intent_id) == 0
    days(8, 61, 81)
    assert refunds(session) == []


def test_a_case_that_goes_on_keeps_the_money_where_it_is(session, card_order, claim, days):
    order_id, intent_id = card_order()
    claim(order_id)
    days(8)
    assert releases(session) == [] and still_held(session, intent_id) == 19900


def test_a_release_that_failed_can_be_made_again(app, session, doing, card_order, days, run_jobs):
    order_id, _ = card_order()
    days(8, jobs=False)
    with app.app_context():
        with doing() as w:
            talking.settle(w, "release", w.session.scalars(select(Release)).one().id, Moved(state="failed", why="account_closed"))
        with doing() as w:
            paying.release(w, w.session.get_one(Order, order_id))
        with doing() as w:
            paying.release(w, w.session.get_one(Order, order_id))
    run_jobs()
    assert releases(session) == [(19900, "done"), (19900, "failed")]
    assert session.get_one(Order, order_id).holder == "nobody"


def test_a_release_that_failed_is_never_turned_into_a_refund(app, session, doing, card_order, days):
    card_order()
    days(8, jobs=False)
    with app.app_context(), doing() as w:
        talking.settle(w, "release", w.session.scalars(select(Release)).one().id, Moved(state="failed", why="account_closed"))
    days(61, 81)
    assert refunds(session) == []


@pytest.mark.parametrize("state", ["mediation", "appealed"])
def test_only_what_was_agreed_on_is_made_good(session, doing, people, claim, case_does, alice, bob, state):
    order_id = ordered(doing, listed_coat(doing, alice), bob)
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    case_id = claim(order_id, kind="repair", amount=0)
    case_does(alice, case_id, cases.answer, False, "没有问题")
    case_does(bob, case_id, cases.mediate, "请调解")
    if state == "appealed":
        case_does(people.person("Mei"), case_id, cases.decide, 5000, "一半")
        case_does(alice, case_id, cases.appeal, "没看照片")
    session.rollback()
    assert session.get_one(Case, case_id).state == state
    assert bob.client().post(f"/cases/{case_id}/made_good").status_code == 409


def test_an_agreed_repair_is_made_good(session, doing, claim, case_does, alice, bob):
    order_id = ordered(doing, listed_coat(doing, alice), bob)
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    case_id = claim(order_id, kind="repair", amount=0)
    case_does(alice, case_id, cases.answer, True, "")
    assert bob.client().post(f"/cases/{case_id}/made_good").status_code == 303
    session.rollback()
    assert session.get_one(Case, case_id).state == "settled"


def test_a_refused_case_left_alone_stays_refused(session, card_order, claim, case_does, days, alice):
    order_id, _ = card_order()
    case_id = claim(order_id, amount=100)
    case_does(alice, case_id, cases.answer, False, "没有问题")
    days(13)
    assert session.get_one(Case, case_id).state == "refused" and releases(session) == []
    days(15)
    assert session.get_one(Case, case_id).state == "settled" and releases(session) == [(19900, "done")]
    days(61, 81)
    assert refunds(session) == [] and session.get_one(Order, order_id).state == "completed"


def test_a_refusal_from_before_gets_its_date(session, doing, card_order, claim, case_does, days, alice):
    case_id = claim(card_order()[0])
    case_does(alice, case_id, cases.answer, False, "没有问题")
    with doing() as w:
        w.session.get_one(Case, case_id).due_at = None
    days(1)
    assert session.get_one(Case, case_id).state == "refused"
    days(16)
    assert session.get_one(Case, case_id).state == "settled" and releases(session) == [(19900, "done")]


def test_a_refused_case_goes_to_a_mediator_in_time(session, card_order, claim, case_does, days, alice, bob):
    case_id = claim(card_order()[0])
    case_does(alice, case_id, cases.answer, False, "没有问题")
    case_does(bob, case_id, cases.mediate, "请调解")
    days(15)
    assert session.get_one(Case, case_id).state == "mediation" and releases(session) == []


@pytest.mark.slow
def test_what_nobody_decided_goes_back_by_the_order_and_the_case_can_still_end(
    session, people, card_order, claim, case_does, days, alice, bob
):  # fmt: skip
    order_id, intent_id = card_order()
    case_id = claim(order_id)
    case_does(alice, case_id, cases.answer, False, "没有问题")
    case_does(bob, case_id, cases.mediate, "请调解")
    days(81)
    assert refunds(session) == [(19900, "hold_ended", "done")] and still_held(session, intent_id) == 0
    order = session.get_one(Order, order_id)
    assert (order.state, order.refunded_minor) == ("refunded", 19900)
    case_does(people.person("Mei"), case_id, cases.decide, 0, "钱已退回")
    days(90)
    session.rollback()
    assert session.get_one(Case, case_id).state == "settled" and len(refunds(session)) == 1


def test_a_case_can_be_taken_back_after_the_hold_ended(session, card_order, claim, case_does, days, bob):
    order_id, _ = card_order()
    case_id = claim(order_id)
    days(81)
    case_does(bob, case_id, cases.withdraw)
    session.rollback()
    assert (session.get_one(Case, case_id).state, session.get_one(Order, order_id).state) == ("withdrawn", "refunded")


def test_a_small_case_that_is_settled_leaves_the_rest_its_own_clock(session, card_order, claim, case_does, days, alice, bob):
    order_id, intent_id = card_order()
    case_does(alice, claim(order_id, amount=500), cases.answer, True, "")
    days(1)
    order = session.get_one(Order, order_id)
    assert (order.state, order.refunded_minor, order.completed_at) == ("received", 500, None)
    assert releases(session) == [] and still_held(session, intent_id) == 19400
    case_does(alice, claim(order_id, amount=1000), cases.answer, True, "")  # the next thing that is wrong finds its money there
    days(8)
    assert session.get_one(Order, order_id).state == "completed" and releases(session) == [(18400, "done")]
    assert refunds(session) == [(500, "after_sales", "done"), (1000, "after_sales", "done")]


def test_a_case_that_is_settled_after_its_time_lets_the_rest_go_at_once(session, card_order, claim, case_does, days, alice):
    order_id, _ = card_order()
    case_id = claim(order_id, amount=500)
    days(8)
    assert session.get_one(Order, order_id).state == "after_sales" and releases(session) == []
    with clock.stopped_at(clock.now() + timedelta(days=9)):
        case_does(alice, case_id, cases.answer, True, "")
    days(9)
    assert session.get_one(Order, order_id).state == "completed" and releases(session) == [(19400, "done")]


def test_a_case_that_takes_all_back_closes_everything(session, card_order, claim, case_does, days, alice):
    order_id, intent_id = card_order()
    case_does(alice, claim(order_id, amount=19900), cases.answer, True, "")
    days(1, 8)
    assert session.get_one(Order, order_id).state == "refunded" and releases(session) == [] and still_held(session, intent_id) == 0


# --- a sale taken back by hand ------------------------------------------------------------------------------------


def sale_of(session, order_id):
    session.rollback()
    found = session.scalars(select(Entry).where(Entry.subject_id == order_id, Entry.kind == "sale")).one().id
    session.rollback()
    return found


def test_a_sale_isnt_taken_back_by_hand_while_its_money_is_held(session, doing, people, card_order, days):
    ada = people.person("Ada")
    people.give_role(ada, "administrator", people.organisation("P", "platform"))
    order_id, intent_id = card_order()
    entry = sale_of(session, order_id)
    answer = ada.client().post(f"/books/entries/{entry}/reverse", data={"why": "typed twice"})
    assert answer.status_code == 409 and "taking the entry back would change the books" in answer.text
    assert still_held(session, intent_id) == 19900
    days(8)
    with doing(ada) as w:
        reverse(w, w.session.get_one(Entry, entry), "typed twice")  # nothing is held any more: a correction of the books is one
    session.rollback()
    assert session.scalars(select(Entry).where(Entry.reverses_id == entry)).one().kind == "reversal"


def test_a_sale_that_nobody_held_money_for_is_taken_back_by_hand(session, doing, alice, bob):
    order_id = ordered(doing, listed_coat(doing, alice), bob)
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    entry = sale_of(session, order_id)
    with doing() as w:
        reverse(w, w.session.get_one(Entry, entry), "booked by mistake")
    session.rollback()
    assert session.scalars(select(Entry).where(Entry.reverses_id == entry)).one().posted
