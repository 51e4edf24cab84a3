"""The reckoning: what each line costs under a policy, who gets what, and the trace from which anybody reckons it again.

The prose with numbers is docs/algorithms/fees.md. A line that takes a sale back is reckoned like the sale and then turned round,
so that it mirrors it to the last unit. For every line: payout + all fees = base = gross - the seller's part of the discount."""

from collections.abc import Callable, Sequence

from core.money import Money
from market.ledger.fees.amount_rules import Exact, reckon
from market.ledger.fees.matching_rules import DayNeeded, chosen
from market.ledger.fees.policy import COMMISSION, Amounts, Policy, Result, Rule, Sale
from market.ledger.fees.rounding_rules import round_parts
from market.ledger.fees.trace_rules import trace_of
from market.ledger.fees.working import Fee, Working

__all__ = ["BadSale", "Sale", "add_up", "compute"]
Asked = list[tuple[Working, Rule, Exact]]


class BadSale(ValueError):
    """A line that can't be reckoned: `place` is its number from 0, `key` what is wrong with it."""

    def __init__(self, place: int, key: str, words: str) -> None:
        super().__init__(f"lines[{place}].{key}: {words}")
        self.place, self.key, self.words = place, key, words


def compute(policy: Policy, sales: Sequence[Sale]) -> Result:
    """Reckon every line. Raises BadSale."""
    lines = [_begin(policy, place, sale) for place, sale in enumerate(sales)]
    _charge(policy, _ask(lines, lambda rule: rule.before_split))
    for line in lines:
        line.off = line.charged()
    if policy.rounding.on == "commission":
        _charge(policy, _ask(lines, lambda rule: not rule.before_split))
    else:
        _charge(policy, _ask(lines, lambda rule: not rule.before_split and rule.name != COMMISSION))
        _split(policy, _ask(lines, lambda rule: not rule.before_split and rule.name == COMMISSION))
    for line in lines:
        _settle(policy, line)
    done = tuple(line.line(trace_of(policy, line)) for line in lines)
    return Result(done, add_up(done))


def _begin(policy: Policy, place: int, sale: Sale) -> Working:
    sign = -1 if (sale.price < 0) != (sale.quantity < 0) else 1
    gross, discount = abs(sale.gross), sign * sale.discount
    if not sale.quantity:
        raise BadSale(place, "quantity", "must not be 0")
    if not 0 <= discount <= gross:
        raise BadSale(place, "discount", f"must be from 0 to {sale.gross}, not {sale.discount}")
    by_shop = _by_shop(policy, discount)
    if sale.lost and not policy.pays_lost:
        return Working(sale, sign, gross, discount, by_shop, 0, [], unpaid=True)
    try:
        rules = chosen(policy.rules, sale)
    except DayNeeded as no:
        raise BadSale(place, "date", f"is missing, and the rule {no.name} holds on certain days only") from no
    return Working(sale, sign, gross, discount, by_shop, gross - discount + by_shop, rules)


def _by_shop(policy: Policy, discount: int) -> int:
    """The shop's part of a discount; of a shared one by largest remainder, shop first."""
    if policy.absorber == "shared":
        return Money(discount, policy.currency).allocate(policy.shares)[0].minor
    return discount if policy.absorber == "shop" else 0


def _ask(lines: Sequence[Working], which: Callable[[Rule], bool]) -> Asked:
    """What these rules make of each line, exactly."""
    return [(line, rule, reckon(rule, line.ground(rule))) for line in lines for rule in line.rules if which(rule)]


def _charge(policy: Policy, asked: Asked) -> None:
    """Round the fees and charge them; a total is the total of one fee."""
    for name in dict.fromkeys(rule.name for _, rule, _ in asked):
        same = [(line, rule, exact) for line, rule, exact in asked if rule.name == name]
        wholes = round_parts([line.part(exact.value) for line, _, exact in same], policy.rounding)
        for (line, rule, exact), whole in zip(same, wholes, strict=True):
            line.fees.append(Fee(rule, exact, line.sign * whole.minor, whole.total))


def _split(policy: Policy, asked: Asked) -> None:
    """The seller's part is rounded, and the commission is what it leaves."""
    left = [line.base - line.charged() - exact.value for line, _, exact in asked]
    wholes = round_parts([line.part(value) for (line, _, _), value in zip(asked, left, strict=True)], policy.rounding)
    for (line, rule, exact), value, whole in zip(asked, left, wholes, strict=True):
        line.left = value, whole
        line.fees.append(Fee(rule, exact, line.base - line.charged() - line.sign * whole.minor, rest=True))


def _settle(policy: Policy, line: Working) -> None:
    """What is left is the payout. Where it may not fall below nothing the fees give way: the money goes to the fees before the
    split first, then to the others in the policy's order, to the commission last."""
    line.payout = line.base - line.charged()
    if line.payout >= 0 or not policy.clamps:
        return
    left, line.payout = line.base, 0
    for fee in sorted(line.in_order(), key=lambda fee: (not fee.rule.before_split, fee.rule.name == COMMISSION)):
        fee.waived = max(0, fee.minor - left)
        left -= fee.kept


def add_up(lines: Sequence[Amounts]) -> Amounts:
    fees: dict[str, int] = {}
    for one in lines:
        for name, minor in one.fees.items():
            fees[name] = fees.get(name, 0) + minor
    return Amounts(
        gross=sum(one.gross for one in lines), discount=sum(one.discount for one in lines),
        discount_by_shop=sum(one.discount_by_shop for one in lines), base=sum(one.base for one in lines), fees=fees,
        payout=sum(one.payout for one in lines), waived=sum(one.waived for one in lines),
    )  # fmt: skip
