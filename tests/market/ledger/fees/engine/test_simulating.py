"""Past sales under two policies: the difference seller by seller, those whom it changes most first."""

from datetime import date

from core.ports import CompletedSale
from market.ledger.fees.reading import read_policy
from market.ledger.fees.simulating_rules import Compared, Simulation, payee, simulate

TERMS = {
    "id": "p", "version": 1, "currency": "CNY", "rounding": {"mode": "half_up", "on": "commission"}, "discount_absorbed_by": "seller",
    "negative_payout": "clamp",
}  # fmt: skip


def policy(percent, currency="CNY", **match):
    rules = [{"name": "commission", "kind": "percent", "percent": percent, "base": "net", "match": match}, {"name": "item_fee", "kind": "per_item", "amount": 1}]
    return read_policy(TERMS | {"currency": currency, "rules": rules})


def sale(id, price, seller="s", org=None, **more):
    return CompletedSale(**({"id": id, "seller_id": seller, "org_id": org, "channel": "business", "category": "book", "price": price,
                             "currency": "CNY", "on": date(2027, 1, 1)} | more))  # fmt: skip


def test_the_difference_is_told_by_payee():
    sales = [sale("1", 1000, "anna", "shop"), sale("2", 500, "ben", "shop", quantity=2, discount=100), sale("3", 2000, "anna"), sale("4", 50, "carl")]
    found = simulate(policy("3"), policy("5"), sales)
    assert found.sellers == {
        "shop": Compared(2, 30 + 1 + 27 + 2, 50 + 1 + 45 + 2, 1900 - 60, 1900 - 98), "anna": Compared(1, 61, 101, 1939, 1899),
        "carl": Compared(1, 3, 4, 47, 46),
    }  # fmt: skip
    assert found.total == Compared(4, 124, 203, 3826, 3747) and found.total.difference == -79
    assert [name for name, _compared in found.ranked()] == ["anna", "shop", "carl"]
    assert payee(sales[0]) == "shop" and payee(sales[2]) == "anna"


def test_rules_see_seller_category_and_day_of_each_sale():
    dated = policy("50", **{"seller": "shop", "category": "book", "from": "2027-01-02"})
    fits = sale("1", 100, org="shop", on=date(2027, 1, 2))
    others = [sale("2", 100, "shop", org="other", on=date(2027, 1, 2)), sale("3", 100, org="shop"), sale("4", 100, org="shop", category="coat")]
    assert [simulate(policy("0"), dated, [one]).total.difference for one in (fits, *others)] == [-50, 0, 0, 0]


def test_other_currencies_are_left_out_and_counted():
    found = simulate(policy("3"), policy("5"), [sale("1", 1000), sale("2", 1000, currency="JPY")])
    assert (found.total.sales, found.foreign) == (1, 1)
    assert simulate(policy("3"), policy("5", "JPY"), [sale("1", 1000)]) == Simulation(foreign=1)
    assert simulate(policy("3", "JPY"), policy("5"), [sale("1", 1000)]) == Simulation(foreign=1)
    assert simulate(policy("3"), policy("5"), []) == Simulation()


def test_those_whom_it_changes_most_stand_first_gain_or_loss():
    rows = {"a": Compared(1, 5, 5, 0, 0), "b": Compared(1, 5, 15, 10, 0), "c": Compared(9, 5, 5, 0, 0), "d": Compared(1, 5, 0, 0, 20), "e": Compared(1, 5, 5, 0, 0)}
    assert [name for name, _compared in Simulation(sellers=rows).ranked()] == ["d", "b", "c", "a", "e"]
