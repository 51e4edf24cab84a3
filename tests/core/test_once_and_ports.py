"""Sent twice, done once; and what rooms tell each other happens in the same transaction or not at all."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text

from core import clock, ports
from core.audit import AuditLine
from core.errors import Busy, Refused
from core.once import DoneOnce, find_done, keep_done
from core.ports import CustodyRaised, DossierLine, happened, provide, subscribe
from core.work import Actor, work
from tests import stories

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_a_second_try_gets_the_first_ones_answer(session, doing, alice):
    with doing(alice) as w:
        assert find_done(w, "pay", "key1") is None
        keep_done(w, "pay", "key1", "order1")
    with doing(alice) as w:
        assert find_done(w, "pay", "key1") == "order1"
        assert find_done(w, "refund", "key1") is None, "another kind is another key"


def test_a_twin_that_was_slower_is_told_and_saves_nothing(session, doing, alice):
    with doing(alice) as w:
        keep_done(w, "pay", "key1", "order1")
    with pytest.raises(Busy), doing(alice) as w:
        w.record("core:lookup:made", "order2")
        keep_done(w, "pay", "key1", "order2")
    session.rollback()
    assert session.get_one(DoneOnce, "pay/key1").result == "order1"
    assert session.scalar(select(func.count()).select_from(AuditLine).where(AuditLine.subject == "order2")) == 0


def test_an_undone_step_leaves_no_key(doing, alice):
    with pytest.raises(ZeroDivisionError), doing(alice) as w:
        keep_done(w, "pay", "key1", "order1")
        raise ZeroDivisionError
    with doing(alice) as w:
        assert find_done(w, "pay", "key1") is None


@pytest.fixture
def switchboard(monkeypatch):
    monkeypatch.setattr(ports, "_subscribers", {})
    monkeypatch.setattr(ports, "_providers", {"dossier": {}, "personal_data": {}, "retention": {}})


def test_subscribers_hear_an_event_in_order_and_once(switchboard, doing):
    heard = []

    def first(w, event):
        heard.append(("first", event.item_id))

    subscribe(CustodyRaised, first)
    subscribe(CustodyRaised, lambda w, event: heard.append(("second", event.item_id)))
    subscribe(CustodyRaised, first)
    with doing() as w:
        happened(w, CustodyRaised("item1", 2, "sold"))
        happened(w, ports.ItemFrozen("item1", "claimed"))
    assert heard == [("first", "item1"), ("second", "item1")]
    assert list(ports.subscribers()) == ["CustodyRaised"]


def test_one_refusal_undoes_everything(switchboard, session, doing):
    def refuse(w, event):
        raise Refused("no", "No")

    subscribe(CustodyRaised, lambda w, event: w.record("core:lookup:made", "told"))
    subscribe(CustodyRaised, refuse)
    with pytest.raises(Refused), doing() as w:
        w.record("core:lookup:made", "before")
        happened(w, CustodyRaised("item1", 2, "sold"))
    session.rollback()
    assert session.execute(text("SELECT count(*) FROM audit_lines")).scalar_one() == 0


def test_a_port_is_filled_once_by_each_room(switchboard):
    def fill(session, item_id):
        return []

    provide("dossier", "core", fill)
    provide("dossier", "core", fill)
    provide("dossier", "market", lambda session, item_id: [])
    with pytest.raises(ValueError, match="twice"):
        provide("dossier", "core", lambda session, item_id: [])
    with pytest.raises(KeyError):
        provide("no_such_port", "core", fill)


def test_a_dossier_puts_all_rooms_in_order(switchboard, session):
    def at(hour, room):
        return DossierLine(NOW.replace(hour=hour), room, "x", {})

    provide("dossier", "core", lambda session, item_id: [at(1, "core"), at(5, "core")])
    provide("dossier", "market", lambda session, item_id: [at(3, "market"), at(5, "market")])
    assert [(one.at.hour, one.room) for one in ports.dossier(session, "x")] == [
        (1, "core"), (3, "market"), (5, "core"), (5, "market"),
    ]  # fmt: skip


def test_the_ground_floor_tells_a_thing_from_its_beginning(session, doing, alice):
    item_id = stories.laptop(doing, alice)
    lines = list(ports.providers("dossier")["core"](session, item_id))
    said = [line.sentence % line.values for line in lines]
    assert any("A thing was registered" in one for one in said)
    assert any("Hard disk" in one and "****" in one for one in said), "the medium, masked"
    assert any("registered by its owner" in one for one in said)
    assert {line.actor for line in lines} == {alice.id}
    assert list(ports.providers("dossier")["core"](session, "no such thing")) == []


def test_a_look_up_is_no_part_of_a_thing_s_life(session, doing, alice):
    item_id = stories.coat(doing, alice)
    before = len(ports.dossier(session, item_id))
    with doing() as w:
        w.record("core:lookup:made", item_id, kind="serial")
    assert len(ports.dossier(session, item_id)) == before


def test_own_data_is_whole_and_nobody_elses(session, doing, alice, bob):
    stories.laptop(doing, alice, serial="PF2XK9A7")
    data = ports.providers("personal_data")["core"]
    mine, his = data(session, alice.id), data(session, bob.id)
    assert mine["account"]["name"] == "Alice"
    assert mine["things"][0]["numbers"] == [{"kind": "serial", "number": "PF2XK9A7"}]
    assert len(mine["things"][0]["storage"]) == 1
    assert mine["custody"][0]["place"] == "owner"
    assert (his["things"], his["custody"]) == ([], [])


def test_every_room_says_how_long_it_keeps_what_and_why():
    for room, rows in ports.providers("retention").items():
        for row in rows():
            assert row.data and row.since and row.source and row.then, room
            assert 0 <= row.months <= 240, room


def test_a_work_says_who(session):
    with work(session, Actor("system:house"), clock.now()) as w:
        assert not w.actor.is_person
    assert Actor("01h").is_person
