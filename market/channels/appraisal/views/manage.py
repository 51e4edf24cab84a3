"""The manager's pages: when the agency has time, and what it charges."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from flask_babel import gettext as _

from core import clock
from core.access import needs
from core.doing import doing, done
from core.errors import Refused
from core.page import Page
from core.people.models import Organisation
from core.people.names import shown_org
from core.slot_form import OFFICE_HOURS, as_typed
from market.channels.appraisal import offering, queries
from market.channels.appraisal.access import load_agency
from market.channels.appraisal.forms import CalendarForm, FeesForm, fees_form
from market.channels.appraisal.views import blueprint
from market.channels.appraisal.views.parts import TableShown, shown_table


@dataclass(frozen=True, kw_only=True)
class CalendarPage(Page):
    """`covered`: is there a kind that a valid credential covers? Without one there is nothing to offer."""

    template = "market/agency_calendar.html"
    org_id: str
    name: str
    covered: bool
    form: CalendarForm


def _calendar(org: Organisation) -> CalendarForm:
    """The form with what stands now, or a sensible beginning."""
    row, covered = queries.find_desk(g.db, org.id), queries.scope_of(g.db, org.id, clock.now())
    if row is None:
        start = {"taking": True, "minutes": 60, "places": 1, "drop_off": True, "categories": list(covered), **OFFICE_HOURS}
        return CalendarForm(covered, formdata=None, data=start)
    names = ("taking", "categories", "places", "drop_off", "visits", "districts")
    return CalendarForm(covered, formdata=None, data=as_typed(row) | {name: getattr(row, name) for name in names})


def _calendar_page(org: Organisation, form: CalendarForm) -> CalendarPage:
    return CalendarPage(org_id=org.id, name=shown_org(org, g.language), covered=bool(form.categories.choices), form=form)


@blueprint.get("/agencies/<org_id>/calendar")
@needs("market:appraisal_desk:keep", on=load_agency)
def show_calendar(org: Organisation) -> object:
    return _calendar_page(org, _calendar(org)).answer()


@blueprint.post("/agencies/<org_id>/calendar")
@needs("market:appraisal_desk:keep", on=load_agency)
def keep_calendar(org: Organisation) -> object:
    form, org_id = CalendarForm(queries.scope_of(g.db, org.id, clock.now())), org.id
    if not form.validate_on_submit():
        return _calendar_page(org, form).answer(422)
    try:
        told = form.offered()
        with doing() as w:
            outside = offering.offer(w, org_id, told)
    except Refused as no:
        form.blame(no)
        return _calendar_page(load_agency(g.db, org_id), form).answer(no.status)
    stands = _("Saved. Booked slots outside these hours stand: look at them below, and call off what you can't keep.")
    said, tone = (stands, "warn") if outside else (_("Saved. Everybody sees it at once."), "good")
    return done(said, f"/agencies/{org_id}/desk", tone)


@dataclass(frozen=True, kw_only=True)
class FeesPage(Page):
    template = "market/agency_fees.html"
    org_id: str
    name: str
    form: FeesForm
    kinds: Sequence[Any]
    tables: Sequence[TableShown]


def _fees_page(org: Organisation, form: FeesForm) -> FeesPage:
    tables = [shown_table(one) for one in queries.tables_of(g.db, org.id)]
    return FeesPage(org_id=org.id, name=shown_org(org, g.language), form=form, kinds=form.kinds(), tables=tables)


@blueprint.get("/agencies/<org_id>/fees")
@needs("market:appraisal_desk:keep", on=load_agency)
def show_fees(org: Organisation) -> object:
    form = fees_form(queries.scope_of(g.db, org.id, clock.now()), queries.find_table(g.db, org.id))
    return _fees_page(org, form).answer()


@blueprint.post("/agencies/<org_id>/fees")
@needs("market:appraisal_desk:keep", on=load_agency)
def keep_fees(org: Organisation) -> object:
    form, org_id = fees_form(queries.scope_of(g.db, org.id, clock.now()), None, asked=True), org.id
    if not form.validate_on_submit():
        return _fees_page(org, form).answer(422)
    try:
        told = form.charged()
        with doing() as w:
            offering.charge(w, org_id, told)
    except Refused as no:
        form.blame(no)
        return _fees_page(load_agency(g.db, org_id), form).answer(no.status)
    return done(_("Saved as a new version. What is booked keeps the fee that was agreed."), f"/agencies/{org_id}/desk")
