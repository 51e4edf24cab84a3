"""What waits for an appraiser, newest first, in pages; and how the rest is found, by number or by name."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from appraisal.grades import asking, report_rules
from appraisal.grades.guide_models import AppraisalRequest
from appraisal.grades.models import Appraisal
from core import clock, ids
from core.access import Visitor
from core.goods.cards import all_cards
from core.goods.digests import digests_of_number
from core.goods.models import CustodyLine, Identifier, Item
from core.i18n import N_
from core.ports import Waiting

A_PAGE = 20


def _here(org_ids: Collection[str]) -> Select[Any]:
    """Things with a grading standard whose last custody line is at one of these organisations."""
    graded = [card.code for card in all_cards() if card.grading_standard]
    later = aliased(CustodyLine)
    newest = (
        select(later.id).where(later.item_id == Item.id).order_by(later.since.desc(), later.id.desc()).limit(1).scalar_subquery()
    )
    query = select(Item).join(CustodyLine, CustodyLine.id == newest)
    return query.where(
        CustodyLine.holder_kind == "org", CustodyLine.holder_id.in_(sorted(org_ids)), Item.category.in_(graded),
        Item.state == "active",
    )  # fmt: skip


def _waits(reader: str, now: datetime) -> ColumnElement[bool]:
    """Somebody asked for it; or it can hold data, is to be wiped and graded by the market's promise, and no grade stands. What is
    on somebody's check-list already waits no longer, and what a lot gave to somebody else doesn't wait for this reader."""
    made = (Appraisal.item_id == Item.id, Appraisal.state == "draft")
    standing = (
        Appraisal.item_id == Item.id, Appraisal.state == "signed", Appraisal.epoch == Item.epoch,
        Appraisal.signed_at > now - timedelta(days=report_rules.DAYS),
    )  # fmt: skip
    open_one = (AppraisalRequest.item_id == Item.id, AppraisalRequest.ended_at.is_(None))
    others = exists().where(*open_one, _fell_elsewhere(reader))
    wanted = or_(exists().where(*open_one), and_(Item.data_bearing, ~exists().where(*standing)))
    return and_(~exists().where(*made), ~others, wanted)


def to_appraise(session: Session, org_ids: Collection[str], reader: str, page: int = 1) -> Sequence[Item]:
    """A page of what waits at these organisations for an appraiser: what came or was asked for last stands first."""
    asked = select(AppraisalRequest.asked_at).where(AppraisalRequest.item_id == Item.id, AppraisalRequest.ended_at.is_(None))
    query = _here(org_ids).where(_waits(reader, clock.now())).options(selectinload(Item.identifiers))
    newest = func.coalesce(asked.scalar_subquery(), CustodyLine.since)
    return session.scalars(query.order_by(newest.desc(), Item.id.desc()).limit(A_PAGE).offset((page - 1) * A_PAGE)).all()


def count(session: Session, org_ids: Collection[str], reader: str) -> int:
    here = _here(org_ids).where(_waits(reader, clock.now())).with_only_columns(func.count(Item.id))
    return int(session.scalar(here) or 0) if org_ids else 0


def found(session: Session, org_ids: Collection[str], typed: str) -> Sequence[Item]:
    """Things at these organisations by serial number, IMEI or the address of their page (whole), or by words of brand and model;
    at most one page."""
    words = typed.split()
    if not words:
        return []
    whole = "".join(words)
    live = select(Identifier.item_id).where(Identifier.live, Identifier.digest.in_(digests_of_number(whole)))
    numbered = Item.id.in_(live)
    end = whole.rstrip("/").rsplit("/", 1)[-1].lower()
    named = and_(*(or_(_has(Item.brand, word), _has(Item.model, word)) for word in words))
    query = _here(org_ids).where(or_(numbered, named, *([Item.id == end] if ids.is_id(end) else [])))
    return session.scalars(query.options(selectinload(Item.identifiers)).order_by(Item.id.desc()).limit(A_PAGE)).all()


def drawn_for_others(session: Session, item_ids: Collection[str], reader: str) -> set[str]:
    """Of these things those that a lot gave to somebody else, or to nobody: this reader can't begin them."""
    open_ones = select(AppraisalRequest.item_id).where(
        AppraisalRequest.item_id.in_(sorted(item_ids)), AppraisalRequest.ended_at.is_(None), _fell_elsewhere(reader)
    )
    return set(session.scalars(open_ones))


def _fell_elsewhere(reader: str) -> ColumnElement[bool]:
    drawn = AppraisalRequest.drawn_id
    return and_(AppraisalRequest.by_lot.is_(True), or_(drawn.is_(None), drawn != reader))


def _has(column: Any, word: str) -> ColumnElement[bool]:
    matched: ColumnElement[bool] = func.lower(column).contains(word.lower(), autoescape=True)
    return matched


def waiting(session: Session, visitor: Visitor) -> Iterable[Waiting]:
    """For the port: things that wait for an appraiser's check-list."""
    orgs = visitor.orgs_as("appraiser")
    return [Waiting(N_("To be appraised"), count(session, orgs, str(visitor.account_id)), "/appraisals")] if orgs else []


def is_asked(session: Session, item_id: str) -> bool:
    return asking.find_open(session, item_id) is not None
