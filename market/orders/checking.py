"""The check in person (当面验机) on the buyer's phone: one question after the other, one no stops the order."""

from dataclasses import dataclass

from flask import Blueprint, g, redirect
from wtforms import RadioField, StringField
from wtforms.validators import Length

from core import clock
from core.access import needs, visitor
from core.errors import Invalid, Refused
from core.forms import Form, text
from core.page import Page
from core.web import limiter
from core.work import work
from market.listings.models import Listing
from market.listings.proof import bag_number
from market.orders import actions, rules
from market.orders.both_halves import locked
from market.orders.models import Order
from market.orders.queries import get_order
from market.orders.rules import Question
from market.orders.states import ORDER

blueprint = Blueprint("order_check", __name__)
YES_NO = [("yes", text("Yes")), ("no", text("No"))]


@dataclass(frozen=True, kw_only=True)
class CheckPage(Page):
    template = "market/order_check.html"
    form: Form
    order_id: str
    title: str
    asked: tuple[Question, ...]
    masked: list[str]
    paid: bool


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
    return CheckPage(form=form, order_id=order.id, title=listing.title, asked=_asked(order), masked=masked,
                     paid=order.paid_at is not None).answer(status)  # fmt: skip


@blueprint.get("/orders/<order_id>/check")
@needs("market:order:check", on=get_order)
def check(order: Order) -> object:
    if not ORDER.can(order.state, "fail_check") or order.checked_at is not None or order.fulfilment == "parcel":
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
        unanswered = rules.check(asked, answers).missing
        for code in unanswered:  # all of them at once
            form.blame(Invalid("answer_missing", actions.ANSWER_TOO, field=code))
        if unanswered:
            return _check_page(order, form, 422)
        with work(g.db, visitor().actor, clock.now()) as w:
            fresh = locked(w, order_id)
            tail, seal = form["serial_tail"].data or "", form["seal_number"].data or ""
            actions.check_in_person(w, fresh, answers, serial_tail=tail, seal=seal)
    except Refused as no:
        form.blame(no)
        return _check_page(get_order(g.db, order_id), form, no.status)
    return redirect(f"/orders/{order_id}", 303)
