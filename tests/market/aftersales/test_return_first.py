"""A mediator decides: the thing first, then the money. Each side has its days; nobody gets both, and nothing waits for ever."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.errors import Invalid, Refused
from core.goods.models import Item
from core.work import Actor, work
from market.aftersales import actions
from market.aftersales.models import Case
from market.listings.models import Listing
from market.orders.models import Order
from market.payments.models import Refund
from privacy.clearance.queries import find_clearance
from tests.market_stories import checked, listed_coat, listed_laptop, ordered, sold

DAY = timedelta(days=1)


@pytest.fixture
def mediated(doing, alice, bob):
    """A coat for 199 yuan that isn't as it was told; the two don't agree."""
    return disputed(doing, listed_coat(doing, alice), alice, bob)


def disputed(doing, listing_id, alice, bob, **check):
    order_id = ordered(doing, listing_id, bob)
    assert checked(doing, order_id, bob, **check)
    sold(doing, order_id, alice)
    with doing(bob) as w:
        order = w.session.get_one(Order, order_id)
        case_id = actions.open_case(w, order, kind="refund", ground="not_as_told", words="不符", amount=5000).id
    for who, step in ((alice, lambda w, case: actions.answer(w, case, False, "没问题")), (bob, lambda w, case: actions.mediate(w, case, "请裁决"))):
        with doing(who) as w:
            step(w, case_in(w, case_id))
    return order_id, case_id


def case_in(w, case_id):
    return w.session.get_one(Case, case_id, with_for_update=True)


def sweep(at, day):
    with at(day) as w:
        actions.run_out(w)


def decided(at, case_id, mediator, granted=19900, day=1):
    with at(day, mediator) as w:
        actions.decide(w, case_in(w, case_id), granted, "货不对板，退货退款", outcome="return_first")


def stands(session, order_id, case_id):
    session.rollback()
    case, order = session.get_one(Case, case_id), session.get_one(Order, order_id)
    return case.state, order.refunded_minor, session.get_one(Item, order.item_id).owner_id


@pytest.mark.parametrize("granted", [19900, 12000])
def test_the_thing_first_then_the_money(session, at, mediated, mediators, alice, bob, granted):
    order_id, case_id = mediated
    decided(at, case_id, mediators[0], granted)
    sweep(at, 8.1)
    assert stands(session, order_id, case_id) == ("accepted", 0, bob.id), "no money before the thing is back"
    with at(9, alice) as w:
        actions.take_back(w, case_in(w, case_id))
    assert stands(session, order_id, case_id) == ("settled", granted, alice.id)
    assert [one.amount_minor for one in session.scalars(select(Refund))] == [granted]
    with pytest.raises(Refused, match="given_back"), at(10, bob) as w:
        actions.open_case(w, w.session.get_one(Order, order_id), kind="refund", ground="missing", words="还少了", amount=1)


def test_on_appeal_it_is_final_at_once(session, at, mediated, mediators, alice, bob):
    order_id, case_id = mediated
    with at(1, mediators[0]) as w:
        actions.decide(w, case_in(w, case_id), 0, "没有证据")
    with at(2, bob) as w:
        actions.appeal(w, case_in(w, case_id), "看照片")
    decided(at, case_id, mediators[1], day=3)
    assert stands(session, order_id, case_id) == ("accepted", 0, bob.id)


def test_who_doesnt_send_it_back_keeps_the_thing_and_gets_no_money(session, at, mediated, mediators, bob):
    order_id, case_id = mediated
    decided(at, case_id, mediators[0])
    for day in (8.1, 14.9):
        sweep(at, day)
        assert stands(session, order_id, case_id)[0] == "accepted"
    sweep(at, 15.2)
    assert stands(session, order_id, case_id) == ("settled", 0, bob.id) and not session.scalars(select(Refund)).all()


def test_a_seller_who_doesnt_say_that_it_is_back_doesnt_keep_both(session, at, mediated, mediators, alice, bob):
    order_id, case_id = mediated
    decided(at, case_id, mediators[0])
    sweep(at, 8.1)
    with pytest.raises(Invalid, match="proof_missing") as no, at(10, bob) as w:
        actions.sent_back(w, case_in(w, case_id), " ")
    assert no.value.field == "words"
    with pytest.raises(Refused, match="not_yours"), at(10, alice) as w:
        actions.sent_back(w, case_in(w, case_id), "我说的")
    with at(10, bob) as w:
        actions.sent_back(w, case_in(w, case_id), "顺丰 SF0011223344")
    sweep(at, 16.9)
    assert stands(session, order_id, case_id)[0] == "accepted"
    sweep(at, 17.1)
    assert stands(session, order_id, case_id) == ("settled", 19900, alice.id)


def test_a_parcel_of_stones_goes_to_another_mediator(session, at, mediated, mediators, people, alice, bob):
    order_id, case_id = mediated
    decided(at, case_id, mediators[0])
    sweep(at, 8.1)
    with at(9, bob) as w:
        actions.sent_back(w, case_in(w, case_id), "顺丰 SF0011223344")
    with at(10, alice) as w:
        actions.mediate(w, case_in(w, case_id), "寄来的是石头")
    sweep(at, 30)
    assert stands(session, order_id, case_id) == ("mediation", 0, bob.id), "its clock stands while a mediator looks"
    with pytest.raises(Refused, match="not_impartial"), at(31, mediators[0]) as w:
        actions.decide(w, case_in(w, case_id), 0, "x")
    with at(31, mediators[1]) as w:
        actions.decide(w, case_in(w, case_id), 0, "没有退回原物")
    sweep(at, 39)
    assert stands(session, order_id, case_id) == ("settled", 0, bob.id)


def test_whoever_decided_on_appeal_doesnt_decide_once_more(at, mediated, mediators, alice, bob):
    _order_id, case_id = mediated
    with at(1, mediators[0]) as w:
        actions.decide(w, case_in(w, case_id), 0, "没有证据")
    with at(2, bob) as w:
        actions.appeal(w, case_in(w, case_id), "看照片")
    decided(at, case_id, mediators[1], day=3)
    with at(4, alice) as w:
        actions.mediate(w, case_in(w, case_id), "没有退")
    for mediator in mediators:
        with pytest.raises(Refused, match="not_impartial"), at(5, mediator) as w:
            actions.decide(w, case_in(w, case_id), 0, "x")


def test_nothing_goes_back_for_nothing_or_from_somebody_elses_hands(session, at, mediated, mediators, charlie):
    order_id, case_id = mediated
    with pytest.raises(Invalid, match="nothing_for_it") as no:
        decided(at, case_id, mediators[0], 0)
    assert no.value.field == "return_first"
    with at(0.5) as w:
        w.session.get_one(Item, w.session.get_one(Order, order_id).item_id).owner_id = charlie.id
    with pytest.raises(Invalid, match="nothing_for_it"):
        decided(at, case_id, mediators[0])
    assert stands(session, order_id, case_id)[0] == "mediation"


def test_before_it_is_decided_nothing_is_to_be_sent(at, mediated, bob):
    with pytest.raises(Refused, match="nothing_to_send"), at(1, bob) as w:
        actions.sent_back(w, case_in(w, mediated[1]), "我寄了")


def test_a_device_that_goes_back_is_wiped_anew(app, session, doing, at, mediators, alice, bob, wang, zhao, shop):
    from core import secrets
    from core.goods.models import Identifier

    laptop = listed_laptop(app, doing, alice, wang, zhao, shop)
    item_id = session.get_one(Listing, laptop).item_id
    numbers = [secrets.decrypt(one, "identifier") for one in session.scalars(select(Identifier.value).where(Identifier.item_id == item_id))]
    session.rollback()
    with app.app_context():
        order_id, case_id = disputed(doing, laptop, alice, bob, tail=numbers[0][-4:])
        epoch = session.get_one(Item, item_id).epoch
        decided(at, case_id, mediators[0], 1000)
        sweep(at, 8.1)
        with at(9, alice) as w:
            actions.take_back(w, case_in(w, case_id))
    assert stands(session, order_id, case_id) == ("settled", 1000, alice.id)
    assert session.get_one(Item, item_id).epoch == epoch + 1 and find_clearance(session, item_id) is None


def test_on_the_phone(session, at, mediated, mediators, alice, bob):
    order_id, case_id = mediated
    path, mei = f"/cases/{case_id}", mediators[0].client()
    assert 'name="return_first"' in mei.get(path).text
    wrong = mei.post(f"{path}/decide", data={"amount": "0", "words": "理由", "return_first": "y"})
    assert wrong.status_code == 422 and 'id="return_first-error"' in wrong.text
    assert mei.post(f"{path}/decide", data={"amount": "199", "words": "理由", "return_first": "y"}).status_code == 303
    with clock.stopped_at(clock.now() + 8 * DAY):
        with work(session, Actor("system:t"), clock.now()) as w:
            actions.run_out(w)
        buyer, seller = bob.client(language="zh"), alice.client(language="zh")
        page = buyer.get(path).text
        assert f"{path}/sent_back" in page and "先退货" in page and f"{path}/take_back" not in page
        assert f"{path}/take_back" in seller.get(path).text and f"{path}/sent_back" not in seller.get(path).text
        assert buyer.post(f"{path}/sent_back", data={"words": ""}).status_code == 422
        assert buyer.post(f"{path}/sent_back", data={"words": "顺丰 SF0011223344", "once": "k"}).status_code == 303
        assert seller.post(f"{path}/take_back").status_code == 303
    assert stands(session, order_id, case_id) == ("settled", 19900, alice.id)
