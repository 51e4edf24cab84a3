"""What the demonstration's consignment shop took in: a visit with its receipt, some on the floor, and one visit still open."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from core.db import get_locked
from core.goods.cards import get_card
from market.channels.consignment.agreements.models import Agreement
from market.channels.consignment.goods import opening, pricing, queries, taking
from market.channels.consignment.goods.models import Intake
from market.channels.consignment.goods.pricing import Tag
from market.channels.consignment.goods.rules import Given
from market.demo.agreements import CLERK, SHOP
from market.demo.walk import House
from market.shops.models import ShopPoint

TOLD: dict[str, Any] = tomllib.loads(Path(__file__).with_name("stocked.toml").read_text(encoding="utf-8"))


def take_in(house: House, now: datetime) -> None:
    """Under the agreement that was signed on the screen; prices the day after."""
    org_id = house.cast.organisations[SHOP]
    signed = select(Agreement.consignor_id).where(Agreement.org_id == org_id, Agreement.state == "signed")
    file = house.session.scalars(signed).first()
    point = house.session.scalars(select(ShopPoint.id).where(ShopPoint.org_id == org_id, ShopPoint.state == "open")).first()
    if file is None or point is None:
        raise RuntimeError("the demonstration's shop has no signed agreement or no open point")
    visit = _begun(house, org_id, opening.Wanted(point_id=point, consignor_id=file), now - timedelta(days=2))
    made = [_taken(house, visit, one, now - timedelta(days=2)) for one in TOLD["brought"]]
    with house.doing(CLERK, now - timedelta(days=2)) as w:
        opening.close(w, get_locked(w.session, Intake, visit))
    for stock_id, one in zip(made, TOLD["brought"], strict=True):
        if one.get("on_sale"):
            with house.doing(CLERK, now - timedelta(days=1)) as w:
                pricing.price(w, queries.get_stock(w.session, stock_id), Tag(one["wanted"]))
    own = _begun(house, org_id, opening.Wanted(point_id=point, source=TOLD["source"]), now - timedelta(hours=1))
    for one in TOLD["own"]:
        _taken(house, own, one, now - timedelta(hours=1))


def _begun(house: House, org_id: str, wanted: opening.Wanted, at: datetime) -> str:
    with house.doing(CLERK, at) as w:
        return opening.begin(w, org_id, wanted).id


def _taken(house: House, visit: str, one: dict[str, Any], at: datetime) -> str:
    given = Given(
        card=get_card(one["category"]), title=one["title"], words=one.get("words", ""), condition=one["condition"],
        wanted=one["wanted"], reserve=one.get("reserve", 0), came_by=one["came_by"], proof=one.get("proof", ""),
        attributes=one.get("attributes", {}), identifiers=one.get("identifiers", {}), smart=one.get("smart"),
    )  # fmt: skip
    with house.doing(CLERK, at) as w:
        return taking.take(w, queries.get_intake(w.session, visit), given).id
