"""The point's own pages: who comes in the next days, and what its bench offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from flask import g
from flask_babel import gettext as _

from core import clock
from core.access import may, needs, visitor
from core.clock import LOCAL_ZONE
from core.doing import doing, done
from core.errors import Refused
from core.money import CNY, Money
from core.page import Page
from core.people.models import Organisation
from core.slot_form import OFFICE_HOURS, as_typed
from core.when import slot_words
from privacy.booking import actions, queries
from privacy.booking.access import load_point
from privacy.booking.forms import OfferForm
from privacy.booking.states import BOOKING
from privacy.booking.views import blueprint
from privacy.wipes.queries import get_item
from privacy.wipes.show import title_of
from privacy.wipes.states import JOB
from privacy.wipes.views.parts import org_name

DAYS = 7


@dataclass(frozen=True, slots=True)
class Coming:
    id: str
    when: str
    number: str
    title: str
    href: str
    booking: tuple[str, str]
    job: tuple[str, str]
    can_call_off: bool


@dataclass(frozen=True, kw_only=True)
class DayPage(Page):
    template = "privacy/point_day.html"
    org_id: str
    name: str
    coming: Sequence[Coming]
    offered: bool
    may_offer: bool


@blueprint.get("/points/<org_id>/day")
@needs("privacy:day:see", on=load_point)
def show_day(org: Organisation) -> object:
    today = clock.now().astimezone(LOCAL_ZONE).date()
    rows = queries.day_of(g.db, org.id, datetime.combine(today, time(), LOCAL_ZONE), DAYS)
    return DayPage(
        org_id=org.id,
        name=org_name(org),
        coming=[
            Coming(
                id=one.id,
                when=slot_words(one.slot.astimezone(LOCAL_ZONE)),
                number=job.number,
                title=title_of(get_item(g.db, job.item_id)),
                href=f"/wipes/{job.id}/bench",
                booking=(_(BOOKING[one.state].label), BOOKING[one.state].tone),
                job=(_(JOB[job.state].label), JOB[job.state].tone),
                can_call_off=one.state == "booked",
            )
            for one, job in rows
        ],
        offered=queries.find_bench(g.db, org.id) is not None,
        may_offer=may(visitor(), "privacy:bench:offer", org),
    ).answer()


@dataclass(frozen=True, kw_only=True)
class OfferPage(Page):
    template = "privacy/point_offer.html"
    org_id: str
    name: str
    form: OfferForm


def _offer_form(org_id: str) -> OfferForm:
    """The form with what stands now, or a sensible beginning."""
    row = queries.find_bench(g.db, org_id)
    if row is None:
        return OfferForm(formdata=None, data={"taking": True, "price": "0", "minutes": 30, "places": 1, **OFFICE_HOURS})
    told = {"taking": row.taking, "kinds": row.kinds, "places": row.places, "price": Money(row.price, CNY).plain()}
    return OfferForm(formdata=None, data=as_typed(row) | told)


@blueprint.get("/points/<org_id>/bench")
@needs("privacy:bench:offer", on=load_point)
def show_offer(org: Organisation) -> object:
    return OfferPage(org_id=org.id, name=org_name(org), form=_offer_form(org.id)).answer()


@blueprint.post("/points/<org_id>/bench")
@needs("privacy:bench:offer", on=load_point)
def offer(org: Organisation) -> object:
    form, org_id, name = OfferForm(), org.id, org_name(org)
    page = OfferPage(org_id=org_id, name=name, form=form)
    if not form.validate_on_submit():
        return page.answer(422)
    try:
        fen, closed = form.fen(), form.closed_days()
        with doing() as w:
            actions.offer(
                w,
                org_id,
                taking=form.taking.data,
                kinds=form.kinds.data or [],
                price=fen,
                hours=form.hours,
                closed=closed,
                minutes=form.minutes.data,
                places=form.places.data,
                note=form.note.data or "",
            )
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)
    return done(_("Saved. Residents see it at once."), f"/points/{org_id}/day")
