"""Every assignment of owner, operator, witness, validator, verifier and checker over one to six people with any roles in any
organisations: whoever may not do a step is refused by the action, and where the people themselves are the reason by the database.

A town of random people goes through one wipe. At each step everybody tries; who lacks the role or had a hand in it is refused;
then one who may does it, or an outsider where nobody may. So a town covers all assignments that agree with the steps before."""

import random
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core import clock, ids
from core.db import stamp
from core.errors import Busy, Forbidden, Refused
from core.goods.cards import get_card
from core.goods.intake import Intake, MediumGiven, take_in
from privacy.clearance import verifying
from privacy.clearance.verifying import Keeping
from privacy.devices import after_work, counting, taking_out
from privacy.keys.signing_off import sign_off
from privacy.sampling import actions
from privacy.sampling.actions import Told
from privacy.sampling.models import SampleCheck
from privacy.wipes import actions as wipes
from privacy.wipes import locks
from privacy.wipes import rules as wipe_rules
from privacy.wipes.attaching import attach
from privacy.wipes.models import WipeJob
from tests import stories
from tests.market.listings.conftest import photo
from tests.privacy.devices.test_usage import reading
from tests.privacy.sampling.conftest import DISKS, moved
from tests.privacy.sampling.test_draw import declare
from tests.soak import SOAKING

TOWNS = 120 if SOAKING else 8
ROLES = ("wipe_operator", "wipe_verifier", "shop_clerk", "appraiser")

@dataclass
class Town:
    """`roles`: person -> [(role, organisation)]; `family`: pairs. What the test expects comes from here alone."""

    people: list
    shop: str
    roles: dict = field(default_factory=dict)
    family: set = field(default_factory=set)

    def has(self, person, role, org=None):
        return any(held == role and org in (None, where) for held, where in self.roles.get(person.id, ()))

    def orgs(self, person):
        return {where for _role, where in self.roles.get(person.id, ())}

    def related(self, one, other):
        return frozenset((one.id, other.id)) in self.family


@pytest.fixture
def raw(database):
    def run(table, row):
        """True if the database takes the row; it is taken back at once."""
        statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(':' + name for name in row)})"
        with database.engine.connect().execution_options(writes=True) as connection:
            change = connection.begin()
            try:
                connection.execute(text(statement), row)
                return True
            except DBAPIError:
                return False
            finally:
                change.rollback()

    return run


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(TOWNS))
def test_every_assignment_through_the_actions(app, doing, session, people, clockwork, certain, raw, seed):
    certain(True)
    chance, now = random.Random(seed), stamp(clock.now())  # noqa: S311
    town = build(chance, doing, session, people, count=1 + seed % 6)
    bench, owner, disk = stories.bench(app), chance.choice(town.people), DISKS[seed % len(DISKS)]
    item_id, job_id = brought(doing, owner, disk, seed)

    def job(w):
        return w.session.get_one(WipeJob, job_id)

    place = [town.shop]

    def here(one):
        """By the record the device stands where this one verifies."""
        return town.has(one, "wipe_verifier", place[0])

    def bring(org):
        moved(doing, item_id, org)
        place[0] = org

    def step(may, act, otherwise, org=None):
        """Everybody tries; refused is who may not. Returns who did it in the end; to who comes from outside it is handed on first."""
        able = [one for one in town.people if may(one)]
        for one in town.people:
            if one not in able:
                with pytest.raises(Refused) as no, doing(one) as w:
                    act(w)
                assert not isinstance(no.value, Busy), "the rule says no, before the database does"
        done_by = chance.choice(able) if able else otherwise
        if org and not able:
            bring(org)
        with doing(done_by) as w:
            act(w)
        return done_by

    outside = people.organisation("外面的店")

    def outsider(name, *roles):
        person = people.person(name)
        town.roles[person.id] = [(role, outside) for role in roles]
        for role in roles:
            people.give_role(person, role, outside)
        return person

    wu = people.person("Wu")
    town.roles[wu.id] = [("wipe_operator", town.shop)]
    people.give_role(wu, "wipe_operator", town.shop)
    operator = step(
        lambda one: one != owner and town.has(one, "wipe_operator", town.shop),
        lambda w: wipes.start(w, job(w), town.shop), wu,
    )  # fmt: skip
    destruction = bench_work(app, doing, operator, job_id, item_id, disk)

    def other_hand(one):
        return one not in (operator, owner) and town.has(one, "wipe_verifier")

    def see(w):
        taking_out.witness(w, w.session.get_one(taking_out.Destruction, destruction), signed_in_at=w.now)

    witness_row = {"id": ids.new_id(), "destruction_id": destruction, "destroyed_by": operator.id, "signed_in_at": now, "at": now}
    witness_row["medium_id"] = session.get_one(taking_out.Destruction, destruction).medium_id
    session.rollback()
    for one in town.people:
        assert raw("destruction_witnesses", {**witness_row, "witness_id": one.id}) == (one not in (operator, owner))
    step(other_hand, see, outsider("Xu", "wipe_verifier"))
    with doing(operator) as w:
        sign_off(w, bench, job(w), w.now)
        work_id = after_work.begin(w, job(w), purpose="tests").id

    def end(w):
        one = w.session.get_one(after_work.AfterWork, work_id)
        read = [reading(disk.serial, 1000, code=one.code)]
        after_work.end(w, bench, one, checks=set(after_work.CHECKS), photo=photo(), readings=read, signed_in_at=w.now)

    validator = step(other_hand, end, outsider("Yan", "wipe_verifier"))

    def accept(w):
        keeping, look = Keeping(kept="at_point"), stories.look(w, job(w))
        verifying.accept(
            w, bench, job(w), checks=list(wipe_rules.CHECKS), counted=1, keeping=keeping, signed_in_at=w.now, look=look
        )

    epoch = {
        "id": ids.new_id(),
        "job_id": job_id,
        "item_id": item_id,
        "epoch": 1,
        "operator_id": operator.id,
        "owner_id": owner.id,
    }
    verification = {**epoch, "decision": "accepted", "checks": "{}", "reason": "", "signed_in_at": now, "at": now}
    for one in town.people:
        assert raw("verifications", {**verification, "verifier_id": one.id}) == (one not in (operator, owner) and here(one))
    verifier = step(lambda one: other_hand(one) and here(one), accept, outsider("Zhou", "wipe_verifier"), outside)

    clockwork()
    check = session.scalars(select(SampleCheck).where(SampleCheck.job_id == job_id)).one()
    close = town.related(operator, verifier) or bool(town.orgs(operator) & town.orgs(verifier))
    assert check.elsewhere == close
    check_id, tools = check.id, list(check.tools)
    session.rollback()

    def fresh_eye(one):
        hands = (operator, verifier, owner, validator)
        near = any(town.related(one, other) for other in (operator, verifier, owner))
        colleague = bool(town.orgs(one) & (town.orgs(operator) | town.orgs(verifier)))
        return one not in hands and not near and not (close and colleague)

    def recover(w):
        report = f"{seed}{w.actor.id} S/N:{disk.serial}".encode()
        told = Told(
            result="nothing", tool="PhotoRec", version="7", searched=("carving",), report=report, photos=(stories.picture(),)
        )
        actions.try_recovery(w, bench, w.session.get_one(SampleCheck, check_id), told, w.now)

    row = {
        "id": ids.new_id(), "check_id": check_id, "operator_id": operator.id, "verifier_id": verifier.id, "owner_id": owner.id,
        "org_id": town.shop, "tool": "PhotoRec", "tool_key": "photorec", "version": "7", "searched": "[]", "result": "nothing",
        "why": "", "digest": "ab" * 32, "size": 1, "photos": '["cd"]', "opened_bag": "", "signed_in_at": now, "at": now,
    }  # fmt: skip
    for one in town.people:
        assert raw("recovery_tries", {**row, "checker_id": one.id}) == (fresh_eye(one) and here(one)), (one.name, close)
        assert not raw("recovery_tries", {**row, "checker_id": one.id, "tool_key": tools[0]})
    far = people.organisation("远处的验证点", "agency")
    last = people.person("Last")
    people.give_role(last, "wipe_verifier", far)
    step(lambda one: fresh_eye(one) and here(one), recover, last, far)
    assert session.get_one(SampleCheck, check_id).state == "clean"


