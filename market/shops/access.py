"""Who sees a shop's file, who keeps it, and who decides on what it states."""

from sqlalchemy.orm import Session

from core.access import Beside, Predicate, has_role, in_org, signed_in
from core.db import get_row
from core.people.models import Organisation
from market.shops import queries
from market.shops.models import ShopExemption, ShopPoint, TradePermit


def load_shop(session: Session, org_id: str) -> Organisation:
    return queries.get_shop(session, org_id)


def load_point(session: Session, org_id: str, point_id: str) -> Beside[Organisation, ShopPoint]:
    return Beside(queries.get_shop(session, org_id), queries.get_point(session, org_id, point_id))


def load_step(session: Session, org_id: str, point_id: str, verb: str) -> Beside[Organisation, tuple[ShopPoint, str]]:
    return Beside(queries.get_shop(session, org_id), (queries.get_point(session, org_id, point_id), verb))


def load_exemption(session: Session, exemption_id: str) -> ShopExemption:
    return get_row(session, ShopExemption, exemption_id)


def load_permit(session: Session, permit_id: str) -> TradePermit:
    return get_row(session, TradePermit, permit_id)


def works_as(role: str) -> Predicate:
    return in_org(role, lambda org: org.id, "the shop")


PERMISSIONS = {
    "market:shops:list": tuple((has_role(role),) for role in queries.STAFF),
    "market:shop:see": tuple((works_as(role),) for role in queries.STAFF),
    "market:shop:keep": tuple((works_as(role),) for role in queries.MANAGERS),
    "market:shop:follow": ((signed_in,),),
    "market:home_estate:keep": ((signed_in,),),
    "market:shop_exemption:decide": ((has_role("administrator"),),),
    "market:trade_permit:decide": ((has_role("reviewer"),), (has_role("administrator"),)),
}
