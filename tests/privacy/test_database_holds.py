"""The promise stands in the database: raw SQL, on either engine, finds each hole closed, and its honest twin open."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core import clock, ids
from core.db import stamp
from privacy.clearance.models import Certificate, Clearance
from privacy.clearance.queries import certificate_of, find_clearance, find_last
from privacy.wipes.models import EvidenceFile, Judgement, Verification, WipeJob
from tests import stories

HDD, SSD = stories.disks("hdd"), stories.disks("ssd")


@pytest.fixture
def sql(database):
    """Run one raw statement in a transaction of its own, as somebody with a database shell would."""

    def run(statement: str, **values: object) -> int:
        with database.engine.connect().execution_options(writes=True) as connection, connection.begin():
            return connection.execute(text(statement), values).rowcount

    return run


@pytest.fixture
def refused(sql):
    def run(statement: str, match: str | None = None, **values: object) -> None:
        with pytest.raises(DBAPIError, match=match):
            sql(statement, **values)

    return run


@pytest.fixture
def cleared(app, doing, alice, wang, zhao, shop):
    return stories.wiped_laptop(app, doing, alice, wang, zhao, shop)


@pytest.fixture
def waiting(app, doing, alice, wang, shop):
    item_id = stories.laptop(doing, alice, serial="PF2XK9D1", disks=HDD[2:3])
    job_id = stories.wiped(app, doing, item_id, alice, wang, shop, HDD[2:3])
    stories.signed(app, doing, job_id)
    return item_id, job_id


def row_of(session, kind, **values):
    """A row's columns as a dict, with some changed."""
    row = session.scalars(select(kind).order_by(kind.id.desc()).limit(1)).one()
    found = session.execute(text(f"SELECT * FROM {kind.__tablename__} WHERE id = :id"), {"id": row.id}).mappings().one()
    session.rollback()
    return {**found, **values}


def insert(kind, row, verb="INSERT"):
    names = ", ".join(row)
    return f"{verb} INTO {kind.__tablename__} ({names}) VALUES ({', '.join(':' + name for name in row)})"


def verify_row(session, job_id, verifier, **values):
    job = session.get_one(WipeJob, job_id)
    now = stamp(clock.now())
    row = {
        "id": ids.new_id(),
        "job_id": job_id,
        "item_id": job.item_id,
        "epoch": job.epoch,
        "operator_id": job.operator_id,
        "owner_id": job.owner_id,
        "verifier_id": verifier,
        "decision": "accepted",
        "checks": "{}",
        "reason": "",
        "signed_in_at": now,
        "at": now,
        **values,
    }
    session.rollback()
    return row


def test_the_honest_verification_goes_in(session, sql, zhao, waiting):
    row = verify_row(session, waiting[1], zhao.id)
    assert sql(insert(Verification, row), **row) == 1


def test_operator_or_owner_never_verify(session, refused, alice, wang, waiting):
    for who in (alice, wang):
        row = verify_row(session, waiting[1], who.id)
        refused(insert(Verification, row), **row)


def test_lying_about_who_wiped_or_who_owns_helps_nothing(session, refused, alice, wang, bob, waiting):
    row = verify_row(session, waiting[1], wang.id, operator_id=bob.id)
    refused(insert(Verification, row), **row)
    row = verify_row(session, waiting[1], alice.id, owner_id=bob.id)
    refused(insert(Verification, row), match="true owner|where the device is", **row)


def test_the_operator_of_a_job_is_not_changed_afterwards(session, refused, bob, waiting):
    refused("UPDATE wipe_jobs SET operator_id = :who WHERE id = :id", who=bob.id, id=waiting[1])
    refused("UPDATE wipe_jobs SET owner_id = :who WHERE id = :id", who=bob.id, id=waiting[1])
    refused("UPDATE wipe_jobs SET epoch = 2 WHERE id = :id", id=waiting[1])


def test_no_verification_while_a_disk_has_no_passed_file(session, doing, refused, alice, wang, zhao, shop):
    item_id = stories.laptop(doing, alice, serial="PF2XK9D2", disks=HDD[3:4])
    job_id = stories.started(doing, item_id, alice, wang, shop)
    row = verify_row(session, job_id, zhao.id)
    refused(insert(Verification, row), **row)
    refused("UPDATE wipe_jobs SET state = 'accepted' WHERE id = :id", match="verification only", id=job_id)


