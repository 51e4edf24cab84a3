"""Who may book, who works at an agency's desk, and who says when it has time."""

from sqlalchemy.orm import Session

from core.access import Predicate, has_role, in_org, signed_in, verified
from core.db import get_row
from core.errors import NotFound
from core.goods.models import Item
from core.people.models import Organisation
from market.channels.appraisal.models import AppraisalBooking
from market.channels.appraisal.people import DESK
from market.channels.appraisal.queries import get_booking


def load_agency(session: Session, org_id: str) -> Organisation:
    """An approved organisation that can appraise. Raises NotFound."""
    org = session.get(Organisation, org_id)
    if org is None or org.state != "approved" or org.kind not in ("agency", "shop"):
        raise NotFound()
    return org


def load_item(session: Session, item_id: str) -> Item:
    return get_row(session, Item, item_id)


def load_booking(session: Session, booking_id: str) -> AppraisalBooking:
    return get_booking(session, booking_id)


_owns = Predicate("owner of the thing", lambda v, item: v.account_id == item.owner_id)
_booked = Predicate("who booked", lambda v, one: v.account_id == one.booked_by)
_others = Predicate("is not who booked", lambda v, one: v.account_id != one.booked_by)
_there = tuple((in_org(role, lambda one: one.org_id, "the booked agency"), _others) for role in DESK)
_manages = (in_org("shop_manager", lambda one: one.org_id, "the booked agency"), _others)
_staff = ((has_role("administrator"),), (has_role("regulator"),))

PERMISSIONS = {
    "market:appraisal_booking:make": ((_owns, verified),),
    "market:appraisal_booking:read": ((_booked,), *_there, *_staff),
    "market:appraisal_booking:list": ((signed_in,),),
    "market:appraisal_booking:cancel": ((_booked,), *_there),
    "market:appraisal_booking:receive": _there,
    "market:appraisal_booking:draw": (_manages,),
    "market:appraisal_desks:list": tuple((has_role(role),) for role in DESK),
    "market:appraisal_desk:see": tuple((in_org(role, lambda org: org.id, "the agency"),) for role in DESK),
    "market:appraisal_desk:keep": ((in_org("shop_manager", lambda org: org.id, "the agency"),),),
}
