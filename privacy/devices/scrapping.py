"""报废: a thing goes to a recycler. What can hold data goes only with proof that every medium was wiped or destroyed."""

from sqlalchemy import select, update

from core import ids
from core.errors import Forbidden, Invalid, Refused
from core.goods import custody
from core.goods.custody import locked
from core.goods.models import Identifier, Item
from core.goods.states import ITEM
from core.i18n import N_
from core.people.acting import demand_role
from core.ports import ItemScrapped, happened
from core.states import walk
from core.work import Work
from privacy.clearance.models import Certificate, Clearance
from privacy.devices.models import Scrapping
from privacy.devices.rules import SCRAP_REASONS
from privacy.wipes import people
from privacy.wipes.models import Judgement, Verification, WipeJob
from privacy.wipes.queries import all_media, find_open_job

# states in which a wipe of the present epoch still proves that nothing is left on the thing
STANDING = ("valid", "expired")
PAPERS = ("issued", "expired")
NO_PROOF = N_(
    "It can hold data, so it is scrapped only after every storage medium was wiped and verified, or destroyed before a witness. "
    "Register a wipe; the operator can also take the media out and destroy them."
)


def proof_of(w: Work, item: Item) -> str | None:
    """`no_data`, `wiped` or `destroyed`, or None while a medium is neither wiped and verified in this epoch nor destroyed, or the
    proof of it was taken back."""
    if not item.data_bearing:
        return "no_data"
    media = [one for one in all_media(w.session, item.id) if one.state in ("present", "removed", "destroyed")]
    if not media or any(one.state == "removed" for one in media):
        return None
    present = {one.id for one in media if one.state == "present"}
    if not present:
        return "destroyed"
    return "wiped" if any(present <= _wiped(w, job_id) for job_id in _standing_jobs(w, item)) else None


def _standing_jobs(w: Work, item: Item) -> list[str]:
    """Accepted wipes of this epoch that nobody took back: a clearance that merely ran out proves what it proved, one that was
    revoked or ended by use, or whose certificate was, proves nothing any more."""
    query = (
        select(Verification.job_id)
        .join(WipeJob, WipeJob.id == Verification.job_id)
        .join(Clearance, Clearance.verification_id == Verification.id)
        .join(Certificate, Certificate.clearance_id == Clearance.id)
        .where(WipeJob.item_id == item.id, WipeJob.epoch == item.epoch, WipeJob.state == "accepted")
        .where(Clearance.state.in_(STANDING), Certificate.state.in_(PAPERS))
    )
    return list(w.session.scalars(query))


def _wiped(w: Work, job_id: str) -> set[str]:
    query = select(Judgement.medium_id).where(Judgement.job_id == job_id, Judgement.verdict == "pass")
    return set(w.session.scalars(query))


def scrap(w: Work, item_id: str, *, reason: str, receiver: str, receipt: str = "") -> Scrapping:
    """Its owner, or staff of the point that holds it, gives it to a recycler. Raises Invalid (reason, receiver), Refused without
    proof, while it is being wiped or reserved."""
    item = locked(w, item_id)
    line = custody.find_holder(w.session, item_id)
    if item.owner_id != w.actor.id:
        if line is None or line.holder_kind != "org":
            raise Forbidden()
        demand_role(w, line.holder_id, *people.STAFF)
    if reason not in SCRAP_REASONS:
        raise Invalid("reason_missing", N_("Please choose a reason."), field="reason")
    if not receiver.strip():
        raise Invalid("receiver_missing", N_("Name the recycler that received it."), field="receiver")
    ITEM.next(item.state, "scrap")
    job = find_open_job(w.session, item_id)
    proof = proof_of(w, item)
    if proof is None:
        raise Refused("no_proof", NO_PROOF)
    if job is not None and job.state in ("wiping", "judged") and proof != "destroyed":
        raise Refused("being_wiped", N_("It is being wiped now. Wait until that is over."))
    happened(w, ItemScrapped(item_id))
    row = Scrapping(
        id=ids.new_id(),
        item_id=item_id,
        reason=reason,
        proof=proof,
        receiver=receiver.strip()[:120],
        receipt=receipt.strip()[:60],
        by=w.actor.id,
        at=w.now,
    )
    w.session.add(row)
    w.session.flush()
    walk(w, ITEM, item, "scrap")
    w.session.execute(update(Identifier).where(Identifier.item_id == item_id).values(live=False))
    w.record("privacy:item:scrapped", item_id, reason=reason, proof=proof)
    return row
