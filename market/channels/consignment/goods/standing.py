"""How stock stands, for other rooms: whose data is on a device, rows in a consignor's file."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from market.channels.consignment.attached import Attached
from market.channels.consignment.goods import queries
from market.channels.consignment.goods.states import LIVE, STOCK


def data_owner(session: Session, item_id: str) -> str | None:
    """The account of who brought a device: that person agrees to its wiping, not the shop that keeps it."""
    stock = queries.live_of(session, item_id)
    return stock.consignor.account_id if stock is not None and stock.consignor is not None else None


def of_consignor(session: Session, consignor_id: str) -> list[Attached]:
    """The things of a consignor's file, the newest first; what the shop still answers for keeps it open."""
    return [
        Attached(
            title=_("%(title)s (%(number)s)", title=one.title, number=one.number),
            state=(_(STOCK[one.state].label), STOCK[one.state].tone), link=f"/stock/{one.id}",
            own=f"/consignments/goods/{one.id}", open=one.state in LIVE,
        )
        for one in queries.goods_of_consignor(session, consignor_id)
    ]  # fmt: skip
