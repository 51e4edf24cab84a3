"""A resident books a slot, follows the device like a parcel; a full slot is told, a missed one is cleared."""

import threading
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core import clock, ids
from core.clock import LOCAL_ZONE
from core.errors import Busy, Forbidden, Invalid, Refused
from core.people.models import Notice
from core.work import Actor, work
from privacy.booking import actions, queries
from privacy.booking.models import BenchPoint, Booking
from privacy.wipes import actions as wipes
from privacy.wipes.models import WipeJob
from tests import stories

HDD = stories.disks("hdd")
EVERY_DAY = {day: "9:00-18:00" for day in range(7)}


def offer(doing, who, org, **also):
    told = {"taking": True, "kinds": ["hdd", "ssd"], "price": 2000, "hours": EVERY_DAY, "closed": [], "minutes": 60, "places": 1, "note": ""}
    with doing(who) as w:
        actions.offer(w, org, **{**told, **also})


@pytest.fixture
def manager(people, shop):
    mu = people.person("Mu")
    people.give_role(mu, "shop_manager", shop)
    return mu


@pytest.fixture
def tomorrow():
    day = clock.now().astimezone(LOCAL_ZONE).date() + timedelta(days=1)
    return datetime.combine(day, time(10), LOCAL_ZONE)


@pytest.fixture
def agreed(doing, alice, manager, wang, shop):
    offer(doing, manager, shop)
    return stories.consented(doing, stories.laptop(doing, alice, disks=HDD[:1]), alice)


def book(doing, who, job_id, org, slot):
    with doing(who) as w:
        return actions.book(w, w.session.get_one(WipeJob, job_id), org, slot).id


def state(session, booking_id):
    session.expire_all()
    return session.get(Booking, booking_id).state


def test_booked_received_and_told(doing, session, alice, wang, shop, agreed, tomorrow):
    found = book(doing, alice, agreed, shop, tomorrow)
    assert state(session, found) == "booked" and queries.find_open(session, agreed).price == 2000
    with doing(wang) as w:
        wipes.receive(w, w.session.get_one(WipeJob, agreed), shop)
    assert state(session, found) == "received"


def test_another_choice_gives_the_first_slot_back(doing, session, alice, shop, agreed, tomorrow):
    first = book(doing, alice, agreed, shop, tomorrow)
    assert book(doing, alice, agreed, shop, tomorrow) == first, "the same once more changes nothing"
    second = book(doing, alice, agreed, shop, tomorrow + timedelta(hours=1))
    assert (state(session, first), state(session, second)) == ("cancelled", "booked")


def test_one_place_is_given_once(doing, session, alice, bob, shop, agreed, tomorrow):
    other = stories.consented(doing, stories.laptop(doing, bob, serial="PF2XK9B2", disks=HDD[1:2]), bob)
    first = book(doing, alice, agreed, shop, tomorrow)
    with pytest.raises(Refused, match="slot_full"):
        book(doing, bob, other, shop, tomorrow)
    with doing(alice) as w:
        actions.give_back(w, w.session.get_one(Booking, first))
    book(doing, bob, other, shop, tomorrow)


def test_a_moment_isnt_given_twice_when_slots_got_another_length(doing, session, alice, bob, manager, shop, agreed, tomorrow):
    """Ten to eleven is booked; then slots last half an hour."""
    other = stories.consented(doing, stories.laptop(doing, bob, serial="PF2XK9B2", disks=HDD[1:2]), bob)
    first = book(doing, alice, agreed, shop, tomorrow)
    offer(doing, manager, shop, minutes=30)
    half = tomorrow + timedelta(minutes=30)
    with pytest.raises(Refused, match="slot_full"):
        book(doing, bob, other, shop, half)
    with pytest.raises((Busy, DBAPIError)), doing(bob) as w:  # the database itself says no
        w.put(Booking(id=ids.new_id(), job_id=other, org_id=shop, slot=half, until=half + timedelta(minutes=30), price=0, booked_by=bob.id,
                      booked_at=w.now, ended_at=None, facts={}))  # fmt: skip
    with doing(alice) as w:
        actions.give_back(w, w.session.get_one(Booking, first))
    book(doing, bob, other, shop, half)


