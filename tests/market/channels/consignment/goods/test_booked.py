"""Ada booked a visit and stands at the counter: from the list of the day to her first thing in one go."""

import pytest

from core import clock
from market.channels.consignment.goods import queries
from market.channels.consignment.visits.queries import get_visit
from tests import visit_stories as booking


@pytest.fixture
def point(doing, mu, shop, file):
    """A point of the shop that takes bookings."""
    return booking.opened(doing, mu, shop)


@pytest.fixture
def booked(doing, ada, adas_file, point, fu_visit):
    """Ada booked for ten o'clock, and it is ten o'clock."""
    when = booking.slot()
    found = booking.booked(doing, ada, point, when)
    with clock.stopped_at(when):
        yield found


def begin(client, shop, point, **also):
    return client.post(f"/consignment/{shop}/intake", data={"kind": "consigned", "point": point, "once": "b-1", **also})


def test_from_the_list_of_the_day_to_the_first_thing(session, chen, shop, point, booked):
    desk = chen.client()
    link = f"/consignment/{shop}/intake?visit={booked}"
    assert link in desk.get(f"/consignment/{shop}/visits").text and link in desk.get(f"/consignment-visits/{booked}").text
    page = desk.get(link).text
    assert "羽绒服" in page and 'value="C-0002"' in page and f'name="visit" value="{booked}"' in page
    went = begin(desk, shop, point, file="C-0002", visit=booked)
    assert went.status_code == 303
    assert booking.look(session, booked).state == "came", "marked by the same press"
    taken = desk.get(went.location).text
    assert "羽绒服" in taken and f"/consignment-visits/{booked}" in taken, "what they said they would bring stands beside"
    assert desk.get(link).location == went.location, "once more goes on with it"


def test_who_booked_without_a_file_gets_one_first(session, doing, chen, shop, file, point):
    when = booking.slot()
    visit = booking.booked_for(doing, chen, point, when)
    with clock.stopped_at(when):
        desk = chen.client()
        page = desk.get(f"/consignment/{shop}/intake?visit={visit}").text
        assert "no file yet" in page and f"/consignment/{shop}/consignors/new" in page
        assert begin(desk, shop, point, file="C-0001", visit=visit).status_code == 303
    assert booking.look(session, visit).state == "came"


def test_another_file_another_shop_and_another_day_begin_nothing(session, doing, mu, chen, fu_visit, shop, point, booked, file):
    desk = chen.client()
    wrong = begin(desk, shop, point, file="C-0001", visit=booked)
    assert wrong.status_code == 422 and "booked for another file" in wrong.text and f'value="{booked}"' in wrong.text
    elsewhere = begin(desk, shop, point, file="C-0001", visit=fu_visit)
    assert elsewhere.status_code == 422 and "no such booked visit" in elsewhere.text
    assert "羽绒服" not in desk.get(f"/consignment/{shop}/intake?visit={fu_visit}").text
    assert begin(desk, shop, point, file="C-0001", visit="x" * 40).status_code == 422
    assert begin(desk, shop, point, file="C-0001", visit="x").status_code == 422
    session.rollback()
    assert get_visit(session, booked).state == "booked" and get_visit(session, fu_visit).state == "booked"
    assert not queries.open_intakes(session, shop)


def test_a_visit_of_another_day_waits_for_its_day(session, doing, ada, adas_file, chen, shop, point):
    later = booking.booked(doing, ada, point, booking.slot(3))
    desk = chen.client()
    assert "intake?visit=" not in desk.get(f"/consignment-visits/{later}").text
    refused = begin(desk, shop, point, file="C-0002", visit=later)
    assert refused.status_code == 409 and "on a later day" in refused.text
    session.rollback()
    assert get_visit(session, later).state == "booked" and not queries.open_intakes(session, shop)
    assert begin(desk, shop, point, file="C-0002", once="b-2").status_code == 303, "without the booking it begins at once"


def test_a_clerk_who_brings_things_is_sent_to_a_colleague(session, doing, mu, chen, shop, file, point):
    when = booking.slot()
    own = booking.booked(doing, chen, point, when)
    with clock.stopped_at(when):
        assert "intake?visit=" not in chen.client().get(f"/consignment-visits/{own}").text
        assert "intake?visit=" in mu.client().get(f"/consignment-visits/{own}").text


def test_whoever_comes_late_is_taken_in_and_whoever_called_off_is_not(doing, ada, adas_file, chen, shop, point):
    when = booking.slot()
    late, off = booking.booked(doing, ada, point, when), booking.booked_for(doing, chen, point, booking.slot(2, 14))
    with clock.stopped_at(booking.slot(2, 15)):
        desk = chen.client()
        assert desk.post(f"/consignment-visits/{late}/missed").status_code == 303
        assert desk.post(f"/consignment-visits/{off}/call-off", data={"why": "staff"}).status_code == 303
        assert "intake?visit=" not in desk.get(f"/consignment-visits/{off}").text
        assert begin(desk, shop, point, file="C-0002", visit=off, once="b-2").status_code == 409
        assert f"intake?visit={late}" in desk.get(f"/consignment-visits/{late}").text
        assert begin(desk, shop, point, file="C-0002", visit=late).status_code == 303


@pytest.fixture
def fu_visit(people, doing, bob):
    fu, elsewhere = people.person("Fu"), people.organisation("拱墅数码寄卖店")
    people.give_role(fu, "shop_manager", elsewhere)
    return booking.booked(doing, bob, booking.opened(doing, fu, elsewhere, name="拱墅店"), booking.slot())
