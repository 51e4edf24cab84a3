"""Where a row of the rule set asks for it, a third person confirms: neither who wiped, owns nor verified it, in page and database."""

import io
import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core import clock, ids
from core.db import stamp
from core.errors import Forbidden, Invalid, Refused
from core.people.models import Notice
from privacy.clearance import verifying_third
from privacy.clearance.log.models import LogLeaf
from privacy.clearance.models import Certificate, Clearance
from privacy.clearance.profiles import get_profile, profile_ids
from privacy.clearance.queries import certificate_of, find_clearance
from privacy.wipes.duty_models import Validation
from privacy.wipes.models import THIRD_PERSON_ROWS, Judgement, Verification, WipeJob
from tests import stories
from tests.privacy.checklists import walking

TICKED = {"read": "y", "seen": "y", "note": "The record of the filling and my own look.", "kept": "at_point"}


@pytest.fixture
def qian(people, shop):
    """Another verifier of the shop: the third person."""
    person = people.person("Qian")
    people.give_role(person, "wipe_verifier", shop)
    return person


@pytest.fixture
def filled(app, doing, alice, wang, shop):
    """An old phone without encryption: reset, filled, reset again, its list passed."""
    item_id = walking.phone(doing, alice, brand="Nokia", model="3310")
    job_id = walking.at_bench(doing, item_id, alice, wang, shop)
    walking.begun(doing, job_id, wang, "android_plain")
    walking.filled(app, doing, job_id, wang, "android_plain", brand="Nokia", read={})
    assert walking.sent(app, doing, job_id, wang) == [("pass", [])]
    return item_id, job_id


@pytest.fixture
def verified(app, doing, filled, zhao):
    assert walking.verified(app, doing, filled[1], zhao, "android_plain") is None
    return filled


def state_of(session, job_id):
    session.rollback()
    return session.get_one(WipeJob, job_id).state


def test_one_person_alone_verifies_and_validates_nothing(session, doing, app, zhao, verified):
    """The verifier of an unencrypted phone tries to have the last word, too."""
    item_id, job_id = verified
    assert state_of(session, job_id) == "verified" and find_clearance(session, item_id) is None
    assert session.scalars(select(Certificate)).all() == []
    session.rollback()
    with pytest.raises(Forbidden, match="validator_verified"):
        walking.confirmed(app, doing, job_id, zhao)
    page = zhao.client().get(f"/wipes/{job_id}/confirm").text
    assert "a third person confirms it" in page and "Confirm and issue" not in page


def test_nor_does_the_wiper_or_the_owner(app, doing, people, session, alice, wang, shop, verified):
    for who, why in ((wang, "validator_wiped"), (alice, "validator_owns")):
        people.give_role(who, "wipe_verifier", shop)
        with pytest.raises(Forbidden, match=why):
            walking.confirmed(app, doing, verified[1], who)
    assert find_clearance(session, verified[0]) is None


def test_a_third_person_confirms_it_in_the_browser(session, qian, alice, anonymous, verified):
    """The twin. The certificate names three people's acts and carries the third one's signature."""
    item_id, job_id = verified
    client, path = qian.client(), f"/wipes/{job_id}/confirm"
    assert path in client.get("/wipes").text
    page = client.get(path).text
    assert "DiskDigger" in page and "Confirm and issue" in page
    data = {**TICKED, "tail": walking.IMEI[-4:], "look_photo": (io.BytesIO(walking.picture()), "p.jpg")}
    answer = client.post(path, data=data, content_type="multipart/form-data")
    assert answer.location.startswith("/certificates/"), answer.text
    assert state_of(session, job_id) == "accepted" and find_clearance(session, item_id) is not None
    row = session.scalars(select(Certificate)).one()
    body = json.loads(row.body)
    assert {"wiped", "verified", "confirmed"} <= set(body) and row.state == "issued" and len(row.signatures) == 2
    assert len({body[act]["commitment"] for act in ("wiped", "verified", "confirmed")}) == 3
    session.rollback()
    shown = anonymous.get(answer.location).text
    assert "Confirmed on" in shown and "signatures" in anonymous.get(f"{answer.location}.json").text
    assert session.scalars(select(LogLeaf.kind).where(LogLeaf.kind == "privacy:validation:decided")).one()
    assert "Passed" in alice.client().get(f"/wipes/{job_id}").text


def test_what_is_missing_is_said_at_once_and_nothing_counts_as_passed_yet(session, alice, qian, verified):
    job_id, client = verified[1], qian.client()
    page = client.post(f"/wipes/{job_id}/confirm").text
    for sentence in (verifying_third.TICK, verifying_third.NOTE, "Say where the device goes now.", "type its last four"):
        assert sentence in page, sentence
    assert state_of(session, job_id) == "verified"
    assert alice.client().get(f"/wipes/{job_id}").text.count("Being confirmed") >= 1


