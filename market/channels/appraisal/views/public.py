"""Agencies that take bookings, for everybody: hours, fees in every version, terms."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, request

from appraisal.appraisers.queries import graded_categories
from core import clock
from core.access import may, public, visitor
from core.goods.cards import find_card
from core.goods.describe import category_name
from core.goods.districts import all_districts, district_name
from core.page import Page
from core.people.names import shown_org
from market.channels.appraisal import queries
from market.channels.appraisal.access import load_agency
from market.channels.appraisal.views import blueprint
from market.channels.appraisal.views.parts import AgencyShown, TableShown, shown_agencies, shown_table


@dataclass(frozen=True, kw_only=True)
class AgenciesPage(Page):
    template = "market/agencies.html"
    agencies: Sequence[AgencyShown]
    kinds: Sequence[tuple[str, str]]
    kind: str
    districts: Sequence[tuple[str, str]]
    district: str
    any_there: bool


@blueprint.get("/agencies")
@public
def show_agencies() -> object:
    """Where a thing is appraised: when, what, for how much."""
    kind, district = request.args.get("kind", "")[:30], request.args.get("district", "")[:12]
    kind = kind if find_card(kind) else ""
    found = queries.agencies(g.db, clock.now(), category=kind, district=district)
    return AgenciesPage(
        agencies=shown_agencies(found, kind), kind=kind, district=district,
        kinds=[(code, category_name(code, g.language)) for code in graded_categories()],
        districts=[(one.code, district_name(one.code, g.language)) for one in all_districts()],
        any_there=bool(found) or bool(queries.agencies(g.db, clock.now())),
    ).answer()  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class AgencyPage(Page):
    """`agency`: None while it takes no bookings; `tables`: every version of its fees, the newest first."""

    template = "market/agency.html"
    org_id: str
    name: str
    agency: AgencyShown | None
    tables: Sequence[TableShown]
    works_here: bool


@blueprint.get("/agencies/<org_id>")
@public
def show_agency(org_id: str) -> object:
    org = load_agency(g.db, org_id)
    found = queries.find_agency(g.db, org.id, clock.now())
    return AgencyPage(
        org_id=org.id, name=shown_org(org, g.language), agency=next(iter(shown_agencies([found] if found else [])), None),
        tables=[shown_table(one) for one in queries.tables_of(g.db, org.id)],
        works_here=may(visitor(), "market:appraisal_desk:see", org),
    ).answer()  # fmt: skip
