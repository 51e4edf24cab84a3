"""What happens to booked visits when a shop ends or a point closes: they are called off in the same transaction."""

from sqlalchemy import ColumnElement, select

from core.work import Work
from market.channels.consignment.visits import receiving
from market.channels.consignment.visits.models import Visit
from market.shops.events import PointClosed, ShopEnded, ShopEnding


def shop_ends(w: Work, event: ShopEnding | ShopEnded) -> None:
    """From the announcement on the shop takes nothing new."""
    _all_off(w, Visit.org_id == event.org_id)


def point_closes(w: Work, event: PointClosed) -> None:
    """A paused point opens again, so its visits stand until shortly before (timers)."""
    _all_off(w, Visit.point_id == event.point_id)


def _all_off(w: Work, where: ColumnElement[bool]) -> None:
    rows = select(Visit).where(where, Visit.state == "booked").order_by(Visit.id).with_for_update()
    for row in w.session.scalars(rows).all():
        receiving.call_off_now(w, row, "closed")
