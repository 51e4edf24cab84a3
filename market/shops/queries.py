"""Shops' files as they stand: points, rules, permits, followers."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from core import secrets
from core.db import get_row
from core.errors import NotFound
from core.people.models import Account, Membership, Organisation
from market.shops.models import HomeEstate, ShopClosing, ShopExemption, ShopFollower, ShopPoint, ShopRules, TradePermit
from market.shops.rules import SHOP_KINDS, estate_key
from market.shops.standing import is_shown

ESTATE = "home_estate"
STAFF = ("shop_manager", "shop_clerk", "shop_cashier", "administrator")
MANAGERS = ("shop_manager", "administrator")
A_PAGE = 30


def get_shop(session: Session, org_id: str) -> Organisation:
    """An approved organisation that keeps a shop's file. Raises NotFound."""
    org = session.get(Organisation, org_id)
    if org is None or org.state != "approved" or org.kind not in SHOP_KINDS:
        raise NotFound()
    return org


def get_point(session: Session, org_id: str, point_id: str) -> ShopPoint:
    row = get_row(session, ShopPoint, point_id)
    if row.org_id != org_id:
        raise NotFound()
    return row


def points_of(session: Session, org_id: str, *states: str) -> Sequence[ShopPoint]:
    """By state and name; without states all of them."""
    query = select(ShopPoint).where(ShopPoint.org_id == org_id)
    if states:
        query = query.where(ShopPoint.state.in_(states))
    return session.scalars(query.order_by(ShopPoint.state == "closed", ShopPoint.name, ShopPoint.id)).all()


def listed_points(
    session: Session, *, district: str = "", site: str = "", estate: str = "", kind: str = "", page: int = 1
) -> tuple[Sequence[ShopPoint], int]:
    """A page of the public list and how many there are in all: open points of shops whose page is public."""
    wanted = _wanted(district, site, estate, kind)
    shown = select(ShopPoint).join(ShopPoint.org).where(ShopPoint.state == "open", is_shown(), *wanted)
    count = session.scalar(select(func.count()).select_from(shown.subquery())) or 0
    query = shown.options(contains_eager(ShopPoint.org)).order_by(ShopPoint.district, ShopPoint.name, ShopPoint.id)
    return session.scalars(query.offset((page - 1) * A_PAGE).limit(A_PAGE)).all(), count


def _wanted(district: str, site: str, estate: str, kind: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, value in ((ShopPoint.district, district), (ShopPoint.site, site), (ShopPoint.kind, kind)):
        if value:
            found.append(column == value)
    key = estate_key(estate)
    if key:
        found.append(or_(ShopPoint.estate_key == key, ShopPoint.estate_key.contains(key, autoescape=True)))
    return found


def rules_of(session: Session, org_id: str) -> Sequence[ShopRules]:
    """Every version, the newest first."""
    return session.scalars(select(ShopRules).where(ShopRules.org_id == org_id).order_by(ShopRules.version.desc())).all()


def get_rules(session: Session, org_id: str, version: int) -> ShopRules:
    found = session.scalars(select(ShopRules).where(ShopRules.org_id == org_id, ShopRules.version == version)).first()
    if found is None:
        raise NotFound()
    return found


def exemptions_of(session: Session, org_id: str) -> Sequence[ShopExemption]:
    """The newest first."""
    query = select(ShopExemption).where(ShopExemption.org_id == org_id)
    return session.scalars(query.order_by(ShopExemption.asked_at.desc(), ShopExemption.id.desc())).all()


def permits_of(session: Session, org_id: str, kind: str) -> Sequence[TradePermit]:
    """The newest first."""
    query = select(TradePermit).where(TradePermit.org_id == org_id, TradePermit.kind == kind)
    return session.scalars(query.order_by(TradePermit.asked_at.desc(), TradePermit.id.desc())).all()


def find_valid_permit(session: Session, org_id: str, kind: str, today: date) -> TradePermit | None:
    """The confirmed one that counts on that day, its last day included."""
    query = select(TradePermit).where(
        TradePermit.org_id == org_id, TradePermit.kind == kind, TradePermit.state == "confirmed", TradePermit.valid_until >= today
    )
    return session.scalars(query).first()


def closings_of(session: Session, org_id: str) -> Sequence[ShopClosing]:
    """The newest first."""
    query = select(ShopClosing).where(ShopClosing.org_id == org_id)
    return session.scalars(query.order_by(ShopClosing.announced_at.desc(), ShopClosing.id.desc())).all()


def estate_of(session: Session, account_id: str) -> str:
    """The estate that somebody named, "" for none."""
    row = session.get(HomeEstate, account_id)
    return secrets.decrypt(row.name, ESTATE) if row else ""


def follows(session: Session, account_id: str, org_id: str) -> bool:
    return session.get(ShopFollower, (account_id, org_id)) is not None


def followers(session: Session, org_id: str) -> list[str]:
    query = select(ShopFollower.account_id).join(Account, Account.id == ShopFollower.account_id)
    return sorted(session.scalars(query.where(ShopFollower.org_id == org_id, Account.state == "active")))


def part_of(session: Session, org_id: str, asked_by: str) -> set[str]:
    """Whoever may decide nothing about it: everybody who works there in any role, and who asked, also once they have left."""
    query = select(Membership.account_id).where(Membership.org_id == org_id, Membership.ended_at.is_(None))
    return {asked_by, *session.scalars(query)}


def people_of(session: Session, org_id: str, roles: Sequence[str] = STAFF) -> list[str]:
    """Accounts that hold one of these roles there."""
    query = select(Membership.account_id).where(
        Membership.org_id == org_id, Membership.role.in_(roles), Membership.ended_at.is_(None)
    )
    return sorted(set(session.scalars(query)))
