"""What holds for every policy and every sale: nothing lost, nothing invented, and the trace alone gives it all again."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from market.ledger.fees.reading import read_policy
from market.ledger.fees.reading_sales import read_sales
from market.ledger.fees.rules import compute
from market.ledger.fees.shape import policy_data, result_data
from tests.market.ledger.fees import calculator, stories
from tests.soak import soak

many = settings(max_examples=soak(1000), deadline=None)


def reckon(policy, lines):
    return compute(read_policy(policy), read_sales({"lines": lines}))


@many
@given(stories.policies(), stories.sales())
def test_payout_and_fees_are_what_is_divided(policy, lines):
    result = reckon(policy, lines)
    for sale, line in zip(lines, result.lines, strict=True):
        assert line.payout + line.charged == line.base
        assert line.gross == sale["price"] * sale["quantity"] and line.discount == sale["discount"]
        if not (sale["lost"] and policy["lost_items"] == "not_paid"):
            assert line.base == line.gross - (line.discount - line.discount_by_shop)
            paid = line.gross - line.discount
            assert line.payout + (line.charged - line.discount_by_shop) == paid
        assert 0 <= line.discount_by_shop * (1 if line.gross >= 0 else -1) <= abs(line.discount)
    for name in ("gross", "discount", "discount_by_shop", "base", "payout", "waived", "charged", "commission"):
        assert getattr(result.total, name) == sum(getattr(line, name) for line in result.lines)


@many
@given(stories.policies(), stories.sales())
def test_the_trace_alone_gives_the_amounts_again(policy, lines):
    data = json.loads(json.dumps(result_data(reckon(policy, lines))))
    for line in data["lines"]:
        again = calculator.amounts(line["trace"])
        assert {key: line[key] for key in again} == again
        assert {(step["policy"], step["version"], step["unit"]) for step in line["trace"]} == {("random", 1, "CNY")}
        assert line["commission"] == line["fees"].get("commission", 0)


@many
@given(stories.policies(), stories.sales(), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_is_nothing(policy, lines, random):
    mixed = lines[:]
    random.shuffle(mixed)
    one, other = reckon(policy, lines), reckon(policy, mixed)
    assert {line.id: line for line in one.lines} == {line.id: line for line in other.lines}
    assert {**one.total.fees} == {**other.total.fees} and one.total.payout == other.total.payout


@many
@given(stories.policies(), stories.sales())
def test_taking_back_mirrors_to_the_last_unit(policy, lines):
    back = [line | {"quantity": -line["quantity"], "discount": -line["discount"]} for line in lines]
    for sale, mirrored in zip(reckon(policy, lines).lines, reckon(policy, back).lines, strict=True):
        assert mirrored.fees == {name: -minor for name, minor in sale.fees.items()}
        turned = {"gross", "discount", "discount_by_shop", "base", "payout", "waived"}
        assert {key: getattr(mirrored, key) for key in turned} == {key: -getattr(sale, key) for key in turned}


@many
@given(stories.policies(), stories.sales())
def test_only_an_allowed_payout_falls_below_nothing(policy, lines):
    for sale, line in zip(lines, reckon(policy, lines).lines, strict=True):
        sign = 1 if sale["quantity"] > 0 else -1
        assert policy["negative_payout"] == "allow" or line.payout * sign >= 0
        assert all(minor * sign >= 0 for minor in line.fees.values()) and line.waived * sign >= 0
        assert policy["negative_payout"] == "clamp" or line.waived == 0


@many
@given(stories.policies(), stories.sales())
def test_a_line_by_itself_is_the_line_among_others(policy, lines):
    policy["rounding"]["per"] = "line"
    together = reckon(policy, lines).lines
    assert [reckon(policy, [line]).lines[0] for line in lines] == list(together)


@many
@given(stories.policies(), stories.sales())
def test_a_total_is_rounded_once(policy, lines):
    """A fee's total over the lines of a seller is the exact total, rounded; nobody's line is a unit or more away from its own."""
    policy["rounding"] |= {"per": "total", "on": "commission"}
    policy["negative_payout"] = "allow"
    policy["rules"] = [rule | {"before_split": rule["name"] == "buyer_fee"} for rule in policy["rules"]]
    lines = [line | {"seller": "s1"} for line in lines]
    seen: dict[str, list] = {}
    for line in reckon(policy, lines).lines:
        for step in line.trace:
            if step.rounds == "total":
                seen.setdefault(step.rule, []).append(step)
    for steps in seen.values():
        exact = sum(calculator.work_out(step.formula) for step in steps)
        assert sum(step.rounded for step in steps) == calculator.whole(exact, policy["rounding"]["mode"])
        assert {step.facts["total_rounded"] for step in steps} == {sum(step.rounded for step in steps)}


@many
@given(stories.policies())
def test_a_policy_written_out_reads_as_itself(policy):
    once = read_policy(policy)
    written = policy_data(once)
    assert read_policy(json.loads(json.dumps(written))) == once
    assert policy_data(read_policy(written)) == written
