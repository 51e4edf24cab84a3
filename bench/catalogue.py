"""How fast the pages are that everybody opens: against a bare Flask hello on the same server, in turns, in one run.

Run: python -m bench.catalogue [--listings 300] [--requests 100]. One JSON line per figure: name, value, unit, baseline
(requests/s of the bare hello), ratio (the share of its speed that our page reaches). Waitress serves both from one
process over loopback; the client keeps one connection and asks from another process.
"""

import argparse
import http.client
import json
import multiprocessing
import socket
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PAGES = {"catalogue": "/search?sort=newest", "catalogue_words": "/search?q=%E5%A4%A7%E8%A1%A3", "front": "/"}
HELLO = "/bare/"
ROUNDS = 3


def serve(folder: Path, listings: int, port: int, ready: Any) -> None:
    """The server's process: the house with its listings, and beside it a Flask that only says hello."""
    from flask import Flask
    from waitress import create_server
    from werkzeug.middleware.dispatcher import DispatcherMiddleware

    bare = Flask("bare")
    bare.add_url_rule("/", view_func=lambda: "hello")
    house = fill(folder, listings)
    both = DispatcherMiddleware(house, {"/bare": bare})
    server = create_server(both, host="127.0.0.1", port=port, threads=4)
    ready.set()
    server.run()


def fill(folder: Path, listings: int) -> Any:
    """A house with coats on sale, made through its own actions, each with a photo, and its index."""
    from app import create_app
    from core import clock, ids
    from core.config import Config
    from core.db import Base, create_guards
    from core.goods.cards import get_card
    from core.goods.intake import Intake, take_in
    from core.goods.pictures import keep_photo
    from core.goods.register import keep_categories
    from core.people.models import Account
    from core.work import Actor, work
    from market.listings import actions, indexing
    from market.listings.actions import Offer
    from privacy.clearance.permit import NotNeeded

    house = create_app(Config(data=folder, database_url=f"sqlite:///{folder / 'bench.db'}", base_url="http://127.0.0.1"))
    database = house.extensions["xunshi_db"]
    with database.engine.begin() as connection:
        Base.metadata.create_all(connection)
        create_guards(connection)
    keep_categories(database)
    sizes = {"large": ["0", 1600, 1200], "medium": ["0", 800, 600], "small": ["0", 320, 240]}
    photo = {"digest": "0" * 64, "sizes": sizes, "dhash": "0" * 16}
    with database.session() as session, work(session, Actor("system:bench"), clock.now()) as w:
        seller = Account(id=ids.new_id(), name="Alice", password_hash="-", of_age_at=w.now, created_at=w.now, language="zh")
        w.session.add(seller)
        w.session.flush()
        for n in range(listings):
            item = take_in(w, seller.id, Intake(card=get_card("clothing"), attributes={"brand": "A", "size": "M"}))
            keep_photo(w, item, photo)
            offer = Offer(title=f"羊毛大衣 {n}", description="自提", price_minor=10000 + n, district="330106")
            listing = actions.draft(w, item, seller.id, offer, seller_kind="idle")
            actions.publish(w, listing, NotNeeded(item.id))
    with house.app_context(), database.session() as session:
        indexing.rebuild(session)
    return house


def rate(connection: http.client.HTTPConnection, path: str, requests: int) -> float:
    """Requests a second, one after the other on one connection."""
    begun = time.perf_counter()
    for _ in range(requests):
        connection.request("GET", path, headers={"Accept-Language": "zh"})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200 or not body:
            raise SystemExit(f"{path}: {answer.status}")
    return requests / (time.perf_counter() - begun)


def cards(connection: http.client.HTTPConnection, path: str) -> int:
    connection.request("GET", path, headers={"Accept-Language": "zh"})
    return connection.getresponse().read().count(b'class="listing-card"')


def measure(port: int, requests: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    if (shown := cards(connection, PAGES["catalogue"])) != 48:
        raise SystemExit(f"the catalogue page shows {shown} things, not 48")
    found: dict[str, list[float]] = {name: [] for name in ("hello", *PAGES)}
    for path in (HELLO, *PAGES.values()):
        rate(connection, path, 10)
    for _ in range(ROUNDS):
        found["hello"].append(rate(connection, HELLO, requests * 5))
        for name, path in PAGES.items():
            found[name].append(rate(connection, path, requests))
    hello = statistics.median(found["hello"])
    for name in PAGES:
        value = statistics.median(found[name])
        line = {"name": f"page_{name}", "value": round(value, 1), "unit": "requests/s", "baseline": round(hello, 1),
                "ratio": round(value / hello, 4)}  # fmt: skip
        print(json.dumps(line))


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def main(run: Callable[[int, int], None] = measure) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=int, default=300)
    parser.add_argument("--requests", type=int, default=100)
    args = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        ready, port = context.Event(), free_port()
        server = context.Process(target=serve, args=(Path(folder), args.listings, port, ready), daemon=True)
        server.start()
        try:
            if not ready.wait(180):
                raise SystemExit("the server did not start")
            run(port, args.requests)
        finally:
            server.terminate()
            server.join(10)


if __name__ == "__main__":
    main()
