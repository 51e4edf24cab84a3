"""How long a consignor's file is kept: so many months after it was closed, then all but its number is destroyed."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from core.each import each
from core.people.rules import months_later
from core.states import walk
from core.work import Work
from market.channels.consignment.models import Consignor, Delegate
from market.channels.consignment.states import CONSIGNOR

EVERY: Final = timedelta(hours=6)
AT_ONCE: Final = 200
NOTHING: Final = {
    "account_id": None, "name": "", "shown": "", "paper_no": "", "paper_digest": None, "paper_masked": "", "contact": "",
    "contact_digest": None, "contact_masked": "", "address": "", "payout": "hold", "payout_account": "", "payout_masked": "",
    "no_discount": False, "donate_unsold": False, "slip_digest": None, "slip_at": None, "contact_denied": False,
    "confirm_tries": 0,
}  # fmt: skip


def run(w: Work, months: int) -> None:
    """Sweep; each file by itself. `months`: the setting, at least 36."""
    query = select(Consignor).where(Consignor.state == "closed", Consignor.closed_at <= months_later(w.now, -months))
    old = w.session.scalars(query.order_by(Consignor.closed_at).limit(AT_ONCE)).all()
    each(w, old, lambda row: erase(w, row, months))


def erase(w: Work, row: Consignor, months: int) -> None:
    """Destroy who it was, once the time is over; the row stays as a stub with its number, for what the books and the log name."""
    w.session.refresh(row, with_for_update=True)
    if row.state != "closed" or row.closed_at is None or months_later(row.closed_at, months) > w.now:
        return
    gone = w.session.execute(delete(Delegate).where(Delegate.consignor_id == row.id))
    walk(w, CONSIGNOR, row, "erase", **NOTHING)
    w.record("market:consignor:erased", row.id, delegates=gone.rowcount)  # type: ignore[attr-defined]
