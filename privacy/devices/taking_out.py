"""A medium that can't or shall not be wiped leaves the device: with a photo, and destroyed before a witness."""

from datetime import datetime

from core import ids, photos
from core.access import FRESH, SecondFactorNeeded
from core.errors import Forbidden, Invalid, Refused
from core.goods.custody import locked
from core.goods.models import StorageMedium
from core.i18n import N_
from core.people.acting import demand_role
from core.people.notices import notify
from core.states import walk
from core.work import Work
from privacy.bench import Bench
from privacy.devices import queries, rules
from privacy.devices.models import Destruction, DestructionWitness, MediumOut
from privacy.wipes import actions
from privacy.wipes.models import WipeJob
from privacy.wipes.settling import settle
from privacy.wipes.states import JOB, MEDIUM

OWN = N_("You destroyed it or own it, so somebody else is the witness.")
DESTRUCTION_PROBLEMS = {
    "method_unknown": N_("Please choose one of the answers offered."),
    "degauss_flash": N_("A magnetic field does nothing to flash storage. Shred it."),
    "flash_needs_shredding": N_("A hole or a bend leaves flash chips readable. Shred it, or have it burnt."),
    "flash_too_coarse": N_("Flash storage is shredded to pieces of 2 mm or less. Enter the size of the pieces."),
}


def take_out(w: Work, bench: Bench, job: WipeJob, medium: StorageMedium, *, way: str, photo: bytes) -> MediumOut:
    """Record that a medium is out of the device. `way`: `destroy`, or `returned` for a memory card.

    `photo` shows it beside its empty place with the job's code. Raises Invalid at fields `way` and `photo`."""
    actions.demand_bench(w, job)
    locked(w, job.item_id)
    if medium.item_id != job.item_id or medium.state != "present":
        raise Invalid("medium_unknown", N_("Choose a medium of this device."), field="way")
    if way not in rules.way_out(medium.kind):
        raise Invalid("way_unknown", N_("Only a memory card goes back to its owner; any other medium is destroyed."), field="way")
    row = MediumOut(
        id=ids.new_id(),
        medium_id=medium.id,
        item_id=job.item_id,
        job_id=job.id,
        way=way,
        photo=keep_photo(bench, photo),
        by=w.actor.id,
        at=w.now,
    )
    w.session.add(row)
    w.session.flush()
    walk(w, MEDIUM, medium, "give_back" if way == "returned" else "remove")
    w.record("privacy:medium:taken_out", job.item_id, medium=medium.id, way=way, job=job.id, photo=row.photo)
    if job.state == "judged":
        walk(w, JOB, job, "reopen")
    settle(w, job)
    return row


def keep_photo(bench: Bench, photo: bytes, field: str = "photo") -> str:
    """The digest of a cleaned photo in the store. Raises Invalid without one, BadPhoto for what is none."""
    if not photo:
        raise Invalid("photo_missing", N_("Take the photo that is asked for."), field=field)
    return bench.store.put(photos.clean(photo).sizes["large"].data, "photo")


def destroy(
    w: Work,
    bench: Bench,
    job: WipeJob,
    medium: StorageMedium,
    *,
    method: str,
    millimetres: int | None,
    contractor: str,
    photo: bytes,
) -> Destruction:
    """Record how a medium that was taken out was destroyed, with a photo of what is left; it counts once witnessed."""
    actions.demand_bench(w, job)
    if medium.item_id != job.item_id or medium.state != "removed":
        raise Refused("not_taken_out", N_("Only a medium that was taken out, with its photo, is destroyed."))
    problem = rules.destruction_problem(medium.medium, method, millimetres)
    if problem:
        raise Invalid(problem, DESTRUCTION_PROBLEMS[problem], field="millimetres" if problem == "flash_too_coarse" else "method")
    row = Destruction(
        id=ids.new_id(),
        medium_id=medium.id,
        item_id=job.item_id,
        job_id=job.id,
        method=method,
        millimetres=millimetres,
        contractor=contractor.strip()[:120],
        photo=keep_photo(bench, photo),
        destroyed_by=w.actor.id,
        at=w.now,
    )
    w.session.add(row)
    w.session.flush()
    w.record("privacy:medium:destroyed", job.item_id, medium=medium.id, method=method, job=job.id, photo=row.photo)
    return row


def witness(w: Work, destruction: Destruction, *, signed_in_at: datetime | None) -> DestructionWitness:
    """Another person, signed in afresh, saw it: the medium is destroyed now, and the job may go to its verifier."""
    demand_role(w, None, "wipe_verifier")
    if signed_in_at is None or not w.now - FRESH <= signed_in_at <= w.now:
        raise SecondFactorNeeded()
    item = locked(w, destruction.item_id)
    if w.actor.id in (destruction.destroyed_by, item.owner_id):
        raise Forbidden("own_destruction", OWN)
    medium = queries.get_medium(w.session, destruction.medium_id)
    last = queries.find_destruction(w.session, medium.id)
    if medium.state != "removed" or last is None or last.id != destruction.id:
        raise Refused("witnessed_already", N_("This destruction was witnessed already, or was recorded anew since."))
    assert signed_in_at is not None
    row = DestructionWitness(
        id=ids.new_id(),
        destruction_id=destruction.id,
        medium_id=medium.id,
        destroyed_by=destruction.destroyed_by,
        witness_id=w.actor.id,
        signed_in_at=signed_in_at,
        at=w.now,
    )
    w.session.add(row)
    w.session.flush()
    walk(w, MEDIUM, medium, "destroy")
    w.record("privacy:medium:witnessed", item.id, medium=medium.id, destruction=destruction.id)
    job = w.session.get_one(WipeJob, destruction.job_id)
    notify(
        w,
        job.owner_id,
        N_("A storage medium of your device was destroyed before a witness (%(number)s)."),
        f"/wipes/{job.id}",
        number=job.number,
    )
    settle(w, job)
    return row
