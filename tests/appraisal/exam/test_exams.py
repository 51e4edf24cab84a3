"""Xin is sent to the exam, grades the reference items blind, and is admitted or not by how far the grades agree."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from appraisal.appraisers.queries import find_file
from appraisal.appraisers.settings import settings
from appraisal.exam import queries
from appraisal.exam.models import Exam, ReferenceItem
from core import clock
from tests import stories
from tests.appraisal.grades.test_appraisal_pages import best
from tests.appraiser_stories import admitted, by_grade, references


@pytest.fixture
def xin(people, session, shop):
    person = people.person("Xin")
    people.give_role(person, "appraiser", shop, credential=False)
    admitted(session, person.id, state="exam")
    return person


@pytest.fixture
def kept(doing, root):
    return references(doing, root)


def begun(session, person):
    answer = person.client().post("/exam", data={"standard": "xunshi-laptop"})
    session.rollback()
    exam = session.scalars(select(Exam).where(Exam.account_id == person.id).order_by(Exam.id.desc())).first()
    return answer, exam


def given(person, exam, reference_id, answers):
    said = {code: str(value) for code, value in answers.items()}
    return person.client().post(f"/exam/{exam.id}/{reference_id}", data={**said, "what": "sign"})


def taken(session, person, exam, off=False):
    """Every item as agreed, or with the grades turned round."""
    turned = dict(zip(by_grade(), list(by_grade().values())[::-1], strict=True))
    for one in list(exam.items):
        item = session.get_one(ReferenceItem, one)
        answers = turned[item.grade] if off else by_grade()[item.grade]
        session.rollback()
        assert given(person, exam, one, answers).status_code == 303
        session.rollback()
    return session.get_one(Exam, exam.id)


def test_who_agrees_with_the_standard_is_admitted_on_probation(app, session, doing, alice, wang, zhao, shop, xin, kept):
    laptop = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    assert "Pass the exam first" in xin.client().post(f"/items/{laptop}/appraise").text
    answer, exam = begun(session, xin)
    assert answer.status_code == 303 and sorted(exam.items) == sorted(kept)
    page = xin.client().get(f"/exam/{exam.id}/{exam.items[0]}").text
    assert "柜台第二格" in page and "三人，2026-11-20" not in page and 'value="" checked' in page
    assert page.count(" checked") == page.count('value="" checked'), "nothing of the agreed answers"
    assert 'type="file"' not in page, "the platform's own thing is photographed by nobody"
    done = taken(session, xin, exam)
    assert (done.state, done.kappa) == ("passed", "1.00")
    file = find_file(session, xin.id)
    assert (file.state, file.probation_left) == ("probation", settings().probation)
    assert "You passed the exam" in xin.client().get("/inbox").text and "1.00" in xin.client().get("/exam").text
    assert xin.client().post(f"/items/{laptop}/appraise").status_code == 303


def test_who_does_not_agree_is_not_and_waits_for_the_next_try(session, xin, kept):
    _answer, exam = begun(session, xin)
    done = taken(session, xin, exam, off=True)
    assert done.state == "failed" and float(done.kappa) < 0.75 and find_file(session, xin.id).state == "exam"
    again, _exam = begun(session, xin)
    assert again.status_code == 409 and "The next try is possible from" in again.text
    with clock.stopped_at(clock.now() + settings().exam_again + timedelta(minutes=1)):
        answer, second = begun(session, xin)
    assert answer.status_code == 303 and second.id != exam.id


def test_an_exam_needs_enough_items_of_enough_grades(session, doing, root, xin):
    assert "No exam is possible now" in xin.client().get("/exam").text
    made = references(doing, root, many=settings().exam_items - 1)
    answer, _exam = begun(session, xin)
    assert answer.status_code == 409 and "too few reference items" in answer.text
    references(doing, root, many=1)
    assert begun(session, xin)[0].status_code == 303
    assert root.client().post(f"/references/{made[0]}/retire").status_code == 303
    session.rollback()
    assert queries.examinable(session) == []


def test_only_those_who_were_sent_there_or_are_admitted_take_it(session, charlie, li, kept):
    answer, exam = begun(session, charlie)
    assert answer.status_code == 409 and "for those whom the platform has sent there" in answer.text and exam is None
    _answer, exam = begun(session, li)
    taken(session, li, exam, off=True)
    assert find_file(session, li.id).state == "active", "who is admitted sees where they stand, no more"


def test_each_thing_is_graded_once_with_a_grade_and_by_its_taker(session, xin, li, kept):
    _answer, exam = begun(session, xin)
    first = exam.items[0]
    assert xin.client().post(f"/exam/{exam.id}/{first}", data={"what": "sign"}).status_code == 422
    assert li.client().get(f"/exam/{exam.id}/{first}").status_code == 403
    assert xin.client().get(f"/exam/{exam.id}/nothing").status_code == 404
    assert given(xin, exam, first, best()).status_code == 303
    assert given(xin, exam, first, best()).status_code == 409
    assert begun(session, xin)[1].id == exam.id, "an open one comes back"


def test_reference_items_are_the_platforms_and_keep_their_words(session, database, root, li, kept):
    assert li.client().get("/references").status_code == 403 == li.client().get("/references/new/xunshi-laptop").status_code
    client = root.client()
    said = {"reference_name": "X1", "reference_told": "一号柜", "reference_agreed": "两人，2026-11-21"}
    assert client.post("/references/new/xunshi-laptop", data={**best(), **said}).status_code == 303
    assert client.post("/references/new/xunshi-laptop", data=said).status_code == 422, "no grade"
    assert client.post("/references/new/xunshi-laptop", data=best()).status_code == 422, "no words"
    assert client.get("/references/new/backmarket").status_code == 404 == client.get("/references/new/x").status_code
    assert "两人，2026-11-21" in client.get("/references").text
    for sql in ("UPDATE reference_items SET grade = 'D'", "DELETE FROM reference_items", "UPDATE reference_items SET answers = '{}'"):
        session.rollback()
        with pytest.raises(IntegrityError), database.engine.begin() as connection:
            connection.execute(text(sql))
