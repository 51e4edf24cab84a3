"""Which goods are of one model, and what of them a price depends on: from what their category's card asks."""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from appraisal.prices.sale import Thing

NAMES = ("model", "isbn", "title")  # what tells a model, the first that was told
SIZES = ("storage_gb",)  # what a model comes in and is paid for
YEARS = ("year", "made_year")
ACCESSORIES = {"charger": "original"}  # attribute -> the answer by which it counts as there
MIDDLE_OF_YEAR = 7  # a year alone is told: on average it was the first of July
GRADES = ("N", "S", "A", "B", "C", "D", "R")  # appraisal.md 7, best first


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """A thing as its seller or the register tells it. `told`: codes of disclosures that tell of a defect. `grade`: an
    appraiser's letter; a seller's own words about the condition are no grade and don't stand here."""

    category: str
    brand: str
    model: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    grade: str = ""


def plain(text: str) -> str:
    """Letters and digits alone, small, of one width: how two people's spellings of a model meet."""
    tidy = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in tidy if letter.isalnum())[:120]


def model_name(goods: Goods) -> str:
    """Brand and model as they were written, the brand once. Empty where no model is told."""
    model = " ".join(_said(goods).split())
    brand = " ".join(goods.brand.split())
    if not plain(model) or not plain(brand) or plain(model).startswith(plain(brand)):
        return model if plain(model) else ""
    return f"{brand} {model}"[:180]


def model_code(goods: Goods) -> str:
    """`phone-4f0c29a81b3d`: the same for the same model however it is written; "" where no model is told."""
    name = plain(model_name(goods))
    if not name:
        return ""
    return f"{goods.category}-{hashlib.sha256(f'{goods.category}/{name}'.encode()).hexdigest()[:12]}"


def size_of(goods: Goods) -> str:
    return next((told.strip() for code in SIZES if (told := goods.attributes.get(code, "")).strip()), "")


def months_old(goods: Goods, on: date) -> int | None:
    """Whole months on a day, from the year that is told; never below 0. None where no year is told."""
    told = next((text for code in YEARS if (text := goods.attributes.get(code, "").strip())), "")
    if not (told.isascii() and told.isdigit() and len(told) == 4):
        return None
    return max(0, 12 * (on.year - int(told)) + on.month - MIDDLE_OF_YEAR)


def thing_of(goods: Goods, on: date) -> Thing | None:
    """What the engine prices. None where no model is told: nothing can be compared with it."""
    code = model_code(goods)
    if not code:
        return None
    age = months_old(goods, on)
    extras = tuple(sorted(name for name, there in ACCESSORIES.items() if goods.attributes.get(name) == there))
    return Thing(
        model=code, age=None if age is None else float(age), grade=goods.grade if goods.grade in GRADES else "",
        categories=(goods.category, size_of(goods)), defects=tuple(sorted(set(goods.told))), accessories=extras,
        kind=goods.category,
    )  # fmt: skip


def _said(goods: Goods) -> str:
    if plain(goods.model):
        return goods.model
    return next((text for name in NAMES if plain(text := goods.attributes.get(name, ""))), "")