def test_the_offline_verifier_takes_such_a_paper(app, doing, session, qian, anonymous, tmp_path, verified):
    from core.work import Actor, work
    from privacy import verify
    from privacy.clearance.log.sequencing import sequence

    number = walking.confirmed(app, doing, verified[1], qian)
    with work(session, Actor("system:log_sequencer"), clock.now()) as w:
        sequence(w, app.extensions["xunshi"])
    paper = json.loads(anonymous.get(f"/certificates/{number}.json").data)
    trust = verify.read_keys(anonymous.get("/keys.json").data)
    checks = {one.code: one.ok for one in verify.check_paper(paper, trust, None)}
    assert verify.worst(checks.values()) is True, checks


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"checks": ["read"]}, "seen"), ({"tail": "0000"}, "tail"), ({"tail": ""}, "tail"), ({"photo": b""}, "look_photo"),
        ({"note": "  ok  "}, "note"), ({"note": "x" * 401}, "note"),
    ],
)  # fmt: skip
def test_it_is_a_look_of_its_own(app, doing, session, qian, verified, changed, field):
    with pytest.raises(Invalid) as no:
        walking.confirmed(app, doing, verified[1], qian, **changed)
    assert no.value.field == field and find_clearance(session, verified[0]) is None
    session.rollback()
    assert walking.confirmed(app, doing, verified[1], qian)


def test_the_verifiers_photo_is_not_the_third_persons(app, doing, filled, zhao, qian):
    same = walking.picture()
    walking.verified(app, doing, filled[1], zhao, "android_plain", photo=same)
    with pytest.raises(Invalid, match="photo_used"):
        walking.confirmed(app, doing, filled[1], qian, photo=same)


def test_it_is_confirmed_where_the_device_is(app, doing, people, verified):
    far = people.person("Sun")
    people.give_role(far, "wipe_verifier", people.organisation("滨江验证点", "agency"))
    with pytest.raises(Refused, match="device_elsewhere"):
        walking.confirmed(app, doing, verified[1], far)


def test_it_is_not_confirmed_before_it_is_verified(app, doing, filled, qian):
    stories.signed(app, doing, filled[1])
    with pytest.raises(Refused, match="not_to_confirm"):
        walking.confirmed(app, doing, filled[1], qian)


def test_refused_by_the_third_person_it_is_wiped_anew(doing, session, alice, wang, zhao, qian, verified):
    item_id, job_id = verified
    answer = qian.client().post(f"/wipes/{job_id}/confirm/refuse", data={"reason": "data_found"})
    assert answer.status_code == 303 and state_of(session, job_id) == "rejected"
    assert find_clearance(session, item_id) is None
    for who in (alice, wang, zhao):
        told = session.scalars(select(Notice.sentence).where(Notice.account_id == who.id)).all()
        assert any("was not confirmed" in one for one in told), who.name
    assert stories.consented(doing, item_id, alice)


def test_the_verifier_tries_to_recover_data_himself(app, doing, session, zhao, filled):
    """Row 7: another person tries to recover data, with a tool of the own, and the report is about this phone."""
    wrong = [
        ({"ticked": ["list", "reboot", "walk"]}, "look_recovery"), ({"tool": ""}, "look_tool"), ({"version": " "}, "look_version"),
        ({"report": b""}, "look_report"), ({"report": b"0 files on IMEI 356938035643809"}, "look_report"),
    ]  # fmt: skip
    for changed, field in wrong:
        with pytest.raises(Invalid) as no:
            walking.verified(app, doing, filled[1], zhao, "android_plain", **changed)
        assert no.value.field == field
    walking.verified(app, doing, filled[1], zhao, "android_plain")
    checks = session.scalars(select(Verification.checks)).one()
    assert checks["look_recovery"] is True and checks["look_tool"] == "DiskDigger 1.7" and len(checks["look_report_digest"]) == 64


def test_an_encrypted_phone_needs_no_third_person(app, doing, session, alice, wang, zhao, shop):
    item_id, _number = walking.cleared(app, doing, alice, wang, zhao, shop)
    assert find_clearance(session, item_id) is not None and session.scalars(select(Validation)).all() == []


# --- encrypted drives: row 4 --------------------------------------------------------------------------------------------------

BITLOCKER = b"""BitLocker Drive Encryption: Configuration Tool version 10.0.19041
Copyright (C) 2013 Microsoft Corporation. All rights reserved.

Volume C: [OS]
[OS Volume]

    Size:                 238.47 GB
    BitLocker Version:    2.0
    Conversion Status:    {}
    Percentage Encrypted: {}%
    Encryption Method:    XTS-AES 128
    Protection Status:    Protection On
    Lock Status:          Unlocked
    Identification Field: Unknown
    Key Protectors:
        TPM
        Numerical Password
"""


