"""What is on the demo's shelves: `listings.toml` as values, checked by the same cards as everybody's things."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.goods.card import Card
from core.goods.cards import get_card
from core.goods.intake import Intake, MediumGiven
from core.money import parse_yuan
from market.demo.logs import Log, find_log
from market.demo.signs import SIGNS
from market.listings.actions import Offer

FILE = Path(__file__).with_name("listings.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiped:
    """How a device is cleared: the log of its medium, and whether it stays or goes home in a bag."""

    log: str
    kind: str
    kept: str
    point: str
    seal: str = ""

    @property
    def file(self) -> Log:
        found = find_log(self.log)
        if found is None:
            raise ValueError(f"{self.log} is not in the manifest")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ByList:
    """How a device that no tool reaches is cleared: the platform of its check-list, where, and what is read off the device."""

    platform: str
    point: str
    read: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """One table of the file. `a`: attributes, `d`: disclosures that aren't a plain no. `key` and `praise` belong to the
    things that were reserved and sold; `condition`: the seller's own word."""

    seller: str
    category: str
    motif: str
    n: int
    title: str
    description: str
    price: str
    district: str
    days: int
    a: Mapping[str, str]
    d: Mapping[str, str] = field(default_factory=dict)
    org: str = ""
    key: str = ""
    praise: str = ""
    more: str = ""
    negotiable: bool = False
    condition: str = "light_use"
    by_parcel: bool = False
    smart: str = "no"
    serial: str = ""
    imei: str = ""
    wipe: Wiped | None = None
    by_list: ByList | None = None
    grade: Mapping[str, Any] | None = None

    @property
    def card(self) -> Card:
        return get_card(self.category)

    @property
    def motifs(self) -> list[str]:
        return [self.motif, self.more] if self.more else [self.motif]

    @property
    def offer(self) -> Offer:
        return Offer(
            title=self.title, description=self.description, price_minor=parse_yuan(self.price).minor,
            district=self.district, negotiable=self.negotiable, condition=self.condition,
        )  # fmt: skip

    @property
    def disclosures(self) -> dict[str, str]:
        """Every question of the card answered: no, and nothing known, unless said."""
        plain = {one.code: _none(self) if one.kind == "text" else "no" for one in self.card.disclosures}
        return plain | dict(self.d)

    @property
    def intake(self) -> Intake:
        numbers = {"serial": [self.serial], "imei": [self.imei]}
        media = [MediumGiven(kind=self.wipe.kind, serial=self.wipe.file.serial)] if self.wipe else []
        return Intake(
            card=self.card, attributes=self.a, disclosures=self.disclosures, media=media,
            identifiers={kind: values for kind, values in numbers.items() if values[0]},
            smart=self.smart if self.card.smart else None,
        )  # fmt: skip


def _none(one: Shelved) -> str:
    return "None" if one.title.isascii() else SIGNS["nothing"]


@functools.lru_cache
def all_shelved() -> tuple[Shelved, ...]:
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["listings"]
    return tuple(_shelved(row) for row in rows)


def _shelved(row: dict[str, Any]) -> Shelved:
    wipe = Wiped(**row.pop("wipe")) if "wipe" in row else None
    by_list = ByList(**row.pop("by_list")) if "by_list" in row else None
    row["description"] = row["description"].strip()
    return Shelved(**row, wipe=wipe, by_list=by_list)
