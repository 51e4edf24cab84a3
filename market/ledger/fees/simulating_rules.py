"""What a draft would have made of past sales: both policies reckon every sale, and the difference is told seller by seller."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.ports import CompletedSale
from market.ledger.fees.policy import Policy, Sale
from market.ledger.fees.rules import compute


@dataclass(slots=True)
class Compared:
    """Fees and payouts in whole minor units under the policy that counts (`old_…`) and under the draft (`new_…`)."""

    sales: int = 0
    old_fees: int = 0
    new_fees: int = 0
    old_payout: int = 0
    new_payout: int = 0

    @property
    def difference(self) -> int:
        """What the sellers would get more (or less, below nothing)."""
        return self.new_payout - self.old_payout

    def add(self, other: "Compared") -> None:
        self.sales += other.sales
        self.old_fees += other.old_fees
        self.new_fees += other.new_fees
        self.old_payout += other.old_payout
        self.new_payout += other.new_payout


@dataclass(slots=True)
class Simulation:
    """`sellers`: by seller's or place's id. `foreign`: sales in another currency, left out."""

    total: Compared = field(default_factory=Compared)
    sellers: dict[str, Compared] = field(default_factory=dict)
    foreign: int = 0

    def ranked(self) -> Sequence[tuple[str, Compared]]:
        """Those whom it changes most stand first."""
        return sorted(self.sellers.items(), key=lambda one: (-abs(one[1].difference), -one[1].sales, one[0]))


def simulate(old: Policy, new: Policy, sales: Iterable[CompletedSale]) -> Simulation:
    """Reckon each sale by itself, as orders do."""
    found = Simulation()
    for one in sales:
        if one.currency != old.currency or one.currency != new.currency:
            found.foreign += 1
            continue
        compared = _compare(old, new, one)
        found.total.add(compared)
        found.sellers.setdefault(payee(one), Compared()).add(compared)
    return found


def payee(sale: CompletedSale) -> str:
    """The shop where one sold, else the person."""
    return sale.org_id or sale.seller_id


def _compare(old: Policy, new: Policy, one: CompletedSale) -> Compared:
    sale = Sale(
        id=one.id, price=one.price, quantity=one.quantity, category=one.category, seller=payee(one), discount=one.discount,
        day=one.on,
    )  # fmt: skip
    before, after = (compute(policy, [sale]).lines[0] for policy in (old, new))
    return Compared(1, before.charged, after.charged, before.payout, after.payout)