@pytest.mark.parametrize(("status", "percent", "third"), [("Fully Encrypted", "100.0", True), ("Fully Decrypted", "0.0", False)])
def test_a_drive_that_was_encrypted_is_confirmed_by_a_third_person(
    app, doing, session, alice, wang, zhao, qian, shop, status, percent, third
):
    disk = stories.disks("hdd")[0]
    item_id = stories.laptop(doing, alice, disks=[disk])
    job_id = stories.started(doing, item_id, alice, wang, shop)
    told = BITLOCKER.decode().format(status, percent).replace("\n", "\r\n").encode()
    for raw in (told, disk.log):
        with doing(wang) as w:
            stories.attach(w, stories.bench(app), w.session.get_one(WipeJob, job_id), raw)
    stories.signed(app, doing, job_id)
    data = stories.verify_data(session, job_id)
    answer = zhao.client().post(f"/wipes/{job_id}/verify", data=data, content_type="multipart/form-data")
    assert answer.location.startswith("/certificates/") != third
    assert (find_clearance(session, item_id) is None) == third
    session.rollback()
    if third:
        assert walking.confirmed(app, doing, job_id, qian, tail="K9A7")


# --- the files and the database ---------------------------------------------------------------------------------------------------


def test_the_database_knows_every_row_that_asks_for_one():
    """A new row with `third_person` has to be added to the guard, and so to a migration."""
    asked = {row.id for id in profile_ids() for row in get_profile(id).rows if row.third_person}
    assert asked == set(THIRD_PERSON_ROWS)


def put(database, table, row):
    statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(':' + name for name in row)})"
    with database.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text(statement), row)


@pytest.fixture
def honest(session, verified, qian):
    one, now = session.scalars(select(Verification)).one(), stamp(clock.now())
    row = {
        "id": ids.new_id(), "verification_id": one.id, "job_id": one.job_id, "operator_id": one.operator_id,
        "owner_id": one.owner_id, "verifier_id": one.verifier_id, "validator_id": qian.id, "decision": "accepted",
        "note": "seen and read", "reason": "", "tail_of": "imei", "signed_in_at": now, "at": now,
    }  # fmt: skip
    session.rollback()
    return row


def test_raw_sql_needs_a_third_person_too(database, honest):
    for who in ("operator_id", "owner_id", "verifier_id"):
        with pytest.raises(DBAPIError):
            put(database, "validations", {**honest, "validator_id": honest[who]})
    put(database, "validations", honest)
    for change in ("UPDATE validations SET decision = 'rejected'", "DELETE FROM validations"):
        with database.engine.connect().execution_options(writes=True) as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(change))


@pytest.mark.parametrize(
    "lie", [{"verifier_id": "x" * 26}, {"note": ""}, {"tail_of": ""}, {"decision": "fine"}, {"reason": "lock"}, {"job_id": "x" * 26}]
)
def test_a_lie_doesnt_go_in(database, honest, lie):
    with pytest.raises(DBAPIError):
        put(database, "validations", {**honest, **lie})


def test_raw_sql_clears_nothing_without_the_confirmation(database, session, honest, verified):
    now = stamp(clock.now())
    clearance = {
        "id": ids.new_id(), "item_id": verified[0], "epoch": 1, "verification_id": honest["verification_id"],
        "decision": "accepted", "state": "valid", "kept": "at_point", "seal_number": "", "seal_photo": "", "issued_at": now,
        "valid_until": stamp(clock.now().replace(year=clock.now().year + 1)),
    }  # fmt: skip
    with pytest.raises(DBAPIError, match="third person confirms"):
        put(database, "clearances", clearance)
    accepted = "UPDATE wipe_jobs SET state = 'accepted' WHERE id = :id"
    with database.engine.connect().execution_options(writes=True) as connection, pytest.raises(DBAPIError, match="third person"):
        connection.execute(text(accepted), {"id": verified[1]})
    put(database, "validations", honest)
    put(database, "clearances", clearance)
    assert session.scalars(select(Clearance.state)).one() == "valid"


def test_a_pass_by_such_a_row_says_so(database, session, honest):
    row = dict(session.execute(text("SELECT * FROM judgements")).mappings().one())
    session.rollback()
    assert row["third_person"]
    with database.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text("UPDATE wipe_jobs SET state = 'wiping'"))
    with pytest.raises(DBAPIError, match="asks for a third person"):
        put(database, "judgements", {**row, "id": ids.new_id(), "third_person": False})
    assert [one.third_person for one in session.scalars(select(Judgement))] == [True]


def test_it_waits_for_its_turn_in_the_draw(app, doing, session, qian, verified):
    """Nobody knows whether it is drawn before it is confirmed: the draw rests on a checkpoint that covers the confirmation."""
    from core.work import Actor, work
    from privacy.clearance.log.sequencing import sequence
    from privacy.sampling.actions import draw_due
    from privacy.sampling.models import SampleDraw

    def turn():
        with work(session, Actor("system:log_sequencer"), clock.now()) as w:
            sequence(w, app.extensions["xunshi"])
        with work(session, Actor("system:sample_draws"), clock.now()) as w:
            draw_due(w)

    turn()
    assert session.scalars(select(SampleDraw)).all() == []
    session.rollback()
    walking.confirmed(app, doing, verified[1], qian)
    turn()
    draw = session.scalars(select(SampleDraw)).one()
    leaf = session.scalars(select(LogLeaf).where(LogLeaf.kind == "privacy:validation:decided")).one()
    assert draw.leaf_index == leaf.leaf_index
    assert certificate_of(session, verified[0]).state == "issued"
    assert verifying_third.find_validation(session, verified[1]).decision == "accepted"
