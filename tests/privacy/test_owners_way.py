"""What an owner is told on the way from "have it wiped" to the shelf, and what waits for whom at work."""

import re
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.clock import LOCAL_ZONE
from core.people.models import Notice
from privacy.booking import actions as booking
from privacy.booking import queries as slots
from privacy.wipes import actions, rules
from privacy.wipes.checklist_filling import BUILT_IN
from privacy.wipes.models import WipeJob
from tests import stories
from tests.privacy.checklists import walking

HDD = stories.disks("hdd")
EVERY_DAY = {day: "0:00-23:59" for day in range(7)}


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def offers(doing, who, org, *kinds):
    with doing(who) as w:
        booking.offer(
            w, org, taking=True, kinds=kinds, price=0, hours=EVERY_DAY, closed=[], minutes=60, places=1, note=""
        )


# --- agreeing ---


def test_what_is_missing_is_said_at_once(doing, alice, shop):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    with doing(alice) as w:
        job_id = actions.open_job(w, item_id).id
    client, path = alice.client(), f"/wipes/{job_id}/consent"
    answer = client.post(path, data={"backup": "y"})
    assert answer.status_code == 422
    for code in ("origin", "final", "accounts", "cards", "chats"):
        assert f'id="{code}-error"' in answer.text, code
    assert 'id="backup-error"' not in answer.text and 'id="watch-error"' not in answer.text
    whole = {"origin": "private", **dict.fromkeys(rules.ticks_for("laptop"), "y")}
    assert client.post(path, data=whole).status_code == 303


def test_what_is_refused_for_good_needs_no_ticks(doing, alice, shop):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    with doing(alice) as w:
        job_id = actions.open_job(w, item_id).id
    answer = alice.client().post(f"/wipes/{job_id}/consent", data={"origin": "state_secret"})
    assert answer.status_code == 303 and answer.location == f"/wipes/{job_id}"


@pytest.mark.parametrize(("brand", "model", "said"), [("凌云", "L20", "on record"), ("无名", "Q1", "not put on sale for now")])
def test_a_phones_owner_reads_before_agreeing_whether_it_can_be_listed(doing, alice, brand, model, said):
    item_id = walking.phone(doing, alice, brand=brand, model=model)
    client = alice.client()
    assert said in words(client.get(f"/items/{item_id}/wipe"))
    consent = client.post(f"/items/{item_id}/wipe").location
    assert said in words(client.get(consent))


def test_a_laptops_owner_reads_nothing_of_declarations(doing, alice):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    assert "declaration" not in words(alice.client().get(f"/items/{item_id}/wipe"))


# --- the way ---


def test_received_is_where_it_stands_and_nothing_is_asked_any_more(doing, alice, wang, shop):
    job_id = stories.consented(doing, stories.laptop(doing, alice, disks=HDD[:1]), alice)
    client = alice.client()
    before = words(client.get(f"/wipes/{job_id}"))
    assert "Drop-off code" in before and "Where and when do you bring it?" in before
    with doing(wang) as w:
        actions.receive(w, w.session.get_one(WipeJob, job_id), shop)
    after = words(client.get(f"/wipes/{job_id}"))
    assert "Drop-off code" not in after and "Where and when" not in after
    assert re.search(r"Agreed to done .*Received now", after), after


def test_from_the_certificate_to_the_shelf(app, doing, alice, wang, zhao, shop, session):
    stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    job = session.scalars(select(WipeJob)).one()
    job_id, item_id = job.id, job.item_id
    session.rollback()
    page = alice.client().get(f"/wipes/{job_id}").text
    assert f'href="/items/{item_id}/sell"' in page
    assert f'href="/items/{item_id}/sell"' not in zhao.client().get(f"/wipes/{job_id}").text


# --- slots ---


def test_a_phone_is_offered_only_points_that_can_wipe_what_is_built_in(doing, session, alice, wang, shop):
    assert slots.BUILT_IN == BUILT_IN
    job_id = stories.consented(doing, walking.phone(doing, alice), alice)
    client = alice.client()
    offers(doing, wang, shop, "hdd", "ssd", "nvme")
    assert "No point can wipe this kind of storage yet" in words(client.get(f"/wipes/{job_id}/book"))
    offers(doing, wang, shop, "hdd", BUILT_IN)
    assert "Book this time" in words(client.get(f"/wipes/{job_id}/book"))


