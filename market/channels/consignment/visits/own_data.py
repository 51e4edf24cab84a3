"""What booked visits hold about people: for their export, for closing an account, and how long it is kept."""

from typing import Any

from flask import has_app_context
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.config import VISIT_DAYS
from core.db import stamp
from core.i18n import N_
from core.ports import PersonClosing, RetentionRow
from core.web import config
from core.work import Work
from market.channels.consignment.visits import actions, queries, timers
from market.channels.consignment.visits.models import Visit


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    return {
        "consignment_visits": [
            {
                "number": one.number, "shop": one.org.name, "point": one.desk.point.name, "slot": stamp(one.slot),
                "state": one.state, "things": [
                    {"category": thing.category, "name": thing.name, "pieces": thing.pieces, "wish_minor": thing.wish}
                    for thing in queries.things_of(one)
                ],
            }
            for one in queries.of_person(session, account_id)
        ]
    }  # fmt: skip


def leave(w: Work, event: PersonClosing) -> None:
    """Times of who leaves are given back, and nothing says any more what they brought."""
    query = select(Visit).where(Visit.account_id == event.account_id).with_for_update()
    for row in w.session.scalars(query).all():
        if row.state == "booked":
            actions.end(w, row, "cancel", "person")
        w.record("market:consignment_visit:unlinked", row.id)
        timers.erase(w, row)


def days() -> int:
    """How many days after a visit its list and contact are kept: the setting."""
    return config().visit_days if has_app_context() else VISIT_DAYS


def retention() -> tuple[RetentionRow, ...]:
    return (
        RetentionRow(
            N_("Lists and contacts of booked consignment visits"), -(-days() // 30), N_("the day of the visit"),
            N_("Personal Information Protection Law, article 19: shortest time"), N_("erased"), closing=True,
        ),
    )  # fmt: skip
