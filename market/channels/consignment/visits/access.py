"""Who books a visit, who reads and changes it, and who works at the counter that expects it."""

from sqlalchemy.orm import Session

from core.access import Beside, Predicate, has_role, in_org, signed_in, verified
from core.errors import NotFound
from core.people.models import Organisation
from market.channels.consignment.access import load_shop
from market.channels.consignment.actions import STAFF
from market.channels.consignment.visits import queries
from market.channels.consignment.visits.models import Visit, VisitDesk
from market.shops.models import ShopPoint
from market.shops.queries import get_point

__all__ = ["load_shop"]


def load_offer(session: Session, point_id: str) -> VisitDesk:
    """A desk that takes bookings now. Raises NotFound."""
    return queries.get_open_desk(session, point_id)


def load_point(session: Session, org_id: str, point_id: str) -> Beside[Organisation, ShopPoint]:
    """A point of a shop that isn't closed. Raises NotFound."""
    point = get_point(session, load_shop(session, org_id).id, point_id)
    if point.state == "closed":
        raise NotFound()
    return Beside(load_shop(session, org_id), point)


def load_desk(session: Session, org_id: str, point_id: str) -> Beside[Organisation, VisitDesk]:
    """A desk of a shop. Raises NotFound."""
    desk = queries.find_desk(session, point_id)
    if desk is None or desk.org_id != org_id:
        raise NotFound()
    return Beside(load_shop(session, org_id), desk)


def load_visit(session: Session, visit_id: str) -> Visit:
    return queries.get_visit(session, visit_id)


_at = tuple((in_org(role, lambda org: org.id, "the shop"),) for role in STAFF)
_there = tuple((in_org(role, lambda one: one.org_id, "the visited shop"),) for role in STAFF)
_theirs = Predicate("whose visit it is", lambda v, one: one.account_id is not None and one.account_id == v.account_id)

PERMISSIONS = {
    "market:consignment_visit:make": ((verified,),),
    "market:consignment_visit:list": ((signed_in,),),
    "market:consignment_visit:read": ((_theirs,), *_there),
    "market:consignment_visit:change": ((_theirs,), *_there),
    "market:consignment_visit:cancel": ((_theirs,),),
    "market:consignment_visit:receive": _there,
    "market:consignment_visit:make_for": _at,
    "market:visit_shops:list": tuple((has_role(role),) for role in STAFF),
    "market:consignment_visits:see": _at,
    "market:consignment_desks:see": _at,
    "market:consignment_desk:keep": ((in_org("shop_manager", lambda org: org.id, "the shop"),),),
}
