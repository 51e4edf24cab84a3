"""What bookings hold about people: for their export, for closing an account, and how long it is kept."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import WORDS, AuditLine
from core.db import stamp
from core.i18n import N_
from core.ports import DossierLine, Hold, PersonClosing, RetentionRow
from core.work import Work
from market.channels.appraisal import actions, queries
from market.channels.appraisal.models import AppraisalBooking
from market.channels.appraisal.timers import forget_address


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    return {
        "appraisals_booked": [
            {
                "number": one.number, "slot": stamp(one.slot), "way": one.way, "state": one.state, "fee_minor": one.total_minor,
                "address": queries.address_of(one),
            }
            for one in queries.of_owner(session, account_id)
        ]
    }  # fmt: skip


def lines(session: Session, item_id: str) -> Iterator[DossierLine]:
    """For the life story of a thing."""
    made = select(AppraisalBooking.id).where(AppraisalBooking.item_id == item_id)
    query = select(AuditLine).where(AuditLine.subject.in_(list(session.scalars(made)))).order_by(AuditLine.line_no)
    for line in session.scalars(query.where(AuditLine.word.like("market:appraisal_booking:%"))):
        yield DossierLine(line.at, "market", WORDS[line.word], {}, f"/appraisal-bookings/{line.subject}", line.actor)


def holds(session: Session, account_id: str) -> Iterable[Hold]:
    """A thing that is still at an agency keeps its owner here."""
    held = (AppraisalBooking.booked_by == account_id, AppraisalBooking.state.in_(("checked_in", "graded")))
    for row in session.scalars(select(AppraisalBooking).where(*held).order_by(AppraisalBooking.id)):
        yield Hold(
            code="thing_at_agency", sentence=N_("A thing of yours is at an agency for its appraisal (%(number)s)."),
            values={"number": row.number}, link=f"/appraisal-bookings/{row.id}", way=N_("Open the booking"),
        )  # fmt: skip


def leave(w: Work, event: PersonClosing) -> None:
    """Slots of who leaves are given back, and no address stays."""
    query = select(AppraisalBooking).where(AppraisalBooking.booked_by == event.account_id).with_for_update()
    for row in w.session.scalars(query).all():
        if row.state == "booked":
            actions.end(w, row, "cancel", "owner")
        if row.address:
            forget_address(w, row)


RETENTION = (
    RetentionRow(
        N_("Bookings of appraisals"), 36, N_("the booking ended"), N_("E-commerce Law, article 31: at least three years"),
        N_("delete"),
    ),
    RetentionRow(
        N_("Addresses of visits"), 0, N_("the booking ended, seven days later"),
        N_("Personal Information Protection Law, article 19: shortest time"), N_("erased"), closing=True,
    ),
)  # fmt: skip
