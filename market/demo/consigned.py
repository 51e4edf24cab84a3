"""The files of who brings goods to the demonstration's shops: one confirmed, one asked about, one denied, one closed."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.people.rules import read_address
from market.channels.consignment import actions, delegates, linking, rules
from market.channels.consignment.actions import Choices, Shown
from market.channels.consignment.delegates import Named
from market.channels.consignment.models import Consignor
from market.demo.cast import read_people
from market.demo.walk import House

FILE = Path(__file__).with_name("consignors.toml")


def open_files(house: House, now: datetime) -> None:
    """Each at its day, oldest first."""
    contacts = {row["key"]: row["contact"] for row in read_people()["people"]}
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))["files"]
    for row in sorted(told, key=lambda one: -one["days"]):
        moment = now - timedelta(days=row["days"], minutes=40)
        contact = contacts[row["who"]] if "who" in row else row["contact"]
        with house.doing(row["clerk"], moment) as w:
            file_id = actions.open_file(w, house.cast.organisations[row["shop"]], _shown(row, contact))[0].id
        _answered(house, row, file_id, moment + timedelta(minutes=20))
        _afterwards(house, row, file_id, moment + timedelta(minutes=30))


def _shown(row: dict[str, Any], contact: str) -> Shown:
    return Shown(
        name=row["name"], paper=rules.read_paper(row.get("paper_kind", "resident_id"), row["paper_no"]),
        contact=read_address(contact), address=row.get("address", ""), of_age=True,
        choices=Choices(
            payout=row.get("payout", "cash"), account=row.get("account", ""), no_discount=row.get("no_discount", False),
            donate_unsold=row.get("donate_unsold", False),
        ),
    )  # fmt: skip


def _answered(house: House, row: dict[str, Any], file_id: str, moment: datetime) -> None:
    if "says" in row:
        with house.doing(row["who"], moment) as w:
            one = w.session.get_one(Consignor, file_id)
            if row["says"] == "yes":
                linking.confirm(w, one, row["paper_no"][-4:])
            else:
                linking.deny(w, one)


def _afterwards(house: House, row: dict[str, Any], file_id: str, moment: datetime) -> None:
    """What the shop did with the file later."""
    with house.doing(row["clerk"], moment) as w:
        one = w.session.get_one(Consignor, file_id)
        if "delegate" in row:
            paper = rules.read_paper("resident_id", row["delegate_no"])
            delegates.name(w, one, Named(name=row["delegate"], paper=paper, goods=True, money=False))
        if "look" in row:
            actions.show_in_full(w, one, row["look"])
        if row.get("closed"):
            actions.close(w, one)
