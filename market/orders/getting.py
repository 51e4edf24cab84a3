"""The part of an order's page about getting it: agree on a meeting, give an address, send it, say that it has come."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, g, redirect
from flask_babel import format_datetime
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms import DateTimeLocalField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from core import clock
from core.access import Beside, needs, visitor
from core.clock import LOCAL_ZONE
from core.db import get_row
from core.errors import NotFound, Refused
from core.forms import Form, OnceForm, text
from core.goods import custody
from core.i18n import N_
from core.label_faces import paper_label
from core.label_formats import DEVICE
from core.label_sheets import labels_pdf
from core.page import Page
from core.people.models import Organisation
from core.people.names import shown_org
from core.web import config, limiter
from core.work import work
from market.listings.models import Listing
from market.orders import meeting, parcel
from market.orders.both_halves import locked
from market.orders.getting_models import Meeting
from market.orders.getting_rules import CARRIERS
from market.orders.models import Order
from market.orders.order_rules import missing_from
from market.orders.queries import get_order, is_in_transit
from market.orders.show import name_of

blueprint = Blueprint("getting", __name__)


ADDRESS_NOTES = (
    N_("For this order only. The seller sees it once it is paid; it is erased a month after the order has closed."),
    N_(
        "For this order only. Only who sends it sees it, of a swap once both halves are ordered; it is erased a month after the "
        "order has closed."
    ),
)
"""What becomes of an address, where something was paid and where nothing was."""


class MeetingForm(Form):
    point = SelectField(text("A safe place"), validate_choice=False)
    place = StringField(text("Or somewhere else"), validators=[Length(max=120)])
    meet_at = DateTimeLocalField(text("Day and time"), format="%Y-%m-%dT%H:%M", validators=[Optional()])


class AddressForm(OnceForm):
    name = StringField(text("Name on the parcel"), validators=[Length(max=40)])
    mobile = StringField(text("Mobile number for the courier"), validators=[Length(max=20)])
    address = TextAreaField(text("Address"), validators=[Length(max=200)])


class ShipForm(OnceForm):
    carrier = SelectField(
        text("Carrier"), choices=[(code, text(label)) for code, label in CARRIERS.items()], validate_choice=False
    )
    tracking = StringField(text("Tracking number"), validators=[Length(max=40)])


@dataclass(frozen=True, slots=True)
class MeetingShown:
    id: str
    place: str
    when: str
    state: str
    mine: bool
    by: str


@dataclass(frozen=True, kw_only=True)
class GettingPage(Page):
    """One small page for each step, so that each works without JavaScript and has its own address."""

    template = "market/getting.html"
    step: str
    back: str
    note: str
    title: str
    form: Form | None
    points: list[tuple[str, str]]
    shown: list[tuple[str, str]]


def on_the_label(to: parcel.Address) -> list[tuple[str, str]]:
    return [(_("Full name"), to.name), (_("Mobile number"), to.mobile), (_("Address"), to.address)]


def meetings_shown(session: Session, order: Order) -> list[MeetingShown]:
    """The open and agreed ones, for the order's page."""
    me = visitor().as_one_of(order.buyer_id, order.seller_id)
    found = [one for one in meeting.meetings(session, order.id) if one.state in ("proposed", "agreed")]
    return [
        MeetingShown(
            one.id, _place(session, one), format_datetime(one.meet_at, "full"), one.state, one.by_id == me, name_of(one.by_id)
        )
        for one in found
    ]


@dataclass(frozen=True, slots=True)
class ParcelShown:
    """The two of them see the masked receiver; the whole address only who packs it, on a page of its own. `missing_from`: from
    when on its buyer can say that it hasn't come; `missed`: they did, and its clock stands still; `lost`: and nobody has it."""

    masked: str
    carrier: str
    tracking: str
    sent: bool
    missing_from: datetime | None
    missing_now: bool
    missed: bool
    lost: bool


def parcel_shown(order: Order) -> ParcelShown | None:
    row = parcel.find_parcel(g.db, order.id)
    if row is None:
        return None
    mine = visitor().as_one_of(order.buyer_id, order.seller_id) is not None
    carrier = str(_(CARRIERS[row.carrier])) if row.carrier else ""
    tracking = parcel.tracking_of(row) if mine else row.tracking_masked
    since = missing_from(order.shipped_at, config().not_arrived_days) if order.shipped_at and order.state == "shipped" else None
    return ParcelShown(
        row.masked, carrier, tracking, row.sent_at is not None, missing_from=since,
        missing_now=since is not None and since <= clock.now(), missed=is_in_transit(order) and order.state != "shipped",
        lost=order.ended_why == "lost_on_its_way" and custody.is_lost(g.db, order.item_id),
    )  # fmt: skip


def _place(session: Session, one: Meeting) -> str:
    place = session.get(Organisation, one.org_id) if one.org_id else None
    return f"{shown_org(place, g.language)} {place.address}".strip() if place else one.place


def _page(order: Order, step: str, form: Form | None, status: int = 200, shown: list[tuple[str, str]] | None = None) -> object:
    listing = g.db.get_one(Listing, order.listing_id)
    points = [("", _("Somewhere else"))] + [
        (one.id, f"{one.name} · {one.address}" if one.address else one.name)
        for one in meeting.safe_points(g.db, listing.district)
    ]
    if isinstance(form, MeetingForm):
        form.point.choices = points
    return GettingPage(
        step=step, back=f"/orders/{order.id}", note=_(ADDRESS_NOTES[order.is_free]), title=listing.title, form=form,
        points=points, shown=shown or [],
    ).answer(status)  # fmt: skip


