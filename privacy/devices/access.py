"""Who may do what with a device itself. Rows are or, entries of a row are and."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.access import Predicate, fresh, has_role
from core.db import get_row
from core.errors import NotFound
from core.goods.models import StorageMedium
from privacy.access import PERMISSIONS as ROOM
from privacy.access import owns_held
from privacy.devices.models import AfterWork, Destruction
from privacy.devices.queries import get_medium
from privacy.wipes.models import WipeJob
from privacy.wipes.queries import get_job


@dataclass(frozen=True, slots=True)
class OnBench:
    """A medium of the device that a job is about."""

    job: WipeJob
    medium: StorageMedium


def load_on_bench(session: Session, job_id: str, medium_id: str) -> OnBench:
    job, medium = get_job(session, job_id), get_medium(session, medium_id)
    if medium.item_id != job.item_id:
        raise NotFound()
    return OnBench(job, medium)


def load_destruction(session: Session, destruction_id: str) -> Destruction:
    return get_row(session, Destruction, destruction_id)


def load_work(session: Session, work_id: str) -> AfterWork:
    return get_row(session, AfterWork, work_id)


_works_on_it = Predicate("operator of the medium's job", lambda v, one: v.account_id == one.job.operator_id)
_operator, _verifier = has_role("wipe_operator"), has_role("wipe_verifier")
_regulator, _manager = has_role("regulator"), has_role("bench_manager")

PERMISSIONS = {
    "privacy:medium:take_out": ((_works_on_it, _operator),),
    "privacy:medium:photo": ((_works_on_it, _operator), (_verifier,), (_regulator,)),
    "privacy:destruction:witness": ((_verifier, fresh),),
    "privacy:destruction:photo": ((_operator,), (_verifier,), (_regulator,)),
    "privacy:after_work:end": ((_verifier, fresh),),
    "privacy:device:see": ROOM["privacy:custody:see"],
    "privacy:usage:read": ROOM["privacy:custody:move"],
    "privacy:claim:add": ROOM["privacy:custody:move"],
    "privacy:item:scrap": ((owns_held,), *ROOM["privacy:custody:move"]),
}
