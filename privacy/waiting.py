"""What waits for somebody at work here, for the port: devices to come, to be wiped, to be verified, to be tried."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time

from sqlalchemy.orm import Session

from core import clock
from core.access import Visitor
from core.clock import LOCAL_ZONE
from core.i18n import N_
from core.ports import Waiting
from privacy.booking.models import Booking
from privacy.booking.queries import day_of
from privacy.sampling import figures
from privacy.wipes import queries
from privacy.wipes.models import WipeJob

AT_THE_COUNTER = ("wipe_operator", "shop_clerk", "bench_manager")  # a manager only where a bench may stand


def waiting(session: Session, visitor: Visitor) -> Iterable[Waiting]:
    """By the roles that count now; a job that waits at two of one's organisations counts once."""
    counter, verifies = visitor.orgs_as(*AT_THE_COUNTER), visitor.orgs_as("wipe_verifier")
    if counter:
        yield from _at_the_counter(session, counter)
    if verifies:
        yield from _to_verify(session, verifies, str(visitor.account_id))


def coming_today(session: Session, org_ids: Iterable[str]) -> list[tuple[Booking, WipeJob]]:
    """Who has booked a slot of this day at these points and hasn't come yet, in time order."""
    start = datetime.combine(clock.now().astimezone(LOCAL_ZONE).date(), time(), LOCAL_ZONE)
    rows = [row for org in org_ids for row in day_of(session, org, start, 1) if row[0].state == "booked"]
    return sorted(rows, key=lambda row: (row[0].slot, row[0].id))


def _at_the_counter(session: Session, orgs: set[str]) -> Iterator[Waiting]:
    counts = queries.counts(session, orgs)
    yield Waiting(N_("Booked for today"), len(coming_today(session, orgs)), "/wipes")
    yield Waiting(N_("To be started"), counts["consented"], "/wipes?state=consented")
    yield Waiting(N_("On the bench"), counts["wiping"], "/wipes?state=wiping")


def _to_verify(session: Session, orgs: set[str], account_id: str) -> Iterator[Waiting]:
    """Not what one has wiped or owns: somebody else verifies that."""
    here = [row.job for state in ("judged", "verified") for row in queries.queue(session, orgs, state)]
    jobs = here + [row.job for row in queries.to_verify_elsewhere(session, orgs)]
    mine = [job for job in jobs if account_id not in (job.operator_id, job.owner_id)]
    yield Waiting(N_("To be verified"), sum(job.state == "judged" for job in mine), "/wipes?state=judged")
    yield Waiting(N_("To be confirmed"), sum(job.state == "verified" for job in mine), "/wipes?state=verified")
    due = [one.job for one in figures.due(session) if one.reachable]
    tries = sum(account_id not in (job.operator_id, job.owner_id) for job in due)
    yield Waiting(N_("Recovery tries"), tries, "/sampling")
