"""How texts are folded and cut, and that the data file is read strictly."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data_files import BadDataFile
from market.search.analyser import BRIDGE, PIECE, WORD, document_terms, places, terms
from market.search.folding import fold, fold_with_origins
from market.search.latin import parts, split_letters, stem
from market.search.vocabulary import FILE, read_vocabulary, vocabulary
from market.search.wording import read_wish
from tests.market.search.conftest import thing
from tests.soak import soak

anything = st.text(st.characters(exclude_categories=()), max_size=80)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ＩＰＨＯＮＥ　１３", "iphone 13"),
        ("攝影入門 買賣", "摄影入门 买卖"),
        ("Café Crème", "cafe creme"),
        ("Levi’s Levi's", "levis levis"),
        ("a\u200bb\u00adc", "abc"),
        ("line\none\ttwo", "line one two"),
        ("\x00手机\ud800", " 手机 "),
        ("①½㎏", "11/2kg"),
        ("Straße", "strasse"),
        ("й が", "й が"),
    ],
)
def test_one_spelling_for_all_ways_of_typing(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@settings(deadline=None)
@given(anything)
def test_every_folded_character_knows_where_it_came_from(text: str) -> None:
    folded = fold_with_origins(text)
    assert folded.text == fold(text)
    assert folded.source == unicodedata.normalize("NFC", text)
    assert len(folded.origins) == len(folded.text) + 1
    assert list(folded.origins) == sorted(folded.origins)
    for place, character in enumerate(folded.text):
        start, end = folded.span(place, place + 1)
        assert character in fold(folded.source[start:end])


@pytest.mark.parametrize(
    ("stretch", "cut"),
    [
        ("iphone13promax", ["iphone", "13", "pro", "max"]),
        ("mate40pro", ["mate", "40", "pro"]),
        ("a2158-01", ["a2158", "01"]),
        ("i5-8250u", ["i5", "8250u"]),
        ("rtx3060ti", ["rtx", "3060", "ti"]),
        ("s20+", ["s20", "plus"]),
        ("iphone13256gb", ["iphone", "13256gb"]),
        ("iphone256g", ["iphone", "256gb"]),
        ("a7m3", ["a7m3"]),
        ("p40pro", ["p40", "pro"]),
        ("wh-1000xm4", ["wh", "1000", "xm", "4"]),
        ("v2.0", ["v2.0"]),
        ("b&o", ["b", "o"]),
    ],
)
def test_letters_and_digits_come_apart(stretch: str, cut: list[str]) -> None:
    assert [part.text for part in parts(stretch)] == cut


def test_only_known_words_are_cut_out_of_letters() -> None:
    assert split_letters("macbookpro") == ("macbook", "pro")
    assert split_letters("airpodspro") == ("airpods", "pro")
    assert split_letters("airpods") == ("airpods",)
    assert split_letters("prolog") == ("prolog",)


@pytest.mark.parametrize(
    ("word", "singular"),
    [
        ("phones", "phone"), ("batteries", "battery"), ("boxes", "box"), ("watches", "watch"),
        ("glass", "glass"), ("asus", "asus"), ("is", "is"), ("jeans", "jean"), ("bus", "bus"), ("glasses", "glass"),
    ],
)  # fmt: skip
def test_plurals_lose_their_ending(word: str, singular: str) -> None:
    assert stem(word) == singular


@pytest.mark.parametrize(
    ("written", "term"),
    [
        ("95新", "wear:95"), ("九五新", "wear:95"), ("9.5成新", "wear:95"), ("九成五新", "wear:95"),
        ("95成新", "wear:95"), ("95 新", "wear:95"), ("９５新", "wear:95"), ("9成新", "wear:90"),
        ("九成新", "wear:90"), ("九新", "wear:90"), ("十成新", "wear:100"), ("10成新", "wear:100"),
        ("iPhone13Pro95新国行", "wear:95"), ("成色九五新", "wear:95"), ("九五品", "book:95"),
        ("十品", "book:100"),
        ("13寸", "inch:13"), ("13.3英寸", "inch:13.3"), ("13.3 inch", "inch:13"), ("8+256", "256gb"),
        ("8G/256G", "8gb"), ("12+1T", "1tb"), ("512 GB", "512gb"),
    ],
)  # fmt: skip
def test_a_meaning_has_one_term_however_it_is_written(written: str, term: str) -> None:
    assert terms(fold(written))[term] >= PIECE


@pytest.mark.parametrize("text", ["24新款", "2023新品", "iPhone 7 新的", "14新", "全新", "195新", "产品"])
def test_not_every_number_is_a_state_of_wear(text: str) -> None:
    assert not [term for term in terms(fold(text)) if term.startswith(("wear:", "book:"))]


def test_pairs_bridge_what_the_dictionary_cuts() -> None:
    found = terms(fold("可换物"))
    assert found["换物"] == WORD
    assert found["可换"] == BRIDGE


def test_a_title_is_read_more_closely_than_a_body() -> None:
    """The racket in "badminton, on sale" is found in a title; in a body only what touches a lone character is."""
    assert "球拍" in terms("羽毛球拍卖", closely=True)
    assert "球拍" not in terms("羽毛球拍卖")
    assert "大疆" in terms("全新大疆无人机")
    assert terms("书包", closely=True)["包"] == PIECE > terms("书包")["包"] == BRIDGE


def test_repeating_a_word_does_not_lift_a_listing_and_the_title_counts_most() -> None:
    once = document_terms(thing("a", "chair", body="lamp"))
    often = document_terms(thing("a", "chair", body="lamp " * 50))
    titled = document_terms(thing("a", "lamps", body="x"))
    assert once["lamp"] == often["lamp"] < titled["lamp"]
    assert document_terms(thing("a", "lamp"))["lamp"] > document_terms(thing("a", "lamp" + " x" * 30))["lamp"]


def test_a_very_long_word_or_body_is_cut_short() -> None:
    found = document_terms(thing("a", "x" * 5000, body="灯" * 100_000))
    assert max(map(len, found)) <= 64


@settings(deadline=None)
@given(anything)
def test_anything_can_be_cut(text: str) -> None:
    folded = fold(text)
    for term in terms(folded, closely=True):
        assert term and term.encode()
    for token in places(folded):
        assert 0 <= token.start < token.end <= len(folded)


titles = st.lists(
    st.sampled_from(sorted(vocabulary().words | vocabulary().latin | vocabulary().stop))
    | st.sampled_from(["95", "新", "256", "G", "gb", "13", "寸", "成", "九", "五", "+", "/", ".", "_", " ", "  ", "iii", "x"])
    | st.text(max_size=6),
    max_size=12,
)


@settings(deadline=None, max_examples=soak(2_000))
@given(pieces=titles)
def test_every_listing_is_found_by_its_own_title(pieces: list[str]) -> None:
    """Whatever stands side by side, a query is cut so that the listing it was copied from satisfies it."""
    title = "".join(pieces).translate({ord(one): " " for one in '-"“”＂－﹣'})[:150]
    found = document_terms(thing("a", title))
    for clause in read_wish(title).required:
        assert any(all(has(found, term) for term in way.terms) for way in clause.ways), clause


def has(found: dict[str, float], term: str) -> bool:
    return any(one.startswith(term[:-1]) for one in found) if term.endswith("*") else term in found


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ("機机", "機机x", "not a pair"),
        ('words = ["手机", "phone"', 'wrods = ["手机", "phone"', "words"),
        ('word = "coat"', 'word = "coat"\nsize = 3', "size"),
        ('words = ["蓝牙", "bluetooth"]', 'words = ["蓝牙"]', "two words"),
    ],
)
def test_a_slip_in_the_data_file_names_the_place(tmp_path: Path, wrong: str, right: str, says: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert wrong in text
    copy = tmp_path / "synonyms.toml"
    copy.write_text(text.replace(wrong, right, 1), encoding="utf-8")
    with pytest.raises(BadDataFile, match=says):
        read_vocabulary(copy)


def test_only_what_shapes_the_index_changes_the_version(tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    copy = tmp_path / "synonyms.toml"
    copy.write_text(text.replace('"smartphone"', '"handset"'), encoding="utf-8")
    assert read_vocabulary(copy).digest() == vocabulary().digest()
    copy.write_text(text.replace('"无拆无修"', '"无拆无换"', 1), encoding="utf-8")
    assert read_vocabulary(copy).digest() != vocabulary().digest()
