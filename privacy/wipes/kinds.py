"""What a medium is made of, by a verifier's own look: magnetic disks ask for more than flash, and a log doesn't always tell."""

from datetime import datetime

from core import ids
from core.access import FRESH, SecondFactorNeeded
from core.errors import Forbidden, Invalid, Refused
from core.goods.custody import locked
from core.goods.models import StorageMedium
from core.i18n import N_
from core.people.acting import demand_role
from core.work import Work
from privacy.bench import Bench
from privacy.wipes import attaching, challenge_photos, people, queries, rules
from privacy.wipes.duty_models import KindLook
from privacy.wipes.models import WipeJob
from privacy.wipes.settling import settle

MADE_OF = {
    "magnetic": N_("A magnetic disk: platters turn in it"),
    "semiconductor": N_("Flash: chips only, nothing turns"),
}
OWN_HAND = N_("Who wiped or owns the device doesn't say what it is made of. Another person looks.")
NOT_HERE = N_("By the record the device isn't at your organisation. Let it be handed on first.")


def look_at(
    w: Work, bench: Bench, job: WipeJob, medium: StorageMedium, *, made_of: str, photo: bytes, signed_in_at: datetime | None
) -> KindLook:
    """A verifier says what a medium is, with a photo of it; a file that waited for that is judged again.

    Raises SecondFactorNeeded, Forbidden for operator and owner, Refused when it isn't being wiped or isn't here, Invalid at a
    field."""
    demand_role(w, None, "wipe_verifier")
    if signed_in_at is None or not w.now - FRESH <= signed_in_at <= w.now:
        raise SecondFactorNeeded()
    if rules.may_verify(job.operator_id, job.owner_id, queries.attached_by(w.session, job.id), w.actor.id):
        raise Forbidden("own_hand", OWN_HAND)
    item = locked(w, job.item_id)
    if job.state != "wiping":
        raise Refused("not_being_wiped", N_("This is asked while the device is being wiped, not before or after."))
    if not people.is_here(w.session, item.id, people.orgs_as(w.session, w.actor.id, "wipe_verifier")):
        raise Refused("device_elsewhere", NOT_HERE)
    if medium.item_id != item.id or medium.state != "present":
        raise Invalid("medium_unknown", N_("Choose a medium of this device."), field="made_of")
    if made_of not in MADE_OF:
        raise Invalid("made_of_missing", N_("Please choose one of the answers offered."), field="made_of")
    look_id = ids.new_id()
    digest = challenge_photos.keep(w, bench, photo, item_id=item.id, act="kind", subject_id=look_id, field="photo")
    row = KindLook(
        id=look_id, job_id=job.id, medium_id=medium.id, made_of=made_of, photo=digest, verifier_id=w.actor.id,
        signed_in_at=signed_in_at, at=w.now,
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("privacy:medium:kind_seen", item.id, job=job.id, medium=medium.id, made_of=made_of, photo=digest)
    attaching.judge_anew(w, bench, job, medium)
    settle(w, job)
    return row
