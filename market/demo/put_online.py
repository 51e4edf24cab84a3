"""The demonstration's West Lake shop took coats in from its consignor: on the floor, online in the shop's name, one reserved."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from core.goods.cards import get_card
from core.goods.pictures import store_photo
from core.money import parse_yuan
from market.channels.consignment.agreements.models import Agreement
from market.channels.consignment.goods import online, opening, pricing, taking
from market.channels.consignment.goods.models import Intake, StockItem
from market.channels.consignment.goods.rules import Given
from market.demo import walk
from market.demo.agreements import CLERK, SHOP
from market.demo.drawing import draw
from market.demo.walk import House
from market.listings.saying import get_talk, say
from market.shops.models import ShopPoint

THINGS = tomllib.loads(Path(__file__).with_name("put_online.toml").read_text(encoding="utf-8"))
BUYER = "bob"


def put_online(house: House, app: Flask, now: datetime) -> None:
    """A visit of yesterday under the agreement that was signed, then tags, then the market."""
    visit = _visit(house, now - timedelta(days=1))
    for nth, one in enumerate(THINGS["things"]):
        moment = now - timedelta(hours=20, minutes=-10 * nth)
        stock_id = _taken(house, app, visit, one, nth, moment)
        with house.doing(CLERK, moment + timedelta(minutes=4)) as w:
            pricing.price(w, w.session.get_one(StockItem, stock_id), pricing.Tag(parse_yuan(one["tag"]).minor))
        if one["online"]:
            with house.doing(CLERK, moment + timedelta(minutes=5)) as w:
                listing_id = online.put_online(w, w.session.get_one(StockItem, stock_id)).id
            _asked_about(house, listing_id, one, now)
    with house.doing(CLERK, now - timedelta(hours=19)) as w:
        opening.close(w, w.session.get_one(Intake, visit))


def _visit(house: House, moment: datetime) -> str:
    org_id = house.cast.organisations[SHOP]
    signed = select(Agreement.consignor_id).where(Agreement.org_id == org_id, Agreement.state == "signed")
    point = select(ShopPoint.id).where(ShopPoint.org_id == org_id, ShopPoint.state == "open")
    with house.doing(CLERK, moment) as w:
        file, at = w.session.scalars(signed).first(), w.session.scalars(point).first()
        return opening.begin(w, org_id, opening.Wanted(point_id=str(at), consignor_id=str(file))).id


def _taken(house: House, app: Flask, visit: str, one: dict[str, Any], nth: int, moment: datetime) -> str:
    with app.app_context():
        photo = store_photo(draw(one["motif"], one["n"], seed=700 + nth, words=""))
    card = get_card("clothing")
    plain = {asked.code: "yes" if asked.code == "washed" else "no" for asked in card.disclosures if asked.kind != "text"}
    with house.doing(CLERK, moment) as w:
        return taking.take(w, w.session.get_one(Intake, visit), Given(
            card=card, title=one["title"], condition=one["condition"], wanted=parse_yuan(one["wanted"]).minor,
            reserve=parse_yuan(one["floor"]).minor, came_by="bought", attributes=one["a"], disclosures=plain,
            photos=({**photo, "view": "front"},),
        )).id  # fmt: skip


def _asked_about(house: House, listing_id: str, one: dict[str, Any], now: datetime) -> None:
    """Somebody reserves one and writes to the shop."""
    if one.get("key") != "reserved":
        return
    walk.reserve(house, listing_id, BUYER, now - timedelta(hours=2))
    with house.doing(BUYER, now - timedelta(hours=2) + timedelta(minutes=3)) as w:
        say(w, get_talk(w.session, listing_id, w.actor.id), THINGS["question"])