def build(chance, doing, session, people, *, count):
    shops = [people.organisation(name) for name in ("甲店", "乙店", "丙点")]
    town = Town([people.person(f"P{n}") for n in range(count)], shops[0])
    for person in town.people:
        held = {
            (chance.choice(ROLES[:2] if chance.random() < 0.8 else ROLES), chance.choice(shops))
            for _ in range(chance.randint(0, 3))
        }
        town.roles[person.id] = sorted(held)
        for role, org in town.roles[person.id]:
            people.give_role(person, role, org)
    workers = [one for one in town.people if town.roles[one.id]]
    for _ in range(len(workers) // 3):
        one, other = chance.sample(workers, 2)
        with suppress(Forbidden):
            declare(doing, session, one, other)
            town.family.add(frozenset((one.id, other.id)))
    return town


def brought(doing, owner, disk, seed):
    """A laptop with a disk that has a genuine log, and a second one that will be destroyed; its owner agrees."""
    with doing(owner) as w:
        media = [MediumGiven(kind=disk.kind, serial=disk.serial), MediumGiven(kind="ssd", serial=f"CRUSH{seed:03d}X")]
        given = Intake(
            card=get_card("laptop"),
            attributes={"brand": "Lenovo", "model": "X1"},
            identifiers={"serial": [f"PF7TOWN{seed:02d}"]},
            media=media,
        )
        item_id = take_in(w, owner.id, given).id
    return item_id, stories.consented(doing, item_id, owner)


def bench_work(app, doing, operator, job_id, item_id, disk):
    """Counted, wiped, the second medium taken out and destroyed. Returns the destruction's id."""
    bench = stories.bench(app)
    with doing(operator) as w:
        job = w.session.get_one(WipeJob, job_id)
        counting.count(w, job, 2)
        locks.read_before(w, job, stories.locks_off(w, job))
        for raw in filter(None, (disk.kind_file, disk.log)):
            attach(w, bench, job, raw)
        medium = next(one for one in stories.present_media(w.session, item_id) if one.kind == "ssd" and one.model == "")
        taking_out.take_out(w, bench, job, medium, way="destroy", photo=photo("teal"))
        done = taking_out.destroy(w, bench, job, medium, method="shred", millimetres=2, contractor="回收厂", photo=photo("red"))
        return done.id
