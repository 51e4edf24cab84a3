"""Every step of the reckoning with its very numbers, and a few sales that must be refused."""

from fractions import Fraction

import pytest

from core.money import MixedUnits
from market.ledger.fees.amount_rules import Ground, reckon, written
from market.ledger.fees.policy import Percent, Policy, Rounding, Rule, Sale
from market.ledger.fees.reading import read_policy
from market.ledger.fees.rounding_rules import Part, Whole, round_parts, rounded
from market.ledger.fees.rules import BadSale, add_up, compute
from tests.market.ledger.fees import calculator

BASE = {
    "id": "p", "version": 7, "currency": "CNY", "rounding": {"mode": "half_up", "on": "commission"},
    "discount_absorbed_by": "seller", "negative_payout": "clamp",
}  # fmt: skip
STEPS = [{"from": 1000, "percent": "10"}, {"from": 2000, "amount": 30}, {"from": 5000, "percent": "5.5"}]


def policy(*rules, **changes):
    return read_policy(BASE | {"rules": list(rules)} | changes)


def one(terms, **sale):
    line = compute(terms, [Sale(id="a", **sale)]).lines[0]
    again = calculator.amounts([
        {"formula": s.formula, "value": s.value, "rounded": s.rounded, "rounds": s.rounds, "kind": s.kind, "rule": s.rule} for s in line.trace
    ])  # fmt: skip
    assert {key: getattr(line, key) for key in again} == again
    return line


def steps(line):
    return [(step.rule, step.kind, step.formula, step.value, step.rounded, step.rounds) for step in line.trace]


FEE = {"name": "buyer_fee", "kind": "percent", "percent": "2", "before_split": True}
COMMISSION = {"name": "commission", "kind": "percent", "percent": "12.5", "base": "net"}


def test_the_whole_way_of_one_line():
    terms = policy(COMMISSION | {"label": {"zh": "佣", "en": "C"}}, FEE, discount_absorbed_by="shared", discount_shares={"shop": 2, "seller": 1})
    line = one(terms, price=1111, quantity=3, discount=100, category="book")
    assert steps(line) == [
        ("gross", "gross", "1111 * 3", "3333", 3333, "exact"),
        ("discount_by_shop", "discount", "100 * 2 / 3", "200/3", 67, "half_up"),
        ("base", "base", "3333 - 100 + 67", "3300", 3300, "exact"),
        ("buyer_fee", "percent", "3333 * 2 / 100", "66.66", 67, "half_up"),
        ("commission", "percent", "(3233 - 67) * 12.5 / 100", "395.75", 396, "half_up"),
        ("payout", "payout", "max(0, 3300 - 396 - 67)", "2837", 2837, "exact"),
    ]
    assert [step.facts for step in line.trace] == [
        {"price": 1111, "quantity": 3}, {"discount": 100, "by": "shared", "seller": 33}, {"discount": 33},
        {"base": "gross", "start": 3333, "off": 0, "on": 3333, "percent": "2"},
        {"base": "net", "start": 3233, "off": 67, "on": 3166, "percent": "12.5", "label": {"zh": "佣", "en": "C"}}, {},
    ]  # fmt: skip
    assert {(step.policy, step.version, step.unit) for step in line.trace} == {("p", 7, "CNY")}
    assert (line.id, line.gross, line.discount, line.discount_by_shop, line.base) == ("a", 3333, 100, 67, 3300)
    assert (dict(line.fees), line.commission, line.charged, line.payout, line.waived) == ({"commission": 396, "buyer_fee": 67}, 396, 463, 2837, 0)


def test_a_gift_taken_back_gives_its_fixed_fee_back():
    terms = policy({"name": "commission", "kind": "flat", "amount": 100}, negative_payout="allow")
    found = [one(terms, price=price, quantity=quantity) for price, quantity in [(0, 1), (0, -1), (-500, 1), (-500, -1), (1, 1), (1, -1)]]
    assert [line.payout for line in found] == [-100, 100, -400, 400, -99, 99]
    assert found[0].trace[1].facts == {"amount": 100}


