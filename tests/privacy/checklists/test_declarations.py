"""A maker's declaration is entered by two people in the program; one alone, or a made-up one, counts for nothing."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from core import clock
from core.access import SecondFactorNeeded
from core.errors import Forbidden, Invalid, Refused
from privacy.clearance import paper
from privacy.clearance.declarations import entering, entries
from privacy.clearance.queries import certificate_of
from tests import queue_stories, stories
from tests.privacy.checklists import walking

GIVEN = entering.Given(
    maker_zh="海岳通信", maker_en="Haiyue", brands=["海岳", "haiyue"], platform="android_encrypted", models=["H7", "H7 Pro"],
    first="14", until="15", statement_zh="本公司声明……", statement_en="We declare …", source="https://www.haiyue.cn/erase/h7",
    dated=date(2026, 11, 2),
)  # fmt: skip
FORM = {
    "maker_zh": "海岳通信", "maker_en": "Haiyue", "brands": "海岳, haiyue", "platform": "android_encrypted", "models": "H7、H7 Pro",
    "first": "14", "until": "15", "statement_zh": "本公司声明……", "statement_en": "We declare …",
    "source": "https://www.haiyue.cn/erase/h7", "dated": "2026-11-02",
}  # fmt: skip


@pytest.fixture
def platform(people):
    return people.organisation("循市", "platform")


@pytest.fixture
def rui(people, platform):
    one = people.person("Rui")
    people.give_role(one, "reviewer", platform)
    return one


@pytest.fixture
def root(people, platform):
    one = people.person("Root")
    people.give_role(one, "administrator", platform)
    return one


def propose(doing, who, given=GIVEN, ago=timedelta()):
    with doing(who) as w:
        return entering.propose(w, given, None if ago is None else w.now - ago).id


def decide(doing, who, entry_id, decision="approved"):
    with doing(who) as w:
        entering.decide(w, entries.get_entry(w.session, entry_id), decision, w.now, reason="比对过")


def on_the_bench(app, doing, alice, wang, shop):
    """A phone of that maker, walked through; what the rules say of its list."""
    item_id = walking.phone(doing, alice, brand="海岳", model="H7", imei="356938035643809")
    job_id = walking.at_bench(doing, item_id, alice, wang, shop)
    walking.begun(doing, job_id, wang)
    read = {"model": "H7", "version": "15"}
    walking.filled(app, doing, job_id, wang, brand="海岳", read=read)
    return item_id, job_id, walking.sent(app, doing, job_id, wang)


def test_two_people_enter_it_on_the_pages_and_a_phone_passes_by_it(app, doing, session, alice, wang, zhao, shop, rui, root):
    first, second = rui.client(), root.client()
    answer = first.post("/declarations/new", data=FORM)
    assert answer.status_code == 303
    path = answer.location
    assert "Waits for another person" in first.get(path).text
    assert entries.in_force(session, demo=False) == ()
    session.rollback()
    assert first.post(f"{path}/decide", data={"decision": "approved", "read": "y", "reason": "看过了"}).status_code == 403, "not by who entered it"
    assert second.post(f"{path}/decide", data={"decision": "approved"}).status_code == 422, "not without having read the page"
    assert second.post(f"{path}/decide", data={"decision": "approved", "read": "y", "reason": "看过了"}).status_code == 303
    page = second.get(path).text
    assert "Rui · Reviewer" in page and "Root · Administrator" in page and "Counts" in page
    item_id, job_id, judged = on_the_bench(app, doing, alice, wang, shop)
    assert judged == [("pass", [])]
    walking.verified(app, doing, job_id, zhao, tail="3809")
    certificate = certificate_of(session, item_id)
    [medium] = json.loads(certificate.body)["media"]
    assert [act["role"] for act in medium["declaration"]["entered_by"]] == ["reviewer", "administrator"]
    assert rui.id not in certificate.body and root.id not in certificate.body
    for language, who in (("en", "Reviewer · 循市"), ("zh", "审核员 · 循市")):
        rows = dict(paper.read(certificate, stories.bench(app).keys, language).media[0][1])
        assert any(who in value for value in rows.values())
    session.rollback()


def test_the_twin_one_person_alone_is_nothing(app, doing, alice, wang, shop, rui):
    propose(doing, rui)
    assert on_the_bench(app, doing, alice, wang, shop)[2] == [("fail", ["no_declaration"])]


def test_what_another_refused_or_withdrew_counts_no_more(app, doing, session, alice, wang, shop, rui, root):
    refused, counted = propose(doing, rui), propose(doing, root)
    decide(doing, root, refused, "refused")
    decide(doing, rui, counted)
    with pytest.raises(Refused, match="decided"):
        decide(doing, rui, counted, "refused")
    assert [one.id for one in entries.in_force(session, demo=False)] == [counted]
    session.rollback()
    assert rui.client().post(f"/declarations/{counted}/withdraw").status_code == 303
    with pytest.raises(Refused, match="not_approved"), doing(root) as w:
        entering.withdraw(w, entries.get_entry(w.session, counted), w.now)
    assert on_the_bench(app, doing, alice, wang, shop)[2] == [("fail", ["no_declaration"])]
    assert entries.find_declared(session, counted).withdrawn == clock.now().astimezone(clock.LOCAL_ZONE).date()
    session.rollback()


def test_only_staff_of_the_platform_signed_in_afresh(doing, alice, wang, zhao, rui, root):
    for who in (alice, wang, zhao):
        with pytest.raises(Forbidden):
            propose(doing, who)
        assert who.client().get("/declarations/new").status_code == 403
    for ago in (None, timedelta(minutes=11)):
        with pytest.raises(SecondFactorNeeded):
            propose(doing, rui, ago=ago)
    entry_id = propose(doing, rui)
    with pytest.raises(Forbidden, match="own_entry"):
        decide(doing, rui, entry_id)
    assert zhao.client().get(f"/declarations/{entry_id}").status_code == 200 and alice.client().get("/declarations").status_code == 403


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"source": "https://haiyue.example/h7"}, "source"),
        ({"source": "http://www.haiyue.cn/h7"}, "source"),
        ({"models": [" ", ""]}, "models"),
        ({"brands": []}, "brands"),
        ({"platform": "android_plain"}, "platform"),
        ({"platform": "windmill"}, "platform"),
        ({"first": "16"}, "until"),
        ({"until": "newest"}, "until"),
        ({"maker_en": " "}, "maker_en"),
        ({"dated": date(2030, 1, 1)}, "dated"),
    ],
)
def test_a_slip_is_named(doing, rui, changed, field):
    with pytest.raises(Invalid) as no:
        propose(doing, rui, replace(GIVEN, **changed))
    assert no.value.field == field
    propose(doing, rui)


def test_a_made_up_one_counts_in_no_real_house(app, doing, session, alice, wang, shop):
    assert [one.id for one in entries.in_force(session, demo=False)] == []
    assert all(one.demo and not one.entered_by for one in entries.in_force(session, demo=True))
    session.rollback()
    house = app.extensions["xunshi"]
    app.extensions["xunshi"] = replace(house, env="production")
    try:
        item_id = walking.phone(doing, alice)
        job_id = walking.at_bench(doing, item_id, alice, wang, shop)
        walking.begun(doing, job_id, wang)
        walking.filled(app, doing, job_id, wang)
        assert walking.sent(app, doing, job_id, wang) == [("fail", ["no_declaration"])]
    finally:
        app.extensions["xunshi"] = house


def test_the_database_asks_for_two_and_keeps_both(doing, session, rui, root):
    entry_id = propose(doing, rui)
    row = (
        "INSERT INTO declaration_decisions (id, entry_id, proposed_by, decided_by, role, org_id, decision, signed_in_at, at) "
        "SELECT 'x', id, {proposer}, {decider}, role, org_id, 'approved', signed_in_at, at FROM declaration_entries"
    )
    queue_stories.ended(doing, "declaration", entry_id)
    queue_stories.entered(doing, "declaration", "y")
    for proposer, decider in (("proposed_by", "proposed_by"), (f"'{root.id}'", "proposed_by")):
        with pytest.raises(DatabaseError):
            session.execute(text(row.format(proposer=proposer, decider=decider)))
        session.rollback()
    for change in ("UPDATE declaration_entries SET source = 'https://a.cn/b'", "DELETE FROM declaration_entries"):
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(text(change))
        session.rollback()
    with pytest.raises(DatabaseError, match="real_source|CHECK"):
        session.execute(text("INSERT INTO declaration_entries (id, platform, content, source, dated, proposed_by, role, org_id, signed_in_at, at) "
                             "SELECT 'y', platform, content, 'https://a.example/b', dated, proposed_by, role, org_id, signed_in_at, at FROM declaration_entries"))
    session.rollback()
    with pytest.raises(DatabaseError, match="only an approved"):
        session.execute(text("INSERT INTO declaration_withdrawals (id, entry_id, day, by, at) SELECT 'z', id, dated, proposed_by, at FROM declaration_entries"))
    session.rollback()
    decide(doing, root, entry_id)
