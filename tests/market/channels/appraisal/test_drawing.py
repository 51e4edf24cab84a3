"""Two appraisers at the agency, and a lot decides which of them looks at Alice's phone: nobody chooses who grades what."""

import pytest
from sqlalchemy import select

from appraisal.grades import actions as grading
from appraisal.grades import asking
from appraisal.grades.desk_queries import count, to_appraise
from appraisal.grades.models import Appraisal
from core.audit import AuditLine
from core.errors import Forbidden, Invalid, Refused
from core.goods import custody
from market.channels.appraisal import drawing, rules
from tests import booking_stories as story
from tests.market.channels.appraisal.test_booking import graded, look, told, undetermined


@pytest.fixture
def qiu(people, agency):
    """Appraises there, too."""
    person = people.person("Qiu")
    people.give_role(person, "appraiser", agency)
    return person


@pytest.fixture
def two(doing, session, ji, han, qiu, booking):
    """(on whom the lot fell, the other one): the phone is in hand."""
    story.taken_in(doing, ji, booking)
    drawn = look(session, booking).appraiser_id
    return (han, qiu) if drawn == han.id else (qiu, han)


def anew(doing, who, booking, reason="away", once=""):
    with doing(who) as w:
        drawing.draw_anew(w, story.row(w, booking), reason, once)


def test_only_who_was_drawn_begins(doing, session, phone, agency, booking, two, all_wiped):
    drawn, other = two
    with pytest.raises(Forbidden, match="not_drawn"), doing(other) as w:
        grading.begin(w, phone, agency)
    assert look(session, booking).state == "checked_in" and not session.scalars(select(Appraisal)).all()
    graded(doing, drawn, phone, agency)
    assert look(session, booking).state == "graded"


def test_the_list_and_the_button_are_for_who_was_drawn(session, phone, agency, booking, two):
    drawn, other = two
    assert [one.id for one in to_appraise(session, [agency], drawn.id)] == [phone] and count(session, [agency], drawn.id) == 1
    assert not to_appraise(session, [agency], other.id) and count(session, [agency], other.id) == 0
    session.rollback()
    page = f"/appraisal-bookings/{booking}"
    assert "Begin the appraisal" in drawn.client().get(page).text and "Begin the appraisal" not in other.client().get(page).text
    assert drawn.client().post(f"/items/{phone}/appraise").status_code == 303
    refused = other.client().post(f"/items/{phone}/appraise")
    assert refused.status_code == 403 and "a lot decides who looks at it" in refused.text


def test_what_nobody_could_grade_stays_with_who_was_drawn(doing, session, phone, agency, booking, two, all_wiped):
    drawn, other = two
    undetermined(doing, drawn, phone, agency)
    with pytest.raises(Forbidden, match="not_drawn"), doing(other) as w:
        grading.begin(w, phone, agency)
    graded(doing, drawn, phone, agency)
    assert look(session, booking).state == "graded"


def test_drawn_anew_with_a_reason_the_other_one_looks_at_it(doing, session, alice, ji, phone, agency, booking, two, all_wiped):
    """What the first one began is given up; a second press draws no third time."""
    drawn, other = two
    with doing(drawn) as w:
        begun = grading.begin(w, phone, agency).id
    for _ in range(2):
        anew(doing, ji, booking, "away", once="press-1")
    assert look(session, booking).appraiser_id == other.id and session.get(Appraisal, begun).state == "dropped"
    line = session.scalars(select(AuditLine).where(AuditLine.word == "market:appraisal_booking:drawn_anew")).one()
    assert (line.actor, line.facts["reason"], line.facts["before"], line.facts["drawn"]) == (ji.id, "away", drawn.id, other.id)
    assert any("Another appraiser was drawn" in one for one in told(session, alice))
    with pytest.raises(Forbidden, match="not_drawn"), doing(drawn) as w:
        grading.begin(w, phone, agency)
    graded(doing, other, phone, agency)
    assert look(session, booking).state == "graded"


