"""A stored trace in sentences: every kind of step, in both languages, out of the trace alone."""

import json

import pytest
from hypothesis import given, settings

from core import i18n
from market.ledger.fees.describe import describe, terms
from market.ledger.fees.explain import explain_lines, explanation
from market.ledger.fees.queries import FrozenPolicy
from market.ledger.fees.reading import read_policy
from market.ledger.fees.reading_sales import read_sales
from market.ledger.fees.rules import compute
from market.ledger.fees.shape import line_data, result_data
from tests.market.ledger.fees import stories
from tests.soak import soak

BASE = {
    "id": "p", "version": 4, "currency": "CNY", "rounding": {"mode": "half_up", "on": "commission"},
    "discount_absorbed_by": "seller", "negative_payout": "clamp",
}  # fmt: skip
PERCENT = {"name": "commission", "kind": "percent", "percent": "3"}


@pytest.fixture(autouse=True, scope="module")
def catalogue():
    i18n.compile_catalogue()


def told(rules, language="en", sale=None, **changes):
    policy = read_policy(BASE | {"rules": rules} | changes)
    result = compute(policy, read_sales({"lines": [{"id": 1, "price": 9950} | (sale or {})]}))
    return {one.label: one for one in explain_lines(json.loads(json.dumps(result_data(result))), language)}


