"""Ids sort by time; what people type is checked before it is looked up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core import clock, ids
from core.errors import Invalid

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
BODIES = st.text(ids.READABLE, min_size=7, max_size=7)
NUMBERS = st.builds(
    ids.numbered,
    st.sampled_from(["XS", "JD", "OIL", "WXYZ"]),
    st.integers(2000, 9999),
    st.integers(1, 999_999_999),
)


def test_ids_have_one_shape_and_sort_by_time():
    made = []
    for second in range(3):
        with clock.stopped_at(NEW_YEAR + timedelta(seconds=second)):
            made += [ids.new_id() for _ in range(500)]
    assert made == sorted(made)
    assert len(set(made)) == 1500
    assert all(ids.is_id(each) and len(each) == 26 for each in made)


def test_the_time_part_follows_the_ulid_layout():
    with clock.stopped_at(datetime(2016, 7, 30, 23, 54, 10, 259_000, tzinfo=UTC)):
        # the ULID specification's example, 01ARZ3NDEK..., was made at 1469922850259 ms
        milliseconds = sum(
            "0123456789abcdefghjkmnpqrstvwxyz".index(c) << 5 * (9 - i)
            for i, c in enumerate(ids.new_id()[:10])
        )
    assert milliseconds == 1469922850259


@pytest.mark.parametrize(
    "text",
    [
        "",
        "01arz3ndektsv4rrffq69g5fa",
        "81arz3ndektsv4rrffq69g5fav",
        "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "01arz3ndektsv4rrffq69g5fai",
        "../../etc/passwd",
    ],
)
def test_other_texts_are_no_ids(text):
    assert not ids.is_id(text)
    assert ids.is_id("01arz3ndektsv4rrffq69g5fav")


def test_codes_use_no_look_alikes():
    code = ids.new_code(4000)
    assert set(code) <= set(ids.READABLE)
    assert len(set(code)) == 31
    assert not set("0O1IL") & set(ids.READABLE)


def test_the_buyer_reads_the_receipt_code_aloud_and_the_keeper_types_it():
    code = ids.new_checked_code()
    spoken = ids.grouped(code)
    assert len(spoken) == 9
    wide = "".join(chr(ord(c) + 0xFEE0) for c in spoken.lower())
    for typed in (code, spoken, spoken.lower(), f" {code[:4]} {code[4:]} ", wide):
        assert ids.parse_code(typed) == code


@given(BODIES, st.integers(0, 7), st.sampled_from(ids.READABLE))
def test_every_single_wrong_symbol_is_noticed(body, place, wrong):
    code = body + ids.check_character(body)
    assume(code[place] != wrong)
    with pytest.raises(ids.BadCode, match="code_check"):
        ids.parse_code(code[:place] + wrong + code[place + 1 :])


@given(BODIES, st.integers(0, 6), st.integers(0, 6))
def test_every_swap_of_two_symbols_is_noticed(body, one, other):
    assume(body[one] != body[other])
    swapped = list(body)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    with pytest.raises(ids.BadCode, match="code_check"):
        ids.parse_code("".join(swapped) + ids.check_character(body))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "code_length"),
        ("ABCD", "code_length"),
        ("A" * 4000, "code_length"),
        ("ABCD-EFG0", "code_symbol"),
        ("ABCDEFG\u7269", "code_symbol"),
    ],
)
def test_what_cannot_be_a_code_is_said_plainly(typed, code):
    with pytest.raises(Invalid) as refused:
        ids.parse_code(typed)
    assert refused.value.code == code
    assert refused.value.status == 422
    assert refused.value.sentence.endswith(".")


def test_a_certificate_number_survives_the_telephone():
    number = ids.numbered("XS", 2026, 123)
    assert number.startswith("XS-2026-000123-")
    for typed in (
        number,
        number.lower(),
        number.replace("-", ""),
        number.replace("0", "O"),
        number.replace("1", "l"),
    ):
        if typed[-1] in "OL":  # the check itself is never 0 or 1
            pytest.fail("a look-alike as check character")
        assert ids.parse_number(typed) == ids.Numbered("XS", 2026, 123)


@given(NUMBERS)
def test_numbers_read_back(number):
    assert str(ids.parse_number(number)) == number


@given(NUMBERS, st.integers(0, 9), st.data())
def test_every_single_wrong_digit_or_letter_is_noticed(number, digit, data):
    body, check = number[:-2], number[-1]
    place = data.draw(st.integers(0, len(body) - 1))
    assume(body[place] != "-")
    kind = "0123456789" if body[place].isdigit() else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    wrong = data.draw(st.sampled_from(kind))
    assume(wrong != body[place])
    with pytest.raises(ids.BadCode, match="code_check"):
        ids.parse_number(f"{body[:place]}{wrong}{body[place + 1 :]}-{check}")


@pytest.mark.parametrize(
    "typed", ["", "XS", "2026-000123", "XS-26-000123-K", "XS-2026-000123-", "XS-2026-00012\u7269-K"]
)
def test_other_texts_are_no_numbers(typed):
    with pytest.raises(ids.BadCode, match="code_shape"):
        ids.parse_number(typed)


def test_a_number_that_could_not_be_read_back_is_never_made():
    for prefix, year, serial in [("x", 2026, 1), ("XS", 12026, 1), ("XS", 2026, 10**9)]:
        with pytest.raises(ValueError, match="not"):
            ids.numbered(prefix, year, serial)
    assert ids.numbered("XS", 2026, 10**9 - 1)
