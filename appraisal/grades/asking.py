"""Asking for an appraisal: the owner, or the clerk of the organisation that has the thing."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.grades.guide_models import AppraisalRequest
from appraisal.standards.queries import find_in_force
from core import ids
from core.errors import Refused
from core.goods.cards import get_card
from core.goods.models import Item
from core.i18n import N_
from core.ports import CustodyRaised
from core.work import Work

# whoever takes things in over a counter; the wipe bench has its own way
CLERKS = ("shop_clerk", "shop_manager", "wipe_operator")


def find_open(session: Session, item_id: str, *, lock: bool = False) -> AppraisalRequest | None:
    query = select(AppraisalRequest).where(AppraisalRequest.item_id == item_id, AppraisalRequest.ended_at.is_(None))
    return session.scalars(query.with_for_update() if lock else query).first()


def ask(w: Work, item_id: str) -> AppraisalRequest:
    """Let a thing wait for an appraiser; asked again while it waits is asked once. Raises Refused without a standard for it."""
    item = w.session.get_one(Item, item_id, with_for_update=True)
    found = find_open(w.session, item.id)
    if found is not None:
        return found
    if find_in_force(w.session, get_card(item.category).grading_standard or "-", w.now) is None:
        raise Refused("no_standard", N_("There is no grading standard for this category yet."))
    if item.state != "active":
        raise Refused("not_active", N_("It can't be appraised now: it is not here any more, or frozen."))
    row = AppraisalRequest(id=ids.new_id(), item_id=item.id, asked_by=w.actor.id, asked_at=w.now, ended_at=None)
    w.session.add(row)
    w.session.flush()
    w.record("appraisal:request:made", item.id, request=row.id)
    return row


def end(w: Work, item_id: str, why: str) -> None:
    """It was appraised, its asker thought better of it, or it went into other hands. Nothing happens where nobody asked."""
    row = find_open(w.session, item_id, lock=True)
    if row is not None:
        row.ended_at, row.why = w.now, why
        w.session.flush()
        w.record("appraisal:request:ended", item_id, request=row.id, why=why)


def follow_custody(w: Work, event: CustodyRaised) -> None:
    end(w, event.item_id, "moved")
