"""The agency's desk: who comes, what is in hand; taking in and handing back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from flask import g
from flask_babel import gettext as _

from core import clock
from core.access import may, needs, visitor
from core.clock import LOCAL_ZONE
from core.db import get_locked
from core.doing import doing, done
from core.errors import Refused
from core.money import CNY, Money, format_money
from core.page import Page
from core.people.choosing import Words, choose_place
from core.people.models import Organisation
from core.people.names import shown_org
from core.slot_rules import AHEAD
from core.web import limiter
from market.channels.appraisal import desk, drawing, queries, rules
from market.channels.appraisal.access import load_agency, load_booking
from market.channels.appraisal.desk import Back
from market.channels.appraisal.figures import Figures, figures
from market.channels.appraisal.forms import CheckInForm, DrawForm, hand_back_form
from market.channels.appraisal.models import AppraisalBooking
from market.channels.appraisal.people import DESK
from market.channels.appraisal.views import blueprint
from market.channels.appraisal.views.owner import booking_page
from market.channels.appraisal.views.parts import BookingShown, shown_booking


@blueprint.get("/appraisal-bookings/desk")
@needs("market:appraisal_desks:list")
def show_desks() -> object:
    return choose_place(DESK, ("agency", "shop"), "/agencies/{}/desk".format, Words(
        title=_("Bookings for appraisals"), lead=_("Choose the desk at which you work now."),
        none=_("No desk of yours takes appraisals"), text=_("Agencies and shops do."),
    ))  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    """`ready`: does it take bookings now; `keeps`: may the reader change hours and fees."""

    template = "market/agency_desk.html"
    org_id: str
    name: str
    ready: bool
    keeps: bool
    coming: Sequence[BookingShown]
    in_hand: Sequence[BookingShown]
    figures: Figures | None
    money: tuple[str, str]


@blueprint.get("/agencies/<org_id>/desk")
@needs("market:appraisal_desk:see", on=load_agency)
def show_desk(org: Organisation) -> object:
    now, row = clock.now(), queries.find_desk(g.db, org.id)
    today = datetime.combine(now.astimezone(LOCAL_ZONE).date(), time(), LOCAL_ZONE)
    outside = {one.id for one in queries.outside(g.db, row, now)} if row else set()
    told = next(iter(figures(g.db, org.id)), None)
    return DeskPage(
        org_id=org.id, name=shown_org(org, g.language), ready=queries.find_agency(g.db, org.id, now) is not None,
        keeps=may(visitor(), "market:appraisal_desk:keep", org),
        coming=[shown_booking(one, one.id in outside) for one in queries.coming(g.db, org.id, today, AHEAD)],
        in_hand=[shown_booking(one) for one in queries.in_hand(g.db, org.id)], figures=told,
        money=(_money(told.paid_minor), _money(told.back_minor)) if told else ("", ""),
    ).answer()  # fmt: skip


def _money(minor: int) -> str:
    return format_money(Money(minor, CNY), g.language)


@blueprint.post("/appraisal-bookings/<booking_id>/check-in")
@limiter.limit("30 per minute")
@needs("market:appraisal_booking:receive", on=load_booking)
def check_in(row: AppraisalBooking) -> object:
    form, found, visit = CheckInForm(), row.id, row.way == rules.VISIT
    try:
        with doing() as w:
            mine = get_locked(w.session, AppraisalBooking, found)
            desk.check_in(w, mine, str(form.code.data or ""), paid=bool(form.paid.data), once=str(form.once.data or ""))
    except Refused as no:
        form.blame(no)
        return booking_page(load_booking(g.db, found), check_in=form).answer(no.status)
    taken = _("Taken in. The owner has the receipt and a new code for fetching it.")
    return done(_("The visit has begun. The owner has a new code.") if visit else taken, f"/appraisal-bookings/{found}")


def _sealed(kept: str) -> bool | None:
    return {"sealed": True, "open": False}.get(kept)


@blueprint.post("/appraisal-bookings/<booking_id>/hand-back")
@limiter.limit("30 per minute")
@needs("market:appraisal_booking:receive", on=load_booking)
def hand_back(row: AppraisalBooking) -> object:
    form, found, visit = hand_back_form(row.way), row.id, row.way == rules.VISIT
    try:
        back = Back(
            by=str(form.by.data or ""), code=str(form.code.data or ""), sealed=_sealed(str(form.kept.data or "")),
            seal_number=str(form.seal_number.data or ""),
        )  # fmt: skip
        with doing() as w:
            desk.hand_back(w, get_locked(w.session, AppraisalBooking, found), back, str(form.once.data or ""))
    except Refused as no:
        form.blame(no)
        return booking_page(load_booking(g.db, found), back=form).answer(no.status)
    over, back_ = _("The visit is over. The booking is closed."), _("Handed back. The booking is closed.")
    return done(over if visit else back_, f"/appraisal-bookings/{found}")


@blueprint.post("/appraisal-bookings/<booking_id>/draw")
@limiter.limit("20 per minute")
@needs("market:appraisal_booking:draw", on=load_booking)
def draw(row: AppraisalBooking) -> object:
    form, found = DrawForm(), row.id
    try:
        with doing() as w:
            mine = get_locked(w.session, AppraisalBooking, found)
            drawing.draw_anew(w, mine, str(form.reason.data or ""), str(form.once.data or ""))
    except Refused as no:
        form.blame(no)
        return booking_page(load_booking(g.db, found), draw=form).answer(no.status)
    return done(_("Drawn anew. Both were told, and its owner with the reason."), f"/appraisal-bookings/{found}")
