"""Orders on the phone: reserve, look, call off, take the contract away; the seller types the receipt code; both review."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, flash, g, redirect, request
from flask_babel import gettext as _
from sqlalchemy import select
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Length

from core import clock, pdf
from core.access import needs, visitor
from core.errors import NotFound, Refused
from core.forms import Form, text
from core.goods.pictures import first_pictures
from core.i18n import N_
from core.page import Page
from core.people.models import Organisation
from core.people.names import shown_org
from core.web import config, limiter
from core.work import work
from market.listings.mine import ListPage, Row, icon_of, side
from market.listings.models import Listing
from market.listings.queries import get_listing
from market.orders import actions, both_halves, contract, meeting, paying, placing, sending
from market.orders.both_halves import half_owed, missing_since, other_order, swap_of
from market.orders.getting import MeetingShown, ParcelShown, meetings_shown, parcel_shown
from market.orders.models import Order, Review
from market.orders.queries import COUNTER, get_order, gives_out, kept_elsewhere, orders_of, to_hand_out
from market.orders.replacing import replacements, went_back
from market.orders.show import OrderView, price_of, state_of, view_of
from market.orders.states import ORDER
from privacy.devices.usage import DUE_WORDS, reading_due

blueprint = Blueprint("orders", __name__)


@blueprint.post("/listings/<listing_id>/reserve")
@limiter.limit("20 per minute")
@needs("market:order:reserve", on=get_listing)
def reserve(listing: Listing) -> object:
    listing_id = listing.id
    with work(g.db, visitor().actor, clock.now()) as w:
        order = placing.reserve(w, listing_id)
        path = f"/orders/{order.id}" + ("/confirm" if order.state == "created" else "")
    return redirect(path, 303)


class CodeForm(Form):
    code = StringField(text("Receipt code"), validators=[Length(max=30)])


class ReviewForm(Form):
    stars = RadioField(
        text("How was it?"), validate_choice=False,
        choices=[(str(n), text(word)) for n, word in
                 ((5, N_("Very good")), (4, N_("Good")), (3, N_("All right")), (2, N_("Poor")), (1, N_("Bad")))],
    )  # fmt: skip
    words = TextAreaField(text("In your words"), validators=[Length(max=500)])


@dataclass(frozen=True, kw_only=True)
class OrderPage(Page):
    template = "market/order.html"
    one: OrderView
    i_buy: bool
    i_sell: bool
    can_cancel: bool
    can_check: bool
    can_hand_over: bool
    can_hand_out: bool
    kept_at: str
    reading: tuple[str, str]
    can_review: bool
    case_words: str
    can_meet: bool
    meetings: list[MeetingShown]
    parcel: ParcelShown | None
    sendable: bool
    waits_for_other: bool
    half: tuple[str, datetime | None]
    swap: tuple[str, str]
    form: CodeForm
    review_form: ReviewForm


def order_page(order: Order, form: CodeForm | None = None, status: int = 200, review_form: ReviewForm | None = None) -> object:
    me = visitor().as_one_of(order.buyer_id, order.seller_id)
    i_buy, i_sell = me == order.buyer_id, me == order.seller_id
    wrote = select(Review.id).where(Review.order_id == order.id, Review.author_id == me)
    meets, place = order.fulfilment != "parcel", kept_elsewhere(g.db, order)
    open_now = order.state in meeting.OPEN and order.contract_at is not None and (i_buy or i_sell)
    return OrderPage(
        one=view_of(order, me), i_buy=i_buy, i_sell=i_sell, can_cancel=_can_cancel(order, i_buy or i_sell),
        can_check=_can_check(order, i_buy and meets), can_hand_over=i_sell and _can_hand_over(order, place),
        can_hand_out=not i_sell and gives_out(g.db, order) and order.state == "paid" and order.checked_at is not None,
        kept_at=_place_words(place), reading=_reading(order),
        can_review=order.completed_at is not None and (i_buy or i_sell) and g.db.scalars(wrote).first() is None,
        can_meet=meets and open_now, meetings=meetings_shown(g.db, order), parcel=parcel_shown(order),
        sendable=sending.can_be_sent(g.db, order), waits_for_other=_waits_for_other(order),
        half=_half(order, me), swap=_swap(order) if i_buy or i_sell else ("", ""), case_words=_case_words(order) if i_buy else "",
        form=form or CodeForm(formdata=None), review_form=review_form or ReviewForm(formdata=None),
    ).answer(status)  # fmt: skip


def _waits_for_other(order: Order) -> bool:
    """It is to be sent, and the other half of the swap isn't ordered yet."""
    to_send = order.fulfilment == "parcel" and ORDER.can(order.state, sending.verb_of(order))
    return to_send and sending.waits_for_other(g.db, order)


