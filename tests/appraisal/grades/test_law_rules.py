"""The checker that drafts have to pass: it finds each kind of break and names the pair, and lets the genuine twin through."""

import itertools
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from appraisal.grades.law_rules import LAWS, Ladders, check_laws, groups, ladder
from appraisal.standards.loader import all_standards, body_of, get_standard
from appraisal.standards.reader import read_body
from core.data_files import BadDataFile
from tests.soak import soak

OWN = [standard for standard in all_standards() if standard.purpose == "own"]
BODY = body_of(get_standard("xunshi-phone", 1)).decode()
RULE = """
[[rules]]
axis = "{axis}"
when = [{when}]
limit = "{limit}"
reason = "odd_rule"
text = {{ zh = "怪", en = "odd" }}
"""


def phone(*rules: str, **changed: str) -> Any:
    body = BODY
    for old, new in changed.items():
        body = body.replace(old, new)
    return read_body((body + "".join(rules)).encode(), "xunshi-phone-1")


def rule(when: str, limit: str = "D", axis: str = "function") -> str:
    return RULE.format(when=when, limit=limit, axis=axis)


@pytest.mark.parametrize("standard", OWN, ids=[one.id for one in OWN])
def test_our_own_standards_obey(standard: Any) -> None:
    verdict = check_laws(standard)
    assert verdict.holds and verdict.broken == () and verdict.compared > 400
    assert check_laws(standard, seed=1).holds


def test_a_rule_that_punishes_the_better_answer_is_found_and_the_pair_named() -> None:
    bad = phone(rule('{ check = "buttons", is = ["works"] }'))
    verdict = check_laws(bad)
    assert not verdict.holds
    one = next(one for one in verdict.broken if one.law == "monotone")
    assert (one.check, one.better, one.worse) == ("buttons", "works", "stiff")
    assert bad.rank(one.low) < bad.rank(one.high) and one.beside == {}
    assert "best" in {found.law for found in verdict.broken}, "even the best phone is held down by it"


def test_its_twin_punishes_the_worse_answer_and_passes() -> None:
    assert check_laws(phone(rule('{ check = "buttons", is = ["stiff", "fails"] }'))).holds
    assert check_laws(phone(rule('{ check = "buttons", is = ["fails"] }, { check = "touch", is = ["fails"] }'))).holds


def test_a_break_that_needs_two_findings_is_found_with_what_it_stands_beside() -> None:
    """Stiff buttons limit, failing ones don't, and only on a phone whose touch is dead in places."""
    bad = phone(rule('{ check = "buttons", is = ["stiff"] }, { check = "touch", is = ["partly"] }', limit="R"))
    found = [one for one in check_laws(bad).broken if one.law == "monotone"]
    assert found and {one.check for one in found} <= {"buttons", "touch"}
    assert any(one.beside for one in found), "named with the other finding"


def test_a_break_by_number_is_found_between_the_numbers() -> None:
    bad = phone(rule('{ check = "battery_health", from = "91" }', axis="battery"))
    found = next(one for one in check_laws(bad).broken if one.law == "monotone")
    assert found.check == "battery_health" and found.axis == ""
    assert check_laws(phone(rule('{ check = "battery_health", below = "70" }', limit="C", axis="battery"))).holds


def test_rewarding_what_was_not_tested_is_found() -> None:
    """The worst answer is only punished where another check was left out."""
    bad = phone(rule('{ check = "sensors", is = ["fails"] }, { check = "biometrics", untested = true }', limit="R"))
    assert any(one.law == "monotone" for one in check_laws(bad).broken)
    always = phone(rule('{ check = "sensors", is = ["fails"] }', limit="R"))
    assert not check_laws(always).holds, "leaving sensors out would be better than their failing"
    required = BODY.replace('help = { zh = "通话贴耳要灭屏', 'help = { zh = "贴耳要灭屏').replace(
        'the compass moves." }\nrequired = false\nuntested_limit = "C"', 'the compass moves." }\nrequired = true'
    )
    assert check_laws(read_body((required + rule('{ check = "sensors", is = ["fails"] }', limit="R")).encode(), "xunshi-phone-1")).holds


def test_the_laws_have_names_and_a_draft_is_always_judged_alike() -> None:
    bad = phone(rule('{ check = "buttons", is = ["works"] }'))
    assert check_laws(bad) == check_laws(bad)
    assert {one.law for one in check_laws(bad).broken} <= set(LAWS) and len(check_laws(bad, most=1).broken) == 1


