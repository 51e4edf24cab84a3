"""Who may do what in the privacy room: a table that can be read aloud. Rows are or, entries of a row are and."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.access import Predicate, fresh, has_role, in_org
from core.errors import NotFound
from core.goods.custody import find_holder
from core.goods.models import CustodyLine, Item
from privacy.wipes.checklist_models import FilledList, ListPhoto
from privacy.wipes.models import EvidenceFile, WipeJob
from privacy.wipes.queries import get_evidence, get_item, get_job


@dataclass(frozen=True, slots=True)
class Held:
    """A thing and the line that says who holds it now."""

    item: Item
    line: CustodyLine | None

    @property
    def org_id(self) -> str | None:
        return self.line.holder_id if self.line and self.line.holder_kind == "org" else None


@dataclass(frozen=True, slots=True)
class Leaving(Held):
    """A thing held, and the way in which somebody says that it leaves."""

    what: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """A tool's file with its job."""

    job: WipeJob
    file: EvidenceFile


def load_job(session: Session, job_id: str) -> WipeJob:
    return get_job(session, job_id)


def load_item(session: Session, item_id: str) -> Item:
    return get_item(session, item_id)


def load_held(session: Session, item_id: str) -> Held:
    return Held(get_item(session, item_id), find_holder(session, item_id))


def load_leaving(session: Session, item_id: str, what: str) -> Leaving:
    return Leaving(get_item(session, item_id), find_holder(session, item_id), what)


@dataclass(frozen=True, slots=True)
class ListPhotoShown:
    """A photo of a check-list with its job; `digest` of the size asked for."""

    job: WipeJob
    digest: str


def load_list_photo(session: Session, job_id: str, photo_id: str, size: str) -> ListPhotoShown:
    photo = session.get(ListPhoto, photo_id)
    found = session.get(FilledList, photo.list_id) if photo else None
    if photo is None or found is None or found.job_id != job_id or size not in photo.sizes:
        raise NotFound()
    return ListPhotoShown(get_job(session, job_id), photo.sizes[size][0])


def load_file(session: Session, evidence_id: str) -> Attached:
    file = get_evidence(session, evidence_id)
    return Attached(get_job(session, file.job_id), file)


owns_job = Predicate("owner of the device", lambda v, job: v.account_id == job.owner_id)
owns_item = Predicate("owner of the thing", lambda v, item: v.account_id == item.owner_id)
owns_held = Predicate("owner of the thing held", lambda v, held: v.account_id == held.item.owner_id)
no_point_yet = Predicate("the job has no point yet", lambda v, job: job.org_id is None)
wipes_it = Predicate("operator of this job", lambda v, job: v.account_id == job.operator_id)
wiped_file = Predicate("operator of the file's job", lambda v, one: v.account_id == one.job.operator_id)

_operator, _clerk, _manager = has_role("wipe_operator"), has_role("shop_clerk"), has_role("bench_manager")
_verifier, _appraiser = has_role("wipe_verifier"), has_role("appraiser")
_regulator, _administrator = has_role("regulator"), has_role("administrator")


def _of_job(role: str) -> Predicate:
    return in_org(role, lambda job: job.org_id, "the job's point")


def _of_holder(role: str) -> Predicate:
    return in_org(role, lambda held: held.org_id, "the organisation that holds it")


_counter_of_job = tuple((_of_job(role),) for role in ("wipe_operator", "shop_clerk", "shop_manager"))
_counter_of_new = tuple((no_point_yet, one) for one in (_operator, _clerk, _manager))
_keepers = tuple((_of_holder(role),) for role in ("wipe_operator", "shop_clerk", "shop_manager", "wipe_verifier", "appraiser"))
_in_bag = Predicate("sealed, with its owner", lambda v, held: bool(held.line and held.line.place == "sealed_bag"))
_with_buyer = Predicate("with its buyer", lambda v, held: bool(held.line and held.line.place == "buyer"))
_brought_back = tuple((_with_buyer, one) for one in (_operator, _clerk, _manager))

PERMISSIONS = {
    "privacy:job:open_own": ((owns_item,),),
    "privacy:job:open": ((_operator,), (_clerk,), (_manager,)),
    "privacy:job:see": (
        (owns_job,),
        *_counter_of_job,
        *_counter_of_new,
        (_verifier,),
        (_regulator,),
        (_administrator,),
    ),
    "privacy:job:consent": ((owns_job,),),
    "privacy:job:consent_on_paper": _counter_of_job,
    "privacy:job:cancel": ((owns_job,), *_counter_of_job),
    "privacy:desk:see": ((_operator,), (_clerk,), (_manager,), (_verifier,)),
    "privacy:bench:see": (*_counter_of_job, *_counter_of_new, (_verifier,)),
    "privacy:job:receive": (*_counter_of_job, *_counter_of_new),
    "privacy:job:start": ((_of_job("wipe_operator"),), (no_point_yet, _operator)),
    "privacy:bench:work": ((wipes_it, _operator),),
    "privacy:job:verify": ((_verifier, fresh),),
    "privacy:job:confirm": ((_verifier, fresh),),
    "privacy:job:judge_again": (*_counter_of_job, (_verifier,), (_regulator,)),
    "privacy:waiting:see": ((_operator,), (_clerk,), (_manager,), (_verifier,), (_regulator,), (_administrator,)),
    "privacy:checklist:photo": ((wiped_file, _operator), (_verifier,), (_regulator,)),
    "privacy:evidence:read": ((wiped_file, _operator), (_verifier,), (_regulator,)),
    "privacy:custody:see": (
        (owns_held,),
        *_keepers,
        (_in_bag, _operator),
        (_in_bag, _clerk),
        *_brought_back,
        (_verifier,),
        (_regulator,),
        (_administrator,),
    ),
    "privacy:custody:move": (*_keepers, (_in_bag, _operator), (_in_bag, _clerk)),
    "privacy:custody:let_go": ((owns_held,), *_keepers, *_brought_back),
    "privacy:seal:report": ((owns_held,), *_keepers, (_in_bag, _operator), (_in_bag, _clerk), (_verifier,)),
    "privacy:certificate:revoke": ((_verifier, fresh), (_administrator, fresh), (_regulator, fresh)),
}
