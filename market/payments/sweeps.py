"""What the clockwork does for payments: ask again what was never answered, end holds before the provider would, erase what is
over."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import or_, select

from core.each import each
from core.money import Money
from core.ports import happened
from core.work import Work
from market.payments import bank, collect_codes
from market.payments.actions import CALL_OFF
from market.payments.contract import guaranteed
from market.payments.events import HoldEnding
from market.payments.models import PaymentIntent, Refund, Release, Reversal
from market.payments.providers import known
from market.payments.queries import chargebacks_of, held, locked, with_staff
from market.payments.refunding import SEND, refund
from market.payments.settling import HOLD, WARN
from market.payments.talking import LOOK, Row

SOON, LATER, DAILY = timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)
LOOK_FOR = timedelta(days=4)  # a session at Stripe lives a day; slow methods take up to three more
MOST = 100


def holding() -> list[str]:
    """Codes of the providers that hold money."""
    return [one.code for one in known() if guaranteed(one)]


def speaking() -> list[str]:
    return [one.code for one in known() if not one.in_person]


def ask_again(w: Work) -> None:
    """Moves without an answer, and payments of which nobody reported: a job that gave up and an event that never came."""
    _again(w, Refund, "refund", {"asked": SOON, "sent": LATER})
    _again(w, Release, "release", {"asked": SOON})
    _again(w, Reversal, "reversal", {"asked": SOON, "short": DAILY})
    quiet = or_(PaymentIntent.looked_at.is_(None), PaymentIntent.looked_at < w.now - SOON)
    mine = (PaymentIntent.provider.in_(speaking()), PaymentIntent.provider_ref.is_not(None), quiet)
    recent = PaymentIntent.created_at > w.now - LOOK_FOR
    waiting = select(PaymentIntent).where(*mine, PaymentIntent.state.in_(("begun", "underway")), recent).limit(MOST)
    for intent in w.session.scalars(waiting):
        intent.looked_at = w.now
        w.later(LOOK, intent=intent.id)
    for intent in w.session.scalars(select(PaymentIntent).where(*mine, PaymentIntent.state == "calling_off").limit(MOST)):
        intent.looked_at = w.now
        w.later(CALL_OFF, intent=intent.id)


def _again(w: Work, kind: type[Row], name: str, every: dict[str, timedelta]) -> None:
    """Rows in a state that were last tried, or asked for, so long ago; what lacked money is tried once a day."""
    for state, pause in every.items():
        pause_of = DAILY if pause is SOON else pause
        long_ago = or_(kind.tried_at.is_(None), kind.tried_at < w.now - pause)
        lacking = or_(kind.attempt == 0, kind.tried_at.is_(None), kind.tried_at < w.now - pause_of)
        mine = select(kind).join(PaymentIntent, PaymentIntent.id == kind.intent_id)
        mine = mine.where(kind.state == state, kind.asked_at < w.now - SOON, PaymentIntent.provider.in_(speaking()))
        mine = mine.where(long_ago, lacking)
        rows: Sequence[Row] = w.session.scalars(mine.order_by(kind.asked_at).limit(MOST)).all()  # type: ignore[assignment]
        for row in rows:
            row.tried_at = w.now
            w.later(SEND, kind=name, id=row.id)


def end_holds(w: Work) -> None:
    """Day 60: told. Day 80: told to settle it in this very Work; what is then still held goes back to the payer, unless a move
    that failed waits for staff."""
    paid = (PaymentIntent.state == "paid", PaymentIntent.provider.in_(holding()), PaymentIntent.resolved_at.is_(None))
    soon = PaymentIntent.hold_until <= w.now + (HOLD - WARN)
    near = select(PaymentIntent.id).where(*paid, soon, PaymentIntent.warned_at.is_(None)).order_by(PaymentIntent.id)
    each(w, w.session.scalars(near.limit(MOST)), lambda intent_id: _warn(w, locked(w.session, intent_id)))
    over = select(PaymentIntent.id).where(*paid, PaymentIntent.hold_until <= w.now).order_by(PaymentIntent.id)
    each(w, w.session.scalars(over.limit(MOST)), lambda intent_id: _resolve(w, locked(w.session, intent_id)))


def _warn(w: Work, intent: PaymentIntent) -> None:
    intent.warned_at = w.now
    _tell(w, intent, "warn")


def _tell(w: Work, intent: PaymentIntent, stage: str) -> None:
    rest = held(w.session, intent)
    if rest.minor and intent.hold_until is not None:
        happened(w, HoldEnding(intent_id=intent.id, subject_id=intent.subject_id, amount=rest, stage=stage,  # type: ignore[arg-type]
                               until=intent.hold_until))  # fmt: skip


def _resolve(w: Work, intent: PaymentIntent) -> None:
    if any(one.state == "open" for one in chargebacks_of(w.session, intent.id)):
        return  # the bank has the word: nothing can move until it has decided
    _tell(w, intent, "resolve")
    w.session.refresh(intent)
    rest = held(w.session, intent)
    if rest.minor and intent.state == "paid" and not with_staff(w.session, intent):
        refund(w, intent, rest, f"hold_ended/{intent.id}", "hold_ended", from_seller=Money.zero(intent.currency))
    intent.resolved_at = w.now
    w.record("market:payment:hold_ended", intent.subject_id, payment=intent.id, back=rest.minor - held(w.session, intent).minor)


def erase_old(w: Work) -> None:
    bank.erase_old(w)
    collect_codes.erase_old(w)
