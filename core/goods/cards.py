"""Category cards: one TOML file per category in `cards/`. Adding a file adds the category to every room.

More folders can be named as arguments or, separated like PATH, in XUNSHI_CARDS. A wrong card stops the
program at the start with the file, the place and the remedy; docs/cards.md describes every key."""

import functools
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from core.data_files import BadDataFile, Bilingual, Table, read_table, text, twice
from core.errors import NotFound
from core.goods import words
from core.goods.card import (
    Attribute,
    Card,
    CategoryCode,
    Choice,
    Disclosure,
    Identifier,
    Media,
    Photo,
    SmartQuestion,
)
from core.i18n import N_

__all__ = ["Bilingual", "Card", "CategoryCode", "all_cards", "find_card", "get_card", "read_card", "text"]

FOLDER = Path(__file__).resolve().parent / "cards"
NO_MEDIA = Media()


def all_cards(*folders: Path | str, environ: Mapping[str, str] = os.environ) -> tuple[Card, ...]:
    """Every card, by sort order. Raises BadDataFile for a wrong card or a code that stands in two files."""
    named = [part for part in environ.get("XUNSHI_CARDS", "").split(os.pathsep) if part]
    return _load(tuple(dict.fromkeys((FOLDER, *map(Path, (*folders, *named))))))


def find_card(code: str, *folders: Path | str) -> Card | None:
    return next((card for card in all_cards(*folders) if card.code == code), None)


def get_card(code: str, *folders: Path | str) -> Card:
    """The card of a category. Raises NotFound for a code no file has."""
    card = find_card(code, *folders)
    if card is None:
        raise NotFound("unknown_category", N_("There is no such category."))
    return card


@functools.lru_cache
def _load(folders: tuple[Path, ...]) -> tuple[Card, ...]:
    missing = next((folder for folder in folders if not folder.is_dir()), None)
    if missing:
        raise BadDataFile(f"XUNSHI_CARDS: there is no folder {missing}")
    cards = [read_card(path) for folder in folders for path in sorted(folder.glob("*.toml"))]
    again = twice(card.code for card in cards)
    if again:
        raise BadDataFile(f"{again}.toml: the category {again} stands in two files")
    return tuple(sorted(cards, key=lambda card: (card.sort, card.code)))


def read_card(path: Path) -> Card:
    """One card from its file, checked. The file is named after the code."""
    table = read_table(path)
    card = Card(
        code=CategoryCode(table.code("code")),
        names=table.words("names"),
        icon=table.text("icon"),
        sort=table.whole("sort", least=0),
        data_bearing=table.flag("data_bearing"),
        device_class=table.choice("device_class", words.DEVICE_CLASSES),
        wipe_route=table.choice("wipe_route", words.WIPE_ROUTES),
        media=_media(table),
        smart=_smart(table),
        identifiers=tuple(_identifier(row) for row in table.tables("identifiers")),
        photos=tuple(_photo(row) for row in table.tables("photos")),
        attributes=tuple(_attribute(row) for row in table.tables("attributes")),
        disclosures=tuple(_disclosure(row) for row in table.tables("disclosures")),
        new_needs_proof=table.flag("new_needs_proof"),
        steps=table.choices("steps", words.STEPS),
        grading_standard=table.text("grading_standard", ""),
        restricted_hints=table.texts("restricted_hints", []),
        power_tests=table.choices("power_tests", words.POWER_TESTS, []),
        shop_permit=table.choice("shop_permit", words.SHOP_PERMITS) if table.has("shop_permit") else "",
    )
    table.done()
    _must_agree(card, path, table)
    return card


def _media(table: Table) -> Media:
    if not table.has("media"):
        return NO_MEDIA
    row = table.table("media")
    media = Media(
        kinds=row.choices("kinds", words.MEDIA_KINDS),
        least=row.whole("least", least=0),
        most=row.whole("most", least=1),
        prompt=row.words("prompt"),
    )
    row.done()
    if not media.kinds:
        raise row.wrong("kinds", "must name at least one kind of storage")
    if media.least > media.most:
        raise row.wrong("least", f"must not be more than most ({media.most})")
    return media


def _smart(table: Table) -> SmartQuestion | None:
    if not table.has("smart"):
        return None
    row = table.table("smart")
    smart = SmartQuestion(
        question=row.words("question"),
        help=row.words("help"),
        device_class=row.choice("device_class", set(words.DEVICE_CLASSES) - {"none"}),
        media=_media(row),
    )
    row.done()
    if not smart.media.asked:
        raise row.wrong("media", "is missing: a yes must lead to the question about storage")
    return smart


def _identifier(row: Table) -> Identifier:
    identifier = Identifier(
        kind=row.choice("kind", words.IDENTIFIER_KINDS),
        required=row.flag("required"),
        most=row.whole("most", 1, least=1),
        where=row.words("where"),
    )
    row.done()
    return identifier


def _photo(row: Table) -> Photo:
    photo = Photo(code=row.code("code"), prompt=row.words("prompt"), required=row.flag("required"))
    row.done()
    return photo


