"""The page of one payment: who holds the money in true words, what to do now, and what each side has said."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, g, redirect
from flask_babel import gettext as _
from wtforms import StringField
from wtforms.validators import Length

from core import clock
from core.access import may, needs, visitor
from core.errors import Invalid
from core.forms import Form, text
from core.i18n import N_
from core.page import Page
from core.people.notices import read_about
from core.web import limiter
from core.work import work
from market.ledger.show import EntryLine, entry_lines
from market.ledger.words import subject_of
from market.payments import actions, bank, fee_words, queries
from market.payments.behind import entries_of_payment
from market.payments.collect_codes import size_of
from market.payments.contract import Provider, guaranteed
from market.payments.models import PaymentIntent
from market.payments.offer import GUARANTEED, OVER, who_holds
from market.payments.providers import get_provider
from market.payments.settings import stripe_settings
from market.payments.side_models import CollectCode
from market.payments.states import CHARGEBACK, OPEN, PAYMENT, REFUND, RELEASE, REVERSAL
from market.payments.views.parts import get_payment, name_of, served, written

blueprint = Blueprint("payments", __name__, url_prefix="/payments/<payment_id>")
APPS = {"wechat": N_("WeChat"), "alipay": N_("Alipay")}
# what the provider says went wrong, in words; everything else is "It was not paid."
FAULTS = {
    "card_declined": N_("The card was declined."), "insufficient_funds": N_("The card has not enough money."),
    "expired_card": N_("The card has expired."), "payment_method_provider_decline": N_("The wallet refused the payment."),
}  # fmt: skip


class BankForm(Form):
    holder = StringField(text("Account holder"), validators=[Length(max=60)])
    bank = StringField(text("Bank"), validators=[Length(max=80)])
    number = StringField(text("Account number"), validators=[Length(max=60)])


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveShown:
    """A refund, a release, a share fetched back, a chargeback. `does`: the address of what this reader can do about it."""

    id: str
    what: str
    amount: str
    state: str
    tone: str
    help: str
    at: datetime | None = None
    does: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class CodeShown:
    """The collection code while it can be scanned: its app, whether it is a merchant's, the picture's size in pixels."""

    app: str
    merchant: bool
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class PaymentPage(Page):
    """`fee`: it is no price but a fee to an agency; `order_href`: the page of what it is for."""

    template = "market/payment.html"
    fee: bool
    payment_id: str
    title: str
    order_href: str
    amount: str
    way: str
    way_label: str
    mark: str
    holds: str
    standin: bool
    state: str
    state_label: str
    state_tone: str
    state_help: str
    fault: str
    other: str
    i_pay: bool
    i_am_paid: bool
    open: bool
    remote: bool
    first: bool
    payer_said_at: datetime | None
    payee_said_at: datetime | None
    paid_at: datetime | None
    held: str
    hold_until: datetime | None
    code: "CodeShown | None"
    details: bank.Bank | None
    bank_form: BankForm
    can_type: bool
    moves: list[MoveShown]
    entries: list[EntryLine]


def page_of(one: PaymentIntent, status: int = 200, form: BankForm | None = None) -> object:
    provider, state, fee = get_provider(one.provider), PAYMENT[one.state], fee_words.is_fee(g.db, one.subject_id)
    i_pay, i_am_paid = one.payer_id == visitor().account_id, one.payee_id in served()
    row = queries.find_bank_details(g.db, one.id) if one.provider == "bank_transfer" and (i_pay or i_am_paid) else None
    kept, stripe = queries.held(g.db, one) if guaranteed(provider) else None, stripe_settings()
    over = kept is not None and kept.minor == 0 and one.state not in OPEN
    about = subject_of(g.db, one.subject_id)
    return PaymentPage(
        payment_id=one.id, fee=fee, title=one.title, order_href=about[1] if about else "",
        amount=written(one.amount_minor, one.currency), way=one.provider,
        way_label=_(fee_words.WAYS.get(one.provider, provider.label) if fee else provider.label),
        mark=_(GUARANTEED) if guaranteed(provider) and not over else "",
        holds=_holds(one, provider, over, fee), standin=not provider.in_person and stripe is not None and stripe.standin,
        state=one.state, state_label=_(state.label), state_tone=state.tone,
        state_help=_(fee_words.PAYMENT_HELP.get(one.state, state.help) if fee else state.help),
        fault=_(FAULTS[one.why]) if one.why in FAULTS else "", other=name_of(one.payee_id if i_pay else one.payer_id),
        i_pay=i_pay, i_am_paid=i_am_paid, open=one.state in OPEN, remote=one.remote,
        first=i_pay and queries.is_first_payment(g.db, one.payer_id), payer_said_at=one.payer_said_at,
        payee_said_at=one.payee_said_at, paid_at=one.paid_at,
        held=written(kept.minor, kept.currency) if kept and kept.minor else "",
        hold_until=one.hold_until, code=_code(one) if i_pay or i_am_paid else None, details=bank.opened(row) if row else None,
        bank_form=form or BankForm(formdata=None),
        can_type=i_am_paid and one.provider == "bank_transfer" and one.state == "begun",
        moves=_moves(one, i_pay, i_am_paid, fee), entries=_entries(one),
    ).answer(status)  # fmt: skip


def _holds(one: PaymentIntent, provider: Provider, over: bool, fee: bool) -> str:
    """Who has the money, truthfully: "" when none ever came."""
    if fee:
        return str(_(fee_words.HELD))
    if over:
        return _(OVER) if one.paid_at else ""
    return str(_(who_holds(provider, one.remote)))


def _code(one: PaymentIntent) -> CodeShown | None:
    row = g.db.get(CollectCode, one.collect_code_id) if one.collect_code_id and one.state in OPEN else None
    return CodeShown(_(APPS[row.kind]), row.merchant, *size_of(row)) if row is not None and row.sizes else None


def _moves(one: PaymentIntent, i_pay: bool, i_am_paid: bool, fee: bool) -> list[MoveShown]:
    by_hand, found = get_provider(one.provider).in_person, []
    for row in queries.refunds_of(g.db, one.id):
        state, path = REFUND[row.state], f"/payments/{one.id}/refunds/{row.id}"
        ask = by_hand and row.state == "asked"
        says = ask and i_am_paid and row.paid_back_at is None
        confirms = ask and i_pay
        found.append(MoveShown(
            id=row.id, what=_("Refund"), amount=written(row.amount_minor, one.currency), state=_(state.label), tone=state.tone,
            help=_(fee_words.REFUND_HELP.get(row.state, state.help) if fee else state.help),
            at=row.settled_at or row.paid_back_at or row.asked_at,
            does=f"{path}/say" if says else (f"{path}/confirm" if confirms else ""),
            label=_("I have paid it back") if says else (_("I have the money back") if confirms else ""),
        ))  # fmt: skip
    found += _handed_on(one) if not i_pay or i_am_paid else []
    for back in queries.chargebacks_of(g.db, one.id):
        state = CHARGEBACK[back.state]
        found.append(MoveShown(id=back.id, what=_("Chargeback"),
                               amount=written(back.amount_minor, one.currency), state=_(state.label),
                               tone=state.tone, help=_(state.help), at=back.closed_at or back.opened_at))  # fmt: skip
    return found


def _handed_on(one: PaymentIntent) -> list[MoveShown]:
    """What went to the seller and what came back from them: theirs and the staff's to see."""
    found = []
    for row in queries.releases_of(g.db, one.id):
        state, parts = RELEASE[row.state], [_(RELEASE[row.state].help)]
        if row.fee_minor:
            parts.append(_("The platform's fee of %(amount)s was kept.", amount=written(row.fee_minor, one.currency)))
        if row.withheld_minor:
            kept = written(row.withheld_minor, one.currency)
            parts.append(_("%(amount)s settled what was owed from an earlier refund.", amount=kept))
        found.append(MoveShown(
            id=row.id, what=_("Handed on to the seller"), amount=written(row.amount_minor, one.currency), state=_(state.label),
            tone=state.tone, help=" ".join(parts), at=row.settled_at or row.asked_at,
        ))  # fmt: skip
    for back in queries.reversals_of(g.db, one.id):
        state = REVERSAL[back.state]
        found.append(MoveShown(
            id=back.id, what=_("The seller's share of a refund"), amount=written(back.amount_minor, one.currency),
            state=_(state.label), tone=state.tone, help=_(state.help), at=back.settled_at or back.asked_at,
        ))  # fmt: skip
    return found


