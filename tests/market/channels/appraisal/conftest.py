"""An agency with a manager and an appraiser, and Alice with a phone."""

import pytest

from tests import booking_stories as story
from tests.appraisal_stories import everything_wiped


@pytest.fixture
def ji(people):
    """Manages the agency."""
    return people.person("Ji")


@pytest.fixture
def agency(people, doing, ji):
    return story.opened(people, doing, ji)


@pytest.fixture
def han(people, agency):
    """Appraises there."""
    person = people.person("Han")
    people.give_role(person, "appraiser", agency)
    return person


@pytest.fixture
def phone(doing, alice):
    return story.phone(doing, alice)


@pytest.fixture
def booking(doing, alice, phone, agency, han):
    return story.booked(doing, alice, phone, agency, story.slot())


@pytest.fixture
def all_wiped(app):
    """Devices whose wipe stands; and the house around who signs."""
    with everything_wiped(), app.app_context():
        yield
