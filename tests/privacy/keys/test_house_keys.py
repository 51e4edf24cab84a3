"""Keys of the house and its log give way to new ones; keys of people end with their roles; what that means to who checks offline."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import canonical, clock, passwords
from core.errors import Busy
from core.people.actions import accounts, organisations
from core.people.models import Account, Membership, Notice
from core.ports import PersonClosing, happened
from core.work import Actor, work
from privacy import verify
from privacy.clearance import house_key
from privacy.clearance.log import keys as on_record
from privacy.clearance.log import sequencing
from privacy.clearance.log.models import EnrolledKey, LogLeaf
from privacy.clearance.models import Certificate
from privacy.keys import actions, house, signing_off
from privacy.keys.cli import keys as command
from privacy.keys.models import PersonKey
from privacy.wipes.models import WipeJob
from tests import stories

HDD = stories.disks("hdd")


@pytest.fixture
def flask(app):
    """`flask("list", "--json")` -> (exit code, stdout, stderr)"""

    def run(*args: object) -> tuple[int, str, str]:
        done = app.test_cli_runner().invoke(command, [str(one) for one in args])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout, done.stderr

    return run


@pytest.fixture
def root(people):
    """An administrator of the platform."""
    person = people.person("Root")
    people.give_role(person, "administrator", people.organisation("循市", kind="platform"))
    return person


@pytest.fixture
def sequence(app, session):
    def step() -> None:
        session.rollback()
        with work(session, Actor("system:log_sequencer"), clock.now()) as w:
            sequencing.sequence(w, app.extensions["xunshi"])

    return step


@pytest.fixture
def laptop(app, doing, alice, wang, zhao, shop):
    """A cleared laptop of Alice's; its certificate's number."""

    def clear(nth=0):
        item_id = stories.laptop(doing, alice, serial=f"PF2XK9A{nth + 7}", disks=HDD[nth : nth + 1])
        return stories.clear(app, doing, item_id, alice, wang, zhao, shop, HDD[nth : nth + 1])

    return clear


@pytest.fixture
def offline(anonymous):
    """What a stranger's verifier says of a certificate, with the keys as they are served now or were then."""

    def told(number, keys=None):
        paper = anonymous.get(f"/certificates/{number}.json").data
        listed = anonymous.get("/keys.json").data if keys is None else keys
        found = verify.examine(paper, verify.read_keys(listed))
        return found.verdict, {one.code: one.ok for one in found.checks if one.ok is not True}

    return told


def current(app, which="house"):
    bench = stories.bench(app)
    return house_key.current(bench.keys / "log" if which == "log" else bench.keys)


def row(session, key_id):
    session.rollback()
    found = session.get_one(EnrolledKey, key_id)
    told = found.until, found.revoked_at, found.reason
    session.rollback()
    return told


# --- a new key for the house, and for the log -----------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["house", "log"])
def test_what_the_old_key_signed_stays_good_and_what_it_signs_later_does_not(
    app, session, flask, laptop, sequence, offline, anonymous, which
):
    first = laptop(0)
    sequence()
    before, listed = current(app, which), anonymous.get("/keys.json").data
    code, out, _ = flask("rotate", which)
    after = current(app, which)
    assert code == 0 and after in out and after != before
    second = laptop(1)
    sequence()
    assert offline(first) == ("valid", {}) and offline(second) == ("valid", {})
    until, revoked, _ = row(session, before)
    assert until is not None and revoked is None
    later = anonymous.get(f"/certificates/{second}.json").data
    shown = json.loads(later)
    assert (after in [one["key_id"] for one in shown["signatures"]]) is (which == "house")
    code = "signer" if which == "house" else "checkpoint"
    assert offline(second, listed)[1][code] is None, "a key that the reader's older list doesn't know"
    ended = json.loads(anonymous.get("/keys.json").data)
    for key in ended["keys"]:
        key |= {"until": "2026-01-01T00:00:00.000000Z", "from": None} if key["key_id"] == before else {}
    assert offline(first, canonical.encode(ended))[1][code] is False, "it had ended before it signed"


def test_the_old_key_signs_nothing_any_more(app, session, doing, flask, laptop, sequence):
    """Somebody has put the pointer back to it."""
    laptop(0)
    sequence()
    for which, folder in (("house", stories.bench(app).keys), ("log", stories.bench(app).keys / "log")):
        before = current(app, which)
        assert flask("rotate", which)[0] == 0
        (folder / house_key.CURRENT).write_text(before + "\n")
    with pytest.raises(Busy):
        laptop(1)
    with pytest.raises(sequencing.LogBroken):
        sequence()
    for which in ("house", "log"):
        assert flask("rotate", which)[0] == 0
    assert laptop(2)
    sequence()