def test_no_clearance_without_its_verification(session, refused, sql, zhao, waiting, cleared):
    fake = row_of(session, Clearance, id=ids.new_id(), item_id=waiting[0], verification_id=ids.new_id(), epoch=1)
    refused(insert(Clearance, fake), **fake)
    another = row_of(session, Clearance, id=ids.new_id(), item_id=waiting[0])
    refused(insert(Clearance, another), **another)
    honest = verify_row(session, waiting[1], zhao.id)
    sql(insert(Verification, honest), **honest)
    good = row_of(session, Clearance, id=ids.new_id(), item_id=waiting[0], verification_id=honest["id"])
    refused(insert(Clearance, {**good, "epoch": 2}), **{**good, "epoch": 2})
    refused(insert(Clearance, {**good, "decision": "rejected"}), **{**good, "decision": "rejected"})
    assert sql(insert(Clearance, good), **good) == 1


def test_a_disk_added_between_verification_and_clearance_is_noticed(session, refused, sql, doing, zhao, waiting):
    honest = verify_row(session, waiting[1], zhao.id)
    sql(insert(Verification, honest), **honest)
    with doing() as w:
        from core.goods.intake import MediumGiven, add_medium
        from core.goods.models import Item

        add_medium(w, w.session.get_one(Item, waiting[0]), MediumGiven(kind="ssd", serial=SSD[0].serial))
    now = stamp(clock.now())
    row = {
        "id": ids.new_id(),
        "item_id": waiting[0],
        "epoch": 1,
        "verification_id": honest["id"],
        "decision": "accepted",
        "state": "valid",
        "kept": "at_point",
        "seal_number": "",
        "seal_photo": "",
        "issued_at": now,
        "valid_until": now,
    }
    refused(insert(Clearance, row), match="covers every", **row)


def test_a_rejected_verification_clears_nothing(session, refused, sql, zhao, waiting, cleared):
    honest = verify_row(session, waiting[1], zhao.id, decision="rejected")
    sql(insert(Verification, honest), **honest)
    row = row_of(session, Clearance, id=ids.new_id(), item_id=waiting[0], verification_id=honest["id"])
    refused(insert(Clearance, row), **row)


def test_an_ended_clearance_is_history(session, doing, refused, wang, cleared):
    from core.goods import custody
    from core.goods.models import Item

    with doing(wang) as w:
        custody.raise_epoch(w, w.session.get_one(Item, cleared), "loaned")
    one = find_last(session, cleared).id
    session.rollback()
    refused("UPDATE clearances SET state = 'valid', ended_at = NULL WHERE id = :id", id=one)
    refused("UPDATE clearances SET valid_until = '2099-01-01T00:00:00.000000Z' WHERE id = :id", id=one)
    refused("DELETE FROM clearances WHERE id = :id", id=one)


def test_a_valid_clearance_is_not_moved_or_lengthened(session, refused, sql, waiting, cleared):
    one = find_last(session, cleared).id
    session.rollback()
    for change in (
        f"item_id = '{waiting[0]}'",
        "epoch = 2",
        "valid_until = '2099-01-01T00:00:00.000000Z'",
        "issued_at = '2020-01-01T00:00:00.000000Z'",
        "ended_at = '2026-01-01T00:00:00.000000Z'",
        "state = 'expired'",
        f"verification_id = '{ids.new_id()}'",
        "decision = 'rejected'",
        "kept = 'sealed_bag'",
        "state = 'renewed'",
    ):
        refused(f"UPDATE clearances SET {change} WHERE id = :id", id=one)
    ended = "UPDATE clearances SET state = 'expired', ended_at = :now WHERE id = :id"
    assert sql(ended, now=stamp(clock.now()), id=one) == 1


def test_the_epoch_never_rises_over_a_valid_clearance(session, refused, sql, alice, waiting, cleared):
    refused("UPDATE items SET epoch = epoch + 1 WHERE id = :id", match="end the clearance", id=cleared)
    refused("UPDATE items SET epoch = 0 WHERE id = :id", id=waiting[0])
    assert sql("UPDATE items SET epoch = epoch + 1 WHERE id = :id", id=waiting[0]) == 1


