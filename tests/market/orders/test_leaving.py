"""Nobody leaves while somebody else still waits for them: an order, a case, money on its way back."""

import pytest

from core import ports
from market.aftersales import actions as cases
from market.aftersales.models import Case
from market.orders.models import Order
from market.payments import actions as payments
from market.payments.models import Refund
from tests.market_stories import checked, listed_coat, ordered, sold


@pytest.fixture
def held_by(app, session):
    def ask(person):
        session.rollback()
        with app.app_context():
            return [one.code for one in ports.holds(session, person.id)]

    return ask


@pytest.fixture
def bought(doing, alice, bob):
    order_id = ordered(doing, listed_coat(doing, alice), bob)
    checked(doing, order_id, bob)
    sold(doing, order_id, alice)
    return order_id


def claimed(doing, order_id, buyer):
    with doing(buyer) as w:
        order = w.session.get_one(Order, order_id)
        return cases.open_case(w, order, kind="refund", ground="not_as_told", words="坏的", amount=5000).id


def test_who_has_done_all_there_is_may_leave(held_by, bought, alice, bob):
    assert held_by(alice) == held_by(bob) == []


def test_an_open_case_keeps_both_and_so_does_its_mediation(session, doing, held_by, bought, alice, bob):
    case_id = claimed(doing, bought, bob)
    assert held_by(alice) == held_by(bob) == ["case_open"]
    with doing(alice) as w:
        cases.answer(w, w.session.get_one(Case, case_id), False, "它是好的")
    with doing(bob) as w:
        cases.mediate(w, w.session.get_one(Case, case_id), "请看照片")
    assert session.get_one(Order, bought).state == "disputed"
    assert held_by(alice) == held_by(bob) == ["case_open"]


def test_a_case_that_its_buyer_takes_back_keeps_nobody(doing, held_by, bought, alice, bob):
    case_id = claimed(doing, bought, bob)
    with doing(bob) as w:
        cases.withdraw(w, w.session.get_one(Case, case_id))
    assert held_by(alice) == held_by(bob) == []


def test_money_that_is_still_to_go_back_keeps_both_until_it_is_there(session, doing, held_by, bought, alice, bob):
    case_id = claimed(doing, bought, bob)
    with doing(alice) as w:
        cases.answer(w, w.session.get_one(Case, case_id), True, "")
    assert session.get_one(Order, bought).state == "completed"
    assert "refund_open" in held_by(alice) and "refund_open" in held_by(bob)
    assert "还要退给买家" in alice.client(language="zh").get("/me/settings/close").text
    refund_id = session.query(Refund).one().id
    with doing(alice) as w:
        payments.say_refunded(w, w.session.get_one(Refund, refund_id))
    with doing(bob) as w:
        payments.confirm_refunded(w, w.session.get_one(Refund, refund_id))
    assert "refund_open" not in held_by(alice) and "refund_open" not in held_by(bob)
