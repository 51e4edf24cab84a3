"""What a line of a file says of one thing: the thing as a clerk would write it down, or all that is wrong with it. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from core.errors import Invalid, Refused
from core.goods.card import Card
from core.goods.reasons import REASONS
from core.goods.rules import attribute_problem, smart_problem
from core.i18n import N_
from core.money import parse_yuan
from market.channels.consignment.goods.rules import CHOOSE, Given
from market.channels.consignment.importing.columns import answer_named, card_named, chosen, coded, column_names, property_of
from market.channels.consignment.importing.table_rules import Header, Line, tidy_cell

NUMBERS: Final = {"serial": "serial", "imei": "imei", "imei2": "imei", "meid": "meid"}
"""Kind of number by column."""
FIELDS: Final = {"wanted": "price", "media": "smart"}
"""Column by the field that a rule blames, where they differ."""
_SHORTENED: Final = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a line is read against: `places`: ids by code as it is compared; `came_by`: where the line doesn't say."""

    year: int
    places: Mapping[str, str] = field(default_factory=dict)
    came_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a line says: the thing, or what is wrong with it, each at its column."""

    number: int
    given: Given | None
    wrong: tuple[Refused, ...] = ()
    own_number: str = ""


def read_line(header: Header, line: Line, asked: Asked) -> Read:
    """What a line says of one thing. What its numbers, price and words have to be is asked by the rules of taking in."""
    cells = {code: tidy_cell(cell) for code, cell in zip(header.columns, line.cells, strict=False) if code}
    wrong: list[Refused] = []
    if any(cell.strip() for cell in line.cells[len(header.columns) :]):
        wrong.append(Invalid("cells_many", N_("This line has more cells than the first line has names."), field=""))
    card = card_named(cells.get("category", "")) if cells.get("category") else None
    if card is None:
        wrong.append(Invalid("category_unknown", N_("There is no such category. Write its name or its code."), field="category"))
    given = _given(cells, card, asked, wrong)
    return Read(
        number=line.number, given=None if wrong else given, wrong=tuple(wrong), own_number=cells.get("own_number", "")
    )  # fmt: skip


def _given(cells: Mapping[str, str], card: Card | None, asked: Asked, wrong: list[Refused]) -> Given | None:
    said: dict[str, Any] = {
        "wanted": _amount(cells, "price", wrong), "reserve": _amount(cells, "reserve", wrong) if cells.get("reserve") else 0,
        "condition": _choice(cells, "condition", "", wrong), "came_by": _choice(cells, "came_by", asked.came_by, wrong),
        "used": _choice(cells, "used", "used", wrong), "place_id": _place(cells, asked, wrong),
    }  # fmt: skip
    identifiers = _identifiers(cells, wrong)
    _one_piece(cells, wrong)
    _lengths(cells, wrong)
    if card is None:
        return None
    smart = _smart(cells, card, wrong)
    return Given(
        card=card, title=cells.get("title", ""), attributes=_properties(cells, card, asked.year, wrong), identifiers=identifiers,
        smart=smart, words=cells.get("description", ""), came_words=cells.get("came_words", ""), proof=cells.get("proof", ""),
        **said,
    )  # fmt: skip


def _amount(cells: Mapping[str, str], column: str, wrong: list[Refused]) -> int:
    try:
        return parse_yuan(cells.get(column, "")).minor
    except Invalid as no:
        wrong.append(Invalid(no.code, no.sentence, field=column, values=no.values))
        return 0


def _choice(cells: Mapping[str, str], column: str, otherwise: str, wrong: list[Refused]) -> str:
    typed = cells.get(column, "")
    found = chosen(column, typed) if typed else otherwise
    if not found:
        wrong.append(Invalid(f"{column}_unknown" if typed else f"{column}_missing", CHOOSE, field=column))
    return found or ""


def _place(cells: Mapping[str, str], asked: Asked, wrong: list[Refused]) -> str:
    typed = cells.get("place", "")
    found = asked.places.get(coded(typed), "") if typed else ""
    if typed and not found:
        wrong.append(Invalid("place_unknown", N_("This counter has no such place."), field="place"))
    return found


def _identifiers(cells: Mapping[str, str], wrong: list[Refused]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for column, kind in NUMBERS.items():
        typed = cells.get(column, "")
        if _SHORTENED.fullmatch(typed):
            sentence = N_("A spreadsheet has shortened this number. Format the column as text and enter it anew.")
            wrong.append(Invalid("number_shortened", sentence, field=column))
        elif typed:
            found.setdefault(kind, []).append(typed)
    return found


def _one_piece(cells: Mapping[str, str], wrong: list[Refused]) -> None:
    if cells.get("quantity", "1") not in ("", "1", "1.0", "1.00"):
        sentence = N_("Every thing has a line of its own: write 1, and one line for each.")
        wrong.append(Invalid("quantity", sentence, field="quantity"))


def _lengths(cells: Mapping[str, str], wrong: list[Refused]) -> None:
    for column, most in (("description", 4000), ("own_number", 40)):
        if len(cells.get(column, "")) > most:
            wrong.append(Invalid(f"{column}_long", REASONS["attribute_too_long"], field=column))


def _smart(cells: Mapping[str, str], card: Card, wrong: list[Refused]) -> str | None:
    """Asked where the card asks it; of other things the column may say what it likes."""
    if card.smart is None:
        return None
    typed = cells.get("smart", "")
    answer = chosen("smart", typed) if typed else None
    if problem := smart_problem(card, answer):
        wrong.append(Invalid(problem, REASONS[problem], field="smart"))
    return answer


def _properties(cells: Mapping[str, str], card: Card, year: int, wrong: list[Refused]) -> dict[str, str]:
    """The card's properties. A book's own title is its name, where no column says it."""
    found = {"title": cells.get("title", "")} if card.find_attribute("title") else {}
    for column, typed in cells.items():
        if column in column_names().values():
            continue
        attribute = property_of(str(card.code), column)
        if attribute is not None and typed:
            found[attribute.code] = answer_named(str(card.code), column, typed)
        elif typed:
            sentence = N_("Things of this category have no such property. Leave the cell empty.")
            wrong.append(Invalid("property_foreign", sentence, field=column))
    for attribute in card.attributes:
        if problem := attribute_problem(attribute, found.get(attribute.code, ""), year):
            wrong.append(Invalid(problem, REASONS[problem], field=f"{card.code}.a_{attribute.code}"))
    return {code: value.strip() for code, value in found.items() if value.strip()}
