"""Alice paid for an appraisal and appeals against its grade: the fee comes back when the grade falls, and not when it stands."""

import pytest

from tests import booking_stories as story
from tests import stories
from tests.appraisal.appeals.conftest import Court
from tests.market.channels.appraisal.test_booking import look, told


@pytest.fixture
def court(app, session, doing, people, agency, all_wiped):
    return Court(app, session, doing, people, agency)


@pytest.fixture
def booked_laptop(doing, session, alice, ji, han, agency, court):
    """(booking, report): booked, paid at the desk, graded A and fetched."""
    item = stories.laptop(doing, alice, serial="PF9AP001", disks=[])
    booking = story.booked(doing, alice, item, agency, story.slot())
    story.taken_in(doing, ji, booking)
    made_id = court.sign(han, item, "A")
    story.fetched(doing, ji, booking, sealed=True, seal_number="FD-9")
    court.log()
    assert look(session, booking).state == "handed_back" and look(session, booking).keep_minor == 8000
    return booking, made_id


@pytest.mark.parametrize(("grade", "back"), [("A", 0), ("C", 8000)])
def test_the_fee_goes_back_only_when_the_grade_falls_for_good(session, alice, court, booked_laptop, grade, back):
    booking, made_id = booked_laptop
    court.appraisers("Mei")
    appeal_id = court.appeal(alice, made_id)
    court.give(court.seats(appeal_id)[0], grade)
    assert look(session, booking).back_minor == 0, "either side may still ask for a panel"
    court.later(8)
    assert court.now(appeal_id).state == ("fell" if back else "stands")
    assert look(session, booking).back_minor == back
    assert sum("an appeal was upheld" in one for one in told(session, alice)) == bool(back)