def test_media_stand_still_while_a_clearance_stands(session, doing, refused, cleared, waiting):
    from core.goods.models import StorageMedium

    row = row_of(session, StorageMedium, id=ids.new_id(), item_id=cleared, digest="0" * 64)
    refused(insert(StorageMedium, row), match="while a clearance", **row)
    for change in (
        "state = 'removed'",
        "state = 'mistyped'",
        f"digest = '{'1' * 64}'",
        f"item_id = '{waiting[0]}'",
        "medium = 'semiconductor'",
    ):
        refused(f"UPDATE storage_media SET {change} WHERE item_id = :id", id=cleared)
    refused("DELETE FROM storage_media WHERE item_id = :id", id=cleared)


def test_a_judged_disk_keeps_kind_and_serial(refused, waiting):
    for change in ("medium = 'semiconductor'", "kind = 'ssd'", f"digest = '{'1' * 64}'"):
        refused(f"UPDATE storage_media SET {change} WHERE item_id = :id", match="keeps its kind", id=waiting[0])
    refused("DELETE FROM storage_media WHERE item_id = :id", id=waiting[0])


def test_judgements_and_files_are_not_rewritten(session, refused, waiting, cleared, wang):
    for table in ("judgements", "evidence_files", "verifications", "custody_lines"):
        refused(f"DELETE FROM {table}", match="append-only")
    refused("UPDATE judgements SET verdict = 'pass'", match="append-only")
    refused("DELETE FROM wipe_jobs", match="history")
    refused("DELETE FROM certificates", match="history")
    refused("DELETE FROM items WHERE id = :id", id=cleared)
    row = row_of(session, Judgement, id=ids.new_id(), medium_id=_medium_of(session, cleared))
    refused(insert(Judgement, row), match="rests on a file", **row)


def _medium_of(session, item_id):
    found = session.execute(text("SELECT id FROM storage_media WHERE item_id = :i"), {"i": item_id}).scalar_one()
    session.rollback()
    return found


def test_replaying_a_file_is_stopped_by_the_index(session, refused, waiting):
    row = row_of(session, Judgement, id=ids.new_id())
    refused("UPDATE wipe_jobs SET state = 'wiping', stopped = 'state_secret' WHERE id = :id", id=waiting[1])
    refused(insert(Judgement, row), **row)


def test_replay_while_wiping_is_stopped_by_the_index(app, session, doing, sql, refused, alice, wang, shop):
    disks = [HDD[4], SSD[3]]
    item_id = stories.laptop(doing, alice, serial="PF2XK9D5", disks=disks)
    job_id = stories.started(doing, item_id, alice, wang, shop)
    with doing(wang) as w:
        stories.attach(w, stories.bench(app), w.session.get_one(WipeJob, job_id), HDD[4].log)
    row = row_of(session, Judgement, id=ids.new_id())
    assert row["verdict"] == "pass"
    refused(insert(Judgement, row), match="(?i)unique", **row)
    other = {**row, "verdict": "fail"}
    assert sql(insert(Judgement, other), **other) == 1


def test_an_ended_job_stays_ended(session, refused, cleared):
    refused("UPDATE wipe_jobs SET state = 'judged'", match="ends once")
    refused("UPDATE wipe_jobs SET state = 'cancelled'", match="ends once")


def test_a_certificate_keeps_its_text(session, refused, sql, waiting, cleared):
    number = certificate_of(session, cleared).number
    session.rollback()
    for change in (
        "body = '{}'",
        "number = 'XS-1'",
        "digest = ''",
        f"item_id = '{waiting[0]}'",
        "signatures = '[]'",
        "state = 'delivered'",
    ):
        refused(f"UPDATE certificates SET {change} WHERE number = :n", n=number)
    ended = "UPDATE certificates SET state = 'revoked', ended_at = :now WHERE number = :n"
    assert sql(ended, now=stamp(clock.now()), n=number) == 1
    refused("UPDATE certificates SET state = 'issued' WHERE number = :n", n=number)
    row = row_of(session, Certificate, id=ids.new_id(), number="XS-2026-000009-9", item_id=waiting[0], state="issued")
    refused(insert(Certificate, row), **row)


