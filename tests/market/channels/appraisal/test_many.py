"""Lists ask the database as often for many rows as for one."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from market.channels.appraisal import queries
from tests import booking_stories as story

IMEIS = ("490154203237518", "356938035643809", "352099001761481", "013977000323877")


@contextmanager
def counted(database):
    """The statements asked meanwhile."""
    asked = []
    listen = lambda *args: asked.append(args[2])  # noqa: E731
    event.listen(database.engine, "before_cursor_execute", listen)
    yield asked
    event.remove(database.engine, "before_cursor_execute", listen)


def asked_by(client, database, path):
    client.get(path)
    with counted(database) as asked:
        page = client.get(path)
    assert page.status_code == 200
    return len([one for one in asked if one.startswith("SELECT")]), page.text


def test_the_public_list_of_agencies(app, people, doing, ji, session, anonymous):
    database = app.extensions["xunshi_db"]
    story.opened(people, doing, ji)
    session.rollback()
    few, _ = asked_by(anonymous, database, "/agencies")
    for name in ("Lu", "Mo", "Ni"):
        story.opened(people, doing, people.person(name))
    session.rollback()
    many, page = asked_by(anonymous, database, "/agencies")
    assert page.count("¥60.00") >= 4 and many == few


def test_an_agency_without_fees_one_that_pauses_and_one_of_another_district_are_not_on_it(people, doing, session, ji, agency, anonymous):
    from core.people.models import Organisation

    lu = people.person("Lu")
    paused = story.opened(people, doing, lu)
    with doing(lu) as w:
        from market.channels.appraisal import offering

        offering.offer(w, paused, story.offered(taking=False))
        w.session.get_one(Organisation, agency).district = "330106"
    from core import clock

    assert [one.org.id for one in queries.agencies(session, clock.now())] == [agency]
    assert [one.org.id for one in queries.agencies(session, clock.now(), district="330106", category="phone")] == [agency]
    assert not queries.agencies(session, clock.now(), district="330108") and not queries.agencies(session, clock.now(), category="book")
    with doing(ji) as w:
        offering.charge(w, agency, story.charged(fees={"laptop": 9900}))
    found = queries.agencies(session, clock.now())
    assert [(one.table.version, one.fees) for one in found] == [(2, {"laptop": 9900})], "the newest fees count"


@pytest.mark.parametrize(("who", "path"), [("ji", "/agencies/{agency}/desk"), ("alice", "/appraisal-bookings")])
def test_the_desks_and_ones_own_list(app, doing, session, alice, ji, agency, han, who, path):
    database, reader = app.extensions["xunshi_db"], {"ji": ji, "alice": alice}[who]
    things = [story.phone(doing, alice, imei) for imei in IMEIS]
    first = story.booked(doing, alice, things[0], agency, story.slot(hour=9))
    story.booked(doing, alice, things[1], agency, story.slot(hour=10))
    story.taken_in(doing, ji, first)
    session.rollback()
    client = reader.client()
    few, _ = asked_by(client, database, path.format(agency=agency))
    second = story.booked(doing, alice, things[2], agency, story.slot(hour=11))
    story.booked(doing, alice, things[3], agency, story.slot(hour=12))
    story.taken_in(doing, ji, second)
    session.rollback()
    many, page = asked_by(client, database, path.format(agency=agency))
    assert page.count("iPhone 12") >= 4 and many == few
