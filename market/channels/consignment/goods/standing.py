"""How stock stands, for other rooms: whose data is on a device, rows in a consignor's file, label and item passport."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.money import CNY, Money
from market.channels.consignment.attached import Attached
from market.channels.consignment.goods import queries
from market.channels.consignment.goods.states import LIVE, STOCK
from market.passport.standing import Standing


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


def on_passport(session: Session, item_id: str) -> Standing | None:
    """For its label and its passport: never who brought it."""
    stock = queries.live_of(session, item_id)
    if stock is None:
        return None
    state = STOCK[stock.state]
    return Standing(
        org_id=stock.org_id, org_name=stock.intake.org.name, state=(state.label, state.tone),
        price=Money(stock.asking_minor, CNY) if stock.asking_minor else None, number=stock.number,
        place=f"{stock.point.name} · {stock.place.code}" if stock.place else stock.point.name, used=stock.used, title=stock.title,
        since=stock.floor_at or stock.taken_at,
    )  # fmt: skip
