"""One pair of eyes, one grade: who looks at a thing in an appeal doesn't look at it blind as well, nor graded it before."""

import pytest
from sqlalchemy import select

from appraisal.blind.models import BlindCheck
from core.audit import AuditLine
from tests.appraisal.blind.test_blind import CERTAIN, NEVER, clockwork, looked


def look_at(court, made_id):
    court.session.rollback()
    return court.session.scalars(select(BlindCheck).where(BlindCheck.appraisal_id == made_id)).one()


def said(court, grade):
    return {code: str(value) for code, value in court.answers(grade).items()}


@pytest.fixture
def drawn(court, alice, li):
    """(report, its open blind look, Mei, who is the only one that it could fall on)."""
    (mei,) = court.appraisers("Mei")
    made_id = court.graded(li, alice, "A")
    clockwork(court.app, court.session, CERTAIN)
    check = look_at(court, made_id)
    assert (check.second_id, check.state) == (mei.id, "open")
    return made_id, check.id, mei


def test_who_is_drawn_for_an_appeal_hands_the_blind_look_on(court, drawn, alice, li):
    made_id, check_id, mei = drawn
    other = court.graded(li, alice, "A", serial="PF9AP002")
    clockwork(court.app, court.session, CERTAIN)
    assert mei.client().get(f"/blind/{check_id}").status_code == 200
    appeal_id = court.appeal(alice, made_id)
    assert [seat.account_id for seat in court.seats(appeal_id)] == [mei.id]
    check = look_at(court, made_id)
    assert (check.second_id, check.state, check.answers, check.returned) == (None, "open", {}, []), "nobody else can take it yet"
    assert look_at(court, other).second_id == mei.id, "the look at another thing is still hers"
    assert mei.client().get(f"/blind/{check_id}").status_code == 403 and looked(mei, check).status_code == 403
    assert f"/blind/{check_id}" not in mei.client().get("/blind").text
    lines = court.session.scalars(select(AuditLine.word).where(AuditLine.subject == check_id)).all()
    assert "appraisal:blind:set_aside" in lines
    clockwork(court.app, court.session, NEVER)
    assert look_at(court, made_id).second_id is None, "the lot doesn't fall on her again"
    (nan,) = court.appraisers("Nan")
    clockwork(court.app, court.session, NEVER)
    assert look_at(court, made_id).second_id == nan.id
    court.give(court.seats(appeal_id)[0], "A")
    assert looked(nan, look_at(court, made_id), said(court, "A")).status_code == 303
    assert (look_at(court, made_id).state, court.now(appeal_id).first_outcome) == ("confirmed", "same"), "two grades of two people"


def test_the_blind_look_goes_to_another_at_once_where_there_is_one(court, drawn, alice, li, shop):
    made_id, _check_id, mei = drawn
    (colleague,) = court.appraisers("Own", org=shop)
    appeal_id = court.appeal(alice, made_id)
    assert [seat.account_id for seat in court.seats(appeal_id)] == [mei.id], "another agency first"
    assert look_at(court, made_id).second_id == colleague.id


def test_who_took_the_blind_look_isnt_drawn_for_the_appeal(court, drawn, alice):
    made_id, _check_id, mei = drawn
    assert looked(mei, look_at(court, made_id), said(court, "A")).status_code == 303
    appeal_id = court.appeal(alice, made_id)
    assert court.now(appeal_id).state == "short" and court.seats(appeal_id) == []
    (nan,) = court.appraisers("Nan")
    court.later(0)
    assert [seat.account_id for seat in court.seats(appeal_id)] == [nan.id]


def test_who_graded_in_an_appeal_isnt_drawn_for_a_blind_look(court, alice, li):
    (mei,) = court.appraisers("Mei")
    made_id = court.graded(li, alice, "A")
    appeal_id = court.appeal(alice, made_id)
    court.give(court.seats(appeal_id)[0], "A")
    clockwork(court.app, court.session, CERTAIN)
    assert look_at(court, made_id).second_id is None
    (nan,) = court.appraisers("Nan")
    clockwork(court.app, court.session, CERTAIN)
    assert look_at(court, made_id).second_id == nan.id != mei.id


def test_a_reviewers_report_isnt_looked_at_by_who_graded_first_nor_heard_by_who_looked(court, alice, li):
    """The report that takes the first one's place is drawn like any other: Li, whose grade it turned, is not the one who looks."""
    court.appraisers("Mei")
    made_id = court.graded(li, alice, "A")
    appeal_id = court.appeal(alice, made_id)
    turned = court.give(court.seats(appeal_id)[0], "C")
    clockwork(court.app, court.session, CERTAIN)
    assert look_at(court, turned).second_id is None
    names = court.appraisers("Lin1")
    clockwork(court.app, court.session, CERTAIN)
    assert look_at(court, turned).second_id == names[0].id
    assert looked(names[0], look_at(court, turned), said(court, "C")).status_code == 303
    more = court.appraisers("Lin2", "Lin3")
    court.ask_panel(li, appeal_id)
    assert court.now(appeal_id).state == "short", "two uninvolved are no three"
    more += court.appraisers("Lin4")
    court.later(0)
    assert {seat.account_id for seat in court.seats(appeal_id, "panel")} == {one.id for one in more}


def test_who_graded_it_before_isnt_drawn_for_the_appeal(court, people, alice, li, shop):
    (mei,) = court.appraisers("Mei", org=shop)
    court.graded(mei, alice, "C")
    before = court.reports()[0]
    made_id = court.graded(li, alice, "A", item=before.item_id)
    assert court.report(before.id).state == "superseded"
    appeal_id = court.appeal(alice, made_id)
    assert court.now(appeal_id).state == "short" and court.seats(appeal_id) == []
    (nan,) = court.appraisers("Nan")
    court.later(0)
    assert [seat.account_id for seat in court.seats(appeal_id)] == [nan.id]
