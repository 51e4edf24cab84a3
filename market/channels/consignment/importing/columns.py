"""The columns that a file of things may have and the words that stand in their cells, read once from columns.toml and checked."""

import functools
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.data_files import Bilingual, Table, read_table, text
from core.goods.card import Attribute, Card
from core.goods.cards import all_cards, find_card, get_card
from core.i18n import N_, listed, say
from market.channels.consignment.goods.fixed_words import CAME_BY, USED
from market.listings.condition_rules import CONDITIONS

FILE: Final = Path(__file__).with_name("columns.toml")
SMART: Final = {"yes": N_("Yes"), "no": N_("No"), "unknown": N_("Don't know")}
CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "condition": CONDITIONS, "came_by": CAME_BY, "used": USED, "smart": SMART,
}  # fmt: skip
"""Columns with an answer out of a list: by code, or the words of either language."""
OWN: Final = "a_"
"""Before a card's own code in the name of a property's column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    code: str
    name: Bilingual
    also: tuple[str, ...]
    hint: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """`more`: further words by (column, word as it is compared); `example`: what the template's line says."""

    columns: tuple[Column, ...]
    more: Mapping[tuple[str, str], str]
    example: Mapping[str, Bilingual]


def folded(typed: str) -> str:
    """A name or word as it is compared: full-width folded, lower case, letters and digits only."""
    return "".join(one for one in unicodedata.normalize("NFKC", typed).casefold() if one.isalnum())


def coded(typed: str) -> str:
    """A code of the shop's own as it is compared: every sign of it counts."""
    return unicodedata.normalize("NFKC", typed).casefold().strip()


@functools.lru_cache
def all_columns() -> Columns:
    """Raises BadDataFile for an entry that is wrong."""
    table = read_table(FILE)
    columns = tuple(map(_column, table.tables("columns")))
    more = {(column, folded(word)): code for column, code, words in map(_words, table.tables("words")) for word in words}
    example = table.table("example")
    said = {code: example.words(code) if code in _TOLD else _plain(example.text(code)) for code in example.every_key()}
    example.done()
    table.done()
    return Columns(columns=columns, more=more, example=said)


_TOLD: Final = ("description", "own_number")


def _plain(said: str) -> Bilingual:
    return Bilingual(zh=said, en=said)


def _column(row: Table) -> Column:
    one = Column(code=row.code("code"), name=row.words("name"), also=tuple(row.texts("also", [])), hint=row.words("hint"))
    row.done()
    return one


def _words(row: Table) -> tuple[str, str, Sequence[str]]:
    column = row.choice("column", CHOICES)
    one = column, row.choice("code", CHOICES[column]), row.texts("also", [])
    row.done()
    return one


@functools.lru_cache
def column_names() -> Mapping[str, str]:
    """Code of a column by each of its names, as they are compared."""
    return {folded(name): one.code for one in all_columns().columns for name in (one.code, one.name.zh, one.name.en, *one.also)}


@functools.lru_cache(maxsize=4096)
def property_of(category: str, column: str) -> Attribute | None:
    """The property of a category that a column names: `a_` and its code, or its name in either language as it is compared."""
    card = get_card(category)
    if column.startswith(OWN):
        return next((one for one in card.attributes if folded(one.code) == column[len(OWN) :]), None)
    return next((one for one in card.attributes if column in {folded(one.code), folded(one.name.zh), folded(one.name.en)}), None)


@functools.lru_cache(maxsize=4096)
def answer_named(category: str, column: str, typed: str) -> str:
    """The code of a property's answer by its code or its name in either language; what was typed where there are none."""
    found, word = property_of(category, column), folded(typed)
    choices = found.choices if found else ()
    return next((one.code for one in choices if word in {folded(one.code), folded(one.name.zh), folded(one.name.en)}), typed)


@functools.lru_cache(maxsize=1024)
def property_column(header: str) -> str:
    """How a column of properties is called here: `a_` and the code, or the name, as they are compared; "" if none has it."""
    plain = header.strip().casefold()
    column = OWN + folded(plain[len(OWN) :]) if plain.startswith(OWN) else folded(plain)
    return column if any(property_of(str(card.code), column) for card in all_cards()) else ""


@functools.lru_cache(maxsize=512)
def card_named(typed: str) -> Card | None:
    """A category by its code or its name in either language."""
    word = folded(typed)
    return next((card for card in all_cards() if word in {folded(card.code), folded(card.names.zh), folded(card.names.en)}), None)


@functools.lru_cache(maxsize=4096)
def chosen(column: str, typed: str) -> str | None:
    """The code behind a word of such a column; None for none of them."""
    word = folded(typed)
    for code, sentence in CHOICES[column].items():
        if word in {folded(code), folded(sentence), folded(say(sentence, "zh"))}:
            return code
    return all_columns().more.get((column, word))


def column_label(code: str, language: str) -> str:
    """What a column is called for readers: a column's code, or `category.a_code` of a property."""
    if "." in code:
        category, _dot, name = code.partition("." + OWN)
        card = find_card(category)
        found = card.find_attribute(name) if card else None
        return text(found.name, language) if found else name
    one = next((one for one in all_columns().columns if one.code == code), None)
    return text(one.name, language) if one else code


def hint_of(column: Column, language: str) -> str:
    """What to write there, with the answers of a list."""
    told = text(column.hint, language)
    if column.code in CHOICES:
        told = told.replace(f"{{{column.code}}}", listed([say(one, language) for one in CHOICES[column.code].values()], language))
    return told
