"""The terms of a consignment as a value. Amounts are whole fen, days whole days since a thing is on the floor, percentages of a
markdown whole numbers off the asking price, never on top of each other. reading.py makes it from JSON, shape.py writes it."""

from dataclasses import dataclass
from typing import Final, Literal

from core.data_files import Bilingual
from market.ledger.fees.policy import Policy

KIND: Final = "xunshi-consignment-terms"
AUTHORITIES: Final = ("fixed", "lower", "reserve", "ask")
"""Who sets the price: the consignor alone; the shop may lower it by so much after so many days; the shop decides down to the
reserve; the shop must ask each time."""
WAYS: Final = ("renew", "return", "donate", "recycle", "deposit")
"""What becomes of what stays unsold; `deposit`: with a notary or another deposit office, Civil Code 957 and 570."""
LOSSES: Final = ("net", "asking", "market", "none")
SERVICES: Final = ("cleaning", "appraisal", "wiping")
"""Done before a sale and taken off its proceeds."""
SERVICE_RULES: Final = ("storage", *SERVICES)

Authority = Literal["fixed", "lower", "reserve", "ask"]


@dataclass(frozen=True, slots=True)
class PriceAuthority:
    """`percent` and `after_days` count for `lower`. `floor`: "reserve", or "none", which the law rules refuse."""

    authority: Authority
    percent: int = 0
    after_days: int = 0
    floor: str = "reserve"


@dataclass(frozen=True, slots=True)
class Remuneration:
    """`kind`: "commission" by the policy's rules, or "net": the consignor gets the agreed net price, the shop what is above it.
    `span`: least and most percent that an agreement may put in place of the policy's plain percentage."""

    kind: Literal["commission", "net"]
    policy: Policy
    span: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """`least` and `most`: how far an agreement may choose another number of days; equal to `days` where it may not."""

    days: int
    least: int
    most: int
    grace_days: int


@dataclass(frozen=True, slots=True)
class Markdown:
    day: int
    percent: int


@dataclass(frozen=True, slots=True)
class Unsold:
    """One way and how many days before it the consignor is told."""

    way: str
    notice_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges:
    """Fen a thing; storage a day after the grace days, at most `storage_cap` in all."""

    storage_day: int = 0
    storage_cap: int = 0
    cleaning: int = 0
    appraisal: int = 0
    wiping: int = 0
    return_freight: int = 0

    def of(self, service: str) -> int:
        return {"cleaning": self.cleaning, "appraisal": self.appraisal, "wiping": self.wiping}[service]


@dataclass(frozen=True, slots=True)
class Paying:
    """Held for `hold_days` after a sale (the buyer may bring it back), then paid within so many days once `least` fen are due."""

    hold_days: int
    within_days: int
    least: int


@dataclass(frozen=True, slots=True)
class Dispute:
    way: Literal["court", "arbitration"]
    place: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """`loss`: what the shop pays for a thing lost or damaged in its keeping; `answers_for_buyer`: the shop pays even if its buyer
    didn't (Civil Code 958); `costs`: who bears what selling costs beyond the charges named (952); `notice_days`: of ending it."""

    title: Bilingual
    price: PriceAuthority
    pay: Remuneration
    term: Term
    markdown: tuple[Markdown, ...]
    unsold: tuple[Unsold, ...]
    charges: Charges
    loss: str
    paying: Paying
    lien: bool
    self_purchase: bool
    answers_for_buyer: bool
    costs: Literal["shop", "consignor"]
    notice_days: int
    dispute: Dispute
    custom: bool = True
    remarks: Bilingual | None = None
