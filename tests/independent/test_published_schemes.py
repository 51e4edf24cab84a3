"""Published grading schemes: cases worked out by hand from the published text named beside each, then asked for."""

import json
from typing import Any

import pytest

from tests.independent.running import flask, refused, shaped

INTERCELLUS = {
    "dents": 0, "cracks_anywhere": 0, "housing_hairline_cracks": 0, "screen_light_scratches": 0, "screen_deep_scratches": 0,
    "housing_scuff": "none", "functional_all_pass": True,
}  # fmt: skip
SUPERIOR = {"cosmetic": "minimal", "deep_scratch": False, "display_crack": False, "function": "all_pass", "data_cleared": True}
REC_C = {
    "evaluated": True, "reusable": True, "missing_critical": False, "missing_noncritical": False, "dents_scratches": "none",
    "latch_hinge_damage": False, "cleaned": True, "restored_with_warranty": False, "used": True, "original_packaging": False,
}  # fmt: skip
REC_F = {
    "key_functions": "pass", "all_hardware": "pass", "software": "not_loaded", "oem_parts": None, "missing_parts": False,
    "removed_from_operation_no_known_defects": False,
}  # fmt: skip
BACK = {
    "all_functions_pass": True, "battery_pct": 90, "all_parts_genuine": True, "screen": "flawless",
    "body_mark_visible_from_cm": 0, "dents": 0,
}  # fmt: skip
AMAZON = {"cosmetic_visible_at_30cm": False, "battery_pct": 90, "dead_pixels": 0, "locked": False, "extra_markings": False}
TRADEX = {
    "powers_on": True, "charges": True, "display_image": "OK", "glass": "NONE", "housing": "NONE", "functions_ok": True,
    "battery_pct": 90, "fmi": "OFF", "blacklist": False,
}  # fmt: skip
COTSWOLD = {"screen": "faint", "casing": "light_marks", "keys": "no_fading", "missing": "none", "battery_tested_ok": True}
AREAS = {"screen": "A", "inside_casing": "A", "outside_casing": "A"}
CHENGSE = {
    "opened": True, "used": True, "use_marks": "none", "paint_loss": False, "appearance_missing": "none", "repaired": False,
    "function": "ok",
}  # fmt: skip
BOOK = {
    "unread": False, "crisp": False, "wear": "small", "tears": False, "all_leaves_present": True, "endpapers_present": True,
    "text_legible": True, "loose": False, "ex_library": False,
}  # fmt: skip
THREES = dict.fromkeys(("SDD", "SF", "ST", "SSP", "SSU", "SRI"), 3)
RECORD = [
    "item_name", "type_number_where_applicable", "year_of_production_if_available", "responsible_company_name_address",
    "test_result", "test_date", "kinds_of_tests",
]  # fmt: skip
STREAM = {"F": None, "C": None, "stream": "R2 Controlled Stream"}
TODAY = {"today": "2026-11-22"}


def without(*fields: str) -> dict[str, Any]:
    return {"fields": [field for field in RECORD if field not in fields]}


