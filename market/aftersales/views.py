"""After-sales on the phone: ask, answer, state, mediate; the mediator's list and decision; the evidence as one file."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, g, redirect
from flask_babel import gettext as _
from wtforms import BooleanField, MultipleFileField, RadioField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from core import clock
from core.access import Beside, needs, visitor
from core.errors import Invalid, Refused
from core.forms import OnceForm, text
from core.goods.pictures import store_photo
from core.i18n import N_
from core.money import Money, format_money, parse_yuan
from core.once import done_once
from core.page import Page
from core.web import limiter
from core.work import work
from market.aftersales import actions
from market.aftersales.actions import get_case, left_of
from market.aftersales.doing import EACH_TIME, VERBS, Told, do, found
from market.aftersales.exchanging import instead
from market.aftersales.handing_shown import HandOverForm, WayShown, hand_over_form, way_shown
from market.aftersales.may import may
from market.aftersales.models import Case
from market.aftersales.repeats import said_before
from market.aftersales.saying import case_to_show, locked, passed_on
from market.aftersales.states import OPEN
from market.aftersales.words import (
    ALL_GROUNDS,
    GROUND_WORDS,
    LINE_WORDS,
    OUTCOME_WORDS,
    PARCEL_LINES,
    PASSED_ON,
    SENT_INSTEAD,
    have_it_back,
    help_of,
    kind_words,
    kinds_for,
    outcomes_of,
    state_of,
)
from market.listings.mine import Row, rows_of
from market.orders.both_halves import other_order
from market.orders.models import Order
from market.orders.queries import get_order, is_in_transit
from market.orders.replacement_ways import is_sent
from market.orders.replacing import went_back
from market.orders.show import name_of

blueprint = Blueprint("cases", __name__)
MOST_PHOTOS = 6


def _choices(words: dict[str, str]) -> list[tuple[str, object]]:
    return [(code, text(label)) for code, label in words.items()]


class AskForm(OnceForm):
    kind = RadioField(text("What do you ask for?"), validate_choice=False)
    ground = RadioField(
        text("Why?"), choices=[(code, text(words)) for code, words in GROUND_WORDS.items()], validate_choice=False
    )
    amount = StringField(text("How much (for part of the money or compensation)"), validators=[Length(max=20)])
    words = TextAreaField(text("What is wrong"), validators=[Length(max=2000)])
    photos = MultipleFileField(text("Photos"))


class SayForm(OnceForm):
    words = TextAreaField(text("In your words"), validators=[Length(max=2000)])
    amount = StringField(text("How much of the price goes back"), validators=[Length(max=20)])
    outcome = RadioField(
        text("What became of the parcel?"), choices=[(code, text(words)) for code, words in OUTCOME_WORDS.items()],
        validate_choice=False, validators=[Optional()],
    )  # fmt: skip
    return_first = BooleanField(text("First the thing goes back, then the money"))
    photos = MultipleFileField(text("Photos"))


@dataclass(frozen=True, kw_only=True)
class AskPage(Page):
    template = "market/case_ask.html"
    form: AskForm
    order_id: str
    title: str
    left: str
    free: bool


@blueprint.get("/orders/<order_id>/case")
@needs("market:case:open", on=get_order)
def ask(order: Order) -> object:
    found = case_to_show(g.db, order)
    if found is None and is_in_transit(order):
        return redirect(f"/orders/{order.id}/missing", 303)
    if found is None and went_back(g.db, order):
        return redirect(f"/orders/{order.id}", 303)
    return redirect(f"/cases/{found.id}", 303) if found else _ask_page(order, AskForm(formdata=None))


def _ask_page(order: Order, form: AskForm, status: int = 200) -> object:
    form.kind.choices = [(code, _(words)) for code, words in kinds_for(order.kind).items()]
    return AskPage(
        form=form, order_id=order.id, title=order.listing.title, left=money_of(left_of(order), order.currency),
        free=order.is_free,
    ).answer(status)  # fmt: skip


def money_of(minor: int, currency: str) -> str:
    return format_money(Money(minor, currency), g.language)


def kept_photos(field: MultipleFileField) -> list[str]:
    """Photos cleaned and kept; the digest of each one's large size. Raises BadPhoto."""
    sent = [one.stream.read() for one in field.data or [] if getattr(one, "filename", "")]
    return [store_photo(raw)["sizes"]["large"][0] for raw in sent[:MOST_PHOTOS]]


def _amount(field: StringField) -> int:
    typed = str(field.data or "").strip()
    if not typed:
        return 0
    try:
        return parse_yuan(typed).minor
    except Refused as no:
        no.field = "amount"
        raise


@blueprint.post("/orders/<order_id>/case")
@limiter.limit("10 per minute")
@needs("market:case:open", on=get_order)
def open_one(order: Order) -> object:
    form, order_id = AskForm(), order.id
    try:
        if not form.validate():
            return _ask_page(order, form, 422)
        photos, amount = kept_photos(form.photos), _amount(form.amount)
        with work(g.db, visitor().actor, clock.now()) as w:
            found = w.session.get_one(Order, order_id, with_for_update=True)
            case = actions.open_case(
                w, found, kind=str(form.kind.data or ""), ground=str(form.ground.data or ""), words=str(form.words.data or ""),
                amount=amount, photos=photos,
            ).id  # fmt: skip
    except Refused as no:
        form.blame(no)
        return _ask_page(get_order(g.db, order_id), form, no.status)
    return redirect(f"/cases/{case}", 303)


