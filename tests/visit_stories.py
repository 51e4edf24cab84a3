"""A shop whose point takes bookings, and people who come with things: what stories about visits begin with.

    point = opened(doing, mu, shop)                       # every day 9 to 18, slots of 30 minutes, one at a time, 10 pieces
    visit_id = booked(doing, alice, point, slot(2, 10))   # a coat and a phone
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from core import clock
from core.clock import LOCAL_ZONE
from core.people.models import Organisation
from market.channels.consignment.visits import actions, offering, queries, receiving
from market.channels.consignment.visits.actions import Wanted
from market.channels.consignment.visits.models import Visit
from market.channels.consignment.visits.offering import Offered
from market.channels.consignment.visits.receiving import Caller
from market.channels.consignment.visits.rules import Thing
from market.shops import points
from market.shops.points import Told

Doing = Callable[..., Any]
EVERY_DAY = dict.fromkeys(range(7), "9:00-18:00")
COAT = Thing(category="clothing", name="羽绒服", pieces=2, wish=20000)
PHONE = Thing(category="phone", name="红米手机")


def offered(**also: Any) -> Offered:
    told: dict[str, Any] = {"taking": True, "hours": EVERY_DAY}
    return Offered(**{**told, **also})


def opened(doing: Doing, manager: Any, org_id: str, *, name: str = "翠苑店", **also: Any) -> str:
    """The shop shows a licence, has a point, and the point a desk. Returns the point's id."""
    with doing() as w:
        w.session.get_one(Organisation, org_id).licence_no = "91330106MA2GH71X0J"
    with doing(manager) as w:
        told = Told(kind="consignment", name=name, site="market", district="330106", address="翠苑一区 1 号", hours=EVERY_DAY)
        point = points.open_point(w, org_id, told).id
    with doing(manager) as w:
        offering.offer(w, org_id, point, offered(**also))
    return str(point)


def slot(days: int = 2, hour: int = 10, minute: int = 0) -> datetime:
    day = clock.now().astimezone(LOCAL_ZONE).date() + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), LOCAL_ZONE)


def wanted(point: str, when: datetime, *things: Thing, once: str = "") -> Wanted:
    return Wanted(point_id=point, slot=when, things=things or (COAT, PHONE), once=once)


def booked(doing: Doing, who: Any, point: str, when: datetime, *things: Thing, once: str = "") -> str:
    with doing(who) as w:
        return str(actions.book(w, wanted(point, when, *things, once=once)).id)


def booked_for(doing: Doing, clerk: Any, point: str, when: datetime, *things: Thing, **caller: str) -> str:
    told = caller or {"name": "林奶奶", "contact": "13900001234"}
    with doing(clerk) as w:
        return str(receiving.book_for(w, wanted(point, when, *things), Caller(**told)).id)


def row(w: Any, visit_id: str) -> Visit:
    return w.session.get_one(Visit, visit_id, with_for_update=True)  # type: ignore[no-any-return]


def look(session: Any, visit_id: str) -> Visit:
    """As it stands in the database now."""
    session.rollback()
    session.expire_all()
    return queries.get_visit(session, visit_id)


def typed(when: datetime, *things: tuple[str, str, str, str], **also: str) -> dict[str, str]:
    """What a form sends: (kind, name, pieces, wished price) for each line."""
    lines = {
        f"things-{nth}-{field}": value
        for nth, line in enumerate(things or (("clothing", "羽绒服", "2", "200"),))
        for field, value in zip(("category", "name", "pieces", "wish"), line, strict=True)
    }
    return {"slot": when.isoformat(), **lines, **also}