CASES: list[tuple[str, dict[str, Any], Any]] = [
    # intercellus.com/grading-scale: AB 5 or less; B at most 2 dents, 10 scratches; C 15 scratches, one hairline, deep allowed
    ("intercellus", INTERCELLUS | {"screen_light_scratches": 5}, "AB"),
    ("intercellus", INTERCELLUS | {"dents": 2, "screen_light_scratches": 10}, "B"),
    ("intercellus", INTERCELLUS | {"dents": 3}, "C"),
    ("intercellus", INTERCELLUS | {"screen_light_scratches": 15, "screen_deep_scratches": 2}, "C"),
    ("intercellus", INTERCELLUS | {"screen_light_scratches": 16}, "reject"),
    ("intercellus", INTERCELLUS | {"cracks_anywhere": 1}, "reject"),
    ("intercellus", INTERCELLUS | {"housing_scuff": "heavy"}, "C"),
    ("intercellus", INTERCELLUS | {"functional_all_pass": None}, "U"),
    # bstock.com/superior/conditions: letter for the looks, suffix for the tests; lens cracks in B, data cleared in all
    ("superior", SUPERIOR | {"function": "fail"}, "A-"),
    ("superior", SUPERIOR | {"cosmetic": "light", "function": "fail"}, "B-"),
    ("superior", SUPERIOR | {"camera_lens_crack": True}, "B+"),
    ("superior", SUPERIOR | {"function": None}, "A"),
    ("superior", SUPERIOR | {"data_cleared": False}, "reject"),
    # bstock.com/squaretrade/conditions: five steps, the worst finding
    ("ctia-cosmetic", {"worst": "aggressive_wear"}, "C"),
    ("ctia-cosmetic", {"defects": ["light_wear", "cover_lens_crack"]}, "D"),
    ("ctia-cosmetic", {"worst": "light_wear", "defects": ["display_internal_damage"]}, "E"),
    ("ctia-cosmetic", {"worst": None}, "U"),
    # SERI, CTIA Grading Q&A: three rows; 3–9 have no equivalent
    ("ctia-to-rec", {"ctia_functional": 1, "ctia_cosmetic": "B"}, {"F": "F5", "C": ["C6"]}),
    ("ctia-to-rec", {"ctia_functional": 2, "ctia_cosmetic": "C"}, {"F": "F3", "C": ["C3", "C4", "C5", "C6"]}),
    ("ctia-to-rec", {"ctia_functional": 9, "ctia_cosmetic": "E"}, STREAM),
    ("ctia-to-rec", {"ctia_functional": 0, "ctia_cosmetic": "A", "data_sanitised": False}, STREAM),
    # REC table in ebaydesc 306042895993: missing critical C2, minor C5, unused without packaging C8
    ("r2-rec-cosmetic", REC_C | {"missing_critical": True, "dents_scratches": "major", "latch_hinge_damage": True}, "C2"),
    ("r2-rec-cosmetic", REC_C | {"dents_scratches": "minor"}, "C5"),
    ("r2-rec-cosmetic", REC_C | {"used": False}, "C8"),
    ("r2-rec-cosmetic", REC_C, "C6"),
    ("r2-rec-cosmetic", REC_C | {"restored_with_warranty": True, "dents_scratches": "minor"}, "C5"),
    # REC F1–F6 text: F4 all hardware, nothing missing; F2 removed from operation; F6 the maker's parts and software
    ("r2-rec-functional", REC_F, "F4"),
    ("r2-rec-functional", REC_F | {"key_functions": "not_tested", "all_hardware": "not_tested",
                                   "removed_from_operation_no_known_defects": True}, "F2"),
    ("r2-rec-functional", REC_F | {"software": "oem_original"}, "F5"),
    ("r2-rec-functional", REC_F | {"key_functions": None}, None),
    ("r2-rec-functional", REC_F | {"key_functions": "fail", "collectible": True}, "F1"),
    # help.backmarket.com 360010146460: 20 cm, 50 cm, battery at least 80 %
    ("backmarket", BACK | {"body_mark_visible_from_cm": 30}, "Good"),
    ("backmarket", BACK | {"body_mark_visible_from_cm": 19}, "Excellent"),
    ("backmarket", BACK | {"body_mark_visible_from_cm": 20}, "Good"),
    ("backmarket", BACK | {"body_mark_visible_from_cm": 50}, "Fair"),
    ("backmarket", BACK | {"battery_pct": 79}, "reject"),
    ("backmarket", BACK | {"battery_pct": 80, "all_parts_genuine": None}, "Excellent"),
    # sellercentral-europe G202190320: exceeds 80 %, unlocked
    ("amazon-renewed-eu", AMAZON | {"battery_pct": 80}, "not_eligible"),
    ("amazon-renewed-eu", AMAZON | {"battery_pct": 80.1}, "eligible"),
    ("amazon-renewed-eu", AMAZON | {"locked": True}, "not_eligible"),
    ("amazon-renewed-eu", AMAZON | {"locked": None}, "U"),
    # swappa.com/faq/sell/listing-device-criteria
    ("swappa-gate", {"missing_moisture_indicator": True}, "reject"),
    ("swappa-gate", {"failed_repairs": 1}, "listable"),
    ("swappa-gate", {"failed_repairs": 2}, "reject"),
    # TradeX 4.A, 4.B: dead pixels D, find-my on not accepted, worst column
    ("tradex", TRADEX | {"glass": "VISIBLE_LIGHT", "housing": "SOME"}, "B"),
    ("tradex", TRADEX | {"glass": "MICRO", "housing": "WEAR"}, "C"),
    ("tradex", TRADEX | {"display_image": "PIX"}, "D"),
    ("tradex", TRADEX | {"powers_on": False}, "D"),
    ("tradex", TRADEX | {"fmi": "ON", "powers_on": None}, "not_accepted"),
    ("tradex", TRADEX | {"housing": "BENT", "irreparable": True}, "R"),
    # cotswold-computers.co.uk: rubber feet B; pressure mark C; battery not guaranteed C
    ("laptop-cotswold", COTSWOLD | {"missing": "rubber_feet"}, "B"),
    ("laptop-cotswold", COTSWOLD | {"screen": "pressure_mark"}, "C"),
    ("laptop-cotswold", COTSWOLD | {"battery_tested_ok": False}, "C"),
    # greengreenstore.co.uk: the lowest of the areas
    ("weakest-area", AREAS, "A"),
    ("weakest-area", AREAS | {"inside_casing": "B", "outside_casing": "C"}, "C"),
    ("weakest-area", AREAS | {"screen": None}, "U"),
    # GB/T 30323 bands
    ("gbt30323-grade", {"total_score": 89.5, "accident_car": False}, "二级"),
    ("gbt30323-grade", {"total_score": 20, "accident_car": False}, "三级"),
    ("gbt30323-grade", {"total_score": 98, "accident_car": True}, "五级"),
    ("gbt30323-grade", {"total_score": None, "accident_car": True}, "五级"),
    # aooshe.com / verywind.cn
    ("cn-chengse", CHENGSE, "9.5成新"),
    ("cn-chengse", CHENGSE | {"paint_loss": "slight"}, "8.5成新"),
    ("cn-chengse", CHENGSE | {"appearance_missing": "slight"}, "8成新"),
    ("cn-chengse", CHENGSE | {"function": "main_fault", "repaired": True}, "6成及以下"),
    ("cn-chengse", CHENGSE | {"repaired": None}, "7成新"),
    # IOBA; delvebookstore.com
    ("book-ioba", BOOK, "Very Good"),
    ("book-ioba", BOOK | {"endpapers_present": False}, "Fair"),
    ("book-ioba", BOOK | {"unread": True, "crisp": False, "wear": "none"}, "Fine"),
    ("book-ioba", BOOK | {"text_legible": False}, "reject"),
    # (EU) 2023/1669 Annex IV 5: 0.25·5 + 0.15·(4+4+4+3+3) = 3.95; all 1 = 1.00
    ("eu-repairability", THREES | {"SDD": 5, "SF": 4, "ST": 4, "SSP": 4}, {"R": 3.95, "cls": "B"}),
    ("eu-repairability", dict.fromkeys(THREES, 1), {"R": 1, "cls": "E"}),
    ("eu-repairability", dict.fromkeys(THREES, 4), {"R": 4, "cls": "A"}),
    # France: 96.4 / 10 = 9.64 -> 9.6; 19 / 10; 59 / 10
    ("fr-repairability", {"scores20": [20, 20, 20, 20, 16.4]}, {"index": 9.6, "colour": "dark_green"}),
    ("fr-repairability", {"scores20": [19, 0, 0, 0, 0]}, {"index": 1.9, "colour": "red"}),
    ("fr-repairability", {"scores20": [12, 12, 12, 12, 11]}, {"index": 5.9, "colour": "yellow"}),
    # T/CHEAA press; GB 17905 notice: ten years to the day are still ten years; gas past its age is refused
    ("appliance-age", TODAY | {"category": "refrigerator", "sold": "2016-11-22"}, "within"),
    ("appliance-age", TODAY | {"category": "refrigerator", "sold": "2016-11-21"}, "over_advisory"),
    ("appliance-age", TODAY | {"category": "washing_machine", "sold": "2018-01-01"}, "over_advisory"),
    ("appliance-age", TODAY | {"category": "gas_hob", "sold": "2018-11-21"}, "must_not_sell"),
    ("appliance-age", TODAY | {"category": "room_air_conditioner", "sold": "2017-01-01", "produced": "2016-01-01"}, "over_advisory"),
    # UK WEEE Regulations, Schedule 9, 3 (d): "where applicable", "if available"
    ("used-eee-record", without("test_result"), "invalid"),
    ("used-eee-record", without("kinds_of_tests"), "invalid"),
    ("used-eee-record", without("year_of_production_if_available", "type_number_where_applicable"), "valid"),
]  # fmt: skip


@pytest.mark.parametrize(("standard", "inputs", "expected"), CASES, ids=[f"{case[0]}-{i}" for i, case in enumerate(CASES)])
def test_a_case_worked_out_by_hand(standard: str, inputs: dict[str, Any], expected: Any) -> None:
    ran = flask("grade", "--standard", standard, "--inputs", "-", "--json", stdin=json.dumps(inputs))
    assert ran.code == 0, ran.err
    answer = shaped(ran, "grade")
    if isinstance(expected, dict):
        assert {key: answer["axes"][key] for key in expected} == expected
    else:
        assert answer["grade"] == expected


@pytest.mark.parametrize("standard", sorted({case[0] for case in CASES}))
def test_every_scheme_has_three_and_refuses_what_it_does_not_ask(standard: str) -> None:
    mine = [case for case in CASES if case[0] == standard]
    assert len(mine) >= 3
    refused(flask("grade", "--standard", standard, "--inputs", "-", "--json", stdin=json.dumps(mine[0][1] | {"colour": "red"})))
