"""How fast the search is: our engine on Whoosh against SQLite's FTS5 with the same tokens, in turns, in one run.

Run: python -m bench.search [--listings 10000] [--queries 150]. One JSON line per figure: name, value, unit,
baseline, ratio (times as fast as the baseline; below 1 is slower). Our answer holds a page of hits with marked
texts, the exact total and the facets; FTS5's holds ids ranked by bm25, the exact total, and no more.
"""

import argparse
import json
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from market.search.analyser import terms
from market.search.documents import Changes, Document, Query
from market.search.folding import fold
from market.search.vocabulary import vocabulary
from market.search.whoosh_engine import WhooshEngine
from market.search.wording import Clause, read_wish

SEED = 20261122
BASELINE = "against SQLite FTS5 with the same tokens"


class Street:
    """Makes listings and queries from the trade's words and made-up Chinese filler, always the same."""

    def __init__(self) -> None:
        self.rng = random.Random(SEED)
        words = vocabulary()
        self.trade = sorted(words.words)
        self.latin = sorted(words.latin)
        self.things = sorted({word for group in words.same for word in group[:1]})
        # Filler as in a language: few words often, many seldom.
        self.filler = ["".join(self._han() for _ in range(self.rng.choice((1, 2, 2, 2, 3)))) for _ in range(6000)]
        self.often = [1 / (rank + 10) for rank in range(len(self.filler))]

    def _han(self) -> str:
        return chr(0x4E00 + int(self.rng.triangular(0, 5000, 0)))

    def listing(self, number: int) -> Document:
        rng = self.rng
        model = f"{rng.choice(self.latin)}{rng.randrange(1, 99)}{rng.choice(('', 'Pro', ' Max', '-01'))}"
        title = f"{rng.choice(self.things)} {model} {2 ** rng.randrange(5, 11)}G {rng.randrange(70, 100)}"
        title += vocabulary().wear.new + rng.choice(self.trade)
        body = "".join(rng.choices(self.filler, self.often, k=45)) + " ".join(rng.sample(self.trade, 4))
        return Document(
            id=str(number),
            title=title,
            body=body,
            category=f"category{int(rng.triangular(0, 12, 0))}",
            district=f"3301{int(rng.triangular(0, 30, 0)):02}",
            grade=rng.choice("NABCD"),
            wiped=rng.random() < 0.5,
            price_minor=int(10 ** rng.uniform(2, 6)),
            published_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=37 * number),
            url=f"/listings/{number}",
        )

    def one_word(self) -> Query:
        return Query(text=self.rng.choice((self.trade, self.latin, self.things, self.filler[:500]))[self.pick()])

    def pick(self) -> int:
        return self.rng.randrange(100)

    def several_words(self) -> Query:
        return Query(text=f"{self.rng.choice(self.things)} {self.rng.choice(self.trade)}")

    def filtered(self) -> Query:
        low = int(10 ** self.rng.uniform(2, 4))
        category, district = f"category{self.rng.randrange(6)}", f"3301{self.rng.randrange(10):02}"
        wanted = self.rng.choice(self.things)
        return Query(text=wanted, category=category, districts=(district,), price_min=low, price_max=low * 50)