def _case_words(order: Order) -> str:
    """What leads the buyer to the case, or to opening one; "" where there is nothing to put right (any more)."""
    if order.state in ("after_sales", "disputed"):
        return str(_("To the case"))
    return str(_("Something is wrong")) if order.state in ("received", "completed") and not went_back(g.db, order) else ""


def _half(order: Order, me: str | None) -> tuple[str, datetime | None]:
    """The order of the half that the reader gave without getting the other one, or ""; and, while that can't be said yet, from
    when on."""
    owed = half_owed(g.db, order, me)
    since = missing_since(g.db, owed) if owed is not None else None
    return owed.id if owed is not None else "", since if since is not None and since > clock.now() else None


def _swap(order: Order) -> tuple[str, str]:
    """The pages of the swap and of its other half, for its two people."""
    row, other = swap_of(g.db, order), other_order(g.db, order)
    return f"/swaps/{row.id}" if row else "", f"/orders/{other.id}" if other else ""


def _reading(order: Order) -> tuple[str, str]:
    """What its counters say before it is given out, and where they are read; ("", "") for what holds no data or for outsiders."""
    if not gives_out(g.db, order):
        return "", ""
    due = reading_due(g.db, order.item_id)
    return (_(DUE_WORDS[due.why]), due.href if due.due else "") if due else ("", "")


def _can_cancel(order: Order, mine: bool) -> bool:
    return mine and ORDER.can(order.state, "cancel") and not actions.other_half_went(g.db, order)


def _can_check(order: Order, meets: bool) -> bool:
    """What a provider takes the money for is paid first: with one no it all goes back."""
    waits = order.state == "awaiting_payment" and paying.by_provider(order)
    return meets and not waits and order.checked_at is None and ORDER.can(order.state, "fail_check")


def _can_hand_over(order: Order, place: str | None) -> bool:
    states = {"paid"} if paying.paid_first(order) else {"checked", "paid"}
    return order.checked_at is not None and order.state in (states - {"paid"} if place else states)


def _place_words(org_id: str | None) -> str:
    place = g.db.get(Organisation, org_id) if org_id else None
    return f"{shown_org(place, g.language)} {place.address}".strip() if place else ""


@blueprint.get("/orders/<order_id>")
@needs("market:order:read", on=get_order)
def show(order: Order) -> object:
    return order_page(order, CodeForm(data={"code": request.args.get("code", "")[:30]}))


@blueprint.get("/orders/<order_id>/contract.pdf")
@needs("market:order:read", on=get_order)
def download(order: Order) -> object:
    """The contract to take away, in the reader's language."""
    if order.contract_at is None:
        raise NotFound()
    address, given = f"{config().base_url}/orders/{order.id}", replacements(g.db, order.id)
    made = pdf.render(contract.document(order, address, g.language, given))
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{order.number}.pdf"'
    return answer


@blueprint.post("/orders/<order_id>/cancel")
@needs("market:order:cancel", on=get_order)
def cancel(order: Order) -> object:
    order_id = order.id
    with work(g.db, visitor().actor, clock.now()) as w:
        actions.cancel(w, both_halves.locked(w, order_id))
    return redirect(f"/orders/{order_id}", 303)


