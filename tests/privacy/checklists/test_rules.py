"""The judge of check-lists, step by step: over every list, every answer, and makers' declarations."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data_files import Bilingual
from privacy.clearance.checklist_reasons import REASONS
from privacy.clearance.checklist_rules import (
    FAILS,
    STEP_REASONS,
    UNKNOWNS,
    Filled,
    accepted,
    answer,
    judge_checklist,
    needs_declaration,
    row_of,
    unanswered,
    written_late,
)
from privacy.clearance.declaration_rules import (
    NONE,
    Declaration,
    Found,
    Versions,
    find_declaration,
    read_version,
    versions_in_order,
)
from privacy.clearance.profiles import get_profile
from privacy.wipes.checklist import is_brand
from privacy.wipes.checklists import all_checklists, get_checklist

TODAY = date(2026, 11, 22)
CN, NIST = get_profile("CN-GB46864-2025"), get_profile("NIST-800-88r2")
LISTS = all_checklists()
# row 4 of every profile: what a tool reaches is wiped by a tool
BY_TOOL = {"windows"}
MADE_UP = Declaration(
    id="x", maker=Bilingual("甲", "A"), brands=("凌云", "Lingyun"), platform="android_encrypted", models=("L20", "L20 Pro"),
    versions=Versions(first="14", until="16.1"), statement=Bilingual("好", "good"), source="https://a.example/",
    dated=date(2026, 10, 20), entered_by=("a", "b"), demo=True,
)  # fmt: skip
LISTED = Found("listed", replace(MADE_UP, demo=False))


def all_good(checklist, brand=""):
    answers = {step.code: "off" if step.lock else ("yes" if step.good == "any" else step.good) for step in checklist.asked(brand)}
    return Filled(answers=answers, photos=frozenset(s.code for s in checklist.steps if s.photo != "none"), brand=brand)


def judged(checklist, filled, found=LISTED, profile=CN, today=TODAY, business=False, **words):
    return judge_checklist(checklist, filled, found, profile, today, business, **words)


@pytest.mark.parametrize("checklist", LISTS, ids=lambda one: one.code)
def test_a_good_list_passes_and_each_single_slip_does_not(checklist):
    good = all_good(checklist)
    if checklist.code in BY_TOOL:
        assert judged(checklist, good).reasons == ("platform_not_covered",)
        return
    passed = judged(checklist, good)
    assert (passed.verdict, passed.reasons, dict(passed.at)) == ("pass", (), {})
    for step in checklist.asked():
        if step.good == "any":
            assert judged(checklist, replace(good, answers={**good.answers, step.code: "unknown"})).verdict == "pass"
            continue
        bad = {"off": "on", "yes": "no", "no": "yes"}[good.answers[step.code]]
        wrong = judged(checklist, replace(good, answers={**good.answers, step.code: bad}))
        if step.must == "read":
            assert wrong.verdict == "pass"
        else:
            assert (wrong.verdict, wrong.reasons, wrong.at[step.reason]) == ("fail", (step.reason,), (step.code,))
        unsure = judged(checklist, replace(good, answers={**good.answers, step.code: "unknown"}))
        assert (unsure.verdict, unsure.reasons) == ("unknown", ("lock_unknown" if step.lock else "step_unknown",))
        rest = {code: said for code, said in good.answers.items() if code != step.code}
        for answers in (rest, {**rest, step.code: "maybe"}):
            left = judged(checklist, replace(good, answers=answers))
            assert (left.verdict, left.reasons) == ("unknown", ("step_unanswered",))
            assert unanswered(checklist, replace(good, answers=answers)) == (step.code,)
        if step.part == "before":
            late = judged(checklist, replace(good, late={step.code}))
            assert (late.verdict, late.reasons) == ("fail", ("read_too_late",))


@pytest.mark.parametrize("checklist", LISTS, ids=lambda one: one.code)
def test_each_photo_is_asked_for(checklist):
    good = all_good(checklist)
    for step in checklist.asked():
        if step.photo != "none":
            found = judged(checklist, replace(good, photos=good.photos - {step.code}))
            code = "challenge_photo_missing" if step.photo == "challenge" else "photo_missing"
            assert code in found.reasons and found.verdict != "pass" and found.at[code] == (step.code,)


@given(st.sampled_from([one for one in LISTS if one.code not in BY_TOOL]), st.data())
def test_a_pass_has_only_good_answers(checklist, data):
    """Whatever is answered: it passes exactly when every judged step has its answer, every photo is there, nothing was late."""
    steps = checklist.asked()
    answers = data.draw(st.fixed_dictionaries({s.code: st.sampled_from([*s.answers, ""]) for s in steps}))
    some = data.draw(st.booleans())
    photos = frozenset(s.code for s in steps if s.photo != "none" and (some or data.draw(st.booleans())))
    late = frozenset(data.draw(st.sets(st.sampled_from([s.code for s in steps if s.part == "before" and s.good != "any"]), max_size=1)))
    fine = not late and all(
        s.good == "any"
        or (
            (answers[s.code] in ("on", "off") if s.must == "read" else answers[s.code] == ("off" if s.lock else s.good))
            and (s.photo == "none" or s.code in photos)
        )
        for s in steps
    )
    verdict = judged(checklist, Filled(answers=answers, photos=photos, late=late))
    assert (verdict.verdict == "pass") == fine == (not verdict.reasons)
    assert verdict.verdict == answer(verdict.reasons)
    assert list(verdict.reasons) == [code for code in (*FAILS, *UNKNOWNS) if code in verdict.reasons]


def test_fail_outranks_unknown_and_a_strange_code_is_unknown():
    assert answer(["step_unknown", "frp_on"]) == "fail" and answer(["step_unknown"]) == "unknown"
    assert answer([]) == "pass" and answer(["something new"]) == "unknown"


def test_every_reason_has_its_sentence_with_a_way_on():
    assert set(REASONS) == {*FAILS, *UNKNOWNS} and set(STEP_REASONS) < set(FAILS)
    used = {step.reason for one in LISTS for step in one.steps if step.reason}
    assert used == set(STEP_REASONS), "a reason that no list gives is dead"


# --- declarations ------------------------------------------------------------------------------------------


def test_only_the_makers_word_stands_where_the_profile_takes_no_destroyed_key():
    assert {one.code for one in LISTS if needs_declaration(one, CN)} == {"android_encrypted", "iphone", "mac", "chromeos", "windows"}
    assert {one.code for one in LISTS if needs_declaration(one, NIST)} == {"windows"}, "NIST takes crypto erase [quoted]"
    assert "crypto_erase" not in accepted(CN, "iphone") and "crypto_erase" in accepted(NIST, "iphone")


@pytest.mark.parametrize(("status", "reason", "verdict"), [
    ("none", "no_declaration", "fail"), ("other_system", "declared_other_system", "fail"), ("unread", "system_unread", "unknown"),
])  # fmt: skip
@pytest.mark.parametrize("code", ["android_encrypted", "iphone"])
def test_without_a_declaration_a_phone_does_not_pass(code, status, reason, verdict):
    one = get_checklist(code)
    refused = judged(one, all_good(one), Found(status))
    assert (refused.verdict, refused.reasons, refused.notes, refused.declaration) == (verdict, (reason,), (), "")
    passed = judged(one, all_good(one))
    assert (passed.verdict, passed.notes, passed.declaration) == ("pass", ("relies_on_maker",), "x")
    assert judged(one, all_good(one), Found("listed", MADE_UP)).notes == ("relies_on_maker", "demo_declaration")
    under_nist = judged(one, all_good(one), Found(status), NIST)
    assert (under_nist.verdict, under_nist.notes) == ("pass", ())


def test_what_is_overwritten_needs_no_declaration():
    one = get_checklist("android_plain")
    assert judged(one, all_good(one), NONE).verdict == "pass" and judged(one, all_good(one), NONE).technique == "overwrite"


def test_the_dated_setting_counts_until_its_day():
    one, first = get_checklist("iphone"), date(2027, 1, 1)
    before = judged(one, all_good(one), NONE, today=date(2026, 12, 31), declarations_from=first)
    assert (before.verdict, before.notes) == ("pass", ("before_declarations",))
    assert judged(one, all_good(one), NONE, today=first, declarations_from=first).reasons == ("no_declaration",)
    assert judged(one, all_good(one), NONE, today=date(2026, 12, 31)).reasons == ("no_declaration",), "strict unless it is set"
    listed = judged(one, all_good(one), today=date(2026, 12, 31), declarations_from=first)
    assert listed.notes == ("relies_on_maker",)


def test_each_ground_is_named():
    one = get_checklist("iphone")
    assert judged(one, all_good(one), NONE, business=True).ground == "standard"
    assert judged(one, all_good(one), NONE, business=False).ground == "platform_rule"


def test_a_profile_without_a_row_for_the_platform_takes_no_list():
    one = get_checklist("printer")
    without = replace(CN, rows=tuple(row for row in CN.rows if "printer" not in row.platforms))
    assert judged(one, all_good(one), profile=without).reasons == ("platform_not_covered",)
    assert judged(one, all_good(one), profile=replace(CN, rows=())).verdict == "pass", "an older profile has no table"
    row = row_of(CN, "printer")
    assert row is not None and row.route == "checklist" and row_of(CN, "toaster") is None
    by_tool = replace(CN, rows=(replace(row, route="tool_log"),))
    assert judged(one, all_good(one), profile=by_tool).reasons == ("platform_not_covered",)
    assert (judged(one, all_good(one)).profile, judged(one, all_good(one)).profile_version) == (CN.id, CN.version)


def test_a_row_may_accept_more_or_less_than_its_kind_of_medium():
    row = row_of(CN, "iphone")
    assert row is not None
    lenient = replace(CN, rows=(replace(row, accepts={"crypto_erase": "clear"}),))
    assert not needs_declaration(get_checklist("iphone"), lenient)
    assert accepted(lenient, "iphone") == {"crypto_erase": "clear"} and "overwrite" in accepted(replace(CN, rows=()), "iphone")


# --- what belongs before the wipe ---------------------------------------------------------------------------


def test_late_is_what_was_given_or_changed_after_the_wipe_had_begun():
    one = get_checklist("android_plain")
    times = {"sim": ("1", "1"), "esim": ("1", "3"), "wallet": ("3", "3"), "power_test": ("9", "9"), "reset": ("3", "5"), "fill": ("2", "2")}
    assert written_late(one, times) == {"esim", "wallet"}
    assert written_late(one, {**times, "sim": ("1", "2")}) == {"sim", "esim", "wallet"}, "equal is late"
    assert written_late(one, {"sim": ("9", "9")}) == frozenset(), "the wipe hasn't begun"


@pytest.mark.parametrize(("brand", "asked"), [
    ("小米", {"mi_before"}), ("Redmi", {"mi_before"}), ("Xiaomi 小米", {"mi_before"}), ("HUAWEI", {"huawei_before"}),
    ("荣耀（HONOR）", {"huawei_before"}), ("Samsung", {"samsung_before"}), ("OPPO", {"maker_before"}), ("", {"maker_before"}),
    ("Xiaomingdian", {"maker_before"}),
])  # fmt: skip
def test_the_makers_own_lock_is_asked_by_brand(brand, asked):
    makers = {"mi_before", "huawei_before", "samsung_before", "maker_before"}
    assert {step.code for step in get_checklist("android_encrypted").part("before", brand)} & makers == asked


# --- finding a declaration ----------------------------------------------------------------------------------


def found(**changed):
    words = {"brand": "凌云", "platform": "android_encrypted", "model": "L20", "version": "15", "today": TODAY} | changed
    return find_declaration([MADE_UP], **words)


@pytest.mark.parametrize(("changed", "status"), [
    ({}, "listed"), ({"brand": "LINGYUN"}, "listed"), ({"model": "l-20 pro"}, "listed"), ({"model": "L20 Pro Max"}, "none"),
    ({"model": ""}, "none"), ({"brand": "华为"}, "none"), ({"platform": "iphone"}, "none"), ({"version": "14"}, "listed"),
    ({"version": "13.9"}, "other_system"), ({"version": "16"}, "listed"), ({"version": "16.1.7"}, "listed"),
    ({"version": "16.2"}, "other_system"), ({"version": "Android 15"}, "listed"), ({"version": "unknown"}, "unread"),
    ({"version": ""}, "unread"), ({"version": "15 or 16"}, "unread"), ({"version": "１５"}, "unread"),
    ({"today": date(2026, 10, 19)}, "none"), ({"today": date(2026, 10, 20)}, "listed"),
])  # fmt: skip
def test_nothing_is_guessed(changed, status):
    assert found(**changed).status == status


def test_the_newest_fitting_declaration_counts_and_a_withdrawn_one_does_not():
    newer = replace(MADE_UP, id="y", dated=date(2026, 11, 1), versions=Versions(first="15", until="15"))
    words = {"brand": "凌云", "platform": "android_encrypted", "model": "L20", "today": TODAY}
    assert find_declaration([newer, MADE_UP], version="15", **words).id == "y"
    assert find_declaration([newer, MADE_UP], version="14", **words).id == "x"
    gone = replace(MADE_UP, withdrawn=TODAY)
    assert find_declaration([gone], version="15", **words) == NONE
    assert find_declaration([gone], version="15", **(words | {"today": date(2026, 11, 21)})).status == "listed"


@pytest.mark.parametrize(("first", "until", "within", "without"), [
    ("14.1", "15", ("14.1", "14.1.0", "14.2", "15", "15.9.9"), ("14", "14.0.9", "13", "16")),
    ("14", "16.0", ("14", "14.0", "14.0.0", "16", "16.0", "16.0.5"), ("13.9.9", "16.1", "17")),
    ("14.0.0", "14.0.1", ("14", "14.0", "14.0.1", "14.0.1.7"), ("13", "14.0.2", "14.1")),
    ("15", "15", ("15", "15.0", "15.8.1"), ("14.9", "16")),
])  # fmt: skip
def test_a_version_is_within_when_its_numbers_are(first, until, within, without):
    one = replace(MADE_UP, versions=Versions(first=first, until=until))
    words = {"brand": "凌云", "platform": "android_encrypted", "model": "L20", "today": TODAY}
    said = {version: find_declaration([one], version=version, **words).status for version in (*within, *without)}
    assert said == {**dict.fromkeys(within, "listed"), **dict.fromkeys(without, "other_system")}


@pytest.mark.parametrize(("first", "until", "good"), [
    ("14", "14", True), ("14", "16.1", True), ("9", "10", True), ("14.9", "14.10", True), ("16", "16.1", True), ("1.2.3.4", "9999", True),
    ("16.1", "14", False), ("10", "9", False), ("14.10", "14.9", False), ("", "14", False), ("14", "", False), ("14", "x", False),
    ("x", "14", False), ("14.", "15", False), ("14", "15.", False), ("1.2.3.4.5", "9", False), ("1", "9.1.2.3.4", False), ("1", "10000", False),
])  # fmt: skip
def test_a_span_of_versions_goes_forward(first, until, good):
    assert versions_in_order(Versions(first=first, until=until)) is good


@given(st.lists(st.integers(0, 9999), min_size=1, max_size=4))
def test_a_version_is_read_as_numbers(parts):
    assert read_version("v " + ".".join(map(str, parts))) == tuple(parts)


@pytest.mark.parametrize("words", ["", "fifteen", "1.2.3.4.5", "15.", "2027-01-01", "1 2"])
def test_what_is_no_version_is_none(words):
    assert read_version(words) is None


def test_a_brand_is_compared_whole():
    assert is_brand("Apple/苹果", ["苹果"]) and is_brand("apple", ["Apple"]) and is_brand("一加 OnePlus", ["oneplus"])
    assert not is_brand("Pineapple", ["apple"]) and not is_brand("", ["apple"]) and not is_brand("Mi", ["mini"])
