"""What can be typed: nothing makes a search fail, no query language shows, every answer says what it is."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.search.documents import Changes, Document, Instead, Loosened, Part, Query, Results
from market.search.highlights import mark, marks_of, snippet
from market.search.relaxing import slips
from market.search.whoosh_engine import WhooshEngine
from market.search.wording import read_wish
from tests.market.search.conftest import STREET, thing
from tests.soak import soak

Fresh = Callable[[Iterable[Document]], WhooshEngine]
WORDS = st.sampled_from([case["query"] for case in STREET["case"]])
ODD = st.sampled_from(
    ['"', "“", "-", " -", "*", "?", "~2", "^", "[a TO b]", "title:", "AND", "OR", "(", "\\", "\x00"]
)
PILES = st.lists(WORDS | ODD | st.text(st.characters(exclude_categories=()), max_size=12), max_size=8)


def ids(results: Results | Instead | None) -> list[str]:
    return [hit.id for hit in results.hits] if results else []


def relaxed(results: Results) -> tuple[Loosened, ...]:
    return results.instead.relaxed if results.instead else ()


@settings(max_examples=soak(1_500), deadline=None)
@given(pile=PILES, glue=st.sampled_from(["", " ", "\n"]))
def test_nothing_that_is_typed_makes_it_fail(street: WhooshEngine, pile: list[str], glue: str) -> None:
    results = street.search(Query(text=glue.join(pile)))
    assert results.total >= len(results.hits)
    assert results.pages == -(-results.total // 24)
    assert bool(results.hits) == bool(results.total)
    near = results.instead
    assert near is None or (results.total == 0 < near.total and near.hits and near.relaxed and near.pages == -(-near.total // 24))
    for hit in (*results.hits, *(near.hits if near else ())):
        assert "".join(part.text for part in hit.title_parts) == hit.title
        assert all(part.text for part in (*hit.title_parts, *hit.snippet_parts))


@pytest.mark.parametrize(
    "text",
    ["手" * 10_000, "a" * 10_000, "iphnoe " * 1_500, '"' * 10_000, "-" * 10_000, "iphone13" * 1_000,
     "\U0001f4f1" * 999, "e\u0301" * 5_000, "九五新" * 3_000, "qwzx vbnm lkjh gfds " * 500, "\ud83d" * 300, "1" * 9_999 + "gb"],
    ids=lambda text: repr(text[:8]),
)  # fmt: skip
def test_long_and_odd_texts_are_answered_quickly(street: WhooshEngine, text: str) -> None:
    street.search(Query(text=text))
    assert len(read_wish(text).typed) <= 200


@pytest.mark.parametrize("text", ["\U0001f4f1", "???", '"', "-", "*", "，。！", "🎉 🎉"])
def test_what_holds_no_word_finds_nothing(street: WhooshEngine, text: str) -> None:
    results = street.search(Query(text=text))
    assert (results.total, results.instead, results.suggestion) == (0, None, None)


@pytest.mark.parametrize("text", ["", "   ", "\n\t\u3000"])
def test_a_blank_text_shows_the_market_newest_first(street: WhooshEngine, text: str) -> None:
    results = street.search(Query(text=text))
    assert results.total == len(STREET["listing"])
    assert ids(results)[0] == STREET["listing"][-1]["id"]


@pytest.mark.parametrize(
    "text", ["iphone*", "iphone~", "title:iphone", "iphone AND 13", "NOT iphone", "[iphone TO z]"]
)
def test_no_query_language_shows(street: WhooshEngine, text: str) -> None:
    """Operators are words or punctuation; they widen nothing."""
    results = street.search(Query(text=text))
    plain = set(ids(street.search(Query(text="iphone"))))
    assert set(ids(results)) <= plain | set(ids(street.search(Query(text=text.replace("iphone", "")))))


def test_every_pair_of_neighbours_in_a_title_is_found(
    street: WhooshEngine, street_listings: list[Document]
) -> None:
    """One and two Chinese characters, wherever a dictionary would cut."""
    for listing in street_listings:
        for start in range(len(listing.title)):
            for piece in (listing.title[start], listing.title[start : start + 2]):
                if all("\u4e00" <= one <= "\u9fff" for one in piece):
                    results = street.search(Query(text=piece, per_page=100))
                    assert listing.id in ids(results) and not results.instead, (piece, listing.title)


def test_common_words_alone_are_looked_for(street: WhooshEngine) -> None:
    assert "english" in ids(street.search(Query(text="for")))
    assert street.search(Query(text="的")).total == 1


def test_an_excluded_word_stays_out_even_when_nothing_is_left(street: WhooshEngine) -> None:
    results = street.search(Query(text="冰箱 -海尔"))
    assert (results.total, results.instead) == (0, None)
    assert street.search(Query(text="-手机")).total < len(STREET["listing"])


# -- when nothing is found -----------------------------------------------------------------------------------

IPHONE = Query(text="iphone 13", category="phone", districts=("330106",), grades=("B", "C"))


@pytest.mark.parametrize(
    ("query", "loosened"),
    [
        (IPHONE, ()),
        (replace(IPHONE, price_max=100), (Loosened.PRICE,)),
        (replace(IPHONE, grades=("N",)), (Loosened.GRADE,)),
        (replace(IPHONE, seller_kinds=("shop",)), (Loosened.SELLER,)),
        (replace(IPHONE, districts=("110101",)), (Loosened.DISTRICT,)),
        (replace(IPHONE, category="sofa"), (Loosened.CATEGORY,)),
        (replace(IPHONE, text="iphone 99"), (Loosened.WORDS,)),
        (replace(IPHONE, text="ihpone 13"), (Loosened.SPELLING,)),
        (replace(IPHONE, price_max=100, category="sofa"),
         (Loosened.PRICE, Loosened.GRADE, Loosened.DISTRICT, Loosened.CATEGORY)),
    ],
)  # fmt: skip
def test_where_nothing_fits_there_is_something_near_by_the_least_and_it_is_never_the_answer(
    street: WhooshEngine, query: Query, loosened: tuple[Loosened, ...]
) -> None:
    results = street.search(query)
    assert relaxed(results) == loosened
    assert "iphone13" in ids(results.instead if loosened else results)
    assert not loosened or (results.total, results.hits, results.pages) == (0, (), 0)


def test_the_counts_beside_an_empty_answer_are_of_what_was_asked(street: WhooshEngine) -> None:
    """So that switching one filter leads somewhere, and none promises what isn't there."""
    results = street.search(replace(IPHONE, category="sofa"))
    assert "sofa" not in {count.value for count in results.facets.categories}
    assert {count.value for count in results.facets.categories} >= {"phone"} and not results.facets.districts


