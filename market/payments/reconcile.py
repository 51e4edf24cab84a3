"""Every night: the provider's balance and movements against our books. Where they differ, what differs and what to do about
it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import clock, ids
from core.i18n import N_
from core.jobs import handles
from core.money import Money
from core.people.notices import notify
from core.people.queries import holding
from core.work import Actor, Work, work
from market.ledger.models import Entry, LedgerAccount, Posting
from market.payments import books, settling
from market.payments.models import PaymentIntent, Refund, Release, Reversal
from market.payments.providers import stripe_books
from market.payments.providers.stripe_books import Movement
from market.payments.settings import stripe_settings
from market.payments.side_models import Chargeback, Reconciliation
from market.payments.talking import LOOK

RECONCILER = Actor("system:reconciler")
NIGHTLY = "payments:reconcile"
OVERLAP = timedelta(days=3)
MOST = 20_000
# movements that no payment of ours causes: the operator pays the platform's own money out, or Stripe charges for its service
HOUSE = ("payout", "payout_cancel", "payout_failure", "topup", "topup_reversal", "stripe_fee", "stripe_fx_fee", "tax_fee")

KINDS = {
    "unknown_there": (N_("Moved at the provider, not in our books"),
                      N_("Open it in the provider's dashboard. If it belongs to an order, send its event again from there.")),
    "missing_there": (N_("In our books, not at the provider"),
                      N_("Look it up in the provider's dashboard. If it never moved, take the entry back in the books.")),
    "amount_differs": (N_("The amounts differ"), N_("Compare both; the provider's amount is what moved.")),
    "not_settled_here": (N_("Moved at the provider, still open here"),
                         N_("It has been asked for again; if it stands here tomorrow, look at the job log.")),
    "other_currency": (N_("The provider converted it"),
                       N_("Let the account settle in the currency people pay in, or name only its own in XUNSHI_STRIPE_REGION.")),
    "balance_differs": (N_("The balances differ"), N_("The lines above say why; if there are none, something older differs.")),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`kind`: of KINDS. `ref`: the provider's name for it. `theirs`, `ours`: minor units of `unit`, None where there is
    nothing."""

    kind: str
    ref: str
    unit: str
    theirs: int | None = None
    ours: int | None = None
    subject_id: str = ""


@dataclass(frozen=True, slots=True)
class Ours:
    """What we know a movement by: how much it changes the balance; `at`: since when it is settled here, None while it isn't;
    `underway`: the provider has it and will tell."""

    net: Money
    at: datetime | None
    subject_id: str
    kind: str
    row_id: str
    underway: bool = False


def reconcile(session: Session) -> Reconciliation:
    """Compare now, outside a Work, and keep the result. Raises Unreachable, and Refused while Stripe is off.

    What differs is looked at once more: a payment may have come in between the provider's answer and our look."""
    agreed = select(Reconciliation).where(Reconciliation.agrees).order_by(Reconciliation.id.desc()).limit(1)
    last = session.scalars(agreed).first()
    since = last.at - OVERLAP if last else None
    session.rollback()
    seen = _look(session, since)
    if seen.found:
        seen = _look(session, since)
    with work(session, RECONCILER, clock.now()) as w:
        row = Reconciliation(
            id=ids.new_id(), provider="stripe", at=w.now, agrees=not seen.found, transactions=seen.count, balances=seen.balances,
            differences=[asdict(one) for one in seen.found],
        )  # fmt: skip
        w.session.add(row)
        w.record("market:payments:reconciled", row.id, agrees=row.agrees, differences=len(seen.found))
        for account_id in holding(w.session, "administrator") if seen.found else ():
            sentence = N_("The balance at the provider and the books differ.")
            notify(w, account_id, sentence, "/payments/reconciliation", kind="roles")
        row_id = row.id
    return session.get_one(Reconciliation, row_id)


@dataclass(frozen=True, slots=True)
class Seen:
    found: list[Difference]
    balances: dict[str, list[int]]
    count: int


def _look(session: Session, since: datetime | None) -> Seen:
    theirs = stripe_books.balances()
    moved = _some(stripe_books.movements(since))
    with work(session, RECONCILER, clock.now()) as w:
        _take_in(w, moved)
        known = _known(w.session)
        found = [*_compare(w, moved, known), *(_missing(known, moved, since) if len(moved) < MOST else ())]
        ours = _clearing(w.session)
        for unit, minor in _underway(known, moved).items():
            ours[unit] = ours.get(unit, Money.zero(unit)) + Money(minor, unit)
    units = sorted({*theirs, *ours})
    balances = {unit: [_minor(theirs, unit), _minor(ours, unit)] for unit in units}
    found += [
        Difference(kind="balance_differs", ref=unit, unit=unit, theirs=one, ours=other)
        for unit, (one, other) in balances.items() if one != other
    ]  # fmt: skip
    return Seen(found, balances, len(moved))


def _underway(known: dict[str, Ours], moved: list[Movement]) -> dict[str, int]:
    """Refunds that left the balance already and will be told later: they count as gone."""
    sums: dict[str, int] = {}
    for one in moved:
        ours = known.get(one.source)
        if ours is not None and ours.underway:
            sums[one.net.currency] = sums.get(one.net.currency, 0) + one.net.minor
    return sums


def _some(movements: Iterable[Movement]) -> list[Movement]:
    found = []
    for one in movements:
        found.append(one)
        if len(found) == MOST:
            break
    return found


