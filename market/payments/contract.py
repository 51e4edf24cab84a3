"""What a way of paying must be able to say and do: one small protocol, the same tests for each
(tests/market/payments/contract.py).

`why_not` is pure. The other calls speak to the provider and therefore never run inside a Work; each names a key, so that
asking twice moves the money once. They answer with a value or raise Unreachable (nobody knows: ask again with the same
key)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from core.money import Money

# who has the buyer's money between payment and hand-over: nobody, a provider in the platform's own balance there, or a
# licensed provider that splits it among the sellers itself
Holder = Literal["nobody", "platform_balance_at_provider", "provider_split"]
Code = Literal["", "personal", "merchant"]


class Unreachable(Exception):  # noqa: N818  (an answer that is missing, not a fault of ours)
    """The provider gave no answer that settles it: a broken line, a fault of its own, a wrong key. Ask again later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What decides whether a way may be offered. `business`: the payee trades as a business. `remote`: the two don't meet.
    `region`, `currencies`: the operator's setting for a provider abroad, "" and none while it is off. `collect_code`: which kind
    of code the payee keeps here. `payout_ready`: the payee has an account at the provider that can receive. `offer.facts_of`
    looks all of this up."""

    currency: str
    business: bool = False
    remote: bool = False
    region: str = ""
    currencies: frozenset[str] = frozenset()
    collect_code: Code = ""
    payout_ready: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A payment to begin. `back`, `away`: addresses of ours to which the payer returns after paying or giving up."""

    key: str
    intent_id: str
    subject_id: str
    title: str
    amount: Money
    back: str
    away: str


@dataclass(frozen=True, slots=True)
class Begun:
    """`ref`: the provider's name for it. `url`: where the payer goes on, "" when they pay the other person directly."""

    ref: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the provider says of a payment. gone: it can't be paid any more. `fee`: what the provider keeps, None while
    unknown."""

    state: Literal["open", "underway", "paid", "failed", "gone"]
    ref: str = ""
    intent_id: str = ""
    pay_ref: str = ""
    charge_ref: str = ""
    amount: Money | None = None
    fee: Money | None = None
    url: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Money to move at the provider. `of`: the payment (refund), the charge (release) or the transfer (reversal) it belongs to;
    `to`: the receiving account; `group`: what ties the moves of one order together; `row`: our own row, kept beside it there."""

    key: str
    row: str
    of: str
    amount: Money
    to: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """done: it has moved. underway: it will. short: there isn't enough on that account now. failed: it never will."""

    state: Literal["done", "underway", "short", "failed"]
    ref: str = ""
    why: str = ""
    row: str = ""
    amount: Money | None = None
    pay_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A movement on our balance by a chargeback: negative when the bank took it, positive when it came back."""

    ref: str
    amount: Money
    fee: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """What the provider says of a chargeback."""

    ref: str
    pay_ref: str
    state: Literal["open", "won", "lost"]
    amount: Money
    reason: str
    due: datetime | None
    taken: Sequence[Taken] = ()


class Provider(Protocol):
    """`code`, `label` (English for gettext), `holder`; `remote`: may it be used where people don't meet; `in_person`: it
    goes from one of the two to the other, and their own words settle it; else there is a provider to talk to over the network."""

    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def holder(self) -> Holder: ...
    @property
    def remote(self) -> bool: ...
    @property
    def in_person(self) -> bool: ...

    def why_not(self, facts: Facts) -> str | None:
        """None when it may be offered, else a sentence for people (English for gettext)."""

    def begin(self, asked: Asked) -> Begun: ...
    def status(self, ref: str) -> Told: ...
    def call_off(self, ref: str) -> Told:
        """See to it that it can't be paid any more; tells `paid` when that came too late."""

    def refund(self, move: Move) -> Moved: ...
    def release(self, move: Move) -> Moved: ...
    def reverse(self, move: Move) -> Moved: ...
    def find(self, kind: Literal["refund", "release", "reversal"], move: Move) -> Moved | None:
        """Look for a move by our row: keys are forgotten after a day, and an old question must not move money again."""


def guaranteed(provider: Provider) -> bool:
    """May it be called a guaranteed trade? Only where somebody other than the two really holds the money."""
    return provider.holder != "nobody"
