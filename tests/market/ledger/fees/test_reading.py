"""What can't be meant is refused with its place; its twin beside it is read."""

import copy
import json

import pytest

from market.ledger.fees.reading import read_policy
from market.ledger.fees.reading_sales import read_sales
from market.ledger.fees.strict import MOST_BYTES, Unreadable, load

POLICY = {
    "id": "p", "version": 1, "currency": "CNY", "rounding": {"mode": "half_up", "on": "commission"},
    "discount_absorbed_by": "shared", "negative_payout": "clamp",
    "rules": [
        {"name": "commission", "kind": "percent", "percent": "12.5", "min": 10, "max": 20, "match": {"category": "book"}},
        {"name": "commission", "kind": "steps", "steps": [{"from": 0, "percent": "1"}, {"from": 10, "amount": 5}]},
        {"name": "item_fee", "kind": "flat", "amount": 5, "match": {"from": "2027-01-01", "until": "2027-01-01"}},
    ],
}  # fmt: skip
SALES = {"lines": [{"id": "a", "price": 100, "quantity": 2, "category": "book", "seller": "s", "discount": 5, "date": "2027-01-01"}]}
GONE = object()


def changed(whole, path, value):
    """A copy with one place changed; `rules.0.percent`."""
    found = copy.deepcopy(whole)
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place = found
    for part in way:
        place = place[part]
    if value is GONE:
        del place[last]
    elif isinstance(place, list) and last == len(place):
        place.append(value)
    else:
        place[last] = value
    return found


def refused(reader, data):
    with pytest.raises(Unreadable) as no:
        reader(load(json.dumps(data).encode()))
    assert no.value.status == 422
    return no.value


def test_the_whole_policy_is_read():
    policy = read_policy(POLICY)
    assert policy.shares == (1, 1) and policy.clamps and policy.pays_lost and policy.rounding.per == "line"
    assert [rule.kind for rule in policy.rules] == ["percent", "steps", "flat"]
    assert policy.rules[0].percent.share * 1000 == 125
    assert (policy.rules[0].least, policy.rules[0].most, policy.rules[0].base) == (10, 20, "gross")
    assert policy.rules[1].bands[1].amount == 5 and policy.rules[1].bands[1].percent is None
    assert not policy.rules[1].graduated and policy.rules[2].match.since == policy.rules[2].match.until


