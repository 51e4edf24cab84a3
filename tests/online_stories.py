"""A shop's stock online in stories: a coat with its tag goes on the market, is reserved, sold, and brought back.

    coat = on_floor(doing, chen, visit)          # 199 yuan on its tag, one photo
    listing = online(doing, chen, coat)          # in the shop's name
"""

from collections.abc import Callable
from typing import Any

from core.goods.models import Item
from core.goods.pictures import keep_photo
from market.aftersales import actions as aftersales
from market.aftersales.models import Case
from market.channels.consignment.goods import online as selling
from market.channels.consignment.goods import queries
from market.orders.models import Order
from tests import stock_stories as stock

SIZES = ("thumb", "medium", "large")
Doing = Callable[..., Any]


def shot(doing: Doing, clerk: Any, stock_id: str, many: int = 1) -> None:
    """Photos of the thing, as the register has them; nobody looks at their bytes."""
    for nth in range(many):
        stored = {"digest": f"{nth:064x}", "sizes": {name: ["0" * 64, 64, 48] for name in SIZES}, "dhash": f"{nth:016x}"}
        with doing(clerk) as w:
            keep_photo(w, w.session.get_one(Item, queries.get_stock(w.session, stock_id).item_id), stored, position=nth)


def on_floor(doing: Doing, clerk: Any, visit: str, price: int = 19_900, **also: Any) -> str:
    """A coat with photos and its tag. Returns the stock row's id."""
    stock_id = stock.taken(doing, clerk, visit, **also)
    shot(doing, clerk, stock_id, 3)
    stock.priced(doing, clerk, stock_id, price)
    return stock_id


def online(doing: Doing, clerk: Any, stock_id: str) -> str:
    """Returns the listing's id."""
    with doing(clerk) as w:
        return str(selling.put_online(w, queries.get_stock(w.session, stock_id)).id)


def brought_back(doing: Doing, order_id: str, buyer: Any, clerk: Any) -> str:
    """The buyer brings it back within the seven days of a shop; somebody at the counter takes it. Returns the case's id."""
    with doing(buyer) as w:
        order = w.session.get_one(Order, order_id)
        case_id = str(aftersales.open_case(w, order, kind="return", ground="not_as_told", words="拉链坏了").id)
    with doing(clerk) as w:
        aftersales.answer(w, w.session.get_one(Case, case_id), True, "")
    with doing(clerk) as w:
        aftersales.take_back(w, w.session.get_one(Case, case_id))
    return case_id
