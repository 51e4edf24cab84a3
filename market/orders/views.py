"""Orders on the phone: reserve, meet, check, pay, show the receipt code; the seller scans or types it; both may review."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, g, redirect, request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Length

from core import clock, ids, labels, secrets
from core.access import needs, visitor
from core.errors import NotFound, Refused
from core.forms import Form, text
from core.goods.pictures import first_pictures
from core.i18n import N_
from core.money import Money, format_money
from core.page import Page
from core.people.models import Account
from core.people.names import shown_name
from core.web import config, limiter
from core.work import work
from market.ledger.actions import entries_of
from market.listings.mine import ListPage, Row, icon_of
from market.listings.models import Listing
from market.listings.proof import bag_number
from market.listings.queries import get_listing
from market.orders import actions, rules
from market.orders.models import InPersonCheck, Order, Review
from market.orders.rules import Question
from market.orders.standing import standing
from market.orders.states import ORDER

blueprint = Blueprint("orders", __name__)
YES_NO = [("yes", text("Yes")), ("no", text("No"))]


def get_order(session: Session, order_id: str) -> Order:
    """An order as its two people may see it, and staff who mediate or inspect. Raises NotFound for all others."""
    order = session.get(Order, order_id)
    who = visitor()
    staff = who.roles & {"mediator", "regulator", "administrator"}
    if order is None or not (who.account_id in (order.buyer_id, order.seller_id) or staff):
        raise NotFound()
    return order


@blueprint.post("/listings/<listing_id>/reserve")
@limiter.limit("20 per minute")
@needs("market:order:reserve", on=get_listing)
def reserve(listing: Listing) -> object:
    listing_id = listing.id
    with work(g.db, visitor().actor, clock.now()) as w:
        order_id = actions.reserve(w, listing_id).id
    return redirect(f"/orders/{order_id}", 303)


@dataclass(frozen=True, kw_only=True)
class OrderPage(Page):
    template = "market/order.html"
    order_id: str
    number: str
    title: str
    listing_id: str
    photo: str | None
    icon_name: str
    price: str
    state: str
    state_label: str
    state_tone: str
    state_help: str
    until: datetime
    buyer: str
    seller: str
    seller_href: str
    buyer_id: str
    i_buy: bool
    i_sell: bool
    can_cancel: bool
    receipt_code: str
    receipt_qr: str
    answers: list[tuple[str, str]]
    postings: list[tuple[str, str, str]]
    reviews: list[tuple[str, int, str]]
    can_review: bool
    completed_at: datetime | None
    form: "CodeForm"
    review_form: "ReviewForm"


class CodeForm(Form):
    code = StringField(text("Receipt code"), validators=[Length(max=30)])


class ReviewForm(Form):
    stars = RadioField(
        text("How was it?"), validate_choice=False,
        choices=[(str(n), text(word)) for n, word in
                 ((5, N_("Very good")), (4, N_("Good")), (3, N_("All right")), (2, N_("Poor")), (1, N_("Bad")))],
    )  # fmt: skip
    words = TextAreaField(text("In your words"), validators=[Length(max=500)])


ACCOUNT_WORDS = {"buyer": N_("The buyer owes"), "seller_payable": N_("Owed to the seller")}
ENTRY_WORDS = {"sale": N_("Sale"), "cash_in_person": N_("Cash paid in person")}


def _order_page(order: Order, form: CodeForm, status: int = 200, review_form: ReviewForm | None = None) -> object:
    me = visitor().account_id
    listing, state = g.db.get_one(Listing, order.listing_id), ORDER[order.state]
    i_buy, i_sell = me == order.buyer_id, me == order.seller_id
    code = secrets.decrypt(order.receipt_code, "receipt") if i_buy and order.state == "checked" else ""
    photo = first_pictures(g.db, [order.item_id]).get(order.item_id)
    reviews = list(g.db.scalars(select(Review).where(Review.order_id == order.id)))
    return OrderPage(
        order_id=order.id, number=order.number, title=listing.title, listing_id=listing.id,
        photo=photo.thumb if photo else None, icon_name=icon_of(listing.category), price=_price(order),
        state=order.state, state_label=_(state.label), state_tone=state.tone, state_help=_(state.help),
        until=order.reserved_until,
        buyer=_name(order.buyer_id), seller=_name(order.seller_id), seller_href=_seller_page(order, listing),
        buyer_id=order.buyer_id, i_buy=i_buy, i_sell=i_sell,
        can_cancel=ORDER.can(order.state, "cancel") and (i_buy or i_sell),
        receipt_code=ids.grouped(code) if code else "", receipt_qr=_receipt_qr(order, code),
        answers=_answers(order), postings=_postings(order),
        reviews=[(_name(r.author_id), r.stars, r.words) for r in reviews],
        can_review=order.state == "completed" and (i_buy or i_sell) and all(r.author_id != me for r in reviews),
        completed_at=order.completed_at, form=form, review_form=review_form or ReviewForm(formdata=None),
    ).answer(status)  # fmt: skip


def _receipt_qr(order: Order, code: str) -> str:
    """The QR opens the seller's hand-over page with the code filled in."""
    return labels.qr_svg(f"{config().base_url}/orders/{order.id}?code={code}#hand-over") if code else ""