@pytest.mark.parametrize(("path", "value", "place", "code"), [
    ("id", GONE, "id", "missing"),
    ("id", "", "id", "no_text"),
    ("id", "  ", "id", "no_text"),
    ("id", 7, "id", "no_text"),
    ("id", "x" * 61, "id", "no_text"),
    ("id", "a\tb", "id", "no_text"),
    ("version", GONE, "version", "missing"),
    ("version", 0, "version", "out_of_range"),
    ("version", True, "version", "no_whole"),
    ("version", 1.5, "version", "no_whole"),
    ("currency", "yuan", "currency", "no_currency"),
    ("currency", GONE, "currency", "missing"),
    ("rounding", GONE, "rounding", "missing"),
    ("rounding", "half_up", "rounding", "no_object"),
    ("rounding.mode", GONE, "rounding.mode", "missing"),
    ("rounding.mode", "nearest", "rounding.mode", "no_choice"),
    ("rounding.mode", ["half_up"], "rounding.mode", "no_choice"),
    ("rounding.on", "fee", "rounding.on", "no_choice"),
    ("rounding.per", "day", "rounding.per", "no_choice"),
    ("rounding.digits", 2, "rounding.digits", "unknown_key"),
    ("discount_absorbed_by", "buyer", "discount_absorbed_by", "no_choice"),
    ("discount_absorbed_by", GONE, "discount_absorbed_by", "missing"),
    ("discount_shares", {"shop": 0, "seller": 0}, "discount_shares", "no_shares"),
    ("discount_shares", {"shop": 1}, "discount_shares.seller", "missing"),
    ("negative_payout", True, "negative_payout", "no_choice"),
    ("lost_items", "lost", "lost_items", "no_choice"),
    ("title", {"zh": "x"}, "title.en", "missing"),
    ("fees", [], "fees", "unknown_key"),
    ("rules", GONE, "rules", "missing"),
    ("rules", {}, "rules", "no_list"),
    ("rules", [7], "rules[0]", "no_object"),
    ("rules", [{"name": "x", "kind": "flat", "amount": 1}] * 101, "rules", "too_many"),
    ("rules.0.name", GONE, "rules[0].name", "missing"),
    ("rules.0.name", "payout", "rules[0].name", "own_word"),
    ("rules.0.kind", "formula", "rules[0].kind", "no_choice"),
    ("rules.0.percent", 12.5, "rules[0].percent", "no_percent"),
    ("rules.0.percent", 12, "rules[0].percent", "no_percent"),
    ("rules.0.percent", float("nan"), "rules[0].percent", "no_percent"),
    ("rules.0.percent", "NaN", "rules[0].percent", "no_percent"),
    ("rules.0.percent", "-1", "rules[0].percent", "no_percent"),
    ("rules.0.percent", "1e2", "rules[0].percent", "no_percent"),
    ("rules.0.percent", "12,5", "rules[0].percent", "no_percent"),
    ("rules.0.percent", "1.1234567", "rules[0].percent", "no_percent"),
    ("rules.0.percent", "1000.1", "rules[0].percent", "no_percent"),
    ("rules.0.percent", " 5", "rules[0].percent", "no_percent"),
    ("rules.0.percent", "５", "rules[0].percent", "no_percent"),
    ("rules.0.percent", GONE, "rules[0].percent", "missing"),
    ("rules.0.percent", None, "rules[0].percent", "missing"),
    ("rules.0.amount", 5, "rules[0].amount", "not_of_kind"),
    ("rules.0.graduated", True, "rules[0].graduated", "not_of_kind"),
    ("rules.0.graduated", "yes", "rules[0].graduated", "no_flag"),
    ("rules.0.before_split", 1, "rules[0].before_split", "no_flag"),
    ("rules.0.min", 21, "rules[0].min", "min_above_max"),
    ("rules.0.min", -1, "rules[0].min", "out_of_range"),
    ("rules.0.max", 19.5, "rules[0].max", "no_whole"),
    ("rules.0.max", "20", "rules[0].max", "no_whole"),
    ("rules.0.base", "brutto", "rules[0].base", "no_choice"),
    ("rules.0.minimum", 1, "rules[0].minimum", "unknown_key"),
    ("rules.0.match.brand", "x", "rules[0].match.brand", "unknown_key"),
    ("rules.0.match.category", ["book"], "rules[0].match.category", "no_text"),
    ("rules.0.match.from", "1.1.2027", "rules[0].match.from", "no_day"),
    ("rules.0.match.from", "2027-02-30", "rules[0].match.from", "no_day"),
    ("rules.0.match.from", 20270101, "rules[0].match.from", "no_day"),
    ("rules.2.match.from", "2027-01-02", "rules[2].match.from", "from_after_until"),
    ("rules.2.amount", GONE, "rules[2].amount", "missing"),
    ("rules.2.amount", True, "rules[2].amount", "no_whole"),
    ("rules.2.amount", 10**12 + 1, "rules[2].amount", "out_of_range"),
    ("rules.2.steps", [], "rules[2].steps", "not_of_kind"),
    ("rules.2.percent", "1", "rules[2].percent", "not_of_kind"),
    ("rules.1.steps", [], "rules[1].steps", "no_steps"),
    ("rules.1.steps", GONE, "rules[1].steps", "missing"),
    ("rules.1.steps.1.from", 0, "rules[1].steps[1].from", "not_rising"),
    ("rules.1.steps.1.from", -1, "rules[1].steps[1].from", "out_of_range"),
    ("rules.1.steps.1.percent", "1", "rules[1].steps[1].percent", "one_of_both"),
    ("rules.1.steps.1.amount", GONE, "rules[1].steps[1].percent", "one_of_both"),
    ("rules.1.steps.0.percent", 1, "rules[1].steps[0].percent", "no_percent"),
    ("rules.1.steps.0.to", 1, "rules[1].steps[0].to", "unknown_key"),
    ("rules.3", {"name": "commission", "kind": "flat", "amount": 1}, "rules[3]", "tied"),
])  # fmt: skip
def test_a_policy_that_cannot_be_meant(path, value, place, code):
    no = refused(read_policy, changed(POLICY, path, value))
    assert (no.field, no.code) == (place, code)
    assert str(no).startswith(f"{place}: ") and "%(" not in str(no)


@pytest.mark.parametrize(("path", "value"), [
    ("id", "x" * 60),
    ("version", "2027-1"),
    ("version", 10**6),
    ("rounding.per", "total"),
    ("discount_shares", {"shop": 0, "seller": 1}),
    ("lost_items", "not_paid"),
    ("title", {"zh": "x", "en": "y"}),
    ("rules", []),
    ("rules.0.percent", "0"),
    ("rules.0.percent", "1000"),
    ("rules.0.percent", "1000.000000"),
    ("rules.0.percent", "0.000001"),
    ("rules.0.min", 20),
    ("rules.0.min", None),
    ("rules.0.amount", None),
    ("rules.0.base", "net"),
    ("rules.2.match", None),
    ("rules.2.match.from", None),
    ("rules.2.amount", 0),
    ("rules.2.amount", 10**12),
    ("rules.1.steps.1.from", 1),
    ("rules.1.graduated", True),
    ("rules.1.steps.1.amount", 0),
    ("rules.3", {"name": "commission", "kind": "flat", "amount": 1, "match": {"seller": "s"}}),
    ("rules.3", {"name": "other", "kind": "flat", "amount": 1}),
])  # fmt: skip
def test_its_twin_is_read(path, value):
    assert read_policy(load(json.dumps(changed(POLICY, path, value)).encode()))


