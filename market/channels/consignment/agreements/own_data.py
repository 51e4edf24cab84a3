"""What agreements hold about people: for their export, and how long names and signatures are kept."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.db import get_locked, stamp
from core.each import each
from core.i18n import N_
from core.people.rules import months_later
from core.ports import RetentionRow
from core.work import Work
from market.channels.consignment.agreements import queries
from market.channels.consignment.agreements.models import Agreement

KEPT_MONTHS: Final = 36
EVERY: Final = timedelta(hours=6)
AT_ONCE: Final = 200


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    return {"consignment_agreements": [_told(one) for one in queries.agreements_of_account(session, account_id)]}


def _told(one: Agreement) -> dict[str, Any]:
    parties = queries.parties_of(one)
    return {
        "number": one.number, "shop": one.org.name, "file": one.consignor.number, "state": one.state, "terms": one.data,
        "name": parties.consignor if parties else "", "signed": stamp(one.signed_at) if one.signed_at else None,
        "signed_how": one.signed_how, "signature": queries.signature_of(one), "digest": one.digest,
    }  # fmt: skip


def sweep(w: Work) -> None:
    """Names and signatures of what ended long ago are erased; terms, text and digests stay."""
    old = (Agreement.ended_at <= months_later(w.now, -KEPT_MONTHS), or_(Agreement.parties != "", Agreement.signature != ""))
    rows = w.session.scalars(select(Agreement.id).where(*old).order_by(Agreement.ended_at).limit(AT_ONCE)).all()
    each(w, rows, lambda row_id: _erase(w, row_id))


def _erase(w: Work, row_id: str) -> None:
    row = get_locked(w.session, Agreement, row_id)
    row.parties = row.signature = ""
    w.record("market:consignment_agreement:erased", row.id)


RETENTION = RetentionRow(
    N_("Names and signatures of consignment agreements"), KEPT_MONTHS, N_("the agreement ended or was withdrawn"),
    N_("E-commerce Law, article 31: at least three years"), N_("erased"),
)  # fmt: skip
