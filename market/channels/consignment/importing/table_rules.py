"""A file of things as a table: which columns its first line names, and its lines. Pure.

After RFC 4180, with what spreadsheets make of it: `;` and tab as separators, told by the first line; texts kept from becoming
formulas; empty lines and empty cells at the end of a line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.csv_files import BadFile, rows_of
from core.i18n import N_
from market.channels.consignment.importing.columns import column_names, folded, property_column

MOST_BYTES: Final = 10_000_000
MOST_LINES: Final = 20_000
MOST_COLUMNS: Final = 100
DELIMITERS: Final = (",", ";", "\t")
NEEDED: Final = ("category", "title", "condition", "price")
_FORMULA: Final = re.compile(r'="((?:[^"]|"")*)"')
_GUARDED: Final = re.compile(r"'(?=\s*[=+\-@＝＋－＠])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """`names`: as they stand there; `columns`: for each cell of a line its column, "" for one that isn't taken in; `unknown`: the
    names of those."""

    delimiter: str
    names: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def unknown(self) -> list[str]:
        return [name for name, code in zip(self.names, self.columns, strict=True) if name and not code]


@dataclass(frozen=True, slots=True)
class Line:
    """`number`: as a spreadsheet counts its rows, the names are the first; `cells`: as they stand in the file."""

    number: int
    cells: tuple[str, ...]


def read_header(text: str, came_by: str = "") -> Header:
    """Which columns there are. Of the separators the one counts by which most columns are known. Raises BadFile for one that is
    missing or stands twice. `came_by`: an answer for all lines, so that its column isn't needed."""
    found = max(_headers(text), key=lambda one: len([code for code in one.columns if code]))
    if len(found.columns) > MOST_COLUMNS:
        raise BadFile(N_("The first line has more than %(most)s columns."), most=MOST_COLUMNS)
    for code in (*NEEDED, *(() if came_by else ("came_by",))):
        if code not in found.columns:
            raise BadFile(N_("The first line doesn't name the column “%(column)s”."), column=code)
    twice = next((code for code in found.columns if code and found.columns.count(code) > 1), "")
    if twice:
        raise BadFile(N_("The column “%(column)s” stands there twice."), column=twice)
    return found


def _headers(text: str) -> list[Header]:
    """The first line by each separator; by a wrong one its quotation marks may make no sense. Raises BadFile if by all."""
    found, wrong = [], []
    for delimiter in DELIMITERS:
        try:
            found.append(_header(text, delimiter))
        except BadFile as no:
            wrong.append(no)
    if not found:
        raise wrong[0]
    return found


def _header(text: str, delimiter: str) -> Header:
    names = tuple(tidy_cell(name) for name in next(rows_of(text, delimiter, strict=True), []))
    columns = tuple(column_names().get(folded(name)) or property_column(name) if name else "" for name in names)
    return Header(delimiter=delimiter, names=names, columns=columns)


def read_table(text: str, header: Header) -> list[Line]:
    """All lines but the empty ones. Raises BadFile for too many, for none, and for a quotation mark that isn't closed."""
    found: list[Line] = []
    for number, row in enumerate(_below(text, header.delimiter), start=2):
        if any(cell.strip() for cell in row):
            found.append(Line(number, tuple(row)))
        if len(found) > MOST_LINES:
            raise BadFile(N_("There are more than %(most)s lines. Take them in as several files."), most=MOST_LINES)
    if not found:
        raise BadFile(N_("There is nothing below the names of the columns."))
    return found


def _below(text: str, delimiter: str) -> Iterator[list[str]]:
    rows = rows_of(text, delimiter, strict=True)
    next(rows, None)
    return rows


def tidy_cell(typed: str) -> str:
    """A cell without what spreadsheets put around it: ="…", and the apostrophe that keeps a text from becoming a formula."""
    plain = typed.replace("\ufeff", "").strip()
    formula = _FORMULA.fullmatch(plain)
    return _GUARDED.sub("", formula[1].replace('""', '"') if formula else plain, count=1).strip()
