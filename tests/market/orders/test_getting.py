"""How an order is got: they agree on a place, or it goes by parcel; addresses are for one order, masked, and erased."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core import clock
from core.audit import AuditLine, AuditPending
from core.clock import LOCAL_ZONE
from core.errors import Invalid, Refused
from core.goods.models import Item
from core.work import Actor, work
from market.listings.models import Listing
from market.orders import meeting, parcel, timers
from market.orders.getting_models import Meeting, Parcel
from market.orders.models import Order
from market.payments import actions as payments
from market.payments.models import PaymentIntent
from tests.market_stories import checked, ordered, state_of

HOME = parcel.Address("王小明", "139 1234 8000", "杭州市西湖区文三路 1 号")


@pytest.fixture
def met(doing, coat, bob):
    return ordered(doing, coat, bob)


@pytest.fixture
def sent(doing, coat, bob):
    """Ordered by parcel, paid by bank transfer, which the seller confirmed."""
    with doing() as w:
        w.session.get_one(Listing, coat).by_parcel = True
    return ordered(doing, coat, bob, payment="bank_transfer", fulfilment="parcel")


def pay(doing, session, order_id, seller):
    with doing(seller) as w:
        payments.confirm_received(w, w.session.scalars(select(PaymentIntent).where(PaymentIntent.subject_id == order_id)).one())
    assert session.get_one(Order, order_id).state == "paid"


def proposed(doing, order_id, who, *, place="地铁文三路站 A 口", hours=5, org=None):
    with doing(who) as w:
        at = w.now + timedelta(hours=hours)
        return meeting.propose(w, w.session.get_one(Order, order_id), org_id=org, place=place, meet_at=at).id


def answered(doing, order_id, meeting_id, who, agreed):
    with doing(who) as w:
        meeting.answer(w, w.session.get_one(Order, order_id), w.session.get_one(Meeting, meeting_id), agreed)


# --- meeting ------------------------------------------------------------------------------------------------------


def test_one_proposes_the_other_agrees_and_the_reservation_holds_on(session, doing, met, alice, bob):
    before = session.get_one(Order, met).reserved_until
    first = proposed(doing, met, bob, hours=100)
    answered(doing, met, first, alice, True)
    row, order = session.get_one(Meeting, first), session.get_one(Order, met)
    assert row.state == "agreed" and order.reserved_until == row.meet_at + timedelta(hours=24) > before
    page = alice.client().get(f"/orders/{met}").text
    assert "Agreed" in page and "地铁文三路站" in page


@pytest.mark.slow
def test_a_new_proposal_replaces_the_open_one(session, doing, met, alice, bob):
    first = proposed(doing, met, bob)
    second = proposed(doing, met, alice, place="西湖文化广场")
    states = dict(session.execute(select(Meeting.id, Meeting.state)).all())
    assert states == {first: "replaced", second: "proposed"}
    with pytest.raises(Refused, match="meeting_answered"):
        answered(doing, met, first, alice, True)
    answered(doing, met, second, bob, False)
    assert session.get_one(Meeting, second).state == "declined"


def test_nobody_answers_their_own_proposal(doing, met, bob):
    with pytest.raises(Refused, match="meeting_answered"):
        answered(doing, met, proposed(doing, met, bob), bob, True)


@pytest.mark.parametrize(("hours", "code"), [(0.1, "meeting_too_soon"), (-3, "meeting_too_soon"), (15 * 24, "meeting_too_late")])
def test_a_time_that_makes_no_sense_is_said_at_its_field(doing, met, bob, hours, code):
    with pytest.raises(Invalid, match=code) as no:
        proposed(doing, met, bob, hours=hours)
    assert no.value.field == "meet_at"


def test_a_place_is_chosen_or_written(doing, met, bob, shop):
    with pytest.raises(Invalid, match="place_missing"):
        proposed(doing, met, bob, place="  ")
    with pytest.raises(Invalid, match="place_unknown"):
        proposed(doing, met, bob, org="nowhere")
    assert proposed(doing, met, bob, org=shop)


def test_shops_of_the_district_come_first(session, people, shop):
    people.organisation("拱墅寄卖店")
    with work(session, Actor("system:x"), clock.now()) as w:
        from core.people.models import Organisation

        w.session.scalars(select(Organisation).where(Organisation.name == "拱墅寄卖店")).one().district = "330105"
    assert [one.name for one in meeting.safe_points(session, "330105")][0] == "拱墅寄卖店"
    assert [one.name for one in meeting.safe_points(session, "330106")][0] == "西湖旧货行"


def test_the_meeting_page_on_the_phone(session, met, alice, bob, charlie, shop):
    client, path = bob.client(language="zh"), f"/orders/{met}/meeting"
    assert "西湖旧货行" in client.get(path).text
    assert client.post(path, data={"point": shop, "meet_at": "soon"}).status_code == 422
    when = (clock.now() + timedelta(hours=6)).astimezone(LOCAL_ZONE).strftime("%Y-%m-%dT%H:%M")
    assert client.post(path, data={"point": shop, "meet_at": when}).status_code == 303
    row = session.scalars(select(Meeting)).one()
    assert charlie.client().post(f"{path}/{row.id}/agree").status_code == 404
    assert client.post(f"{path}/{row.id}/agree").status_code == 409, "one's own"
    assert alice.client().post(f"{path}/{row.id}/agree").status_code == 303
    assert "已约定" in client.get(f"/orders/{met}").text or "同意" in client.get(f"/orders/{met}").text


# --- parcel -------------------------------------------------------------------------------------------------------


def addressed(doing, order_id, who, to=HOME):
    with doing(who) as w:
        return parcel.give_address(w, w.session.get_one(Order, order_id), to).id


def test_a_parcel_from_address_to_receipt(session, doing, sent, alice, bob):
    addressed(doing, sent, bob)
    pay(doing, session, sent, alice)
    with doing(alice) as w:
        assert parcel.look_at_address(w, w.session.get_one(Order, sent)) == HOME
    with doing(alice) as w:
        parcel.ship(w, w.session.get_one(Order, sent), "sf", "sf 1234 5678 90")
    order = session.get_one(Order, sent)
    assert order.state == "shipped" and order.confirm_until == order.shipped_at + timedelta(days=10)
    with doing(bob) as w:
        parcel.confirm_receipt(w, w.session.get_one(Order, sent))
    assert session.get_one(Order, sent).state == "completed", "nobody holds money: it closes at once"
    assert session.get_one(Item, order.item_id).owner_id == bob.id


def test_nobody_is_sent_anything_before_it_is_paid(doing, sent, alice, bob):
    addressed(doing, sent, bob)
    with pytest.raises(Refused), doing(alice) as w:
        parcel.look_at_address(w, w.session.get_one(Order, sent))
    with pytest.raises(Refused, match="not_in_this_state"), doing(alice) as w:
        parcel.ship(w, w.session.get_one(Order, sent), "sf", "SF1234567890")


@pytest.mark.parametrize(("carrier", "tracking", "field"), [
    ("pigeon", "SF1234567890", "carrier"), ("sf", "12", "tracking"), ("sf", "SF12345678901234567890123456789012", "tracking"),
    ("sf", "运单号", "tracking"),
])  # fmt: skip
def test_carrier_and_number_are_looked_at(session, doing, sent, alice, bob, carrier, tracking, field):
    addressed(doing, sent, bob)
    pay(doing, session, sent, alice)
    with pytest.raises(Invalid) as no, doing(alice) as w:
        parcel.ship(w, w.session.get_one(Order, sent), carrier, tracking)
    assert no.value.field == field and session.get_one(Order, sent).state == "paid"


def test_the_address_is_nowhere_in_plain_and_each_look_is_on_record(session, doing, sent, alice, bob, database):
    addressed(doing, sent, bob)
    pay(doing, session, sent, alice)
    page = alice.client().get(f"/orders/{sent}/ship")
    assert "文三路" in page.text
    assert "文三路" not in alice.client().get(f"/orders/{sent}").text and "王** 139****8000" in alice.client().get(f"/orders/{sent}").text
    with database.engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM order_parcels")).one()
    assert "文三路" not in str(row) and "13912348000" not in str(row)
    words = [*session.scalars(select(AuditLine.word)), *session.scalars(select(AuditPending.line_no))]
    assert "market:parcel:looked" in words


def test_the_buyer_does_not_see_who_else_and_the_stranger_nothing(doing, sent, bob, charlie):
    addressed(doing, sent, bob)
    assert bob.client().get(f"/orders/{sent}/ship").status_code == 403
    assert charlie.client().get(f"/orders/{sent}/ship").status_code == 404
    assert charlie.client().get(f"/orders/{sent}/label.pdf").status_code == 404


def test_ten_days_after_it_was_sent_it_counts_as_received(session, doing, sent, alice, bob):
    addressed(doing, sent, bob)
    pay(doing, session, sent, alice)
    with doing(alice) as w:
        parcel.ship(w, w.session.get_one(Order, sent), "ems", "EA123456789CN")
    with work(session, Actor("system:t"), clock.now() + timedelta(days=9, hours=23)) as w:
        timers.run_out(w)
    assert session.get_one(Order, sent).state == "shipped"
    with work(session, Actor("system:t"), clock.now() + timedelta(days=10, hours=1)) as w:
        timers.run_out(w)
    assert session.get_one(Order, sent).state == "completed"


def test_what_comes_by_parcel_isnt_checked_in_person(session, doing, sent, coat, bob):
    answers = {"same_thing": "no", "defects": "yes"}
    assert bob.client().get(f"/orders/{sent}/check").status_code == 303
    assert bob.client().post(f"/orders/{sent}/check", data=answers).status_code == 409
    assert (session.get_one(Order, sent).state, state_of(session, coat)) == ("awaiting_payment", "reserved")
    with pytest.raises(Refused, match="not_in_person"):
        checked(doing, sent, bob, answers=answers)


def test_what_is_met_for_is_checked_in_person(session, doing, met, coat, bob):
    answers = {"same_thing": "no", "defects": "yes"}
    assert bob.client().get(f"/orders/{met}/check").status_code == 200
    assert bob.client().post(f"/orders/{met}/check", data=answers).status_code == 303
    assert (session.get_one(Order, met).state, state_of(session, coat)) == ("check_failed", "paused")


def test_a_transfer_has_days(session, doing, sent, alice, bob):
    order = session.get_one(Order, sent)
    assert order.reserved_until == order.contract_at + timedelta(days=3)
    with work(session, Actor("system:t"), clock.now() + timedelta(days=2, hours=23)) as w:
        timers.run_out(w)
    assert session.get_one(Order, sent).state == "awaiting_payment"
    with work(session, Actor("system:t"), clock.now() + timedelta(days=3, hours=1)) as w:
        timers.run_out(w)
    assert session.get_one(Order, sent).state == "expired", "nobody said that it is paid"


def test_a_transfer_that_its_buyer_made_doesnt_run_out(session, doing, sent, coat, alice, bob):
    with doing(bob) as w:
        payments.say_paid(w, w.session.scalars(select(PaymentIntent)).one())
    for days in (4, 8):  # however long the seller doesn't look
        with work(session, Actor("system:t"), clock.now() + timedelta(days=days)) as w:
            timers.run_out(w)
        order = session.get_one(Order, sent)
        assert order.state == "awaiting_payment" and order.reserved_until == w.now + timedelta(days=3)
        assert (session.scalars(select(PaymentIntent.state)).one(), state_of(session, coat)) == ("said", "reserved")
    assert "买家表示" in alice.client(language="zh").get("/inbox").text
    session.rollback()
    pay(doing, session, sent, alice)


def test_who_says_paid_and_didnt_pay_is_called_off(session, doing, sent, alice, bob):
    with doing(bob) as w:
        payments.say_paid(w, w.session.scalars(select(PaymentIntent)).one())
    assert alice.client().post(f"/orders/{sent}/cancel").status_code == 303
    assert session.get_one(Order, sent).state == "cancelled"


def test_a_month_after_the_end_the_address_is_gone(session, doing, sent, alice, bob):
    addressed(doing, sent, bob)
    with doing(bob) as w:
        from market.orders import actions

        actions.cancel(w, w.session.get_one(Order, sent))
    for days, gone in ((29, False), (31, True)):
        with work(session, Actor("system:t"), clock.now() + timedelta(days=days)) as w:
            parcel.erase_old(w)
        row = session.scalars(select(Parcel)).one()
        assert (row.to == "", row.masked == "", row.erased_at is not None) == (gone, gone, gone)


def test_an_erased_address_does_not_come_back_by_sql(session, doing, sent, bob):
    addressed(doing, sent, bob)
    with pytest.raises(IntegrityError), doing(bob) as w:
        w.session.execute(text("UPDATE order_parcels SET erased_at = '2026-01-01T00:00:00.000000Z'"))


def test_label_for_the_inside_shows_the_mask_only(doing, sent, alice, bob):
    addressed(doing, sent, bob)
    answer = alice.client().get(f"/orders/{sent}/label.pdf")
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF")


@pytest.mark.parametrize("field", ["name", "mobile", "address"])
def test_a_missing_part_of_an_address_is_said_at_its_field(doing, sent, bob, field):
    data = {"name": "王小明", "mobile": "13912348000", "address": "文三路 1 号"}
    answer = bob.client().post(f"/orders/{sent}/address", data={**data, field: " "})
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert bob.client().post(f"/orders/{sent}/address", data=data).status_code == 303
