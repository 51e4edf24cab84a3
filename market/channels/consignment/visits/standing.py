"""How booked visits stand, for other rooms: a way on a shop's page and on the list of points, rows in a consignor's file."""

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.when import slot_words
from market.channels.consignment.attached import Attached
from market.channels.consignment.visits import queries
from market.channels.consignment.visits.states import VISIT

FIND = "/consignment-visits/new"
SHOWN = 5  # in a file; the person's own list has them all


def on_shop_page(session: Session, org_id: str) -> tuple[str, str] | None:
    """(words, address) while a point of this shop takes bookings."""
    there = queries.open_desks(session, org_id=org_id)
    if not there:
        return None
    one = f"{FIND}/{there[0].point_id}" if len(there) == 1 else f"{FIND}?shop={org_id}"
    return str(_("Book a consignment visit")), one


def on_points(session: Session, point_ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """(words, address) of each of these points that takes bookings."""
    there = {one.point_id for one in queries.open_desks(session)} & set(point_ids)
    return {one: (str(_("Book a consignment visit")), f"{FIND}/{one}") for one in there}


def of_consignor(session: Session, consignor_id: str) -> list[Attached]:
    """The last visits of a file. None of them keeps it open: a time can be given back."""
    return [
        Attached(
            title=_("Visit %(number)s, %(time)s", number=one.number, time=slot_words(one.slot)),
            state=(_(VISIT[one.state].label), VISIT[one.state].tone), link=f"/consignment-visits/{one.id}",
            own=f"/consignment-visits/{one.id}" if one.account_id else "", open=False,
        )
        for one in queries.of_file(session, consignor_id)[:SHOWN]
    ]  # fmt: skip
