"""What becomes of held money when a parcel is missed: it goes back whole, or on to the seller, once and in the end always."""

import random
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.errors import Invalid, Refused
from core.work import work
from market.aftersales import actions as cases
from market.aftersales import undelivered
from market.aftersales.models import Case
from market.ledger.actions import balance
from market.ledger.queries import verify
from market.orders import parcel
from market.orders.models import Order
from market.orders.settling import fee_given_back
from market.payments.models import PaymentIntent, Refund, Release, Reversal
from market.payments.queries import held
from tests.explained import recheck_all
from tests.soak import soak

DAY = timedelta(days=1)


@pytest.fixture
def at(session):
    @contextmanager
    def open_work(days, who):
        with clock.stopped_at(clock.now() + days * DAY), work(session, who.actor, clock.now()) as w:  # ids follow the clock, too
            yield w

    return open_work


def order_in(w, order_id):
    return w.session.get_one(Order, order_id, with_for_update=True)


def case_in(w, case_id):
    return w.session.get_one(Case, case_id, with_for_update=True)


@pytest.fixture
def missed(at, bob):
    def miss(order_id, day=6, words="没到"):
        with at(day, bob) as w:
            return undelivered.miss(w, order_in(w, order_id), words, days=5).id

    return miss


def moved(session, intent_id):
    """(refunds, releases, still held) of a payment: what the provider was asked for and did."""
    session.rollback()
    back = [(one.amount_minor, one.why, one.state) for one in session.scalars(select(Refund).order_by(Refund.id))]
    on = [(one.amount_minor + one.fee_minor, one.state) for one in session.scalars(select(Release).order_by(Release.id))]
    return back, on, held(session, session.get_one(PaymentIntent, intent_id)).minor


def read(session, order_id):
    session.rollback()
    return session.get_one(Order, order_id)


def test_while_it_is_looked_for_the_money_stays_where_it_is(session, card_parcel, missed, days, at, alice):
    order_id, intent_id = card_parcel()
    case_id = missed(order_id)
    with at(7, alice) as w:
        undelivered.answer(w, case_in(w, case_id), False, "显示已签收")
    days(11, 18, 20)
    assert moved(session, intent_id) == ([], [], 19900) and read(session, order_id).holder == "platform_balance_at_provider"


def test_unmissed_the_same_days_bring_the_seller_the_money(session, card_parcel, days):
    order_id, intent_id = card_parcel()
    days(11, 20)
    assert moved(session, intent_id) == ([], [(19900, "done")], 0) and read(session, order_id).state == "completed"


def test_lost_all_of_it_goes_back_out_of_what_is_held(session, bank, card_parcel, missed, days, at, alice, bob):
    order_id, intent_id = card_parcel()
    case_id = missed(order_id)
    with at(7, alice) as w:
        undelivered.answer(w, case_in(w, case_id), True, "丢了")
    days(8)
    assert moved(session, intent_id) == ([(19900, "after_sales", "done")], [], 0)
    order = read(session, order_id)
    assert (order.state, order.holder, order.refunded_minor, order.ended_why) == ("refunded", "nobody", 19900, "lost_on_its_way")
    for kind, who in (("buyer", bob.id), ("seller_payable", alice.id)):
        assert balance(session, kind, who).minor == 0, (kind, "nothing is owed any more, and no fee is kept")
    days(61, 81)
    assert len(moved(session, intent_id)[0]) == 1 and moved(session, intent_id)[1] == []
    assert verify(session).ok
    recheck_all(session)


def test_a_seller_who_doesnt_answer_doesnt_keep_it_for_ever(session, card_parcel, missed, days):
    order_id, intent_id = card_parcel()
    missed(order_id)
    days(13.1, 14)
    assert moved(session, intent_id) == ([(19900, "after_sales", "done")], [], 0) and read(session, order_id).state == "refunded"


