"""Who works at an agency's desk, and who of them may look at a thing: asked again inside each action."""

from typing import Any

from sqlalchemy import select

from appraisal.appraisers import recusal
from core.goods.models import Item
from core.money import Money
from core.people.models import Membership
from core.people.notices import notify
from core.when import exact
from core.work import Work
from market.channels.appraisal import queries
from market.channels.appraisal.models import AppraisalBooking

DESK = ("shop_clerk", "shop_manager", "appraiser")


def eligible(w: Work, item: Item, org_id: str) -> list[str]:
    """Appraisers of the agency whose credential covers it and who have nothing to do with its owner."""
    there = queries.appraisers_at(w.session, org_id, item.category, w.now)
    return [one for one in there if recusal.why_recused(w, item, one, org_id) is None]


def tell(w: Work, row: AppraisalBooking, account_id: str, sentence: str, **values: str | Money) -> None:
    """Something about a booking; its number and time fill the sentence by themselves."""
    told = {"number": row.number, "time": exact(row.slot), **values}
    used: dict[str, Any] = {name: value for name, value in told.items() if f"%({name})s" in sentence}
    notify(w, account_id, sentence, f"/appraisal-bookings/{row.id}", **used)


def tell_owner(w: Work, row: AppraisalBooking, sentence: str, **values: str | Money) -> None:
    tell(w, row, row.booked_by, sentence, **values)


def tell_desk(w: Work, row: AppraisalBooking, sentence: str) -> None:
    """Everybody who manages the agency or works at its counter."""
    query = select(Membership.account_id).where(
        Membership.org_id == row.org_id, Membership.role.in_(("shop_manager", "shop_clerk")), Membership.ended_at.is_(None)
    )
    for account_id in sorted(set(w.session.scalars(query))):
        tell(w, row, account_id, sentence)
