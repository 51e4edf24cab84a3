"""What a draft must keep, what it changes, what it does to a past grade: pure, over small and real standards."""

import dataclasses
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.grades.rules import grade
from appraisal.standards.effect_words import written
from appraisal.standards.loader import all_standards, body_of, get_standard
from appraisal.standards.reader import read_body
from appraisal.versions import replay_rules, saying
from appraisal.versions.compare_rules import compare
from appraisal.versions.fit_rules import MOST_BYTES, clean_text, must_fit
from appraisal.versions.replay_rules import Past, replay, tally
from appraisal.versions.toml_text import line_of, write
from core.data_files import BadDataFile, Bilingual
from tests.soak import soak

PHONE = get_standard("xunshi-phone", 1)
BODY = body_of(PHONE).decode()
VIEWS = frozenset({"front", "back", "sides", "ports", "screen_on", "serial", "power_on", *(c.photo for c in PHONE.checks if c.photo)})


def changed(*pairs, body=BODY):
    """The phones' standard as version 2, with some words of its text replaced."""
    for old, new in (("version = 1", "version = 2"), *pairs):
        assert old in body, old
        body = body.replace(old, new, 1)
    return read_body(clean_text(body).encode(), "xunshi-phone-2")


def said(part, language="en"):
    return [written(one, language) for one in part.said]


# ---- the text


@pytest.mark.parametrize("standard", all_standards(), ids=lambda one: f"{one.id}-{one.version}")
def test_a_text_written_anew_says_the_same(standard):
    import tomllib

    data = tomllib.loads(body_of(standard).decode())
    assert tomllib.loads(write(data)) == data
    again = read_body(write(data).encode(), f"{standard.id}-{standard.version}")
    assert dataclasses.replace(again, digest=standard.digest) == standard


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
plain = st.one_of(words, st.integers(-(10**9), 10**9), st.booleans())
values = st.recursive(plain, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(words, inner, max_size=4)), max_leaves=12)


@settings(max_examples=soak(150), deadline=None)
@given(data=st.dictionaries(words, values, max_size=6))
def test_whatever_is_written_reads_back_as_the_same(data):
    import tomllib

    assert tomllib.loads(write(data)) == data


@pytest.mark.parametrize(("place", "line"), [
    ("effective_from", "effective_from ="), ("checks[2].limits", None), ("scale[3].name", "name = "), ("texts.gate", "gate ="),
    ("value_sets.severity", "severity ="), ("counts[2].many", "many ="), ("checks[4].bands[2].limit", None),
])  # fmt: skip
def test_the_line_of_a_place_is_found(place, line):
    found = line_of(BODY, place)
    assert found and (line is None or BODY.split("\n")[found - 1].startswith(line))
    assert line_of(BODY, "checks[99]") is None and line_of(BODY, "") is None
    second = line_of(BODY, "checks[2].code")
    assert BODY.split("\n")[second - 1] == f'code = "{PHONE.checks[1].code}"'


# ---- what must stay


@pytest.mark.parametrize(("pairs", "place"), [
    ((('id = "xunshi-phone"', 'purpose = "comparison"\nid = "xunshi-phone"'),), "purpose"),
    ((('effective_from = "2026-11-30"', 'effective_from = "soon"'),), "effective_from"),
    ((('effective_from = "2026-11-30"', 'effective_from = "2026-11-31"'),), "effective_from"),
    ((('name = { zh = "触摸", en = "Touch" }', 'name = { zh = "触摸", en = "' + "x" * 601 + '" }'),), "checks"),
    ((('name = { zh = "触摸", en = "Touch" }', 'name = { zh = "触\\n摸", en = "Touch" }'),), "checks"),
    ((('name = { zh = "触摸", en = "Touch" }', 'name = { zh = "触\\u202e摸", en = "Touch" }'),), "checks"),
    ((('photo = "front"', 'photo = "moon"'),), "checks"),
    ((("most = 120", "most = 99999999999"),), "checks"),
    ((('unit = "%"', 'unit = "percent of the design capacity"'),), "checks"),
    ((('{ code = "works", name = { zh = "全屏正常"', '{ code = "works😀", name = { zh = "全屏正常"'),), "checks"),
])  # fmt: skip
def test_what_the_house_could_not_go_by_is_refused(pairs, place):
    with pytest.raises(BadDataFile) as no:
        must_fit(changed(*pairs), PHONE, 2, VIEWS)
    assert no.value.place.startswith(place)
    for language in ("zh", "en"):
        assert saying.wrong(no.value, language)


