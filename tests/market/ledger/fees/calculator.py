"""A pocket calculator that knows nothing of fees: reads a formula and gives its exact result. And a reader of traces."""

import re
from fractions import Fraction
from typing import Any

TOKEN = re.compile(r"\s*(\d+(?:\.\d+)?|min|max|[-+*/(),])")


def work_out(formula: str) -> Fraction:
    """+ - * / ( ) min max on decimal numbers, exactly."""
    tokens = TOKEN.findall(formula)
    assert "".join(tokens) == formula.replace(" ", ""), formula
    found = _sum(tokens)
    assert not tokens, (formula, tokens)
    return found


def _sum(tokens: list[str]) -> Fraction:
    found = _product(tokens)
    while tokens and tokens[0] in "+-":
        found = found + _product(tokens) if tokens.pop(0) == "+" else found - _product(tokens)
    return found


def _product(tokens: list[str]) -> Fraction:
    found = _atom(tokens)
    while tokens and tokens[0] in "*/":
        found = found * _atom(tokens) if tokens.pop(0) == "*" else found / _atom(tokens)
    return found


def _atom(tokens: list[str]) -> Fraction:
    first = tokens.pop(0)
    if first == "-":
        return -_atom(tokens)
    if first in ("min", "max"):
        assert tokens.pop(0) == "("
        parts = [_sum(tokens)]
        while tokens[0] == ",":
            tokens.pop(0)
            parts.append(_sum(tokens))
        assert tokens.pop(0) == ")"
        return min(parts) if first == "min" else max(parts)
    if first == "(":
        found = _sum(tokens)
        assert tokens.pop(0) == ")"
        return found
    return Fraction(first)


def whole(value: Fraction, mode: str) -> int:
    """Rounding written a second time, from the table in fees.md."""
    size = abs(value)
    floor = size.numerator // size.denominator
    rest = size - floor
    more = {
        "half_up": rest >= Fraction(1, 2),
        "half_even": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and floor % 2 == 1),
        "down": False,
        "up": rest > 0,
    }[mode]
    return (floor + more) * (-1 if value < 0 else 1)


def amounts(trace: list[dict[str, Any]]) -> dict[str, Any]:
    """The line's amounts again, from the trace and arithmetic alone. AssertionError where the trace contradicts itself."""
    found: dict[str, Any] = {"fees": {}, "waived": 0, "discount_by_shop": 0}
    for step in trace:
        value = work_out(step["formula"])
        assert value == Fraction(step["value"]), step
        if step["rounds"] == "exact":
            assert value == step["rounded"], step
        elif step["rounds"] not in ("rest", "total"):
            assert whole(value, step["rounds"]) == step["rounded"], step
        else:
            assert abs(value - step["rounded"]) < 1 or step["rounds"] == "rest", step
        if step["kind"] in ("gross", "base", "payout"):
            found[step["kind"]] = step["rounded"]
        elif step["kind"] == "discount":
            found["discount_by_shop"] = step["rounded"]
        elif step["kind"] == "lost":
            found["base"] = 0
        else:
            found["fees"][step["rule"]] = found["fees"].get(step["rule"], 0) + step["rounded"]
            found["waived"] -= step["rounded"] if step["kind"] == "waived" else 0
    return {"base": found["gross"], **found}
