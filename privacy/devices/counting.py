"""Inventory before and after: the opened device is counted, and the count has to be the register's."""

from core import ids
from core.errors import Invalid, Refused
from core.i18n import N_
from core.work import Work
from privacy.devices import queries, rules
from privacy.devices.models import Inventory
from privacy.wipes import actions
from privacy.wipes.models import WipeJob

PROBLEMS = {
    "medium_missed": N_(
        "You counted more media than are entered. Enter the one that is missing, with its serial number, then count again."
    ),
    "medium_gone": N_(
        "You counted fewer media than are entered. Look again; mark one as entered wrongly or taken out if it is so."
    ),
}


def count(w: Work, job: WipeJob, counted: int) -> Inventory:
    """The operator has opened the device and says how many media are inside. Raises Invalid when the register has another
    number, at field `counted`."""
    actions.demand_bench(w, job)
    inside = _inside(w, job)
    problem = rules.inventory_problem(counted, inside)
    if problem:
        raise Invalid(problem, PROBLEMS[problem], field="counted")
    return keep(w, job, "before", counted, inside)


def keep(w: Work, job: WipeJob, moment: str, counted: int, inside: int) -> Inventory:
    row = Inventory(
        id=ids.new_id(), job_id=job.id, moment=moment, counted=counted, registered=inside, by=w.actor.id, at=w.now
    )
    w.session.add(row)
    w.session.flush()
    w.record("privacy:inventory:counted", job.id, item=job.item_id, moment=moment, counted=counted, registered=inside)
    return row


def count_after(w: Work, job: WipeJob, counted: int | None) -> Inventory:
    """The verifier has counted anew what is inside now. Raises Invalid at field `counted`: missing, or another number."""
    if counted is None:
        raise Invalid("count_missing", N_("Count the storage media inside and enter the number."), field="counted")
    inside = _inside(w, job)
    if counted != inside:
        raise Invalid(
            "count_differs",
            N_("The register says that another number of media is inside. Count again; if you are sure, reject the wipe."),
            field="counted",
        )
    return keep(w, job, "after", counted, inside)


def demand_counted(w: Work, job: WipeJob) -> None:
    """Raises Refused unless the operator's count is of what is entered now."""
    before = queries.find_count(w.session, job.id, "before")
    if before is None:
        raise Refused("count_first", N_("First count the storage media inside the opened device and enter the number."))
    if before.registered != _inside(w, job) + _taken_out_since(w, job, before):
        raise Refused("count_again", N_("The inventory changed after you counted. Count the media inside once more."))


def _inside(w: Work, job: WipeJob) -> int:
    return sum(1 for one in _media(w, job) if one.state == "present")


def _taken_out_since(w: Work, job: WipeJob, before: Inventory) -> int:
    """Media that were inside when it was counted and have left on record since."""
    gone = [queries.find_out(w.session, one.id) for one in _media(w, job) if one.state in ("removed", "returned", "destroyed")]
    return sum(1 for out in gone if out is not None and out.at >= before.at)


def _media(w: Work, job: WipeJob):  # type: ignore[no-untyped-def]
    from privacy.wipes.queries import all_media

    return all_media(w.session, job.item_id)
