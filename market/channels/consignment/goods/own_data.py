"""What the stock holds about people: for their export, and how long the words of the register are kept."""

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
from market.channels.consignment import own_data as files
from market.channels.consignment.goods.models import StockItem
from market.channels.consignment.models import Consignor

EVERY: Final = timedelta(hours=6)
AT_ONCE: Final = 500


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    query = select(StockItem).join(Consignor, Consignor.id == StockItem.consignor_id).where(Consignor.account_id == account_id)
    return {"consigned_things": [_told(one) for one in session.scalars(query.order_by(StockItem.id))]}


def _told(one: StockItem) -> dict[str, Any]:
    return {
        "number": one.number, "receipt": one.intake.number, "what": one.title, "state": one.state,
        "wanted_minor": one.wanted_minor,
        "reserve_minor": one.reserve_minor, "asking_minor": one.asking_minor, "came_by": one.came_by,
        "came_words": one.came_words, "paper_shown": one.proof, "taken_in": stamp(one.taken_at), "went": one.went,
        "ended": stamp(one.ended_at) if one.ended_at else None,
    }  # fmt: skip


def sweep(w: Work) -> None:
    """So many months after a thing was sold or given back, the giver's own words about it go; who it was stands in the file,
    which has its own time."""
    old = (StockItem.ended_at <= months_later(w.now, -files.months()), or_(StockItem.came_words != "", StockItem.proof != ""))
    rows = w.session.scalars(select(StockItem.id).where(*old).order_by(StockItem.ended_at).limit(AT_ONCE)).all()
    each(w, rows, lambda row_id: _erase(w, row_id))


def _erase(w: Work, row_id: str) -> None:
    row = get_locked(w.session, StockItem, row_id)
    row.came_words = row.proof = ""
    w.record("market:stock:words_erased", row.id)


def retention() -> tuple[RetentionRow, ...]:
    basis = N_("Measures on second-hand goods (1998): register of who brings goods; PIPL 47, last sentence")
    since = N_("the thing was sold or given back")
    what, then = N_("The giver's words in a shop's register"), N_("erased; the line stays")
    return (RetentionRow(what, files.months(), since, basis, then),)
