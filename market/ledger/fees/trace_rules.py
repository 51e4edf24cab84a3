"""The trace of one line: each step with its arithmetic, exact value, and what it was rounded to. Reading only the trace, with any
calculator, gives the line's amounts again (tests do it with a small reader of their own)."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from market.ledger.fees.amount_rules import written
from market.ledger.fees.policy import Policy, Step
from market.ledger.fees.working import Fee, Working

# steps that are no fee; no rule may be called so
OWN_WORDS = ("gross", "discount_by_shop", "base", "payout", "lost")


def trace_of(policy: Policy, line: Working) -> tuple[Step, ...]:
    """In the order of reckoning; a fee's steps added up are what it costs."""
    return tuple(_steps(_Pen(policy, line.sign), line))


class _Pen:
    """Writes steps of one line, turned round where the line takes a sale back."""

    def __init__(self, policy: Policy, sign: int) -> None:
        self.policy, self.sign = policy, sign

    def step(
        self, rule: str, kind: str, formula: str, value: Fraction | int, rounded: int, rounds: str = "exact", **facts: Any
    ) -> Step:
        formula = formula if self.sign > 0 else f"-{formula}" if formula.isdigit() else f"-({formula})"
        return Step(
            rule=rule, version=self.policy.version, formula=formula, value=written(self.sign * Fraction(value)),
            rounded=self.sign * rounded, policy=self.policy.id, unit=self.policy.currency, kind=kind, rounds=rounds, facts=facts,
        )  # fmt: skip


def _steps(pen: _Pen, line: Working) -> Iterator[Step]:
    price, quantity = abs(line.sale.price), abs(line.sale.quantity)
    yield pen.step("gross", "gross", f"{price} * {quantity}", line.gross, line.gross, price=price, quantity=quantity)
    if line.discount:
        yield _discount(pen, line)
    if line.unpaid:
        yield pen.step("lost", "lost", "0", 0, 0)
    elif line.discount:
        formula = f"{line.gross} - {line.discount} + {line.by_shop}"
        yield pen.step("base", "base", formula, line.base, line.base, discount=line.discount - line.by_shop)
    fees = line.in_order()
    for fee in (*(one for one in fees if one.rule.before_split), *(one for one in fees if not one.rule.before_split)):
        yield _fee(pen, fee)
    yield _payout(pen, line)
    for fee in fees:
        if fee.waived:
            yield pen.step(fee.rule.name, "waived", f"{fee.kept} - {fee.minor}", -fee.waived, -fee.waived, **_label(fee))


def _discount(pen: _Pen, line: Working) -> Step:
    """The shop's part; of two parts the largest remainder is the nearest whole unit, an even half to the first."""
    shop, seller = {"shop": (1, 0), "seller": (0, 1), "shared": pen.policy.shares}[pen.policy.absorber]
    formula, value = f"{line.discount} * {shop} / {shop + seller}", Fraction(line.discount * shop, shop + seller)
    facts = {"discount": line.discount, "by": pen.policy.absorber, "seller": line.discount - line.by_shop}
    return pen.step("discount_by_shop", "discount", formula, value, line.by_shop, "half_up", **facts)


def _fee(pen: _Pen, fee: Fee) -> Step:
    rounds = "rest" if fee.rest else "total" if fee.total else pen.policy.rounding.mode
    facts = fee.exact.facts | _label(fee) | _total(pen, fee.total)
    return pen.step(fee.rule.name, fee.rule.kind, fee.exact.formula, fee.exact.value, fee.minor, rounds, **facts)


def _payout(pen: _Pen, line: Working) -> Step:
    """The base less the fees; where the payout is what is rounded, the commission stands there with its own arithmetic."""
    parts = [f"({fee.exact.formula})" if fee.rest else str(fee.minor) for fee in line.in_order()]
    formula, rounds, total = " - ".join([str(line.base), *parts]), "exact", None
    value = Fraction(line.base - line.charged())
    if line.left:
        value, total = line.left[0], line.left[1].total
        rounds = "total" if total else pen.policy.rounding.mode
    if pen.policy.clamps:
        formula, value = f"max(0, {formula})", max(Fraction(0), value)
    return pen.step("payout", "payout", formula, value, line.payout, rounds, **_total(pen, total))


def _label(fee: Fee) -> dict[str, Any]:
    label = fee.rule.label
    return {"label": {"zh": label.zh, "en": label.en}} if label else {}


def _total(pen: _Pen, total: tuple[Fraction, int] | None) -> dict[str, Any]:
    """The whole that was rounded as one; it is no part of this line, so it isn't turned round."""
    return {"total": written(total[0]), "total_rounded": total[1], "mode": pen.policy.rounding.mode} if total else {}
