"""What is given in exchange gets to its buyer, on the phone: an address, a parcel, the check in person, the receipt code."""

from flask import Blueprint, g, redirect
from flask_babel import gettext as _

from core import clock
from core.access import needs, visitor
from core.errors import Refused
from core.forms import Form
from core.i18n import N_
from core.web import limiter
from core.work import work
from market.aftersales import handing
from market.aftersales.exchanging import instead
from market.aftersales.handing_shown import HandOverForm, way_shown
from market.aftersales.models import Case
from market.aftersales.saying import get_case, locked
from market.aftersales.views import case_page
from market.orders import actions, checking, getting, parcel

blueprint = Blueprint("exchange_ways", __name__)
ADDRESS_NOTE = N_("For this exchange only. Only the seller sees it, to send it; it is erased a month after the exchange is over.")
CHECK_NOTE = N_(
    "Answer while you hold it. One no and you don't take it: nobody is at fault, and the seller chooses something else."
)


def _step_page(
    case: Case, step: str, form: Form, status: int = 200, shown: list[tuple[str, str]] | None = None
) -> object:  # fmt: skip
    chosen = instead(g.db, case)
    return getting.GettingPage(
        step=step, back=f"/cases/{case.id}", note=_(ADDRESS_NOTE), title=chosen.title if chosen else "", form=form,
        points=[], shown=shown or [],
    ).answer(status)  # fmt: skip


def _to_case(case_id: str) -> object:
    return redirect(f"/cases/{case_id}#exchange", 303)


@blueprint.get("/cases/<case_id>/exchange/address")
@needs("market:exchange:take", on=get_case)
def ask_address(case: Case) -> object:
    shown = way_shown(case)
    if shown is None or "address" not in shown.may:
        return _to_case(case.id)
    known = parcel.personal_address(g.db, case.order, case.buyer_id)  # where the first one went, while that is kept
    said = dict(zip(("name", "mobile", "address"), known, strict=False))
    return _step_page(case, "address", getting.AddressForm(formdata=None, data=said))


@blueprint.post("/cases/<case_id>/exchange/address")
@limiter.limit("20 per minute")
@needs("market:exchange:take", on=get_case)
def give_address(case: Case) -> object:
    form, case_id = getting.AddressForm(), case.id
    try:
        if not form.validate():
            return _step_page(case, "address", form, 422)
        to = parcel.Address(form.name.data or "", form.mobile.data or "", form.address.data or "")
        with work(g.db, visitor().actor, clock.now()) as w:
            handing.address(w, locked(w, case_id), to)
    except Refused as no:
        form.blame(no)
        return _step_page(get_case(g.db, case_id), "address", form, no.status)
    return _to_case(case_id)


@blueprint.get("/cases/<case_id>/exchange/send")
@needs("market:exchange:choose", on=get_case)
def ask_send(case: Case) -> object:
    """The whole address, for the label; the look is on record."""
    case_id, shown = case.id, way_shown(case)
    if shown is None or "send" not in shown.may:
        return _to_case(case_id)
    with work(g.db, visitor().actor, clock.now()) as w:
        to = handing.look_at_address(w, locked(w, case_id))
    return _step_page(get_case(g.db, case_id), "ship", getting.ShipForm(formdata=None), shown=getting.on_the_label(to))


@blueprint.post("/cases/<case_id>/exchange/send")
@limiter.limit("20 per minute")
@needs("market:exchange:choose", on=get_case)
def send(case: Case) -> object:
    form, case_id = getting.ShipForm(), case.id
    try:
        if not form.validate():
            return _step_page(case, "ship", form, 422)
        with work(g.db, visitor().actor, clock.now()) as w:
            handing.send(w, locked(w, case_id), form.carrier.data or "", form.tracking.data or "")
    except Refused as no:
        form.blame(no)
        return _step_page(get_case(g.db, case_id), "ship", form, no.status)
    return _to_case(case_id)


def _check_page(case: Case, form: Form, status: int = 200) -> object:
    chosen, at = instead(g.db, case), f"/cases/{case.id}"
    if chosen is None:
        return _to_case(case.id)
    return checking.page_of(chosen, form, action=f"{at}/exchange/check", back=at, note=_(CHECK_NOTE)).answer(status)


@blueprint.get("/cases/<case_id>/exchange/check")
@needs("market:exchange:take", on=get_case)
def check(case: Case) -> object:
    chosen, shown = instead(g.db, case), way_shown(case)
    if chosen is None or shown is None or "check" not in shown.may:
        return _to_case(case.id)
    return _check_page(case, checking.check_form(actions.asked_of(g.db, chosen.item_id)))


@blueprint.post("/cases/<case_id>/exchange/check")
@limiter.limit("20 per minute")
@needs("market:exchange:take", on=get_case)
def send_check(case: Case) -> object:
    chosen, case_id = instead(g.db, case), case.id
    if chosen is None:
        return _to_case(case_id)
    asked = actions.asked_of(g.db, chosen.item_id)
    form = checking.check_form(asked)
    try:
        if not form.validate():
            return _check_page(case, form, 422)
        answers, whole = checking.read_answers(form, asked)
        if not whole:
            return _check_page(case, form, 422)
        tail, seal = form["serial_tail"].data or "", form["seal_number"].data or ""
        with work(g.db, visitor().actor, clock.now()) as w:
            handing.check(w, locked(w, case_id), answers, serial_tail=tail, seal=seal)
    except Refused as no:
        form.blame(no)
        return _check_page(get_case(g.db, case_id), form, no.status)
    return _to_case(case_id)


@blueprint.post("/cases/<case_id>/exchange/got")
@limiter.limit("20 per minute")
@needs("market:exchange:take", on=get_case)
def got(case: Case) -> object:
    case_id = case.id
    with work(g.db, visitor().actor, clock.now()) as w:
        handing.arrived(w, locked(w, case_id))
    return _to_case(case_id)


@blueprint.post("/cases/<case_id>/exchange/hand-over")
@limiter.limit("6 per minute")
@needs("market:exchange:choose", on=get_case)
def hand_over(case: Case) -> object:
    """The seller types the code that the buyer shows: given, once."""
    form, case_id = HandOverForm(), case.id
    try:
        if not form.validate():
            return case_page(case, hand_over=form, status=422)
        with work(g.db, visitor().actor, clock.now()) as w:
            handing.hand_over(w, locked(w, case_id), form.code.data or "")
    except Refused as no:
        no.field = no.field or "code"
        form.blame(no)
        return case_page(get_case(g.db, case_id), hand_over=form, status=no.status)
    return _to_case(case_id)
