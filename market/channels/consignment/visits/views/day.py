"""The shop's list of a day: who comes with what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import g, request
from flask_babel import gettext as _

from core import clock
from core.access import may, needs, visitor
from core.clock import LOCAL_ZONE
from core.page import Page
from core.people.choosing import Words, choose_place
from core.people.models import Organisation
from core.people.names import shown_org
from core.when import day_words
from market.channels.consignment.actions import STAFF
from market.channels.consignment.visits import queries
from market.channels.consignment.visits.access import load_shop
from market.channels.consignment.visits.views import blueprint
from market.channels.consignment.visits.views.parts import VisitShown, point_name, shown_visits


@blueprint.get("/consignment/visits")
@needs("market:visit_shops:list")
def show_shops() -> object:
    return choose_place(STAFF, ("shop",), "/consignment/{}/visits".format, Words(
        title=_("Consignment visits"), lead=_("Choose the shop at whose counter you work now."),
        none=_("No shop of yours takes consignments"), text=_("Only second-hand and consignment shops expect visits."),
    ))  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class DayPage(Page):
    """`day`: as 2026-12-01; `before`, `after`: the days beside it; `desks`: (name, address) of where a visit is booked for
    somebody; `totals`: (visits, pieces, first visits)."""

    template = "market/consignment_visit_day.html"
    org_id: str
    name: str
    day: str
    words: str
    today: bool
    before: str
    after: str
    visits: Sequence[VisitShown]
    totals: tuple[int, int, int]
    desks: Sequence[tuple[str, str]]
    keeps: bool


@blueprint.get("/consignment/<org_id>/visits")
@needs("market:consignment_visits:see", on=load_shop)
def show_day(org: Organisation) -> object:
    today = clock.local(clock.now()).date()
    day = _day(request.args.get("day", ""), today)
    rows = shown_visits(queries.of_day(g.db, org.id, day), staff=True)
    here = f"/consignment/{org.id}/visits/new"
    return DayPage(
        org_id=org.id, name=shown_org(org, g.language), day=day.isoformat(), today=day == today,
        words=day_words(datetime.combine(day, time(), LOCAL_ZONE), long=True),
        before=(day - timedelta(days=1)).isoformat(), after=(day + timedelta(days=1)).isoformat(), visits=rows,
        totals=(len(rows), sum(one.pieces for one in rows), sum(one.file is None for one in rows)),
        desks=[(point_name(one.point), f"{here}/{one.point_id}") for one in queries.desks_of(g.db, org.id) if one.taking],
        keeps=may(visitor(), "market:consignment_desk:keep", org),
    ).answer()  # fmt: skip


def _day(typed: str, today: date) -> date:
    """Within a year of today, else today."""
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        return today
    return found if abs((found - today).days) <= 366 else today