def test_every_free_slot_can_be_chosen_and_the_inbox_tells_it(doing, session, alice, wang, shop):
    offers(doing, wang, shop, "hdd")
    job_id = stories.consented(doing, stories.laptop(doing, alice, disks=HDD[:1]), alice)
    client = alice.client()
    page = client.get(f"/wipes/{job_id}/book").text
    late = datetime.combine(clock.now().astimezone(LOCAL_ZONE).date() + timedelta(days=3), time(17), LOCAL_ZONE)
    assert f'<option value="{shop}|{late.isoformat()}"' in page
    assert page.count("<button") < 25 and page.count("<optgroup") >= 13
    assert client.post(f"/wipes/{job_id}/book", data={"slot": f"{shop}|{late.isoformat()}"}).status_code == 303
    told = session.scalars(select(Notice).where(Notice.account_id == alice.id).order_by(Notice.id.desc())).first()
    assert "booked a slot" in told.sentence and told.values["time"].endswith("17:00") and told.link == f"/wipes/{job_id}"


# --- at work ---


def test_who_comes_today_stands_on_the_desk_and_on_the_own_corner(doing, alice, wang, shop):
    offers(doing, wang, shop, "hdd")
    job_id = stories.consented(doing, stories.laptop(doing, alice, disks=HDD[:1]), alice)
    client = wang.client()
    assert "Booked for today" not in words(client.get("/wipes"))
    now = clock.now().astimezone(LOCAL_ZONE)
    day = datetime.combine(now.date(), time(9), LOCAL_ZONE)
    with clock.stopped_at(day), doing(alice) as w:
        booking.book(w, w.session.get_one(WipeJob, job_id), shop, day + timedelta(hours=9))
    desk = client.get("/wipes").text
    assert "Booked for today" in desk and f"/wipes/{job_id}/bench" in desk
    assert re.search(r"Booked for today 1 ", words(client.get("/me")))
    assert "Your work today" not in words(alice.client().get("/me"))


def test_a_verifier_is_told_that_a_device_waits(app, doing, session, alice, wang, zhao, shop):
    stories.signed(app, doing, stories.wiped(app, doing, stories.laptop(doing, alice, disks=HDD[:1]), alice, wang, shop, HDD[:1]))
    assert re.search(r"To be verified 1 ", words(zhao.client().get("/me")))
    assert not re.search(r"To be verified 1 ", words(wang.client().get("/me")))
    told = session.scalars(select(Notice).where(Notice.account_id == zhao.id)).all()
    assert [one.link.endswith("/verify") for one in told] == [True]
    assert not [one for one in session.scalars(select(Notice).where(Notice.account_id == wang.id)) if "second person" in one.sentence]


def test_the_bench_links_only_what_may_be_opened(doing, alice, wang, shop):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    job_id = stories.consented(doing, item_id, alice)
    client = wang.client()
    assert f"/items/{item_id}/device" not in client.get(f"/wipes/{job_id}/bench").text
    assert client.get(f"/items/{item_id}/device").status_code == 403
    with doing(wang) as w:
        actions.start(w, w.session.get_one(WipeJob, job_id), shop)
    assert f"/items/{item_id}/device" in client.get(f"/wipes/{job_id}/bench").text
    assert client.get(f"/items/{item_id}/device").status_code == 200


def test_a_phones_number_is_called_what_it_is(doing, alice, wang, shop):
    job_id = walking.at_bench(doing, walking.phone(doing, alice), alice, wang, shop)
    page = wang.client().get(f"/wipes/{job_id}/bench").text
    assert re.search(r"<dt>IMEI</dt>", page) and not re.search(r"<dt>Serial number</dt>", page)


def test_a_verifier_reads_at_once_what_is_missing(app, doing, session, alice, wang, zhao, shop):
    job_id = stories.wiped(app, doing, stories.laptop(doing, alice, disks=HDD[:1]), alice, wang, shop, HDD[:1])
    stories.signed(app, doing, job_id)
    client, path = zhao.client(), f"/wipes/{job_id}/verify"
    answer = client.post(path, data={"serial": "y", "kept": "sealed_bag"})
    assert answer.status_code == 422
    for name in ("media", "log", "start", "accounts", "slots", "counted", "look_tail", "look_photo", "seal_number", "photo"):
        assert f'id="{name}-error"' in answer.text, name
    assert 'id="serial-error"' not in answer.text and 'id="kept-error"' not in answer.text
    assert client.post(path, data=stories.verify_data(session, job_id)).location.startswith("/certificates/")
