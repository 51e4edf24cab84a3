"""Points with a wiping bench, for everybody; and the owner's choice of point and slot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import g, request
from flask_babel import gettext as _

from core import clock
from core.access import needs, public, visitor
from core.clock import LOCAL_ZONE
from core.doing import doing, done
from core.errors import Invalid, Refused
from core.goods.districts import all_districts, district_name
from core.goods.words import MEDIA_KINDS
from core.i18n import N_, listed
from core.page import Page
from core.slot_rules import DAYS
from core.web import local_path
from core.when import day_words, hours_words, slot_words
from privacy.access import load_job
from privacy.booking import actions, queries
from privacy.booking.access import load_booking
from privacy.booking.forms import SlotForm
from privacy.booking.models import BenchPoint, Booking
from privacy.booking.queries import Point
from privacy.booking.views import blueprint
from privacy.wipes.models import WipeJob
from privacy.wipes.queries import get_item, get_job
from privacy.wipes.show import title_of
from privacy.wipes.views.parts import again, org_name

SOONEST = 3


@dataclass(frozen=True, slots=True)
class PointShown:
    id: str
    name: str
    district: str
    address: str
    note: str
    kinds: str
    price: int
    hours: Sequence[tuple[str, str]]
    soonest: str
    slots: Sequence[tuple[str, str, bool]]
    days: Sequence[tuple[str, Sequence[tuple[str, str, bool]]]]


def shown(point: Point, chosen: Booking | None = None) -> PointShown:
    """A point as people read it. Slots as (value, words, is it the booked one): the soonest, and all of them by day."""
    org, bench = point.org, point.bench
    free = list(point.free)
    mine = chosen.slot.astimezone(LOCAL_ZONE) if chosen and chosen.org_id == org.id else None
    if mine and mine not in free:
        free = sorted([*free, mine])
    return PointShown(
        id=org.id,
        name=org_name(org),
        district=district_name(org.district, g.language) if org.district else "",
        address=org.address,
        note=bench.note,
        kinds=listed((_(MEDIA_KINDS[kind]) for kind in bench.kinds), g.language),
        price=bench.price,
        hours=_hours(bench),
        soonest=slot_words(point.free[0]) if point.free else "",
        slots=[_slot_shown(org.id, one, mine) for one in free if one in free[:SOONEST] or one == mine],
        days=[(day_words(day[0]), [_slot_shown(org.id, one, mine) for one in day]) for day in _days(free)],
    )


def _slot_shown(org_id: str, slot: datetime, mine: datetime | None) -> tuple[str, str, bool]:
    return f"{org_id}|{slot.isoformat()}", slot_words(slot), slot == mine


def _days(free: Sequence[datetime]) -> list[list[datetime]]:
    """The same slots, day by day."""
    days: dict[date, list[datetime]] = {}
    for one in free:
        days.setdefault(one.date(), []).append(one)
    return list(days.values())


def _hours(bench: BenchPoint) -> list[tuple[str, str]]:
    return [(_(DAYS[day]), hours_words(bench.hours, day, g.language) or _("closed")) for day in range(7)]


@dataclass(frozen=True, kw_only=True)
class PointsPage(Page):
    template = "privacy/points.html"
    points: Sequence[PointShown]
    districts: Sequence[tuple[str, str]]
    district: str
    kinds: Sequence[tuple[str, str]]
    kind: str


@blueprint.get("/points")
@public
def show_points() -> object:
    """Where a device can be wiped: what, when, for how much."""
    district, kind = request.args.get("district", ""), request.args.get("kind", "")
    media = [kind] if kind in MEDIA_KINDS else None
    found = queries.points(g.db, clock.now(), media=media, district=district[:12])
    return PointsPage(
        points=[shown(one) for one in found],
        districts=[(one.code, district_name(one.code, g.language)) for one in all_districts()],
        district=district,
        kinds=[(code, _(name)) for code, name in MEDIA_KINDS.items() if code != "unknown"],
        kind=kind,
    ).answer()


@dataclass(frozen=True, kw_only=True)
class BookPage(Page):
    template = "privacy/book.html"
    job_id: str
    number: str
    title: str
    consented: bool
    points: Sequence[PointShown]
    booked: str
    form: SlotForm


def _book_page(job: WipeJob, form: SlotForm) -> BookPage:
    booking = queries.find_open(g.db, job.id)
    found = queries.points(g.db, clock.now(), media=queries.media_of_job(g.db, job))
    points = [shown(one, booking) for one in found if job.org_id in (None, one.org.id)]
    form.slot.choices = [(value, said) for point in points for _day, slots in point.days for value, said, _mine in slots]
    return BookPage(
        job_id=job.id,
        number=job.number,
        title=title_of(get_item(g.db, job.item_id)),
        consented=job.state == "consented",
        points=points,
        booked=slot_words(booking.slot.astimezone(LOCAL_ZONE)) if booking else "",
        form=form,
    )


@blueprint.get("/wipes/<job_id>/book")
@needs("privacy:slot:book", on=load_job)
def show_book(job: WipeJob) -> object:
    return _book_page(job, SlotForm(formdata=None)).answer()


@blueprint.post("/wipes/<job_id>/book")
@needs("privacy:slot:book", on=load_job)
def book(job: WipeJob) -> object:
    form, job_id = SlotForm(), job.id
    page = _book_page(job, form)
    try:
        point, moment = _slot(form)
        with doing() as w:
            actions.book(w, again(w, job_id), point, moment)
    except Refused as no:
        form.blame(no)
        page = _book_page(get_job(g.db, job_id), form)
        return page.answer(no.status)
    return done(_("Booked. Show the drop-off code at the counter."), f"/wipes/{job_id}")


def _slot(form: SlotForm) -> tuple[str, datetime]:
    point, text = form.chosen()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("slot_missing", N_("Please choose one of the answers offered."), field="slot") from None
    if moment.tzinfo is None:
        raise Invalid("slot_missing", N_("Please choose one of the answers offered."), field="slot")
    return point, moment


@blueprint.post("/bookings/<booking_id>/give-back")
@needs("privacy:slot:give_back", on=load_booking)
def give_back(booking: Booking) -> object:
    found, job_id, mine = booking.id, booking.job_id, visitor().account_id == booking.booked_by
    with doing() as w:
        actions.give_back(w, load_booking(w.session, found))
    back = f"/wipes/{job_id}" if mine else local_path(request.form.get("next", "")) or "/wipes"
    return done(_("The slot is free again."), back)
