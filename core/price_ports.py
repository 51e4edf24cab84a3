"""What prices are learned from, told through core/ports.py: completed sales without people, times on offer without prices."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from core.ports import providers


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparableSale:
    """A sale for money that is over and stands whole, for learning prices from. It names nobody: `pair` is a keyed digest of the
    two people, the same for the same two whoever of them sold. `price`: whole minor units; `attributes`: by the category's card;
    `told`: codes of the disclosures that told of a defect; `grade`: an appraiser's letter or ""; `channel`: the kind of seller;
    `related`: between people who belong together."""

    category: str
    brand: str
    model: str
    attributes: Mapping[str, str]
    told: tuple[str, ...]
    grade: str
    price: int
    currency: str
    sold_on: date
    channel: str
    pair: str
    related: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedTime:
    """How long a thing was on offer, without any price: `sold`, or not sold by `until` (it is still there, or was taken down)."""

    category: str
    brand: str
    model: str
    attributes: Mapping[str, str]
    since: date
    until: date
    sold: bool


class ComparableSales(Protocol):
    """Sales that still stand whole and were agreed from the first to the last of these days, both included."""

    def __call__(self, session: Session, first: date, last: date) -> Iterable[ComparableSale]: ...


class OfferedTimes(Protocol):
    """What went on offer in these days, sold or not by the last of them."""

    def __call__(self, session: Session, first: date, last: date) -> Iterable[OfferedTime]: ...


def comparable_sales(session: Session, first: date, last: date) -> Iterable[ComparableSale]:
    """What prices are learned from, over all rooms."""
    return itertools.chain.from_iterable(provider(session, first, last) for provider in providers("comparable_sales").values())


def offered_times(session: Session, first: date, last: date) -> Iterable[OfferedTime]:
    """How long things were on offer, over all rooms."""
    return itertools.chain.from_iterable(provider(session, first, last) for provider in providers("offered_times").values())
