"""清除确认: where a row of the rule set asks for it, a third person confirms what the verifier has accepted, or doesn't. Only
then the device is cleared; the certificate carries the third person's signature beside the operator's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ids
from core.access import FRESH, SecondFactorNeeded
from core.errors import Forbidden, Invalid, Refused
from core.goods.custody import locked
from core.i18n import N_
from core.people.acting import demand_role
from core.people.notices import notify
from core.states import walk
from core.work import Work
from privacy.bench import Bench
from privacy.clearance.log import facts
from privacy.clearance.looking import read_anew
from privacy.clearance.models import Certificate
from privacy.clearance.verifying import Keeping, checked_bag, clear, demand_before_you, demand_no_contradiction
from privacy.devices import after_work
from privacy.keys.signing_off import demand_signed
from privacy.sampling.marks import mark
from privacy.wipes import challenge_photos, queries, rules
from privacy.wipes.duty_models import Validation
from privacy.wipes.models import Verification, WipeJob
from privacy.wipes.states import JOB

TICK = N_("Tick this once you have done it, or refuse it.")
NOTE = N_("Say in a sentence what your confirmation rests on.")
NOTE_LEAST, NOTE_MOST = 10, 400
REFUSALS = {
    "validator_owns": N_("You own this device, so somebody else confirms its wipe."),
    "validator_wiped": N_("You wiped this device. A third person confirms it."),
    "validator_verified": N_("You verified this wipe. For this kind of device a third person confirms it."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the third person did: `checks` of rules.CONFIRMS, the last four as read, a photo with the code, and what the
    confirmation rests on."""

    checks: Sequence[str] = ()
    tail: str = ""
    photo: bytes = b""
    note: str = ""


def confirm(
    w: Work, bench: Bench, job: WipeJob, *, seen: Seen, keeping: Keeping, signed_in_at: datetime | None, device: str = ""
) -> Certificate:
    """Confirm a verified wipe: the device is cleared and its certificate issued, in this transaction.

    Raises SecondFactorNeeded, Forbidden for the wrong person, Refused for a device elsewhere or a job that doesn't wait, Invalid
    at a field."""
    verification = _demand_third(w, job, signed_in_at)
    for code in rules.CONFIRMS:
        if code not in seen.checks:
            raise Invalid("check_missing", TICK, field=code)
    note = seen.note.strip()
    if not NOTE_LEAST <= len(note) <= NOTE_MOST:
        raise Invalid("note_missing", NOTE, field="note")
    item = locked(w, job.item_id)
    demand_before_you(w, job, item)
    operation = demand_signed(w.session, job)
    demand_no_contradiction(w.session, job.id)
    after_work.demand_ended(w, job)
    bag, validation_id = checked_bag(bench, keeping), ids.new_id()
    kind = read_anew(w, job, seen.tail, "tail")
    challenge_photos.keep(w, bench, seen.photo, item_id=item.id, act="confirm", subject_id=validation_id, field="look_photo")
    row = _record(w, verification, "accepted", signed_in_at, id=validation_id, note=note, tail_of=kind)
    mark(w, job, "verify", device)
    return clear(w, bench, job, verification, operation, keeping, bag, row)


def refuse(w: Work, job: WipeJob, *, reason: str, signed_in_at: datetime | None) -> Validation:
    """The third person doesn't confirm it. The device can be wiped anew under a new number."""
    verification = _demand_third(w, job, signed_in_at)
    if reason not in rules.REJECTIONS:
        raise Invalid("reason_missing", N_("Please choose a reason."), field="reason")
    locked(w, job.item_id)
    row = _record(w, verification, "rejected", signed_in_at, id=ids.new_id(), reason=reason)
    walk(w, JOB, job, "reject")
    for account_id, sentence in (
        (job.owner_id, N_("The wipe of your device was not confirmed (%(number)s). Read why and what you can do.")),
        (job.operator_id, N_("The wipe %(number)s was not confirmed by the third person. Read why.")),
        (verification.verifier_id, N_("The wipe %(number)s was not confirmed by the third person. Read why.")),
    ):
        if account_id:
            notify(w, account_id, sentence, f"/wipes/{job.id}", number=job.number)
    return row


def find_validation(session: Session, job_id: str) -> Validation | None:
    return session.scalars(select(Validation).where(Validation.job_id == job_id)).first()


def may_confirm(session: Session, job: WipeJob, verification: Verification, person: str) -> str | None:
    """Why this person may not confirm it, or None."""
    attached = queries.attached_by(session, job.id)
    return rules.may_confirm(job.operator_id, job.owner_id, attached, verification.verifier_id, person)


def _demand_third(w: Work, job: WipeJob, signed_in_at: datetime | None) -> Verification:
    w.session.refresh(job, with_for_update=True)
    demand_role(w, None, "wipe_verifier")
    if signed_in_at is None or not w.now - FRESH <= signed_in_at <= w.now:
        raise SecondFactorNeeded()
    verification = queries.find_verification(w.session, job.id)
    if job.state != "verified" or verification is None:
        raise Refused("not_to_confirm", N_("This wipe doesn't wait for a third person."))
    why = may_confirm(w.session, job, verification, w.actor.id)
    if why:
        raise Forbidden(why, REFUSALS[why])
    return verification


def _record(
    w: Work, verification: Verification, decision: str, signed_in_at: datetime | None, *, id: str, **said: str
) -> Validation:
    assert signed_in_at is not None
    row = Validation(
        id=id, verification_id=verification.id, job_id=verification.job_id, operator_id=verification.operator_id,
        owner_id=verification.owner_id, verifier_id=verification.verifier_id, validator_id=w.actor.id, decision=decision,
        signed_in_at=signed_in_at, at=w.now, **said,
    )  # fmt: skip
    w.put(row)
    job = w.session.get_one(WipeJob, row.job_id)
    w.record("privacy:job:confirmed", job.id, item=job.item_id, decision=decision, reason=row.reason)
    facts.validation_decided(w, job, row)
    return row