@blueprint.post("/orders/<order_id>/hand-over")
@limiter.limit("6 per minute")
@needs("market:order:complete", on=get_order)
def hand_over(order: Order) -> object:
    form, order_id = CodeForm(), order.id
    try:
        if not form.validate():
            return order_page(order, form, 422)
        with work(g.db, visitor().actor, clock.now()) as w:
            actions.hand_over(w, w.session.get_one(Order, order_id), str(form.code.data or ""))
    except Refused as no:
        no.field = no.field or "code"
        form.blame(no)
        return order_page(get_order(g.db, order_id), form, no.status)
    return redirect(f"/orders/{order_id}", 303)


@blueprint.post("/orders/<order_id>/hand-out")
@limiter.limit("6 per minute")
@needs("market:order:hand_out", on=get_order)
def hand_out(order: Order) -> object:
    """At the counter that keeps it: the buyer shows the code, staff give it out."""
    form, order_id = CodeForm(), order.id
    try:
        if not form.validate():
            return order_page(order, form, 422)
        with work(g.db, visitor().actor, clock.now()) as w:
            actions.hand_out(w, w.session.get_one(Order, order_id), str(form.code.data or ""))
    except Refused as no:
        no.field = no.field or "code"
        form.blame(no)
        return order_page(get_order(g.db, order_id), form, no.status)
    flash(_("Handed out and on record."), "good")
    return redirect("/orders/hand-out", 303)


@dataclass(frozen=True, kw_only=True)
class HandOutPage(Page):
    template = "market/hand_out.html"
    rows: list[Row]


@blueprint.get("/orders/hand-out")
@needs("market:counter:see")
def counter() -> object:
    """What the visitor's counter keeps and has to give out: buyers come with a code."""
    rows = [
        Row(
            title=order.listing.title, href=f"/orders/{order.id}", photo=None, price="", actions=[],
            icon=icon_of(order.listing.category), text=order.number, state=(_(state_of(order).label), state_of(order).tone),
        )
        for order in to_hand_out(g.db, visitor().orgs_as(*COUNTER))
    ]  # fmt: skip
    return HandOutPage(rows=rows).answer()


@blueprint.post("/orders/<order_id>/review")
@needs("market:order:review", on=get_order)
def review(order: Order) -> object:
    form, order_id = ReviewForm(), order.id
    try:
        if not form.validate():
            return order_page(order, None, 422, form)
        stars = int(form.stars.data) if form.stars.data in ("1", "2", "3", "4", "5") else 0
        with work(g.db, visitor().actor, clock.now()) as w:
            actions.review(w, w.session.get_one(Order, order_id, with_for_update=True), stars, str(form.words.data or ""))
    except Refused as no:
        form.blame(no)
        return order_page(get_order(g.db, order_id), None, no.status, form)
    return redirect(f"/orders/{order_id}", 303)


def _side(order: Order, me: str) -> str:
    if not order.is_free:
        return str(_("You buy") if order.buyer_id == me else _("You sell"))
    return str(_("You get it") if order.buyer_id == me else _("You give it"))


@blueprint.get("/me/orders")
@needs("market:mine:read")
def mine() -> object:
    me = side()
    orders = orders_of(g.db, me)
    photos = first_pictures(g.db, [order.item_id for order in orders])
    rows = [
        Row(
            title=order.listing.title, href=f"/orders/{order.id}",
            photo=photos[order.item_id].thumb if order.item_id in photos else None,
            text=_side(order, me), price=price_of(order),
            state=(_(state_of(order).label), state_of(order).tone), actions=[],
            icon=icon_of(order.listing.category),
        )
        for order in orders
    ]  # fmt: skip
    return ListPage(
        title=_("My orders"), lead=_("What you reserved, bought or handed over."), here="/me/orders", rows=rows,
        empty_title=_("No orders yet"), empty_text=_("Reserve something and it stands here with its next step."),
        ways=[(_("Look around"), "/search")],
    ).answer()  # fmt: skip
