"""Whole checkouts a second, each durable: reserve, order, check, hand over and pay in cash, four Works of the program itself.

Run: python bench/checkout.py [--turns 1] [--past 100000] [--engine sqlite|postgresql]. One JSON line per figure: name, value,
unit, baseline, ratio. Measured in turns in one run: one client and 64 clients as the program is; the same with each Work saved
alone (as it was before groups); the bare driver saying the same statements again to a copy of the same database (no Python of
ours, all rows and guards); the smallest sale by driver and ORM; and fdatasync. Afterwards every fen and every order is checked.

`--past 1000000` builds a million past sales for the last figure (some minutes and about 10 GB); all of them of the one seller and
the one buyer that are measured. PostgreSQL's server is started with fsync on, or named by XUNSHI_BENCH_POSTGRES."""

import argparse
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from checkout_parts import past, replay, small  # noqa: E402
from sqlalchemy import select, text  # noqa: E402

from app import create_app  # noqa: E402
from core import clock, secrets  # noqa: E402
from core.config import Config  # noqa: E402
from core.db import Database  # noqa: E402
from core.people.models import Account  # noqa: E402
from core.turns import HouseBusy  # noqa: E402
from core.work import Actor, Work, work  # noqa: E402
from market.listings.models import Listing  # noqa: E402
from market.orders import actions, placing  # noqa: E402
from market.orders.models import Order  # noqa: E402
from tests.market.rush.shop import check_invariants, open_shop  # noqa: E402
from tests.run import postgres  # noqa: E402

YES = {"same_thing": "yes", "defects": "yes"}
CLIENTS, EACH = 64, 5  # five things each: 20 Works, so that one Work more or less is a twentieth
ALONE = 40  # things of one client alone


def say(name: str, value: float, unit: str, baseline: str, ratio: float) -> None:
    print(json.dumps({"name": f"checkout.{name}", "value": round(value, 3), "unit": unit, "baseline": baseline,
                      "ratio": round(ratio, 4)}), flush=True)  # fmt: skip


class Client:
    """One buyer with a shelf of their own; `works` are the seconds of each Work, `whole` those of each checkout."""

    def __init__(self, database: Database, buyer: str, shelf: Iterator[str]) -> None:
        self.database, self.buyer, self.shelf = database, buyer, shelf
        self.works: list[float] = []
        self.whole: list[float] = []
        self.cpu: list[float] = []
        self.sent_away = 0

    def buy(self) -> None:
        begun, burnt = time.perf_counter(), time.thread_time()
        with self.database.session() as session:
            listing_id = next(self.shelf)
            order_id = self._step(session, self.buyer, lambda w: placing.reserve(w, listing_id).id)
            self._step(session, self.buyer, lambda w: placing.confirm(w, w.session.get_one(Order, order_id), placing.Choice()))
            self._step(session, self.buyer, lambda w: actions.check_in_person(w, w.session.get_one(Order, order_id), YES))
            order = session.get_one(Order, order_id)
            seller, code = order.seller_id, secrets.decrypt(order.receipt_code, "receipt")
            self._step(session, seller, lambda w: actions.hand_over(w, w.session.get_one(Order, order_id), code))
        self.whole.append(time.perf_counter() - begun)
        self.cpu.append(time.thread_time() - burnt)

    def _step(self, session: Any, who: str, step: Callable[[Work], Any]) -> Any:
        begun = time.perf_counter()
        while True:
            try:
                with work(session, Actor(who), clock.now()) as w:
                    found = step(w)
            except HouseBusy:  # "please try again in a moment": so does this one, and the clock goes on
                self.sent_away += 1
                continue
            self.works.append(time.perf_counter() - begun)
            return found


class Scribe(Client):
    """Writes one line into the log, durably, and another: the least that a Work can do."""

    def buy(self) -> None:
        with self.database.session() as session:
            self._step(session, self.buyer, lambda w: w.record("market:order:received", self.buyer))
        self.whole.append(self.works[-1])


class Town:
    """A database with one seller, 64 buyers and as many coats as the run may sell."""

    def __init__(self, url: str, folder: Path, *, things: int, sold_before: int) -> None:
        self.database = open_shop(url, folder, things=2, buyers={1: CLIENTS})
        with self.database.session() as session:
            self.buyers = list(session.scalars(select(Account.id).where(Account.name.like("Buyer%")).order_by(Account.name)))
            first, second = session.scalars(select(Listing.id).order_by(Listing.id))
        before = past.rows_now(self.database)
        self.client(0, iter([first])).buy()  # the sale that is copied
        sale = past.added(before, past.rows_now(self.database))
        coats = self._of(before, first), self._of(before, second)
        changed = ("items", "listings")  # the others only came: the coat's own rows belong to its sale, too
        sale = {name: rows if name in changed else [*coats[0].get(name, ()), *rows] for name, rows in sale.items()}
        past.multiply(self.database, sale, sold_before, "P")
        past.multiply(self.database, coats[1], things, "N")
        with self.database.session() as session:
            query = select(Listing.id).where(Listing.state == "published").order_by(Listing.id)
            self._things = iter(list(session.scalars(query)))

    def _of(self, rows: past.Rows, listing_id: str) -> past.Rows:
        """The rows of one coat on sale."""
        (listing,) = [row for row in rows["listings"] if row["id"] == listing_id]
        mine = {listing["id"], listing["item_id"]}
        found = {name: [row for row in some if mine & set(map(str, row.values()))] for name, some in rows.items()}
        return {name: some for name, some in found.items() if some and name not in past.LEFT_OUT}

    def client(self, nth: int, shelf: Iterator[str] | None = None, kind: type[Client] = Client) -> Client:
        return kind(self.database, self.buyers[nth], shelf or self._things)

    @contextmanager
    def one_by_one(self) -> Iterator[None]:
        """Each Work in a transaction of its own, as before there were groups."""
        kept = self.database.sessions.kw["info"]
        self.database.sessions.configure(info={**kept, "together": None})
        yield
        self.database.sessions.configure(info=kept)


