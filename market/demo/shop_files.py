"""What the demonstration's shops say of themselves: points, rules, a permit, an exemption, an announced end."""

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from core.clock import local
from core.db import get_locked
from market.demo.walk import House
from market.shops import closings, exemptions, permits, points, residents, wording
from market.shops.models import ShopExemption, TradePermit
from market.shops.points import Told
from market.shops.rules import CLOSE_NOTICE_DAYS

FILE = Path(__file__).with_name("shops.toml")
ADMINISTRATOR = "guan"


def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def read_shops() -> list[dict[str, Any]]:
    return list(_file()["shops"])


def open_files(house: House, moment: datetime) -> None:
    """Points, rules and papers, weeks ago; what is confirmed then lets the school sell its books."""
    for row in read_shops():
        org_id = house.cast.organisations[row["org"]]
        if "ground" in row:
            _exempt(house, row, org_id, moment)
        with house.doing(row["manager"], moment) as w:
            for point in row["points"]:
                points.open_point(w, org_id, _told(point))
            if "rules" in row:
                wording.publish_rules(w, org_id, row["rules"], row.get("rules_en", ""))
        if row.get("permit", {}).get("confirmed"):
            _permit(house, row, org_id, moment)


def follow_up(house: House, now: datetime) -> None:
    """What happened lately: followers, a permit that waits to be confirmed, an end that was announced."""
    for row in read_shops():
        org_id = house.cast.organisations[row["org"]]
        for person in row.get("followers", ()):
            with house.doing(person, now - timedelta(days=3)) as w:
                residents.follow(w, org_id)
        if "permit" in row and not row["permit"].get("confirmed"):
            _permit(house, row, org_id, now - timedelta(hours=20))
        if "closes_in" in row:
            with house.doing(row["manager"], now - timedelta(days=1)) as w:
                day = local(now).date() + timedelta(days=row["closes_in"])
                closings.announce(w, org_id, day, row["closing_words"], CLOSE_NOTICE_DAYS)
    with house.doing("alice", now - timedelta(days=2)) as w:
        residents.name_estate(w, read_shops()[0]["points"][1]["estate"])


def _told(row: dict[str, Any]) -> Told:
    return Told(
        kind=row.get("kind", "consignment"), zone_name=row.get("zone", ""), name=row["name"], name_en=row["name_en"],
        site=row["site"], district=row["district"], address=row["address"], estate=row.get("estate", ""),
        position=row.get("position", ""), hours={int(day): text for day, text in row["hours"].items()}, note=row.get("note", ""),
    )  # fmt: skip


def _permit(house: House, row: dict[str, Any], org_id: str, moment: datetime) -> None:
    told = row["permit"]
    until: date = local(moment).date() + timedelta(days=told["days"])
    with house.doing(row["manager"], moment) as w:
        made = permits.enter(w, org_id, permits.BOOKS, told["number"], told["issuer"], until).id
    if told.get("confirmed"):
        with house.doing(ADMINISTRATOR, moment) as w:
            permits.decide(w, get_locked(w.session, TradePermit, made), True, _file()["reason"])


def _exempt(house: House, row: dict[str, Any], org_id: str, moment: datetime) -> None:
    with house.doing(row["manager"], moment) as w:
        made = exemptions.state_ground(w, org_id, row["ground"]).id
    with house.doing(ADMINISTRATOR, moment) as w:
        exemptions.decide(w, get_locked(w.session, ShopExemption, made), True, _file()["reason"])
