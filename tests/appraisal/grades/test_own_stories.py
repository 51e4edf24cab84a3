"""Things as they come over the counter, kind by kind, and the grade each gets. Each refusal stands beside the like
thing that passes."""

from decimal import Decimal

import pytest

from appraisal.grades.rules import Answer, GradeResult, grade
from appraisal.standards.loader import get_standard

NEW_OR_USED = ("unused", "unread", "unworn")


def graded(kind: str, **found: Answer | None) -> GradeResult:
    """A used thing without any fault but what is `found`."""
    standard = get_standard(f"xunshi-{kind}", 1)
    best: dict[str, Answer | None] = {c.code: c.values[0].code if c.values else 100 for c in standard.checks}
    best |= {c.code: c.values[-1].code for c in standard.checks if c.code in NEW_OR_USED}
    return grade(standard, best | found)


STORIES = [
    # phones
    ("phone", {}, "S"),
    ("phone", {"screen_glass": "S4"}, "D"),
    ("phone", {"screen_glass": "S1"}, "B"),
    ("phone", {"display_image": "damaged"}, "R"),
    ("phone", {"display_image": "uneven"}, "B"),
    ("phone", {"blacklist": "unknown"}, "U"),
    ("phone", {"blacklist": None}, "U"),
    ("phone", {"blacklist": "listed"}, "reject"),
    ("phone", {"finance": "owing"}, "reject"),
    ("phone", {"finance": "unknown"}, "U"),
    ("phone", {"imei_matches": "mismatch"}, "reject"),
    ("phone", {"imei_matches": "system_only"}, "S"),
    ("phone", {"locks": "account_locked"}, "reject"),
    ("phone", {"locks": "managed"}, "reject"),
    ("phone", {"network_lock": "locked"}, "reject"),
    ("phone", {"battery_swollen": "yes"}, "reject"),
    ("phone", {"battery_health": 98}, "S"),
    ("phone", {"battery_health": Decimal("89.9")}, "A"),
    ("phone", {"battery_health": 84}, "B"),
    ("phone", {"battery_health": 79}, "C"),
    ("phone", {"battery_health": None}, "C"),
    ("phone", {"display_part": "genuine", "battery_part": "genuine"}, "S"),
    ("phone", {"display_part": "unknown_part"}, "C"),
    ("phone", {"battery_part": "unknown_part"}, "C"),
    ("phone", {"mainboard": "repaired"}, "D"),
    ("phone", {"liquid": "traces"}, "D"),
    ("phone", {"liquid": "corrosion"}, "R"),
    ("phone", {"parts_missing": "panel"}, "D"),
    ("phone", {"calls": "fails"}, "R"),
    ("phone", {"calls": "weak"}, "D"),
    ("phone", {"back": "S3", "frame": "S3"}, "C"),
    ("phone", {"back": "S3", "frame": "S3", "lens_glass": "S3"}, "D"),
    ("phone", {"bluetooth": None, "sensors": None}, "C"),
    ("phone", {"bluetooth": None, "sensors": None, "biometrics": "fails"}, "D"),
    # tablets and wearables
    ("tablet", {"blacklist": "unknown"}, "U"),
    ("tablet", {"locks": "managed"}, "reject"),
    ("tablet", {"mobile_data": "absent"}, "S"),
    ("tablet", {"mobile_data": "fails"}, "D"),
    ("tablet", {"battery_runs": "mains_only"}, "D"),
    ("wearable", {"locks": "account_locked"}, "reject"),
    ("wearable", {"clean": "dirty"}, "R"),
    ("wearable", {"main_function": "partly"}, "D"),
    ("wearable", {"screen_glass": "S4"}, "D"),
    ("wearable", {"display_image": "damaged"}, "R"),
    # desktops
    ("desktop", {"serial_matches": "self_built"}, "S"),
    ("desktop", {"specification": "differs"}, "reject"),
    ("desktop", {"storage": "none_fitted"}, "C"),
    ("desktop", {"graphics": "unknown_use"}, "C"),
    ("desktop", {"graphics": "artefacts"}, "R"),
    ("desktop", {"electrical_safety": "unsafe"}, "reject"),
    ("desktop", {"repair": "upgraded"}, "S"),
    ("desktop", {"repair": "mainboard"}, "D"),
    # appliances
    ("appliance", {}, "S"),
    ("appliance", {"gas_age": "past"}, "reject"),
    ("appliance", {"gas_age": "within", "gas_safety": "passed"}, "S"),
    ("appliance", {"gas_age": None}, "U"),
    ("appliance", {"gas_age": "within", "gas_safety": "failed"}, "reject"),
    ("appliance", {"advisory_age": "past"}, "D"),
    ("appliance", {"advisory_age": None}, "D"),
    ("appliance", {"earth_insulation": "failed"}, "reject"),
    ("appliance", {"earth_insulation": None}, "U"),
    ("appliance", {"plug_cable": "damaged"}, "reject"),
    ("appliance", {"main_function": "weak"}, "C"),
    ("appliance", {"main_function": "fails"}, "R"),
    ("appliance", {"parts_missing": "panel"}, "D"),
    ("appliance", {"flood": "traces"}, "reject"),
    ("appliance", {"smart": "bound"}, "reject"),
    # cameras
    ("camera", {"lens_fungus": "fungus"}, "R"),
    ("camera", {"lens_fungus": "haze"}, "D"),
    ("camera", {"lens_fungus": "dust"}, "A"),
    ("camera", {"sensor": "damaged"}, "R"),
    ("camera", {"shutter_count": "over"}, "C"),
    ("camera", {"shutter_count": None}, "C"),
    ("camera", {"shutter": "fails"}, "R"),
    # consoles
    ("console", {"online_ban": "banned"}, "D"),
    ("console", {"online_ban": None}, "U"),
    ("console", {"modified": "modified"}, "reject"),
    ("console", {"modified": "restored"}, "D"),
    ("console", {"drift": "drifts"}, "D"),
    ("console", {"drift": "slight"}, "B"),
    ("console", {"reader": "absent"}, "S"),
    ("console", {"controller": "none"}, "C"),
    # books
    ("book", {}, "S"),
    ("book", {"unread": "proven"}, "N"),
    ("book", {"endpapers": "endpaper_gone"}, "D"),
    ("book", {"endpapers": "jacket_gone"}, "B"),
    ("book", {"pages": "missing"}, "R"),
    ("book", {"library": "discarded"}, "S"),
    ("book", {"library": "unreleased"}, "reject"),
    ("book", {"genuine": "pirated"}, "reject"),
    ("book", {"genuine": None}, "U"),
    ("book", {"writing": "few_pencil"}, "B"),
    ("book", {"cover": "S3", "paper": "S3"}, "D"),
    # clothing
    ("clothing", {"unworn": "tags"}, "N"),
    ("clothing", {"unworn": "no_tags"}, "S"),
    ("clothing", {"unworn": None}, "S"),
    ("clothing", {"genuine": "imitation"}, "reject"),
    ("clothing", {"materials": "wildlife"}, "reject"),
    ("clothing", {"clean": "unhygienic"}, "reject"),
    ("clothing", {"holes": "small"}, "D"),
    ("clothing", {"holes": "large"}, "R"),
    ("clothing", {"wear_front": "S3"}, "C"),
    # furniture
    ("furniture", {}, "S"),
    ("furniture", {"pests": "live"}, "reject"),
    ("furniture", {"pests": "old"}, "D"),
    ("furniture", {"stability": "unsafe"}, "reject"),
    ("furniture", {"stability": "needs_fixing"}, "C"),
    ("furniture", {"material": "differs"}, "reject"),
    ("furniture", {"claims": "unknown"}, "U"),
    ("furniture", {"joints": "broken"}, "R"),
    ("furniture", {"parts_missing": "panel"}, "D"),
]