def test_its_genuine_twins_fit():
    must_fit(changed(), PHONE, 2, VIEWS)
    must_fit(changed(('name = { zh = "触摸", en = "Touch" }', 'name = { zh = "触摸 📱", en = "Touch 📱" }')), PHONE, 2, VIEWS)
    must_fit(changed(('effective_from = "2026-11-30"', 'effective_from = "2028-02-29"')), PHONE, 2, VIEWS)


def test_other_grades_and_numbers_are_refused():
    with pytest.raises(BadDataFile, match="market's grades"):
        must_fit(dataclasses.replace(changed(), scale=PHONE.scale[:-1]), PHONE, 2, VIEWS)
    with pytest.raises(BadDataFile, match="must stay xunshi-phone and 3"):
        must_fit(changed(), PHONE, 3, VIEWS)


def test_a_text_is_kept_in_one_form_and_of_one_size():
    assert clean_text("\ufeffa = 1\r\nb = 2\r\n\r\n") == "a = 1\nb = 2\n"
    assert len(clean_text("x" * 3_999)) == 4_000
    for odd in ("x" * 4_001, "\n".join(["y" * 3_000] * 67), "a\ud800", "a\x00"):
        with pytest.raises(BadDataFile):
            clean_text(odd)
    assert len("\n".join(["y" * 3_000] * 67)) > MOST_BYTES


# ---- what changes


def test_nothing_changed_says_nothing():
    assert compare(PHONE, PHONE) == () and [part.kind for part in compare(PHONE, changed())] == []


def test_each_change_is_told_at_its_check_in_both_languages():
    new = changed(
        ("{ below = 85, limit = \"B\" }", "{ below = 88, limit = \"B\" }"), ('effective_from = "2026-11-30"', 'effective_from = "2027-01-01"'),
        ('limits = { partly = "D", fails', 'limits = { partly = "C", fails'),
        ('question = { zh = "触摸全屏都灵吗？"', 'question = { zh = "触摸灵吗？"'), ("many = 3", "many = 2"),
        ('meaning = { zh = "用过或以原厂件修过，但看不出痕迹，功能全部正常"', 'meaning = { zh = "看不出痕迹"'),
    )  # fmt: skip
    parts = {(part.kind, part.code): part for part in compare(PHONE, new)}
    assert set(parts) == {("head", ""), ("grade", "S"), ("check", "battery_health"), ("check", "touch"), ("count", "many_visible_marks")}
    assert said(parts["head", ""]) == ["In force from: 2026-11-30 → 2027-01-01"]
    assert said(parts["check", "touch"]) == [
        "Question, in Chinese only: 触摸全屏都灵吗？ → 触摸灵吗？",
        "“dead in places, breaks off or jumps”: at best D; a buyer must be told → at best C; a buyer must be told",
    ]
    assert "触摸全屏都灵吗？ → 触摸灵吗？" in said(parts["check", "touch"], "zh")[0]
    assert said(parts["check", "touch"], "zh")[1] == "“局部失灵、断触或乱跳”：最高 D；须告知买家 → 最高 C；须告知买家"
    bands = said(parts["check", "battery_health"])[0]
    assert "below 85 %: at best B" in bands.split("→")[0] and "below 88 %: at best B" in bands.split("→")[1]
    assert said(parts["count", "many_visible_marks"])[0] == "How many: 3 → 2"


@pytest.mark.parametrize(("change", "words"), [
    ({"price": True}, "changes the price, not the grade"), ({"deduct": Decimal("2.5")}, "2.5 points off"),
    ({"require": "touch"}, "“Touch” must be checked, too"), ({"disclose": False}, "at best R; a buyer must be told → at best R"),
    ({"gate": True}, "Not accepted"), ({"ungraded": True, "limit": None}, "no grade"), ({"code": "other_code"}, "Something else about it changed"),
])  # fmt: skip
def test_no_effect_of_an_answer_changes_in_silence(change, words):
    """Whoever approves reads every change: also of what only a whole text can say."""
    old = PHONE.find_check("starts")
    values = [*old.values[:-1], dataclasses.replace(old.values[-1], outcome=dataclasses.replace(old.values[-1].outcome, **change))]
    check = dataclasses.replace(old, values=tuple(values))
    new = dataclasses.replace(PHONE, checks=tuple(check if one is old else one for one in PHONE.checks))
    [part] = compare(PHONE, new)
    assert (part.kind, part.code) == ("check", "starts") and words in " ".join(said(part))
    assert said(part, "zh") != said(part)


