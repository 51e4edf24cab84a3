"""What payments hold about a person: for the export, the retention table, and for leaving."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import stamp
from core.i18n import N_
from core.ports import PersonClosing, RetentionRow
from core.work import Work
from market.payments import bank, collect_codes
from market.payments.models import PaymentIntent
from market.payments.side_models import PayoutAccount

RETENTION = (
    RetentionRow(N_("Payments, refunds and what moved"), 120, N_("the payment ended"),
                 N_("our own rule, after accounting practice; to be checked"), N_("keep")),
    RetentionRow(N_("Reports of payment providers (ids only)"), 120, N_("the report came"),
                 N_("our own rule, after accounting practice; to be checked"), N_("keep")),
    collect_codes.RETENTION,
    bank.RETENTION,
)  # fmt: skip


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    """Payments, collection codes and payout accounts of a person, as plain values."""
    mine = (PaymentIntent.payer_id == account_id) | (PaymentIntent.payee_id == account_id)
    payments = session.scalars(select(PaymentIntent).where(mine).order_by(PaymentIntent.id))
    accounts = session.scalars(select(PayoutAccount).where(PayoutAccount.owner_id == account_id))
    return {
        "payments": [
            {"title": one.title, "way": one.provider, "amount_minor": one.amount_minor, "currency": one.currency,
             "state": one.state, "paid_by_me": one.payer_id == account_id, "at": stamp(one.created_at)}
            for one in payments
        ],
        "collect_codes": collect_codes.personal_data(session, account_id),
        "payout_accounts": [{"provider": one.provider, "name_there": one.ref, "state": one.state} for one in accounts],
    }  # fmt: skip


def leave(w: Work, event: PersonClosing) -> None:
    """Codes and bank details go; payments stay as the books do, under the closed account."""
    collect_codes.leave(w, event.account_id)
    bank.forget(w, event.account_id)
