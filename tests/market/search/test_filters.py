"""Filters, counts, order and pages against a plain loop over the same listings: exact, with holes and all."""

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.search.documents import Changes, Count, Document, Query, Sort
from market.search.whoosh_engine import WhooshEngine
from tests.market.search.conftest import OPENED, thing

CATEGORIES, DISTRICTS, GRADES = ("phone", "book", "sofa"), ("330102", "330106", "330108"), ("N", "A", "B", "")
KINDS, CURRENCIES = ("person", "shop"), ("CNY", "HKD")


def market(size: int = 240) -> list[Document]:
    rng = random.Random(7)
    return [
        thing(
            f"id{number:03}",
            rng.choice(("lamp", "green lamp", "chair")),
            category=rng.choice(CATEGORIES),
            district=rng.choice(DISTRICTS),
            grade=rng.choice(GRADES),
            wiped=rng.random() < 0.5,
            price_minor=rng.randrange(0, 40) * 100,
            currency=rng.choices(CURRENCIES, (9, 1))[0],
            seller_kind=rng.choice(KINDS),
            published_at=OPENED + timedelta(minutes=rng.randrange(100)),
        )
        for number in range(size)
    ]


Standing = tuple[WhooshEngine, list[Document]]


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Standing:
    """Rebuilt with some, then changed many times: several segments, with holes where listings were replaced."""
    listings = market()
    engine = WhooshEngine(tmp_path_factory.mktemp("market"))
    old = [replace(one, title="lamp from yesterday", price_minor=100) for one in listings[:150]]
    engine.rebuild([*old, thing("gone", "lamp")])
    for start in range(0, len(listings), 37):
        engine.apply(Changes(tuple(listings[start : start + 37])))
    engine.apply(Changes(deletes=("gone",)))
    return engine, listings


def fits(one: Document, query: Query, without: str = "") -> bool:
    priced = query.price_min is not None or query.price_max is not None
    low = 0 if query.price_min is None else query.price_min
    high = 10**9 if query.price_max is None else query.price_max
    return (
        query.text in one.title.split() + [""]
        and (without == "category" or not query.category or one.category == query.category)
        and (without == "district" or not query.districts or one.district in query.districts)
        and (not query.grades or one.grade in query.grades)
        and (not query.seller_kinds or one.seller_kind in query.seller_kinds)
        and (query.wiped is None or one.wiped == query.wiped)
        and (not priced or (one.currency == query.currency and low <= one.price_minor <= high))
    )


def order(query: Query, one: Document) -> tuple[object, ...]:
    sign = {Sort.PRICE_UP: 1, Sort.PRICE_DOWN: -1}.get(query.sort)
    price = () if sign is None else (one.currency != query.currency, sign * one.price_minor)
    return (*price, -one.published_at.timestamp(), one.id)


some = st.lists(st.sampled_from(DISTRICTS), max_size=2, unique=True).map(tuple)
queries = st.builds(
    Query,
    text=st.sampled_from(("", "lamp", "green")),
    category=st.sampled_from(("", *CATEGORIES, "no such")),
    districts=some,
    grades=st.sampled_from(((), ("A",), ("N", "A", "B"))),
    seller_kinds=st.sampled_from(((), ("shop",))),
    wiped=st.sampled_from((None, True, False)),
    price_min=st.none() | st.sampled_from(range(-100, 4200, 50)),
    price_max=st.none() | st.sampled_from(range(-100, 4200, 50)),
    currency=st.sampled_from(CURRENCIES),
    sort=st.sampled_from((Sort.NEWEST, Sort.PRICE_UP, Sort.PRICE_DOWN)),
    per_page=st.integers(1, 100),
)