def test_the_lot_falls_anew_only_by_the_manager_with_a_reason_and_on_somebody_else(doing, session, alice, ji, han, phone, booking, all_wiped):
    with pytest.raises(Refused, match="not_in_hand"):
        anew(doing, ji, booking)
    story.taken_in(doing, ji, booking)
    for who, reason, kind, code in (
        (han, "away", Forbidden, "role_missing"), (alice, "away", Forbidden, "role_missing"), (ji, "", Invalid, "reason_missing"),
        (ji, "prettier", Invalid, "reason_missing"), (ji, "away", Refused, "nobody_else"),
    ):  # fmt: skip
        with pytest.raises(kind, match=code):
            anew(doing, who, booking, reason)
    assert look(session, booking).appraiser_id == han.id


def test_where_nobody_was_drawn_nobody_begins(doing, session, ji, people, phone, agency, booking, han, all_wiped):
    """Han knows her by now, so nobody is drawn. Qiu comes to work there: only once she is drawn."""
    from core import ids
    from privacy.sampling.people_models import PersonRelation

    alice_id = look(session, booking).booked_by
    first, second = sorted((han.id, alice_id))
    with doing(han) as w:
        w.session.add(PersonRelation(
            id=ids.new_id(), first_id=first, second_id=second, kind="family", declared_by=han.id, declared_at=w.now, ended_at=None,
            ended_by=None, counts_until=None,
        ))  # fmt: skip
    story.taken_in(doing, ji, booking)
    assert look(session, booking).appraiser_id is None
    qiu = people.person("Qiu")
    people.give_role(qiu, "appraiser", agency)
    with pytest.raises(Forbidden, match="not_drawn"), doing(qiu) as w:
        grading.begin(w, phone, agency)
    anew(doing, ji, booking, "nobody")
    graded(doing, qiu, phone, agency)
    assert look(session, booking).state == "graded"


def test_the_lot_cannot_be_got_rid_of_by_asking_no_more(doing, session, alice, phone, agency, booking, two):
    """Nor does a seal that breaks at the counter end it: it ends with the booking."""
    with pytest.raises(Refused, match="by_booking"), doing(alice) as w:
        asking.take_back(w, phone)
    with doing() as w:
        custody.move(w, custody.locked(w, phone), holder_kind="org", holder_id=agency, place="counter", why="repaired")
    assert asking.find_open(session, phone).drawn_id == two[0].id


def test_sold_elsewhere_the_lot_ends_with_the_booking(doing, session, bob, phone, booking, two):
    with doing() as w:
        item = custody.locked(w, phone)
        custody.move(w, item, holder_kind="person", holder_id=bob.id, place="buyer", why="sold")
        item.owner_id = bob.id
    assert look(session, booking).why == "ungraded" and asking.find_open(session, phone) is None


def test_a_thing_that_nobody_booked_is_anybodys_to_begin(doing, alice, phone, agency, han, qiu):
    with doing(alice) as w:
        asking.ask(w, phone)
    with doing(qiu) as w:
        assert grading.begin(w, phone, agency).appraiser_id == qiu.id


def test_the_manager_draws_anew_on_the_page(session, ji, han, alice, booking, two):
    drawn, other = two
    session.rollback()
    path = f"/appraisal-bookings/{booking}"
    assert "Why somebody else is drawn" in ji.client().get(path).text and "Why somebody else is drawn" not in han.client().get(path).text
    assert han.client().post(f"{path}/draw", data={"reason": "away"}).status_code == 403
    wrong = ji.client().post(f"{path}/draw", data={"reason": ""})
    assert wrong.status_code == 422 and "reason-error" in wrong.text
    assert ji.client().post(f"{path}/draw", data={"reason": "late"}).status_code == 303
    assert look(session, booking).appraiser_id == other.id


def test_every_reason_has_words():
    assert set(rules.REASONS) == {"away", "tied", "unfit", "late", "nobody"} and all(rules.REASONS.values())
