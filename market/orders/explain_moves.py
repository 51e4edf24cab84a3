"""What an order gave its payment to move, and why so much: read out of the order's own entries in the books."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.i18n import N_
from core.money import Money
from market.ledger.explaining import on
from market.ledger.models import Entry
from market.ledger.steps import Said, Step, said, whole
from market.ledger.words import ENTRIES
from market.orders.models import Order
from market.payments.explain_moves import asked_by, row_id
from market.payments.models import PaymentIntent, Refund, Release, Reversal
from market.payments.queries import reversals_of
from market.payments.settling import HOLD

THAT_ENTRY = N_("The entry “%(entry)s” of this order.")
MISSING = "/missing"  # what could not be sent, as orders.paying names it


def payment(session: Session, entry: Entry) -> Sequence[Step]:
    """The price of the order. A second payment of it goes straight back."""
    order = session.get(Order, entry.subject_id)
    others = select(PaymentIntent.id).where(
        PaymentIntent.subject_id == entry.subject_id, PaymentIntent.id < row_id(entry), PaymentIntent.paid_at.is_not(None)
    )
    if order is None:
        return ()
    why = [said(N_("The price of the order."))]
    if session.scalars(others).first() is not None:
        why.append(said(N_("Another payment had come for it as well: what was paid twice goes back.")))
    return (whole(said(N_("What was to be paid")), order.price_minor, order.currency, *why),)


def release(session: Session, entry: Entry) -> Sequence[Step]:
    """What the order owed its seller then, out of the books, and how much of it was held."""
    row = session.get(Release, row_id(entry))
    if row is None:
        return ()
    owed, handed = _owed(session, entry, row), row.amount_minor + row.withheld_minor
    if row.fault == "not_held":
        return owed, _missing(session, row, owed)
    if handed == owed.minor:
        return (owed,)
    short = said(N_("No more of it was held at the provider then."))
    return owed, whole(said(N_("What could be handed on")), handed, owed.unit, short, formula=f"min({owed.minor}, {handed})")


def _owed(session: Session, entry: Entry, row: Release) -> Step:
    """Every movement of the seller's account in this order before it was decided to hand it on."""
    query = select(Entry).where(Entry.subject_id == entry.subject_id, Entry.posted, Entry.id < row.id).order_by(Entry.id)
    moved = [(one, on(one, "seller_payable")) for one in session.scalars(query)]
    unit = entry.postings[0].unit
    why = [said(N_("%(entry)s: %(amount)s"), entry=said(ENTRIES.get(one.kind, one.kind)), amount=Money(minor, unit))
           for one, minor in moved if minor]  # fmt: skip
    formula = _sum_of([minor for _one, minor in moved if minor])
    label = said(N_("What this order owed the seller: price less fee, less what went back"))
    return whole(label, sum(minor for _one, minor in moved), unit, *why, formula=formula)


def _sum_of(amounts: list[int]) -> str:
    first, *more = amounts or [0]
    return str(first) + "".join(f" - {-one}" if one < 0 else f" + {one}" for one in more)


def _missing(session: Session, row: Release, owed: Step) -> Step:
    """What was owed and isn't held any more: the part that was handed on is taken off."""
    main = session.scalars(select(Release).where(Release.key == row.key.removesuffix(MISSING))).first()
    part = main.amount_minor + main.withheld_minor if main and main.id != row.id else 0
    why = said(N_("It wasn't held at the provider any more: staff had to find another way."))
    return whole(said(N_("What couldn't be handed on")), owed.minor - part, owed.unit, why, formula=f"{owed.minor} - {part}")


def refund(session: Session, entry: Entry) -> Sequence[Step]:
    """The part of the sale that was taken back, and how much of it goes by this payment."""
    row = session.get(Refund, row_id(entry))
    if row is None:
        return ()
    unit, minor = entry.postings[0].unit, row.amount_minor
    taken = taken_back(session, row)
    if taken is None:
        rule = hold_rule() if row.why == "hold_ended" else None
        return (whole(said(N_("What was owed back to the buyer")), minor, unit, said(_WHY.get(row.why, _OWED)), rule=rule),)
    booked = on(taken, "buyer")
    first = whole(said(N_("Taken back in the books")), booked, unit, _that(taken))
    if booked == minor:
        return (first,)
    if row.key.endswith(MISSING):
        gone = said(N_("The rest had gone by the payment, or the buyer's bank had given it back."))
        return first, whole(said(N_("What is still owed of it")), minor, unit, gone, formula=f"{booked} - {booked - minor}")
    no_more = said(N_("No more was left of this payment."))
    return first, whole(said(N_("What could go back by it")), minor, unit, no_more, formula=f"min({booked}, {minor})")


_OWED = N_("What the books owed the buyer.")
_WHY = {
    "paid_twice": N_("The order was paid twice: the second payment goes back as a whole."),
    "bank_decided": N_("It waited while the buyer's bank examined the payment; the bank has decided."),
    "hold_ended": N_("The time to hold the money was over: what was still held goes back."),
    "dashboard": N_("The platform's operator sent it back at the provider itself."),
}


def hold_rule() -> Said:
    return said(N_("Rule of this market: no money is held longer than %(days)s days"), days=HOLD.days)


def taken_back(session: Session, row: Refund) -> Entry | None:
    """The entry by which the order took that part of the sale back."""
    keys = (f"refund/{row.key.removesuffix(MISSING)}", f"refund/at_provider/{row.id}")
    return session.scalars(select(Entry).where(Entry.key.in_(keys), Entry.kind == "refund")).first()


def otherwise(session: Session, entry: Entry) -> Sequence[Step]:
    return refund(session, entry) or release(session, entry)


def fetched_back(session: Session, entry: Entry) -> Sequence[Step]:
    """The seller's share, as the entry that took the sale back has it: for a refund, or for what their buyer's bank keeps."""
    row = session.get(Reversal, row_id(entry))
    paid_back = session.get(Refund, row.refund_id) if row is not None and row.refund_id else None
    taken = taken_back(session, paid_back) if paid_back is not None else _lost(session, row)
    if row is None or taken is None:
        return ()
    share, unit = -on(taken, "seller_payable"), entry.postings[0].unit
    found = sum(one.amount_minor for one in reversals_of(session, row.intent_id) if asked_by(one) == asked_by(row))
    first = whole(said(N_("The seller's share of what was taken back")), share, unit, _that(taken))
    return (first,) if share == found else (first, _share(share, found, unit))


def _lost(session: Session, row: Reversal | None) -> Entry | None:
    """The entry by which a dispute was lost that asked for this."""
    found = select(Entry).where(Entry.key == asked_by(row), Entry.kind == "dispute_lost") if row is not None else None
    return session.scalars(found).first() if found is not None else None


def _that(taken: Entry) -> Said:
    return said(THAT_ENTRY, entry=said(ENTRIES[taken.kind]))


def _share(share: int, found: int, unit: str) -> Step:
    why: Said = said(N_("No more had been handed on to the seller, or gone back by this payment."))
    return whole(said(N_("What can be fetched back of it")), found, unit, why, formula=f"min({share}, {found})")


TELLERS = {
    "payment": payment, "payment_in_person": payment, "payment_by_transfer": payment, "release": release, "refund_paid": refund,
    "paid_otherwise": otherwise, "fetched_back": fetched_back,
}  # fmt: skip
