"""Serial numbers and IMEIs as people really type them at the counter."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.goods import rules
from core.goods.cards import get_card
from core.goods.reasons import REASONS

PHONE, LAPTOP, COAT, DESKTOP = (get_card(code) for code in ("phone", "laptop", "clothing", "desktop"))
IMEI = "490154203237518"  # the example printed in many textbooks; not a phone anybody owns
MEID = "AF0123450ABCDE"


@pytest.mark.parametrize(
    "typed",
    [
        "pf-2a9k31",
        " PF2A9K31 ",
        "ＰＦ２Ａ９Ｋ３１",
        "PF_2A_9K31",
        "PF—2A−9K‐31",
        "PF\u200b2A9K\u00ad31",
        "PF 2A\t9K\n31",
        "PF\u30002A9K31",
    ],
)
def test_one_number_however_it_is_typed(typed: str) -> None:
    assert rules.normalise_serial(typed) == "PF2A9K31"


def test_nothing_is_guessed() -> None:
    assert rules.normalise_serial("O0-I1") == "O0I1"
    assert rules.normalise_serial("WD-WCC4N") == "WDWCC4N"
    assert rules.normalise_serial("A/B.C+D") == "A/B.C+D"


@given(st.text(max_size=30))
def test_tidying_twice_changes_nothing(typed: str) -> None:
    once = rules.normalise_serial(typed)
    assert rules.normalise_serial(once) == once


@given(st.text(alphabet=string.ascii_letters + string.digits, min_size=1), st.data())
def test_separators_never_matter(plain: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(plain)))
    separator = data.draw(st.sampled_from(["-", " ", "_", "\u2013", "\u200d", "\u2212", "\u2015", "\u2010"]))
    assert rules.normalise_serial(plain[:at] + separator + plain[at:]) == plain.upper()


@pytest.mark.parametrize(
    "filler",
    [
        "To be filled by O.E.M.",
        "To Be Filled By O.E.M",
        "Default string",
        "Not Specified",
        "System Serial Number",
        "None",
        "n/a",
        "N.A.",
        "0",
        "0000",
        "00000000-0000-0000-0000-000000000000",
        "XXXXXXXX",
        "....",
        "123456789",
        "0123456789",
        "1234567890123",
        "987654321",
        "ABCDEFG",
        "GFEDCBA",
        "8901234",
        "9012",
        "无",
        "无序列号",
        "Chassis Serial Number",
        "BSS-0123456789",
        "0123456789AB",
        "XXXXXXXXXXXX1",
        "1111111111112",
        "AAAAAAAAAAAB",
        "Standard",
    ],
)
def test_what_the_factory_left_in_is_no_number(filler: str) -> None:
    assert rules.is_placeholder(filler)
    assert rules.serial_problem(LAPTOP, "serial", filler) == "serial_placeholder"


@pytest.mark.parametrize(
    "genuine",
    [
        "5CD1234XYZ",
        "PF2A9K31",
        "C02XK1JJJG5H",
        "1122",
        "WD-WCC4N7XXXXX1",
        "0000A",
        "AAAAAA1",
        "0123456789AC",
        "13579",
        "CN-0JD7V6-72200",
        "ACEG",
    ],
)
def test_a_genuine_number_passes(genuine: str) -> None:
    assert not rules.is_placeholder(genuine)
    assert rules.serial_problem(LAPTOP, "serial", genuine) is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("5CD", "serial_too_short"),
        ("5CD1", None),
        ("A1" * 20, None),
        ("A1" * 20 + "B", "serial_too_long"),
        ("机身编号123", "serial_characters"),
        ("5CD'; DROP", "serial_characters"),
        ("5CD*1234", "serial_characters"),
        ("S/N:5CD1234XYZ", None),
        ("", "identifier_missing"),
        (" - ", "identifier_missing"),
        ("😀", "identifier_none"),
        ("x", "serial_too_short"),
        ("1234567890" * 50, "serial_too_long"),
    ],
)
def test_bounds_of_a_serial_number(typed: str, code: str | None) -> None:
    assert rules.serial_problem(LAPTOP, "serial", typed) == code


def test_a_coat_is_never_asked() -> None:
    assert COAT.identifiers == ()
    assert rules.serial_problem(COAT, "serial", "5CD1234XYZ") == "identifier_not_asked"
    assert rules.serial_problem(LAPTOP, "imei", IMEI) == "identifier_not_asked"
    assert rules.serial_problem(PHONE, "imei", IMEI) is None


def test_a_home_built_desktop_may_have_no_number() -> None:
    assert rules.serial_problem(DESKTOP, "serial", "") is None
    assert rules.serial_problem(DESKTOP, "serial", "Default string") == "serial_placeholder"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (IMEI, None),
        ("49-015420-323751-8", None),
        ("４９０１５４２０３２３７５１８", None),
        ("490154203237519", "imei_checksum"),
        ("490152403237518", "imei_checksum"),
        ("49015420323751", "imei_length"),
        ("4901542032375180", None),
        ("49015420323751801", "imei_length"),
        ("49015420323751A", "imei_digits"),
        ("4901542032375١8", "imei_digits"),
        ("😀", "identifier_none"),
        ("ABCDEFG", "imei_digits"),
        ("N/A", "imei_digits"),
        ("1" * 500, "imei_length"),
        ("000000000000000", "serial_placeholder"),
        ("012345678901234", "serial_placeholder"),
        ("", "identifier_missing"),
    ],
)
def test_imei(typed: str, code: str | None) -> None:
    assert rules.serial_problem(PHONE, "imei", typed) == code


@given(st.integers(0, 14), st.integers(1, 9))
def test_every_single_slip_in_an_imei_is_noticed(place: int, shift: int) -> None:
    digit = str((int(IMEI[place]) + shift) % 10)
    assert rules.serial_problem(PHONE, "imei", IMEI[:place] + digit + IMEI[place + 1 :]) == "imei_checksum"


@given(st.one_of(st.text(max_size=30), st.from_regex(r"[0-9]{14,18}", fullmatch=True), st.from_regex(r"[0-9A-F]{14,15}", fullmatch=True)))
@pytest.mark.parametrize("kind", ["serial", "imei", "imei2", "meid"])
def test_a_number_is_looked_for_in_the_form_it_is_kept_in_whatever_its_kind(kind: str, typed: str) -> None:
    kept = rules.normalise_identifier(kind, typed)
    assert rules.forms_of(typed) >= {kept} - {""} and all(rules.forms_of(typed))


@pytest.mark.parametrize(("typed", "forms"), [
    ("pf2x-k9a7", {"PF2XK9A7"}), (IMEI, {IMEI, IMEI[:14]}), (f"{IMEI[:14]}07", {IMEI, f"{IMEI[:14]}07"}),
    ("29360 87365 0070 3710", {"293608736500703710", MEID}), (f"{MEID}C", {f"{MEID}C", MEID}), (MEID, {MEID}),
    (" -", set()), ("", set()),
])  # fmt: skip
def test_the_forms_of_a_typed_number(typed: str, forms: set[str]) -> None:
    assert rules.forms_of(typed) == forms


@pytest.mark.parametrize(("typed", "code"), [
    ("😀", "identifier_none"), (" -", "identifier_none"), ("", "identifier_none"), ("x", "serial_too_short"), ("机身123", "serial_characters"),
    ("Default string", "serial_placeholder"), ("1" * 500, "serial_too_long"), (f"{IMEI[:-1]}9", "imei_checksum"),
    (IMEI, None), (f"{IMEI[:14]}07", None), ("pf2x-k9a7", None), (MEID, None), ("293608736500703710", None), (f"{MEID}C", None),
])  # fmt: skip
def test_what_can_be_no_number_of_any_kind(typed: str, code: str | None) -> None:
    assert rules.number_problem(typed) == code


def test_the_software_version_does_not_make_another_phone() -> None:
    assert rules.normalise_identifier("imei", "49015420-323751-23") == IMEI
    assert rules.normalise_identifier("imei", "49-015420-323751-8") == IMEI
    assert rules.normalise_identifier("imei", "4901542032375I23") == "4901542032375I23"
    assert rules.normalise_identifier("serial", "4901542032375123") == "4901542032375123"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (MEID, None),
        ("AF 01 23 45 0A BC DE C", None),
        ("29360 87365 0070 3710 0", None),
        ("AF0123450ABCDED", "meid_checksum"),
        ("AF0123450ABCD", "meid_format"),
        ("AF0123450ABCDG", "meid_format"),
        ("", None),
    ],
)
def test_meid(typed: str, code: str | None) -> None:
    assert rules.serial_problem(PHONE, "meid", typed) == code


def test_one_meid_in_two_notations() -> None:
    assert rules.normalise_identifier("meid", "29360 87365 0070 3710 0") == MEID
    assert rules.normalise_identifier("meid", "af 01 23 45 0a bc de c") == MEID
    assert rules.normalise_identifier("meid", "af-nonsense") == "AFNONSENSE"
    assert rules.normalise_identifier("serial", "293608736500703710") == "293608736500703710"


@pytest.mark.parametrize(
    ("value", "shown"),
    [("PF2A9K31", "PF2A****"), ("pf-2a", "****"), (IMEI, "49015420323****"), ("AB", "**"), ("", "")],
)
def test_the_public_never_sees_the_last_four(value: str, shown: str) -> None:
    assert rules.mask(value) == shown


@given(st.text(alphabet=string.ascii_uppercase + string.digits, min_size=4, max_size=40))
def test_a_mask_keeps_the_length_and_hides_four(value: str) -> None:
    shown = rules.mask(value)
    assert len(shown) == len(value) and shown.endswith("****") and shown[:-4] == value[:-4]


def test_a_phone_for_two_sims_has_two_numbers() -> None:
    second = "356938035643809"
    assert rules.identifier_problems(PHONE, {"imei": [IMEI, second]}) == {}
    assert rules.identifier_problems(PHONE, {"imei": [IMEI, "49-015420-323751-23"]}) == {"imei": "identifier_twice"}
    assert rules.identifier_problems(PHONE, {"imei": [IMEI, second, "013977000272744"]}) == {"imei": "identifier_too_many"}


def test_all_numbers_of_one_thing_at_once() -> None:
    assert rules.identifier_problems(PHONE, {}) == {"imei": "identifier_missing"}
    assert rules.identifier_problems(PHONE, {"imei": ["", IMEI], "serial": [" "]}) == {}
    assert rules.identifier_problems(PHONE, {"imei": [IMEI, "4901"], "meid": ["x"]}) == {
        "imei": "imei_length",
        "meid": "meid_format",
    }
    assert rules.identifier_problems(LAPTOP, {"serial": ["5CD1234XYZ", "5CD9876XYZ"]}) == {"serial": "identifier_too_many"}
    assert rules.identifier_problems(COAT, {}) == {}
    assert rules.identifier_problems(COAT, {"serial": ["5CD1234XYZ"]}) == {"serial": "identifier_not_asked"}
    assert rules.identifier_problems(COAT, {"serial": [""]}) == {}


def test_every_code_has_a_sentence() -> None:
    assert all(sentence.endswith(".") for sentence in REASONS.values())
    assert {"identifier_missing", "imei_checksum", "serial_placeholder"} <= set(REASONS)
