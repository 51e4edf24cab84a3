"""Talking to a provider: always outside a Work, so that no lock of the database waits for somebody else's server.

Every question carries our own row's id as its key: after a crash or a broken line it is asked again and the money moves once. A
provider forgets keys after a day; older questions look first whether they were answered."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core import clock
from core.errors import Refused
from core.i18n import N_
from core.jobs import handles
from core.money import Money
from core.web import config
from core.work import Actor, Work, work
from market.payments import settling
from market.payments.actions import CALL_OFF
from market.payments.contract import Asked, Move, Moved, Told, Unreachable
from market.payments.models import PaymentIntent, Refund, Release, Reversal
from market.payments.offer import find_payout_account
from market.payments.providers import get_provider
from market.payments.queries import get_intent, locked
from market.payments.refunding import SEND
from market.payments.settings import stripe_settings
from market.payments.states import OPEN

TALKER = Actor("system:payments")
LOOK = "payments:look"
KEYS_LAST = timedelta(hours=20)  # Stripe keeps them for 24 hours at least
Row = Refund | Release | Reversal
ROWS: dict[str, type[Row]] = {"refund": Refund, "release": Release, "reversal": Reversal}


def open_checkout(session: Session, intent_id: str) -> str:
    """The address at the provider where the payer goes on. Asked again, the same page is opened.

    Raises Refused when it can't be paid any more, Unreachable when the provider doesn't answer."""
    intent = get_intent(session, intent_id)
    provider, ref = get_provider(intent.provider), intent.provider_ref
    asked = _asked(intent)
    _may_pay(intent)
    session.rollback()
    if ref is None:
        begun = provider.begin(asked)
        with work(session, TALKER, clock.now()) as w:
            row = locked(w.session, intent_id)
            row.provider_ref, still = row.provider_ref or begun.ref, row.state == "begun"
        if not still:  # called off while it was being opened: nobody was sent there, and nobody shall be
            provider.call_off(begun.ref)
        elif begun.url:
            return begun.url
    news = look(session, intent_id)
    if news is None or not news.url:
        raise Refused("not_payable", N_("This payment can't be continued. Load the page again."))
    return news.url


def _asked(intent: PaymentIntent) -> Asked:
    here = f"{config().base_url}/payments/{intent.id}"
    return Asked(
        key=intent.id, intent_id=intent.id, subject_id=intent.subject_id, title=intent.title, back=f"{here}/return", away=here,
        amount=Money(intent.amount_minor, intent.currency),
    )  # fmt: skip


def _may_pay(intent: PaymentIntent) -> None:
    if intent.state != "begun":
        raise Refused("not_payable", N_("This payment can't be continued. Load the page again."))


def look(session: Session, intent_id: str) -> Told | None:
    """Ask the provider how a payment stands, and take over what it says. None when there is nobody to ask or nothing to ask
    for."""
    intent = get_intent(session, intent_id)
    provider, ref = get_provider(intent.provider), intent.provider_ref or intent.pay_ref
    session.rollback()
    if provider.in_person or ref is None:
        return None
    news = provider.status(ref)
    with work(session, TALKER, clock.now()) as w:
        row = locked(w.session, intent_id)
        row.looked_at = w.now
        settling.told(w, row, news)
    return news


def call_off(session: Session, intent_id: str) -> None:
    """Ask the provider to take no payment for this any more; what it answers is what happened."""
    intent = get_intent(session, intent_id)
    provider, ref, state = get_provider(intent.provider), intent.provider_ref, intent.state
    session.rollback()
    if ref is None or state not in OPEN:
        return
    news = provider.call_off(ref)
    with work(session, TALKER, clock.now()) as w:
        settling.told(w, locked(w.session, intent_id), news)


def send(session: Session, kind: str, row_id: str) -> None:
    """Ask the provider for one move, and write down what came of it."""
    row = _row(session, kind, row_id)
    move, provider = _move(session, kind, row), get_provider(_intent(session, row).provider)
    if move is None or provider.in_person:
        session.rollback()
        return
    known = row.state == "sent" or clock.now() - row.asked_at > KEYS_LAST
    session.rollback()
    moved = provider.find(kind, move) if known else None  # type: ignore[arg-type]
    if moved is None:
        ask = {"refund": provider.refund, "release": provider.release, "reversal": provider.reverse}[kind]
        moved = ask(move)
    with work(session, TALKER, clock.now()) as w:
        settle(w, kind, row_id, moved)


def _row(session: Session, kind: str, row_id: str) -> Row:
    found: Row = session.get_one(ROWS[kind], row_id)  # type: ignore[assignment]
    return found


def _intent(session: Session, row: Row) -> PaymentIntent:
    return session.get_one(PaymentIntent, row.intent_id)


def _move(session: Session, kind: str, row: Row) -> Move | None:
    """What to ask for; None when it is settled or can't be asked yet."""
    intent = _intent(session, row)
    key, amount = f"{row.id}.{row.attempt}" if row.attempt else row.id, Money(row.amount_minor, intent.currency)
    if isinstance(row, Refund):
        return Move(key=key, row=row.id, of=intent.pay_ref or "", amount=amount) if row.state in ("asked", "sent") else None
    if isinstance(row, Release):
        account = find_payout_account(session, row.payee_id, intent.provider)
        if row.state != "asked" or account is None:
            return None
        return Move(key=key, row=row.id, of=intent.charge_ref or "", amount=amount, to=account.ref, group=intent.subject_id)
    of = session.get_one(Release, row.release_id).provider_ref
    if row.state not in ("asked", "short") or row.recovered_minor or of is None or settling.from_kept(row):
        return None
    return Move(key=key, row=row.id, of=of, amount=amount)


