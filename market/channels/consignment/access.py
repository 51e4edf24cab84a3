"""Who may open, read and change a consignor's file: the staff of its shop, and the person it is about. Nobody of another shop."""

from sqlalchemy.orm import Session

from core import clock
from core.access import Beside, Predicate, has_role, in_org, signed_in
from core.errors import NotFound
from core.people.models import Organisation
from core.people.queries import find_account
from market.channels.consignment import queries
from market.channels.consignment.actions import STAFF, opened_today
from market.channels.consignment.models import Consignor, Delegate


def load_shop(session: Session, org_id: str) -> Organisation:
    """An approved shop. Raises NotFound."""
    org = session.get(Organisation, org_id)
    if org is None or org.state != "approved" or org.kind != "shop":
        raise NotFound()
    return org


def load_consignor(session: Session, consignor_id: str) -> Consignor:
    return queries.get_consignor(session, consignor_id)


def load_delegate(session: Session, delegate_id: str) -> Beside[Consignor, Delegate]:
    one = queries.get_delegate(session, delegate_id)
    return Beside(queries.get_consignor(session, one.consignor_id), one)


def load_question(session: Session, consignor_id: str) -> Beside[Consignor, str]:
    """A file and the account that holds its contact, "" where none does."""
    row = queries.get_consignor(session, consignor_id)
    known = find_account(session, row.contact_digest) if row.contact_digest else None
    return Beside(row, known.id if known else "")


_at = tuple((in_org(role, lambda org: org.id, "the shop"),) for role in STAFF)
_there = tuple((in_org(role, lambda one: one.org_id, "the file's shop"),) for role in STAFF)
_manager = in_org("shop_manager", lambda one: one.org_id, "the file's shop")
_clerk = in_org("shop_clerk", lambda one: one.org_id, "the file's shop")
_todays = Predicate("opened this file today", lambda v, one: opened_today(one, v.account_id, clock.now()))
_theirs = Predicate("confirmed that the file is theirs", lambda v, one: one.account_id == v.account_id)
_asked = Predicate("holds the file's contact", lambda v, one: one.part == v.account_id)

PERMISSIONS = {
    "market:consignment_shops:list": tuple((has_role(role),) for role in STAFF),
    "market:consignors:list": _at,
    "market:consignors:find": _at,
    "market:consignor:open": _at,
    "market:consignor:read": _there,
    "market:consignor:show_in_full": ((_manager,), (_clerk, _todays)),
    "market:consignor:change": _there,
    "market:consignor:close": (*_there, (_theirs,)),
    "market:consignor:print_slip": _there,
    "market:consignor_delegate:name": _there,
    "market:consignor_delegate:check": _there,
    "market:consignor_delegate:end": (*_there, (_theirs,)),
    "market:consignments:list": ((signed_in,),),
    "market:consignment:read": ((_theirs,),),
    "market:consignment:choose": ((_theirs,),),
    "market:consignment:answer": ((_asked,),),
}