def _minor(sums: dict[str, Money], unit: str) -> int:
    return sums[unit].minor if unit in sums else 0


def _take_in(w: Work, moved: list[Movement]) -> None:
    """Book the operator's own movements, once each."""
    for one in moved:
        if one.kind in HOUSE and one.net.minor:
            books.at_provider(w, "stripe", one.ref, one.net)


def _clearing(session: Session) -> dict[str, Money]:
    """What the provider owes us by our books: our clearing account with the sign turned."""
    query = (
        select(LedgerAccount.unit, func.sum(Posting.amount_minor))
        .join(Posting, Posting.account_id == LedgerAccount.id).join(Entry, Entry.id == Posting.entry_id)
        .where(LedgerAccount.kind == "provider_clearing", LedgerAccount.owner_id == "stripe", Entry.posted)
        .group_by(LedgerAccount.unit)
    )  # fmt: skip
    return {unit: Money(-int(total), unit) for unit, total in session.execute(query)}


def _known(session: Session) -> dict[str, Ours]:
    """Everything of ours that has a name there."""
    found: dict[str, Ours] = {}
    mine = PaymentIntent.provider == "stripe"
    for one in session.scalars(select(PaymentIntent).where(mine, PaymentIntent.charge_ref.is_not(None))):
        net = Money(one.amount_minor - (one.fee_minor or 0), one.currency)
        found[str(one.charge_ref)] = Ours(net, one.paid_at, one.subject_id, "payment", one.id)
    kinds: list[tuple[Any, str, int]] = [(Refund, "refund", -1), (Release, "release", -1), (Reversal, "reversal", 1)]
    for kind, name, sign in kinds:
        query = select(kind, PaymentIntent).join(PaymentIntent, PaymentIntent.id == kind.intent_id)
        for row, intent in session.execute(query.where(mine, kind.provider_ref.is_not(None))):
            at = row.settled_at if row.state == "done" else None
            net = Money(sign * row.amount_minor, intent.currency)
            found[row.provider_ref] = Ours(net, at, intent.subject_id, name, row.id, underway=row.state == "sent")
    return found


def _compare(w: Work, moved: list[Movement], known: dict[str, Ours]) -> list[Difference]:
    disputes = set(w.session.scalars(select(Chargeback.provider_ref)))
    by_source: dict[str, int] = {}
    for one in moved:
        if one.kind not in HOUSE:
            by_source[one.source] = by_source.get(one.source, 0) + one.net.minor
    found, seen = [], set()
    for one in moved:
        if one.kind in HOUSE or one.source in disputes or one.source in seen:
            continue
        seen.add(one.source)
        found += _one(w, one, known.get(one.source), by_source[one.source])
    return found


def _one(w: Work, one: Movement, ours: Ours | None, net: int) -> list[Difference]:
    unit = one.net.currency
    if ours is None:
        return [Difference(kind="unknown_there", ref=one.source, unit=unit, theirs=net)] if net else []
    about: dict[str, Any] = {"ref": one.source, "subject_id": ours.subject_id}
    if unit != ours.net.currency:
        return [Difference(kind="other_currency", unit=unit, theirs=net, **about)]
    if ours.kind == "payment":
        ours = _learn_fee(w, one, ours)
    if ours.underway:
        return []
    if ours.at is None:
        if ours.kind == "payment":
            w.later(LOOK, intent=ours.row_id)
        return [Difference(kind="not_settled_here", unit=unit, theirs=net, ours=0, **about)] if net else []
    if net != ours.net.minor:
        return [Difference(kind="amount_differs", unit=unit, theirs=net, ours=ours.net.minor, **about)]
    return []


def _learn_fee(w: Work, one: Movement, ours: Ours) -> Ours:
    """Some methods tell their fee late: it is taken over here."""
    intent = w.session.get_one(PaymentIntent, ours.row_id, with_for_update=True, populate_existing=True)
    if ours.at is not None and one.kind in ("charge", "payment"):
        settling.learn_fee(w, intent, one.fee)
    net = Money(intent.amount_minor - (intent.fee_minor or 0), intent.currency)
    return Ours(net, ours.at, ours.subject_id, ours.kind, ours.row_id)


def _missing(known: dict[str, Ours], moved: list[Movement], since: datetime | None) -> list[Difference]:
    """What was settled here in this time must have moved there in this time, an hour for the clocks left out at its beginning."""
    there, from_ = {one.source for one in moved}, since + timedelta(hours=1) if since else None
    return [
        Difference(kind="missing_there", ref=ref, unit=one.net.currency, ours=one.net.minor, subject_id=one.subject_id)
        for ref, one in known.items() if one.at is not None and (from_ is None or one.at > from_) and ref not in there
    ]  # fmt: skip


def last_of(session: Session, provider: str = "stripe") -> Reconciliation | None:
    query = select(Reconciliation).where(Reconciliation.provider == provider).order_by(Reconciliation.id.desc())
    return session.scalars(query.limit(1)).first()


def every_night(w: Work) -> None:
    """Once a day, by a job: the comparison talks to the provider."""
    last = last_of(w.session)
    if stripe_settings() is not None and (last is None or last.at < w.now - timedelta(hours=20)):
        w.later(NIGHTLY)


@handles(NIGHTLY)
def reconcile_all(session: Session, payloads: list[dict[str, Any]]) -> None:
    reconcile(session)
