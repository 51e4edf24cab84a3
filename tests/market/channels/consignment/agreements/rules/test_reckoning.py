"""Price of the day, fees, who gets what: a worked table, and laws that hold for whatever terms may be agreed on."""

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from market.channels.consignment.agreements.answer import reckoned_data
from market.channels.consignment.agreements.law_rules import problems
from market.channels.consignment.agreements.reading import read_lawful
from market.channels.consignment.agreements.rules import BadCase, Case, lowest_on, moments, reckon
from tests.agreement_stories import custom
from tests.market.channels.consignment.agreements.rules.any_terms import any_terms
from tests.market.ledger.fees import calculator

CUSTOM = read_lawful(custom())


def terms(**also):
    data = custom() | also
    return read_lawful(data)


def net_terms():
    data = custom()
    data["remuneration"] = {"kind": "net", "policy": data["remuneration"]["policy"] | {"rules": []}}
    return read_lawful(data)


# asking 500.00, reserve 380.00: day, percent of the plan, price, commission of 30 %, storage, to the consignor, lowest, standing
TABLE = [
    (0, 0, 50000, 15000, 0, 35000, 50000, "on_sale"), (19, 0, 50000, 15000, 0, 35000, 50000, "on_sale"),
    (20, 10, 45000, 13500, 0, 31500, 38000, "on_sale"), (40, 20, 40000, 12000, 0, 28000, 38000, "on_sale"),
    (60, 20, 40000, 12000, 0, 28000, 38000, "on_sale"), (61, 20, 40000, 12000, 0, 28000, 38000, "grace"),
    (74, 20, 40000, 12000, 0, 28000, 38000, "grace"), (75, 20, 40000, 12000, 100, 27900, 38000, "over"),
    (104, 20, 40000, 12000, 3000, 25000, 38000, "over"), (500, 20, 40000, 12000, 3000, 25000, 38000, "over"),
]  # fmt: skip


@pytest.mark.parametrize(("day", "percent", "price", "commission", "stored", "net", "lowest", "standing"), TABLE)
def test_a_coat_by_local_custom(day, percent, price, commission, stored, net, lowest, standing):
    found = reckon(CUSTOM, Case(asking=50000, reserve=38000, days=day))
    assert (found.percent, found.price, found.lowest, found.standing) == (percent, price, lowest, standing)
    assert (found.line.commission, found.line.fees.get("storage", 0), found.net, found.shop) == (commission, stored, net, price - net)


def test_the_reserve_is_the_floor_and_no_markdowns_wins():
    assert reckon(CUSTOM, Case(asking=50000, reserve=44000, days=45)).price == 44000
    kept = reckon(CUSTOM, Case(asking=50000, reserve=100, days=45, kept_price=True))
    assert (kept.price, kept.lowest, kept.percent) == (50000, 50000, 0)


def test_half_a_fen_counts_up():
    assert reckon(CUSTOM, Case(asking=5, days=20)).price == 5 and reckon(CUSTOM, Case(asking=4, days=20)).price == 4


@pytest.mark.parametrize(("authority", "reserve", "day", "lowest"), [
    ({"authority": "fixed"}, 100, 30, 10000), ({"authority": "ask"}, 100, 30, 10000), ({"authority": "reserve"}, 100, 0, 100),
    ({"authority": "reserve"}, 0, 30, 10000), ({"authority": "lower", "percent": 25, "after_days": 30}, 0, 29, 10000),
    ({"authority": "lower", "percent": 25, "after_days": 30}, 0, 30, 7500),
    ({"authority": "lower", "percent": 25, "after_days": 30}, 8000, 30, 8000),
])  # fmt: skip
def test_how_far_the_shop_may_go_down_by_itself(authority, reserve, day, lowest):
    assert lowest_on(terms(price=authority, markdown=[]), Case(asking=10000, reserve=reserve, days=day)) == lowest


def test_services_come_off_and_never_leave_the_consignor_owing():
    done = reckon(CUSTOM, Case(asking=50000, days=0, services=frozenset({"cleaning", "wiping"})))
    assert (done.line.fees, done.net) == ({"commission": 15000, "cleaning": 2000}, 33000)
    cheap = reckon(CUSTOM, Case(asking=1000, days=0, services=frozenset({"cleaning"})))
    assert (cheap.net, cheap.shop, cheap.line.waived) == (0, 1000, 1300)