@dataclass(frozen=True, slots=True)
class LineShown:
    who: str
    what: str
    words: str
    photos: list[str]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CasePage(Page):
    template = "market/case.html"
    case_id: str
    number: str
    order: tuple[str, str]
    other: tuple[str, str]
    free: bool
    instead: Row | None
    title: str
    kind: str
    ground: str
    asked: str
    granted: str
    left: str
    label: str
    tone: str
    help: str
    due: datetime | None
    lines: list[LineShown]
    form: SayForm
    may: frozenset[str]
    have_it_back: str
    parcel: bool
    outcome: str
    passed_on: bool
    on_its_way: bool
    passed_on_words: str
    way: WayShown | None
    hand_over_form: HandOverForm


def case_page(
    case: Case, form: SayForm | None = None, status: int = 200, *, hand_over: HandOverForm | None = None
) -> object:  # fmt: skip
    """The page of a case, for who may read it. `hand_over`: with the receipt code that was typed."""
    order, parcel = case.order, case.kind == "undelivered"
    state, other, form = state_of(case), other_order(g.db, order), form or SayForm(formdata=None)
    if order.is_free:
        form.return_first.label.text = _("It goes back to who gave it")
        form.outcome.choices = [(code, _(words)) for code, words in outcomes_of(case).items()]
    lines, chosen = {**LINE_WORDS, **PARCEL_LINES} if parcel else LINE_WORDS, instead(g.db, case)
    unsaid = case.granted_minor is None or (case.kind in ("exchange", "repair") and not case.granted_minor)
    granted = "" if unsaid else money_of(case.granted_minor or 0, case.currency)
    way = way_shown(case)
    on_its_way = way is not None and is_sent(g.db, case.id)
    if on_its_way and case.state == "back":
        state = SENT_INSTEAD
    return CasePage(
        passed_on=case.state in OPEN and passed_on(g.db, case), on_its_way=on_its_way, way=way,
        hand_over_form=hand_over or hand_over_form(),
        case_id=case.id, number=case.number, order=(order.number, f"/orders/{order.id}"), title=order.listing.title,
        other=(other.number, f"/orders/{other.id}") if other else ("", ""), free=order.is_free,
        instead=rows_of([chosen])[0] if chosen else None, kind=_(kind_words(case)),
        ground=_(ALL_GROUNDS[case.ground]), granted="" if order.is_free else granted,
        asked=money_of(case.amount_minor, case.currency) if case.amount_minor else "",
        left=money_of(left_of(order), order.currency),
        label=_(state.label), tone=state.tone, help=_(state.help if state is SENT_INSTEAD else help_of(case, _came(case, other))),
        have_it_back=_(have_it_back(case)), passed_on_words=_(PASSED_ON),
        due=case.due_at, may=may(case), parcel=parcel,
        outcome=_(outcomes_of(case)[case.outcome]) if parcel and case.outcome else "",
        form=form, lines=[
            LineShown(
                _who(case, one.by_id), _(lines[one.what]), one.words,
                [f"/cases/{case.id}/photos/{digest}" for digest in one.photos], one.at,
            )
            for one in case.lines
        ],
    ).answer(status)  # fmt: skip


def _came(case: Case, other: Order | None) -> bool:
    """Did the other half of the swap change hands while this case was open?"""
    if other is None or other.received_at is None or case.ended_at is None:
        return False
    return case.opened_at <= other.received_at <= case.ended_at


def _by_amount(case: Case) -> bool:
    """Is it decided by how much of a price goes back?"""
    return case.kind != "undelivered" and not case.order.is_free


def _who(case: Case, person: str | None) -> str:
    if person is None:
        return str(_("The program"))
    return name_of(person) if person in (case.buyer_id, case.seller_id) else str(_("Mediator"))


@blueprint.get("/cases/<case_id>")
@needs("market:case:read", on=get_case)
def show(case: Case) -> object:
    case_id = case.id
    if visitor().as_one_of(case.buyer_id, case.seller_id) is None:
        with work(g.db, visitor().actor, clock.now()) as w:
            w.record("market:case:looked", case_id)
    return case_page(get_case(g.db, case_id))


@blueprint.post(f"/cases/<case_id>/<{VERBS}:verb>")
@limiter.limit("30 per minute")
@needs("market:case:act", on=lambda session, case_id, verb: Beside(get_case(session, case_id), verb))
def act(step: Beside[Case, str]) -> object:
    form, case_id, verb = SayForm(), step.of.id, step.part
    try:
        if not form.validate():
            return case_page(step.of, form, 422)
        if verb == "decide" and _by_amount(step.of) and not str(form.amount.data or "").strip():
            raise Invalid("amount_missing", N_("Say how much goes back: 0 if nothing does."), field="amount")
        key = form.key() if verb in EACH_TIME else str(form.once.data or "")
        told = Told(
            words=str(form.words.data or ""), amount=_amount(form.amount), outcome=str(form.outcome.data or ""),
            return_first=bool(form.return_first.data), photos=kept_photos(form.photos),
        )  # fmt: skip
        with work(g.db, visitor().actor, clock.now()) as w:
            case = locked(w, case_id)
            if not said_before(w, case, verb, told.words, found(case, told)):
                done_once(w, "case", key, lambda: do(w, case, verb, told), case_id, verb, told.words)
    except Refused as no:
        form.blame(no)
        return case_page(get_case(g.db, case_id), form, no.status)
    return redirect(f"/cases/{case_id}", 303)
