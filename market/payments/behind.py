"""From an entry to the payment behind it, and from a payment to its entries."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from core.i18n import N_
from market.ledger.explaining import Behind
from market.ledger.models import Entry, Posting
from market.ledger.steps import said
from market.payments.books import ENTRIES
from market.payments.explain_moves import row_id
from market.payments.models import PaymentIntent, Refund, Release, Reversal
from market.payments.queries import chargebacks_of, of_subject, refunds_of, releases_of, reversals_of

BY_ITSELF = ("payment", "payment_in_person", "payment_by_transfer", "provider_fee")
MOVES: Mapping[str, tuple[type[Refund | Release | Reversal], ...]] = {
    "refund_paid": (Refund,), "refund_came_back": (Refund,), "paid_otherwise": (Refund, Release), "release": (Release,),
    "fetched_back": (Reversal,), "seller_paid": (Reversal,), "written_off": (Reversal,), "given_back": (Reversal,),
}  # fmt: skip
NAMES = {Refund: N_("The refund"), Release: N_("What was handed on"), Reversal: N_("The seller's share of a refund")}
AT_ONCE = 500  # ids in one question: SQLite takes some thousands


def behind(session: Session, entry: Entry) -> Iterator[Behind]:
    """The payment, and the very move on its page; the reconciliation for what the operator did at the provider."""
    if entry.kind == "at_provider":
        yield Behind(said(N_("Reconciliation")), "/payments/reconciliation", "market:payments:reconcile", None)
    for one in _payments(session, entry):
        yield Behind(said(N_("The payment")), f"/payments/{one.id}", "market:payment:read", one)
    row = move_of(session, entry)
    if row is not None:
        one = session.get_one(PaymentIntent, row.intent_id)
        yield Behind(said(NAMES[type(row)]), f"/payments/{one.id}#move-{row.id}", "market:payment:read", one)


def move_of(session: Session, entry: Entry) -> Refund | Release | Reversal | None:
    for kind in MOVES.get(entry.kind, ()):
        row = session.get(kind, row_id(entry))
        if isinstance(row, Refund | Release | Reversal):
            return row
    return None


def _payments(session: Session, entry: Entry) -> list[PaymentIntent]:
    if entry.kind in BY_ITSELF:
        one = session.get(PaymentIntent, row_id(entry))
        return [one] if one else []
    if entry.kind == "chargeback":
        return [one for one in of_subject(session, entry.subject_id) if chargebacks_of(session, one.id)]
    row = move_of(session, entry)
    if row is not None:
        return [session.get_one(PaymentIntent, row.intent_id)]
    return of_subject(session, entry.subject_id) if entry.kind not in ENTRIES else []


def entries_of_payment(session: Session, one: PaymentIntent) -> Sequence[Entry]:
    """Everything in the books that this payment wrote, and what takes that back, in their order."""
    keys = [f"{word}/{one.id}" for word in ("payment", "provider_fee")]
    for row in refunds_of(session, one.id):
        keys += [f"{word}/{row.id}" for word in ("refund", "refund_back", "paid_otherwise")]
    for handed in releases_of(session, one.id):
        keys += [f"{word}/{handed.id}" for word in ("release", "paid_otherwise")]
    for back in reversals_of(session, one.id):
        keys += [f"{word}/{back.id}" for word in ("fetched_back", "owed_settled", "given_back")]
    at_bank = (Entry.kind == "chargeback") & (Entry.subject_id == one.subject_id)
    mine = or_(Entry.key.in_(keys), at_bank) if chargebacks_of(session, one.id) else Entry.key.in_(keys)
    written = select(Entry.id).where(mine)
    query = select(Entry).where(or_(Entry.id.in_(written), Entry.reverses_id.in_(written)), Entry.posted).order_by(Entry.id)
    return session.scalars(query.options(selectinload(Entry.postings).joinedload(Posting.account))).all()


def old_transfers(session: Session, entries: Sequence[Entry]) -> dict[str, str]:
    """Payments by bank transfer once stood in the books like those in person: they are called what they were."""
    kept = {row_id(one): one.id for one in entries if one.kind == "payment_in_person"}
    ids, found = sorted(kept), {}
    for start in range(0, len(ids), AT_ONCE):
        query = select(PaymentIntent.id).where(PaymentIntent.id.in_(ids[start : start + AT_ONCE]))
        for one in session.scalars(query.where(PaymentIntent.provider == "bank_transfer")):
            found[kept[one]] = ENTRIES["payment_by_transfer"]
    return found