def _price(order: Order) -> str:
    return format_money(Money(order.price_minor, order.currency), g.language)


def _name(account_id: str) -> str:
    return shown_name(g.db.get_one(Account, account_id))


def _seller_page(order: Order, listing: Listing) -> str:
    return "" if listing.org_id else standing(g.db, order.seller_id).href


def _answers(order: Order) -> list[tuple[str, str]]:
    query = select(InPersonCheck).where(InPersonCheck.order_id == order.id).order_by(InPersonCheck.id.desc())
    found = g.db.scalars(query).first()
    spoken, said = {"yes": _("Yes"), "no": _("No")}, found.answers if found else {}
    asked = rules.questions(data_bearing=True, sealed=True)
    return [(_(one.ask), spoken[said[one.code]]) for one in asked if one.code in said]


def _postings(order: Order) -> list[tuple[str, str, str]]:
    return [
        (_(ENTRY_WORDS[entry.kind]), _(ACCOUNT_WORDS[line.account.kind]),
         format_money(Money(line.amount_minor, line.unit), g.language))
        for entry in entries_of(g.db, order.id) for line in entry.postings
    ]  # fmt: skip


@blueprint.get("/orders/<order_id>")
@needs("market:order:read", on=get_order)
def show(order: Order) -> object:
    return _order_page(order, CodeForm(data={"code": request.args.get("code", "")[:30]}))


@blueprint.post("/orders/<order_id>/cancel")
@needs("market:order:cancel", on=get_order)
def cancel(order: Order) -> object:
    order_id = order.id
    with work(g.db, visitor().actor, clock.now()) as w:
        actions.cancel(w, w.session.get_one(Order, order_id, with_for_update=True))
    return redirect(f"/orders/{order_id}", 303)


@dataclass(frozen=True, kw_only=True)
class CheckPage(Page):
    template = "market/order_check.html"
    form: Form
    order_id: str
    title: str
    asked: tuple[Question, ...]
    masked: list[str]


def check_form(asked: tuple[Question, ...]) -> Form:
    fields: dict[str, object] = {
        one.code: RadioField(text(one.ask), choices=YES_NO, description=text(one.help), validate_choice=False)
        for one in asked
    }
    fields["serial_tail"] = StringField(text("Last four characters of the serial number"), validators=[Length(max=12)])
    fields["seal_number"] = StringField(text("Number on the bag"), validators=[Length(max=40)])
    return type("CheckForm", (Form,), fields)()  # type: ignore[no-any-return]


def _asked(order: Order) -> tuple[Question, ...]:
    device = g.db.get_one(Listing, order.listing_id).data_bearing
    return rules.questions(data_bearing=device, sealed=bag_number(g.db, order.item_id) is not None)


