"""Account locks of a computer, read before its wipe by the operator and after it by the verifier. Phones and the like have their
check-lists for that."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ids
from core.errors import Invalid, Refused
from core.goods.models import Item
from core.i18n import N_
from core.work import Work
from privacy.wipes import actions, rules
from privacy.wipes.duty_models import LockCheck
from privacy.wipes.models import WipeJob

MISSING = N_("Please choose one of the answers offered.")
PROBLEMS = {
    "on": N_("It still holds the device for its former owner. Reject the wipe, with the reason."),
    "unknown": N_("Read it on the device. If that can't be done, reject the wipe."),
}


def read_before(w: Work, job: WipeJob, found: Mapping[str, str]) -> None:
    """The operator says of each lock whether it is on, before the wipe: any answer is one. Raises Invalid at `lock_…`."""
    actions.demand_bench(w, job)
    if job.state != "wiping":
        raise Refused("not_being_wiped", N_("The locks are read before the wipe, while the device is on the bench."))
    asked = rules.locks_of(w.session.get_one(Item, job.item_id).category)
    for lock in asked:
        if found.get(lock) not in rules.LOCK_STATES:
            raise Invalid("lock_missing", MISSING, field=f"lock_{lock}")
    _keep(w, job, "before", {lock: found[lock] for lock in asked})


def demand_read(w: Work, job: WipeJob) -> None:
    """Raises Refused unless every lock that such a device may have was read before."""
    if not has_read(w.session, job):
        raise Refused("locks_first", N_("First read the account locks of the device and enter what you saw."))


def has_read(session: Session, job: WipeJob) -> bool:
    asked = rules.locks_of(session.get_one(Item, job.item_id).category)
    return set(asked) <= set(told(session, job.id, "before"))


def read_after(w: Work, job: WipeJob, found: Mapping[str, str]) -> None:
    """The verifier has read every lock anew: all are off, else the wipe is rejected. Raises Invalid at `lock_…`."""
    asked = rules.locks_of(w.session.get_one(Item, job.item_id).category)
    for lock in asked:
        state = found.get(lock)
        if state != "off":
            raise Invalid("lock_not_off", PROBLEMS.get(state or "", MISSING), field=f"lock_{lock}")
    _keep(w, job, "after", dict.fromkeys(asked, "off"))


def _keep(w: Work, job: WipeJob, moment: str, found: Mapping[str, str]) -> None:
    for lock, state in found.items():
        w.session.add(LockCheck(id=ids.new_id(), job_id=job.id, moment=moment, lock=lock, state=state, by=w.actor.id, at=w.now))
    w.session.flush()
    if found:
        w.record("privacy:locks:read", job.id, item=job.item_id, moment=moment, on=sum(one == "on" for one in found.values()))


def told(session: Session, job_id: str, moment: str) -> dict[str, str]:
    """Lock -> what was read last."""
    query = select(LockCheck).where(LockCheck.job_id == job_id, LockCheck.moment == moment).order_by(LockCheck.id)
    return {one.lock: one.state for one in session.scalars(query)}