def _entries(one: PaymentIntent) -> list[EntryLine]:
    """What this payment wrote into the books, as far as the reader may open it."""
    found = [entry for entry in entries_of_payment(g.db, one) if may(visitor(), "market:entry:read", entry)]
    return entry_lines(g.db, found)


@blueprint.get("")
@needs("market:payment:read", on=get_payment)
def show(one: PaymentIntent) -> object:
    payment_id = one.id
    if visitor().unread and {one.payer_id, one.payee_id} & served():
        with work(g.db, visitor().actor, clock.now()) as w:
            read_about(w, visitor().actor.id, f"/payments/{payment_id}")
    return page_of(get_payment(g.db, payment_id))


@blueprint.post("/said")
@limiter.limit("20 per minute")
@needs("market:payment:pay", on=get_payment)
def say_paid(one: PaymentIntent) -> object:
    payment_id = one.id
    with work(g.db, visitor().actor, clock.now()) as w:
        actions.say_paid(w, queries.get_intent(w.session, payment_id))
    return redirect(f"/payments/{payment_id}", 303)


@blueprint.post("/received")
@limiter.limit("20 per minute")
@needs("market:payment:confirm", on=get_payment)
def confirm_received(one: PaymentIntent) -> object:
    payment_id = one.id
    with work(g.db, visitor().actor, clock.now()) as w:
        actions.confirm_received(w, queries.get_intent(w.session, payment_id))
    return redirect(f"/payments/{payment_id}", 303)


@blueprint.post("/bank")
@limiter.limit("20 per minute")
@needs("market:payment:confirm", on=get_payment)
def type_bank(one: PaymentIntent) -> object:
    form, payment_id = BankForm(), one.id
    try:
        if not form.validate():
            return page_of(one, 422, form)
        details = bank.read(form.holder.data or "", form.bank.data or "", form.number.data or "")
        with work(g.db, visitor().actor, clock.now()) as w:
            bank.keep(w, queries.get_intent(w.session, payment_id), details)
    except Invalid as no:
        form.blame(no)
        return page_of(get_payment(g.db, payment_id), no.status, form)
    return redirect(f"/payments/{payment_id}", 303)
