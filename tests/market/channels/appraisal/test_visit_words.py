"""What the pages say of a visit and of what was brought, to its owner and at the desk: each in words that fit."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest

from core import clock
from market.channels.appraisal import rules
from tests import booking_stories as story
from tests.appraisal_stories import everything_wiped
from tests.market.channels.appraisal.test_booking import graded, look, told

VISITED = {"way": "visit", "district": "330106", "address": "文三路 1 号 2 幢"}


def page(person, booking):
    """The page as it is read: words only."""
    text = person.client().get(f"/appraisal-bookings/{booking}").text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text.split("<main")[1].split("</main")[0])).split())


@pytest.fixture
def visit(doing, alice, phone, agency, han):
    return story.booked(doing, alice, phone, agency, story.slot(3), **VISITED)


def slots(client, item_id, agency):
    shown = client.get(f"/items/{item_id}/book-appraisal/{agency}").text
    return re.findall(r'<option value="(2[^"]+)"[^>]*>([^<]+)</option>', shown)


def test_a_slot_too_soon_for_a_visit_says_so_in_the_list(doing, session, alice, ji, phone, agency, han):
    session.rollback()
    edge = clock.now() + rules.VISIT_NOTICE
    found = slots(alice.client(), phone, agency)
    assert {"only if you bring it" in shown for _, shown in found} == {True, False}
    for value, shown in found:
        if abs(datetime.fromisoformat(value) - edge) > timedelta(minutes=5):
            assert ("only if you bring it" in shown) == (datetime.fromisoformat(value) < edge), shown


def test_where_there_is_one_way_no_slot_says_anything(people, doing, session, alice, ji, phone):
    org_id = story.opened(people, doing, ji, visits=False, districts=[])
    session.rollback()
    found = slots(alice.client(), phone, org_id)
    assert found and not any("only" in shown for _, shown in found)


def test_a_visit_never_leaves_its_owner_in_words(doing, session, alice, ji, han, visit):
    before = page(alice, visit)
    assert "Have the thing ready for the visit" in before and "Bring the thing" not in before
    assert "goes to the owner" in page(ji, visit) and "comes to you" not in page(ji, visit)
    story.taken_in(doing, ji, visit)
    session.rollback()
    mine, desk = page(alice, visit), page(ji, visit)
    for shown in (mine, desk):
        assert "Visit under way" in shown and "it stays there" in shown and "Visited by" in shown
        assert not re.search("in hand|Taken in|on the receipt|Hand it back|when you fetch", shown), shown
    assert "only if the visit ends without a grade" in mine
    assert "End the visit" in desk and "By a signature on paper that you keep" in desk
    assert any("The visit for your appraisal has begun" in one for one in told(session, alice))
    assert any("drawn for the visit" in one for one in told(session, han))


def test_what_was_brought_is_in_hand_in_words(doing, session, alice, ji, han, booking):
    assert "Bring the thing at that time" in page(alice, booking)
    desk = page(ji, booking)
    assert "Its owner brings the thing" in desk and "Brought to the agency" in desk and "You bring it" not in desk
    story.taken_in(doing, ji, booking)
    session.rollback()
    mine, desk = page(alice, booking), page(ji, booking)
    assert "The agency has it in hand" in mine and "Taken in by" in mine and "Your code for fetching it" in mine
    assert "Hand it back" in desk and "By a signature on the receipt" in desk and "isit" not in desk
    assert any("was taken in for its appraisal" in one for one in told(session, alice))


def test_a_graded_visit_is_over_and_nothing_is_fetched(app, doing, session, alice, ji, han, phone, agency, visit):
    story.taken_in(doing, ji, visit)
    with everything_wiped(), app.app_context():
        graded(doing, han, phone, agency)
    session.rollback()
    shown = page(alice, visit)
    assert look(session, visit).state == "handed_back"
    assert "Visit over" in shown and "Graded at the visit" in shown and "back with its owner" not in shown


def test_a_graded_thing_that_was_brought_is_fetched(app, doing, session, alice, ji, han, phone, agency, booking):
    story.taken_in(doing, ji, booking)
    with everything_wiped(), app.app_context():
        graded(doing, han, phone, agency)
    session.rollback()
    assert "Fetch the thing with the new code." in page(alice, booking)
    assert "The owner fetches the thing" in page(ji, booking)
    story.fetched(doing, ji, booking)
    session.rollback()
    assert "Graded, and back with its owner" in page(alice, booking)


def test_a_visit_ended_at_the_desk_says_that_it_is_over(doing, session, alice, ji, han, visit, booking_of_bob):
    for one, over, back in ((visit, "The visit is over", "closed"), (booking_of_bob, "Handed back", "closed")):
        story.taken_in(doing, ji, one)
        code = story.code(session, one)
        session.rollback()
        client = ji.client()
        sent = {"by": "code", "code": code, "kept": "open"}
        answer = client.post(f"/appraisal-bookings/{one}/hand-back", data=sent, follow_redirects=True)
        assert over in answer.text and back in answer.text
    assert any("The visit is over" in one for one in told(session, alice))


@pytest.fixture
def booking_of_bob(doing, bob, agency, han):
    return story.booked(doing, bob, story.phone(doing, bob, "356938035643809"), agency, story.slot())
