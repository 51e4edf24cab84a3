"""A line while it is reckoned. Everything in it is the size of a sale; `sign` turns it round for a line that takes one back."""

from dataclasses import dataclass, field
from fractions import Fraction

from market.ledger.fees.amount_rules import Exact, Ground
from market.ledger.fees.policy import Line, Rule, Sale, Step
from market.ledger.fees.rounding_rules import Part, Whole


@dataclass(slots=True)
class Fee:
    """A charged rule. `total`: (exact, rounded) of all lines of the seller where those were rounded together; `rest`: what the
    rounded payout left; `waived`: what the line could not pay."""

    rule: Rule
    exact: Exact
    minor: int
    total: tuple[Fraction, int] | None = None
    rest: bool = False
    waived: int = 0

    @property
    def kept(self) -> int:
        return self.minor - self.waived


@dataclass(slots=True)
class Working:
    """`by_shop`: the shop's part of the discount; `off`: fees before the split; `left`: (exact, rounded) payout where that is
    what was rounded; `unpaid`: lost, and the policy doesn't pay for lost things."""

    sale: Sale
    sign: int
    gross: int
    discount: int
    by_shop: int
    base: int
    rules: list[Rule]
    unpaid: bool = False
    off: int = 0
    payout: int = 0
    left: tuple[Fraction, Whole] | None = None
    fees: list[Fee] = field(default_factory=list)

    def charged(self) -> int:
        return sum(fee.minor for fee in self.fees)

    def in_order(self) -> list[Fee]:
        """The fees as their rules stand in the policy."""
        return sorted(self.fees, key=lambda fee: self.rules.index(fee.rule))

    def ground(self, rule: Rule) -> Ground:
        start = self.gross if rule.base == "gross" else self.gross - self.discount
        return Ground(start, self.off, abs(self.sale.quantity))

    def part(self, value: Fraction) -> Part:
        return Part(self.sale.seller, str(self.sale.id), self.sign * value)

    def line(self, trace: tuple[Step, ...]) -> Line:
        """As it leaves the reckoning, turned round where it takes a sale back."""
        turn = self.sign
        return Line(
            id=self.sale.id, gross=turn * self.gross, discount=turn * self.discount, discount_by_shop=turn * self.by_shop,
            base=turn * self.base, fees={fee.rule.name: turn * fee.kept for fee in self.in_order()}, payout=turn * self.payout,
            waived=turn * sum(fee.waived for fee in self.fees), trace=trace,
        )  # fmt: skip
