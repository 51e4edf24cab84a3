"""The second person's act: looked at, then accepted or rejected. Acceptance, clearance and certificate are one step, unless the
rules ask for a third person: then a verified wipe waits for its confirmation (verifying_third)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ids, photos
from core.access import FRESH, SecondFactorNeeded
from core.errors import Forbidden, Invalid, Refused
from core.goods import custody
from core.goods.custody import locked
from core.goods.models import Item
from core.goods.rules import is_bag_number
from core.i18n import N_
from core.people.acting import demand_role
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
from privacy.devices import after_work, usage
from privacy.devices.claims import seen_by_verifier
from privacy.devices.counting import count_after
from privacy.keys.models import JobSignature
from privacy.keys.signing_off import demand_signed
from privacy.looks.models import SecondLook
from privacy.sampling.marks import mark
from privacy.sampling.queries import demand_unheld
from privacy.wipes import people, queries, rules
from privacy.wipes.duty_models import Validation
from privacy.wipes.models import Judgement, Verification, WipeJob
from privacy.wipes.people import is_here
from privacy.wipes.states import JOB

REFUSALS = {
    "verifier_owns": N_("You own this device, so somebody else verifies its wipe."),
    "verifier_wiped": N_("You wiped this device yourself. Another person verifies it: that is the whole point."),
}

ELSEWHERE = N_(
    "By the record the device is at another organisation. Let it be handed on to yours first, on the page “Who holds it”: nobody "
    "decides about a device that isn't there."
)


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
) -> Certificate | None:
    """Record the verification, clear the item and issue its certificate, in one transaction; None where a third person is to
    confirm it first (then `keeping` is asked of that one).

    `counted`: how many media this person found inside. `signed_in_at`: when this person last showed the second factor.
    `look`: the own look at the device. `device`: digest of the browser this is signed in. Raises Refused or Forbidden for the
    wrong person, a stale sign-in, a device elsewhere or a job that doesn't wait; Invalid for a missing check, look, bag number or
    photo."""
    _demand_verifier(w, job, signed_in_at)
    for code in rules.unchecked(checks):
        raise Invalid("check_missing", N_("Tick this once you have done it, or reject the wipe."), field=code)
    item = locked(w, job.item_id)
    demand_before_you(w, job, item)
    operation = demand_signed(w.session, job)
    demand_no_contradiction(w.session, job.id)
    after_work.demand_ended(w, job)
    uncounted = usage.demand_counted(w, job, stated=look is not None and look.no_counters)
    count_after(w, job, counted)
    third, verification_id = asks_third_person(w.session, job.id), ids.new_id()
    photo = "" if third else checked_bag(bench, keeping)
    checks_done = {**dict.fromkeys(rules.CHECKS, True), **looked(w, bench, job, look, verification_id)}
    checks_done |= {"no_counters": True} if uncounted else {}
    verification = _record(w, job, "accepted", checks_done, "", signed_in_at, verification_id)
    seen_by_verifier(w, item)
    mark(w, job, "verify", device)
    if third:
        walk(w, JOB, job, "pass_on")
        sentence = N_("A verifier has accepted your device; a third person confirms it now (%(number)s).")
        notify(w, job.owner_id, sentence, f"/wipes/{job.id}", number=job.number)
        return None
    return clear(w, bench, job, verification, operation, keeping, photo)


def clear(
    w: Work,
    bench: Bench,
    job: WipeJob,
    verification: Verification,
    operation: JobSignature,
    keeping: Keeping,
    photo: str,
    validation: Validation | None = None,
) -> Certificate:
    """Clear the item and issue its certificate, signed by who acts: the verifier, or the third person (`validation`). `photo`:
    the digest of the bag's."""
    item = w.session.get_one(Item, job.item_id)
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
    walk(w, JOB, job, "confirm" if validation else "accept")
    w.session.add(clearance)
    w.session.flush()
    w.record("privacy:clearance:issued", clearance.id, item=item.id, job=job.id, kept=clearance.kept)
    certificate = certificates.issue(w, bench, job, verification, clearance, operation, validation)
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
    demand_role(w, line.holder_id if line and line.holder_kind == "org" else None, *people.STAFF)
    demand_unheld(w.session, item.id)
    if clearance.state != "valid" or clearance.kept != "at_point":
        raise Refused("not_at_point", N_("Only a cleared device that is kept at a point can be sealed."))
    clearance.seal_photo = checked_bag(bench, keeping)
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
    demand_role(w, None, "wipe_verifier")
    if signed_in_at is None or not w.now - FRESH <= signed_in_at <= w.now:
        raise SecondFactorNeeded()
    why = rules.may_verify(job.operator_id, job.owner_id, queries.attached_by(w.session, job.id), w.actor.id)
    if why:
        raise Forbidden(why, REFUSALS[why])
    if job.state != "judged":
        raise Refused("not_waiting", N_("This job doesn't wait for a verifier: every medium needs a passed file first."))


def demand_before_you(w: Work, job: WipeJob, item: Item) -> None:
    """Raises Refused unless the device is in the recorded keeping of an organisation in which who acts is a verifier."""
    if item.epoch != job.epoch or item.state != "active" or not custody.is_with_staff(w.session, item.id):
        raise Refused("custody_left", N_("The device isn't in recorded custody any more. It has to be wiped anew."))
    if not is_here(w.session, item.id, people.orgs_as(w.session, w.actor.id, "wipe_verifier")):
        raise Refused("device_elsewhere", ELSEWHERE)


def asks_third_person(session: Session, job_id: str) -> bool:
    """Does a row of the rule set that this wipe was judged by want somebody else than the verifier to confirm it?"""
    query = select(Judgement.id).where(Judgement.job_id == job_id, Judgement.third_person.is_(True)).limit(1)
    return session.scalars(query).first() is not None


def checked_bag(bench: Bench, keeping: Keeping) -> str:
    """The digest of the bag's photo, or nothing when the device stays. Raises Invalid (BadPhoto for what is no photo)."""
    if keeping.kept not in rules.KEPT:
        raise Invalid("kept_missing", N_("Say where the device goes now."), field="kept")
    if keeping.kept == "at_point":
        return ""
    if not is_bag_number(keeping.seal_number.strip()):
        raise Invalid("seal_number_missing", N_("Enter the number that is printed on the bag."), field="seal_number")
    if not keeping.photo:
        raise Invalid("seal_photo_missing", N_("Take a photo of the closed bag with its number."), field="photo")
    return bench.store.put(photos.clean(keeping.photo).sizes["large"].data, "photo")


def _record(
    w: Work,
    job: WipeJob,
    decision: str,
    checks: dict[str, Any],
    reason: str,
    signed_in_at: datetime | None,
    verification_id: str = "",
) -> Verification:
    assert signed_in_at is not None
    verification = Verification(
        id=verification_id or ids.new_id(),
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
    w.put(verification)
    w.record("privacy:job:verified", job.id, item=job.item_id, decision=decision, reason=reason)
    facts.verification_decided(w, job, verification)
    return verification
