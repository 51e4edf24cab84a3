"""At the counter: a visit for somebody, who came and who didn't, and visits that the shop calls off."""

from dataclasses import dataclass

from flask import g, request
from flask_babel import gettext as _

from core import clock
from core.access import Beside, needs
from core.db import get_locked
from core.doing import doing, done
from core.errors import Refused
from core.page import Page
from core.people.models import Organisation
from core.people.names import shown_org
from core.web import limiter
from market.channels.consignment.visits import actions, queries, receiving
from market.channels.consignment.visits.access import load_desk, load_visit
from market.channels.consignment.visits.actions import Wanted
from market.channels.consignment.visits.forms import MORE_ROWS, CallerForm, CallOffForm, LookForm
from market.channels.consignment.visits.models import Visit, VisitDesk
from market.channels.consignment.visits.views import blueprint
from market.channels.consignment.visits.views.own import visit_page
from market.channels.consignment.visits.views.parts import DeskShown, by_day, shown_desk

Desk = Beside[Organisation, VisitDesk]


@dataclass(frozen=True, kw_only=True)
class BookForPage(Page):
    template = "market/consignment_visit_book_for.html"
    org_id: str
    name: str
    desk: DeskShown
    form: CallerForm
    slots: bool


def _page(beside: Desk, form: CallerForm) -> BookForPage:
    free = queries.free_slots(g.db, beside.part, clock.now(), by_shop=True)
    form.slot.choices = {"": [("", _("Choose one"))], **by_day(free)}
    return BookForPage(
        org_id=beside.of.id, name=shown_org(beside.of, g.language), desk=shown_desk(beside.part, free), form=form,
        slots=bool(free),
    )  # fmt: skip


@blueprint.get("/consignment/<org_id>/visits/new/<point_id>")
@needs("market:consignment_visit:make_for", on=load_desk)
def show_book_for(beside: Desk) -> object:
    form = CallerForm(formdata=None, data={"file": request.args.get("file", "")[:20]})
    form.with_rows()
    return _page(beside, form).answer()


@blueprint.post("/consignment/<org_id>/visits/new/<point_id>")
@limiter.limit("60 per minute")
@needs("market:consignment_visit:make_for", on=load_desk)
def book_for(beside: Desk) -> object:
    form, org_id, point_id = CallerForm(), beside.of.id, beside.part.point_id
    if request.form.get("more"):
        form.with_rows(MORE_ROWS)
        return _page(beside, form).answer()
    try:
        things = form.listed()
        wanted = Wanted(point_id=point_id, slot=form.moment(), things=things, once=str(form.once.data or ""))
        with doing() as w:
            made = receiving.book_for(w, wanted, form.caller()).id
    except Refused as no:
        form.blame(no)
        form.with_rows()
        return _page(load_desk(g.db, org_id, point_id), form).answer(no.status)
    return done(_("Booked. Tell them the time and the number."), f"/consignment-visits/{made}")


@blueprint.post("/consignment-visits/<visit_id>/came")
@limiter.limit("60 per minute")
@needs("market:consignment_visit:receive", on=load_visit)
def came(row: Visit) -> object:
    found = row.id
    with doing() as w:
        actions.came(w, get_locked(w.session, Visit, found))
    return done(_("Marked: they are here."), f"/consignment-visits/{found}")


@blueprint.post("/consignment-visits/<visit_id>/missed")
@limiter.limit("60 per minute")
@needs("market:consignment_visit:receive", on=load_visit)
def missed(row: Visit) -> object:
    found = row.id
    with doing() as w:
        receiving.missed(w, get_locked(w.session, Visit, found))
    return done(_("Marked: nobody came. Should they still come today, mark that instead."), f"/consignment-visits/{found}")


@blueprint.post("/consignment-visits/<visit_id>/call-off")
@limiter.limit("30 per minute")
@needs("market:consignment_visit:receive", on=load_visit)
def call_off(row: Visit) -> object:
    form, found, known = CallOffForm(), row.id, row.account_id is not None
    try:
        with doing() as w:
            receiving.call_off(w, get_locked(w.session, Visit, found), str(form.why.data or ""))
    except Refused as no:
        form.blame(no)
        return visit_page(load_visit(g.db, found), call_off=form).answer(no.status)
    told = _("Called off. They were told, with the reason and a way to another time.")
    return done(told if known else _("Called off. They have no account here: call them."), f"/consignment-visits/{found}")


@blueprint.post("/consignment-visits/<visit_id>/contact")
@limiter.limit("30 per minute")
@needs("market:consignment_visit:receive", on=load_visit)
def see_contact(row: Visit) -> object:
    """Shown once, on this answer; the look and its reason are on record."""
    form, found = LookForm(), row.id
    try:
        with doing() as w:
            told = receiving.see_contact(w, get_locked(w.session, Visit, found), str(form.look.data or ""))
    except Refused as no:
        form.blame(no)
        return visit_page(load_visit(g.db, found), look=form).answer(no.status)
    return visit_page(load_visit(g.db, found), contact=told).answer()
