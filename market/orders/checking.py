"""The check in person (当面验机) on the buyer's phone: one question after the other, one no stops the order."""

from dataclasses import dataclass

from flask import Blueprint, g, redirect
from flask_babel import gettext as _
from wtforms import RadioField, StringField
from wtforms.validators import Length

from core import clock
from core.access import needs, visitor
from core.errors import Invalid, Refused
from core.forms import Form, text
from core.i18n import N_
from core.page import Page
from core.web import limiter
from core.work import work
from market.listings.models import Listing
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
    action: str
    back: str
    title: str
    asked: tuple[Question, ...]
    masked: list[str]
    note: str


def check_form(asked: tuple[Question, ...]) -> Form:
    fields: dict[str, object] = {
        one.code: RadioField(text(one.ask), choices=YES_NO, description=text(one.help), validate_choice=False)
        for one in asked
    }
    fields["serial_tail"] = StringField(text("Last four characters of the serial number"), validators=[Length(max=12)])
    fields["seal_number"] = StringField(text("Number on the bag"), validators=[Length(max=40)])
    return type("CheckForm", (Form,), fields)()  # type: ignore[no-any-return]


UNPAID = N_("Answer while you hold it. One no stops the order; nobody is at fault and nothing is paid.")
PAID = N_("Answer while you hold it. One no stops the order; nobody is at fault, and what you paid goes back to you.")


def _asked(order: Order) -> tuple[Question, ...]:
    return actions.asked_of(g.db, order.item_id)


def _check_page(order: Order, form: Form, status: int = 200) -> object:
    at = f"/orders/{order.id}"
    note = _(PAID) if order.paid_at is not None else _(UNPAID)
    return page_of(g.db.get_one(Listing, order.listing_id), form, action=f"{at}/check", back=at, note=note).answer(status)


def page_of(listing: Listing, form: Form, *, action: str, back: str, note: str) -> CheckPage:
    """The questions about this thing. `note`: what follows from the answers, in the reader's language."""
    masked = [one.masked for one in listing.item.identifiers if one.live]
    return CheckPage(
        form=form, action=action, back=back, title=listing.title, asked=actions.asked_of(g.db, listing.item_id),
        masked=masked, note=note,
    )  # fmt: skip


def read_answers(form: Form, asked: tuple[Question, ...]) -> tuple[dict[str, str], bool]:
    """What was answered, and whether all of it was: what wasn't is blamed at its field, all at once."""
    answers = {one.code: str(form[one.code].data or "") for one in asked}
    unanswered = rules.check(asked, answers).missing
    for code in unanswered:
        form.blame(Invalid("answer_missing", actions.ANSWER_TOO, field=code))
    return answers, not unanswered


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
        answers, whole = read_answers(form, asked)
        if not whole:
            return _check_page(order, form, 422)
        with work(g.db, visitor().actor, clock.now()) as w:
            fresh = locked(w, order_id)
            tail, seal = form["serial_tail"].data or "", form["seal_number"].data or ""
            actions.check_in_person(w, fresh, answers, serial_tail=tail, seal=seal)
    except Refused as no:
        form.blame(no)
        return _check_page(get_order(g.db, order_id), form, no.status)
    return redirect(f"/orders/{order_id}", 303)