def test_a_fixed_net_price():
    found = reckon(net_terms(), Case(asking=50000, reserve=35000, days=20))
    assert (found.price, found.net, found.shop) == (45000, 35000, 10000)
    with pytest.raises(BadCase, match="net price is needed"):
        reckon(net_terms(), Case(asking=50000, days=20))


def test_a_discount_at_the_till():
    by_shop = reckon(CUSTOM, Case(asking=10000, reserve=10000, days=0, discount=1000))
    assert (by_shop.paid, by_shop.net, by_shop.shop) == (9000, 7000, 2000), "the shop makes up the difference (955)"
    data = custom()
    data["remuneration"]["policy"]["discount_absorbed_by"] = "seller"
    theirs = read_lawful(data)
    with pytest.raises(BadCase, match="the reserve is 10000"):
        reckon(theirs, Case(asking=10000, reserve=10000, days=0, discount=1000))
    shared = reckon(theirs, Case(asking=10000, reserve=9000, days=0, discount=1000))
    assert (shared.paid, shared.net, shared.shop) == (9000, 6000, 3000)


@pytest.mark.parametrize(("case", "key"), [
    ({"asking": 0}, "price"), ({"days": -1}, "days"), ({"reserve": 10001}, "reserve"), ({"reserve": -1}, "reserve"), ({"discount": -1}, "discount"),
    ({"discount": 10001}, "discount"), ({"services": frozenset({"ironing"})}, "with"),
])  # fmt: skip
def test_what_cant_be_reckoned(case, key):
    good = {"asking": 10000, "days": 0}
    with pytest.raises(BadCase) as no:
        reckon(CUSTOM, Case(**(good | case)))
    assert no.value.key == key
    reckon(CUSTOM, Case(**good))


def test_the_days_on_which_something_changes():
    assert moments(CUSTOM) == [0, 20, 40, 60, 74, 104]
    assert moments(terms(charges=custom()["charges"] | {"storage_day": 0})) == [0, 20, 40, 60, 74]


@settings(max_examples=150, deadline=None)
@given(any_terms(), some.integers(1, 10**7), some.data())
def test_whatever_is_agreed_on(agreed, asking, data):
    """The price never rises and never falls below the reserve; consignor and shop together get what the buyer pays; the trace
    alone, with a pocket calculator, gives the same again."""
    assert problems(agreed) == []
    reserve = data.draw(some.integers(1, asking))
    kept, services = data.draw(some.booleans()), data.draw(some.frozensets(some.sampled_from(["cleaning", "appraisal", "wiping"])))
    before = asking
    for day in range(0, agreed.term.days + agreed.term.grace_days + 40, 7):
        found = reckon(agreed, Case(asking=asking, reserve=reserve, days=day, kept_price=kept, services=services))
        assert reserve <= found.lowest <= found.price <= before
        before = found.price
        assert found.net + found.shop == found.paid and found.net + sum(found.line.fees.values()) == found.price
        assert 0 <= found.net <= found.price
        told = reckoned_data(found, "")
        own, fees = told["trace"], [step for step in told["trace"] if step["kind"] not in OWN]
        assert calculator.amounts(fees)["payout"] == found.net
        assert _price(own) == found.price
    cut = data.draw(some.integers(0, found.price - reserve))
    sold = reckon(agreed, Case(asking=asking, reserve=reserve, days=day, kept_price=kept, discount=cut))
    assert sold.net + sold.shop == sold.paid == sold.price - cut
    assert sold.net + sum(sold.line.fees.values()) - sold.line.discount_by_shop == sold.paid


OWN = ("asking", "markdown", "reserve", "above_net", "storage_days")


def _price(trace):
    """The day's price from the steps before the ledger's, by their formulas alone."""
    price = 0
    for step in trace:
        if step["kind"] in ("asking", "markdown", "reserve"):
            value = calculator.work_out(step["formula"])
            assert value == Fraction(step["value"]) and abs(value - step["rounded"]) <= Fraction(1, 2)
            price = step["rounded"]
        elif step["kind"] in OWN:
            assert calculator.work_out(step["formula"]) == step["rounded"]
    gross = next(step for step in trace if step["kind"] == "gross")
    assert re.fullmatch(rf"{price} \* 1", gross["formula"])
    return price
