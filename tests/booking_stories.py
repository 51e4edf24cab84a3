"""An agency that takes bookings, and what stories about it begin with.

    agency = opened(people, doing, manager)          # hours every day, phones and laptops, 60 and 80 yuan, 20 more for a visit
    booking_id = booked(doing, alice, item_id, agency, slot)
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from core import clock
from core.clock import LOCAL_ZONE
from core.goods.cards import get_card
from core.goods.intake import Intake, take_in
from market.channels.appraisal import actions, desk, offering, queries
from market.channels.appraisal.actions import Wanted
from market.channels.appraisal.desk import Back
from market.channels.appraisal.models import AppraisalBooking
from market.channels.appraisal.offering import Charged, Offered
from tests.appraiser_stories import admitted

EVERY_DAY = dict.fromkeys(range(7), "9:00-18:00")
Doing = Callable[..., Any]


def offered(**also: Any) -> Offered:
    told: dict[str, Any] = {
        "taking": True, "categories": ["phone", "laptop"], "hours": EVERY_DAY, "closed": [], "minutes": 60, "places": 1,
        "drop_off": True, "visits": True, "districts": ["330106"], "note": "",
    }  # fmt: skip
    return Offered(**{**told, **also})


def charged(**also: Any) -> Charged:
    told: dict[str, Any] = {"fees": {"phone": 6000, "laptop": 8000}, "drop_off": 0, "visit": 2000, "free_hours": 24, "late": 2500, "missed": 6000}
    return Charged(**{**told, **also})


def opened(people: Any, doing: Doing, manager: Any, *, kind: str = "agency", scope: dict[str, int] | None = None, **also: Any) -> str:
    """An admitted organisation whose manager has said when it has time and what it charges. Returns its id."""
    org_id = str(people.organisation("之江鉴定所", kind))
    people.give_role(manager, "shop_manager", org_id)
    admitted(people.session, org_id, scope=scope, org=True)
    people.session.rollback()
    with doing(manager) as w:
        offering.offer(w, org_id, offered(**also))
        offering.charge(w, org_id, charged())
    return org_id


def coat(doing: Doing, owner: Any) -> str:
    """A coat holds no data: it can be graded without a wipe."""
    with doing(owner) as w:
        return str(take_in(w, owner.id, Intake(card=get_card("clothing"), attributes={"brand": "Bosideng"})).id)


def phone(doing: Doing, owner: Any, imei: str = "490154203237518") -> str:
    with doing(owner) as w:
        given = Intake(card=get_card("phone"), attributes={"brand": "Apple", "model": "iPhone 12"}, identifiers={"imei": [imei]})
        return str(take_in(w, owner.id, given).id)


def slot(days: int = 2, hour: int = 10) -> datetime:
    day = clock.now().astimezone(LOCAL_ZONE).date() + timedelta(days=days)
    return datetime.combine(day, time(hour), LOCAL_ZONE)


def wanted(session: Any, org_id: str, when: datetime, **also: Any) -> Wanted:
    table = queries.find_table(session, org_id)
    told: dict[str, Any] = {"org_id": org_id, "slot": when, "way": "drop_off", "table_id": table.id if table else "", "agreed": True, "payment": "cash"}
    return Wanted(**{**told, **also})


def booked(doing: Doing, owner: Any, item_id: str, org_id: str, when: datetime, **also: Any) -> str:
    with doing(owner) as w:
        return str(actions.book(w, item_id, wanted(w.session, org_id, when, **also)).id)


def row(w: Any, booking_id: str) -> AppraisalBooking:
    return w.session.get_one(AppraisalBooking, booking_id, with_for_update=True)  # type: ignore[no-any-return]


def code(session: Any, booking_id: str) -> str:
    return queries.code_of(session.get_one(AppraisalBooking, booking_id, populate_existing=True))


def taken_in(doing: Doing, clerk: Any, booking_id: str) -> None:
    with doing(clerk) as w:
        one = row(w, booking_id)
        desk.check_in(w, one, queries.code_of(one), paid=True)


def fetched(doing: Doing, clerk: Any, booking_id: str, **also: Any) -> None:
    with doing(clerk) as w:
        one = row(w, booking_id)
        desk.hand_back(w, one, Back(**{"by": "code", "code": queries.code_of(one), **also}))
