"""Salts and values behind commitments go when their person leaves, by the account's own page, and when their time is over; every
proof still holds."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock, passwords, secrets
from core.goods import custody
from core.goods.models import Item
from core.people.models import Account
from core.people.rules import months_later
from core.work import Actor, work
from privacy import verify
from privacy.bench import bench_of
from privacy.clearance import redaction
from privacy.clearance.log import checking
from privacy.clearance.log.bundle import make_bundle
from privacy.clearance.models import Certificate, Disclosure
from privacy.clearance.queries import certificate_of
from tests import stories

PASSWORD = "correct horse battery staple"


@pytest.fixture
def item(app, doing, alice, wang, zhao, shop, sequence):
    found = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    sequence()
    return found


@pytest.fixture
def leave(doing):
    """`leave(alice)`: the person closes the account on its page."""

    def step(who):
        with doing() as w:
            w.session.get_one(Account, who.id).password_hash = passwords.hash_password(PASSWORD)
        answer = who.client().post("/me/settings/close", data={"password": PASSWORD, "sure": "y"})
        assert answer.status_code == 303, answer.text

    return step


@pytest.fixture
def fetched(doing):
    """`fetched(item, alice)`: she has it back at home; nobody closes an account while a thing is at a point."""

    def step(item_id, owner):
        with doing(owner) as w:
            thing = w.session.get_one(Item, item_id)
            custody.move(w, thing, holder_kind="person", holder_id=owner.id, place="owner", why="released_unsealed")

    return step


@pytest.fixture
def sweep(app, session):
    def step(now):
        session.rollback()
        with work(session, Actor("system:privacy_redaction"), now) as w:
            redaction.sweep(w)

    return step


def names(session):
    found = set(session.scalars(select(Disclosure.name)))
    session.rollback()
    return found


def holds(app, session, anonymous):
    """Every certificate alone and all in one bundle, offline; the whole log."""
    known = verify.read_keys(anonymous.get("/keys.json").data)
    papers = list(session.scalars(select(Certificate)))
    for one in papers:
        if one.state == "issued":
            assert verify.examine(anonymous.get(f"/certificates/{one.number}.json").data, known).verdict == "valid"
        assert anonymous.get(f"/certificates/{one.number}").status_code == 200
    bundle = make_bundle(session, bench_of(app.extensions["xunshi"]), papers, clock.now())
    found = {one.code: one.ok for one in verify.examine(bundle, known).checks}
    assert {code for code, ok in found.items() if ok is not True} <= {"stands", "not_ended"}
    assert checking.check(session).ok
    session.rollback()


def test_a_verifier_who_leaves_is_named_by_no_certificate(app, session, anonymous, item, zhao, leave):
    assert {"wipe_operator", "wipe_verifier"} <= names(session)
    leave(zhao)
    assert names(session) == {"wipe_operator", "item.serial.0", "medium.0.serial", "medium.0.file"}
    holds(app, session, anonymous)


def test_an_operator_too(app, session, anonymous, item, wang, leave):
    leave(wang)
    assert "wipe_operator" not in names(session) and "wipe_verifier" in names(session)
    holds(app, session, anonymous)


def test_an_owner_takes_the_numbers_of_her_device_along(app, session, anonymous, item, alice, fetched, leave):
    fetched(item, alice)
    body = json.loads(session.scalars(select(Certificate.body)).one())
    session.rollback()
    leave(alice)
    assert names(session) == {"wipe_operator", "wipe_verifier"}
    after = json.loads(session.scalars(select(Certificate.body)).one())
    session.rollback()
    assert after == body, "the signed text stays"
    holds(app, session, anonymous)


def test_what_was_sold_is_its_buyers_too(app, session, doing, anonymous, item, alice, bob, leave):
    with doing(bob) as w:
        thing = w.session.get_one(Item, item)
        custody.move(w, thing, holder_kind="person", holder_id=bob.id, place="buyer", why="sold")
        thing.owner_id = bob.id
    before = names(session)
    leave(alice)
    assert names(session) == before
    leave(bob)
    assert names(session) == {"wipe_operator", "wipe_verifier"}
    holds(app, session, anonymous)


def test_others_keep_theirs(app, session, doing, item, alice, bob, wang, zhao, shop, fetched, leave):
    fetched(item, alice)
    other = stories.wiped_laptop(app, doing, bob, wang, zhao, shop, nth=1)
    mine = certificate_of(session, other).id
    session.rollback()
    leave(alice)
    left = set(session.scalars(select(Disclosure.certificate_id).where(Disclosure.name == "item.serial.0")))
    session.rollback()
    assert left == {mine}


def test_a_third_person_who_leaves(session, doing, item, zhao, charlie, leave):
    """Where a rule asked for one, the certificate commits to them as well."""
    with doing() as w:
        row = w.session.scalars(select(Disclosure).where(Disclosure.name == "wipe_verifier")).one()
        row.name, row.value = "wipe_validator", secrets.encrypt(charlie.id, "disclosure")
    leave(zhao)
    assert "wipe_validator" in names(session)
    leave(charlie)
    assert "wipe_validator" not in names(session)


def test_when_their_time_is_over_they_go(app, session, doing, anonymous, item, ines, sweep):
    number = certificate_of(session, item).number
    session.rollback()
    sweep(clock.now() + timedelta(days=5000))
    assert names(session), "it stands: nothing runs before it has ended"
    assert ines.client().post(f"/certificates/{number}/revoke", data={"reason": "inspection"}).status_code == 303
    ended = session.scalars(select(Certificate.ended_at)).one()
    session.rollback()
    sweep(months_later(ended, 36) - timedelta(days=1))
    assert names(session)
    sweep(months_later(ended, 36) + timedelta(days=1))
    assert names(session) == set()
    holds(app, session, anonymous)


def test_sale_or_end_whichever_is_later(session, doing, item, bob, ines, sweep):
    number = certificate_of(session, item).number
    session.rollback()
    with clock.stopped_at(clock.now() - timedelta(days=400)), doing(bob) as w:
        custody.move(w, w.session.get_one(Item, item), holder_kind="person", holder_id=bob.id, place="buyer", why="sold")
    assert ines.client().post(f"/certificates/{number}/revoke", data={"reason": "inspection"}).status_code == 303
    sold, ended = session.execute(select(Certificate.delivered_at, Certificate.ended_at)).one()
    session.rollback()
    assert sold < ended
    sweep(months_later(sold, 36) + timedelta(days=1))
    assert names(session)
    sweep(months_later(ended, 36) + timedelta(days=1))
    assert names(session) == set()


def test_what_is_under_inspection_waits(session, doing, item, ines, sweep, unguarded):
    number = certificate_of(session, item).number
    session.rollback()
    ines.client().post(f"/certificates/{number}/revoke", data={"reason": "inspection"})
    unguarded("UPDATE items SET state = 'frozen'")
    sweep(clock.now() + timedelta(days=5000))
    assert names(session)
    unguarded("UPDATE items SET state = 'active'")
    sweep(clock.now() + timedelta(days=5000))
    assert names(session) == set()


def test_the_clockwork_and_the_retention_page_know_of_it(app, anonymous, alice, zhao):
    from core import runner

    assert runner.SWEEPS["privacy_redaction"][1] is redaction.sweep
    assert "your name on them" in alice.client().get("/me/settings/close").text


def test_a_bundle_made_before_holds_after(app, session, anonymous, item, zhao, leave):
    papers = list(session.scalars(select(Certificate)))
    before = make_bundle(session, bench_of(app.extensions["xunshi"]), papers, clock.now(), evidence=False)
    session.rollback()
    leave(zhao)
    assert verify.examine(before, verify.read_keys(anonymous.get("/keys.json").data)).verdict == "valid"
    with zipfile.ZipFile(io.BytesIO(before)) as archive:
        assert not any(b"salt" in archive.read(name) for name in archive.namelist() if name.endswith(".json"))
