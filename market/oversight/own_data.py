"""What oversight holds about a person, for their own export, and how long it is kept."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import stamp
from core.i18n import N_
from core.ports import RetentionRow
from market.oversight.models import Flag, SellerSignal


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    """What the program noticed of them and what a person said of it. Who said it is a colleague's datum, not theirs."""
    flags = session.scalars(select(Flag).where(Flag.about_id == account_id).order_by(Flag.id))
    signals = session.scalars(select(SellerSignal).where(SellerSignal.account_id == account_id).order_by(SellerSignal.id))
    return {
        "flags": [
            {"kind": one.kind, "listing": one.listing_id, "at": stamp(one.at), "state": one.state, "reason": one.reason,
             "found": one.facts.get("found", []), "earlier": one.facts.get("earlier", [])}
            for one in flags
        ],
        "seller_signals": [
            {"year": one.year, "crossed": one.crossed, "figures": one.figures, "at": stamp(one.at), "state": one.state,
             "verdict": one.verdict, "factors": one.factors, "reason": one.reason}
            for one in signals
        ],
    }  # fmt: skip


RETENTION = RetentionRow(
    N_("Flags and signals about sellers, and what staff made of them"), 36, N_("the decision"),
    N_("E-commerce Law 31 and 38: what a platform knew and decided, three years"), N_("erased with their subject"),
)  # fmt: skip
