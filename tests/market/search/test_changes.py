"""Listings come, change and go: seen by the next search, and only as they are now."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from market.search.analyser import document_terms
from market.search.documents import Changes, Document, Query, Results
from market.search.engine import NeedsRebuild, SearchEngine
from market.search.whoosh_engine import WhooshEngine
from tests.market.search.conftest import thing

Fresh = Callable[[Iterable[Document]], WhooshEngine]
PHONE = thing("p1", "iPhone 13", category="phone", price_minor=300000)


def ids(results: Results) -> list[str]:
    return [hit.id for hit in results.hits]


def test_a_new_listing_is_seen_at_once(fresh: Fresh) -> None:
    engine: SearchEngine = fresh([])
    assert engine.search(Query(text="iphone")).total == 0
    engine.apply(Changes((PHONE,)))
    assert ids(engine.search(Query(text="iphone"))) == ["p1"]


def test_an_edited_listing_is_found_as_it_is_now(fresh: Fresh) -> None:
    engine = fresh([PHONE])
    engine.apply(Changes((replace(PHONE, title="Nokia 3310", price_minor=5000),)))
    assert ids(engine.search(Query(text="iphone"))) == []
    found = engine.search(Query(text="nokia"))
    assert [(hit.title, hit.price_minor) for hit in found.hits] == [("Nokia 3310", 5000)]
    assert found.facets.categories[0].listings == 1


def test_a_sold_listing_is_gone_and_can_come_back(fresh: Fresh) -> None:
    engine = fresh([PHONE])
    engine.apply(Changes(deletes=("p1", "never listed")))
    assert engine.search(Query()).total == 0
    engine.apply(Changes((PHONE,)))
    assert engine.search(Query()).total == 1


def test_what_is_both_new_and_deleted_stays_out(fresh: Fresh) -> None:
    engine = fresh([PHONE])
    engine.apply(Changes((PHONE,), ("p1",)))
    assert engine.search(Query()).total == 0


def test_the_last_word_on_an_id_counts(fresh: Fresh) -> None:
    engine = fresh([])
    engine.apply(Changes((PHONE, replace(PHONE, title="Pixel 8"))))
    assert [hit.title for hit in engine.search(Query()).hits] == ["Pixel 8"]


def test_the_same_changes_twice_leave_the_same_index(fresh: Fresh) -> None:
    engine = fresh([thing("old", "lamp"), thing("stays", "lamp")])
    changes = Changes((PHONE, thing("p2", "iPhone 12")), ("old",))
    engine.apply(changes)
    once = engine.search(Query(text="iphone"))
    engine.apply(changes)
    assert engine.search(Query(text="iphone")) == once
    assert engine._generation is not None
    commits = engine._generation._index.latest_generation()
    engine.apply(Changes())
    engine.apply(Changes(deletes=("old", "never listed")))
    assert engine.search(Query(text="iphone")) == once
    assert engine._generation._index.latest_generation() == commits, "nothing to do is nothing written"


def test_many_small_changes_stay_a_few_segments(fresh: Fresh) -> None:
    engine = fresh([])
    for number in range(60):
        engine.apply(Changes((thing(f"l{number}", f"lamp {number}"),), (f"l{number - 30}",)))
    assert engine.search(Query(text="lamp")).total == 30
    assert engine._generation is not None
    assert len(engine._generation.views) <= 12
    assert all(view.live for view in engine._generation.views), "a segment without listings is dropped"


def test_odd_texts_are_kept_and_found(fresh: Fresh) -> None:
    engine = fresh([])
    odd = "half \ud83d emoji \x00 \U0001f4f1 \u202e e\u0301\u0302 \U00020bb7野家"
    engine.apply(Changes((thing("odd", odd, body=odd * 50, attributes=(odd,), url="/\ud800", category=odd),)))
    for text in ("half", "\U00020bb7野家", "ê emoji"):
        assert ids(engine.search(Query(text=text))) == ["odd"], text


def test_a_small_cache_changes_no_answer(street: WhooshEngine, street_listings: list[Document], fresh: Fresh) -> None:
    engine = fresh(street_listings)
    engine._cache._room = 100
    for text in ("手机", "iphone", "书", "笔记本电脑", "手机", "包", "iphone 13"):
        assert engine.search(Query(text=text)) == street.search(Query(text=text))
    assert engine._cache._used <= 100


def test_a_character_weighs_what_its_best_term_weighs(
    fresh: Fresh, street_listings: list[Document]
) -> None:
    engine = fresh(street_listings)
    engine.search(Query())
    assert engine._generation is not None
    (one,) = engine._generation.views
    for character in "书手包新的":
        postings = one.segment.postings(f"{character}*")
        weights = dict(zip(postings.numbers, postings.weights, strict=True))
        for number, listing in enumerate(street_listings):
            terms = document_terms(listing).items()
            best = max((weight for term, weight in terms if term[0] == character and len(term) < 3), default=0)
            assert weights.get(number, 0) == pytest.approx(best)


def test_another_process_of_the_market_sees_changes_too(fresh: Fresh, tmp_path: Path) -> None:
    engine = fresh([PHONE])
    other = WhooshEngine(tmp_path / "index")
    assert ids(other.search(Query(text="iphone"))) == ["p1"]
    engine.apply(Changes(deletes=("p1",)))
    assert other.search(Query(text="iphone")).total == 0
    other.apply(Changes((PHONE,)))
    assert engine.search(Query(text="iphone")).total == 1
    engine.rebuild([thing("new", "lamp")])
    assert ids(other.search(Query())) == ["new"]
    other.close()


def test_a_closed_engine_opens_again_when_it_is_needed(fresh: Fresh) -> None:
    engine = fresh([PHONE])
    engine.close()
    engine.close()
    assert engine.search(Query(text="iphone")).total == 1


def test_before_the_first_rebuild_it_says_so(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "none")
    with pytest.raises(NeedsRebuild, match="none yet"):
        engine.search(Query())
    with pytest.raises(NeedsRebuild, match="none yet"):
        engine.apply(Changes((PHONE,)))
    assert engine.rebuild([PHONE]).documents == 1
    assert engine.search(Query()).total == 1