def test_a_tie_names_the_other_rule():
    no = refused(read_policy, changed(POLICY, "rules.3", POLICY["rules"][1]))
    assert str(no) == "rules[3]: Rule 2 has the same name and fits some of the same sales just as closely: which one counts?"


@pytest.mark.parametrize(("path", "value", "place", "code"), [
    ("lines", GONE, "lines", "missing"),
    ("lines", "x", "lines", "no_list"),
    ("line", [], "line", "unknown_key"),
    ("lines.0.id", GONE, "lines[0].id", "missing"),
    ("lines.0.id", True, "lines[0].id", "no_whole"),
    ("lines.0.id", 1.5, "lines[0].id", "no_text"),
    ("lines.0.price", GONE, "lines[0].price", "missing"),
    ("lines.0.price", "100", "lines[0].price", "no_whole"),
    ("lines.0.price", 99.5, "lines[0].price", "no_whole"),
    ("lines.0.price", float("inf"), "lines[0].price", "no_whole"),
    ("lines.0.price", 10**12 + 1, "lines[0].price", "out_of_range"),
    ("lines.0.price", 10**12, "lines[0].price", "too_much"),
    ("lines.0.quantity", 0, "lines[0].quantity", "no_piece"),
    ("lines.0.quantity", 1.0, "lines[0].quantity", "no_whole"),
    ("lines.0.quantity", 10**6 + 1, "lines[0].quantity", "out_of_range"),
    ("lines.0.discount", "5", "lines[0].discount", "no_whole"),
    ("lines.0.date", "yesterday", "lines[0].date", "no_day"),
    ("lines.0.date", "2027-01-01T10:00:00", "lines[0].date", "no_time"),
    ("lines.0.date", "2027-01-01Tnoon", "lines[0].date", "no_time"),
    ("lines.0.lost", "no", "lines[0].lost", "no_flag"),
    ("lines.0.tax", 1, "lines[0].tax", "unknown_key"),
    ("lines.1", {"id": "a", "price": 1}, "lines[1].id", "id_twice"),
])  # fmt: skip
def test_sales_that_cannot_be_meant(path, value, place, code):
    no = refused(read_sales, changed(SALES, path, value))
    assert (no.field, no.code) == (place, code)


def test_sales_are_read_with_what_they_leave_out():
    plain, full = read_sales(load(json.dumps(changed(SALES, "lines.1", {"id": 7, "price": 0, "category": None})).encode()))[::-1]
    assert (plain.id, plain.price, plain.quantity, plain.discount, plain.category, plain.seller, plain.day, plain.lost) == (
        7, 0, 1, 0, None, None, None, False
    )  # fmt: skip
    assert (full.gross, full.discount, full.category, full.seller, full.day.isoformat()) == (200, 5, "book", "s", "2027-01-01")


def test_a_time_counts_as_its_day_in_the_markets_zone():
    [sale] = read_sales(changed(SALES, "lines.0.date", "2026-12-31T16:00:00+00:00"))
    assert sale.day.isoformat() == "2027-01-01"
    [before] = read_sales(changed(SALES, "lines.0.date", "2026-12-31T15:59:59Z"))
    assert before.day.isoformat() == "2026-12-31"


@pytest.mark.parametrize(("raw", "code"), [
    (b"", "not_json"), (b"{", "not_json"), (b"\xff", "not_json"), (b"[" * 50_000, "not_json"), (b"1" * 5_000, "not_json"),
    (b'{"a": 1, "a": 2}', "twice"), (b'{"a": {"b": 1, "b": 2}}', "twice"), (b" " * (MOST_BYTES + 1), "too_large"),
])  # fmt: skip
def test_a_file_that_is_no_json(raw, code):
    with pytest.raises(Unreadable) as no:
        load(raw)
    assert no.value.code == code and str(no.value)


def test_a_file_with_a_byte_order_mark_and_at_the_limit_is_read():
    assert load(b"\xef\xbb\xbf{}") == {}
    assert load(b" " * (MOST_BYTES - 2) + b"{}") == {}


def test_a_list_is_no_policy():
    assert refused(read_policy, []).code == "no_object"
