"""What time and the shop's own end do to visits: reminders, nobody came, called off, erased; and what is told to their person."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core import clock, config
from core.people.models import Notice
from core.ports import PersonClosing, happened
from market.channels.consignment import attached
from market.channels.consignment.visits import actions, own_data, queries, timers
from market.channels.consignment.visits.models import Visit, VisitThing
from market.shops import closings, points
from market.shops.models import ShopClosing, ShopPoint
from tests import consignor_stories as files
from tests import visit_stories as story


def sweep(doing, moment, days=90):
    with clock.stopped_at(moment), doing() as w:
        timers.run(w, days)


def told(session, person):
    session.rollback()
    session.expire_all()
    return [one.sentence for one in session.scalars(select(Notice).where(Notice.account_id == person.id).order_by(Notice.id))]


def test_a_word_the_day_before_once_and_again_after_a_move(doing, session, alice, visit):
    when = story.slot()
    sweep(doing, when - timedelta(hours=25))
    assert len(told(session, alice)) == 1
    for _twice in range(2):
        sweep(doing, when - timedelta(hours=20))
    assert [one for one in told(session, alice) if "within a day" in one] == [told(session, alice)[-1]]
    with doing(alice) as w:
        actions.move(w, story.row(w, visit), when + timedelta(hours=5))
    sweep(doing, when - timedelta(hours=1))
    assert len([one for one in told(session, alice) if "within a day" in one]) == 2


def test_nobody_came_is_said_when_the_day_is_over(doing, session, alice, visit):
    when = story.slot()
    sweep(doing, when + timedelta(hours=13))
    assert story.look(session, visit).state == "booked", "till midnight the counter says who came"
    sweep(doing, when + timedelta(hours=15))
    row = story.look(session, visit)
    assert (row.state, row.why) == ("missed", "no_show") and told(session, alice)[-1].startswith("You didn't come")


def test_who_came_isnt_missed(doing, session, chen, visit):
    when = story.slot()
    with clock.stopped_at(when), doing(chen) as w:
        actions.came(w, story.row(w, visit))
    sweep(doing, when + timedelta(days=2))
    assert story.look(session, visit).state == "came"


def test_the_announced_end_of_the_shop_calls_all_off_at_once(doing, session, alice, bob, mu, shop, point, visit):
    other = story.booked(doing, bob, point, story.slot(9))
    with doing(mu) as w:
        closings.announce(w, shop, clock.local(w.now).date() + timedelta(days=40), "", 30)
    for one, person in ((visit, alice), (other, bob)):
        row = story.look(session, one)
        assert (row.state, row.why) == ("cancelled", "closed") and told(session, person)[-1].startswith("%(shop)s can't keep your visit")


def test_an_end_that_comes_calls_off_what_is_left(doing, session, visit, shop, mu):
    """Whatever stood in between: the day itself calls off, too."""
    from market.shops.events import ShopEnded

    with doing() as w:
        happened(w, ShopEnded("0" * 26))
    assert story.look(session, visit).state == "booked", "another shop's end is its own"
    with doing() as w:
        happened(w, ShopEnded(shop))
    assert story.look(session, visit).why == "closed"
    assert not session.scalars(select(ShopClosing)).all()


def test_a_closed_point_calls_its_visits_off_and_not_those_of_another(doing, session, alice, bob, mu, shop, point, visit):
    elsewhere = story.booked(doing, bob, story.opened(doing, mu, shop, name="二店"), story.slot())
    with doing(mu) as w:
        points.move_point(w, w.session.get_one(ShopPoint, point), "close")
    assert (story.look(session, visit).why, story.look(session, elsewhere).state) == ("closed", "booked")


def test_a_paused_point_keeps_its_visits_until_a_day_before(doing, session, mu, shop, point, visit):
    story.opened(doing, mu, shop, name="二店")
    with doing(mu) as w:
        points.move_point(w, w.session.get_one(ShopPoint, point), "pause")
    sweep(doing, story.slot() - timedelta(hours=25))
    assert story.look(session, visit).state == "booked"
    sweep(doing, story.slot() - timedelta(hours=23))
    assert story.look(session, visit).why == "closed"


def test_one_that_goes_on_is_not_called_off_but_reminded(doing, session, mu, point, visit):
    for verb in ("pause", "resume"):
        with doing(mu) as w:
            points.move_point(w, w.session.get_one(ShopPoint, point), verb)
    sweep(doing, story.slot() - timedelta(hours=23))
    row = story.look(session, visit)
    assert row.state == "booked" and row.reminded


def test_lists_and_contacts_are_erased_after_the_setting(doing, session, chen, point, visit):
    caller = story.booked_for(doing, chen, point, story.slot(hour=12))
    end = story.slot(hour=12, minute=30)
    sweep(doing, end + timedelta(days=90, seconds=-1))
    assert story.look(session, caller).contact and len(session.scalars(select(VisitThing)).all()) == 2, "one of the two is due"
    sweep(doing, end + timedelta(days=90, minutes=1))
    for one in (visit, caller):
        row = story.look(session, one)
        assert row.erased_at and row.number and (row.state, row.who, row.account_id) == ("missed", "", None)
        assert not any((row.name, row.shown, row.contact, row.contact_masked, row.consignor_id))
    assert not session.scalars(select(VisitThing)).all()
    with pytest.raises(DBAPIError, match="erased_is_empty|CHECK"), doing() as w:
        w.session.execute(text("UPDATE consignment_visits SET shown = 'Lin'"))


def test_the_setting_has_limits(tmp_path):
    given = {"XUNSHI_DATA": str(tmp_path)}
    assert config.load(given).visit_days == 90 and config.load({**given, "XUNSHI_VISIT_DAYS": "30"}).visit_days == 30
    for wrong in ("6", "366", "x"):
        with pytest.raises(config.BadSetting):
            config.load({**given, "XUNSHI_VISIT_DAYS": wrong})


def test_ones_own_data_holds_every_visit_and_nobody_elses(doing, session, alice, bob, point, visit):
    story.booked(doing, bob, point, story.slot(hour=12))
    (one,) = own_data.personal_data(session, alice.id)["consignment_visits"]
    assert one["things"][0] == {"category": "clothing", "name": "羽绒服", "pieces": 2, "wish_minor": 20000}
    assert (one["state"], one["shop"], one["point"]) == ("booked", "西湖旧货行", "翠苑店")


def test_whoever_leaves_gives_the_time_back_and_takes_the_list_along(doing, session, alice, bob, point, visit):
    with doing(alice) as w:
        happened(w, PersonClosing(alice.id))
    row = story.look(session, visit)
    assert (row.state, row.account_id, row.things) == ("cancelled", None, [])
    session.rollback()
    story.booked(doing, bob, point, story.slot())


def test_a_file_lists_its_visits_and_can_be_closed_all_the_same(app, doing, session, chen, shop, point):
    file_id = files.opened(doing, chen, shop)
    made = story.booked_for(doing, chen, point, story.slot(), file="C-0001")
    with app.test_request_context():
        (one,) = [row for row in attached.rows(session, file_id) if row.link == f"/consignment-visits/{made}"]
        assert (one.own, one.open) == ("", False) and not attached.keeps_open(session, file_id)


def test_the_export_of_the_day_knows_no_names(app, doing, session, alice, chen, shop, point, visit):
    from market.channels.consignment.visits.figures import day_figures

    story.booked_for(doing, chen, point, story.slot(hour=9))
    found = day_figures(session, shop, story.slot().date())
    assert [(one["time"], one["pieces"], one["wish_minor"], one["by_shop"]) for one in found] == [("09:00", 3, 40000, True), ("10:00", 3, 40000, False)]
    assert not any(word in str(found) for word in ("Alice", "林", "1390000", "羽绒服"))
    assert day_figures(session, shop, story.slot(5).date()) == [] and session.scalars(select(Visit)).all()


def test_the_command_answers_in_the_houses_shape(app, doing, shop, point, visit):
    import json

    from market.channels.consignment.cli import consignment

    run, day = app.test_cli_runner(), story.slot().date().isoformat()
    asked = run.invoke(consignment, ["visits", "--shop", shop, "--day", day, "--json"])
    assert asked.exit_code == 0 and [one["time"] for one in json.loads(asked.stdout)] == ["10:00"]
    words = run.invoke(consignment, ["visits", "--shop", shop, "--day", day])
    assert words.stdout.startswith("10:00 JY-") and "3 pieces, booked" in words.stdout
    for shop_, day_, error in ((shop, "yesterday", "bad_day"), ("nobody", day, "no_shop")):
        no = run.invoke(consignment, ["visits", "--shop", shop_, "--day", day_, "--json"])
        assert no.exit_code == 2 and json.loads(no.stderr)["error"] == error


def test_times_are_those_of_hangzhou_all_year(doing, session, alice, chen, shop, point, monkeypatch):
    """No summer time: nine o'clock is 01:00 UTC in July, too, wherever the machine stands."""
    import time

    july = story.slot(0).replace(year=2027, month=7, day=5, hour=12)
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        with clock.stopped_at(july):
            desk = queries.find_desk(session, point)
            first = queries.free_slots(session, desk, clock.now())[9]
            assert first.utcoffset() == timedelta(hours=8) and {one.hour for one in queries.free_slots(session, desk, clock.now())} == set(range(9, 18))
    finally:
        monkeypatch.undo()
        time.tzset()
