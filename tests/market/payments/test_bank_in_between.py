"""The payer's bank, or the operator at the provider, moves money in the midst of an order: nothing stops, nothing is paid twice."""

import pytest
from sqlalchemy import select

from core.money import Money
from core.ports import ItemFrozen, PersonSuspended, happened
from market.aftersales import actions as cases
from market.aftersales.models import Case
from market.orders.models import Order
from market.payments import news, talking
from market.payments.contract import Moved
from market.payments.models import PaymentIntent, Refund, Release
from tests.market_stories import listed_coat, reserved


@pytest.fixture
def charged_back(session, bank):
    """Bob's bank takes the payment back; `won`: it decides at once, for Alice or against her."""

    def take(intent_id: str, won: bool | None = None) -> None:
        session.rollback()
        pay_ref = session.get_one(PaymentIntent, intent_id).pay_ref
        session.rollback()
        bank.lever("dispute", payment_intent=pay_ref, amount=19900)
        bank.deliver()
        if won is not None:
            decided(bank, won)

    return take


def decided(bank, won):
    bank.lever("decide", dispute=bank.things("dispute")[0]["id"], won="1" if won else "0")
    bank.deliver()


def moves(session, kind):
    session.rollback()
    found = sorted((one.amount_minor, one.state, one.fault) for one in session.scalars(select(kind)))
    session.rollback()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("won", [None, False])
def test_an_order_closes_while_the_bank_examines_it_and_holds_up_nobody(
    session, doing, card_order, charged_back, days, alice, charlie, won
):  # fmt: skip
    order_id, intent_id = card_order()
    charged_back(intent_id, won)
    other = reserved(doing, listed_coat(doing, alice), charlie)
    days(8)
    session.rollback()
    assert session.get_one(Order, other).state == "expired" and session.get_one(Order, order_id).state == "completed"
    assert moves(session, Release) == [], "while it is examined nothing moves; once it is lost nothing is held"


def test_what_the_bank_gives_back_goes_to_the_seller(session, bank, card_order, charged_back, days, run_jobs):
    _, intent_id = card_order()
    charged_back(intent_id)
    days(8)
    assert moves(session, Release) == []
    decided(bank, True)
    run_jobs()
    assert [state for _, state, _ in moves(session, Release)] == ["done"]


@pytest.mark.parametrize("won", [None, False])
@pytest.mark.parametrize("what", ["frozen", "suspended"])
def test_a_thing_is_frozen_and_a_person_suspended_whatever_the_bank_does(
    app, session, doing, card_order, charged_back, alice, what, won
):  # fmt: skip
    order_id, intent_id = card_order(kept=True)
    charged_back(intent_id, won)
    with app.app_context(), doing() as w:
        item_id = w.session.get_one(Order, order_id).item_id
        happened(w, ItemFrozen(item_id, "report_upheld") if what == "frozen" else PersonSuspended(alice.id, "fraud"))
    session.rollback()
    assert session.get_one(Order, order_id).state == ("cancelled" if won is None else "refunded") and moves(session, Refund) == []


def test_a_called_off_order_is_paid_back_once_the_bank_has_decided(app, session, doing, bank, card_order, charged_back, run_jobs, bob):
    order_id, intent_id = card_order(kept=True)
    charged_back(intent_id)
    assert bob.client().post(f"/orders/{order_id}/cancel").status_code == 303
    assert moves(session, Refund) == []
    decided(bank, True)
    run_jobs()
    assert moves(session, Refund) == [(19900, "done", "")]
    session.rollback()
    assert session.get_one(Order, order_id).state == "refunded"


@pytest.mark.parametrize("won", [None, False])
def test_a_decided_case_is_carried_out_whatever_the_bank_does(
    app, session, doing, people, card_order, charged_back, days, alice, bob, won
):  # fmt: skip
    order_id, intent_id = card_order()
    with doing(bob) as w:
        order = w.session.get_one(Order, order_id)
        case_id = cases.open_case(w, order, kind="refund", ground="not_as_told", words="x", amount=5000).id
    for who, step, words in ((alice, cases.answer, (False, "没有")), (bob, cases.mediate, ("请调解",)), (people.person("Mei"), cases.decide, (5000, "一半"))):
        with doing(who) as w:
            step(w, w.session.get_one(Case, case_id), *words)
    charged_back(intent_id, won)
    days(8)
    session.rollback()
    assert session.get_one(Case, case_id).state == "settled" and moves(session, Refund) == []


def test_a_part_sent_back_at_the_provider_lowers_what_the_seller_gets(app, session, doing, card_order, days):
    order_id, intent_id = card_order()
    with app.app_context(), doing() as w:
        intent = w.session.get_one(PaymentIntent, intent_id)
        row = news._adopted(w, intent, Moved(state="done", ref="re_x", row="", amount=Money(1000, "CNY")), 1000)
        talking.settle(w, "refund", row.id, Moved(state="done", ref="re_x", row=""))
    days(8)
    session.rollback()
    order, row = session.get_one(Order, order_id), session.scalars(select(Release)).one()
    assert order.refunded_minor == 1000 and row.state == "done" and row.amount_minor + row.fee_minor == 18900