def test_the_rungs_stand_best_first_with_not_tested_after_what_still_has_a_grade() -> None:
    own = get_standard("xunshi-phone", 1)
    touch, locks, health, adapter = (own.find_check(code) for code in ("touch", "locks", "battery_health", "adapter"))
    assert touch and locks and health and adapter
    assert ladder(own, touch) == [*(value.code for value in touch.values), None] and ladder(own, touch)[0] == "works"
    assert ladder(own, locks)[:3] == ["none", "looked_up", None] and ladder(own, adapter) == ["original", "other", "none", None]
    numbers = ladder(own, health)
    assert numbers[0] == 120 and numbers[-2:] == [0, None] and numbers[:-1] == sorted(numbers[:-1], reverse=True)  # type: ignore[type-var]
    assert {98, 90, 85, 80} <= set(numbers)
    assert groups(own) == [count.checks for count in own.counts]


# ---- random drafts

CODES = ("a", "b", "c", "d")
GRADES = ("X", "Y", "Z")
HEAD = """
id = "house-chair"
version = 1
names = { zh = "椅", en = "Chair" }
effective_from = "2026-11-01"
sources = [{ zh = "自", en = "own" }]
undetermined = { code = "U", name = { zh = "未", en = "None" }, meaning = { zh = "未", en = "None" } }
refused = { code = "reject", name = { zh = "拒", en = "No" }, meaning = { zh = "拒", en = "No" } }
axes = [{ code = "all", name = { zh = "全", en = "All" }, graded = true }]
areas = [{ code = "chair", name = { zh = "椅", en = "Chair" } }]
scale = [
    { code = "X", name = { zh = "甲", en = "Good" }, meaning = { zh = "甲", en = "Good" } },
    { code = "Y", name = { zh = "乙", en = "Fair" }, meaning = { zh = "乙", en = "Fair" } },
    { code = "Z", name = { zh = "丙", en = "Poor" }, meaning = { zh = "丙", en = "Poor" } },
]
[texts]
gate = { zh = "{name}", en = "{name}" }
limit = { zh = "{name}", en = "{name}" }
disclose = { zh = "{name}", en = "{name}" }
below = { zh = "{name}", en = "{name}" }
untested = { zh = "{name}", en = "{name}" }
ungraded = { zh = "{name}", en = "{name}" }
[value_sets]
"""


@st.composite
def drafts(draw: st.DrawFn) -> str:
    """Checks with limits and gates wherever the dice put them, and rules over two of them: most break something."""
    text, checks = HEAD, draw(st.lists(st.sampled_from(CODES), min_size=2, max_size=4, unique=True))
    for code in checks:
        many = draw(st.integers(2, 4))
        values = [f"v{n}" for n in range(many)]
        effects = draw(st.lists(st.sampled_from(["", "Y", "Z", "gate"]), min_size=many, max_size=many))
        if draw(st.integers(0, 7)):
            effects = sorted(effects, key=["", "Y", "Z", "gate"].index)
            effects[0] = ""
        left = "required = true" if "gate" in effects or draw(st.booleans()) else 'required = false\nuntested_limit = "Z"'
        listed = ", ".join(f'{{ code = "{one}", name = {{ zh = "{one}", en = "{one}" }} }}' for one in values)
        limits = ", ".join(f'{one} = "{effect}"' for one, effect in zip(values, effects, strict=True) if effect in GRADES)
        gates = ", ".join(f'"{one}"' for one, effect in zip(values, effects, strict=True) if effect == "gate")
        text += f'\n[[checks]]\ncode = "{code}"\narea = "chair"\naxis = "all"\nmethod = "visual"\nname = {{ zh = "{code}", en = "{code}" }}\n'
        text += f'question = {{ zh = "?", en = "?" }}\nhelp = {{ zh = "!", en = "!" }}\n{left}\nvalues = [{listed}]\nlimits = {{ {limits} }}\ngate = [{gates}]\n'
    for n in range(draw(st.integers(0, 2))):
        pair = draw(st.permutations(checks))[:2]
        when = ", ".join(f'{{ check = "{code}", is = ["v{draw(st.integers(0, 1))}"] }}' for code in pair)
        text += f'\n[[rules]]\nwhen = [{when}]\nlimit = "{draw(st.sampled_from(GRADES))}"\nreason = "r{n}"\ntext = {{ zh = "规", en = "rule" }}\n'
    return text


@settings(max_examples=soak(150), deadline=None)
@given(draft=drafts())
def test_what_passes_never_lets_a_worse_finding_raise_a_grade(draft: str) -> None:
    """Against the whole product of answers, which the checker itself doesn't go through."""
    try:
        standard = read_body(draft.encode(), "house-chair-1")
    except BadDataFile:
        assume(False)
        raise
    verdict, own = check_laws(standard), Ladders(standard)
    places = [dict(zip(own.steps, answers, strict=True)) for answers in itertools.product(*own.steps.values())]
    breaks = [one for place in places for one in own.steps_down(place)]
    if verdict.holds:
        assert breaks == []
        return
    for one in verdict.broken:  # and what it names is really so
        if one.law == "monotone":
            assert any((found.check, found.better, found.worse) == (one.check, one.better, one.worse) for found in breaks)