def test_two_at_once_over_real_connections(app, doing, session, alice, bob, shop, agreed, tomorrow):
    other = stories.consented(doing, stories.laptop(doing, bob, serial="PF2XK9B2", disks=HDD[1:2]), bob)
    session.rollback()
    answers, gate = [], threading.Barrier(2)

    def go(who, job_id):
        with app.extensions["xunshi_db"].session() as own:
            gate.wait()
            try:
                with work(own, Actor(who.id), clock.now()) as w:
                    actions.book(w, w.session.get_one(WipeJob, job_id), shop, tomorrow)
                answers.append("won")
            except (Refused, Busy):
                answers.append("told")

    both = [threading.Thread(target=go, args=pair) for pair in ((alice, agreed), (bob, other))]
    [one.start() for one in both]
    [one.join() for one in both]
    assert sorted(answers) == ["told", "won"]
    assert len(session.scalars(select(Booking).where(Booking.state == "booked")).all()) == 1


def test_only_the_owner_books(doing, alice, bob, shop, agreed, tomorrow):
    with pytest.raises(Forbidden):
        book(doing, bob, agreed, shop, tomorrow)
    book(doing, alice, agreed, shop, tomorrow)


def test_before_agreeing_there_is_nothing_to_book(doing, alice, manager, shop, wang, tomorrow):
    offer(doing, manager, shop)
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    with doing(alice) as w:
        job_id = wipes.open_job(w, item_id).id
    with pytest.raises(Refused, match="consent_first_book"):
        book(doing, alice, job_id, shop, tomorrow)


@pytest.mark.parametrize("shift", [timedelta(minutes=7), timedelta(days=30), timedelta(days=-2), timedelta(hours=9)])
def test_a_time_nobody_offered_is_refused(doing, alice, shop, agreed, tomorrow, shift):
    with pytest.raises(Refused, match="slot_full"):
        book(doing, alice, agreed, shop, tomorrow + shift)
    book(doing, alice, agreed, shop, tomorrow)


def test_a_point_that_cannot_wipe_it_or_takes_nobody(doing, session, alice, manager, shop, agreed, tomorrow):
    offer(doing, manager, shop, kinds=["nvme"])
    assert [one.org.id for one in queries.points(session, clock.now(), media=["hdd"])] == []
    with pytest.raises(Refused, match="not_offered"):
        book(doing, alice, agreed, shop, tomorrow)
    offer(doing, manager, shop, taking=False)
    with pytest.raises(Refused, match="point_closed"):
        book(doing, alice, agreed, shop, tomorrow)
    offer(doing, manager, shop)
    session.expire_all()
    assert [one.org.id for one in queries.points(session, clock.now(), media=["hdd"])] == [shop]
    book(doing, alice, agreed, shop, tomorrow)


def test_the_offer_is_checked(doing, session, bob, manager, shop, wang):
    with pytest.raises(Invalid) as no:
        offer(doing, manager, shop, hours={2: "12-9"})
    assert (no.value.code, no.value.field) == ("hours_order", "day_2")
    with pytest.raises(Invalid, match="kinds_missing"):
        offer(doing, manager, shop, kinds=[])
    with pytest.raises(Invalid, match="kinds_missing"):
        offer(doing, manager, shop, kinds=["unknown"])
    with pytest.raises(Forbidden):
        offer(doing, bob, shop)
    assert session.get(BenchPoint, shop) is None
    offer(doing, wang, shop)


def test_nobody_came(doing, session, alice, shop, agreed, tomorrow):
    found = book(doing, alice, agreed, shop, tomorrow)
    with work(session, Actor("system:sweep"), tomorrow + timedelta(hours=1)) as w:
        actions.remind_and_clear(w)
    assert state(session, found) == "booked"
    with work(session, Actor("system:sweep"), tomorrow + timedelta(hours=3)) as w:
        actions.remind_and_clear(w)
    assert state(session, found) == "missed"
    assert session.get(WipeJob, agreed).state == "consented", "the agreed wipe is not lost"


def test_one_word_the_day_before(doing, session, alice, shop, agreed, tomorrow):
    book(doing, alice, agreed, shop, tomorrow)
    for hours in (30, 20, 10):
        with work(session, Actor("system:sweep"), tomorrow - timedelta(hours=hours)) as w:
            actions.remind_and_clear(w)
    told = [one for one in session.scalars(select(Notice).where(Notice.account_id == alice.id)) if "within a day" in one.sentence]
    assert len(told) == 1


