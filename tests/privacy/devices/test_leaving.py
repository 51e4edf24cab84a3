"""A medium leaves its device: with a photo, destroyed before a witness, or, a card only, given back."""

import io

import pytest
from PIL import Image
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from core.access import SecondFactorNeeded
from core.errors import Forbidden, Invalid, Refused
from core.goods.models import StorageMedium
from privacy.clearance.queries import find_clearance
from privacy.devices import counting, queries, taking_out
from privacy.devices.models import Destruction
from privacy.wipes import actions, locks
from privacy.wipes.models import WipeJob
from tests import stories

HDD, SSD = stories.disks("hdd"), stories.disks("ssd")


def photo() -> bytes:
    raw = io.BytesIO()
    Image.new("RGB", (60, 40), (90, 90, 90)).save(raw, "JPEG")
    return raw.getvalue()


def job_in(w, job_id) -> WipeJob:
    return w.session.get_one(WipeJob, job_id)


@pytest.fixture
def two_disks(app, doing, alice, wang, shop):
    """A computer with a hard disk, wiped, and a solid-state drive that can't be."""
    item_id = stories.laptop(doing, alice, disks=[HDD[0], SSD[0]])
    job_id = stories.started(doing, item_id, alice, wang, shop)
    with doing(wang) as w:
        stories.attach(w, stories.bench(app), job_in(w, job_id), HDD[0].log)
        ssd = w.session.scalars(select(StorageMedium).where(StorageMedium.kind == "ssd")).one()
        return item_id, job_id, ssd.id


def take_out(app, doing, who, job_id, medium_id, way="destroy", raw=None):
    with doing(who) as w:
        medium = w.session.get_one(StorageMedium, medium_id)
        raw = photo() if raw is None else raw
        return taking_out.take_out(w, stories.bench(app), job_in(w, job_id), medium, way=way, photo=raw).id


def destroy(app, doing, who, job_id, medium_id, method="shred", millimetres=2):
    with doing(who) as w:
        return taking_out.destroy(
            w,
            stories.bench(app),
            job_in(w, job_id),
            w.session.get_one(StorageMedium, medium_id),
            method=method,
            millimetres=millimetres,
            contractor="",
            photo=photo(),
        ).id


def witness(doing, who, destruction_id, fresh=True):
    with doing(who) as w:
        one = w.session.get_one(Destruction, destruction_id)
        return taking_out.witness(w, one, signed_in_at=w.now if fresh else None).id


def state(session, job_id):
    session.expire_all()
    return session.get(WipeJob, job_id).state


def test_taken_out_destroyed_and_witnessed_the_rest_is_cleared(app, doing, session, two_disks, alice, wang, zhao, shop):
    item_id, job_id, ssd = two_disks
    take_out(app, doing, wang, job_id, ssd)
    assert state(session, job_id) == "wiping", "taken out is not destroyed"
    done = destroy(app, doing, wang, job_id, ssd)
    assert state(session, job_id) == "wiping", "destroyed without a witness doesn't count"
    witness(doing, zhao, done)
    assert state(session, job_id) == "judged"
    stories.verified(app, doing, job_id, zhao)
    assert find_clearance(session, item_id) is not None


def test_only_one_disk_and_that_one_destroyed(app, doing, session, alice, wang, zhao, shop):
    """The shell of a computer may be sold once its only disk is gone for good."""
    item_id = stories.laptop(doing, alice, disks=[SSD[0]])
    job_id = stories.started(doing, item_id, alice, wang, shop)
    with doing() as w:
        medium_id = w.session.scalars(select(StorageMedium.id)).one()
    take_out(app, doing, wang, job_id, medium_id)
    witness(doing, zhao, destroy(app, doing, wang, job_id, medium_id))
    stories.verified(app, doing, job_id, zhao)
    assert find_clearance(session, item_id) is not None


def test_without_a_photo_nothing_leaves(app, doing, session, two_disks, wang):
    _, job_id, ssd = two_disks
    with pytest.raises(Invalid, match="photo_missing"):
        take_out(app, doing, wang, job_id, ssd, raw=b"")
    with pytest.raises(Refused):
        take_out(app, doing, wang, job_id, ssd, raw=b"no photo")
    assert session.get(StorageMedium, ssd).state == "present"
    take_out(app, doing, wang, job_id, ssd)


def test_a_disk_is_not_given_back_a_card_is(app, doing, session, alice, wang, shop, two_disks):
    _, job_id, ssd = two_disks
    with pytest.raises(Invalid, match="way_unknown"):
        take_out(app, doing, wang, job_id, ssd, way="returned")
    with doing(wang) as w:
        card = actions.add_medium(w, job_in(w, job_id), kind="card", serial="SDCARD0042X").id
    take_out(app, doing, wang, job_id, card, way="returned")
    session.expire_all()
    assert session.get(StorageMedium, card).state == "returned"


def test_who_destroys_or_owns_it_is_no_witness(app, doing, session, two_disks, alice, wang, zhao, people, shop):
    _, job_id, ssd = two_disks
    take_out(app, doing, wang, job_id, ssd)
    done = destroy(app, doing, wang, job_id, ssd)
    for who in (wang, alice):
        people.give_role(who, "wipe_verifier", shop)
        with pytest.raises(Forbidden, match="own_destruction"):
            witness(doing, who, done)
    with pytest.raises(SecondFactorNeeded):
        witness(doing, zhao, done, fresh=False)
    witness(doing, zhao, done)
    with pytest.raises(Refused, match="witnessed_already"):
        witness(doing, zhao, done)


