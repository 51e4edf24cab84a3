"""What a category card says, as values. `cards.py` reads them from files; the rules of all rooms ask them."""

from dataclasses import dataclass
from typing import Final, NewType

from core.data_files import Bilingual
from core.goods.words import MEDIUM_OF

CategoryCode = NewType("CategoryCode", str)
WITH_CODE: Final = "with_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """The storage a thing of this category is expected to hold: `least` to `most` pieces, of these kinds."""

    kinds: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    prompt: Bilingual | None = None

    @property
    def asked(self) -> bool:
        return self.most > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SmartQuestion:
    """Asked of things that hold data only sometimes (a television). Yes and "don't know" count as yes."""

    question: Bilingual
    help: Bilingual
    device_class: str
    media: Media


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    kind: str
    required: bool
    most: int
    where: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    code: str
    prompt: Bilingual
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    code: str
    name: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A property of the thing. `number` has up to `decimals` places and lies within least..most, in `unit`;
    `text` has up to `most` characters."""

    code: str
    name: Bilingual
    kind: str
    unit: Bilingual | None = None
    choices: tuple[Choice, ...] = ()
    required: bool = False
    searchable: bool = False
    decimals: int = 0
    least: int | None = None
    most: int | None = None

    def find_choice(self, code: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.code == code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What a seller must say before listing. `yes_no`: yes, no or unknown; a yes asks for `detail`. `help` is the seller's.
    `fine`: the answer that is no defect; every other one, unknown too, is ticked by the buyer."""

    code: str
    question: Bilingual
    kind: str
    help: Bilingual | None = None
    detail: Bilingual | None = None
    detail_required: bool = False
    fine: str = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One category, whole: names included. Nothing else in the program lists categories. `shop_permit`: what an organisation has
    to hold before it sells such things, "" for nothing."""

    code: CategoryCode
    names: Bilingual
    icon: str
    sort: int
    data_bearing: bool
    device_class: str
    wipe_route: str
    media: Media
    smart: SmartQuestion | None
    identifiers: tuple[Identifier, ...]
    photos: tuple[Photo, ...]
    attributes: tuple[Attribute, ...]
    disclosures: tuple[Disclosure, ...]
    new_needs_proof: bool
    steps: tuple[str, ...]
    grading_standard: str
    restricted_hints: tuple[str, ...]
    power_tests: tuple[str, ...] = ()
    shop_permit: str = ""

    @property
    def powered_before_wipe(self) -> bool | None:
        """Are the powered tests done before the wipe (its owner unlocks it) or after it? None where there are none."""
        if "power_test" not in self.steps or "wipe" not in self.steps:
            return None
        return self.steps.index("power_test") < self.steps.index("wipe")

    def find_identifier(self, kind: str) -> Identifier | None:
        return next((identifier for identifier in self.identifiers if identifier.kind == kind), None)

    def find_attribute(self, code: str) -> Attribute | None:
        return next((attribute for attribute in self.attributes if attribute.code == code), None)

    def find_disclosure(self, code: str) -> Disclosure | None:
        return next((disclosure for disclosure in self.disclosures if disclosure.code == code), None)

    @property
    def photos_needed(self) -> tuple[Photo, ...]:
        """The views without which nothing of this category is put up; the one with the listing code comes a screen later."""
        return tuple(photo for photo in self.photos if photo.required and photo.code != WITH_CODE)

    @property
    def code_photo(self) -> Photo | None:
        """The photo beside the handwritten listing code, where this category needs it: it shows that the seller has the thing."""
        return next((photo for photo in self.photos if photo.required and photo.code == WITH_CODE), None)

    def find_photo(self, code: str) -> Photo | None:
        return next((photo for photo in self.photos if photo.code == code), None)

    @property
    def media_types(self) -> frozenset[str]:
        """magnetic, semiconductor, mixed, unknown: what the wipe rules may meet here."""
        return frozenset(MEDIUM_OF[kind] for kind in self.media.kinds)
