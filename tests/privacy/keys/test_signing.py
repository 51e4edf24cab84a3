"""Two signatures: the operator's for the job, the validator's for acceptance. Keys are personal and open for ten minutes."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from core import canonical, signing
from core.access import SecondFactorNeeded
from core.errors import Forbidden, Invalid, Refused
from core.signing import KeyFault, Signature
from privacy.clearance.log.models import EnrolledKey
from privacy.clearance.models import Certificate
from privacy.keys import actions, signing_off
from privacy.keys.models import JobSignature, PersonKey
from privacy.wipes import actions as wipes
from privacy.wipes.models import WipeJob
from tests import stories

HDD, SSD = stories.disks("hdd"), stories.disks("ssd")


@pytest.fixture
def judged(app, doing, alice, wang, shop):
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    return stories.wiped(app, doing, item_id, alice, wang, shop, HDD[:1])


def sign(app, doing, who, job_id, ago=timedelta()):
    with doing(who) as w:
        signed_in = None if ago is None else w.now - ago
        return signing_off.sign_off(w, stories.bench(app), w.session.get_one(WipeJob, job_id), signed_in).id


def test_the_certificate_bears_both_names(app, doing, session, judged, wang, zhao):
    stories.verified(app, doing, judged, zhao)
    row = session.scalars(select(Certificate)).one()
    body = json.loads(row.body)
    owners = {one.key_id: one.account_id for one in session.scalars(select(PersonKey))}
    operator = body["operation"]["signature"]["key_id"]
    validator, house = (one["key_id"] for one in row.signatures)
    assert owners[operator] == wang.id and owners[validator] == zhao.id and house not in owners
    assert body["requires_signatures"] == 2 and body["operation"]["statement"]["job"] == body["job"]
    told = body["operation"]["signature"]
    public = {operator: bytes.fromhex(session.get(EnrolledKey, operator).public)}
    signed = Signature(told["alg"], told["key_id"], told["value_b64"])
    assert signing.verify(public, canonical.encode(body["operation"]["statement"]), signed) is True
    changed = {**body["operation"]["statement"], "epoch": 9}
    assert signing.verify(public, canonical.encode(changed), signed) is False


def test_without_the_operators_signature_nobody_accepts(app, doing, judged, zhao):
    from privacy.clearance import verifying
    from privacy.wipes import rules

    def accept():
        with doing(zhao) as w:
            job = w.session.get_one(WipeJob, judged)
            keeping = verifying.Keeping(kept="at_point")
            bench = stories.bench(app)
            return verifying.accept(
                w, bench, job, checks=list(rules.CHECKS), counted=1, keeping=keeping, signed_in_at=w.now, look=stories.look(w, job)
            )

    with pytest.raises(Refused, match="not_signed"):
        accept()
    stories.signed(app, doing, judged)
    assert accept()


def test_a_stale_second_factor_signs_nothing(app, doing, session, judged, wang):
    for ago in (None, timedelta(minutes=11), timedelta(minutes=-1)):
        with pytest.raises(SecondFactorNeeded):
            sign(app, doing, wang, judged, ago)
    assert session.scalars(select(JobSignature)).all() == []
    sign(app, doing, wang, judged, timedelta(minutes=10))


def test_only_the_operator_signs_and_only_once_all_have_passed(app, doing, people, alice, wang, zhao, shop, judged):
    people.give_role(zhao, "wipe_operator", shop)
    with pytest.raises(Forbidden, match="not_the_operator"):
        sign(app, doing, zhao, judged)
    item_id = stories.laptop(doing, alice, serial="PF2XK9B1", disks=HDD[1:2])
    early = stories.started(doing, item_id, alice, wang, shop)
    with pytest.raises(Refused, match="not_all_passed"):
        sign(app, doing, wang, early)
    assert sign(app, doing, wang, judged) == sign(app, doing, wang, judged), "twice is once"


def test_a_medium_found_later_makes_the_signature_void(app, doing, session, judged, wang, zhao):
    sign(app, doing, wang, judged)
    with doing(wang) as w:
        job = w.session.get_one(WipeJob, judged)
        wipes.add_medium(w, job, kind="ssd", serial=SSD[0].serial)
        from privacy.devices import counting

        counting.count(w, job, 2)
    for raw in (SSD[0].kind_file, SSD[0].log):
        with doing(wang) as w:
            stories.attach(w, stories.bench(app), w.session.get_one(WipeJob, judged), raw)
    with pytest.raises(Refused, match="not_signed"), doing(zhao) as w:
        signing_off.demand_signed(w.session, w.session.get_one(WipeJob, judged))
    sign(app, doing, wang, judged)
    with doing(zhao) as w:
        assert signing_off.demand_signed(w.session, w.session.get_one(WipeJob, judged))


def test_one_person_one_key_and_a_new_one_after_a_loss(app, doing, session, judged, wang):
    sign(app, doing, wang, judged)
    first = actions.find_key(session, wang.id).key_id
    with pytest.raises(Invalid, match="reason_missing"), doing(wang) as w:
        actions.end_key(w, "bored", w.now)
    with pytest.raises(SecondFactorNeeded), doing(wang) as w:
        actions.end_key(w, "lost", None)
    with doing(wang) as w:
        actions.end_key(w, "lost", w.now)
    session.expire_all()
    assert session.get(EnrolledKey, first).revoked_at is not None
    with doing(wang) as w:
        second = actions.key_of(w, stories.bench(app), w.now).key_id
    session.expire_all()
    assert second != first and len(actions.keys_of(session, wang.id)) == 2
    holders = {session.get(EnrolledKey, one).holder for one in (first, second)}
    assert len(holders) == 1, "both keys are known to be one person's"


def test_a_replaced_key_is_retired_and_what_it_signed_stays_good(app, doing, session, judged, wang):
    sign(app, doing, wang, judged)
    first = actions.find_key(session, wang.id).key_id
    with doing(wang) as w:
        actions.end_key(w, "replaced", w.now)
    session.expire_all()
    row = session.get(EnrolledKey, first)
    assert row.revoked_at is None and row.until is not None


def test_nobody_opens_another_persons_key(app, doing, session, judged, wang, zhao):
    sign(app, doing, wang, judged)
    stolen = actions.find_key(session, wang.id).key_id
    folder = stories.bench(app).keys / "people"
    with pytest.raises(KeyFault):
        signing.load_key(folder, stolen, actions._wrapping(zhao.id))
    assert signing.load_key(folder, stolen, actions._wrapping(wang.id)).key_id == stolen
    assert (folder / f"{stolen}.key").stat().st_mode & 0o077 == 0


def test_the_database_wants_the_signature_too(app, doing, session, judged, wang, zhao):
    row = session.get(WipeJob, judged)
    values = {"j": judged, "i": row.item_id, "e": row.epoch, "o": row.operator_id, "w": row.owner_id, "v": zhao.id}
    insert = (
        "INSERT INTO verifications (id, job_id, item_id, epoch, operator_id, owner_id, verifier_id, decision, checks, reason, "
        "signed_in_at, at) VALUES ('v1', :j, :i, :e, :o, :w, :v, 'accepted', '{}', '', '2026-11-22T00:00:00.000000Z', "
        "'2026-11-22T00:00:00.000000Z')"
    )
    with pytest.raises(DatabaseError, match="operator has signed"):
        session.execute(text(insert), values)
    session.rollback()
    stories.signed(app, doing, judged)
    session.execute(text(insert), values)
    session.rollback()


def test_a_signature_in_anothers_name_is_refused_by_the_database(app, doing, session, judged, wang, zhao):
    with doing(zhao) as w:
        key = actions.key_of(w, stories.bench(app), w.now).key_id
    for account in (wang.id, zhao.id):
        with pytest.raises(DatabaseError, match="job's operator signs"):
            session.execute(
                text(
                    "INSERT INTO job_signatures (id, job_id, account_id, key_id, alg, value, statement, signed_in_at, at) VALUES "
                    "('s1', :j, :a, :k, 'Ed25519', 'x', '{}', '2026-11-22T00:00:00.000000Z', '2026-11-22T00:00:00.000000Z')"
                ),
                {"j": judged, "a": account, "k": key},
            )
        session.rollback()
    stories.signed(app, doing, judged)


def test_the_pages(session, judged, wang, zhao, bob):
    stale = wang.client(factor=False)
    assert "/second-factor" in stale.post(f"/wipes/{judged}/sign").location
    assert "Sign the wipe" in wang.client().get(f"/wipes/{judged}/bench").text
    assert wang.client().post(f"/wipes/{judged}/sign").status_code == 303
    assert "Sign the wipe" not in wang.client().get(f"/wipes/{judged}/bench").text
    page = wang.client().get("/me/keys").text
    assert "End this key" in page
    assert bob.client().get("/me/keys").status_code == 403
    assert wang.client().post("/me/keys", data={"reason": "?"}).status_code == 422
    assert wang.client().post("/me/keys", data={"reason": "replaced"}).status_code == 303
    assert "replaced" in wang.client().get("/me/keys").text
