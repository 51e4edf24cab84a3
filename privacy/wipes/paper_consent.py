"""Agreeing to a wipe on paper, for who brought a device to a shop and has no account: staff enter what was signed."""

from collections.abc import Mapping

from core.errors import Forbidden, Invalid, Refused
from core.i18n import N_
from core.people.acting import demand_role
from core.people.models import Account
from core.wipe_ports import data_owner
from core.work import Work
from privacy.wipes import people
from privacy.wipes.actions import agree
from privacy.wipes.models import WipeJob


def consent_on_paper(w: Work, job: WipeJob, *, origin: str, ticks: Mapping[str, bool], slip: str) -> str:
    """Who brought the device has no account here and signed the printed text at the counter: staff of the point enter the answers
    and the number of the slip, which the point keeps. Only where a shop's house stands in for an owner who has no account.
    Returns and raises as `consent` does; Invalid at `slip` without its number."""
    demand_role(w, job.org_id, *people.COUNTER)
    owner = w.session.get_one(Account, job.owner_id)
    if not owner.house or data_owner(w.session, job.item_id):
        raise Forbidden("owner_has_account", N_("The owner has an account here and agrees on their own phone."))
    if job.org_id is None or not people.is_here(w.session, job.item_id, {job.org_id}):
        raise Refused("not_here", N_("The device isn't at this point any more."))
    number = " ".join(slip.split())
    if not number or len(number) > 40:
        raise Invalid("slip_missing", N_("Enter the number of the slip that was signed, at most 40 characters."), field="slip")
    return agree(w, job, origin, ticks, {"slip": number})