def test_the_way_back_is_turned_round():
    terms = policy(COMMISSION, FEE, discount_absorbed_by="shop")
    line = one(terms, price=1111, quantity=-3, discount=-100)
    assert steps(line) == [
        ("gross", "gross", "-(1111 * 3)", "-3333", -3333, "exact"),
        ("discount_by_shop", "discount", "-(100 * 1 / 1)", "-100", -100, "half_up"),
        ("base", "base", "-(3333 - 100 + 100)", "-3333", -3333, "exact"),
        ("buyer_fee", "percent", "-(3333 * 2 / 100)", "-66.66", -67, "half_up"),
        ("commission", "percent", "-((3233 - 67) * 12.5 / 100)", "-395.75", -396, "half_up"),
        ("payout", "payout", "-(max(0, 3333 - 396 - 67))", "-2870", -2870, "exact"),
    ]
    assert (line.gross, line.discount, line.discount_by_shop, line.base, line.payout) == (-3333, -100, -100, -3333, -2870)
    assert steps(one(policy({"name": "x", "kind": "flat", "amount": 5}), price=-100))[1][2:5] == ("-5", "-5", -5)


def test_the_payout_is_what_is_rounded():
    terms = policy(COMMISSION, FEE, {"name": "item_fee", "kind": "flat", "amount": 10}, rounding={"mode": "down", "on": "payout"}, negative_payout="allow")
    line = one(terms, price=3333)
    assert steps(line)[1:] == [
        ("buyer_fee", "percent", "3333 * 2 / 100", "66.66", 66, "down"),
        ("commission", "percent", "(3333 - 66) * 12.5 / 100", "408.375", 409, "rest"),
        ("item_fee", "flat", "10", "10", 10, "down"),
        ("payout", "payout", "3333 - ((3333 - 66) * 12.5 / 100) - 66 - 10", "2848.625", 2848, "down"),
    ]
    assert (line.payout, line.commission) == (2848, 409)
    early = one(policy(COMMISSION | {"before_split": True}, rounding={"mode": "down", "on": "payout"}), price=3333)
    assert steps(early)[1:] == [
        ("commission", "percent", "3333 * 12.5 / 100", "416.625", 416, "down"), ("payout", "payout", "max(0, 3333 - 416)", "2917", 2917, "exact"),
    ]  # fmt: skip


def test_what_a_line_cannot_pay_is_waived_and_said():
    rules = [COMMISSION | {"min": 300}, {"name": "item_fee", "kind": "flat", "amount": 200}, FEE | {"min": 100}]
    line = one(policy(*rules), price=250)
    assert steps(line)[1:] == [
        ("buyer_fee", "percent", "max(100, 250 * 2 / 100)", "100", 100, "half_up"),
        ("commission", "percent", "max(300, (250 - 100) * 12.5 / 100)", "300", 300, "half_up"),
        ("item_fee", "flat", "200", "200", 200, "half_up"),
        ("payout", "payout", "max(0, 250 - 300 - 200 - 100)", "0", 0, "exact"),
        ("commission", "waived", "0 - 300", "-300", -300, "exact"),
        ("item_fee", "waived", "150 - 200", "-50", -50, "exact"),
    ]
    assert (dict(line.fees), line.waived, line.payout) == ({"commission": 0, "item_fee": 150, "buyer_fee": 100}, 350, 0)
    just = one(policy(*rules), price=600)
    assert (just.waived, just.payout, len(just.trace)) == (0, 0, 5)
    owing = one(policy(*rules, negative_payout="allow"), price=250)
    assert (owing.waived, owing.payout, owing.charged, owing.trace[-1].formula) == (0, -350, 600, "250 - 300 - 200 - 100")
    early = one(policy(FEE | {"name": "commission", "min": 100}, FEE | {"min": 100}), price=150)
    assert dict(early.fees) == {"commission": 50, "buyer_fee": 100}


def test_a_clamped_payout_that_is_rounded_is_nothing():
    line = one(policy(COMMISSION, {"name": "item_fee", "kind": "flat", "amount": 100}, rounding={"mode": "up", "on": "payout"}), price=99)
    assert steps(line)[3] == ("payout", "payout", "max(0, 99 - (99 * 12.5 / 100) - 100)", "0", 0, "up")
    assert (line.payout, line.waived, dict(line.fees)) == (0, 14, {"commission": 0, "item_fee": 99})


