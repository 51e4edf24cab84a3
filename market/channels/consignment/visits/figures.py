"""A day's visits as plain values, for the command: who comes stays in the house, what comes is told by kind."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from core.clock import local
from market.channels.consignment.visits import queries, rules


def day_figures(session: Session, org_id: str, day: date) -> list[dict[str, Any]]:
    found = []
    for one in queries.of_day(session, org_id, day):
        things = queries.things_of(one)
        found.append({
            "number": one.number, "time": f"{local(one.slot):%H:%M}", "until": f"{local(one.until):%H:%M}",
            "point": one.desk.point.name, "state": one.state, "has_file": one.consignor_id is not None, "by_shop": one.by_shop,
            "pieces": rules.total_pieces(things), "wish_minor": rules.total_wish(things),
            "things": [{"category": thing.category, "pieces": thing.pieces, "wish_minor": thing.wish} for thing in things],
        })  # fmt: skip
    return found
