"""May a shop be shown, and does it take goods? What the rest of the market asks before it takes anything in."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from core.errors import Refused
from core.i18n import N_
from core.people.models import Organisation, SellerFile
from core.people.sellers import find_seller_file
from market.shops.grounds import sentence_of
from market.shops.models import ShopClosing, ShopExemption, ShopPoint
from market.shops.rules import SHOP_KINDS

REASONS = {
    "shop_not_here": N_("This shop isn't open on this market."),
    "shop_without_ground": N_("This shop shows neither a licence nor an accepted exemption, so it takes no goods yet."),
    "shop_ended": N_("This shop has closed and takes no goods."),
    "shop_ends": N_("This shop has announced its end and takes no new goods."),
    "no_open_point": N_("This shop has no open point that takes goods."),
}


def is_shown() -> ColumnElement[bool]:
    """The condition on Organisation by which a shop may be public: approved, with a licence or an accepted exemption.

    Source: E-commerce Law 10, 15."""
    file, exempt = SellerFile.org_id == Organisation.id, ShopExemption.org_id == Organisation.id
    return (Organisation.state == "approved") & or_(
        Organisation.licence_no != "", exists().where(file, SellerFile.licence_no != ""),
        exists().where(exempt, ShopExemption.state == "granted"),
    )  # fmt: skip


def is_public(session: Session, org_id: str) -> bool:
    return session.scalars(select(Organisation.id).where(Organisation.id == org_id, is_shown())).first() is not None


def licence_of(session: Session, org: Organisation) -> str:
    """The credit code that stands on its page, "" for none."""
    file = find_seller_file(session, None, org.id)
    return (file.licence_no if file else "") or org.licence_no


def find_exemption(session: Session, org_id: str) -> ShopExemption | None:
    """The accepted one."""
    query = select(ShopExemption).where(ShopExemption.org_id == org_id, ShopExemption.state == "granted")
    return session.scalars(query).first()


def exemption_sentence(session: Session, org: Organisation, language: str) -> str:
    """What stands on its page instead of a licence, "" where it has one or nothing was accepted."""
    found = None if licence_of(session, org) else find_exemption(session, org.id)
    return sentence_of(found.ground, found.law, language) if found else ""


def find_closing(session: Session, org_id: str) -> ShopClosing | None:
    """The end that was announced, or has come."""
    query = select(ShopClosing).where(ShopClosing.org_id == org_id, ShopClosing.state.in_(("announced", "ended")))
    return session.scalars(query).first()


def has_ended(session: Session, org_id: str) -> bool:
    found = find_closing(session, org_id)
    return found is not None and found.state == "ended"


def takes_goods(session: Session, org_id: str, now: datetime) -> bool:
    """Does the shop take goods in at all at this moment? Opening hours don't count: goods come by post and by booking, too."""
    return not why_not(session, org_id, now)


def why_not(session: Session, org_id: str, _now: datetime) -> str:
    """The code of REASONS for which it takes none, "" when it does."""
    org = session.get(Organisation, org_id)
    if org is None or org.state != "approved" or org.kind not in SHOP_KINDS:
        return "shop_not_here"
    if not is_public(session, org_id):
        return "shop_without_ground"
    closing = find_closing(session, org_id)
    if closing is not None:
        return "shop_ended" if closing.state == "ended" else "shop_ends"
    open_ = select(ShopPoint.id).where(ShopPoint.org_id == org_id, ShopPoint.state == "open")
    return "" if session.scalars(open_).first() else "no_open_point"


def demand_takes_goods(session: Session, org_id: str, now: datetime) -> None:
    """Raises Refused with the sentence that tells why it takes none."""
    code = why_not(session, org_id, now)
    if code:
        raise Refused(code, REASONS[code])