def test_a_lost_thing():
    terms = policy(COMMISSION, lost_items="not_paid")
    line = one(terms, price=1000, discount=10, lost=True)
    assert steps(line) == [
        ("gross", "gross", "1000 * 1", "1000", 1000, "exact"), ("discount_by_shop", "discount", "10 * 0 / 1", "0", 0, "half_up"),
        ("lost", "lost", "0", "0", 0, "exact"), ("payout", "payout", "max(0, 0)", "0", 0, "exact"),
    ]  # fmt: skip
    assert (line.base, dict(line.fees), line.payout) == (0, {}, 0)
    assert one(terms, price=1000).payout == one(policy(COMMISSION), price=1000, lost=True).payout == 875


@pytest.mark.parametrize(("price", "graduated", "formula", "value", "bands"), [
    (999, False, "0", "0", []),
    (1000, False, "1000 * 10 / 100", "100", [{"from": 1000, "until": None, "on": 1000, "percent": "10"}]),
    (1999, False, "1999 * 10 / 100", "199.9", [{"from": 1000, "until": None, "on": 1999, "percent": "10"}]),
    (2000, False, "30", "30", [{"from": 2000, "until": None, "on": 2000, "amount": 30}]),
    (5001, False, "5001 * 5.5 / 100", "275.055", [{"from": 5000, "until": None, "on": 5001, "percent": "5.5"}]),
    (999, True, "0", "0", []),
    (1000, True, "(1000 - 1000) * 10 / 100", "0", [{"from": 1000, "until": 1000, "on": 0, "percent": "10"}]),
    (1999, True, "(1999 - 1000) * 10 / 100", "99.9", [{"from": 1000, "until": 1999, "on": 999, "percent": "10"}]),
    (2000, True, "(2000 - 1000) * 10 / 100 + 30", "130", [
        {"from": 1000, "until": 2000, "on": 1000, "percent": "10"}, {"from": 2000, "until": 2000, "on": 0, "amount": 30}]),
    (6000, True, "(2000 - 1000) * 10 / 100 + 30 + (6000 - 5000) * 5.5 / 100", "185", [
        {"from": 1000, "until": 2000, "on": 1000, "percent": "10"}, {"from": 2000, "until": 5000, "on": 3000, "amount": 30},
        {"from": 5000, "until": 6000, "on": 1000, "percent": "5.5"}]),
])  # fmt: skip
def test_steps(price, graduated, formula, value, bands):
    [step] = [s for s in one(policy({"name": "commission", "kind": "steps", "steps": STEPS, "graduated": graduated}), price=price).trace if s.rule == "commission"]
    facts = {"base": "gross", "start": price, "off": 0, "on": price, "graduated": graduated, "bands": bands}
    assert (step.formula, step.value, step.facts) == (formula, value, facts | ({} if bands else {"first": 1000}))


def test_steps_from_nothing_on_need_no_brackets_and_fees_before_come_off():
    rules = [{"name": "commission", "kind": "steps", "graduated": True, "steps": [{"from": 0, "percent": "1"}, {"from": 500, "percent": "2"}]}, FEE]
    step = one(policy(*rules), price=1000).trace[2]
    assert (step.formula, step.value) == ("500 * 1 / 100 + ((1000 - 20) - 500) * 2 / 100", "14.6")
    assert one(policy(*rules), price=500).trace[2].formula == "(500 - 10) * 1 / 100"


@pytest.mark.parametrize(("least", "most", "formula", "facts"), [
    (None, None, "1000 * 3 / 100", {}),
    (30, None, "max(30, 1000 * 3 / 100)", {}),
    (31, None, "max(31, 1000 * 3 / 100)", {"bound": "least", "bound_amount": 31, "unbounded": "30"}),
    (None, 30, "min(30, 1000 * 3 / 100)", {}),
    (None, 29, "min(29, 1000 * 3 / 100)", {"bound": "most", "bound_amount": 29, "unbounded": "30"}),
    (31, 40, "min(40, max(31, 1000 * 3 / 100))", {"bound": "least", "bound_amount": 31, "unbounded": "30"}),
    (1, 2, "min(2, max(1, 1000 * 3 / 100))", {"bound": "most", "bound_amount": 2, "unbounded": "30"}),
])  # fmt: skip
def test_at_least_and_at_most(least, most, formula, facts):
    found = reckon(Rule(name="x", kind="percent", percent=Percent("3"), least=least, most=most), Ground(1000, 0, 1))
    assert found.formula == formula and found.value == calculator.work_out(formula)
    assert {key: value for key, value in found.facts.items() if key not in ("base", "start", "off", "on", "percent")} == facts