def _check_page(order: Order, form: Form, status: int = 200) -> object:
    listing = g.db.get_one(Listing, order.listing_id)
    masked = [one.masked for one in listing.item.identifiers if one.live]
    return CheckPage(form=form, order_id=order.id, title=listing.title, asked=_asked(order), masked=masked).answer(status)


@blueprint.get("/orders/<order_id>/check")
@needs("market:order:check", on=get_order)
def check(order: Order) -> object:
    if order.state != "reserved":
        return redirect(f"/orders/{order.id}", 303)
    return _check_page(order, check_form(_asked(order)))


@blueprint.post("/orders/<order_id>/check")
@limiter.limit("20 per minute")
@needs("market:order:check", on=get_order)
def send_check(order: Order) -> object:
    asked, order_id = _asked(order), order.id
    form = check_form(asked)
    try:
        if not form.validate():
            return _check_page(order, form, 422)
        answers = {one.code: str(form[one.code].data or "") for one in asked}
        with work(g.db, visitor().actor, clock.now()) as w:
            fresh = w.session.get_one(Order, order_id, with_for_update=True)
            tail, seal = form["serial_tail"].data or "", form["seal_number"].data or ""
            actions.check_in_person(w, fresh, answers, serial_tail=tail, seal=seal)
    except Refused as no:
        form.blame(no)
        return _check_page(get_order(g.db, order_id), form, no.status)
    return redirect(f"/orders/{order_id}", 303)


@blueprint.post("/orders/<order_id>/hand-over")
@limiter.limit("6 per minute")
@needs("market:order:complete", on=get_order)
def hand_over(order: Order) -> object:
    form, order_id = CodeForm(), order.id
    try:
        if not form.validate():
            return _order_page(order, form, 422)
        with work(g.db, visitor().actor, clock.now()) as w:
            actions.hand_over(w, w.session.get_one(Order, order_id), str(form.code.data or ""))
    except Refused as no:
        no.field = no.field or "code"
        form.blame(no)
        return _order_page(get_order(g.db, order_id), form, no.status)
    return redirect(f"/orders/{order_id}", 303)


@blueprint.post("/orders/<order_id>/review")
@needs("market:order:review", on=get_order)
def review(order: Order) -> object:
    form, order_id = ReviewForm(), order.id
    try:
        if not form.validate():
            return _order_page(order, CodeForm(formdata=None), 422, form)
        stars = int(form.stars.data) if form.stars.data in ("1", "2", "3", "4", "5") else 0
        with work(g.db, visitor().actor, clock.now()) as w:
            actions.review(w, w.session.get_one(Order, order_id), stars, str(form.words.data or ""))
    except Refused as no:
        form.blame(no)
        return _order_page(get_order(g.db, order_id), CodeForm(formdata=None), no.status, form)
    return redirect(f"/orders/{order_id}", 303)


@blueprint.get("/me/orders")
@needs("market:mine:read")
def mine() -> object:
    me = str(visitor().account_id)
    query = select(Order).options(joinedload(Order.listing)).where((Order.buyer_id == me) | (Order.seller_id == me))
    orders = list(g.db.scalars(query.order_by(Order.id.desc()).limit(200)))
    photos = first_pictures(g.db, [order.item_id for order in orders])
    rows = [
        Row(
            title=order.listing.title, href=f"/orders/{order.id}",
            photo=photos[order.item_id].thumb if order.item_id in photos else None,
            text=_("You buy") if order.buyer_id == me else _("You sell"), price=_price(order),
            state=(_(ORDER[order.state].label), ORDER[order.state].tone), actions=[],
            icon=icon_of(order.listing.category),
        )
        for order in orders
    ]  # fmt: skip
    return ListPage(
        title=_("My orders"), lead=_("What you reserved, bought or handed over."), here="/me/orders", rows=rows,
        empty_title=_("No orders yet"), empty_text=_("Reserve something and it stands here with its next step."),
        ways=[(_("Look around"), "/search")],
    ).answer()  # fmt: skip
