"""The second person's act: looked at, then accepted or rejected. Acceptance, clearance and certificate are one step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import ids, photos
from core.access import FRESH, SecondFactorNeeded
from core.errors import Busy, Forbidden, Invalid, Refused
from core.goods import custody
from core.goods.custody import locked
from core.i18n import N_
from core.people.notices import notify
from core.ports import happened
from core.states import walk
from core.work import Work
from privacy.bench import Bench
from privacy.clearance import certificates
from privacy.clearance.log import facts
from privacy.clearance.looking import Look, looked
from privacy.clearance.models import Certificate, Clearance
from privacy.clearance.permit import ClearanceIssued
from privacy.clearance.settings import validity
from privacy.devices import after_work
from privacy.devices.counting import count_after
from privacy.keys.signing_off import demand_signed
from privacy.looks.models import SecondLook
from privacy.sampling.marks import mark
from privacy.sampling.queries import demand_unheld
from privacy.wipes import people, queries, rules
from privacy.wipes.models import Verification, WipeJob
from privacy.wipes.states import JOB

REFUSALS = {
    "verifier_owns": N_("You own this device, so somebody else verifies its wipe."),
    "verifier_wiped": N_("You wiped this device yourself. Another person verifies it: that is the whole point."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Where the device goes: `at_point`, or `sealed_bag` with the bag's printed number and a photo of it (JPEG etc.)."""

    kept: str
    seal_number: str = ""
    photo: bytes = b""


def accept(
    w: Work,
    bench: Bench,
    job: WipeJob,
    *,
    checks: Sequence[str],
    counted: int | None,
    keeping: Keeping,
    signed_in_at: datetime | None,
    look: Look | None = None,
    device: str = "",
) -> Certificate:
    """Record the verification, clear the item and issue its certificate, in one transaction.

    `counted`: how many media this person found inside. `signed_in_at`: when this person last showed the second factor.
    `look`: the own look that a check-list asks for. `device`: digest of the browser this is signed in. Raises Refused or
    Forbidden for the wrong person, a stale sign-in or a job that doesn't wait; Invalid for a missing check, look, bag number
    or photo."""
    _demand_verifier(w, job, signed_in_at)
    for code in rules.unchecked(checks):
        raise Invalid("check_missing", N_("Tick this once you have done it, or reject the wipe."), field=code)
    item = locked(w, job.item_id)
    if item.epoch != job.epoch or item.state != "active" or not custody.is_with_staff(w.session, item.id):
        raise Refused("custody_left", N_("The device isn't in recorded custody any more. It has to be wiped anew."))
    operation = demand_signed(w.session, job)
    demand_no_contradiction(w.session, job.id)
    after_work.demand_ended(w, job)
    count_after(w, job, counted)
    seen = looked(w, bench, job, look)
    photo = _checked_bag(bench, keeping)
    verification = _record(w, job, "accepted", {**dict.fromkeys(rules.CHECKS, True), **seen}, "", signed_in_at)
    mark(w, job, "verify", device)
    clearance = Clearance(
        id=ids.new_id(),
        item_id=item.id,
        epoch=item.epoch,
        verification_id=verification.id,
        kept=keeping.kept,
        seal_number=keeping.seal_number.strip() if keeping.kept == "sealed_bag" else "",
        seal_photo=photo,
        issued_at=w.now,
        valid_until=w.now + validity(),
        ended_at=None,
    )
    walk(w, JOB, job, "accept")
    w.session.add(clearance)
    w.session.flush()
    w.record("privacy:clearance:issued", clearance.id, item=item.id, job=job.id, kept=clearance.kept)
    certificate = certificates.issue(w, bench, job, verification, clearance, operation)
    if clearance.kept == "sealed_bag":
        custody.move(
            w,
            item,
            holder_kind="person",
            holder_id=item.owner_id,
            place="sealed_bag",
            why="sealed",
            seal_number=clearance.seal_number,
        )
    happened(w, ClearanceIssued(item.id, clearance.id, certificate.number))
    notify(
        w,
        job.owner_id,
        N_("Your device passed (%(number)s). You can put it on sale now."),
        f"/wipes/{job.id}",
        number=certificate.number,
    )
    return certificate


def demand_no_contradiction(session: Session, job_id: str) -> None:
    """Raises Refused when a second look at a medium contradicts the wipe; the database refuses it, too."""
    query = select(SecondLook.id).where(SecondLook.job_id == job_id, SecondLook.result == "contradicts").limit(1)
    if session.scalars(query).first() is not None:
        raise Refused("look_contradicts", N_("A look at a medium contradicts this wipe. Reject it, with the reason."))