def test_the_log_keeps_its_name_and_tells_of_its_keys(session, flask, laptop, sequence, anonymous):
    laptop(0)
    sequence()
    name = verify.parse_checkpoint(anonymous.get("/log/checkpoint").data).origin
    flask("rotate", "log")
    sequence()
    assert verify.parse_checkpoint(anonymous.get("/log/checkpoint").data).origin == name
    logs = [key for key in json.loads(anonymous.get("/keys.json").data)["keys"] if key["role"] == "log"]
    assert {key["name"] for key in logs} == {name} and sorted(bool(key["until"]) for key in logs) == [False, True]
    old = next(key["key_id"] for key in logs if key["until"])
    told = [leaf.text for leaf in session.scalars(select(LogLeaf).where(LogLeaf.subject == old, LogLeaf.kind == "privacy:key:revoked"))]
    assert len(told) == 1 and '"reason":"retired"' in told[0]
    session.rollback()


def test_before_the_first_signature_there_is_something_to_rotate_too(app, flask):
    for which in ("house", "log"):
        assert current(app, which) is None
        assert flask("rotate", which)[0] == 0 and current(app, which) is not None


def test_a_key_made_before_there_was_a_log_ends_as_well(app, session, flask):
    made = house_key.house_key(stories.bench(app).keys).key_id
    assert flask("rotate", "house")[0] == 0
    assert row(session, made)[0] is not None and current(app) != made


def test_two_changes_within_one_moment(app, session, flask, laptop, sequence, offline):
    with clock.stopped_at(clock.now()):
        number = laptop(0)
        sequence()
        for _ in range(2):
            assert flask("rotate", "house")[0] == 0 and flask("rotate", "log")[0] == 0
        sequence()
    assert offline(number) == ("valid", {})


# --- revoked ---------------------------------------------------------------------------------------------------------------------


def test_the_houses_stolen_key(app, session, flask, laptop, sequence, offline, anonymous):
    number = laptop(0)
    sequence()
    stolen = current(app)
    assert "signature over this certificate holds" in anonymous.get(f"/certificates/{number}").text
    assert flask("revoke", stolen, "--reason", "stolen")[0] == 0
    assert current(app) != stolen, "a new one signs at once"
    assert offline(number) == ("unknown", {"signer": None})
    assert "was revoked later" in anonymous.get(f"/certificates/{number}").text, "the page says the same"
    second = laptop(1)
    sequence()
    assert offline(second) == ("valid", {})
    assert row(session, stolen)[2] == "stolen"
    assert flask("revoke", stolen, "--reason", "lost")[0] == 2, "once is enough"


def test_the_logs_stolen_key(app, flask, laptop, sequence, offline, anonymous):
    """Papers that are downloaded anew are proven under the new key; those in people's hands are unknown."""
    number = laptop(0)
    sequence()
    before = anonymous.get(f"/certificates/{number}.json").data
    stolen = current(app, "log")
    assert flask("revoke", stolen, "--reason", "stolen")[0] == 0
    known = verify.read_keys(anonymous.get("/keys.json").data)
    assert verify.examine(before, known).verdict == "unknown"
    sequence()
    assert offline(number) == ("valid", {})


def test_a_persons_key_by_the_command(session, flask, laptop, sequence, offline, zhao):
    number = laptop(0)
    sequence()
    key = actions.find_key(session, zhao.id).key_id
    assert flask("revoke", key, "--reason", "misused")[0] == 0
    assert offline(number) == ("unknown", {"signer": None})
    session.rollback()
    assert actions.find_key(session, zhao.id) is None
    assert row(session, key)[2] == "misused"


def test_the_list(session, flask, laptop, sequence, wang, zhao):
    assert flask("list")[1] == "No key has signed anything yet.\n"
    laptop(0)
    sequence()
    flask("rotate", "house")
    found = json.loads(flask("list", "--json")[1])
    assert [one["role"] for one in found] == ["certificate", "certificate", "log", "person", "person"]
    assert [one["state"] for one in found] == ["current", "ended", "current", "live", "live"]
    assert {one["account"] for one in found if one["role"] == "person"} == {wang.id, zhao.id}
    assert "current" in flask("list")[1]


def test_what_cannot_be_revoked(flask, laptop, doing):
    from core import signing

    laptop(0)
    station = signing.from_seed(bytes(range(32)))
    with doing() as w:
        on_record.enrol(w, public=station.public, role="station")
    for args in (["revoke", "0" * 16, "--reason", "lost"], ["revoke", station.key_id, "--reason", "lost"], ["rotate", "person"],
                 ["revoke", station.key_id], ["revoke", station.key_id, "--reason", "bored"]):  # fmt: skip
        code, out, err = flask(*args)
        assert code == 2 and out == "" and set(json.loads(err)) == {"error", "message"}, args


