"""A small street market in an index of its own, and a table of what people type there."""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from market.search.documents import Document
from market.search.whoosh_engine import WhooshEngine

STREET = tomllib.loads(Path(__file__).with_name("street.toml").read_text(encoding="utf-8"))
OPENED = datetime(2026, 10, 1, tzinfo=UTC)


def street_document(number: int, row: dict[str, Any]) -> Document:
    kept = {key: row[key] for key in row.keys() - {"price", "attributes"}}
    return Document(
        **kept,
        price_minor=row["price"],
        attributes=tuple(row["attributes"]),
        published_at=OPENED + timedelta(hours=number),
        url=f"/listings/{row['id']}",
    )


def thing(identity: str, title: str, **facts: Any) -> Document:
    """A listing for tests that need one or two."""
    return Document(id=identity, title=title, **({"published_at": OPENED} | facts))


@pytest.fixture(scope="session")
def street_listings() -> list[Document]:
    return [street_document(number, row) for number, row in enumerate(STREET["listing"])]


@pytest.fixture(scope="session")
def street(
    tmp_path_factory: pytest.TempPathFactory, street_listings: list[Document]
) -> Iterator[WhooshEngine]:
    """Read-only: tests that write take `fresh`."""
    engine = WhooshEngine(tmp_path_factory.mktemp("street"))
    engine.rebuild(street_listings)
    yield engine
    engine.close()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Callable[[Iterable[Document]], WhooshEngine]]:
    """Makes an engine of the test's own, filled with these listings."""
    opened: list[WhooshEngine] = []

    def make(documents: Iterable[Document] = ()) -> WhooshEngine:
        engine = WhooshEngine(tmp_path / "index", patience=5)
        engine.rebuild(documents)
        opened.append(engine)
        return engine

    yield make
    for engine in opened:
        engine.close()
