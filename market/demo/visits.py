"""The demonstration's shops take bookings for consignment visits, and some people come tomorrow."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from core.clock import local
from core.db import get_locked
from core.work import Work
from market.channels.consignment.models import Consignor
from market.channels.consignment.visits import actions, offering, queries, receiving
from market.channels.consignment.visits.actions import Wanted
from market.channels.consignment.visits.models import Visit
from market.channels.consignment.visits.offering import Offered
from market.channels.consignment.visits.receiving import Caller
from market.channels.consignment.visits.rules import Thing
from market.demo.walk import House
from market.shops.queries import points_of

FILE = Path(__file__).with_name("visits.toml")


def read_visits() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def open_desks(house: House, moment: datetime) -> None:
    """After the shops' points were opened."""
    for row in read_visits()["desks"]:
        with house.doing(row["manager"], moment) as w:
            org_id, point_id = _point(house, w, row)
            offering.offer(w, org_id, point_id, Offered(
                taking=True, hours={int(day): text for day, text in row["hours"].items()}, minutes=row["minutes"],
                places=row["places"], most_things=row["most_things"], not_taken=row.get("not_taken", ""),
                not_taken_en=row.get("not_taken_en", ""),
            ))  # fmt: skip


def book_some(house: House, now: datetime) -> None:
    """At the first desk, from tomorrow on; after the consignors' files were opened."""
    told = read_visits()
    for row in told["visits"]:
        with house.doing(row.get("who") or row["clerk"], now - timedelta(hours=5)) as w:
            org_id, point_id = _point(house, w, told["desks"][0])
            made = _book(w, org_id, point_id, row)
        if "called_off" in row:
            with house.doing(told["desks"][0]["manager"], now - timedelta(hours=2)) as w:
                receiving.call_off(w, get_locked(w.session, Visit, made), row["called_off"])


def _point(house: House, w: Work, row: dict[str, Any]) -> tuple[str, str]:
    org_id = house.cast.organisations[row["shop"]]
    return org_id, next(one.id for one in points_of(w.session, org_id) if one.name == row["point"])


def _book(w: Work, org_id: str, point_id: str, row: dict[str, Any]) -> str:
    desk = queries.get_open_desk(w.session, point_id)
    today = local(w.now).date()
    later = [one for one in queries.free_slots(w.session, desk, w.now) if one.date() > today]
    wanted = Wanted(point_id=point_id, slot=later[row["nth"]], things=[Thing(**one) for one in row["things"]])
    if "who" in row:
        return actions.book(w, wanted).id
    return receiving.book_for(w, wanted, _caller(w, org_id, row)).id


def _caller(w: Work, org_id: str, row: dict[str, Any]) -> Caller:
    """By name and contact, or by the number of a file that belongs to no account."""
    if not row.get("file"):
        return Caller(name=row["name"], contact=row["contact"])
    query = select(Consignor.number).where(Consignor.org_id == org_id, Consignor.account_id.is_(None), Consignor.state == "open")
    return Caller(file=w.session.scalars(query.order_by(Consignor.id)).first() or "")