def test_a_cancelled_wipe_gives_its_slot_back(doing, session, alice, shop, agreed, tomorrow):
    found = book(doing, alice, agreed, shop, tomorrow)
    with doing(alice) as w:
        wipes.cancel(w, w.session.get_one(WipeJob, agreed))
    assert state(session, found) == "cancelled"


def test_pages_from_the_list_to_the_slot(doing, session, alice, wang, manager, shop, agreed):
    page = alice.client().get("/points").text
    assert "¥20.00" in page and "next free" in page
    client = alice.client()
    page = client.get(f"/wipes/{agreed}/book").text
    value = page.split('name="slot" value="')[1].split('"')[0]
    assert client.post(f"/wipes/{agreed}/book", data={"slot": value}).status_code == 303
    assert "Your slot" in client.get(f"/wipes/{agreed}").text
    for wrong in ("", "x", f"{shop}|yesterday", f"{shop}|2026-11-23T10:00:00"):
        assert client.post(f"/wipes/{agreed}/book", data={"slot": wrong}).status_code == 422
    day = manager.client().get(f"/points/{shop}/day")
    assert day.status_code == 200
    offered = manager.client().get(f"/points/{shop}/bench").text
    assert "9:00-18:00" in offered
    bad = manager.client().post(f"/points/{shop}/bench", data={"kinds": "hdd", "price": "-3", "minutes": "30", "places": "1"})
    assert bad.status_code == 422
    good = manager.client().post(
        f"/points/{shop}/bench", data={"taking": "y", "kinds": "hdd", "price": "19.90", "minutes": "30", "places": "2", "day_0": "9-12"}
    )
    assert good.status_code == 303
    session.expire_all()
    assert session.get(BenchPoint, shop).price == 1990


def test_a_device_in_the_pocket_is_asked_more():
    from privacy.wipes.rules import TICKS, ticks_for, unticked

    four = dict.fromkeys(("backup", "final", "accounts", "cards"), True)
    assert unticked(four, ticks_for("bare_drive")) == []
    assert unticked(four, ticks_for("laptop")) == unticked(four, ticks_for("desktop")) == ["chats"]
    assert unticked(four, ticks_for("phone")) == ["chats", "wallet", "watch"]
    assert unticked(dict.fromkeys(TICKS, True), ticks_for("phone")) == []


def test_the_owners_code_is_not_what_the_evidence_has_to_carry(doing, session, alice, wang, manager, shop, agreed):
    """Who knows the challenge before the wipe can write it into an old file. The owner gets a code of her own."""
    owner, operator = alice.client(), wang.client()
    job = session.get_one(WipeJob, agreed)
    mine, before = job.drop_code, job.challenge
    session.rollback()
    assert mine and before == "", "nobody knows it before the wipe begins"
    assert ids.grouped(mine) in owner.get(f"/wipes/{agreed}").text
    assert operator.post("/wipes/open", data={"code": mine, "org": shop}).location.endswith(f"/wipes/{agreed}/bench")
    assert operator.post(f"/wipes/{agreed}/start", data={"org": shop}).status_code == 303
    challenge = session.get_one(WipeJob, agreed).challenge
    session.rollback()
    assert challenge and challenge != mine
    assert ids.grouped(challenge) in operator.get(f"/wipes/{agreed}/bench").text
    assert ids.grouped(challenge) not in owner.get(f"/wipes/{agreed}").text


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("UPDATE wipe_jobs SET drop_code = 'OTHER123'", "keeps its codes"),
        ("UPDATE wipe_jobs SET challenge = 'OTHER123'", "keeps its codes"),
        ("UPDATE wipe_jobs SET challenge = drop_code WHERE challenge = ''", "codes_apart"),
    ],
)
def test_the_database_keeps_the_two_codes_apart(doing, session, alice, wang, shop, agreed, sql, message):
    if "drop_code WHERE" not in sql:
        with doing(wang) as w:
            wipes.start(w, w.session.get_one(WipeJob, agreed), shop)
    with pytest.raises(DBAPIError, match=message), doing() as w:
        w.session.execute(text(sql))


def test_every_page_calls_the_owners_code_by_one_name():
    """送机码, and nothing beside it."""
    said = "".join(path.read_text(encoding="utf-8") for path in Path("translations/zh").glob("*.po"))
    assert "送机码" in said and "送检码" not in said
