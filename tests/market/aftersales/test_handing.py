"""What is given in exchange gets to its buyer as at a sale: sent with a number, or checked in person and given for a code."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import ids
from core.errors import Invalid, Refused
from core.goods import custody
from market.aftersales import actions, exchanging, handing
from market.aftersales.models import Case
from market.listings.models import Listing
from market.orders import parcel, replacement_ways, replacing
from market.orders.models import Order
from market.orders.replacement_models import Replacement, ReplacementWay
from tests.exchange_stories import all_told, code_of, given, item_of, looked_at, sent, step, tail_of
from tests.market_stories import HOME, by_parcel, listed_coat, state_of

# --- by parcel ---------------------------------------------------------------------------------------------------


@pytest.fixture
def chosen(doing, case_id, other, alice):
    """The old one is back, and what Alice gives instead she also sends."""
    step(doing, case_id, alice, exchanging.choose, by_parcel(doing, alice, other))
    step(doing, case_id, alice, actions.take_back)
    return case_id


def test_by_parcel_it_is_the_buyers_when_they_say_so(session, doing, chosen, other, alice, bob):
    with pytest.raises(Refused, match="agree_first"):
        step(doing, chosen, alice, handing.send, "sf", "SF1234567890")
    step(doing, chosen, bob, handing.agree, [], "parcel")
    with pytest.raises(Refused, match="address_first"):
        step(doing, chosen, alice, handing.send, "sf", "SF1234567890")
    with pytest.raises(Refused, match="not_sent"):
        step(doing, chosen, bob, handing.arrived)
    sent(doing, chosen, alice, bob)
    step(doing, chosen, alice, handing.send, "sf", "sf 1234567890")
    session.rollback()
    row, case = replacement_ways.find_way(session, chosen), session.get_one(Case, chosen)
    assert row.sent_at is not None and case.due_at == row.sent_at + timedelta(days=10), "sent again: it is on its way"
    assert item_of(session, other).owner_id == alice.id, "hers until he has it"
    for no in (lambda: step(doing, chosen, alice, handing.send, "sf", "SF9999999999"), lambda: step(doing, chosen, alice, exchanging.let_go),
               lambda: step(doing, chosen, bob, handing.agree, [], "meet")):  # fmt: skip
        with pytest.raises(Refused, match="sent_already"):
            no()
    with pytest.raises(Refused, match="not_yours"):
        step(doing, chosen, alice, handing.arrived)
    step(doing, chosen, bob, handing.arrived)
    step(doing, chosen, bob, handing.arrived)
    session.rollback()
    assert session.get_one(Case, chosen).state == "settled" and item_of(session, other).owner_id == bob.id
    assert session.scalars(select(Replacement)).one().listing_id == other and state_of(session, other) == "sold"
    assert [one.what for one in session.get_one(Case, chosen).lines][-3:] == ["agreed", "shipped", "settled"]


def test_only_where_the_seller_sends(doing, case_id, other, alice, bob):
    step(doing, case_id, alice, exchanging.choose, other)
    for way in ("parcel", "", "pigeon"):
        with pytest.raises(Invalid, match="way_unknown") as no:
            step(doing, case_id, bob, handing.agree, [], way)
        assert no.value.field == "way"
    step(doing, case_id, bob, handing.agree, [], "meet")


def test_without_a_word_it_counts_as_received_and_not_with_a_mediator(session, doing, at, chosen, other, mediators, alice, bob):
    sent(doing, chosen, alice, bob)
    with at(9.9) as w:
        actions.run_out(w)
    assert state_of(session, other) == "reserved"
    step(doing, chosen, bob, actions.mediate, "没有收到")
    with at(11) as w:
        actions.run_out(w)
    assert state_of(session, other) == "reserved" and item_of(session, other).owner_id == alice.id
    step(doing, chosen, bob, handing.arrived)
    session.rollback()
    assert session.get_one(Case, chosen).state == "settled" and item_of(session, other).owner_id == bob.id, "it came after all"


def test_ten_days_later_it_is_his(session, doing, at, chosen, other, alice, bob):
    sent(doing, chosen, alice, bob)
    with at(10.1) as w:
        actions.run_out(w)
    session.rollback()
    assert session.get_one(Case, chosen).state == "settled" and item_of(session, other).owner_id == bob.id
    assert "按已收到处理" in bob.client(language="zh").get("/inbox").text


def test_a_parcel_that_never_came_is_decided_with_money_and_isnt_on_sale_meanwhile(
    session, doing, chosen, other, mediators, alice, bob, at
):  # fmt: skip
    sent(doing, chosen, alice, bob)
    step(doing, chosen, bob, actions.mediate, "没有收到")
    step(doing, chosen, mediators[0], actions.decide, 19900, "快递丢失")
    with at(7.1) as w:
        actions.run_out(w)
    session.rollback()
    assert session.get_one(Order, session.get_one(Case, chosen).order_id).refunded_minor == 19900
    assert state_of(session, other) == "paused", "its seller puts it up again once they have it"


def test_the_address_is_for_who_sends_it_and_goes_a_month_later(session, doing, at, chosen, alice, bob):
    step(doing, chosen, bob, handing.agree, [], "parcel")
    for field, home in (("name", ("", *HOME[1:])), ("mobile", (HOME[0], "12", HOME[2]))):
        with pytest.raises(Invalid) as no:
            step(doing, chosen, bob, handing.address, parcel.Address(*home))
        assert no.value.field == field
    sent(doing, chosen, alice, bob)
    session.rollback()
    row = replacement_ways.find_way(session, chosen)
    assert HOME[2] not in row.to and row.masked == "王** 139****8000"
    order = session.get_one(Order, row.order_id)
    assert parcel.personal_exchanges(session, order, bob.id) == [list(HOME)]
    assert parcel.personal_exchanges(session, order, alice.id) == []
    step(doing, chosen, bob, handing.arrived)
    for days, there in ((29, True), (31, False)):
        with at(days) as w:
            parcel.erase_old(w)
        session.rollback()
        row = session.scalars(select(ReplacementWay)).one()
        assert bool(row.to) is there and bool(row.masked) is there
    assert row.carrier == "sf", "what was sent how stays"


def test_by_parcel_on_the_phone(session, doing, chosen, alice, bob, charlie):
    seller, buyer, path = alice.client(language="zh"), bob.client(), f"/cases/{chosen}"
    to = buyer.post(f"{path}/exchange", data={"way": "parcel", "once": "c" * 26})
    assert to.headers["Location"].endswith(f"{path}/exchange/address")
    assert "erased a month after the exchange" in buyer.get(f"{path}/exchange/address").text
    assert seller.get(f"{path}/exchange/address").status_code == 403 and seller.get(f"{path}/exchange/send").status_code == 303
    assert buyer.post(f"{path}/exchange/address", data={"name": "王小明", "once": "d" * 26}).status_code == 422
    home = dict(zip(("name", "mobile", "address"), HOME, strict=True))
    assert buyer.post(f"{path}/exchange/address", data={**home, "once": "d" * 26}).status_code == 303
    page = seller.get(path).text
    assert HOME[2] not in page and "139****8000" in page
    assert HOME[2] in seller.get(f"{path}/exchange/send").text and buyer.get(f"{path}/exchange/send").status_code == 403
    no = seller.post(f"{path}/exchange/send", data={"carrier": "sf", "tracking": "?", "once": "e" * 26})
    assert no.status_code == 422 and 'id="tracking-error"' in no.text
    sending = {"carrier": "sf", "tracking": "SF1234567890", "once": "e" * 26}
    assert [seller.post(f"{path}/exchange/send", data=sending).status_code for _ in range(2)] == [303, 303]
    for page in (seller.get(path).text, buyer.get(path).text):
        assert "SF1234567890" in page
    assert "counts as received on the" in buyer.get(path).text and f"{path}/exchange/got" not in seller.get(path).text
    assert f"{path}/replacement" not in seller.get(path).text, "nothing else is chosen now"
    assert charlie.client().post(f"{path}/exchange/got").status_code == 403
    assert [buyer.post(f"{path}/exchange/got").status_code for _ in range(2)] == [303, 303]
    session.rollback()
    assert session.get_one(Case, chosen).state == "settled"
    assert "SF1234567890" in buyer.get(path).text, "how it was given stays to be read"


# --- in person ----------------------------------------------------------------------------------------------------


def test_one_no_at_the_check_and_another_thing_is_chosen(session, doing, chosen, other, alice, bob):
    step(doing, chosen, bob, handing.agree, [], "meet")
    assert not looked_at(doing, chosen, bob, same_thing="no")
    session.rollback()
    case = session.get_one(Case, chosen)
    assert (case.state, case.replacement_id, state_of(session, other)) == ("back", None, "paused")
    third = listed_coat(doing, alice, title="第三件")
    step(doing, chosen, alice, exchanging.choose, third)
    given(doing, chosen, alice, bob)
    assert state_of(session, third) == "sold" and "没有通过当面验机" in alice.client(language="zh").get("/inbox").text


def test_the_code_counts_after_the_check_only_and_only_the_right_one(session, doing, chosen, alice, bob):
    step(doing, chosen, bob, handing.agree, [], "meet")
    with pytest.raises(Refused, match="check_first"):
        step(doing, chosen, alice, handing.hand_over, code_of(session, chosen))
    assert looked_at(doing, chosen, bob)
    with pytest.raises(Invalid, match="receipt_code_wrong"):
        step(doing, chosen, alice, handing.hand_over, ids.new_checked_code())
    with pytest.raises(Refused, match="not_yours"):
        step(doing, chosen, bob, handing.hand_over, code_of(session, chosen))
    step(doing, chosen, alice, handing.hand_over, ids.grouped(code_of(session, chosen)))


def test_the_database_gives_nothing_that_was_neither_checked_nor_sent(session, doing, chosen, other, alice, bob):
    step(doing, chosen, bob, handing.agree, [], "meet")
    def past_the_check():
        with doing(alice) as w:
            case = w.session.get_one(Case, chosen)
            replacing.give(w, w.session.get_one(Order, case.order_id), other, case=(case.id, case.number), ticked=[])

    with pytest.raises(IntegrityError, match="checked in person or sent"):
        past_the_check()
    looked_at(doing, chosen, bob)
    past_the_check()


# --- devices ---------------------------------------------------------------------------------------------------------


def test_a_no_that_breaks_the_seal_ends_its_clearance(session, doing, laptops, alice, bob):
    case_id, _first, second = laptops
    step(doing, case_id, alice, exchanging.choose, second)
    step(doing, case_id, alice, actions.take_back)
    step(doing, case_id, bob, handing.agree, all_told(session, second), "meet")
    with pytest.raises(Invalid, match="serial_differs") as no:
        looked_at(doing, case_id, bob, tail="0000")
    assert no.value.field == "serial_tail"
    assert not looked_at(doing, case_id, bob, tail=tail_of(session, second), no_account="no")
    session.rollback()
    assert state_of(session, second) == "waiting_wipe" and session.get_one(Case, case_id).replacement_id is None
    assert [one.what for one in session.get_one(Case, case_id).lines][-2:] == ["let_go", "not_taken"]


def test_a_device_whose_clearance_ends_on_its_way_goes_back(session, doing, laptops, alice, bob):
    case_id, _first, second = laptops
    with doing() as w:
        w.session.get_one(Listing, second).by_parcel = True
    step(doing, case_id, alice, exchanging.choose, second)
    step(doing, case_id, alice, actions.take_back)
    sent(doing, case_id, alice, bob, all_told(session, second))
    with doing(alice) as w:
        custody.raise_epoch(w, item_of(w.session, second), "seal_broken")
    session.rollback()
    assert session.get_one(Case, case_id).replacement_id is None and replacement_ways.find_way(session, case_id) is None
    assert "请寄回" in bob.client(language="zh").get("/inbox").text
    with pytest.raises(Refused, match="not_chosen"):
        step(doing, case_id, bob, handing.arrived)


def test_a_mediator_who_finds_that_it_came_gives_it(session, doing, at, chosen, other, mediators, alice, bob):
    """Nothing goes back: the coat is Bob's, and Alice can't sell it once more. Its twin with money is the parcel that never came."""
    sent(doing, chosen, alice, bob)
    step(doing, chosen, bob, actions.mediate, "没有收到")
    step(doing, chosen, mediators[0], actions.decide, 0, "签收记录清楚，已送达")
    with at(8) as w:
        actions.run_out(w)
    session.rollback()
    assert session.get_one(Case, chosen).state == "settled" and item_of(session, other).owner_id == bob.id
    assert state_of(session, other) == "sold" and session.scalars(select(Replacement)).one().listing_id == other


def test_what_is_dropped_on_its_way_leaves_the_seller_days_to_choose_again(session, doing, laptops, alice, bob):
    case_id, _first, second = laptops
    with doing() as w:
        w.session.get_one(Listing, second).by_parcel = True
    step(doing, case_id, alice, exchanging.choose, second)
    step(doing, case_id, alice, actions.take_back)
    sent(doing, case_id, alice, bob, all_told(session, second))
    with doing(alice) as w:
        custody.raise_epoch(w, item_of(w.session, second), "seal_broken")
        now = w.now
    session.rollback()
    case = session.get_one(Case, case_id)
    assert case.replacement_id is None and abs(case.due_at - now - timedelta(days=7)) < timedelta(minutes=1)
