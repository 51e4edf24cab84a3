"""Held money handed on to the seller, and a seller's share fetched back for a refund. What a seller owes is settled first."""

from sqlalchemy import select

from core import ids
from core.errors import Invalid, Refused
from core.i18n import N_
from core.money import Money
from core.ports import happened
from core.work import Work
from market.payments import settling
from market.payments.contract import guaranteed
from market.payments.events import ReleaseFailed
from market.payments.models import PaymentIntent, Refund, Release, Reversal
from market.payments.providers import get_provider
from market.payments.queries import debts_of, locked, releases_of, reversals_of, sums_of
from market.payments.rules import spread, withheld
from market.payments.states import PAYMENT

SEND = "payments:send"


def release(w: Work, intent: PaymentIntent, to_payee: Money, fee: Money, key: str) -> Release:
    """Hand `to_payee` on to the seller's account and keep `fee`; what the seller owes from earlier is kept back.

    Raises Refused when nobody holds the money or it isn't paid, Invalid for more than is held."""
    found = w.session.scalars(select(Release).where(Release.key == key)).first()
    if found is not None:
        return found
    intent = locked(w.session, intent.id)
    if not guaranteed(get_provider(intent.provider)):
        raise Refused("nobody_holds", N_("Nobody holds this money: it went from hand to hand."))
    if intent.state != "paid":
        PAYMENT.next(intent.state, "give_back")
    if {to_payee.currency, fee.currency} != {intent.currency} or min(to_payee.minor, fee.minor) < 0 or not (to_payee + fee).minor:
        raise Invalid("release_nothing", N_("Say how much goes to the seller."), field="amount")
    if (to_payee + fee).minor > sums_of(w.session, intent).held:
        raise Invalid("release_too_much", N_("That is more than is held of this payment."), field="amount")
    settles = _settle_debts(w, intent, to_payee.minor)
    back = sum(settles.values())
    row = Release(
        id=ids.new_id(), intent_id=intent.id, payee_id=intent.payee_id, amount_minor=to_payee.minor - back, fee_minor=fee.minor,
        withheld_minor=back, settles=settles, key=key, asked_at=w.now, tried_at=None, settled_at=None,
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("market:release:asked", intent.subject_id, release=row.id, amount=row.amount_minor, fee=fee.minor, withheld=back)
    if row.amount_minor:
        w.later(SEND, kind="release", id=row.id)
    else:
        settling.release_done(w, intent, row, ref=None)
    return row


def release_missing(w: Work, intent: PaymentIntent, amount: Money, key: str) -> None:
    """What the seller is owed and isn't held any more: it failed from the start, so that staff hear of it. Once a key."""
    if w.session.scalars(select(Release).where(Release.key == key)).first() is not None:
        return
    row = Release(
        id=ids.new_id(), intent_id=intent.id, payee_id=intent.payee_id, amount_minor=amount.minor, fee_minor=0, settles={},
        key=key, state="failed", asked_at=w.now, tried_at=None, settled_at=w.now, fault="not_held",
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("market:release:failed", intent.subject_id, release=row.id, why="not_held")
    happened(w, ReleaseFailed(
        intent_id=intent.id, subject_id=intent.subject_id, amount=amount, release_id=row.id, payee_id=row.payee_id,
        why="not_held",
    ))  # fmt: skip


def _settle_debts(w: Work, intent: PaymentIntent, to_payee: int) -> dict[str, int]:
    debts = debts_of(w.session, intent.payee_id, intent.currency, lock=True)
    owed = [(one.id, one.amount_minor - one.recovered_minor) for one in debts]
    total = withheld(to_payee, sum(there for _, there in owed))
    by_id, settles = {one.id: one for one in debts}, dict(spread(total, owed))
    for reversal_id, part in settles.items():
        settling.recovered(w, by_id[reversal_id], part)
    return settles


def fetch_back(w: Work, intent: PaymentIntent, amount: Money, key: str) -> int:
    """Fetch from the seller what their buyer's bank has taken, as far as it was handed on. Once a key. Returns what is asked for,
    in minor units."""
    first = f"{key[:90]}/%"
    if w.session.scalars(select(Reversal.id).where(Reversal.key.like(first)).limit(1)).first() is not None:
        return 0
    intent = locked(w.session, intent.id)
    share = min(amount.minor, sums_of(w.session, intent).with_seller)
    ask_reversals(w, intent, share, key)
    return share


def ask_reversals(w: Work, intent: PaymentIntent, share: int, key: str, refund: Refund | None = None) -> None:
    """Fetch a seller's share of what went back, from what was handed on last first; also from what is on its way to them. What
    was kept back for an older debt can't be fetched: it never left the balance, so that part of the share is owed."""
    back: dict[tuple[str, bool], int] = {}
    for one in reversals_of(w.session, intent.id):
        if one.state != "failed":
            place = (one.release_id, settling.from_kept(one))
            back[place] = back.get(place, 0) + one.amount_minor
    gone = [one for one in releases_of(w.session, intent.id) if one.state != "failed"]
    there = {(one.id, kept): one.withheld_minor if kept else one.amount_minor for kept in (True, False) for one in gone}
    places = [(place, minor - back.get(place, 0)) for place, minor in there.items()]
    for place, part in spread(share, reversed(places)):
        _ask(w, intent, place, part, key, refund)


def _ask(w: Work, intent: PaymentIntent, place: tuple[str, bool], part: int, key: str, refund: Refund | None) -> None:
    release_id, kept = place
    row = Reversal(
        id=ids.new_id(), release_id=release_id, refund_id=refund.id if refund else None, intent_id=intent.id,
        payee_id=intent.payee_id, amount_minor=part, key=f"{key[:90]}/{release_id}{settling.KEPT if kept else ''}",
        asked_at=w.now, tried_at=None, settled_at=None,
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    state = w.session.get_one(Release, release_id).state
    if kept:
        if state != "asked":
            settling.seller_lacks(w, intent, row, "kept_back")
    elif state == "by_hand":  # it never was on an account from which it could be fetched
        settling.reversal_failed(w, intent, row, "paid_by_hand")
    else:
        w.later(SEND, kind="reversal", id=row.id)
