"""Who wiped never verifies, nor does the owner: over every assignment of roles, and in the database itself."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import SecondFactorNeeded
from core.errors import Forbidden, Invalid, Refused
from privacy.clearance import verifying
from privacy.clearance.queries import certificate_of, find_clearance
from privacy.clearance.verifying import Keeping
from privacy.wipes import rules
from privacy.wipes.models import WipeJob
from tests import stories

HDD = stories.disks("hdd")


@pytest.fixture
def waiting(app, doing, alice, wang, shop):
    """A laptop whose files pass: it waits for another person."""
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    return item_id, stories.wiped(app, doing, item_id, alice, wang, shop, HDD[:1])


def accept(app, doing, who, job_id, *, checks=tuple(rules.CHECKS), kept="at_point", ago=timedelta()):
    stories.signed(app, doing, job_id)
    with doing(who) as w:
        job = w.session.get_one(WipeJob, job_id)
        signed_in = None if ago is None else w.now - ago
        return verifying.accept(
            w, stories.bench(app), job, checks=checks, counted=1, keeping=Keeping(kept=kept), signed_in_at=signed_in
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


def test_a_verification_point_may_do_it(app, doing, session, people, waiting):
    point = people.organisation("滨江验证点", "agency")
    outsider = people.person("Sun")
    people.give_role(outsider, "wipe_verifier", point)
    accept(app, doing, outsider, waiting[1])
    assert "滨江验证点" in certificate_of(session, waiting[0]).body


@pytest.mark.parametrize("missing", list(rules.CHECKS))
def test_every_check_is_done(app, doing, zhao, waiting, missing):
    with pytest.raises(Invalid) as no:
        accept(app, doing, zhao, waiting[1], checks=[code for code in rules.CHECKS if code != missing])
    assert no.value.field == missing


def test_a_job_is_verified_once(app, doing, zhao, waiting):
    accept(app, doing, zhao, waiting[1])
    with pytest.raises(Refused):
        accept(app, doing, zhao, waiting[1])
