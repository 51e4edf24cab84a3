"""Asking for an appraisal: the owner, or the clerk of the organisation that has the thing."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.grades.guide_models import AppraisalRequest
from appraisal.standards.queries import find_in_force
from core import ids
from core.errors import Forbidden, Refused
from core.goods.cards import get_card
from core.goods.models import Item
from core.i18n import N_
from core.ports import CustodyRaised
from core.work import Work

# whoever takes things in over a counter; the wipe bench has its own way
CLERKS = ("shop_clerk", "shop_manager", "wipe_operator")
NOT_DRAWN = N_(
    "It came by a booking, and a lot decides who looks at it: it fell on somebody else. If they can't do it, the agency's "
    "manager draws anew on the booking's page."
)


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
    row = AppraisalRequest(id=ids.new_id(), item_id=item.id, asked_by=w.actor.id, asked_at=w.now, drawn_id=None, ended_at=None)
    w.session.add(row)
    w.session.flush()
    w.record("appraisal:request:made", item.id, request=row.id)
    return row


def assign(w: Work, item_id: str, drawn: str | None) -> None:
    """Ask, and keep on whom the lot fell: nobody else may begin or sign then, and nobody at all with None. Raises as `ask`."""
    row = ask(w, item_id)
    row.by_lot, row.drawn_id = True, drawn
    w.session.flush()


def demand_drawn(w: Work, item_id: str) -> None:
    """Raises Forbidden where a lot decided who looks at it, and it wasn't who acts."""
    row = find_open(w.session, item_id)
    if row is not None and row.by_lot and row.drawn_id != w.actor.id:
        raise Forbidden("not_drawn", NOT_DRAWN)


def answered(w: Work, item_id: str, *, undetermined: bool) -> None:
    """A report was signed. One that says nothing leaves open what a lot was drawn for: else a colleague could be let grade it."""
    row = find_open(w.session, item_id)
    if row is not None and not (undetermined and row.by_lot):
        end(w, item_id, "signed")


def end(w: Work, item_id: str, why: str) -> None:
    """It was appraised, its asker thought better of it, or it went into other hands. Nothing happens where nobody asked."""
    row = find_open(w.session, item_id, lock=True)
    if row is not None:
        row.ended_at, row.why = w.now, why
        w.session.flush()
        w.record("appraisal:request:ended", item_id, request=row.id, why=why)


def take_back(w: Work, item_id: str) -> None:
    """Its asker thought better of it. Raises Refused where it was asked for by a booking: that has its own end, and its lot."""
    row = find_open(w.session, item_id, lock=True)
    if row is not None and row.by_lot:
        raise Refused("by_booking", N_("It is to be appraised by a booking: call that off, or fetch the thing there."))
    end(w, item_id, "taken_back")


def follow_custody(w: Work, event: CustodyRaised) -> None:
    """What was booked ends with its booking: see market/channels/appraisal/following.py."""
    row = find_open(w.session, event.item_id)
    if row is not None and not row.by_lot:
        end(w, event.item_id, "moved")