CASES = [
    ([PERCENT], {}, {}, "Commission", "-¥2.99", ["3 % of ¥99.50 (the price).", "Rounded: exactly ¥2.985, half a unit and more counts up: ¥2.99."]),
    ([PERCENT], {}, {"rounding": {"mode": "half_even", "on": "commission"}}, "Commission", "-¥2.98",
     ["3 % of ¥99.50 (the price).", "Rounded: exactly ¥2.985, to the nearest unit and an even half to the even one: ¥2.98."]),
    ([PERCENT], {"price": 9951}, {"rounding": {"mode": "down", "on": "commission"}}, "Commission", "-¥2.98",
     ["3 % of ¥99.51 (the price).", "Rounded: exactly ¥2.9853, what is less than a unit is left off: ¥2.98."]),
    ([PERCENT], {"price": 9901}, {"rounding": {"mode": "up", "on": "commission"}}, "Commission", "-¥2.98",
     ["3 % of ¥99.01 (the price).", "Rounded: exactly ¥2.9703, what is less than a unit counts as one: ¥2.98."]),
    ([PERCENT], {"price": 10000}, {}, "Commission", "-¥3.00", ["3 % of ¥100.00 (the price)."]),
    ([PERCENT], {}, {"rounding": {"mode": "up", "on": "payout"}}, "Commission", "-¥2.98",
     ["3 % of ¥99.50 (the price).", "The seller's part is what is rounded; this fee is what it leaves."]),
    ([PERCENT], {}, {"rounding": {"mode": "up", "on": "payout"}}, "To the seller", "¥96.52",
     ["What is left when all fees are taken off.", "Rounded: exactly ¥96.515, what is less than a unit counts as one: ¥96.52."]),
    ([PERCENT], {}, {"rounding": {"mode": "half_up", "on": "commission", "per": "total"}}, "Commission", "-¥2.99",
     ["3 % of ¥99.50 (the price).", "All lines of the seller are rounded together: exactly ¥2.985, half a unit and more counts up: ¥2.99. "
      "This is the part of this line."]),
    ([PERCENT | {"min": 400}], {}, {}, "Commission", "-¥4.00", ["3 % of ¥99.50 (the price).", "That would be ¥2.985; at least ¥4.00 is charged."]),
    ([PERCENT | {"max": 200}], {}, {}, "Commission", "-¥2.00", ["3 % of ¥99.50 (the price).", "That would be ¥2.985; at most ¥2.00 is charged."]),
    ([PERCENT | {"base": "net"}], {"discount": 950}, {}, "Commission", "-¥2.70", ["3 % of ¥90.00 (what the buyer pays)."]),
    ([PERCENT, {"name": "buyer_fee", "kind": "flat", "amount": 50, "before_split": True}], {}, {}, "Commission", "-¥2.97",
     ["3 % of ¥99.00 (the price, less ¥0.50 that came off before)."]),
    ([{"name": "item_fee", "kind": "flat", "amount": 50}], {}, {}, "Item fee", "-¥0.50", ["A fixed amount."]),
    ([{"name": "item_fee", "kind": "per_item", "amount": 50}], {"quantity": 2}, {}, "Item fee", "-¥1.00", ["¥0.50 for each of 2 pieces."]),
    ([], {"quantity": 2}, {}, "Price", "¥199.00", ["2 pieces at ¥99.50 each."]),
    ([], {}, {}, "Price", "¥99.50", []),
    ([], {"discount": 950}, {}, "What is divided", "¥90.00", ["The price less the part of the discount that the seller bears, ¥9.50."]),
    ([], {"discount": 950}, {"discount_absorbed_by": "shop"}, "What is divided", "¥99.50", ["The whole price: the discount isn't the seller's."]),
    ([], {"discount": 950}, {"discount_absorbed_by": "shop"}, "The platform's or shop's part of the discount", "¥9.50",
     ["The platform or shop bears the whole discount."]),
    ([], {"discount": 951}, {"discount_absorbed_by": "shared"}, "The platform's or shop's part of the discount", "¥4.76",
     ["Of the discount of ¥9.51 the seller bears ¥4.75.", "Rounded: exactly ¥4.755, half a unit and more counts up: ¥4.76."]),
    ([], {"discount": 950}, {"discount_absorbed_by": "shared", "discount_shares": {"shop": 1, "seller": 2}},
     "The platform's or shop's part of the discount", "¥3.17",
     ["Of the discount of ¥9.50 the seller bears ¥6.33.", "Rounded: exactly 950/3 of the smallest unit, half a unit and more counts up: ¥3.17."]),
    ([{"name": "x", "kind": "flat", "amount": 99999}], {}, {}, "x", "¥900.49",
     ["The sale doesn't bring in that much: this part of the fee is not charged."]),
    ([], {"lost": True}, {"lost_items": "not_paid"}, "Lost", "¥0.00", ["The thing was lost, and nothing is paid out for it."]),
    ([PERCENT | {"label": {"zh": "服务费", "en": "Service"}}], {}, {}, "Service", "-¥2.99",
     ["3 % of ¥99.50 (the price).", "Rounded: exactly ¥2.985, half a unit and more counts up: ¥2.99."]),
    ([PERCENT], {"quantity": -1}, {}, "Commission", "¥2.99",
     ["3 % of ¥99.50 (the price).", "Rounded: exactly -¥2.985, half a unit and more counts up: -¥2.99."]),
]  # fmt: skip
STEPS = {"name": "commission", "kind": "steps", "steps": [{"from": 1000, "percent": "10"}, {"from": 5000, "percent": "5"}]}
CASES += [
    ([STEPS], {}, {}, "Commission", "-¥4.98", ["By steps, on ¥99.50 (the price):", "from ¥50.00 on: 5 % of the whole",
     "Rounded: exactly ¥4.975, half a unit and more counts up: ¥4.98."]),
    ([STEPS | {"graduated": True}], {}, {}, "Commission", "-¥6.48", ["By steps, on ¥99.50 (the price):",
     "from ¥10.00 to ¥50.00: 10 % of these ¥40.00", "from ¥50.00 to ¥99.50: 5 % of these ¥49.50",
     "Rounded: exactly ¥6.475, half a unit and more counts up: ¥6.48."]),
    ([STEPS], {"price": 999}, {}, "Commission", "¥0.00", ["Nothing is charged below ¥10.00."]),
    ([STEPS | {"steps": [{"from": 0, "amount": 70}]}], {}, {}, "Commission", "-¥0.70",
     ["By steps, on ¥99.50 (the price):", "from ¥0.00 on: ¥0.70"]),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "sale", "changes", "label", "amount", "sentences"), CASES)
def test_each_step_is_told(rules, sale, changes, label, amount, sentences):
    one = told(rules, sale=sale, **changes)[label]
    assert (one.amount, one.sentences) == (amount, sentences)


def test_fees_name_their_policy_and_version_and_the_payout_ends_it():
    lines = told([PERCENT], sale={"discount": 950})
    assert [one.source for one in lines.values()] == ["", "", "p, version 4", ""]
    assert [label for label, one in lines.items() if one.result] == ["To the seller"]
    assert lines["Commission"].formula == "9950 * 3 / 100 = 298.5"


def test_in_chinese():
    one = told([PERCENT | {"label": {"zh": "服务费", "en": "Service"}}], "zh")["服务费"]
    assert (one.amount, one.source) == ("-¥2.99", "p 第 4 版")
    assert one.sentences == ["¥99.50（标价）的 3 %。", "取整：精确值 ¥2.985，四舍五入为 ¥2.99。"]


