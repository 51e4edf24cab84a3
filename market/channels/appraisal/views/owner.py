"""A booking's own page, for its owner and the agency: what happens when, the code, the fee, the receipt."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, g, request
from flask_babel import gettext as _

from appraisal.grades.models import Appraisal
from core import clock
from core.access import may, needs, visitor
from core.clock import LOCAL_ZONE
from core.db import get_locked
from core.doing import doing, done
from core.errors import NotFound
from core.goods.districts import district_name
from core.ids import grouped
from core.page import Page
from core.people.models import Organisation
from core.people.notices import read_about
from core.web import limiter
from core.when import slot_words
from market.channels.appraisal import actions, queries, receipt, rules, spoken
from market.channels.appraisal.access import load_booking
from market.channels.appraisal.forms import CheckInForm, DrawForm, HandBackForm, hand_back_form
from market.channels.appraisal.models import AppraisalBooking, FeeTable
from market.channels.appraisal.views import blueprint
from market.channels.appraisal.views.parts import BookingShown, shown_booking, terms_words, yuan
from market.ledger.queries import entries_of
from market.ledger.show import EntryLine, entry_lines
from market.payments.models import PaymentIntent
from market.payments.queries import refunds_of
from market.payments.states import PAYMENT, REFUND

SHOWN = 100  # of one's own bookings; the export has them all
_DRAW = "market:appraisal_booking:draw"


@dataclass(frozen=True, kw_only=True)
class ListPage(Page):
    template = "market/appraisal_bookings.html"
    bookings: Sequence[BookingShown]


@blueprint.get("/appraisal-bookings")
@needs("market:appraisal_booking:list")
def show_all() -> object:
    rows = queries.of_owner(g.db, str(visitor().account_id))[:SHOWN]
    return ListPage(bookings=[shown_booking(one) for one in rows]).answer()


@dataclass(frozen=True, slots=True)
class Paid:
    """The fee's payment: `state` (word, tone), the address of its page, what goes back: (amount, (word, tone))."""

    way: str
    state: tuple[str, str]
    href: str
    back: Sequence[tuple[str, tuple[str, str]]]


@dataclass(frozen=True, kw_only=True)
class BookingPage(Page):
    """`code`: for its owner only, `code_told`: (what it is called, what it is for); `keeps`: what the agency would keep if the
    owner called off now; `begins`: may this reader begin the appraisal; `report`: number of the report."""

    template = "market/appraisal_booking.html"
    booking: BookingShown
    agency_id: str
    agency_where: str
    item_id: str
    state: str
    help: str
    visit: bool
    mine: bool
    works_there: bool
    code: str
    code_told: tuple[str, str]
    place: str
    facts: Sequence[tuple[str, str]]
    receipt: Sequence[tuple[str, str]]
    terms: Sequence[str]
    keeps: str
    paid: Paid | None
    pays_here: bool
    entries: Sequence[EntryLine]
    can_cancel: bool
    begins: bool
    drawn: str
    report: str
    check_in: CheckInForm | None
    hand_back: HandBackForm | None
    draw: DrawForm | None


def booking_page(
    row: AppraisalBooking, check_in: CheckInForm | None = None, back: HandBackForm | None = None, draw: DrawForm | None = None
) -> BookingPage:
    mine, receives = row.booked_by == visitor().account_id, may(visitor(), "market:appraisal_booking:receive", row)
    org, open_ = g.db.get_one(Organisation, row.org_id), row.ended_at is None
    made = g.db.get(Appraisal, row.appraisal_id) if row.appraisal_id else None
    intent = g.db.get(PaymentIntent, row.intent_id) if row.intent_id else None
    return BookingPage(
        booking=shown_booking(row), agency_id=org.id, item_id=row.item_id, state=row.state,
        help=_(spoken.state_help(row.state, row.way, mine)),
        agency_where=" · ".join(one for one in (_district(org.district), org.address) if one), visit=row.way == rules.VISIT,
        mine=mine, works_there=receives, code=grouped(queries.code_of(row)) if mine and open_ else "",
        code_told=_code_told(row),
        place=_place(row) if mine or receives else "", facts=_facts(row, mine),
        terms=terms_words(g.db.get_one(FeeTable, row.fee_table_id), [row.total_minor]),
        receipt=receipt.fact_rows(row) if row.checked_in_at else (), keeps=_keeps(row), paid=_paid(intent) if intent else None,
        pays_here=intent is not None and intent.state in ("begun", "said") and intent.provider != "bank_transfer",
        entries=entry_lines(g.db, [one for one in entries_of(g.db, row.id) if may(visitor(), "market:entry:read", one)]),
        can_cancel=row.state == "booked" and (mine or receives), begins=_begins(row), drawn=_drawn(row, receives),
        report=made.number if made else "",
        check_in=(check_in or CheckInForm(formdata=None)) if receives and row.state == "booked" else None,
        hand_back=(back or hand_back_form(row.way, asked=False)) if receives and row.state in ("checked_in", "graded") else None,
        draw=(draw or DrawForm(formdata=None)) if row.state == "checked_in" and may(visitor(), _DRAW, row) else None,
    )  # fmt: skip