def test_who_asks_for_a_wiped_device_is_never_shown_another(street: WhooshEngine) -> None:
    for text in ("redmi", "redmi note 99", "rdemi", ""):
        for prices in ({}, {"price_max": 1}, {"districts": ("none",)}):
            results = street.search(Query(text=text, wiped=True, **prices))
            wiped = {row["id"] for row in STREET["listing"] if row.get("wiped")}
            assert {*ids(results), *ids(results.instead)} <= wiped
    nothing = street.search(Query(text="redmi", wiped=True))
    assert (nothing.total, nothing.instead) == (0, None)
    assert street.search(Query(text="redmi")).total == 1


def test_the_next_page_of_a_loosened_answer_goes_on(street: WhooshEngine) -> None:
    wanted = Query(text="iphone 99", per_page=2)
    first, second = street.search(wanted).instead, street.search(replace(wanted, page=2)).instead
    assert first and second and first.relaxed == second.relaxed == (Loosened.WORDS,)
    assert not set(ids(first)) & set(ids(second)) and second.hits


def test_a_rare_word_that_looks_like_a_slip_is_kept_and_the_common_one_offered(fresh: Fresh) -> None:
    phones = [thing(f"{n}", "huawei phone") for n in range(20)]
    engine = fresh([*phones, thing("slip", "huawie phone")])
    results = engine.search(Query(text="huawie"))
    assert (ids(results), results.instead, results.suggestion) == (["slip"], None, "huawei")
    assert engine.search(Query(text="huawei")).suggestion is None