def settle(w: Work, kind: str, row_id: str, moved: Moved) -> None:
    """Write down an answer. `short` keeps the row to be asked again under a new key: the old one would be answered the same."""
    row = _row(w.session, kind, row_id)
    intent = locked(w.session, row.intent_id)
    w.session.refresh(row, with_for_update=True)  # a seller's debt is settled by the releases of their other sales, too
    row.tried_at = w.now
    if isinstance(row, Refund):
        _settle_refund(w, intent, row, moved)
    elif isinstance(row, Release):
        if moved.state == "done":
            settling.release_done(w, intent, row, moved.ref)
        elif moved.state == "failed":
            settling.release_failed(w, intent, row, moved.why)
    elif moved.state == "done":
        settling.fetched_back(w, intent, row, moved.ref)
    elif moved.state == "failed":
        settling.reversal_failed(w, intent, row, moved.why)
    if moved.state == "short":
        row.attempt, row.fault = row.attempt + 1, moved.why[:80]
        if isinstance(row, Reversal):
            settling.seller_lacks(w, intent, row, moved.why)


def _settle_refund(w: Work, intent: PaymentIntent, row: Refund, moved: Moved) -> None:
    if moved.state == "done":
        settling.refund_done(w, intent, row, moved.ref)
    elif moved.state == "failed":
        settling.refund_failed(w, intent, row, moved.why, moved.ref or None)
    elif moved.state == "underway":
        settling.refund_sent(w, row, moved.ref)


_silent: dict[str, datetime] = {}  # address of a provider: until when it isn't asked by jobs
SPARED = timedelta(seconds=20)


def _each(session: Session, payloads: list[dict[str, Any]], step: Any) -> None:
    """One after the other. Who gave no answer is spared for a while, so that a hundred questions to a silent provider don't keep
    the house's clockwork from its other work."""
    found = stripe_settings()
    address = found.api if found else ""
    if _silent.get(address, clock.now()) > clock.now():
        raise Unreachable("silent a moment ago")
    for payload in payloads:
        try:
            step(session, **payload)
        except Unreachable:
            _silent[address] = clock.now() + SPARED
            raise


@handles(SEND)
def send_all(session: Session, payloads: list[dict[str, Any]]) -> None:
    _each(session, payloads, lambda session, kind, id: send(session, kind, id))


@handles(CALL_OFF)
def call_off_all(session: Session, payloads: list[dict[str, Any]]) -> None:
    _each(session, payloads, lambda session, intent: call_off(session, intent))


@handles(LOOK)
def look_all(session: Session, payloads: list[dict[str, Any]]) -> None:
    _each(session, payloads, lambda session, intent: look(session, intent))
