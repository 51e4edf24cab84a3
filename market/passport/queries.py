"""What labels and the passport ask of a thing: how it stands, its price, grade and wipe; and what an organisation keeps."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from appraisal.grades.models import Appraisal
from appraisal.grades.report_rules import shown_state
from core import clock
from core.goods.custody import AWAY, STAFF_PLACES
from core.goods.describe import category_name
from core.goods.models import CustodyLine, Item
from core.i18n import N_
from core.money import Money
from market.listings.models import Listing
from market.listings.proof import is_off_sale
from market.listings.queries import name_of
from market.listings.states import LISTING, OPEN
from market.listings.views import sold_shown
from market.passport import rules
from market.passport.standing import Standing, standing_of
from privacy.clearance import queries as clearances
from privacy.clearance.permit import Cleared, NotNeeded

A_PAGE: Final = 50
OFFERED: Final = ("published", "reserved")
NOT_ON_SALE: Final = (N_("Not on sale"), "neutral")
STOPPED: Final = {
    "frozen": (N_("Under examination: it can't be sold"), "bad"),
    "scrapped": (N_("Handed to a recycler"), "neutral"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wipe:
    """`word`: as the badge has it (cleared, waiting, unknown, delivered, not_needed); `certificate`: a number, "" for none."""

    word: str
    certificate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What everybody may know of a thing. `grade` and `report`: of the appraisal that stands; `listing_id`: where it is on sale
    online; `priced`: its price is one to print on a tag."""

    item: Item
    title: str
    category: str
    state: tuple[str, str]
    price: Money | None
    before: Money | None
    used: str
    grade: str
    report: str
    wipe: Wipe
    listing_id: str
    standing: Standing | None


def told_of(session: Session, item: Item, language: str) -> Told:
    standing, listing = standing_of(session, item.id), _listing(session, item.id)
    grade, report = _grade(session, item)
    return Told(
        item=item, title=_title(item, standing, listing, language), category=category_name(item.category, language),
        state=_state(item, standing, listing), price=_price(item, standing, listing),
        before=standing.before if standing else None,
        used=rules.used_mark(standing.used if standing else "", item.disclosures), grade=grade, report=report,
        wipe=wipe_of(session, item), listing_id=listing.id if listing and listing.state in OFFERED else "", standing=standing,
    )  # fmt: skip


def _listing(session: Session, item_id: str) -> Listing | None:
    """The newest that is open or sold."""
    query = select(Listing).where(Listing.item_id == item_id, Listing.state.in_((*OPEN, "sold")))
    return session.scalars(query.order_by(Listing.created_at.desc(), Listing.id.desc()).limit(1)).first()


def _title(item: Item, standing: Standing | None, listing: Listing | None, language: str) -> str:
    """A draft's title is its seller's own business."""
    shown = listing.title if listing and listing.state in (*OFFERED, "sold") else ""
    return (standing.title if standing else "") or shown or name_of(item) or category_name(item.category, language)


def _state(item: Item, standing: Standing | None, listing: Listing | None) -> tuple[str, str]:
    if item.state in STOPPED:
        return STOPPED[item.state]
    if standing is not None:
        return standing.state
    if listing is not None and listing.state in (*OFFERED, "sold"):
        shown = sold_shown(listing) if listing.state == "sold" else LISTING[listing.state]
        return shown.label, shown.tone
    return NOT_ON_SALE


def _price(item: Item, standing: Standing | None, listing: Listing | None) -> Money | None:
    if item.state in STOPPED:
        return None
    if standing is not None:
        return standing.price
    if listing is None or listing.state not in OFFERED or listing.gift:
        return None
    return Money(listing.price_minor, listing.currency)


def _grade(session: Session, item: Item) -> tuple[str, str]:
    """Grade and number of the report that stands in this custody epoch; ("", "") without one."""
    query = select(Appraisal).where(Appraisal.item_id == item.id, Appraisal.epoch == item.epoch, Appraisal.state == "signed")
    made = session.scalars(query.order_by(Appraisal.signed_at.desc()).limit(1)).first()
    if made is None or shown_state(made.state, made.signed_at, clock.now()) != "signed":
        return "", ""
    return made.grade, made.number


def wipe_of(session: Session, item: Item) -> Wipe:
    """Only a certificate in force makes it `cleared`; one of a thing that was sold since says that it was, and no more."""
    permit = clearances.find_clearance(session, item.id)
    if isinstance(permit, NotNeeded):
        return Wipe(word="not_needed")
    if isinstance(permit, Cleared):
        off = is_off_sale(session, item.id)
        return Wipe(word="unknown" if off else "cleared", certificate="" if off else permit.certificate_number)
    last = clearances.certificate_of(session, item.id)
    if last is not None and last.state == "delivered":
        return Wipe(word="delivered", certificate=last.number)
    return Wipe(word="waiting")


def kept_in(session: Session, org_ids: Collection[str], page: int = 1) -> tuple[Sequence[Item], int]:
    """A page of the things that stand in these organisations, those that came last first, and how many there are in all."""
    later, line = aliased(CustodyLine), CustodyLine
    newer = or_(later.since > line.since, and_(later.since == line.since, later.id > line.id))
    stands = (
        select(line.item_id, line.since)
        .where(line.holder_kind == "org", line.holder_id.in_(sorted(org_ids)), line.place.in_(sorted(STAFF_PLACES)))
        .where(line.why.not_in(sorted(AWAY)), ~select(later.id).where(later.item_id == line.item_id, newer).exists())
        .subquery()
    )
    query = select(Item).join(stands, stands.c.item_id == Item.id).where(Item.state.in_(("active", "frozen")))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(stands.c.since.desc(), Item.id.desc())
    return session.scalars(ordered.limit(A_PAGE).offset((page - 1) * A_PAGE)).all(), total
