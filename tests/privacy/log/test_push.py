"""Checkpoints go to those we don't control; people's data go out of reach without breaking a proof; keys begin and end."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from core import clock, secrets, signing
from core.errors import Invalid
from core.mail import Message
from core.work import Actor, work
from privacy import verify
from privacy.bench import bench_of
from privacy.clearance import house_key
from privacy.clearance.log import checking, facts, keys, note, papers, pushing, queries, witnesses
from privacy.clearance.log.models import LogLeaf, LogPush
from privacy.clearance.models import Certificate, Disclosure
from privacy.clearance.queries import get_certificate
from tests.privacy.log.test_pages import WITNESS

VKEY = note.vkey("inbox.example", WITNESS.public, note.COSIGNATURE)


@pytest.fixture
def push(app, session):
    def step(minutes=0):
        with work(session, Actor("system:log_push"), clock.now() + timedelta(minutes=minutes)) as w:
            found = pushing.push(w, app.extensions["xunshi"])
            return found.size if found else None

    return step


def test_checkpoints_go_out_as_files_and_mail(app, session, doing, number, append, sequence, push):
    with doing() as w:
        witnesses.add(w, "inbox.example", VKEY, "inbox@regulator.example")
    size = push()
    folder = app.extensions["xunshi"].data / "public" / "checkpoints"
    text = (folder / "latest").read_text(encoding="utf-8")
    assert text == (folder / str(size)).read_text(encoding="utf-8") and verify.parse_checkpoint(text).size == size
    mail = session.scalars(select(Message)).one()
    assert text in secrets.decrypt(mail.body, "message") and mail.masked == "i***@regulator.example"
    assert secrets.decrypt(mail.address, "message") == "inbox@regulator.example"
    session.rollback()
    append("more")
    sequence()
    assert push() is None, "not again at once"
    assert push(minutes=11) > size and push(minutes=60) is None
    assert len(session.scalars(select(LogPush)).all()) == 2
    assert verify.parse_checkpoint((folder / "latest").read_text(encoding="utf-8")).size > size


def test_nothing_goes_out_of_an_empty_log(push):
    assert push() is None


@pytest.mark.parametrize(("name", "vkey", "mail"), [
    ("x", VKEY, ""), ("inbox.example", "nonsense", ""), ("inbox.example", note.vkey("inbox.example", WITNESS.public), ""),
    ("inbox.example", VKEY, "not an address"),
])  # fmt: skip
def test_only_a_witness_is_a_witness(doing, name, vkey, mail):
    with pytest.raises(Invalid), doing() as w:
        witnesses.add(w, name, vkey, mail)
    with doing() as w:
        witnesses.add(w, "inbox.example", VKEY)
    with pytest.raises(Invalid), doing() as w:
        witnesses.add(w, "inbox.example", VKEY)


def test_forgetting_people_leaves_every_proof_standing(app, session, doing, number, sequence):
    before = papers.download(session, get_certificate(session, number), clock.now())
    trust = verify.read_keys(verify.canonical(house_key.key_list(bench_of(app.extensions["xunshi"]).keys, keys.listed(session))))
    with doing() as w:
        assert w.session.execute(delete(Disclosure)).rowcount > 0
    sequence()
    assert checking.check(session).ok
    after = papers.download(session, get_certificate(session, number), clock.now())
    for file in (before, after):
        assert verify.examine(verify.canonical(file), trust).verdict == "valid"


def test_keys_are_put_on_record_and_taken_off(session, doing, number):
    made = signing.from_seed(bytes(range(32)))
    with doing() as w:
        keys.enrol(w, public=made.public, role="person", holder="ab" * 32)
        keys.enrol(w, public=made.public, role="person", holder="ab" * 32)
        row = keys.enrol(w, public=WITNESS.public, role="station")
        keys.retire(w, row.key_id)
        keys.revoke(w, made.key_id, "lost")
        keys.revoke(w, made.key_id, "lost")
        with pytest.raises(Invalid):
            keys.revoke(w, "0" * 16, "lost")
    listed = {one["key_id"]: one for one in keys.listed(session)}
    assert listed[made.key_id]["revoked_at"] and listed[made.key_id]["holder"] == "ab" * 32
    assert listed[row.key_id]["until"] and not listed[row.key_id]["revoked_at"]
    told = [leaf.kind for leaf in session.scalars(select(LogLeaf).where(LogLeaf.subject == made.key_id).order_by(LogLeaf.id))]
    assert told == ["privacy:key:enrolled", "privacy:key:revoked"]


def test_certificates_from_before_the_log_are_entered(app, session, doing, number, unguarded, sequence):
    for table in ("sample_checks", "sample_draws", "log_checkpoints", "log_nodes"):
        unguarded(f"DELETE FROM {table}")
    unguarded("DELETE FROM log_leaves")
    unguarded("DELETE FROM signing_keys WHERE role <> 'person'")
    key = house_key.house_key(bench_of(app.extensions["xunshi"]).keys)
    for wanted in (1, 0):
        with doing() as w:
            assert facts.catch_up(w, key) == wanted
    sequence()
    issued = session.scalars(select(Certificate)).one().issued_at
    row = next(one for one in keys.listed(session) if one["key_id"] == key.key_id)
    assert row["from"] <= papers.stamp(issued) and papers.find_entry(session, number) is not None
    trust = verify.read_keys(verify.canonical(house_key.key_list(bench_of(app.extensions["xunshi"]).keys, keys.listed(session))))
    file = papers.download(session, get_certificate(session, number), clock.now())
    assert verify.examine(verify.canonical(file), trust).verdict == "unknown" and checking.check(session).ok, "nobody can tell its day"
    assert queries.waiting(session) == 0


def test_two_processes_that_begin_at_once_have_one_key(tmp_path, app):
    from core import house_key

    house_key.house_key(tmp_path)
    (tmp_path / house_key.CURRENT).rename(tmp_path / "seen")
    first = (tmp_path / "seen").read_text()
    (tmp_path / "seen").rename(tmp_path / house_key.CURRENT)
    other = signing.create_key(tmp_path, secrets.field_key(house_key.LABEL))
    house_key._point(tmp_path / house_key.CURRENT, other.key_id)
    assert house_key.house_key(tmp_path).key_id == first.strip() != other.key_id
