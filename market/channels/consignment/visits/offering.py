"""A manager says when a point has time for visits. What is booked stays as it was agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.db import get_locked
from core.errors import Invalid
from core.i18n import N_
from core.people.acting import demand_role
from core.people.models import Organisation
from core.slot_rules import kept_hours
from core.work import Work
from market.channels.consignment.visits import queries, rules
from market.channels.consignment.visits.models import VisitDesk
from market.shops.models import ShopPoint
from market.shops.queries import get_point


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """As it was typed. `hours`: {weekday 0-6: text}; `minutes`: of a slot."""

    taking: bool
    hours: Mapping[int, str]
    closed: Sequence[date] = ()
    minutes: int = 30
    places: int = 1
    most_things: int = 10
    not_taken: str = ""
    not_taken_en: str = ""


def offer(w: Work, org_id: str, point_id: str, told: Offered) -> int:
    """Booked visits stand; returns how many of them no longer lie within the hours: the list of the day names them. Raises
    Invalid at the field, Forbidden for who doesn't manage the shop."""
    demand_role(w, org_id, "shop_manager")
    get_locked(w.session, Organisation, org_id)  # two managers wait for each other: there may be no desk yet to wait for
    point = get_point(w.session, org_id, point_id)
    hours = kept_hours(told.hours)
    _check(point, hours, told)
    row = queries.find_desk(w.session, point_id) or VisitDesk(point_id=point_id, org_id=org_id)
    row.taking, row.hours, row.closed = told.taking, hours, sorted({day.isoformat() for day in told.closed})
    row.minutes, row.places, row.most_things = told.minutes, told.places, told.most_things
    row.not_taken, row.not_taken_en = told.not_taken.strip(), told.not_taken_en.strip()
    row.changed_by, row.changed_at = w.actor.id, w.now
    w.session.add(row)
    w.session.flush()
    w.session.refresh(row)
    w.record("market:consignment_desk:offered", point_id, org=org_id, taking=row.taking, minutes=row.minutes, places=row.places)
    return queries.outside(w.session, row, w.now)


def _check(point: ShopPoint, hours: Mapping[str, str], told: Offered) -> None:
    if told.taking and not hours:
        raise Invalid("hours_missing", N_("Say on at least one weekday when people may come."), field="day_0")
    for day, text in hours.items():
        if rules.outside(int(day), text, point.hours.get(day, "")):
            closed = N_("The point isn't open at that time. Its hours: %(hours)s.")
            shown = point.hours.get(day, "") or N_("closed")
            raise Invalid("hours_outside", closed, field=f"day_{day}", values={"hours": shown})
    for name in ("minutes", "places", "most_things"):
        least, most = LIMITS[name]
        if not least <= getattr(told, name) <= most:
            range_ = N_("Enter a whole number from %(least)s to %(most)s.")
            raise Invalid("number_range", range_, field=name, values={"least": least, "most": most})


LIMITS = {"minutes": (10, 480), "places": (1, 50), "most_things": (1, 200)}