def test_flash_that_was_only_drilled_through_is_not_destroyed(app, doing, two_disks, wang):
    _, job_id, ssd = two_disks
    take_out(app, doing, wang, job_id, ssd)
    with pytest.raises(Invalid, match="flash_needs_shredding"):
        destroy(app, doing, wang, job_id, ssd, method="drill")
    with pytest.raises(Invalid, match="flash_too_coarse"):
        destroy(app, doing, wang, job_id, ssd, millimetres=10)
    destroy(app, doing, wang, job_id, ssd)


def test_the_database_lets_no_medium_vanish(app, doing, session, two_disks, wang, zhao):
    _, job_id, ssd = two_disks
    for gone in ("removed", "returned", "destroyed"):
        with pytest.raises(DatabaseError, match="medium leaves its device"):
            session.execute(text("UPDATE storage_media SET state = :gone WHERE id = :id"), {"gone": gone, "id": ssd})
        session.rollback()
    take_out(app, doing, wang, job_id, ssd)
    with pytest.raises(DatabaseError, match="medium leaves its device"):
        session.execute(text("UPDATE storage_media SET state = 'destroyed' WHERE id = :id"), {"id": ssd})
    session.rollback()
    done = destroy(app, doing, wang, job_id, ssd)
    with pytest.raises(DatabaseError, match="another_person|CHECK"):
        session.execute(
            text(
                "INSERT INTO destruction_witnesses (id, destruction_id, medium_id, destroyed_by, witness_id, signed_in_at, at) "
                "VALUES ('x', :d, :m, :w, :w, '2026-11-22T00:00:00.000000Z', '2026-11-22T00:00:00.000000Z')"
            ),
            {"d": done, "m": ssd, "w": wang.id},
        )
    session.rollback()
    with pytest.raises(DatabaseError, match="true destruction"):
        session.execute(
            text(
                "INSERT INTO destruction_witnesses (id, destruction_id, medium_id, destroyed_by, witness_id, signed_in_at, at) "
                "VALUES ('x', :d, :m, :z, :w, '2026-11-22T00:00:00.000000Z', '2026-11-22T00:00:00.000000Z')"
            ),
            {"d": done, "m": ssd, "w": wang.id, "z": zhao.id},
        )
    session.rollback()
    witness(doing, zhao, done)


def test_nobody_is_cleared_with_a_medium_on_the_table(app, doing, session, two_disks, wang, zhao):
    """Even to raw SQL: a medium that was taken out and not destroyed blocks the verification."""
    item_id, job_id, ssd = two_disks
    take_out(app, doing, wang, job_id, ssd)
    with pytest.raises(Refused, match="not_waiting"):
        stories.verified(app, doing, job_id, zhao)


def test_counting_before_and_after(app, doing, session, alice, wang, zhao, shop):
    item_id = stories.laptop(doing, alice, disks=[HDD[0]])
    job_id = stories.consented(doing, item_id, alice)
    with doing(wang) as w:
        actions.start(w, job_in(w, job_id), shop)
    with pytest.raises(Refused, match="count_first"), doing(wang) as w:
        stories.attach(w, stories.bench(app), job_in(w, job_id), HDD[0].log)
    with pytest.raises(Invalid, match="medium_missed"), doing(wang) as w:
        counting.count(w, job_in(w, job_id), 2)
    with pytest.raises(Invalid, match="medium_gone"), doing(wang) as w:
        counting.count(w, job_in(w, job_id), 0)
    with doing(wang) as w:
        counting.count(w, job_in(w, job_id), 1)
        locks.read_before(w, job_in(w, job_id), stories.locks_off(w, job_in(w, job_id)))
        stories.attach(w, stories.bench(app), job_in(w, job_id), HDD[0].log)
    for wrong, code in ((2, "count_differs"), (None, "count_missing")):
        with pytest.raises(Invalid, match=code), doing(zhao) as w:
            counting.count_after(w, job_in(w, job_id), wrong)
    stories.verified(app, doing, job_id, zhao)
    assert queries.find_count(session, job_id, "after").counted == 1


@pytest.mark.slow
def test_the_paper_names_what_left_and_what_was_installed(app, doing, session, two_disks, wang, zhao):
    from privacy.clearance import paper
    from privacy.clearance.models import Certificate
    from privacy.devices import after_work
    from privacy.devices.models import AfterWork
    from tests.privacy.devices.test_usage import reading

    item_id, job_id, ssd = two_disks
    take_out(app, doing, wang, job_id, ssd)
    witness(doing, zhao, destroy(app, doing, wang, job_id, ssd))
    with doing(wang) as w:
        begun = after_work.begin(w, job_in(w, job_id), purpose="system", image_name="openEuler 24.03", image_digest="a" * 64).id
    with doing(zhao) as w:
        one = w.session.get_one(AfterWork, begun)
        after_work.end(
            w, stories.bench(app), one, checks=set(after_work.CHECKS), photo=photo(),
            readings=[reading(HDD[0].serial, 1000, code=one.code)], signed_in_at=w.now,
        )  # fmt: skip
    stories.verified(app, doing, job_id, zhao)
    certificate = session.scalars(select(Certificate)).one()
    for language, destroyed, installed in (("en", "destroyed before a witness", "from an image"), ("zh", "见证人销毁", "装机")):
        read = paper.read(certificate, stories.bench(app).keys, language)
        said = " ".join(f"{label} {value}" for _, rows in read.media for label, value in rows)
        assert destroyed in said and "E5" in said and len(read.media) == 2
        assert any(installed in value and "openEuler 24.03" in value for _, value in read.rows)
        assert read.genuine is True
    page = app.test_client().get(f"/certificates/{certificate.number}")
    assert page.status_code == 200
    assert app.test_client().get(f"/certificates/{certificate.number}.pdf").status_code == 200
