"""A resident books a visit, moves it, changes the list, comes; each refusal has a twin that is fine."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core import clock
from core.audit import AuditLine
from core.errors import Busy, Forbidden, Invalid, NotFound, Refused
from core.people.models import Notice
from core.work import Actor, work
from market.channels.consignment.visits import actions, offering, queries, receiving
from market.channels.consignment.visits.models import Visit
from market.channels.consignment.visits.rules import Thing
from market.shops import closings, points
from market.shops.models import ShopPoint
from tests import consignor_stories as files
from tests import visit_stories as story


def told(session, person):
    session.rollback()
    session.expire_all()
    return [one.sentence for one in session.scalars(select(Notice).where(Notice.account_id == person.id).order_by(Notice.id))]


def recorded(session, subject):
    session.rollback()
    return [one.word.split(":")[-1] for one in session.scalars(select(AuditLine).where(AuditLine.subject == subject).order_by(AuditLine.line_no))]


# --- what a point offers ---


@pytest.mark.parametrize(("also", "code", "field"), [
    ({"hours": {1: "12-9"}}, "hours_order", "day_1"), ({"hours": {}}, "hours_missing", "day_0"), ({"hours": {2: "8:00-12:00"}}, "hours_outside", "day_2"),
    ({"minutes": 5}, "number_range", "minutes"), ({"places": 51}, "number_range", "places"), ({"most_things": 0}, "number_range", "most_things"),
])  # fmt: skip
def test_a_desk_is_checked_at_its_field(doing, session, mu, shop, point, also, code, field):
    with pytest.raises(Invalid) as no, doing(mu) as w:
        offering.offer(w, shop, point, story.offered(**also))
    assert (no.value.code, no.value.field) == (code, field)
    with doing(mu) as w:
        assert offering.offer(w, shop, point, story.offered(places=3)) == 0
    assert queries.find_desk(session, point).places == 3


def test_only_the_shops_manager_opens_a_desk_and_only_at_a_point_of_the_shop(doing, chen, mu, fu, shop, point):
    for person in (chen, fu):
        with pytest.raises(Forbidden), doing(person) as w:
            offering.offer(w, shop, point, story.offered())
    with pytest.raises(NotFound), doing(mu) as w:
        offering.offer(w, shop, "0" * 26, story.offered())
    with doing(mu) as w:
        offering.offer(w, shop, point, story.offered(taking=False, hours={}))


def test_what_is_booked_stands_when_the_hours_change(doing, mu, session, shop, point, visit):
    with doing(mu) as w:
        assert offering.offer(w, shop, point, story.offered(hours=dict.fromkeys(range(7), "14:00-18:00"))) == 1
    assert story.look(session, visit).state == "booked"


# --- booking ---


def test_a_visit_is_booked_with_its_list_and_everybody_hears(doing, session, alice, chen, mu, point, visit):
    row = story.look(session, visit)
    assert (row.state, row.account_id, row.until - row.slot, row.by_shop) == ("booked", alice.id, timedelta(minutes=30), False)
    assert queries.things_of(row) == [story.COAT, story.PHONE]
    assert row.number.startswith("JY-") and not (row.name or row.contact), "nothing is copied from the account"
    raw = session.execute(text("SELECT name FROM consignment_visit_things")).scalars().all()
    assert len(raw) == 2 and not any("羽绒服" in one for one in raw), "the list is kept encrypted"
    assert told(session, alice) == ["Your visit to %(shop)s is booked (%(number)s): %(time)s. Bring your identity paper and what is on the list."]
    for person in (chen, mu):
        assert told(session, person) == ["Somebody booked a visit with things to be sold (%(number)s): %(time)s."]
    assert recorded(session, visit) == ["booked"]


def test_sent_twice_it_is_booked_once(doing, session, alice, point):
    both = [story.booked(doing, alice, point, story.slot(), once="k1") for _n in range(2)]
    assert both[0] == both[1] and len(session.scalars(select(Visit)).all()) == 1


def test_only_who_can_be_reached_books(doing, people, session, point):
    hu = people.person("Hu", verified=False)
    with pytest.raises(Forbidden) as no:
        story.booked(doing, hu, point, story.slot())
    assert no.value.code == "unverified"
    story.booked(doing, people.person("Gu"), point, story.slot())


@pytest.mark.parametrize("when", [story.slot(15), story.slot(-1), story.slot(2, 8, 30), story.slot(2, 10, 15), story.slot(2, 18)])
def test_a_time_that_isnt_offered_is_refused_at_the_slot(doing, alice, point, when):
    with pytest.raises(Refused) as no:
        story.booked(doing, alice, point, when)
    assert (no.value.code, no.value.field) == ("slot_full", "slot")
    story.booked(doing, alice, point, story.slot(13))


def test_less_than_two_hours_before_is_too_late(doing, session, alice, bob, point):
    morning = story.slot(1, 9)
    with clock.stopped_at(morning), pytest.raises(Refused) as no:
        story.booked(doing, alice, point, morning + timedelta(minutes=90))
    assert no.value.code == "slot_full"
    with clock.stopped_at(morning):
        story.booked(doing, alice, point, morning + timedelta(hours=2))


def test_a_full_slot_is_refused_and_a_second_place_is_given(doing, alice, bob, mu, shop, point, visit):
    with pytest.raises(Refused) as no:
        story.booked(doing, bob, point, story.slot())
    assert no.value.code == "slot_full"
    with doing(mu) as w:
        offering.offer(w, shop, point, story.offered(places=2))
    story.booked(doing, bob, point, story.slot())


def test_nobody_is_expected_twice_at_one_time_at_one_shop(doing, session, alice, mu, shop, point, visit):
    """At another point of the same shop, with slots of another length that lie over it; at another time it is fine."""
    other = story.opened(doing, mu, shop, name="二店", minutes=60)
    with pytest.raises(Refused) as no:
        story.booked(doing, alice, other, story.slot(hour=10))
    assert (no.value.code, no.value.values) == ("visit_there", {"number": story.look(session, visit).number})
    session.rollback()
    story.booked(doing, alice, other, story.slot(hour=11))


def test_at_another_shop_the_same_time_is_ones_own_affair(doing, alice, people, fu, visit):
    from core.people.queries import memberships

    with doing() as w:
        elsewhere = memberships(w.session, fu.id)[0].org_id
    story.booked(doing, alice, story.opened(doing, fu, elsewhere), story.slot())


@pytest.mark.parametrize("things", [(Thing(category="clothing", name="毛衣", pieces=11),), (Thing(category="boat", name="小船"),)])
def test_a_list_that_doesnt_fit_is_refused(doing, alice, point, things):
    with pytest.raises(Invalid) as no:
        story.booked(doing, alice, point, story.slot(), *things)
    assert no.value.field == "things"
    story.booked(doing, alice, point, story.slot(), Thing(category="clothing", name="毛衣", pieces=10))


@pytest.mark.parametrize(("what", "code"), [
    ("ends", "shop_ends"), ("no_ground", "shop_without_ground"), ("paused_point", "no_open_point"), ("not_taking", "desk_closed"),
])  # fmt: skip
def test_where_nothing_is_taken_nothing_is_booked(doing, session, alice, mu, shop, point, what, code):
    from core.people.models import Organisation

    story.booked(doing, alice, point, story.slot(3))
    with doing(mu) as w:
        if what == "ends":
            closings.announce(w, shop, clock.local(w.now).date() + timedelta(days=40), "", 30)
        elif what == "no_ground":
            w.session.get_one(Organisation, shop).licence_no = ""
        elif what == "paused_point":
            points.move_point(w, w.session.get_one(ShopPoint, point), "pause")
        else:
            offering.offer(w, shop, point, story.offered(taking=False))
    with pytest.raises(Refused) as no:
        story.booked(doing, alice, point, story.slot())
    assert no.value.code == code
    assert not queries.open_desks(session), "and nobody finds it"


# --- the last place, for real ---


def test_of_two_who_want_the_last_place_at_once_one_gets_it(app, session, alice, bob, point):
    answers, gate = [], threading.Barrier(2)

    def go(who):
        with app.extensions["xunshi_db"].session() as own:
            gate.wait()
            try:
                with work(own, Actor(who.id), clock.now()) as w:
                    actions.book(w, story.wanted(point, story.slot()))
                answers.append("won")
            except (Refused, Busy):
                answers.append("told")

    session.rollback()
    both = [threading.Thread(target=go, args=(one,)) for one in (alice, bob)]
    [one.start() for one in both]
    [one.join() for one in both]
    assert sorted(answers) == ["told", "won"]
    assert len(session.scalars(select(Visit)).all()) == 1


def test_of_two_who_move_to_the_last_place_at_once_one_gets_it(app, doing, session, alice, bob, point, visit):
    other, answers, gate = story.booked(doing, bob, point, story.slot(hour=11)), [], threading.Barrier(2)

    def go(who, visit_id):
        with app.extensions["xunshi_db"].session() as own:
            gate.wait()
            try:
                with work(own, Actor(who.id), clock.now()) as w:
                    actions.move(w, queries.get_visit(w.session, visit_id), story.slot(hour=15))
                answers.append("won")
            except (Refused, Busy):
                answers.append("told")

    session.rollback()
    both = [threading.Thread(target=go, args=one) for one in ((alice, visit), (bob, other))]
    [one.start() for one in both]
    [one.join() for one in both]
    assert sorted(answers) == ["told", "won"]
    assert sorted(story.look(session, one).slot == story.slot(hour=15) for one in (visit, other)) == [False, True]


def test_the_database_gives_no_place_away_twice(doing, session, bob, alice, point, visit, monkeypatch):
    """Even when the program believed the time to be free: booked anew, or moved there."""
    monkeypatch.setattr(queries, "free_slots", lambda *_, **_k: [story.slot()])
    with pytest.raises(Busy):
        story.booked(doing, bob, point, story.slot())
    monkeypatch.undo()
    other = story.booked(doing, bob, point, story.slot(hour=11))
    monkeypatch.setattr(queries, "free_slots", lambda *_, **_k: [story.slot()])
    with pytest.raises(Busy), doing(bob) as w:
        actions.move(w, story.row(w, other), story.slot())
    monkeypatch.undo()
    with doing(bob) as w:
        actions.move(w, story.row(w, other), story.slot(hour=10, minute=30))


def test_the_database_expects_nobody_twice_at_a_time(doing, session, alice, mu, shop, point, visit, monkeypatch):
    other = story.opened(doing, mu, shop, name="二店", minutes=60)
    monkeypatch.setattr(queries, "find_overlap", lambda *_: None)
    with pytest.raises(Busy):
        story.booked(doing, alice, other, story.slot())
    later = story.booked(doing, alice, other, story.slot(hour=12))
    with pytest.raises(Busy), doing(alice) as w:
        actions.move(w, story.row(w, later), story.slot())


def test_what_is_over_stays_as_it_ended(doing, session, alice, visit):
    with doing(alice) as w:
        actions.cancel(w, story.row(w, visit))
    for change in ("state = 'came', why = ''", "slot = '2026-01-01T00:00:00.000000Z'", "number = 'x'"):
        with pytest.raises(DBAPIError, match="stays as it ended"), doing() as w:
            w.session.execute(text(f"UPDATE consignment_visits SET {change}"))
    with doing() as w:
        w.session.execute(text("UPDATE consignment_visits SET reminded = :yes"), {"yes": True})


# --- moving, another list, calling off ---


def test_moved_to_another_time_the_first_one_is_free(doing, session, alice, bob, chen, point, visit):
    with doing(alice) as w:
        actions.move(w, story.row(w, visit), story.slot(hour=15))
    row = story.look(session, visit)
    assert row.slot == story.slot(hour=15) and row.version == 1
    assert "The visit %(number)s was moved to %(time)s." in told(session, chen)
    session.rollback()
    story.booked(doing, bob, point, story.slot())
    with doing(alice) as w:
        actions.move(w, story.row(w, visit), story.slot(hour=15))
    assert story.look(session, visit).version == 1, "the same time once more changes nothing"


def test_it_isnt_moved_where_there_is_no_room_and_not_by_a_stranger(doing, session, alice, bob, charlie, point, visit):
    story.booked(doing, bob, point, story.slot(hour=15))
    with pytest.raises(Refused) as no, doing(alice) as w:
        actions.move(w, story.row(w, visit), story.slot(hour=15))
    assert no.value.field == "slot"
    with pytest.raises(Forbidden), doing(charlie) as w:
        actions.move(w, story.row(w, visit), story.slot(hour=16))
    assert story.look(session, visit).slot == story.slot()


def test_a_visit_can_move_over_its_own_time(doing, session, alice, mu, shop, visit, point):
    with doing(mu) as w:
        offering.offer(w, shop, point, story.offered(minutes=20, places=2))
    with doing(alice) as w:
        actions.move(w, story.row(w, visit), story.slot(hour=10, minute=20))
    assert story.look(session, visit).until == story.slot(hour=10, minute=40)


def test_the_shop_moves_a_visit_and_its_person_hears(doing, session, alice, chen, visit):
    with doing(chen) as w:
        actions.move(w, story.row(w, visit), story.slot(hour=16))
    assert told(session, alice)[-1].startswith("%(shop)s moved your visit")


def test_the_list_is_changed_and_checked_again(doing, session, alice, fu, visit):
    many = [Thing(category="book", name="小说", pieces=11)]
    with pytest.raises(Invalid), doing(alice) as w:
        actions.change_list(w, story.row(w, visit), many)
    with pytest.raises(Forbidden), doing(fu) as w:
        actions.change_list(w, story.row(w, visit), [story.COAT])
    with doing(alice) as w:
        actions.change_list(w, story.row(w, visit), [Thing(category="book", name="小说", pieces=10, wish=500)])
    row = story.look(session, visit)
    assert queries.things_of(row) == [Thing(category="book", name="小说", pieces=10, wish=500)] and row.version == 1


def test_called_off_by_its_person_once_and_not_by_others(doing, session, alice, bob, chen, point, visit):
    for person in (bob, chen):
        with pytest.raises(Forbidden), doing(person) as w:
            actions.cancel(w, story.row(w, visit))
    for _twice in range(2):
        with doing(alice) as w:
            actions.cancel(w, story.row(w, visit))
    row = story.look(session, visit)
    assert (row.state, row.why, recorded(session, visit)) == ("cancelled", "person", ["booked", "ended"])
    with pytest.raises(Refused), doing(alice) as w:
        actions.move(w, story.row(w, visit), story.slot(hour=15))
    story.booked(doing, bob, point, story.slot())


# --- at the counter ---


def test_they_come_and_whoever_takes_things_in_may_say_so_again(doing, session, alice, chen, visit):
    with pytest.raises(Refused) as no, doing(chen) as w:
        actions.came(w, story.row(w, visit))
    assert no.value.code == "not_yet"
    morning = story.slot(hour=9)
    with clock.stopped_at(morning):
        for _twice in range(2):
            with doing(chen) as w:
                actions.came(w, story.row(w, visit))
        with pytest.raises(Forbidden), doing(alice) as w:
            actions.came(w, story.row(w, visit))
    row = story.look(session, visit)
    assert (row.state, row.why, recorded(session, visit)) == ("came", "", ["booked", "came"])


def test_who_didnt_come_may_still_come_that_day(doing, session, alice, chen, visit):
    with clock.stopped_at(story.slot(hour=9)), pytest.raises(Refused), doing(chen) as w:
        receiving.missed(w, story.row(w, visit))
    with clock.stopped_at(story.slot(hour=11)):
        with doing(chen) as w:
            receiving.missed(w, story.row(w, visit))
        assert told(session, alice)[-1].startswith("You didn't come")
        session.rollback()
        with doing(chen) as w:
            actions.came(w, story.row(w, visit))
    assert story.look(session, visit).state == "came"


def test_the_shop_calls_off_with_a_reason_and_a_way_on(doing, session, alice, chen, visit):
    with pytest.raises(Invalid) as no, doing(chen) as w:
        receiving.call_off(w, story.row(w, visit), "closed")
    assert no.value.field == "why"
    with pytest.raises(Forbidden), doing(alice) as w:
        receiving.call_off(w, story.row(w, visit), "full")
    with doing(chen) as w:
        receiving.call_off(w, story.row(w, visit), "full")
    notice = session.scalars(select(Notice).where(Notice.account_id == alice.id).order_by(Notice.id.desc())).first()
    assert notice.values["why"] == "The shop has no room for so many things at present" and notice.link == f"/consignment-visits/{visit}"


def test_a_caller_without_an_account_is_kept_encrypted_and_looked_up_on_record(doing, session, chen, fu, shop, point):
    made = story.booked_for(doing, chen, point, story.slot(), name="林奶奶", contact="139 0000 1234")
    row = story.look(session, made)
    assert (row.shown, row.contact_masked, row.account_id, row.by_shop) == ("林**", "139****1234", None, True)
    assert "林奶奶" not in row.name and "1390000" not in row.contact
    session.rollback()
    with pytest.raises(Invalid) as no, doing(chen) as w:
        receiving.see_contact(w, story.row(w, made), "curious")
    assert no.value.field == "look"
    with pytest.raises(Forbidden), doing(fu) as w:
        receiving.see_contact(w, story.row(w, made), "reach")
    with doing(chen) as w:
        assert receiving.see_contact(w, story.row(w, made), "reach") == ("林奶奶", "13900001234")
    assert recorded(session, made) == ["booked", "contact_seen"]


def test_the_same_caller_isnt_expected_twice_and_another_one_is(doing, chen, mu, shop, point):
    with doing(mu) as w:
        offering.offer(w, shop, point, story.offered(places=3))
    story.booked_for(doing, chen, point, story.slot())
    with pytest.raises(Refused) as no:
        story.booked_for(doing, chen, point, story.slot(), name="林玉", contact="+86 139-0000-1234")
    assert no.value.code == "visit_there"
    story.booked_for(doing, chen, point, story.slot(), name="林玉", contact="13900005678")


def test_a_known_file_is_found_by_number_or_contact(doing, session, chen, shop, point):
    file_id = files.opened(doing, chen, shop)
    by_contact = story.booked_for(doing, chen, point, story.slot(hour=9), name="林奶奶", contact="13900001234")
    by_number = story.booked_for(doing, chen, point, story.slot(hour=11), file="c-1")
    for one in (by_contact, by_number):
        row = story.look(session, one)
        assert (row.consignor_id, row.name, row.contact) == (file_id, "", ""), "nothing is kept twice"
    assert recorded(session, file_id) == ["opened", "looked_up", "looked_up"]
    session.rollback()
    with pytest.raises(Invalid) as no:
        story.booked_for(doing, chen, point, story.slot(hour=12), file="C-0099")
    assert no.value.field == "file"


def test_the_file_of_ones_account_is_known_at_once(doing, session, alice, chen, shop, point):
    file_id = files.opened(doing, chen, shop)
    with doing() as w:
        w.session.get_one(files.Consignor, file_id).account_id = alice.id
    made = story.booked(doing, alice, point, story.slot())
    assert story.look(session, made).consignor_id == file_id
    by_clerk = story.booked_for(doing, chen, point, story.slot(hour=12), file="C-0001")
    assert story.look(session, by_clerk).account_id == alice.id, "Alice can move it herself"


@pytest.mark.parametrize(("caller", "field"), [({"name": "林", "contact": "13900001234"}, "name"), ({"name": "林奶奶", "contact": "1390"}, "contact")])
def test_a_caller_is_checked_at_the_field(doing, chen, point, caller, field):
    with pytest.raises(Invalid) as no:
        story.booked_for(doing, chen, point, story.slot(), **caller)
    assert no.value.field == field
    story.booked_for(doing, chen, point, story.slot())


def test_a_walk_in_takes_the_slot_that_runs(doing, session, alice, chen, fu, point):
    running = story.slot(1, 10)
    with clock.stopped_at(running + timedelta(minutes=20)):
        with pytest.raises(Refused):
            story.booked(doing, alice, point, running)
        with pytest.raises(Refused):
            story.booked_for(doing, chen, point, running - timedelta(minutes=30))
        with pytest.raises(Forbidden):
            story.booked_for(doing, fu, point, running)
        made = story.booked_for(doing, chen, point, running)
        with doing(chen) as w:
            actions.came(w, story.row(w, made))
    assert story.look(session, made).state == "came"
