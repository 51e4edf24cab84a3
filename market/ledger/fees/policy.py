"""A fee policy and a sale as values: what docs/algorithms/fees.md says in prose. Amounts are whole minor units of the policy's
currency, percentages decimal texts; reading.py makes these from JSON and refuses what can't be meant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from core.data_files import Bilingual
from core.money import Rounding as Mode

Kind = Literal["flat", "per_item", "percent", "steps"]
Base = Literal["gross", "net"]
Absorber = Literal["shop", "seller", "shared"]
Version = int | str
COMMISSION = "commission"


@dataclass(frozen=True, slots=True)
class Percent:
    """`text` as it was written, "12.5": the exact number of hundredths."""

    text: str

    @property
    def share(self) -> Fraction:
        return Fraction(self.text) / 100


@dataclass(frozen=True, slots=True)
class Band:
    """One step: from `start` (included) on, a percentage or an amount."""

    start: int
    percent: Percent | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """For which sales a rule is; None asks nothing. Both days are included."""

    category: str | None = None
    seller: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def dated(self) -> bool:
        return self.since is not None or self.until is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One fee. `least` and `most` bound it before it is rounded; `before_split`: it comes off before all others are reckoned."""

    name: str
    kind: Kind
    amount: int = 0
    percent: Percent = Percent("0")
    bands: tuple[Band, ...] = ()
    graduated: bool = False
    least: int | None = None
    most: int | None = None
    base: Base = "gross"
    before_split: bool = False
    match: Match = Match()
    label: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Rounding:
    """`on`: whether the commission is rounded and the seller gets the rest, or the payout. `per`: each line, or all lines of one
    seller together."""

    mode: Mode
    on: Literal["commission", "payout"]
    per: Literal["line", "total"] = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """`shares`: how a shared discount is divided, shop to seller. `channel`: which way of selling it is for, "" for none."""

    id: str
    version: Version
    currency: str
    rounding: Rounding
    absorber: Absorber
    clamps: bool
    rules: tuple[Rule, ...]
    shares: tuple[int, int] = (1, 1)
    pays_lost: bool = True
    channel: str = ""
    title: Bilingual | None = None
    note: Bilingual | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """One line: `price` a piece, `discount` of the whole line. A negative quantity (or price) with a discount of the same sign
    takes a sale back."""

    id: int | str
    price: int
    quantity: int = 1
    category: str | None = None
    seller: str | None = None
    discount: int = 0
    day: date | None = None
    lost: bool = False

    @property
    def gross(self) -> int:
        return self.price * self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of the trace. `formula` is arithmetic with the numbers in it, `value` its exact result ("59.94", or "5/3"),
    `rounded` what counts. `kind`: gross, discount, base, a rule's kind, payout, waived or lost. `rounds`: how value became
    rounded: a mode, "exact", "rest" (what the rounded payout leaves) or "total" (this line's part of a total rounded as one)."""

    rule: str
    version: Version
    formula: str
    value: str
    rounded: int
    policy: str
    unit: str
    kind: str
    rounds: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What came out, of one line or of all. payout + all fees = base = gross - (discount - discount_by_shop)."""

    gross: int
    discount: int
    discount_by_shop: int
    base: int
    fees: Mapping[str, int]
    payout: int
    waived: int

    @property
    def commission(self) -> int:
        return self.fees.get(COMMISSION, 0)

    @property
    def charged(self) -> int:
        """All fees, the commission among them."""
        return sum(self.fees.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Amounts):
    id: int | str
    trace: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Result:
    lines: tuple[Line, ...]
    total: Amounts
