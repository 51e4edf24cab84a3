"""BitLocker's state in two languages and three encodings; never a wipe, and never off unless everything says so."""

from typing import Any

import pytest

from privacy.evidence.model import Evidence
from privacy.evidence.readers import read
from privacy.evidence.readers.manage_bde_words import words
from tests.privacy.evidence.readers.answers import assert_read_as, details, of_tool, raw, text
from tests.privacy.evidence.readers.hostile import survives

ENTRIES = of_tool("manage-bde")
ON, OFF = "synthetic-bde-on.txt", "synthetic-bde-off.txt"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_each_answer_is_read_as_what_it_says(entry: dict[str, Any]):
    assert_read_as(entry)
    assert read(raw(entry["file"])).tool_version == entry["version"]


def edited(name: str, *changes: tuple[str, str]) -> Evidence:
    whole = text(name)
    for old, new in changes:
        assert old in whole, old
        whole = whole.replace(old, new)
    return read(whole.encode())


def test_it_is_about_volumes_and_no_wipe():
    evidence = read(raw(OFF))
    assert evidence.devices == () and evidence.kind == "state" and not evidence.real_seen


def test_suspended_protection_is_not_off():
    """The key lies open, but the volume is still encrypted: nobody may call it unlocked for good."""
    assert edited(ON, ("Protection On", "Protection Off")).locks[0].on is None


def test_anything_missing_or_unknown_is_not_known():
    for changes in (
        (("Fully Decrypted", "Teilweise"),), (("Protection Off", "Schutz aus"),), (("Unlocked", "Entsperrt"),),
        (("    Lock Status:          Unlocked\r\n", ""),), (("    Protection Status:    Protection Off\r\n", ""),),
    ):  # fmt: skip
        evidence = edited(OFF, *changes)
        assert evidence.locks[0].on is None
        assert evidence.has("unknown_words") or not evidence.complete


CLASHES = {
    "decrypted by half": ((OFF, ("0.0%", "50.0%")), "percentage_disagrees"),
    "encrypted by half": ((ON, ("100.0%", "50.0%")), "percentage_disagrees"),
    "more than all": ((ON, ("100.0%", "120.0%")), "percentage_disagrees"),
    "protects nothing": ((OFF, ("Protection Off", "Protection On")), "protection_disagrees"),
    "protected by nobody": ((ON, ("Key Protectors:", "Key Protectors: None Found")), "protectors_disagree"),
    "told twice": ((OFF, ("    Lock Status:", "    Lock Status:          Locked\r\n    Lock Status:")), "said_twice"),
}


@pytest.mark.parametrize("name", CLASHES)
def test_what_can_t_all_be_true_is_a_contradiction(name: str):
    (file, change), detail = CLASHES[name]
    assert detail in details(edited(file, change))


def test_cut_off_files_are_not_complete():
    whole = text(ON)
    assert not read(whole[: whole.index("    Lock Status")].encode()).complete
    assert not read(whole[: whole.index("Volume C")].encode()).complete
    assert not read(whole[whole.index("Volume C") :].encode()).complete


def test_every_word_has_one_meaning():
    for label, meaning in words().meaning.items():
        assert all(printed.strip() == printed for printed in meaning), label
    assert words().meaning["conversion"]["Fully Decrypted"] == "decrypted"


def test_a_flood_of_volumes():
    volume = text(OFF)[text(OFF).index("Volume C") :]
    evidence = read((text(OFF) + volume * 3000).encode())
    assert len(evidence.locks) == 128 and not evidence.complete


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_damage_switches_nothing_off(entry: dict[str, Any]):
    off = entry["expect"]["locks"].count(False)

    def check(evidence: Evidence) -> None:
        assert sum(lock.on is False for lock in evidence.locks) <= max(off * 2, 0)

    survives(raw(entry["file"]), entry["file"], 15, check)
