"""Shoppers in a process of their own: `python -m tests.market.rush.shoppers DATABASE_URL DATA THREADS SECONDS SEED`.

Each thread is another buyer and walks through the same shop in another order, buying whatever is there: reserve, order, check,
hand over, each step a transaction of its own over a connection of its own. Prints one JSON line: what happened how often."""

import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core import clock, secrets
from core.db import Database
from core.errors import Busy, NotFound, Refused
from core.people.models import Account
from core.turns import HouseBusy
from core.work import Actor, Work, work
from market.listings.models import Listing
from market.orders import actions, placing
from market.orders.models import Order

WANTED = 40  # so many of the things each of them goes for
YES = {"same_thing": "yes", "defects": "yes"}


def buy(database: Database, buyer: str, listing_id: str) -> str:
    """Buy one thing from end to end; what came of it. Whoever is told that the house is busy tries again, as the sentence says."""
    with database.session() as session:
        order_id = patiently(session, buyer, lambda w: placing.reserve(w, listing_id).id)
        patiently(session, buyer, lambda w: placing.confirm(w, w.session.get_one(Order, order_id), placing.Choice()))
        patiently(session, buyer, lambda w: actions.check_in_person(w, w.session.get_one(Order, order_id), YES))
        order = session.get_one(Order, order_id)
        seller, code = order.seller_id, secrets.decrypt(order.receipt_code, "receipt")
        patiently(session, seller, lambda w: actions.hand_over(w, w.session.get_one(Order, order_id), code))
    return "bought"


def patiently(session: Session, who: str, step: Callable[[Work], Any]) -> Any:
    for _ in range(30):
        try:
            with work(session, Actor(who), clock.now()) as w:
                return step(w)
        except (HouseBusy, OperationalError):
            continue
    raise HouseBusy()


def stroll(database: Database, buyer: str, things: list[str], until: float, seed: int, told: Counter[str], stamp: list[int]) -> None:
    drawn = random.Random(seed)
    shelf = drawn.sample(things, min(len(things), WANTED))
    while shelf and time.monotonic() < until:
        try:
            word = buy(database, buyer, shelf.pop())
            stamp[0] += 1
        except (Busy, Refused, NotFound) as no:
            word = no.code
        except OperationalError:
            word = "database_busy"
        told[word] += 1


def main() -> None:
    url, data, threads, seconds, seed = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
    import app as house  # noqa: F401  (all tables, audit words and subscribers)

    secrets.use_vault(secrets.open_vault(data))
    from core.config import Config

    house.create_app(Config(data=data, database_url=url, testing=True))
    database = Database(url)
    with database.session() as session:
        things = list(session.scalars(select(Listing.id).where(Listing.state == "published").order_by(Listing.id)))
        buyers = list(session.scalars(select(Account.id).where(Account.name.like(f"Buyer {seed}-%")).order_by(Account.id)))
    told: Counter[str] = Counter()
    counts = [[0] for _ in range(threads)]
    until = time.monotonic() + seconds
    print("ready", flush=True)
    crowd = [
        threading.Thread(target=stroll, args=(database, buyers[nth], things, until, seed * 1000 + nth, told, counts[nth]), daemon=True)
        for nth in range(threads)
    ]
    [one.start() for one in crowd]
    [one.join(seconds + 30) for one in crowd]
    print(json.dumps({"told": dict(told), "each": [one[0] for one in counts]}), flush=True)


if __name__ == "__main__":
    main()
