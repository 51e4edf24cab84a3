"""Powered tests come before the wipe where the category's card says so, its owner agreed and unlocks it, and no content is opened."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from core.errors import Forbidden, Invalid, Refused
from core.goods.cards import all_cards, get_card
from privacy.devices import power_tests, queries
from privacy.wipes import actions, rules
from privacy.wipes.attaching import attach
from privacy.wipes.models import WipeJob
from tests import stories
from tests.privacy.checklists import walking

HDD = stories.disks("hdd")
OWNER = {"origin": "private"}


def agreed(doing, item_id, alice, *, tests=True):
    with doing(alice) as w:
        job = actions.open_job(w, item_id)
        actions.consent(w, job, origin="private", ticks={**dict.fromkeys(rules.TICKS, True), "power_test": tests})
        return job.id


def at_bench(doing, job_id, wang, shop):
    from privacy.devices import counting
    from privacy.wipes import locks

    with doing(wang) as w:
        job = w.session.get_one(WipeJob, job_id)
        actions.start(w, job, shop)
        counting.count(w, job, 1)
        locks.read_before(w, job, stories.locks_off(w, job))


def send(app, doing, wang, job_id, raw):
    with doing(wang) as w:
        return [one.verdict for one in attach(w, stories.bench(app), w.session.get_one(WipeJob, job_id), raw)]


@pytest.fixture
def laptop(doing, alice):
    return stories.laptop(doing, alice, disks=HDD[:1])


def everything(code, **changed):
    return {**dict.fromkeys(get_card(code).power_tests, "works"), **changed}


def test_the_owner_agrees_with_a_tick_of_its_own_and_the_tests_come_first(app, doing, session, alice, wang, zhao, shop, laptop):
    owner, operator = alice.client(), wang.client()
    path = owner.post(f"/items/{laptop}/wipe").location
    page = owner.get(path).text
    assert "No content of mine is opened" in page
    ticks = {code: "y" for code in rules.ticks_for("laptop")}
    assert owner.post(path, data={"origin": "private", **ticks, "power_test": "y"}).status_code == 303
    job_id = path.split("/")[2]
    assert session.get_one(WipeJob, job_id).ticks["power_test"] is True
    session.rollback()
    at_bench(doing, job_id, wang, shop)
    bench = operator.get(f"/wipes/{job_id}/bench").text
    assert f"/wipes/{job_id}/power-test" in bench
    with pytest.raises(Refused, match="tests_first"):
        send(app, doing, wang, job_id, HDD[0].log)
    form = operator.get(f"/wipes/{job_id}/power-test").text
    assert "Keyboard" in form and "Touchscreen" not in form, "what is tested stands on the category's card"
    told = {f"test_{code}": state for code, state in everything("laptop", keyboard="fails").items()}
    assert operator.post(f"/wipes/{job_id}/power-test", data=told).status_code == 422, "not without the owner and the promise"
    sent = {**told, "owner_unlocked": "y", "no_content": "y"}
    assert operator.post(f"/wipes/{job_id}/power-test", data={**sent, "test_screen": ""}).status_code == 422
    assert operator.post(f"/wipes/{job_id}/power-test", data=sent).status_code == 303
    for client in (operator, owner):
        page = client.get(f"/wipes/{job_id}" if client is owner else f"/wipes/{job_id}/bench").text
        assert "Keyboard" in page and "Doesn&#39;t work" in page
    assert operator.post(f"/wipes/{job_id}/power-test", data=sent).status_code == 409, "once"
    assert send(app, doing, wang, job_id, HDD[0].log) == ["pass"]
    stories.verified(app, doing, job_id, zhao)


def test_without_the_owners_tick_nothing_is_switched_on(app, doing, session, alice, wang, zhao, shop, laptop):
    job_id = agreed(doing, laptop, alice, tests=False)
    at_bench(doing, job_id, wang, shop)
    page = wang.client().get(f"/wipes/{job_id}/bench").text
    assert "power-test" not in page and "work after the wipe" in page
    with pytest.raises(Refused, match="not_agreed"), doing(wang) as w:
        power_tests.record(w, w.session.get_one(WipeJob, job_id), everything("laptop"), owner_unlocked=True, no_content=True)
    assert send(app, doing, wang, job_id, HDD[0].log) == ["pass"]
    stories.verified(app, doing, job_id, zhao)


def test_tests_that_cant_be_done_are_left_out_with_a_reason(app, doing, session, alice, wang, shop, laptop):
    job_id = agreed(doing, laptop, alice)
    at_bench(doing, job_id, wang, shop)
    client = wang.client()
    assert client.post(f"/wipes/{job_id}/power-test/skip", data={}).status_code == 422
    assert client.post(f"/wipes/{job_id}/power-test/skip", data={"reason": "owner_away"}).status_code == 303
    assert queries.find_power_test(session, job_id).skipped == "owner_away"
    session.rollback()
    assert send(app, doing, wang, job_id, HDD[0].log) == ["pass"]


def test_nobody_but_its_operator_and_never_after_a_pass(app, doing, session, alice, wang, zhao, shop, laptop, people):
    job_id = agreed(doing, laptop, alice)
    at_bench(doing, job_id, wang, shop)
    for who in (zhao, alice):
        assert who.client().post(f"/wipes/{job_id}/power-test/skip", data={"reason": "owner_away"}).status_code == 403
    with pytest.raises(Forbidden), doing(zhao) as w:
        power_tests.skip(w, w.session.get_one(WipeJob, job_id), "owner_away")
    for given in ({"screen": "works"}, everything("laptop", screen="maybe"), {**everything("laptop"), "rudder": "works"}):
        with pytest.raises(Invalid), doing(wang) as w:
            power_tests.record(w, w.session.get_one(WipeJob, job_id), given, owner_unlocked=True, no_content=True)
    other = agreed(doing, stories.laptop(doing, alice, serial="PF2XK9B2", disks=HDD[1:2]), alice, tests=False)
    at_bench(doing, other, wang, shop)
    send(app, doing, wang, other, HDD[1].log)
    with pytest.raises(Refused, match="wiped_already"), doing(wang) as w:
        power_tests.skip(w, w.session.get_one(WipeJob, other), "owner_away")


def test_the_order_is_data_of_the_category(doing, session, alice, wang, shop):
    before = {card.code for card in all_cards() if card.powered_before_wipe}
    after = {card.code for card in all_cards() if card.powered_before_wipe is False}
    assert {"laptop", "desktop", "phone", "tablet"} <= before and {"router", "printer"} <= after
    assert all(bool(card.power_tests) == ("power_test" in card.steps) for card in all_cards())
    drive = get_card("bare_drive")
    assert drive.powered_before_wipe is None and not drive.power_tests


def test_where_the_card_puts_them_after_the_wipe_the_page_says_so(doing, session, alice, wang, shop):
    item_id = walking.phone(doing, alice, brand="TP-LINK", model="AX50", category="router", serial="RT2XK9A7")
    owner = alice.client()
    path = owner.post(f"/items/{item_id}/wipe").location
    assert "No content of mine is opened" not in owner.get(path).text
    job_id = agreed_again(doing, path, alice)
    with doing(wang) as w:
        actions.start(w, w.session.get_one(WipeJob, job_id), shop)
    with pytest.raises(Refused, match="not_agreed|after_the_wipe"), doing(wang) as w:
        power_tests.record(w, w.session.get_one(WipeJob, job_id), everything("router"), owner_unlocked=True, no_content=True)
    assert "tested after the wipe" in wang.client().get(f"/wipes/{job_id}/bench").text


def agreed_again(doing, path, alice):
    job_id = path.split("/")[2]
    with doing(alice) as w:
        actions.consent(w, w.session.get_one(WipeJob, job_id), origin="private", ticks={**dict.fromkeys(rules.TICKS, True), "power_test": True})
        assert w.session.get_one(WipeJob, job_id).ticks.get("power_test") is None, "nobody asked for that"
    return job_id


def test_a_phone_goes_by_its_list_after_the_tests(app, doing, session, alice, wang, shop):
    item_id = walking.phone(doing, alice)
    job_id = agreed(doing, item_id, alice)
    with doing(wang) as w:
        actions.start(w, walking.job_of(w, job_id), shop)
    walking.begun(doing, job_id, wang)
    walking.filled(app, doing, job_id, wang)
    with pytest.raises(Refused, match="tests_first"):
        walking.sent(app, doing, job_id, wang)
    with doing(wang) as w:
        power_tests.record(w, walking.job_of(w, job_id), everything("phone"), owner_unlocked=True, no_content=True)
    assert walking.sent(app, doing, job_id, wang) == [("pass", [])]


def test_the_database_asks_for_the_owners_word_too(doing, session, alice, wang, shop, laptop):
    job_id = agreed(doing, laptop, alice, tests=False)
    at_bench(doing, job_id, wang, shop)
    row = (
        "INSERT INTO power_tests (id, job_id, item_id, outcome, skipped, owner_unlocked, no_content, by, at) "
        "SELECT 'x', id, item_id, '{{}}', '', {unlocked}, {closed}, operator_id, opened_at FROM wipe_jobs"
    )
    for unlocked, closed in (("true", "true"), ("true", "false"), ("false", "true")):
        with pytest.raises(DatabaseError):
            session.execute(text(row.format(unlocked=unlocked, closed=closed)))
        session.rollback()
    with doing(wang) as w:
        power_tests.skip(w, w.session.get_one(WipeJob, job_id), "not_starting")
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text("UPDATE power_tests SET skipped = ''"))
    session.rollback()