@pytest.mark.parametrize(("start", "off", "on", "text"), [
    (100, 0, 100, "100"), (100, 30, 70, "(100 - 30)"), (100, 100, 0, "(100 - 100)"), (100, 101, 0, "max(0, 100 - 101)"), (0, 0, 0, "0"),
])  # fmt: skip
def test_what_a_rule_is_reckoned_on(start, off, on, text):
    ground = Ground(start, off, 1)
    assert (ground.on, ground.text) == (on, text)


def test_fees_before_the_split_can_leave_nothing_to_reckon_on():
    line = one(policy(COMMISSION, {"name": "buyer_fee", "kind": "per_item", "amount": 60, "before_split": True}), price=50, quantity=2)
    assert steps(line)[1:3] == [
        ("buyer_fee", "per_item", "60 * 2", "120", 120, "half_up"), ("commission", "percent", "max(0, 100 - 120) * 12.5 / 100", "0", 0, "half_up"),
    ]  # fmt: skip
    assert line.trace[1].facts == {"amount": 60, "quantity": 2}


@pytest.mark.parametrize(("value", "text"), [
    (Fraction(0), "0"), (Fraction(7), "7"), (Fraction(-7), "-7"), (Fraction(1, 2), "0.5"), (Fraction(-1, 4), "-0.25"), (Fraction(5, 3), "5/3"),
    (Fraction(-5, 6), "-5/6"), (Fraction(1, 8), "0.125"), (Fraction(1, 5), "0.2"), (Fraction(1, 25), "0.04"), (Fraction(1000), "1000"),
    (Fraction(12345, 1000), "12.345"), (Fraction(1, 10**9), "0.000000001"), (Fraction(1, 7), "1/7"), (Fraction(120, 1), "120"),
])  # fmt: skip
def test_exact_values_are_written_out(value, text):
    assert written(value) == text and Fraction(written(value)) == value


def parts(*values, group="g"):
    return [Part(group, f"k{at}", Fraction(value)) for at, value in enumerate(values)]


@pytest.mark.parametrize(("mode", "values", "minors", "total"), [
    ("half_up", ("1.5", "1.5", "1.5"), [2, 2, 1], 5),
    ("half_even", ("1.5", "1.5", "1.5"), [2, 1, 1], 4),
    ("down", ("1.9", "1.8", "1.2"), [2, 1, 1], 4),
    ("up", ("1.1", "1.1", "1.1"), [2, 1, 1], 4),
    ("half_up", ("0.2", "0.3", "0.4"), [0, 0, 1], 1),
    ("half_up", ("-1.5", "-1.5", "-1.5"), [-2, -2, -1], -5),
    ("half_up", ("2.5", "-2.5"), [2, -2], 0),
    ("half_up", ("3.6", "-1.2"), [3, -1], 2),
    ("half_up", ("3.6", "-0.2"), [3, 0], 3),
    ("up", ("3.6", "-0.2"), [4, 0], 4),
    ("half_up", ("-3.6", "1.2"), [-3, 1], -2),
    ("half_up", ("7", "0"), [7, 0], 7),
])  # fmt: skip
def test_a_total_is_shared_out_by_largest_remainder(mode, values, minors, total):
    found = round_parts(parts(*values), Rounding(mode, "commission", "total"))
    exact = sum(Fraction(value) for value in values)
    assert found == [Whole(minor, (exact, total)) for minor in minors]
    assert rounded(exact, mode) == total == sum(minors)


def test_each_group_has_its_own_total_and_equal_remainders_go_by_key():
    mixed = [Part("x", "b", Fraction("1.5")), Part("y", "c", Fraction("1.5")), Part("x", "a", Fraction("1.5")), Part("y", "d", Fraction("1.6"))]
    found = round_parts(mixed, Rounding("down", "commission", "total"))
    assert [whole.minor for whole in found] == [1, 1, 2, 2]
    assert [whole.total for whole in found] == [(3, 3), (Fraction("3.1"), 3), (3, 3), (Fraction("3.1"), 3)]
    assert round_parts([], Rounding("down", "commission", "total")) == []


