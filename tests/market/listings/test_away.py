"""What leads away from the market, and what only looks like it: the phrases in `phrases/`, and whatever one can make of them.

`written_first.tsv` was written before the filter was; `wider.tsv` with it."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.folding_rules import letters, numbers, tight
from market.listings.away.number_rules import luhn
from market.listings.away.rules import CONTACT, KINDS, PAYMENT, found_in, kinds_in

FOLDER = Path(__file__).parent / "phrases"


def phrases(name):
    """[(kinds, phrase)] of a file; `\\u200b` stands for the sign."""
    lines = [line for line in (FOLDER / name).read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    spelt = [re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), line) for line in lines]
    return [(set() if kinds == "-" else set(kinds.split(",")), phrase) for kinds, phrase in (line.split("\t") for line in spelt)]


ALL = [*phrases("written_first.tsv"), *phrases("wider.tsv")]
AWAY = [one for one in ALL if one[0]]
HARMLESS = [phrase for kinds, phrase in ALL if not kinds]


def test_there_are_enough_phrases_of_each_kind():
    assert len(AWAY) >= 150 and len(HARMLESS) >= 150 and len({phrase for _, phrase in ALL}) == len(ALL)
    assert set().union(*(kinds for kinds, _ in AWAY)) == set(KINDS) == CONTACT | PAYMENT


@pytest.mark.parametrize(("kinds", "phrase"), AWAY)
def test_it_is_found(kinds, phrase):
    assert kinds <= set(kinds_in(phrase)), found_in(phrase)


@pytest.mark.parametrize("phrase", HARMLESS)
def test_it_is_left_alone(phrase):
    assert found_in(phrase) == []


UNSEEN = st.sampled_from(["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e", "\ufe0f"])
TWINS = str.maketrans("aeopcxyi", "аеорсхуі")


@pytest.mark.slow
@given(st.sampled_from(AWAY), st.lists(st.tuples(st.integers(0, 60), UNSEEN), max_size=8))
def test_signs_that_nobody_sees_hide_nothing(one, hidden):
    kinds, phrase = one
    for place, sign in hidden:
        phrase = phrase[: place % (len(phrase) + 1)] + sign + phrase[place % (len(phrase) + 1) :]
    assert kinds <= set(kinds_in(phrase))


@given(st.sampled_from([one for one in AWAY if one[1].isascii()]))
def test_letters_of_another_alphabet_hide_nothing(one):
    assert one[0] <= set(kinds_in(one[1].translate(TWINS)))


@given(st.sampled_from(HARMLESS), st.sampled_from(AWAY))
def test_it_is_found_after_harmless_words_too(before, one):
    assert one[0] <= set(kinds_in(f"{before}。 {one[1]}"))


SCRIPTS = ["0123456789", "０１２３４５６７８９", "零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖", "⓪①②③④⑤⑥⑦⑧⑨"]
MOBILE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@pytest.mark.slow
@given(MOBILE, st.sampled_from(SCRIPTS), st.sampled_from(["", " ", "-", ".", " - "]), st.sampled_from([(3, 7), (3, 6, 9), (4, 7), ()]))
def test_any_mobile_number_is_found_however_it_is_written(number, script, between, cuts):
    parts = [number[a:b] for a, b in zip((0, *cuts), (*cuts, 11), strict=True)]
    written = between.join("".join(script[int(one)] for one in part) for part in parts)
    (found,) = [one for one in found_in(f"我的号{written}，打我") if one.kind == "mobile"]
    assert found.words == written


@pytest.mark.slow
@given(MOBILE)
def test_longer_and_shorter_rows_are_no_mobile_number(number):
    for written in (number[:10], number + "7", "5" + number, "202" + number, f"SF{number}", f"单号：{number}", f"IMEI {number}0123"):
        assert "mobile" not in kinds_in(written), written


def _isbn13(nine):
    body = "978" + nine
    return body + str(-sum(int(one) * (1, 3)[at % 2] for at, one in enumerate(body)) % 10)


def _isbn10(nine):
    rest = -sum(int(one) * (10 - at) for at, one in enumerate(nine)) % 11
    return nine + ("X" if rest == 10 else str(rest))


NINE = st.from_regex(r"[0-9]{9}", fullmatch=True)


@given(NINE, st.booleans(), st.sampled_from(["", "-", " "]), st.sampled_from(["", "ISBN ", "ISBN：", "书号"]))
def test_no_isbn_is_ever_taken_for_something_else(nine, long, between, label):
    isbn = _isbn13(nine) if long else _isbn10(nine)
    head = [isbn[:3]] if long else []
    rest = isbn[3:] if long else isbn
    assert found_in(label + between.join([*head, rest[0], rest[1:4], rest[4:9], rest[9:]])) == []


@pytest.mark.slow
@given(st.from_regex(r"(35|86|01|99)[0-9]{12}", fullmatch=True), st.sampled_from(["IMEI ", "imei：", "串号", ""]))
def test_no_imei_is_ever_taken_for_something_else(fourteen, label):
    imei = next(fourteen + str(last) for last in range(10) if luhn(fourteen + str(last)))
    assert found_in(f"{label}{imei} 可以查") == []


@pytest.mark.slow
@given(st.from_regex(r"62[0-9]{13,16}", fullmatch=True), st.sampled_from(["", " ", "-"]))
def test_a_card_number_is_found_only_with_its_right_check_digit(body, between):
    right = next(str(last) for last in range(10) if luhn(body + str(last)))
    for last in range(10):
        number = body + str(last)
        written = between.join(number[at : at + 4] for at in range(0, len(number), 4))
        whole = [one for one in found_in(f"卡 {written}") if one.kind == "card" and one.words == written]
        assert bool(whole) is (str(last) == right)


@pytest.mark.slow
@given(st.integers(1, 99_999), st.integers(1, 12), st.integers(1, 28), st.integers(0, 23), st.integers(0, 59))
def test_prices_days_times_and_sizes_are_left_alone(price, month, day, hour, minute):
    for words in (f"{price}元", f"¥{price:,}.00", f"2026-{month:02}-{day:02} {hour:02}:{minute:02}", f"{month}月{day}日{hour}点{minute}分",
                  f"{price}×{month}×{day} cm", f"1.{month}×{day} m，{hour}码，1{day:02}/{minute}A"):  # fmt: skip
        assert found_in(words) == [], words


@pytest.mark.slow
@given(st.text(max_size=1000))
def test_any_words_are_read_and_what_is_found_stands_there(text):
    for one in found_in(text):
        assert one.kind in KINDS and text[one.start : one.end] == one.words and one.words
    for reading in (letters(text), tight(letters(text)), numbers(letters(text))):
        assert len(reading.text) == len(reading.places) and list(reading.places) == sorted(reading.places)


def test_an_address_of_this_house_leads_nowhere_else():
    words = "就是这个 https://xunshi.example/listings/01J0"
    assert kinds_in(words, frozenset({"xunshi.example"})) == [] and kinds_in(words) == ["link"]
    assert kinds_in("https://xunshi.example.evil.com/x", frozenset({"xunshi.example"})) == ["link"]


def test_what_was_found_is_shown_as_it_was_written():
    found = found_in("加我Ｖ信 lijie2020，线 下 付，13８-1234-5678")
    assert [(one.kind, one.words) for one in found] == [
        ("account", "加我Ｖ信 lijie2020"), ("elsewhere", "线 下 付"), ("mobile", "13８-1234-5678")
    ]  # fmt: skip
