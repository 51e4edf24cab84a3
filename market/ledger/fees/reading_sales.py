"""Sales from JSON, strictly: whole minor units, known keys, every id once."""

from datetime import date, datetime
from typing import Any

from core.clock import local
from core.i18n import N_
from core.money import LARGEST
from market.ledger.fees.policy import Sale
from market.ledger.fees.strict import Reader

MOST_LINES, MOST_PIECES = 100_000, 1_000_000


def read_sales(raw: Any) -> list[Sale]:
    """Sales from their JSON value. Raises Unreadable."""
    top = Reader(raw)
    sales: list[Sale] = []
    seen: set[str] = set()
    for one in top.items("lines", most=MOST_LINES):
        sale = _sale(one)
        if str(sale.id) in seen:
            raise one.wrong("id", "id_twice", N_("There is another line with this id."))
        seen.add(str(sale.id))
        sales.append(sale)
    top.done()
    return sales


def _sale(reader: Reader) -> Sale:
    found = Sale(
        id=_id(reader),
        price=reader.whole("price", least=-LARGEST) or 0,
        quantity=_quantity(reader),
        category=reader.text("category", needed=False),
        seller=reader.text("seller", needed=False),
        discount=reader.whole("discount", needed=False, least=-LARGEST) or 0,
        day=_day(reader),
        lost=reader.flag("lost"),
    )
    reader.done()
    if abs(found.gross) > LARGEST:
        raise reader.wrong("price", "too_much", N_("This line is worth too much."))
    return found


def _id(reader: Reader) -> int | str:
    if isinstance(reader.look("id"), int):
        return reader.whole("id", least=-LARGEST) or 0
    return reader.name("id")


def _quantity(reader: Reader) -> int:
    found = reader.whole("quantity", needed=False, least=-MOST_PIECES, most=MOST_PIECES)
    if found == 0:
        raise reader.wrong("quantity", "no_piece", N_("This must not be 0."))
    return 1 if found is None else found


def _day(reader: Reader) -> date | None:
    """A day, or a time with its zone: the day it is then in the market's zone."""
    value = reader.look("date")
    if isinstance(value, str) and "T" in value:
        try:
            moment = local(datetime.fromisoformat(value)).date()
        except ValueError:
            raise reader.wrong("date", "no_time", N_("A time needs its zone, like 2027-01-31T09:00:00+08:00.")) from None
        reader.leave("date")
        return moment
    return reader.day("date")
