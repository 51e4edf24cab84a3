"""What people type on the street, in both languages, and what they are shown."""

from typing import Any

import pytest

from market.search.documents import Query
from market.search.whoosh_engine import WhooshEngine
from tests.market.search.conftest import STREET


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len(STREET["case"]) >= 60


@pytest.mark.parametrize("case", STREET["case"], ids=lambda case: case["query"])
def test_street_queries(street: WhooshEngine, case: dict[str, Any]) -> None:
    results = street.search(Query(text=case["query"], per_page=100))
    shown = results.instead or results
    found = [hit.id for hit in shown.hits]
    assert sorted(found) == sorted(case["finds"])
    assert shown.total == len(found)
    assert found[: len(case.get("first", []))] == case.get("first", [])
    assert results.suggestion == case.get("suggestion")
    assert list(results.instead.relaxed if results.instead else ()) == case.get("relaxed", [])
