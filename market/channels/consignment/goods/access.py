"""Who takes things into a shop, keeps its register and puts prices on: the people at its counter. Nobody of another shop."""

from sqlalchemy.orm import Session

from core.access import Predicate, in_org
from core.errors import NotFound
from market.channels.consignment.access import load_shop as load_shop
from market.channels.consignment.actions import STAFF
from market.channels.consignment.goods import queries
from market.channels.consignment.goods.models import Intake, StockItem


def load_intake(session: Session, intake_id: str) -> Intake:
    return queries.get_intake(session, intake_id)


def load_stock(session: Session, stock_id: str) -> StockItem:
    return queries.get_stock(session, stock_id)


def load_own(session: Session, stock_id: str) -> StockItem:
    """One that somebody brought. Raises NotFound for the shop's own."""
    row = queries.get_stock(session, stock_id)
    if row.consignor is None:
        raise NotFound()
    return row


_theirs = Predicate(
    "the account linked to the consignor's file",
    lambda v, one: one.consignor is not None and one.consignor.account_id == v.account_id,
)
_at = tuple((in_org(role, lambda org: org.id, "the shop"),) for role in STAFF)
_there = tuple((in_org(role, lambda one: one.org_id, "the shop that keeps it"),) for role in STAFF)

PERMISSIONS = {
    "market:intakes:list": _at,
    "market:intake:open": _at,
    "market:intake:take": _there,
    "market:stock:list": _at,
    "market:stock:read": _there,
    "market:stock:price": _there,
    "market:stock:give_back": _there,
    "market:stock:sell_online": _there,
    "market:stock:sell_many": _at,
    "market:stock_register:read": _at,
    "market:consigned_thing:read": ((_theirs,),),
}