def test_it_came_after_all_and_the_seller_gets_it_at_the_usual_time(session, card_parcel, missed, days, at, bob):
    order_id, intent_id = card_parcel()
    case_id = missed(order_id)
    with at(8, bob) as w:
        undelivered.arrived(w, case_in(w, case_id))
    days(9, 14)
    assert moved(session, intent_id) == ([], [], 19900) and read(session, order_id).state == "received", "seven days to look at it"
    days(15.1)
    assert moved(session, intent_id) == ([], [(19900, "done")], 0) and read(session, order_id).state == "completed"


def test_it_came_after_all_and_something_is_wrong_with_it(session, card_parcel, missed, days, at, alice, bob):
    order_id, intent_id = card_parcel()
    first = missed(order_id)
    with at(8, bob) as w:
        undelivered.arrived(w, case_in(w, first))
    with at(9, bob) as w:
        second = cases.open_case(w, order_in(w, order_id), kind="refund", ground="not_as_told", words="破了", amount=900).id
    with at(9, alice) as w:
        cases.answer(w, case_in(w, second), True, "")
    days(10, 16)
    assert moved(session, intent_id) == ([(900, "after_sales", "done")], [(19000, "done")], 0) and first != second


def test_it_came_back_undelivered_and_the_price_too(session, card_parcel, days, at, alice):
    order_id, intent_id = card_parcel()
    with at(3, alice) as w:
        undelivered.come_back(w, order_in(w, order_id), "拒收")
    days(4, 12, 81)
    assert moved(session, intent_id) == ([(19900, "after_sales", "done")], [], 0) and read(session, order_id).state == "refunded"


@pytest.mark.slow
@pytest.mark.parametrize("outcome", ["arrived", "lost", "came_back"])
def test_what_nobody_decided_before_the_hold_ended_moves_no_second_time(
    session, people, card_parcel, missed, days, at, alice, bob, outcome
):  # fmt: skip
    order_id, intent_id = card_parcel()
    case_id = missed(order_id)
    with at(7, alice) as w:
        undelivered.answer(w, case_in(w, case_id), False, "显示已签收")
    with at(8, bob) as w:
        cases.mediate(w, case_in(w, case_id), "不是我签的")
    days(81)
    assert moved(session, intent_id) == ([(19900, "hold_ended", "done")], [], 0)
    with at(82, people.person("Mei")) as w:
        undelivered.decide(w, case_in(w, case_id), outcome, "迟了")
    days(90)
    session.rollback()
    assert session.get_one(Case, case_id).state == "settled" and read(session, order_id).state == "refunded"
    assert moved(session, intent_id) == ([(19900, "hold_ended", "done")], [], 0)


def test_a_parcel_still_on_its_way_when_the_hold_ends_counts_as_received(session, card_parcel, days):
    """Its clock had been put forward by cases; nobody says that it hasn't come, so the seller isn't left without thing and money."""
    order_id, intent_id = card_parcel()
    order = session.get_one(Order, order_id)
    order.confirm_until = order.confirm_until + 90 * DAY
    session.commit()
    days(79)
    assert read(session, order_id).state == "shipped" and moved(session, intent_id) == ([], [], 19900)
    days(81)
    assert moved(session, intent_id) == ([], [(19900, "done")], 0)
    assert read(session, order_id).state == "completed" and verify(session).ok


@pytest.mark.parametrize(("day", "goes"), [(69, True), (71, False)])
def test_what_could_not_arrive_within_the_hold_is_not_sent(session, card_parcel, at, alice, day, goes):
    order_id, intent_id = card_parcel(sent=False)
    with at(day, alice) as w:
        if goes:
            parcel.ship(w, order_in(w, order_id), "sf", "SF1234567890")
        else:
            with pytest.raises(Refused, match="hold_too_short"):
                parcel.ship(w, order_in(w, order_id), "sf", "SF1234567890")
    assert read(session, order_id).state == ("shipped" if goes else "paid")


