"""What stands on the platform's balance at Stripe, and every movement on it: for the nightly comparison with our books."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.money import Money
from market.payments.providers.stripe_line import asking, id_of, line, money


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """`net` is what the balance changed by: amount minus fee. `source`: the charge, refund, transfer, payout it belongs to."""

    ref: str
    kind: str
    source: str
    amount: Money
    fee: Money
    at: datetime

    @property
    def net(self) -> Money:
        return self.amount - self.fee


def balances() -> dict[str, Money]:
    """By currency: what is available and what is still on its way there."""
    with asking("balance"):
        found = line().balance.retrieve()
    sums: dict[str, Money] = {}
    for part in [*found.available, *found.pending]:
        one = money(part.amount, part.currency)
        sums[one.currency] = sums.get(one.currency, Money.zero(one.currency)) + one
    return sums


def movements(since: datetime | None) -> Iterator[Movement]:
    """Newest first."""
    words: dict[str, Any] = {"limit": 100}
    if since is not None:
        words["created"] = {"gte": int(since.timestamp())}
    with asking("movements"):
        for one in line().balance_transactions.list(words).auto_paging_iter():
            yield Movement(
                ref=one.id, kind=one.type, source=id_of(one.source), amount=money(one.amount, one.currency),
                fee=money(one.fee, one.currency), at=datetime.fromtimestamp(one.created, UTC),
            )  # fmt: skip
