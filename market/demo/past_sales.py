"""What things like those on the shelves were sold for before, made up by the seeded market of appraisal/prices/simulator.py.

They come in by the door that `flask value import` uses, under a source that every page names; no order and no entry in the
books is made for them."""

import csv
import io
import math
import random
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from appraisal.prices.actions import refit
from appraisal.prices.goods_rules import Goods, months_old
from appraisal.prices.importing import bring_in
from appraisal.prices.sale import Thing
from appraisal.prices.simulator import GRADES, Market
from core import clock
from core.i18n import N_
from core.work import Actor, work

FILE = Path(__file__).with_name("past_sales.toml")
SOURCE = N_("Made-up sales of the demonstration")
BACK = 340  # days
YEARLY_LOSS = 0.15
COLUMNS = ("category", "brand", "model", "storage_gb", "year", "grade", "price", "sold_on", "channel", "days", "buyer", "seller")
CHANNELS = ("idle", "idle", "idle", "consignment", "operator")
DEMO = Actor("system:demo")


def bring_in_all(session: Session, now: datetime) -> None:
    """Bring them in and learn from them, so that the guide stands when the first visitor comes."""
    with work(session, DEMO, now) as w:
        bring_in(w, made_up(clock.local(now).date()), told()["source"])
    refit(session, DEMO, now)


def told() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def made_up(today: date) -> bytes:
    """The file of sales up to a day; the same for the same day."""
    rows = told()
    dice = random.Random(f"{rows['seed']} {today}")  # noqa: S311 - made up on purpose
    named = {one["model"]: one["new"] * 100 for one in rows["models"]}
    market = Market(seed=rows["seed"], yearly_loss=YEARLY_LOSS, monthly_fall=0.004, named=named)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in rows["models"]:
        writer.writerows(_sales(one, today, dice, market))
    return out.getvalue().encode()


def _sales(one: dict[str, Any], today: date, dice: random.Random, market: Market) -> Iterator[list[object]]:
    for nth in range(one["count"]):
        on = today - timedelta(days=dice.randrange(1, BACK))
        year, size = dice.choice(one["years"]), dice.choice(one["sizes"])
        age = months_old(Goods(category=one["category"], brand="", model=one["model"], attributes={"year": str(year)}), on) or 0
        order = list(GRADES)
        grade = order[min(max(round(dice.gauss(age / 16, 1.0)), 0), len(order) - 1)]
        larger = 0.12 * one["sizes"].index(size)
        thing = Thing(one["model"], float(age), grade, categories=(one["category"], "64"))
        price = market.true_price(thing, (today - on).days / 30.4375) * math.exp(larger + dice.gauss(0, market.noise))
        graded = grade if dice.random() < 0.7 else ""  # not every thing was seen by an appraiser
        days = int(dice.expovariate(1 / 12))
        yield [
            one["category"], one["brand"], one["model"], size, year, graded, f"{round(price) // 100}.00", on.isoformat(),
            dice.choice(CHANNELS), days, f"{one['model']} b{nth}", f"{one['model']} s{nth}",
        ]  # fmt: skip