def _district(code: str) -> str:
    return district_name(code, g.language) if code else ""


def _place(row: AppraisalBooking) -> str:
    """Where a visit goes, for the two sides only."""
    return " · ".join(one for one in (_district(row.district), queries.address_of(row)) if one)


def _code_told(row: AppraisalBooking) -> tuple[str, str]:
    called, meant = spoken.code_words(row.state, row.way)
    return _(called), _(meant)


def _facts(row: AppraisalBooking, mine: bool) -> list[tuple[str, str]]:
    found = [
        (_("Day and time"), slot_words(row.slot.astimezone(LOCAL_ZONE), long=True)),
        (_("How it is appraised"), _(spoken.way_words(row.way, mine))),
        (_("Fee"), yuan(row.total_minor)), (_("Who has it now"), receipt.holder(row)),
    ]
    return [*found, (_("How it ended"), _(spoken.end_words(row.why, row.way)))] if row.why else found


def _keeps(row: AppraisalBooking) -> str:
    """What of a paid fee stays with the agency if its owner calls off now; "" for nothing."""
    terms = queries.terms_of(g.db, row)
    minor = rules.kept(terms, "owner", row.way, row.slot, clock.now()) if row.state == "booked" else 0
    return yuan(minor) if minor else ""


def _paid(intent: PaymentIntent) -> Paid:
    state = PAYMENT[intent.state]
    back = [
        (yuan(one.amount_minor), (_(REFUND[one.state].label), REFUND[one.state].tone)) for one in refunds_of(g.db, intent.id)
    ]
    return Paid(intent.provider, (_(state.label), state.tone), f"/payments/{intent.id}", back)


def _begins(row: AppraisalBooking) -> bool:
    drawn = row.state == "checked_in" and row.appraiser_id == visitor().account_id
    return drawn and ("appraiser", row.org_id) in visitor().grants


def _drawn(row: AppraisalBooking, receives: bool) -> str:
    """Who was drawn, for those who work there: "me", "other", "nobody", or "" before."""
    if not receives or row.state != "checked_in":
        return ""
    if row.appraiser_id is None:
        return "nobody"
    return "me" if row.appraiser_id == visitor().account_id else "other"


@blueprint.get("/appraisal-bookings/<booking_id>")
@needs("market:appraisal_booking:read", on=load_booking)
def show(row: AppraisalBooking) -> object:
    found = row.id
    if visitor().unread:
        with doing() as w:
            read_about(w, visitor().actor.id, f"/appraisal-bookings/{found}")
    return booking_page(load_booking(g.db, found)).answer()


@blueprint.post("/appraisal-bookings/<booking_id>/cancel")
@limiter.limit("20 per minute")
@needs("market:appraisal_booking:cancel", on=load_booking)
def cancel(row: AppraisalBooking) -> object:
    found, mine = row.id, row.booked_by == visitor().account_id
    with doing() as w:
        actions.cancel(w, get_locked(w.session, AppraisalBooking, found))
    told = _("The slot is free again.") if mine else _("Called off. The owner was told, and whatever was paid goes back.")
    return done(told, f"/appraisal-bookings/{found}")


@blueprint.get("/appraisal-bookings/<booking_id>/receipt.pdf")
@needs("market:appraisal_booking:read", on=load_booking)
@limiter.limit("20 per minute")
def receipt_paper(row: AppraisalBooking) -> Response:
    """Only of what was taken in; there is none for a visit, for the thing never left."""
    if row.checked_in_at is None or row.way != rules.DROP_OFF:
        raise NotFound()
    link = f"{request.url_root.rstrip('/')}/appraisal-bookings/{row.id}"
    answer = Response(receipt.receipt_pdf(row, link), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    return answer
