"""Quarters, and what of a quarter's money is whose. Pure.

Source: State Council order 810 (2025): platforms report the identity and income of the operators on them within the month after
each quarter. Which day counts is this market's reading: income on the day the sale was completed, a refund on the day it was
booked, or on the day of completion where that came later."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_QUARTER = re.compile(r"(20\d\d)-?Q([1-4])", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of the calendar year in the market's zone; `str` gives 2026Q4."""

    year: int
    n: int

    def __str__(self) -> str:
        return f"{self.year}Q{self.n}"

    @property
    def first(self) -> date:
        return date(self.year, self.n * 3 - 2, 1)

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + self.n // 4, self.n % 4 + 1)

    @property
    def before(self) -> "Quarter":
        return Quarter(self.year - (self.n == 1), (self.n - 2) % 4 + 1)

    @property
    def due(self) -> date:
        """Until when it is reported: the last day of the month after it."""
        after = self.next.first
        return (after.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def read_quarter(typed: str) -> Quarter | None:
    """2026Q4 or 2026-Q4; None for anything else."""
    found = _QUARTER.fullmatch(typed.strip().upper())
    return Quarter(int(found[1]), int(found[2])) if found else None


def quarter_of(day: date) -> Quarter:
    return Quarter(day.year, (day.month - 1) // 3 + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Whole minor units of one currency. `fees_back`: what of the fees was given back with refunds."""

    sales: int = 0
    income: int = 0
    refunds: int = 0
    fees: int = 0
    fees_back: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            sales=self.sales + other.sales, income=self.income + other.income, refunds=self.refunds + other.refunds,
            fees=self.fees + other.fees, fees_back=self.fees_back + other.fees_back,
        )  # fmt: skip

    @property
    def net(self) -> int:
        """What is left to the seller: income less refunds, less the fees that stayed with the platform."""
        return self.income - self.refunds - (self.fees - self.fees_back)
