"""Lawful terms of every kind, for tests that hold for all of them."""

from hypothesis import strategies as some

from market.channels.consignment.agreements.reading import read_terms
from tests.agreement_stories import custom


@some.composite
def any_terms(draw):
    """Lawful terms of every kind."""
    data, term = custom(), draw(some.integers(1, 200))
    grace = draw(some.integers(0, 60))
    data["term"] = {"days": term, "grace_days": grace}
    authority = draw(some.sampled_from(["fixed", "lower", "reserve", "ask"]))
    data["price"] = {"authority": authority}
    first, most = 1, 99
    if authority == "lower":
        first, most = draw(some.integers(1, term)), draw(some.integers(1, 99))
        data["price"] |= {"percent": most, "after_days": first}
    days = sorted(draw(some.sets(some.integers(first, term + grace), max_size=5)))
    steps = sorted(draw(some.sets(some.integers(1, most), min_size=0, max_size=len(days))))
    plan = [{"day": day, "percent": percent} for day, percent in zip(days, steps, strict=False)]
    data["markdown"] = plan if authority in ("lower", "reserve") else []
    fen = some.integers(0, 5000)
    rate = draw(fen)
    data["charges"] = {
        "storage_day": rate, "storage_cap": rate + draw(fen), "cleaning": draw(fen), "appraisal": draw(fen), "wiping": draw(fen), "return_freight": 0,
    }  # fmt: skip
    percent = some.decimals(0, 100, places=2).map(str)
    rules = draw(some.sampled_from(["none", "percent", "steps", "minimum"]))
    said = {
        "none": [], "percent": [{"name": "commission", "kind": "percent", "percent": draw(percent)}],
        "minimum": [{"name": "commission", "kind": "percent", "percent": draw(percent), "min": draw(fen)}, {"name": "item_fee", "kind": "per_item", "amount": draw(fen)}],
        "steps": [{"name": "commission", "kind": "steps", "graduated": draw(some.booleans()), "steps": [{"from": 0, "percent": draw(percent)}, {"from": draw(some.integers(1, 90000)), "percent": draw(percent)}]}],
    }[rules]  # fmt: skip
    policy = data["remuneration"]["policy"] | {
        "rules": said, "discount_absorbed_by": draw(some.sampled_from(["shop", "seller", "shared"])),
        "rounding": {"mode": draw(some.sampled_from(["half_up", "half_even", "down", "up"])), "on": draw(some.sampled_from(["commission", "payout"]))},
    }  # fmt: skip
    data["remuneration"] = {"kind": "commission", "policy": policy}
    if draw(some.booleans()) and not said:
        data["remuneration"] = {"kind": "net", "policy": policy | {"discount_absorbed_by": "shop"}}
    return read_terms(data)