@pytest.mark.parametrize(("kind", "found", "expected"), STORIES)
def test_what_comes_over_the_counter(kind: str, found: dict[str, Answer | None], expected: str) -> None:
    assert graded(kind, **found).grade == expected


def test_every_gate_of_a_story_has_a_twin_that_passes() -> None:
    """The very same thing with the better answer gets a grade."""
    refused = [(kind, found) for kind, found, expected in STORIES if expected == "reject"]
    assert len(refused) > 20
    for kind, found in refused:
        best = {code: get_standard(f"xunshi-{kind}", 1).find_check(code).values[0].code for code in found}  # type: ignore[union-attr]
        assert graded(kind, **best).grade == "S", (kind, found)


@pytest.mark.parametrize(
    ("kind", "found", "told"),
    [
        ("phone", {"display_part": "genuine"}, "display_part_genuine"),
        ("phone", {"battery_part": "unknown_part"}, "battery_part_unknown_part"),
        ("book", {"library": "discarded"}, "library_discarded"),
        ("appliance", {"advisory_age": "past"}, "advisory_age_past"),
        ("console", {"online_ban": "banned"}, "online_ban_banned"),
        ("camera", {"lens_fungus": "haze"}, "lens_fungus_haze"),
        ("clothing", {"stains": "small"}, "stains_small"),
        ("furniture", {"pests": "old"}, "pests_old"),
    ],
)
def test_what_a_buyer_must_be_told_is_told(kind: str, found: dict[str, Answer | None], told: str) -> None:
    assert told in graded(kind, **found).disclosures
    assert told not in graded(kind).disclosures


def test_a_blacklist_that_does_not_answer_says_so_and_is_not_among_the_checks_left_out() -> None:
    result = graded("phone", blacklist="unknown")
    assert result.untested == ()
    assert [(reason.code, reason.kind) for reason in result.reasons if reason.limit == "U"] == [("blacklist_unknown", "ungraded")]
    assert "不能定级" in next(reason.text.zh for reason in result.reasons if reason.code == "blacklist_unknown")
    assert graded("phone", blacklist=None).untested == ("blacklist",)


def test_a_listed_phone_is_refused_even_where_nothing_else_was_looked_at() -> None:
    assert grade(get_standard("xunshi-phone", 1), {"blacklist": "listed"}).grade == "reject"
    assert grade(get_standard("xunshi-phone", 1), {"blacklist": "clear"}).grade == "U"
