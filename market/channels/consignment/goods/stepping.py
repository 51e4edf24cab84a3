"""One step of a thing in the shop: walked, written to its own lines and to the log."""

from datetime import datetime
from typing import Any

from core import ids
from core.clock import local
from core.states import walk
from core.work import Work
from market.channels.consignment.goods.models import StockItem, StockLine
from market.channels.consignment.goods.states import STOCK


def line(w: Work, stock: StockItem, what: str, /, *, words: str = "", **facts: Any) -> None:
    """Write what happened to it. `facts`: amounts in fen, codes and ids; `words`: as staff typed them."""
    w.session.add(StockLine(
        id=ids.new_id(), stock_id=stock.id, what=what, facts=facts, words=words[:200], by=w.actor.id, at=w.now,
    ))  # fmt: skip
    w.record(f"market:stock:{what}", stock.id, **facts)


def step(
    w: Work, stock: StockItem, verb: str, what: str, /, *, words: str = "", also: dict[str, Any] | None = None, **facts: Any
) -> None:
    """Walk an arrow of STOCK; `also`: columns that change with it. Raises Refused where there is none, Busy for a twin."""
    walk(w, STOCK, stock, verb, **(also or {}))
    line(w, stock, what, words=words, **facts)


def days_on_floor(stock: StockItem, now: datetime) -> int:
    """Whole days of the market's zone since it first stood on the floor with a price; 0 before."""
    return (local(now).date() - local(stock.floor_at).date()).days if stock.floor_at else 0