@settings(deadline=None)
@given(query=queries)
def test_total_order_and_facets_are_exact(standing: Standing, query: Query) -> None:
    engine, listings = standing
    expected = sorted((one for one in listings if fits(one, query)), key=lambda one: order(query, one))
    results = engine.search(query)
    assert results.instead is None or not expected  # nothing is loosened while something fits
    assert results.total == len(expected)
    assert results.pages == -(-len(expected) // query.per_page)
    assert [hit.id for hit in results.hits] == [one.id for one in expected[: query.per_page]]
    for facet, counts in (("category", results.facets.categories), ("district", results.facets.districts)):
        values = [getattr(one, facet) for one in listings if fits(one, query, without=facet)]
        expected_counts = {value: values.count(value) for value in values}
        assert {count.value: count.listings for count in counts} == expected_counts


@pytest.mark.parametrize("sort", Sort)
def test_pages_tile_the_results(standing: Standing, sort: Sort) -> None:
    engine, listings = standing
    wanted = Query(text="lamp", sort=sort, per_page=7)
    pages = engine.search(wanted).pages
    seen = [
        hit.id for page in range(1, pages + 1) for hit in engine.search(replace(wanted, page=page)).hits
    ]
    assert len(seen) == len(set(seen))
    assert set(seen) == {one.id for one in listings if "lamp" in one.title}


def test_relevance_falls_from_page_to_page(standing: Standing) -> None:
    engine, _ = standing
    hits = [hit for page in (1, 2) for hit in engine.search(Query(text="green lamp", page=page)).hits]
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0


@pytest.mark.parametrize("page", [11, 10**6, 10**18])
def test_beyond_the_last_page_the_rest_is_still_true(standing: Standing, page: int) -> None:
    engine, listings = standing
    results = engine.search(Query(page=page))
    assert (results.hits, results.total, results.pages) == ((), len(listings), 10)
    assert results.page == page


def test_pages_and_sizes_that_cannot_be_are_moved(standing: Standing) -> None:
    engine, _ = standing
    assert engine.search(Query(page=-3)).page == 1
    assert len(engine.search(Query(per_page=10**9)).hits) == 100
    assert len(engine.search(Query(per_page=0)).hits) == 1


def test_a_price_in_another_currency_is_not_compared(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    dollars = thing("hkd", "desk", price_minor=4000, currency="HKD")
    engine.rebuild([thing("yuan", "desk", price_minor=5000), dollars])
    cheap = engine.search(Query(text="desk", price_max=6000))
    assert [hit.id for hit in cheap.hits] == ["yuan"]
    up = engine.search(Query(text="desk", sort=Sort.PRICE_UP))
    assert [hit.id for hit in up.hits] == ["yuan", "hkd"]
    up = engine.search(Query(text="desk", sort=Sort.PRICE_UP, currency="HKD"))
    assert [hit.id for hit in up.hits] == ["hkd", "yuan"]


def test_facets_let_one_switch(standing: Standing) -> None:
    engine, listings = standing
    results = engine.search(Query(category="phone", districts=("330102",)))
    assert {count.value for count in results.facets.categories} == set(CATEGORIES)
    assert {count.value for count in results.facets.districts} == set(DISTRICTS)
    counts = results.facets.categories
    assert counts == tuple(sorted(counts, key=lambda count: (-count.listings, count.value)))
    assert Count("phone", results.total) in counts
    assert len(listings) == engine.search(Query()).total


def test_an_order_that_does_not_exist_is_refused() -> None:
    assert Query(sort="newest").sort is Sort.NEWEST  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="cheapest"):
        Query(sort="cheapest")  # type: ignore[arg-type]


def test_a_document_that_could_spoil_the_index_is_refused() -> None:
    assert thing("a", "lamp", price_minor=10**18).price_minor == 10**18
    with pytest.raises(ValueError, match="digits"):
        thing("a", "lamp", price_minor=10**18 + 1)
    with pytest.raises(ValueError, match="id"):
        thing("", "lamp")
    with pytest.raises(ValueError, match="zone"):
        thing("a", "lamp", published_at=OPENED.replace(tzinfo=None))
