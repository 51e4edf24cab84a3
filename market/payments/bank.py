"""Bank details for one order: typed by the payee, read by the payer while it is to be paid, erased when that is over."""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from core import secrets
from core.errors import Invalid, Refused
from core.i18n import N_
from core.people.notices import notify
from core.ports import RetentionRow
from core.work import Work
from market.payments.models import PaymentIntent
from market.payments.side_models import BankDetails
from market.payments.states import OPEN
from market.payments.telling import between

KIND = "bank_details"
KEPT = timedelta(days=7)
THERE = N_("The account for your transfer for “%(title)s” is there. Check the name before you send.")
CHANGED = N_("The account for your transfer for “%(title)s” was changed. Look again before you send.")
RETENTION = RetentionRow(
    N_("Bank details for a transfer"), 0, N_("the payment ended, seven days later"),
    N_("Personal Information Protection Law, article 19: shortest time"), N_("delete"), closing=True,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bank:
    """As the payee typed them."""

    holder: str
    bank: str
    number: str


def read(holder: str, bank: str, number: str) -> Bank:
    """Tidy and check; raises Invalid at the field. The number is 8 to 34 letters and digits (an IBAN is the longest)."""
    tidy = "".join(number.split()).upper().replace("-", "")
    if not holder.strip():
        raise Invalid("holder_missing", N_("Write whose account it is."), field="holder")
    if not bank.strip():
        raise Invalid("bank_missing", N_("Write at which bank it is."), field="bank")
    if not (8 <= len(tidy) <= 34 and tidy.isascii() and tidy.isalnum() and sum(one.isdigit() for one in tidy) >= 6):
        raise Invalid("number_unreadable", N_("This is not an account number: it has 8 to 34 digits or letters."), field="number")
    return Bank(holder.strip()[:60], bank.strip()[:80], tidy)


def keep(w: Work, intent: PaymentIntent, details: Bank) -> None:
    """Keep or change them while nothing is paid, and tell who pays; sent again, nothing changes. Raises Refused later."""
    intent = between(w, intent)
    if intent.provider != "bank_transfer" or intent.state != "begun":
        raise Refused("bank_late", N_("The account can't be changed any more: it may have been paid already."))
    row = w.session.get(BankDetails, intent.id)
    if row is not None and opened(row) == details:
        return
    if new := row is None:
        row = BankDetails(intent_id=intent.id, sealed="", typed_by=w.actor.id, typed_at=w.now)
        w.session.add(row)
    row.sealed, row.typed_by, row.typed_at = secrets.encrypt(json.dumps(asdict(details)), KIND), w.actor.id, w.now
    w.session.flush()
    w.record("market:bank:typed", intent.subject_id, payment=intent.id)
    notify(w, intent.payer_id, THERE if new else CHANGED, f"/payments/{intent.id}", title=intent.title)


def opened(row: BankDetails) -> Bank:
    return Bank(**json.loads(secrets.decrypt(row.sealed, KIND)))


def erase_old(w: Work) -> None:
    """A week after the payment ended, whichever way, they are gone."""
    over = select(PaymentIntent.id).where(
        PaymentIntent.state.not_in(OPEN), (PaymentIntent.paid_at < w.now - KEPT) | (PaymentIntent.ended_at < w.now - KEPT)
    )
    query = select(BankDetails).where(BankDetails.intent_id.in_(over)).limit(200)
    for row in w.session.scalars(query):
        w.record("market:bank:erased", row.intent_id)
        w.session.delete(row)


def forget(w: Work, account_id: str) -> None:
    """Whoever leaves takes them along."""
    w.session.execute(delete(BankDetails).where(BankDetails.typed_by == account_id))
