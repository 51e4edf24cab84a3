"""How fast the search is: our engine on Whoosh against SQLite's FTS5 with the same terms, in turns, in one run.

Run: python -m bench.search [--listings 10000] [--queries 150]. One JSON line per figure: name, value, unit,
baseline, ratio (times as fast as the baseline; below 1 is slower). Our answer holds a page of hits with marked
texts, the exact total and the facets; the answer of FTS5 holds ids ranked by bm25 and the exact total.
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

from market.search.analyser import segmenter, terms
from market.search.documents import Changes, Document, Query
from market.search.folding import squeeze
from market.search.vocabulary import vocabulary
from market.search.whoosh_engine import WhooshEngine
from market.search.wording import Clause, read_wish

SEED = 20261122
BASELINE = "against SQLite FTS5 with the same terms"


class Street:
    """Makes listings and queries from the trade's words and made-up Chinese filler, always the same."""

    def __init__(self) -> None:
        self.rng = random.Random(SEED)
        words = vocabulary()
        self.trade = sorted(words.words)
        self.latin = sorted(words.latin)
        self.things = sorted({word for group in words.same for word in group[:1]})
        # Filler as in a language: words of the dictionary, few of them often, many seldom.
        self.filler = self._words(6000)
        self.often = [1 / (rank + 10) for rank in range(len(self.filler))]

    def _words(self, count: int) -> list[str]:
        """What the segmenter finds in a heap of common characters (the first level of GB 2312)."""
        han = [bytes((high, low)).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFA)]
        heap = "".join(self.rng.choices(han, k=1_200_000))
        found = dict.fromkeys(word for word in segmenter().cut(heap, False) if len(word) == 2)
        return self.rng.sample([*found, *han[::40]], count)

    def listing(self, number: int) -> Document:
        rng = self.rng
        model = f"{rng.choice(self.latin)}{rng.randrange(1, 99)}{rng.choice(('', 'Pro', ' Max', '-01'))}"
        title = f"{rng.choice(self.things)} {model} {2 ** rng.randrange(5, 11)}G {rng.randrange(70, 100)}"
        title += vocabulary().wear.new + rng.choice(self.trade)
        body = "".join(rng.choices(self.filler, self.often, k=50)) + " ".join(rng.sample(self.trade, 4))
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
        kind = self.rng.choice((self.trade, self.latin, self.things, self.filler[:100]))
        return Query(text=self.rng.choice(kind))

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
            CREATE TABLE facts
                (rowid INTEGER PRIMARY KEY, id TEXT UNIQUE, category TEXT, district TEXT, price INT);
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
            texts = _terms(document.title, True), _terms(about, True), _terms(document.body, False)
            new = "INSERT INTO terms (rowid, title, about, body) VALUES (?, ?, ?, ?)"
            self.db.execute(new, (rowid, *texts))
        self.db.execute("COMMIT")

    def search(self, query: Query) -> tuple[list[str], int]:
        match = " AND ".join(_fts(clause) for clause in read_wish(query.text).required)
        where, values = "terms MATCH ?", [match]
        if query.category:
            where += " AND category = ? AND district = ? AND price BETWEEN ? AND ?"
            values += [query.category, query.districts[0], query.price_min, query.price_max]
        source = f"FROM terms JOIN facts ON facts.rowid = terms.rowid WHERE {where}"
        ranked = f"SELECT id {source} ORDER BY bm25(terms, 4, 2, 1) LIMIT 24"
        ids = [row[0] for row in self.db.execute(ranked, values)]
        return ids, self.db.execute(f"SELECT count(*) {source}", values).fetchone()[0]


def _terms(text: str, closely: bool) -> str:
    return " ".join(terms(squeeze(text), closely=closely))


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


def compare(name: str, pairs: list[tuple[float, float]]) -> None:
    ours, theirs = zip(*pairs, strict=True)
    report(f"{name}, p50", statistics.median(ours) * 1000, "ms", statistics.median(theirs) * 1000)


def searches(engine: WhooshEngine, fts: Fts, queries: list[Query]) -> Iterator[tuple[float, float]]:
    for query in queries:
        yield seconds(lambda q=query: engine.search(q)), seconds(lambda q=query: fts.search(q))


def changes(engine: WhooshEngine, fts: Fts, documents: list[Document]) -> Iterator[tuple[float, float]]:
    """One listing is written again and then found by a word of its title."""
    for document in documents:
        wanted = Query(text=document.title.split()[1])

        def ours(document: Document = document, wanted: Query = wanted) -> None:
            engine.apply(Changes((document,)))
            assert engine.search(wanted).total

        def theirs(document: Document = document, wanted: Query = wanted) -> None:
            fts.write([document])
            assert fts.search(wanted)[1]

        yield seconds(ours), seconds(theirs)


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
        measure(street, listings, asked.queries, Path(folder))


def measure(street: Street, listings: list[Document], count: int, folder: Path) -> None:
    engine, fts = WhooshEngine(folder / "index"), Fts(folder / "fts.db")
    ours, theirs = seconds(lambda: engine.rebuild(listings)), seconds(lambda: fts.write(listings))
    report("search, build", len(listings) / ours, "listings/s", len(listings) / theirs)
    kinds = {
        "one word": street.one_word,
        "several words": street.several_words,
        "filters and price range": street.filtered,
    }
    for name, make in kinds.items():
        queries = [make() for _ in range(count)]
        compare(f"search, {name}, first time", list(searches(engine, fts, queries)))
        compare(f"search, {name}", list(searches(engine, fts, queries)))
    compare("search, one change durable and seen", list(changes(engine, fts, listings[:40])))
    engine.close()
    fts.db.close()


if __name__ == "__main__":
    main()
