"""The empty file to fill in: the columns of some categories, and a line of each as an example. Also the lines that were wrong."""

from collections.abc import Iterator, Sequence
from typing import Final

from core import sheets
from core.goods.card import Attribute, Card
from core.goods.cards import text
from core.i18n import N_, say
from market.channels.consignment.importing.columns import CHOICES, OWN, Column, all_columns, column_names, folded
from market.channels.consignment.importing.keeping import Report, Wrong
from market.channels.consignment.importing.telling import sentence

WRONG: Final = "wrong"
EXAMPLE: Final = N_("Example: %(what)s")


def fillable() -> list[Column]:
    """The columns that people fill in."""
    return [one for one in all_columns().columns if one.code != WRONG]


def template(cards: Sequence[Card], language: str) -> Iterator[str]:
    """The lines of the file, the names first."""
    columns = [one for one in fillable() if _needed(one.code, cards)]
    named = {_name(one, language): one for card in cards for one in card.attributes if one.code != "title"}
    yield sheets.MARK + sheets.row([*(text(one.name, language) for one in columns), *named])
    for card in cards:
        said = [_example(one.code, card, language) for one in columns]
        own = {_name(one, language): _value(one, language) for one in card.attributes}
        yield sheets.row([*said, *(own.get(name, "") for name in named)])


def _needed(code: str, cards: Sequence[Card]) -> bool:
    """Numbers and the question for smart goods only where a category asks them."""
    if code == "smart":
        return any(card.smart for card in cards)
    kind = "imei" if code == "imei2" else code
    if kind not in ("serial", "imei", "meid"):
        return True
    asked = [one for card in cards if (one := card.find_identifier(kind))]
    return any(one.most > 1 for one in asked) if code == "imei2" else bool(asked)


def _name(attribute: Attribute, language: str) -> str:
    """Its name, or its code where a name of ours is the same."""
    name = text(attribute.name, language)
    return OWN + attribute.code if folded(name) in column_names() else name


def _example(code: str, card: Card, language: str) -> str:
    if code == "category":
        return text(card.names, language)
    if code == "title":
        return say(EXAMPLE, language, what=text(card.names, language))
    if code == "smart":
        return say(CHOICES["smart"]["no"], language) if card.smart else ""
    said = all_columns().example.get(code)
    if said is None:
        return ""
    told = text(said, language)
    return say(CHOICES[code][told], language) if code in CHOICES else told


def _value(attribute: Attribute, language: str) -> str:
    """Something that such a property can be; nothing where it needn't be filled in."""
    if not attribute.required:
        return ""
    if attribute.kind == "choice":
        return text(attribute.choices[0].name, language)
    if attribute.kind == "number":
        return str(max(attribute.least or 0, min(64, attribute.most or 64)))
    return "2020" if attribute.kind == "year" else "…"


def wrong_lines(report: Report, language: str) -> Iterator[str]:
    """The lines that are wrong, as they stand in the file, each with what is wrong: to be put right and sent again."""
    kept = [nth for nth, name in enumerate(report.names) if column_names().get(folded(name)) != WRONG]
    by_line: dict[int, list[Wrong]] = {}
    for one in report.wrong:
        by_line.setdefault(one.line, []).append(one)
    ours = next(text(one.name, language) for one in all_columns().columns if one.code == WRONG)
    yield sheets.MARK + sheets.row([*(report.names[nth] for nth in kept), ours])
    for number, found in by_line.items():
        cells = report.cells[str(number)]
        sentences = [sentence(one, language, named=True) for one in found]
        told = " ".join([say(N_("Line %(line)s:"), language, line=number), *sentences])
        yield sheets.row([*(cells[nth] if nth < len(cells) else "" for nth in kept), told])