def test_line_by_line_there_is_no_total():
    assert round_parts(parts("1.5", "-1.5"), Rounding("up", "commission")) == [Whole(2), Whole(-2)]


def test_a_total_stands_in_the_trace():
    terms = policy({"name": "commission", "kind": "percent", "percent": "3"}, rounding={"mode": "half_up", "on": "commission", "per": "total"})
    lines = compute(terms, [Sale(id="b", price=50), Sale(id="a", price=50), Sale(id="c", price=50, seller="s")]).lines
    assert [(line.commission, line.trace[1].rounds) for line in lines] == [(1, "total"), (2, "total"), (2, "total")]
    total = {"total": "3", "total_rounded": 3, "mode": "half_up"}
    assert {key: lines[0].trace[1].facts[key] for key in total} == total
    assert lines[2].trace[1].facts["total"] == "1.5"
    terms = policy({"name": "commission", "kind": "percent", "percent": "3"}, rounding={"mode": "down", "on": "payout", "per": "total"})
    lines = compute(terms, [Sale(id="b", price=50), Sale(id="a", price=50, quantity=-3)]).lines
    assert [(line.payout, line.commission) for line in lines] == [(48, 2), (-145, -5)]
    assert [(line.trace[-1].rounds, line.trace[-1].facts) for line in lines] == [("total", {"total": "-97", "total_rounded": -97, "mode": "down"})] * 2


@pytest.mark.parametrize(("sale", "words"), [
    ({"price": 100, "discount": 101}, "lines[1].discount: must be from 0 to 100, not 101"),
    ({"price": 100, "discount": -1}, "lines[1].discount: must be from 0 to 100, not -1"),
    ({"price": 100, "quantity": -1, "discount": 1}, "lines[1].discount: must be from 0 to -100, not 1"),
    ({"price": 100, "quantity": -1, "discount": -101}, "lines[1].discount: must be from 0 to -100, not -101"),
    ({"price": 100, "quantity": 0}, "lines[1].quantity: must not be 0"),
    ({"price": 100}, "lines[1].date: is missing, and the rule commission holds on certain days only"),
])  # fmt: skip
def test_a_line_that_cannot_be_reckoned_is_named(sale, words):
    terms = policy(COMMISSION | {"match": {"category": "book", "from": "2027-01-01"}})
    with pytest.raises(BadSale) as no:
        compute(terms, [Sale(id="fine", price=1), Sale(id="a", category="book", **sale)])
    assert str(no.value) == words and no.value.place == 1
    assert words == f"lines[1].{no.value.key}: {no.value.words}"


def test_sums():
    terms = policy(COMMISSION, {"name": "item_fee", "kind": "flat", "amount": 5, "match": {"category": "book"}}, discount_absorbed_by="shared")
    result = compute(terms, [Sale(id=1, price=100, discount=3), Sale(id=2, price=200, category="book"), Sale(id=3, price=2, category="book")])
    assert dict(result.total.fees) == {"commission": 37, "item_fee": 7}
    assert (result.total.gross, result.total.discount, result.total.discount_by_shop, result.total.base) == (302, 3, 2, 301)
    assert (result.total.payout, result.total.waived, result.total.commission, result.total.charged) == (257, 3, 37, 44)
    nothing = add_up([])
    assert (nothing.gross, nothing.discount, nothing.discount_by_shop, nothing.base, nothing.payout, nothing.waived) == (0,) * 6
    assert dict(nothing.fees) == {} and compute(terms, []).lines == ()


def test_a_policy_made_in_code_is_reckoned_too():
    terms = Policy(id="p", version=1, currency="JPY", rounding=Rounding("half_even", "commission"), absorber="shared", clamps=True, rules=())
    line = compute(terms, [Sale(id=1, price=5, discount=5)]).lines[0]
    assert (line.discount_by_shop, line.payout, line.trace[0].unit) == (3, 3, "JPY")
    assert issubclass(MixedUnits, TypeError)