def test_whatever_holds_traces_is_explained_and_nothing_else():
    policy = read_policy(BASE | {"rules": [PERCENT]})
    line = compute(policy, read_sales({"lines": [{"id": 1, "price": 9950}]})).lines[0]
    kept = explanation(FrozenPolicy("p", 4, {}, "-"), line)
    assert (kept["policy"], kept["version"]) == ("p", 4) and kept["payout"] == 9651
    whole = explain_lines(kept, "en")
    assert len(whole) == 3
    for same in (line_data(line), line_data(line)["trace"], {"lines": [line_data(line)]}, [line_data(line)]):
        assert explain_lines(same, "en") == whole
    for nothing in ({}, None, [], {"why": "a slip"}, "x", {"trace": None}, [1, "x"]):
        assert explain_lines(nothing, "en") == []


@settings(max_examples=soak(1000), deadline=None)
@given(stories.policies(), stories.sales())
def test_any_policy_and_any_trace_can_be_said_in_both_languages(data, lines):
    policy = read_policy(data)
    kept = json.loads(json.dumps(result_data(compute(policy, read_sales({"lines": lines})))))
    for language in ("zh", "en"):
        texts = [text for one in explain_lines(kept, language) for text in (one.label, one.amount, one.source, *one.sentences)]
        texts += [text for rule in describe(policy, language) for text in (rule.name, rule.charges, *rule.bands, *rule.only, *rule.more)]
        texts += [text for row in terms(policy, language) for text in row]
        assert not [text for text in texts if "%(" in text or "None" in text]


@pytest.mark.parametrize(("rule", "charges", "rest"), [
    (PERCENT, "3 % of the price", []),
    (PERCENT | {"base": "net", "min": 100, "max": 500}, "3 % of what the buyer pays, at least ¥1.00, at most ¥5.00", []),
    ({"name": "commission", "kind": "flat", "amount": 50}, "¥0.50 for each sale", []),
    ({"name": "commission", "kind": "per_item", "amount": 50, "before_split": True}, "¥0.50 for each piece",
     ["It comes off first; everything else is reckoned on what is left."]),
    (STEPS, "by steps of the price, the highest step reached counts for the whole",
     ["from ¥10.00 to below ¥50.00: 10 %", "from ¥50.00 on: 5 %"]),
    (STEPS | {"graduated": True, "steps": [{"from": 0, "amount": 30}]}, "by steps of the price, each step charges its own stretch",
     ["from ¥0.00 on: ¥0.30"]),
    (PERCENT | {"match": {"category": "book", "seller": "s1", "from": "2027-03-01"}}, "3 % of the price",
     ["only for the seller s1", "only for: Book", "from Mar 1, 2027 on"]),
    (PERCENT | {"match": {"from": "2027-03-01", "until": "2027-03-31"}}, "3 % of the price",
     ["from Mar 1, 2027 to Mar 31, 2027, both days included"]),
    (PERCENT | {"match": {"until": "2027-03-31"}}, "3 % of the price", ["until Mar 31, 2027, this day included"]),
])  # fmt: skip
def test_a_rule_in_plain_words(rule, charges, rest):
    [shown] = describe(read_policy(BASE | {"rules": [rule]}), "en")
    assert (shown.name, shown.charges) == ("Commission", charges)
    assert [*shown.bands, *shown.only, *shown.more] == rest


@pytest.mark.parametrize(("changes", "words"), [
    ({}, "Half a unit and more counts up, the fees are rounded, the seller gets the rest, each line by itself"),
    ({"rounding": {"mode": "down", "on": "payout", "per": "total"}},
     "What is less than a unit is left off, what the seller gets is rounded, the commission is the rest, all lines of one seller together"),
    ({"negative_payout": "allow"}, "A sale may leave the seller owing."),
    ({}, "The fees give way; the seller never owes."),
    ({"lost_items": "not_paid"}, "Not paid for"),
    ({}, "The seller"),
    ({"discount_absorbed_by": "shop"}, "The platform or shop"),
    ({"discount_absorbed_by": "shared"}, "Both, half each"),
    ({"discount_absorbed_by": "shared", "discount_shares": {"shop": 1, "seller": 2}}, "both: platform or shop 1 parts, the seller 2 parts"),
])  # fmt: skip
def test_the_terms_in_plain_words(changes, words):
    assert words in [how for _what, how in terms(read_policy(BASE | {"rules": []} | changes), "en")]