def _attribute(row: Table) -> Attribute:
    attribute = Attribute(
        code=row.code("code"),
        name=row.words("name"),
        kind=row.choice("kind", words.ATTRIBUTE_KINDS),
        unit=row.words_or_none("unit"),
        choices=tuple(_choice(inner) for inner in row.tables("choices")),
        required=row.flag("required", False),
        searchable=row.flag("searchable", False),
        decimals=row.whole("decimals", 0, least=0),
        least=row.whole_or_none("least"),
        most=row.whole_or_none("most"),
    )
    row.done()
    _attribute_must_agree(attribute, row)
    return attribute


def _attribute_must_agree(attribute: Attribute, row: Table) -> None:
    if (attribute.kind == "choice") != bool(attribute.choices):
        raise row.wrong("choices", "belong to kind choice, and kind choice needs them")
    again = twice(choice.code for choice in attribute.choices)
    if again:
        raise row.wrong("choices", f"have {again} twice")
    if attribute.kind != "number" and (attribute.decimals or attribute.least is not None):
        raise row.wrong("kind", "must be number when decimals or least are given")
    if attribute.kind not in ("number", "text") and attribute.most is not None:
        raise row.wrong("most", "is for numbers and texts only")
    if attribute.kind == "number" and not _in_order(attribute.least, attribute.most):
        raise row.wrong("least", "and most are needed for a number, in that order")


def _in_order(least: int | None, most: int | None) -> bool:
    return least is not None and most is not None and least <= most


def _choice(row: Table) -> Choice:
    choice = Choice(code=row.code("code"), name=row.words("name"))
    row.done()
    return choice


def _disclosure(row: Table) -> Disclosure:
    disclosure = Disclosure(
        code=row.code("code"),
        question=row.words("question"),
        kind=row.choice("kind", words.DISCLOSURE_KINDS, "yes_no"),
        help=row.words_or_none("help"),
        detail=row.words_or_none("detail"),
        detail_required=row.flag("detail_required", False),
        fine=row.choice("fine", ("yes", "no"), "no"),
    )
    row.done()
    if disclosure.detail_required and disclosure.detail is None:
        raise row.wrong("detail", "is missing although it is required")
    return disclosure


def _must_agree(card: Card, path: Path, table: Table) -> None:
    """What no single key shows: the keys together must tell one story."""
    if path.stem != card.code:
        raise table.wrong("code", f"must be the file's name, {path.stem}")
    _lists_must_not_repeat(card, table)
    _wipe_must_agree(card, table)
    _steps_must_agree(card, table)


def _lists_must_not_repeat(card: Card, table: Table) -> None:
    lists: dict[str, Iterable[str]] = {
        "identifiers": (identifier.kind for identifier in card.identifiers),
        "photos": (photo.code for photo in card.photos),
        "attributes": (attribute.code for attribute in card.attributes),
        "disclosures": (disclosure.code for disclosure in card.disclosures),
    }
    for key, codes in lists.items():
        again = twice(codes)
        if again:
            raise table.wrong(key, f"have {again} twice")


def _wipe_must_agree(card: Card, table: Table) -> None:
    holds = card.data_bearing or card.smart is not None
    if holds != (card.wipe_route != "none"):
        raise table.wrong("wipe_route", "must be none exactly when nothing of this category can hold data")
    if card.data_bearing != card.media.asked:
        raise table.wrong("media", "must be there exactly when data_bearing is true")
    if card.data_bearing and card.smart is not None:
        raise table.wrong("smart", "is only for what holds data sometimes: data_bearing is already true")
    if card.data_bearing and card.device_class == "none":
        raise table.wrong("device_class", "must not be none: what holds data is an electronic product")


def _steps_must_agree(card: Card, table: Table) -> None:
    fixed = [step for step in card.steps if step != "power_test"]
    order = [step for step in words.STEPS if step in fixed]
    if fixed != order or not {"intake", "list"} <= set(fixed):
        known = ", ".join(step for step in words.STEPS if step != "power_test")
        raise table.wrong("steps", f"must begin with intake, end with list and keep the order {known}")
    if "power_test" in card.steps and not (card.steps[0] == "intake" and card.steps[-1] == "list"):
        raise table.wrong("steps", "may have power_test between intake and list only")
    if "verify" in card.steps and "power_test" in card.steps[card.steps.index("verify") :]:
        raise table.wrong("steps", "must have power_test before verify: after that nobody switches it on")
    if ("power_test" in card.steps) != bool(card.power_tests):
        raise table.wrong("power_tests", "must say what is tested exactly when steps hold power_test")
    wiped = {"wipe", "verify"} & set(card.steps)
    if len(wiped) != (2 if card.data_bearing else 0):
        raise table.wrong("steps", "must hold wipe and verify exactly when data_bearing is true")
    if ("grade" in card.steps) != bool(card.grading_standard):
        raise table.wrong("steps", "must hold grade exactly when grading_standard names a standard")