# --- the administrator's page -------------------------------------------------------------------------------------------------------


def test_the_administrators_desk(app, session, root, ines, wang, bob, laptop, sequence, offline):
    number = laptop(0)
    sequence()
    old, key = current(app), actions.find_key(session, wang.id).key_id
    session.rollback()
    page = root.client().get("/admin/keys").text
    assert old in page and key in page and "Wang" in page and f"/admin/keys/{key}/revoke" in page
    assert bob.client().get("/admin/keys").status_code == 403 and wang.client().get("/admin/keys").status_code == 403
    seen = ines.client().get("/admin/keys").text
    assert key in seen and "/revoke" not in seen and "rotate" not in seen
    for path in ("/admin/keys/house/rotate", f"/admin/keys/{key}/revoke"):
        assert ines.client().post(path).status_code == 403
        assert "/second-factor" in root.client(factor=False).post(path).location
    assert root.client().post("/admin/keys/house/rotate").status_code == 303 and current(app) != old
    assert root.client().post("/admin/keys/else/rotate").status_code == 404
    assert root.client().post(f"/admin/keys/{key}/revoke", data={"reason": "bored"}).status_code == 422
    assert root.client().get("/admin/keys/0000/revoke").status_code == 404
    assert root.client().post(f"/admin/keys/{key}/revoke", data={"reason": "lost"}).status_code == 303
    assert root.client().post(f"/admin/keys/{key}/revoke", data={"reason": "lost"}).status_code == 409
    assert offline(number) == ("unknown", {"operation": None})
    told = session.scalars(select(Notice).where(Notice.account_id == wang.id, Notice.link == "/me/keys")).one()
    assert told.values["key"] == key
    assert "revoked: lost" in wang.client().get("/me/keys").text
    session.rollback()


def test_a_witness_is_ended(root, doing, laptop, sequence, anonymous):
    from privacy.clearance.log import note, witnesses
    from tests.privacy.log.test_pages import WITNESS

    laptop(0)
    sequence()
    with doing() as w:
        made = witnesses.add(w, "w.example", note.vkey("w.example", WITNESS.public, note.COSIGNATURE)).id
    listed = next(one for one in json.loads(anonymous.get("/keys.json").data)["keys"] if one["role"] == "witness")
    assert listed["name"] == "w.example" and listed["until"] is None
    assert "w.example" in anonymous.get("/log").text
    assert root.client().post(f"/admin/witnesses/{made}/end").status_code == 303
    assert root.client().post(f"/admin/witnesses/{made}/end").status_code == 404
    assert "w.example" not in anonymous.get("/log").text and "w.example" in root.client().get("/admin/keys").text
    listed = next(one for one in json.loads(anonymous.get("/keys.json").data)["keys"] if one["role"] == "witness")
    assert listed["until"] is not None


# --- people: lost, stopped, left ----------------------------------------------------------------------------------------------------


@pytest.fixture
def signed(app, doing, session, alice, wang, shop):
    """A job that Wang has signed and nobody has verified; its id and the key."""
    item_id = stories.laptop(doing, alice, disks=HDD[:1])
    job_id = stories.wiped(app, doing, item_id, alice, wang, shop, HDD[:1])
    stories.signed(app, doing, job_id)
    key = actions.find_key(session, wang.id).key_id
    session.rollback()
    return job_id, key


def stands(session, job_id):
    found = signing_off.find_signature(session, session.get_one(WipeJob, job_id)) is not None
    session.rollback()
    return found


def test_who_lost_the_second_factor_reports_it_with_the_password(doing, session, signed, wang, bob):
    job_id, key = signed
    with doing() as w:
        w.session.get_one(Account, wang.id).password_hash = passwords.hash_password("correct horse battery")
    client = wang.client(factor=False)
    assert "/second-factor" in client.post("/me/keys", data={"reason": "lost"}).location
    assert "can't show your second factor" in client.get("/me/keys").text.replace("&#39;", "'")
    wrong = {"report-reason": "lost", "report-password": "not it"}
    assert client.post("/me/keys/report", data=wrong).status_code == 422 and stands(session, job_id)
    assert client.post("/me/keys/report", data={"report-reason": "replaced", "report-password": "x"}).status_code == 422
    assert bob.client().post("/me/keys/report", data=wrong).status_code == 403
    right = {"report-reason": "lost", "report-password": "correct horse battery"}
    assert client.post("/me/keys/report", data=right).status_code == 303
    assert row(session, key)[2] == "lost" and not stands(session, job_id)