@pytest.mark.parametrize("change", [{"aliases": ("boots",)}, {"many": 3}, {"optional": True, "required": False}])
def test_whatever_else_changes_of_a_check_is_said_to_change(change):
    old = PHONE.find_check("starts")
    new = dataclasses.replace(PHONE, checks=tuple(dataclasses.replace(one, **change) if one is old else one for one in PHONE.checks))
    assert [(part.kind, part.code) for part in compare(PHONE, new)] == [("check", "starts")]


def test_what_comes_and_goes_is_told():
    touch = next(check for check in PHONE.checks if check.code == "touch")
    less = dataclasses.replace(PHONE, checks=tuple(check for check in PHONE.checks if check is not touch), counts=PHONE.counts[:1])
    gone = {(part.kind, part.code, part.how) for part in compare(PHONE, less)}
    come = {(part.kind, part.code, part.how) for part in compare(less, PHONE)}
    assert gone == {("check", "touch", "removed"), ("count", "many_small_faults", "removed")}
    assert come == {("check", "touch", "added"), ("count", "many_small_faults", "added")}
    part = next(part for part in compare(less, PHONE) if part.kind == "check")
    assert said(part)[-1] == "Not tested: no grade" and "not accepted" not in " ".join(said(part))
    fewer = dataclasses.replace(touch, values=touch.values[:2], required=False, optional=True)
    with_fewer = dataclasses.replace(PHONE, checks=tuple(fewer if check is touch else check for check in PHONE.checks))
    told = " ".join(said(compare(PHONE, with_fewer)[0]))
    assert "falls away" in told and "If not tested: no grade →" in told


# ---- past appraisals

BEST = {check.code: check.values[0].code if check.values else "99" for check in PHONE.checks}


def past(standard=PHONE, **answers):
    given_then = BEST | answers
    typed = {c.code: Decimal(given_then[c.code]) if c.kind == "measure" and given_then[c.code] else given_then[c.code] for c in standard.checks}
    result = grade(standard, typed)
    decided = {reason.code: reason.text for reason in result.reasons if reason.limit == result.grade}
    return Past(number="JD-1", version=1, answers=given_then, grade=result.grade, decided=decided)


def test_the_same_text_gives_the_same_grade():
    for one in (past(), past(battery_health="79"), past(touch="fails"), past(touch=None), past(blacklist="listed")):
        again = replay(PHONE, one)
        assert (again.outcome, again.changed, again.dropped, again.missing) == ("stays", False, (), ())


def test_a_stricter_text_makes_grades_fall_and_says_what_decided():
    strict = changed(("{ below = 85, limit = \"B\" }", "{ below = 88, limit = \"B\" }"))
    found = replay(strict, past(battery_health="86"))
    assert (found.past.grade, found.grade, found.outcome) == ("A", "B", "falls")
    assert [text.en for text in found.decided] == ["Battery health: below 88 %; at best grade B"]
    back = replay(PHONE, past(strict, battery_health="86"))
    assert (back.grade, back.outcome) == ("A", "rises") and "below 88" in back.decided[0].en, "what no longer holds it down"


def test_answers_that_no_longer_fit_and_new_questions_count_as_not_tested():
    renamed = changed(('code = "partly"', 'code = "in_part"'), ('{ partly = "D", fails', '{ in_part = "D", fails'), ('["partly", "fails"', '["in_part", "fails"'),
                      ('code = "wifi"', 'code = "wlan"'))  # fmt: skip
    found = replay(renamed, past(touch="partly"))
    assert (found.grade, found.outcome) == ("U", "ungraded") and set(found.dropped) == {"touch", "wifi"} and found.missing == ("wlan",)
    narrow = changed(("most = 120", "most = 98"))
    assert replay(narrow, past(battery_health="99")).dropped == ("battery_health",)
    counted = tally(renamed, [past(touch="partly"), past(), past(blacklist="listed")])
    assert counted.total == 3 and counted.counts == {"rises": 0, "falls": 0, "stays": 1, "ungraded": 2}
    assert counted.dropped == {"touch": 1, "wifi": 3} and counted.missing == {"wlan": 3} and len(counted.changed) == 2


def test_a_grade_where_there_was_none_rises_and_an_unknown_one_too():
    easier = dataclasses.replace(PHONE, checks=tuple(dataclasses.replace(c, required=False, optional=True) if c.code == "touch" else c for c in PHONE.checks))
    assert replay(easier, past(touch=None)).outcome == "rises"
    odd = Past(number="JD-2", version=1, answers=BEST, grade="E", decided={"old": Bilingual(zh="旧", en="old")})
    assert replay(PHONE, odd).outcome == "rises" and replay_rules.OUTCOMES[0] == "rises"