@blueprint.get("/orders/<order_id>/meeting")
@needs("market:order:meet", on=get_order)
def ask_meeting(order: Order) -> object:
    return _page(order, "meeting", MeetingForm(formdata=None))


@blueprint.post("/orders/<order_id>/meeting")
@limiter.limit("20 per minute")
@needs("market:order:meet", on=get_order)
def propose(order: Order) -> object:
    form, order_id = MeetingForm(), order.id
    try:
        if not form.validate() or form.meet_at.data is None:
            if form.meet_at.data is None and not form.meet_at.errors:
                form.meet_at.errors = [_("Choose a day and a time.")]
            return _page(order, "meeting", form, 422)
        when = form.meet_at.data.replace(tzinfo=LOCAL_ZONE)
        with work(g.db, visitor().actor, clock.now()) as w:
            found = w.session.get_one(Order, order_id, with_for_update=True)
            meeting.propose(w, found, org_id=form.point.data or None, place=form.place.data or "", meet_at=when)
    except Refused as no:
        form.blame(no)
        return _page(get_order(g.db, order_id), "meeting", form, no.status)
    return redirect(f"/orders/{order_id}#meeting", 303)


def get_meeting(session: Session, order_id: str, meeting_id: str) -> Beside[Order, Meeting]:
    order, row = get_order(session, order_id), get_row(session, Meeting, meeting_id)
    if row.order_id != order.id:
        raise NotFound()
    return Beside(order, row)


@blueprint.post("/orders/<order_id>/meeting/<meeting_id>/agree")
@needs("market:order:meet", on=get_meeting)
def agree(found: Beside[Order, Meeting]) -> object:
    return _answer(found, True)


@blueprint.post("/orders/<order_id>/meeting/<meeting_id>/decline")
@needs("market:order:meet", on=get_meeting)
def decline(found: Beside[Order, Meeting]) -> object:
    return _answer(found, False)


def _answer(found: Beside[Order, Meeting], agreed: bool) -> object:
    order_id, row_id = found.of.id, found.part.id
    with work(g.db, visitor().actor, clock.now()) as w:
        order = w.session.get_one(Order, order_id, with_for_update=True)
        meeting.answer(w, order, w.session.get_one(Meeting, row_id), agreed)
    return redirect(f"/orders/{order_id}#meeting", 303)


@blueprint.get("/orders/<order_id>/address")
@needs("market:order:check", on=get_order)
def ask_address(order: Order) -> object:
    return _page(order, "address", AddressForm(formdata=None))


@blueprint.post("/orders/<order_id>/address")
@limiter.limit("20 per minute")
@needs("market:order:check", on=get_order)
def give_address(order: Order) -> object:
    form, order_id = AddressForm(), order.id
    try:
        if not form.validate():
            return _page(order, "address", form, 422)
        with work(g.db, visitor().actor, clock.now()) as w:
            to = parcel.Address(form.name.data or "", form.mobile.data or "", form.address.data or "")
            parcel.give_address(w, w.session.get_one(Order, order_id, with_for_update=True), to)
    except Refused as no:
        form.blame(no)
        return _page(get_order(g.db, order_id), "address", form, no.status)
    return redirect(f"/orders/{order_id}", 303)


@blueprint.get("/orders/<order_id>/ship")
@needs("market:order:complete", on=get_order)
def ask_ship(order: Order) -> object:
    """The whole address, for the label; the look is on record."""
    order_id = order.id
    with work(g.db, visitor().actor, clock.now()) as w:
        to = parcel.look_at_address(w, w.session.get_one(Order, order_id))
    return _page(get_order(g.db, order_id), "ship", ShipForm(formdata=None), shown=on_the_label(to))


@blueprint.post("/orders/<order_id>/ship")
@limiter.limit("20 per minute")
@needs("market:order:complete", on=get_order)
def ship(order: Order) -> object:
    form, order_id = ShipForm(), order.id
    try:
        if not form.validate():
            return _page(order, "ship", form, 422)
        with work(g.db, visitor().actor, clock.now()) as w:
            found = locked(w, order_id)
            parcel.ship(w, found, form.carrier.data or "", form.tracking.data or "")
    except Refused as no:
        form.blame(no)
        return _page(get_order(g.db, order_id), "ship", form, no.status)
    return redirect(f"/orders/{order_id}", 303)


@blueprint.post("/orders/<order_id>/receive")
@needs("market:order:check", on=get_order)
def receive(order: Order) -> object:
    order_id = order.id
    with work(g.db, visitor().actor, clock.now()) as w:
        parcel.confirm_receipt(w, locked(w, order_id))
    return redirect(f"/orders/{order_id}", 303)


@blueprint.get("/orders/<order_id>/label.pdf")
@needs("market:order:complete", on=get_order)
def label(order: Order) -> object:
    """For the inside of the parcel: number, masked receiver, QR of the order. The courier's own label has the rest."""
    row = parcel.find_parcel(g.db, order.id)
    if row is None or not row.masked:
        raise NotFound()
    one = paper_label(order.number, order.number, list(filter(None, (row.masked, row.tracking_masked))))
    return Response(labels_pdf([one], DEVICE, order.created_at), mimetype="application/pdf")
