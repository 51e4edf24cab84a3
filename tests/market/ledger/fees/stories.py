"""Random policies and sales, as JSON; and how many of which."""

from typing import Any

from hypothesis import strategies as st

NAMES = ("commission", "buyer_fee", "item_fee")
CATEGORIES, SELLERS, DAYS = ("book", "phone"), ("s1", "s2"), ("2027-01-01", "2027-01-15", "2027-02-01")
minors = st.one_of(st.integers(0, 300), st.integers(0, 100_000))
percents = st.one_of(st.sampled_from(["0", "3", "12.5", "33.333333", "100", "150"]), st.integers(0, 99_999).map(lambda n: f"{n // 1000}.{n % 1000:03d}"))


@st.composite
def steps(draw: st.DrawFn) -> list[dict[str, Any]]:
    starts = sorted(draw(st.sets(st.integers(0, 50_000), min_size=1, max_size=4)))
    charges = st.one_of(percents.map(lambda p: {"percent": p}), minors.map(lambda a: {"amount": a}))
    return [{"from": start} | draw(charges) for start in starts]


@st.composite
def matches(draw: st.DrawFn) -> dict[str, Any]:
    found = {}
    if draw(st.booleans()):
        found["category"] = draw(st.sampled_from(CATEGORIES))
    if draw(st.booleans()):
        found["seller"] = draw(st.sampled_from(SELLERS))
    days = sorted(draw(st.sets(st.sampled_from(DAYS), max_size=2)))
    return found | dict(zip(("from", "until"), days, strict=False))


@st.composite
def rules(draw: st.DrawFn, name: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(["flat", "per_item", "percent", "steps"]))
    source = {"flat": {"amount": minors}, "per_item": {"amount": minors}, "percent": {"percent": percents}, "steps": {"steps": steps()}}
    rule: dict[str, Any] = {"name": name, "kind": kind} | {key: draw(some) for key, some in source[kind].items()}
    if kind == "steps":
        rule["graduated"] = draw(st.booleans())
    least, most = draw(st.none() | minors), draw(st.none() | minors)
    if least is not None and most is not None:
        least, most = sorted((least, most))
    return rule | {
        "min": least, "max": most, "base": draw(st.sampled_from(["gross", "net"])), "before_split": draw(st.booleans()),
        "match": draw(matches()),
    }  # fmt: skip


def shape(match: dict[str, Any]) -> tuple[bool, bool, bool]:
    return "seller" in match, "category" in match, "from" in match or "until" in match


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Any]:
    """Of each name at most one rule of each specificity, so that there is never a tie; and one for every sale."""
    chosen: list[dict[str, Any]] = []
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True)):
        some = draw(st.lists(rules(name), min_size=1, max_size=3))
        chosen += {shape(rule["match"]): rule for rule in some}.values()
    absorber = draw(st.sampled_from(["shop", "seller", "shared"]))
    shares = {"shop": draw(st.integers(1, 5)), "seller": draw(st.integers(0, 5))}
    return {
        "id": "random", "version": 1, "currency": "CNY", "rules": chosen,
        "rounding": {
            "mode": draw(st.sampled_from(["half_up", "half_even", "down", "up"])),
            "on": draw(st.sampled_from(["commission", "payout"])), "per": draw(st.sampled_from(["line", "total"])),
        },
        "discount_absorbed_by": absorber, "discount_shares": shares if absorber == "shared" else None,
        "negative_payout": draw(st.sampled_from(["clamp", "allow"])), "lost_items": draw(st.sampled_from(["paid", "not_paid"])),
    }  # fmt: skip


@st.composite
def sales(draw: st.DrawFn) -> list[dict[str, Any]]:
    lines = []
    for number in range(draw(st.integers(1, 5))):
        price, quantity = draw(minors), draw(st.integers(1, 4))
        discount = draw(st.integers(0, price * quantity))
        sign = draw(st.sampled_from([1, 1, 1, -1]))
        lines.append({
            "id": f"l{number}", "price": price, "quantity": sign * quantity, "discount": sign * discount,
            "category": draw(st.sampled_from([*CATEGORIES, None])), "seller": draw(st.sampled_from([*SELLERS, None])),
            "date": draw(st.sampled_from(DAYS)), "lost": draw(st.sampled_from([False, False, True])),
        })  # fmt: skip
    return lines