def test_insert_or_replace_doesnt_slip_past(session, database, refused, bob, cleared):
    if not database.is_sqlite:
        pytest.skip("INSERT OR REPLACE is SQLite's; PostgreSQL's ON CONFLICT DO UPDATE fires the update guards")
    from core.goods.models import Item, StorageMedium

    one = find_last(session, cleared)
    for kind, values in [
        (Clearance, {"valid_until": "2099-01-01T00:00:00.000000Z"}),
        (WipeJob, {"operator_id": bob.id}),
        (Judgement, {"verdict": "pass", "reasons": "[]"}),
        (Verification, {"verifier_id": bob.id}),
        (Certificate, {"body": "{}"}),
        (StorageMedium, {"serial": "x"}),
        (Item, {"epoch": 5}),
    ]:
        row = row_of(session, kind, **values)
        refused(insert(kind, row, "INSERT OR REPLACE"), **row)
    assert find_clearance(session, cleared).clearance_id == one.id


@pytest.fixture
def on_the_bench(doing, alice, wang, shop):
    """A laptop whose disk has no file yet."""
    item_id = stories.laptop(doing, alice, serial="PF2XK9D7", disks=HDD[5:6])
    return item_id, stories.started(doing, item_id, alice, wang, shop)


def test_calling_a_job_judged_proves_no_disk(app, doing, session, sql, refused, zhao, on_the_bench):
    assert sql("UPDATE wipe_jobs SET state = 'judged' WHERE id = :id", id=on_the_bench[1]) == 1
    row = verify_row(session, on_the_bench[1], zhao.id)
    refused(insert(Verification, row), match="operator has signed", **row)
    stories.signed(app, doing, on_the_bench[1])
    refused(insert(Verification, row), match="every storage medium", **row)
    for gone in ("removed", "returned", "destroyed"):
        refused("UPDATE storage_media SET state = :to WHERE item_id = :id", match="leaves its device", to=gone, id=on_the_bench[0])
    assert sql("UPDATE storage_media SET state = 'mistyped' WHERE item_id = :id", id=on_the_bench[0]) == 1
    refused(insert(Verification, row), match="every storage medium", **row)

def test_a_verification_comes_while_the_job_waits_and_in_the_same_epoch(session, sql, refused, zhao, waiting):
    row = verify_row(session, waiting[1], zhao.id)
    sql("UPDATE wipe_jobs SET state = 'wiping' WHERE id = :id", id=waiting[1])
    refused(insert(Verification, row), match="by another hand", **row)
    sql("UPDATE wipe_jobs SET state = 'judged' WHERE id = :id", id=waiting[1])
    sql("UPDATE items SET epoch = 2 WHERE id = :id", id=waiting[0])
    refused(insert(Verification, row), match="by another hand", **row)


def test_files_come_from_the_operator_while_the_job_is_wiped(session, sql, refused, wang, zhao, on_the_bench, waiting):
    row = row_of(session, EvidenceFile, id=ids.new_id(), job_id=on_the_bench[1], attached_by=zhao.id)
    refused(insert(EvidenceFile, row), match="operator of a job", **row)
    late = {**row, "attached_by": wang.id, "job_id": waiting[1]}
    refused(insert(EvidenceFile, late), match="operator of a job", **late)
    good = {**row, "attached_by": wang.id}
    assert sql(insert(EvidenceFile, good), **good) == 1


def test_a_disk_of_a_device_to_be_wiped_doesnt_vanish(refused, on_the_bench):
    refused("DELETE FROM storage_media WHERE item_id = :id", match="stays on record", id=on_the_bench[0])


def test_a_clearance_begins_valid_and_in_the_present_epoch(session, sql, refused, zhao, waiting):
    honest = verify_row(session, waiting[1], zhao.id)
    sql(insert(Verification, honest), **honest)
    now = stamp(clock.now())
    row = {
        "id": ids.new_id(),
        "item_id": waiting[0],
        "epoch": 1,
        "verification_id": honest["id"],
        "decision": "accepted",
        "state": "valid",
        "kept": "at_point",
        "seal_number": "",
        "seal_photo": "",
        "issued_at": now,
        "valid_until": now,
        "ended_at": None,
    }
    ended = {**row, "state": "expired", "ended_at": now}
    refused(insert(Clearance, ended), match="begins valid", **ended)
    sql("UPDATE items SET epoch = 2 WHERE id = :id", id=waiting[0])
    refused(insert(Clearance, row), match="begins valid", **row)