def reject(w: Work, job: WipeJob, *, reason: str, signed_in_at: datetime | None) -> Verification:
    """Record that the wipe is not accepted, and why. The device can be wiped anew under a new number."""
    _demand_verifier(w, job, signed_in_at)
    if reason not in rules.REJECTIONS:
        raise Invalid("reason_missing", N_("Please choose a reason."), field="reason")
    locked(w, job.item_id)
    verification = _record(w, job, "rejected", {}, reason, signed_in_at)
    walk(w, JOB, job, "reject")
    sentence = N_("The wipe of your device was not accepted (%(number)s). Read why and what you can do.")
    notify(w, job.owner_id, sentence, f"/wipes/{job.id}", number=job.number)
    if job.operator_id:
        sentence = N_("The wipe %(number)s was not accepted by its verifier. Read why.")
        notify(w, job.operator_id, sentence, f"/wipes/{job.id}", number=job.number)
    return verification


def seal(w: Work, bench: Bench, clearance: Clearance, keeping: Keeping) -> None:
    """Hand a cleared device back to its owner in a numbered bag: the clearance goes on."""
    item = locked(w, clearance.item_id)
    line = custody.find_holder(w.session, item.id)
    people.demand_role(w, line.holder_id if line and line.holder_kind == "org" else None, *people.STAFF)
    demand_unheld(w.session, item.id)
    if clearance.state != "valid" or clearance.kept != "at_point":
        raise Refused("not_at_point", N_("Only a cleared device that is kept at a point can be sealed."))
    clearance.seal_photo = _checked_bag(bench, keeping)
    clearance.kept, clearance.seal_number = "sealed_bag", keeping.seal_number.strip()
    w.session.flush()
    custody.move(
        w,
        item,
        holder_kind="person",
        holder_id=item.owner_id,
        place="sealed_bag",
        why="sealed",
        seal_number=clearance.seal_number,
    )
    w.record("privacy:clearance:sealed", clearance.id, item=item.id)


def _demand_verifier(w: Work, job: WipeJob, signed_in_at: datetime | None) -> None:
    w.session.refresh(job, with_for_update=True)
    people.demand_role(w, None, "wipe_verifier")
    if signed_in_at is None or not w.now - FRESH <= signed_in_at <= w.now:
        raise SecondFactorNeeded()
    why = rules.may_verify(job.operator_id, job.owner_id, queries.attached_by(w.session, job.id), w.actor.id)
    if why:
        raise Forbidden(why, REFUSALS[why])
    if job.state != "judged":
        raise Refused("not_waiting", N_("This job doesn't wait for a verifier: every medium needs a passed file first."))


def _checked_bag(bench: Bench, keeping: Keeping) -> str:
    """The digest of the bag's photo, or nothing when the device stays. Raises Invalid (BadPhoto for what is no photo)."""
    if keeping.kept not in rules.KEPT:
        raise Invalid("kept_missing", N_("Say where the device goes now."), field="kept")
    if keeping.kept == "at_point":
        return ""
    if not keeping.seal_number.strip() or len(keeping.seal_number.strip()) > 40:
        raise Invalid("seal_number_missing", N_("Enter the number that is printed on the bag."), field="seal_number")
    if not keeping.photo:
        raise Invalid("seal_photo_missing", N_("Take a photo of the closed bag with its number."), field="photo")
    return bench.store.put(photos.clean(keeping.photo).sizes["large"].data, "photo")


def _record(
    w: Work, job: WipeJob, decision: str, checks: dict[str, Any], reason: str, signed_in_at: datetime | None
) -> Verification:
    assert signed_in_at is not None
    verification = Verification(
        id=ids.new_id(),
        job_id=job.id,
        item_id=job.item_id,
        epoch=job.epoch,
        operator_id=job.operator_id,
        owner_id=job.owner_id,
        verifier_id=w.actor.id,
        decision=decision,
        checks=checks,
        reason=reason,
        signed_in_at=signed_in_at,
        at=w.now,
    )
    w.session.add(verification)
    try:
        w.session.flush()
    except IntegrityError as raced:
        raise Busy() from raced
    w.record("privacy:job:verified", job.id, item=job.item_id, decision=decision, reason=reason)
    facts.verification_decided(w, job, verification)
    return verification