def test_a_rare_word_beside_a_hardly_commoner_one_is_no_slip(fresh: Fresh) -> None:
    engine = fresh([*(thing(f"{n}", "marble lamp") for n in range(9)), thing("toy", "marbel doll")])
    results = engine.search(Query(text="marbel"))
    assert (ids(results), results.suggestion) == (["toy"], None)


def test_a_suggestion_always_finds_something(fresh: Fresh) -> None:
    engine = fresh([thing("a", "huawei phone"), thing("b", "lamp")])
    assert engine.search(Query(text="huawie")).suggestion == "huawei"
    both = engine.search(Query(text="huawie sofa"))
    assert (ids(both), ids(both.instead), both.suggestion) == ([], ["a"], "huawei sofa")
    assert relaxed(both) == (Loosened.SPELLING, Loosened.WORDS)
    engine.apply(Changes(deletes=("a",)))
    assert engine.search(Query(text="huawie")).suggestion is None


@pytest.mark.parametrize(
    ("left", "right", "count"),
    [("iphone", "iphone", 0), ("ihpone", "iphone", 1), ("iphne", "iphone", 1), ("iphonee", "iphone", 1),
     ("iphane", "iphone", 1), ("ipohen", "iphone", 2), ("sony", "canon", 2)],
)  # fmt: skip
def test_slips_are_counted(left: str, right: str, count: int) -> None:
    assert min(slips(left, right, 1), 2) == min(slips(right, left, 1), 2) == min(count, 2)


# -- what is marked ------------------------------------------------------------------------------------------


def marked(parts: tuple[Part, ...]) -> list[str]:
    return [part.text for part in parts if part.is_match]


@pytest.mark.parametrize(
    ("query", "title", "expected"),
    [
        ("iphone 13", "自用 iPhone13ProMax 2013", ["iPhone13"]),
        ("13", "iPhone 13, 2013", ["13"]),
        ("换物", "可换物，支持换物", ["换物", "换物"]),
        ("9.5成新", "ＩＰＡＤ 九五新", ["九五新"]),
        ("256G", "256 GB 和 256", ["256 GB", "256"]),
        ("phone", "国行手机 Phones", ["手机", "Phones"]),
        ("coat", "down jacket 羽绒服", ["down", "jacket", "羽绒服"]),
        ("levis", "Levi’s 牛仔裤", ["Levi’s"]),
        ("攝影", "摄影入门", ["摄影"]),
        ("cafe", "Café Crème", ["Café"]),
        ("-壳 手机", "手机壳", ["手机"]),
        ("x", "<script>x</script> & <b>", ["x"]),
        ("的", "我的手机", ["的"]),
    ],
)
def test_matches_are_marked_where_they_stand(query: str, title: str, expected: list[str]) -> None:
    parts = mark(title, marks_of(read_wish(query)))
    assert marked(parts) == expected
    assert "".join(part.text for part in parts) == title


def test_a_snippet_shows_the_place_of_the_match() -> None:
    body = "前言" * 60 + "电池健康八十八" + "后记" * 60
    parts = snippet(body, marks_of(read_wish("电池健康")))
    assert marked(parts) == ["电池健康"]
    assert parts[0] == Part("…", False) == parts[-1]
    assert len("".join(part.text for part in parts)) <= 92


def test_a_snippet_without_a_match_is_the_beginning_and_a_short_text_is_whole() -> None:
    assert snippet("短 文\n本", frozenset()) == (Part("短 文 本", False),)
    assert snippet("", frozenset({"x"})) == ()
    long = "一二三四五六七八九十" * 50
    parts = snippet(long, frozenset())
    assert (parts[0].text, parts[-1].text) == (long[:90], "…")


@settings(deadline=None)
@given(text=st.text(st.characters(exclude_categories=()), max_size=60), query=WORDS)
def test_marking_never_loses_a_character(text: str, query: str) -> None:
    import unicodedata

    marks = marks_of(read_wish(query)) | marks_of(read_wish(text))
    assert "".join(part.text for part in mark(text, marks)) == unicodedata.normalize("NFC", text)
    assert len("".join(part.text for part in snippet(text * 5, marks))) <= 92