class Fts:
    """The baseline: title, attributes and body as three columns of FTS5, facts beside them, every commit durable."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.executescript(
            """
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
            CREATE VIRTUAL TABLE terms USING fts5(title, about, body, tokenize = "unicode61 tokenchars '.:'");
            CREATE TABLE facts (rowid INTEGER PRIMARY KEY, id TEXT UNIQUE, category TEXT, district TEXT, price INT);
            CREATE INDEX by_category ON facts (category, district, price);
            """
        )

    def write(self, documents: list[Document]) -> None:
        self.db.execute("BEGIN")
        for document in documents:
            row = self.db.execute("SELECT rowid FROM facts WHERE id = ?", (document.id,)).fetchone()
            if row:
                self.db.execute("DELETE FROM terms WHERE rowid = ?", row)
            facts = (document.id, document.category, document.district, document.price_minor)
            new = "INSERT OR REPLACE INTO facts (rowid, id, category, district, price) VALUES (?, ?, ?, ?, ?)"
            rowid = self.db.execute(new, (row[0] if row else None, *facts)).lastrowid
            about = f"{document.category} {document.district}"
            texts = (_terms(text) for text in (document.title, about, document.body))
            self.db.execute("INSERT INTO terms (rowid, title, about, body) VALUES (?, ?, ?, ?)", (rowid, *texts))
        self.db.execute("COMMIT")

    def search(self, query: Query) -> tuple[list[str], int]:
        match = " AND ".join(_fts(clause) for clause in read_wish(query.text).required)
        where, values = "terms MATCH ?", [match]
        if query.category:
            where += " AND category = ? AND district = ? AND price BETWEEN ? AND ?"
            values += [query.category, query.districts[0], query.price_min, query.price_max]
        source = f"FROM terms JOIN facts ON facts.rowid = terms.rowid WHERE {where}"
        rows = self.db.execute(f"SELECT id {source} ORDER BY bm25(terms, 4, 2, 1) LIMIT 24", values).fetchall()
        return [row[0] for row in rows], self.db.execute(f"SELECT count(*) {source}", values).fetchone()[0]


def _terms(text: str) -> str:
    return " ".join(terms(fold(text), heads=True))


def _fts(clause: Clause) -> str:
    ways = (" AND ".join(_quoted(term) for term in way.terms) for way in clause.ways)
    return "(" + " OR ".join(f"({way})" for way in ways) + ")"


def _quoted(term: str) -> str:
    return f'"{term[:-1]}" *' if term.endswith("*") else f'"{term}"'


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def report(name: str, value: float, unit: str, baseline: float) -> None:
    ratio = value / baseline if unit.endswith("/s") else baseline / value
    figures = {"name": f"{name}, {BASELINE}", "value": round(value, 3), "unit": unit}
    print(json.dumps(figures | {"baseline": round(baseline, 3), "ratio": round(ratio, 4)}), flush=True)


def compare(name: str, ours: list[float], theirs: list[float]) -> None:
    report(f"{name}, p50", statistics.median(ours) * 1000, "ms", statistics.median(theirs) * 1000)


def searches(engine: WhooshEngine, fts: Fts, queries: list[Query]) -> Iterator[tuple[float, float]]:
    for query in queries:
        yield seconds(lambda q=query: engine.search(q)), seconds(lambda q=query: fts.search(q))


def change_seen(write: Callable[[Document], object], see: Callable[[str], bool], document: Document) -> float:
    def work() -> None:
        write(document)
        assert see(document.title.split()[1])

    return seconds(work)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--listings", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=150)
    asked = parser.parse_args()
    street = Street()
    listings = [street.listing(number) for number in range(asked.listings)]
    with tempfile.TemporaryDirectory() as folder:
        engine, fts = WhooshEngine(Path(folder) / "index"), Fts(Path(folder) / "fts.db")
        ours = seconds(lambda: engine.rebuild(listings))
        theirs = seconds(lambda: fts.write(listings))
        report("search, build", len(listings) / ours, "listings/s", len(listings) / theirs)
        for name, make in (
            ("one word", street.one_word),
            ("several words", street.several_words),
            ("filters and price range", street.filtered),
        ):
            queries = [make() for _ in range(asked.queries)]
            first, first_fts = zip(*searches(engine, fts, queries), strict=True)
            compare(f"search, {name}, first time", list(first), list(first_fts))
            again, again_fts = zip(*searches(engine, fts, queries), strict=True)
            compare(f"search, {name}", list(again), list(again_fts))
        pairs = []
        for number in range(40):
            document = street.listing(number)
            pairs.append(
                (
                    change_seen(
                        lambda d: engine.apply(Changes((d,))),
                        lambda text: engine.search(Query(text=text)).total > 0,
                        document,
                    ),
                    change_seen(
                        lambda d: fts.write([d]), lambda text: fts.search(Query(text=text))[1] > 0, document
                    ),
                )
            )
        changed, changed_fts = zip(*pairs, strict=True)
        compare("search, one change durable and seen", list(changed), list(changed_fts))
        engine.close()
        fts.db.close()


if __name__ == "__main__":
    main()