# --- any history --------------------------------------------------------------------------------------------------


def paid_out(session, order_id, intent_id):
    """What went back and on in all, without what an ordinary case fetched back of it from the seller and the platform's fee."""
    back, on, _rest = moved(session, intent_id)
    fetched = sum(one.amount_minor for one in session.scalars(select(Reversal)))
    fees = fee_given_back(session.get_one(Order, order_id)).minor if fetched else 0
    return sum(one[0] for one in back) + sum(one[0] for one in on) - fetched - fees


def steps(people_by_name, order_id, session):
    """What anybody could try next; most of it is refused most of the time."""
    alice, bob, mei, mo = (people_by_name[one] for one in ("alice", "bob", "mei", "mo"))

    def about(step):
        def do(w):
            case = w.session.scalars(select(Case).where(Case.order_id == order_id).order_by(Case.id.desc())).first()
            if case is None:
                raise Refused("no_case", "")
            step(w, case_in(w, case.id))

        return do

    return [
        (bob, lambda w: undelivered.miss(w, order_in(w, order_id), "没到", days=5)), (bob, about(undelivered.arrived)),
        (bob, about(cases.withdraw)), (bob, lambda w: parcel.confirm_receipt(w, order_in(w, order_id))),
        (alice, about(lambda w, case: undelivered.answer(w, case, True, "丢了"))),
        (alice, about(lambda w, case: undelivered.answer(w, case, False, "签收了"))),
        (alice, lambda w: undelivered.come_back(w, order_in(w, order_id), "退回")),
        (bob, about(lambda w, case: cases.mediate(w, case, "请裁决"))), (alice, about(lambda w, case: cases.mediate(w, case, "请裁决"))),
        (mei, about(lambda w, case: undelivered.decide(w, case, "lost", "理由"))),
        (mo, about(lambda w, case: undelivered.decide(w, case, "arrived", "理由"))),
        (mei, about(lambda w, case: undelivered.decide(w, case, "came_back", "理由"))),
        (alice, about(lambda w, case: cases.appeal(w, case, "不服"))), (bob, about(lambda w, case: cases.appeal(w, case, "不服"))),
        (bob, lambda w: cases.open_case(w, order_in(w, order_id), kind="refund", ground="not_as_told", words="坏", amount=700)),
        (alice, about(lambda w, case: cases.answer(w, case, True, "好"))),
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(soak(60)))
def test_any_history_pays_the_price_once_and_keeps_nothing_for_ever(app, session, people, card_parcel, days, at, alice, bob, seed):
    """Whatever the two and the mediators try in whatever order: what went back and what went on never exceed the price, and in the
    end nothing is held: all of it went one way or, after an ordinary case, both ways in parts."""
    dice = random.Random(seed)
    order_id, intent_id = card_parcel()
    who = {"alice": alice, "bob": bob, "mei": people.person("Mei"), "mo": people.person("Mo")}
    day, tried = 0.0, 0
    for _turn in range(12):
        day += dice.choice((0.1, 0.5, 2, 5, 8))
        if day > 70:
            break
        days(day)
        for _try in range(4):
            person, step = dice.choice(steps(who, order_id, session))
            try:
                with app.app_context(), at(day, person) as w:
                    step(w)
                tried += 1
            except (Refused, Invalid):
                session.rollback()
        assert paid_out(session, order_id, intent_id) <= 19900, (seed, moved(session, intent_id))
    days(day + 8, 81, 100, 130)
    back, on, rest = moved(session, intent_id)
    order = read(session, order_id)
    assert rest == 0 and 19900 - fee_given_back(order).minor <= paid_out(session, order_id, intent_id), (seed, back, on, tried)
    assert order.refunded_minor == sum(one[0] for one in back) and len(on) <= 1
    assert balance(session, "buyer", bob.id).minor == balance(session, "seller_payable", alice.id).minor == 0
    assert verify(session).ok
    recheck_all(session)