@dataclass(frozen=True)
class Run:
    """What a crowd did until its first client had all that each of them wanted. `counts`: Works of each at that moment."""

    clients: list[Client]
    counts: list[int]
    seconds: float

    @property
    def rate(self) -> float:
        """Checkouts a second; one that is under way counts by its Works."""
        return sum(self.counts) / 4 / self.seconds

    @property
    def fairness(self) -> float:
        return min(self.counts) / max(self.counts)


def crowd(town: Town, many: int, wanted: int, kind: type[Client] = Client) -> Run:
    """`many` clients buy without a pause until the first of them has `wanted` things."""
    clients, first = [town.client(nth, kind=kind) for nth in range(many)], threading.Event()

    def go(one: Client) -> None:
        while not first.is_set():
            one.buy()
            if len(one.whole) >= wanted:
                first.set()

    threads = [threading.Thread(target=go, args=(one,)) for one in clients]
    begun = time.perf_counter()
    [one.start() for one in threads]
    first.wait()
    found = [len(one.works) for one in clients]
    seconds = time.perf_counter() - begun
    [one.join() for one in threads]
    return Run(clients, found, seconds)


def p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


def measure(engine: str, town: Town, folder: Path, turns: int) -> None:
    found: dict[str, list[Run]] = {}
    for nth in range(turns):  # in turns, so that a busy minute of the machine hits all of them
        for many, wanted in ((1, ALONE), (CLIENTS, EACH)):
            found.setdefault(f"{many}_clients", []).append(crowd(town, many, wanted))
            with town.one_by_one():
                found.setdefault(f"{many}_alone", []).append(crowd(town, many, wanted))
        last = {name: round(runs[-1].rate, 2) for name, runs in found.items()}
        print(f"turn {nth + 1} of {turns}: {engine}", last, file=sys.stderr)
    rates = {name: statistics.median(run.rate for run in runs) for name, runs in found.items()}
    with town.one_by_one():
        url = replay.copy_of(town.database)
        with replay.written_down(town.database) as said:
            one = town.client(0)
            [one.buy() for _ in range(40)]
    raw = 40 / replay.say_again(url, said)
    floor, least = small.syncs(folder), small.rates(town.database.url, 1.0)
    grouped = _grouped(town, said)

    orm = rates["1_alone"]
    per_s = "checkouts/s"
    say(f"{engine}.1_client_each_work_alone", orm, per_s, "the ORM one by one: itself", 1.0)
    for name in ("1_clients", f"{CLIENTS}_alone", f"{CLIENTS}_clients"):
        say(f"{engine}.{name}", rates[name], per_s, "the same with 1 client, each Work saved alone", rates[name] / orm)
    say(f"{engine}.raw_driver_same_statements", raw, per_s, "the same with 1 client, each Work saved alone", raw / orm)
    if grouped:
        say(f"{engine}.raw_driver_same_statements_64_together", grouped, per_s, "the same, each saved alone", grouped / raw)
    say(f"{engine}.{CLIENTS}_clients_against_raw", rates[f"{CLIENTS}_clients"], per_s, "raw driver, same statements",
        rates[f"{CLIENTS}_clients"] / raw)  # fmt: skip
    say(f"{engine}.smallest_sale_raw", least["raw"], "sales/s", "fdatasync/s", least["raw"] / floor)
    say(f"{engine}.smallest_sale_orm", least["orm"], "sales/s", "smallest sale by the raw driver", least["orm"] / least["raw"])
    say(f"{engine}.{CLIENTS}_clients_against_smallest_orm", rates[f"{CLIENTS}_clients"], per_s, "smallest sale by the ORM",
        rates[f"{CLIENTS}_clients"] / least["orm"])  # fmt: skip
    syncs = floor / rates["1_clients"]
    say(f"{engine}.1_client_one_checkout_in_fdatasyncs", syncs, "fdatasyncs", "goal 1.6", syncs / 1.6)
    for name in (f"{CLIENTS}_alone", f"{CLIENTS}_clients"):
        works = [value for run in found[name] for one in run.clients for value in one.works]
        sent_away = sum(one.sent_away for run in found[name] for one in run.clients)
        say(f"{engine}.{name}_asked_to_try_again", sent_away, "Works", f"{len(works)} that were done", sent_away / len(works))
        say(f"{engine}.{name}_p99_of_a_work", p99(works) * 1000, "ms", "goal 10 ms", p99(works) * 100)
        fairness = min(run.fairness for run in found[name])
        say(f"{engine}.{name}_worst_to_best", fairness, "Works", "goal 0.95", fairness / 0.95)
    sold = check_sold(town)
    say(f"{engine}.sold_and_checked", sold, "checkouts", "none sold twice, every fen booked", 1.0)


