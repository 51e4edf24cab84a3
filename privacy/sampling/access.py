"""Who may see draws and checks, try to recover data, and say who is family. Rows are or, entries of a row are and."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.access import Predicate, fresh, has_role, in_org
from privacy.access import owns_item
from privacy.sampling.models import RecoveryTry, SampleCheck, SampleDraw
from privacy.sampling.own import get_statement
from privacy.sampling.people_models import OwnStatement, PersonRelation
from privacy.sampling.queries import get_check, get_draw, get_try
from privacy.sampling.relations import WORKERS, get_relation
from privacy.wipes.queries import get_job


@dataclass(frozen=True, slots=True)
class Drawn:
    """A draw with the point of its wipe."""

    draw: SampleDraw
    org_id: str | None


def load_draw(session: Session, draw_id: str) -> Drawn:
    draw = get_draw(session, draw_id)
    return Drawn(draw, get_job(session, draw.job_id).org_id)


def load_check(session: Session, check_id: str) -> SampleCheck:
    return get_check(session, check_id)


def load_try(session: Session, try_id: str) -> RecoveryTry:
    return get_try(session, try_id)


def load_relation(session: Session, relation_id: str) -> PersonRelation:
    return get_relation(session, relation_id)


def load_statement(session: Session, statement_id: str) -> OwnStatement:
    return get_statement(session, statement_id)


_verifier, _regulator, _administrator = has_role("wipe_verifier"), has_role("regulator"), has_role("administrator")
_manager = has_role("bench_manager")
_tried = Predicate("who made the try", lambda v, one: v.account_id == one.checker_id)
_declared = Predicate("who declared it", lambda v, one: v.account_id == one.declared_by)
_stated = Predicate("who stated it", lambda v, one: v.account_id == one.owner_id)

PERMISSIONS = {
    "privacy:sampling:see": ((_verifier,), (_manager,), (_regulator,), (_administrator,)),
    "privacy:draw:see": (
        (_verifier,),
        (in_org("shop_manager", lambda one: one.org_id, "the point"),),
        (_regulator,),
        (_administrator,),
    ),
    "privacy:check:see": (
        (_verifier,),
        (in_org("shop_manager", lambda one: one.org_id, "the point"),),
        (_regulator,),
        (_administrator,),
    ),
    "privacy:check:try": ((_verifier, fresh),),
    # a report may show what a former owner left behind
    "privacy:report:read": ((_tried, _verifier, fresh), (_regulator, fresh)),
    "privacy:relation:declare": tuple((has_role(role),) for role in WORKERS),
    "privacy:relation:end": ((_declared,),),
    "privacy:own:state": ((owns_item,),),
    "privacy:own:remove": ((_stated,),),
}