def test_a_sleeping_verifier_reaches_the_report(doing, session, laptop, zhao):
    """The role sleeps until the second factor is shown; who has lost it must get in all the same."""
    laptop(0)
    assert zhao.client(factor=False).get("/me/keys").status_code == 200


@pytest.mark.parametrize(("why", "revoked"), [("fraud", False), ("taken_over", True)])
def test_a_stopped_account_signs_nothing_and_nothing_rests_on_it(app, doing, session, root, signed, wang, zhao, why, revoked):
    job_id, key = signed
    with doing(root) as w:
        accounts.suspend(w, wang.id, why)
    until, revoked_at, _ = row(session, key)
    assert bool(revoked_at) is revoked and bool(until) is not revoked
    assert not stands(session, job_id)
    assert "signed this wipe yet" in zhao.client().post(f"/wipes/{job_id}/verify", data=stories.verify_data(session, job_id)).text


def test_what_a_stopped_account_had_signed_for_certificates_stays(app, doing, session, root, laptop, sequence, offline, wang):
    number = laptop(0)
    sequence()
    with doing(root) as w:
        accounts.suspend(w, wang.id, "fraud")
    assert offline(number) == ("valid", {}), "certificates that are wrong are taken back one by one"


def test_the_last_role_that_signs_takes_the_key_along(doing, session, people, root, signed, wang, shop):
    job_id, key = signed
    people.give_role(wang, "wipe_verifier", shop)
    for role, over in (("wipe_operator", False), ("wipe_verifier", True)):
        query = select(Membership.id).where(Membership.account_id == wang.id, Membership.role == role)
        held = session.scalars(query).one()
        session.rollback()
        with doing(root) as w:
            organisations.end_membership(w, held)
        assert bool(row(session, key)[0]) is over, role
    assert stands(session, job_id), "what was signed in office stays good"
    ended = session.get_one(PersonKey, key).ended_why
    session.rollback()
    assert ended == "role_ended"


def test_a_suspended_organisation_ends_the_keys_of_its_people(doing, session, root, signed, shop):
    _job_id, key = signed
    with doing(root) as w:
        organisations.suspend_organisation(w, shop)
    assert row(session, key)[0] is not None


def test_who_leaves_takes_no_key_along(doing, session, signed, wang):
    _job_id, key = signed
    with doing(wang) as w:
        happened(w, PersonClosing(wang.id))
    assert row(session, key)[:2] == (row(session, key)[0], None) and row(session, key)[0] is not None


def test_a_new_role_brings_a_new_key(app, doing, session, people, root, signed, wang, shop):
    _job_id, key = signed
    query = select(Membership.id).where(Membership.account_id == wang.id, Membership.role == "wipe_operator")
    held = session.scalars(query).one()
    session.rollback()
    with doing(root) as w:
        organisations.end_membership(w, held)
    people.give_role(wang, "wipe_operator", shop)
    with doing(wang) as w:
        assert actions.key_of(w, stories.bench(app), w.now).key_id != key


# --- what the operator signs ----------------------------------------------------------------------------------------------------


def test_the_statement_names_the_files(app, doing, session, signed, zhao):
    """SHA-256 of the very file by which each medium passed, as the log has it; another file and the signature is void."""
    job_id, _key = signed
    number = stories.verified(app, doing, job_id, zhao)
    body = json.loads(session.scalars(select(Certificate.body).where(Certificate.number == number)).one())
    leaves = [json.loads(text)["body"] for text in session.scalars(select(LogLeaf.text).where(LogLeaf.kind == "privacy:evidence:attached"))]
    session.rollback()
    said = [one["evidence"] for one in body["operation"]["statement"]["judged"]]
    assert said and set(said) <= {leaf["digest"] for leaf in leaves if leaf["job"] == body["job"]}


def test_with_another_file_the_signature_is_void(session, doing, signed):
    job_id, _key = signed
    assert stands(session, job_id)
    with doing() as w:
        job = w.session.get_one(WipeJob, job_id)
        said = signing_off.statement(w.session, job)
    assert said["version"] == 2 and all(len(one["evidence"]) == 64 for one in said["judged"])
    other = {**said, "judged": [{**one, "evidence": "0" * 64} for one in said["judged"]]}
    assert canonical.encode(other) != canonical.encode(said)


def test_a_key_that_begins_later_signs_nothing_earlier(app, doing, session, laptop, flask):
    """Two Works at once: the one that began first must not sign with the key that was made meanwhile."""
    laptop(0)
    with clock.stopped_at(clock.now() + timedelta(minutes=5)):
        flask("rotate", "house")
    with pytest.raises(Busy):
        laptop(1)
    assert house.ROLES == {"house": "certificate", "log": "log"}
