"""Who wiped never verifies, nor does the owner: over every assignment of roles, and in the database itself."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core import clock
from core.access import SecondFactorNeeded
from core.db import stamp
from core.errors import Forbidden, Invalid, Refused
from privacy.clearance import verifying
from privacy.clearance.queries import certificate_of, find_clearance
from privacy.clearance.verifying import Keeping
from privacy.wipes import rules
from privacy.wipes.duty_models import LockCheck
from privacy.wipes.models import WipeJob
from tests import stories

HDD = stories.disks("hdd")


@pytest.fixture
def waiting(app, doing, alice, wang, shop):
    """A laptop whose files pass: it waits for another person."""
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    return item_id, stories.wiped(app, doing, item_id, alice, wang, shop, HDD[:1])


def accept(app, doing, who, job_id, *, checks=tuple(rules.CHECKS), kept="at_point", ago=timedelta(), **look):
    stories.signed(app, doing, job_id)
    with doing(who) as w:
        job = w.session.get_one(WipeJob, job_id)
        signed_in = None if ago is None else w.now - ago
        return verifying.accept(
            w, stories.bench(app), job, checks=checks, counted=1, keeping=Keeping(kept=kept), signed_in_at=signed_in,
            look=stories.look(w, job, **look),
        ).number


@given(
    st.text("abc", min_size=1, max_size=1),
    st.text("abc", min_size=1, max_size=1),
    st.text("abc", min_size=1, max_size=1),
    st.sets(st.sampled_from("abc")),
)
def test_the_rule_over_all_assignments(operator, owner, verifier, attached):
    allowed = rules.may_verify(operator, owner, attached, verifier) is None
    assert allowed == (verifier not in {operator, owner} | attached)


@pytest.mark.slow
def test_all_assignments_through_the_actions(app, doing, session, people, shop):
    """Three people, each with every role; whoever owns, wipes and verifies: only three different ones succeed."""
    trio = [people.person(name) for name in ("Ai", "Bo", "Ci")]
    for person, role in product(trio, ("wipe_operator", "wipe_verifier")):
        people.give_role(person, role, shop)
    serials = iter(f"PF7ROLES{n}A" for n in range(30))
    disks = iter([*stories.disks("hdd"), *stories.disks("ssd")])
    for owner, operator in product(trio, trio):
        if owner == operator:
            item_id = stories.laptop(doing, owner, serial=next(serials), disks=[])
            job_id = stories.consented(doing, item_id, owner)
            with pytest.raises(Refused, match="own_device"), doing(operator) as w:
                stories.actions.start(w, w.session.get_one(WipeJob, job_id), shop)
            continue
        disk = [next(disks)]
        item_id = stories.laptop(doing, owner, serial=next(serials), disks=disk)
        job_id = stories.wiped(app, doing, item_id, owner, operator, shop, disk)
        for verifier in sorted(trio, key=lambda one: one not in (owner, operator), reverse=False):
            if verifier in (owner, operator):
                with pytest.raises(Forbidden, match="verifier_"):
                    accept(app, doing, verifier, job_id)
                assert find_clearance(session, item_id) is None
            else:
                assert accept(app, doing, verifier, job_id)


def test_no_second_factor_or_a_stale_one_is_no_verification(app, doing, session, zhao, waiting):
    item_id, job_id = waiting
    for ago in (None, timedelta(minutes=11), timedelta(minutes=-1)):
        with pytest.raises(SecondFactorNeeded):
            accept(app, doing, zhao, job_id, ago=ago)
    assert find_clearance(session, item_id) is None
    assert accept(app, doing, zhao, job_id, ago=timedelta(minutes=9))


def test_the_role_is_asked_again_inside(app, doing, bob, li, waiting):
    for who in (bob, li):
        with pytest.raises(Forbidden, match="role_missing"):
            accept(app, doing, who, waiting[1])


def test_a_verification_point_may_do_it_once_the_device_is_there(app, doing, session, people, wang, waiting):
    """Sun verifies at another point. What stands in Wang's shop by the record he can't have before him."""
    point = people.organisation("滨江验证点", "agency")
    outsider = people.person("Sun")
    people.give_role(outsider, "wipe_verifier", point)
    with pytest.raises(Refused, match="device_elsewhere"):
        accept(app, doing, outsider, waiting[1])
    assert find_clearance(session, waiting[0]) is None
    assert "here by the record" in outsider.client().get(f"/wipes/{waiting[1]}/verify").text
    moved = wang.client().post(f"/items/{waiting[0]}/custody", data={"place": "counter", "org": point})
    assert moved.status_code == 303
    accept(app, doing, outsider, waiting[1])
    assert "滨江验证点" in certificate_of(session, waiting[0]).body


def test_nor_does_raw_sql_accept_what_is_elsewhere(app, doing, session, database, people, waiting):
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    outsider = people.person("Sun")
    people.give_role(outsider, "wipe_verifier", people.organisation("滨江验证点", "agency"))
    stories.signed(app, doing, waiting[1])
    job = session.get_one(WipeJob, waiting[1])
    row = {"j": job.id, "i": job.item_id, "o": job.operator_id, "w": job.owner_id, "v": outsider.id, "n": stamp(clock.now())}
    session.rollback()
    insert = (
        "INSERT INTO verifications (id, job_id, item_id, epoch, operator_id, owner_id, verifier_id, decision, checks, reason, "
        "signed_in_at, at) VALUES ('x', :j, :i, 1, :o, :w, :v, :d, '{}', '', :n, :n)"
    )
    with database.engine.connect().execution_options(writes=True) as connection:
        with pytest.raises(DBAPIError, match="where the device is"):
            connection.execute(text(insert), {**row, "d": "accepted"})
        connection.rollback()
        assert connection.execute(text(insert), {**row, "d": "rejected"}).rowcount == 1, "a no needs no device"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"tail": "0000"}, "look_tail"), ({"tail": ""}, "look_tail"), ({"photo": b""}, "look_photo"),
        ({"locks": {"find_my": "on", "firmware": "off", "enrolment": "off"}}, "lock_find_my"),
        ({"locks": {"find_my": "off", "firmware": "unknown", "enrolment": "off"}}, "lock_firmware"),
        ({"locks": {"find_my": "off", "firmware": "off"}}, "lock_enrolment"),
    ],
)  # fmt: skip
def test_the_verifier_of_a_tools_log_looks_at_the_device_itself(app, doing, session, zhao, waiting, changed, field):
    """The number typed off the device, a photo with the code, every lock read again: ticks alone show nothing."""
    stories.signed(app, doing, waiting[1])
    with pytest.raises(Invalid) as no, doing(zhao) as w:
        job = w.session.get_one(WipeJob, waiting[1])
        verifying.accept(
            w, stories.bench(app), job, checks=list(rules.CHECKS), counted=1, keeping=Keeping(kept="at_point"),
            signed_in_at=w.now, look=stories.look(w, job, **changed),
        )  # fmt: skip
    assert no.value.field == field and find_clearance(session, waiting[0]) is None
    session.rollback()
    assert accept(app, doing, zhao, waiting[1])


def test_a_photo_shows_one_device_once(app, doing, alice, wang, zhao, shop, waiting):
    same = stories.picture()
    other = stories.laptop(doing, alice, serial="PF2XK9C3", disks=HDD[1:2])
    second = stories.wiped(app, doing, other, alice, wang, shop, HDD[1:2])
    accept(app, doing, zhao, waiting[1], photo=same)
    with pytest.raises(Invalid, match="photo_used"):
        accept(app, doing, zhao, second, photo=same)
    assert accept(app, doing, zhao, second)


def test_locks_before_and_after_stand_on_the_certificate(app, doing, session, alice, wang, zhao, shop, anonymous):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    job_id = stories.consented(doing, item_id, alice)
    client = wang.client()
    client.post(f"/wipes/{job_id}/start", data={"org": shop})
    client.post(f"/wipes/{job_id}/count", data={"counted": "1"})
    assert "read the account locks" in client.get(f"/wipes/{job_id}/bench").text
    with pytest.raises(Refused, match="locks_first"), doing(wang) as w:
        stories.attach(w, stories.bench(app), w.session.get_one(WipeJob, job_id), HDD[0].log)
    assert client.post(f"/wipes/{job_id}/locks", data={**stories.LOCKS_OFF, "lock_find_my": "on"}).status_code == 303
    with doing(wang) as w:
        stories.attach(w, stories.bench(app), w.session.get_one(WipeJob, job_id), HDD[0].log)
    assert "It is on" in zhao.client().get(f"/wipes/{job_id}/verify").text, "the verifier sees what was read before"
    number = stories.verified(app, doing, job_id, zhao)
    shown = anonymous.get(f"/certificates/{number}").text
    assert "before the wipe 1 on" in shown and "after it all off" in shown
    told = {(one.moment, one.lock): one.state for one in session.scalars(select(LockCheck))}
    assert told["before", "find_my"] == "on" and {state for (moment, _), state in told.items() if moment == "after"} == {"off"}


@pytest.mark.parametrize("missing", list(rules.CHECKS))
def test_every_check_is_done(app, doing, zhao, waiting, missing):
    with pytest.raises(Invalid) as no:
        accept(app, doing, zhao, waiting[1], checks=[code for code in rules.CHECKS if code != missing])
    assert no.value.field == missing


def test_a_job_is_verified_once(app, doing, zhao, waiting):
    accept(app, doing, zhao, waiting[1])
    with pytest.raises(Refused):
        accept(app, doing, zhao, waiting[1])
