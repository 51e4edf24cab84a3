"""When two serial numbers name one medium."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.goods import rules as register
from privacy.evidence.identity import is_masked, normalise_serial, same_serial
from tests.privacy.evidence.logs import DISK, DODSHORT, Edit, verdict_of


@pytest.mark.parametrize(
    "spelling", ["WD-WCC4E5KNRY27", "wd-wcc4e5knry27", "  WCC4E5KNRY27\t", "WCC4E5 KNRY27", "WCC4E5_KNRY27", "ＷＣＣ４Ｅ５ＫＮＲＹ２７"]
)  # fmt: skip
def test_spellings_of_one_serial(spelling: str):
    assert normalise_serial(spelling) == "WCC4E5KNRY27"
    assert same_serial(spelling, "WD-WCC4E5KNRY27")


@pytest.mark.parametrize("other", ["WCC4E5KNRY2", "WCC4E5KNRY277", "CC4E5KNRY27", "WCC4E5KNRY2Z", "WCC4E5-KNRY27"])
def test_a_part_or_a_neighbour_is_another_medium(other: str):
    assert not same_serial(other, "WCC4E5KNRY27")


@pytest.mark.parametrize(
    "nothing",
    [None, "", "   ", "XXXXXXXXXXXXXXXXXXXX", "xxxxXXXX", "????????????????????", "********", "0000000000", "1", "None",
     "N/A", "unknown", "Not Specified", "To be filled by O.E.M.", "0123456789ABCDEF", "12345678"],
)  # fmt: skip
def test_what_identifies_nothing_equals_nothing_not_even_itself(nothing: str | None):
    assert normalise_serial(nothing) is None
    assert not same_serial(nothing, nothing)


FILLERS = (
    "System Serial Number", "Not Applicable", "INVALID", "0000-0000", "00:00:00:00", "123456789012", "Default string", "Not Settable",
    "Chassis Serial Number", "Base Board Serial Number", "No Asset Information", "1234567890ABCDEF", "0123456789ABCDEF", "123456789ABCDEF",
    "000000000001", "0x00000000", "000000000033", "DD56419883891", "DD564198838E0", "DB9876543214E", "201503310007F", "2020202020202020",
    "3030303030303030", "BSN12345678901234567", "SN123456789", "ABCDEF123456", "1234ABCD", "AABBCCDDEEFF", "QM00001", "987654321", "12345",
)  # fmt: skip
GENUINE = (
    "WD-WCC4E5KNRY27", "S2RANX0H613905", "2013E29B7F4D", "58RKT2LNS", "000000A1B2C3", "20202020A", "0000A", "5CD1234XYZ", "SN12A4", "QM00010",
    "K0000001", "3030303030303031", "DD56419883X",
)  # fmt: skip


@pytest.mark.parametrize("filler", FILLERS)
def test_what_makers_and_bridges_leave_in_is_no_serial_here_nor_in_the_register(filler: str):
    assert normalise_serial(filler) is None and register.is_placeholder(filler)
    typed = Edit.of(DODSHORT).change(DISK, filler)
    assert "no_serial" in verdict_of(str(typed), serial=filler).reasons


@pytest.mark.parametrize("genuine", GENUINE)
def test_and_what_only_looks_like_it_is_one(genuine: str):
    assert same_serial(genuine, genuine) and not register.is_placeholder(genuine)


def test_masks_of_the_tool():
    assert is_masked("XXXXXXXXXXXXXXXXXXXX") and is_masked(" ???? ") and is_masked("****")
    assert not is_masked("XXX") and not is_masked("X4XX") and not is_masked("") and not is_masked(None)


@given(st.text(alphabet="WD-abcＡ０ _19", max_size=20))
@settings(deadline=None)
def test_normalising_twice_changes_nothing_more(serial: str):
    once = normalise_serial(serial)
    assert once is None or normalise_serial(once) in (once, None)


@given(st.text(alphabet="ABC019-", min_size=4, max_size=20), st.integers(1, 3))
@settings(deadline=None)
def test_cutting_a_serial_makes_it_another(serial: str, cut: int):
    assert not same_serial(serial, serial[:-cut])
    assert not same_serial(serial, serial[cut:])
