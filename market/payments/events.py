"""What payments tell upwards, in the transaction in which it became true. Amounts are Money; ids are ours."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """`subject_id` is the order."""

    intent_id: str
    subject_id: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSucceeded(_About):
    """Paid and confirmed. `holder`: who has the money now (see contract.Holder)."""

    provider: str
    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFailed(_About):
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCancelled(_About):
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundDone(_About):
    """Money went back. `why`: the code given when it was asked; `dashboard` when the operator did it at the provider,
    `paid_twice` when a second payment of the same order was sent back by itself."""

    refund_id: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAdopted(_About):
    """The operator sent `amount` back at the provider itself; it was written down just now."""

    refund_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundFailed(_About):
    """It did not reach the payer, at once or later. `why`: the provider's code."""

    refund_id: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseDone(_About):
    """`amount` reached the seller's account; `fee` stayed here; `withheld` settled what the seller owed."""

    release_id: str
    payee_id: str
    fee: Money
    withheld: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFailed(_About):
    release_id: str
    payee_id: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseWanted(_About):
    """What couldn't be handed on can be tried again, staff say: the seller's account is in order. `amount` is what had failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerOwes(_About):
    """The seller's share of a refund could not be fetched back: they owe `amount`, which their next release settles."""

    payee_id: str
    reversal_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenTwice(_About):
    """The provider fetched a debt that a later release had settled already: the seller is owed `amount`."""

    payee_id: str
    reversal_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldEnding(_About):
    """Money is held for long. `warn` at day 60: decide. `resolve` at day 80: release or refund now, in this Work; what is then
    still held goes back to the payer. `amount` is what is held."""

    stage: Literal["warn", "resolve"]
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargebackOpened(_About):
    """The payer's bank asks for `amount` back. `due`: until when the provider wants evidence."""

    chargeback_id: str
    reason: str
    due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargebackClosed(_About):
    chargeback_id: str
    won: bool