def lines(engine: str, town: Town, turns: int) -> None:
    """What saving together is worth where the Work itself is small: one line of the log a Work, 64 clients."""
    rates: dict[str, list[Run]] = {"together": [], "alone": []}
    for _ in range(turns):
        rates["together"].append(crowd(town, CLIENTS, 20, Scribe))
        with town.one_by_one():
            rates["alone"].append(crowd(town, CLIENTS, 20, Scribe))
    found = {name: statistics.median(run.rate for run in runs) * 4 for name, runs in rates.items()}
    say(f"{engine}.{CLIENTS}_clients_one_line_a_work", found["together"], "Works/s", "the same, each Work saved alone",
        found["together"] / found["alone"])  # fmt: skip
    for name, runs in rates.items():
        works = [value for run in runs for one in run.clients for value in one.works]
        say(f"{engine}.{CLIENTS}_clients_one_line_{name}_p99", p99(works) * 1000, "ms", "goal 10 ms", p99(works) * 100)
        fairness = min(run.fairness for run in runs)
        say(f"{engine}.{CLIENTS}_clients_one_line_{name}_worst_to_best", fairness, "Works", "goal 0.95", fairness / 0.95)


def _grouped(town: Town, said: list[replay.Spoken]) -> float | None:
    """The database's own limit on SQLite: the same statements, 64 transactions a commit, on another copy."""
    if not town.database.is_sqlite:
        return None
    url = replay.copy_of(town.database)
    with town.one_by_one(), replay.written_down(town.database) as again:
        one = town.client(0)
        [one.buy() for _ in range(40)]
    del said
    return 40 / replay.say_again(url, again, together=64)


def check_sold(town: Town) -> int:
    """What must hold, asked of the sales of this run; copies of the past are looked at by their sums only."""
    found = check_invariants(town.database)
    return found["sold"]


def grown(engine: str, few: Town, many: Town, count: int) -> None:
    """Milliseconds of a checkout among few and among many past sales, one here, one there."""
    clients = few.client(0), many.client(0)
    for one in clients:
        [one.buy() for _ in range(5)]
        one.whole.clear()
        one.cpu.clear()
    for _ in range(60):
        [one.buy() for one in clients]
    small_, large = (statistics.median(one.whole) * 1000 for one in clients)
    say(f"{engine}.one_checkout_among_1000_past", small_, "ms", "itself", 1.0)
    say(f"{engine}.one_checkout_among_{count}_past", large, "ms", "the same among 1,000 past ones", large / small_)
    small_, large = (statistics.median(one.cpu) * 1000 for one in clients)
    say(f"{engine}.one_checkout_among_1000_past_cpu", small_, "ms of CPU", "itself", 1.0)
    say(f"{engine}.one_checkout_among_{count}_past_cpu", large, "ms of CPU", "the same among 1,000 past ones", large / small_)


def run(engine: str, address: Callable[[str], str], folder: Path, turns: int, count: int) -> None:
    things = turns * 2 * (ALONE + CLIENTS * (EACH + 1)) + 400
    town = Town(address("few"), folder, things=things, sold_before=1000)
    if turns:
        measure(engine, town, folder, turns)
        lines(engine, town, turns)
    many = Town(address("many"), folder, things=200, sold_before=count)
    grown(engine, town, many, count)
    for one in (town, many):
        one.database.engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=1, help="0: only what a checkout costs among past sales")
    parser.add_argument("--past", type=int, default=100_000)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xunshi-bench-") as name:
        folder = Path(name)
        create_app(Config(data=folder, database_url=f"sqlite:///{folder / 'none.db'}", testing=True))
        if asked.engine != "postgresql":
            run("sqlite", lambda which: f"sqlite:///{folder / which}.db", folder, asked.turns, asked.past)
        if asked.engine != "sqlite":
            on_postgres(folder, asked.turns, asked.past)


def on_postgres(folder: Path, turns: int, count: int) -> None:
    given = os.environ.get("XUNSHI_BENCH_POSTGRES")
    with postgres(durable=True) as started:
        server = given or started
        if server is None:
            return

        def fresh(which: str) -> str:
            owner = Database(server)
            with owner.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text(f"DROP DATABASE IF EXISTS bench_{which}"))
                connection.execute(text(f"CREATE DATABASE bench_{which}"))
            owner.engine.dispose()
            return server.replace("/postgres?", f"/bench_{which}?")

        run("postgresql", fresh, folder, turns, count)


if __name__ == "__main__":
    main()
