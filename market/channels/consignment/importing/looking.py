"""Looking through a file: every line by itself, then all of them against the register; what is right and what is wrong."""

import codecs
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from core.clock import local, now
from core.csv_files import BadFile, text_of
from core.errors import Refused
from core.goods.rules import holds_data
from core.i18n import N_
from market.channels.consignment.goods import taking_many
from market.channels.consignment.goods.models import Intake
from market.channels.consignment.goods.rules import Given
from market.channels.consignment.importing import queries
from market.channels.consignment.importing.keeping import Report, Shown, Wrong
from market.channels.consignment.importing.rules import FIELDS, Asked, Read, read_line
from market.channels.consignment.importing.table_rules import MOST_BYTES, Header, Line, read_header, read_table

SPREADSHEETS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # XLSX and ODS; XLS
FIRST: Final = 20
EVERY: Final = 250
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Table:
    """A file as a table: the names of its columns and its lines."""

    header: Header
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """`right`: in the file's order; `wrong`: sentences by line, each at its column."""

    table: Table
    right: Sequence[tuple[Read, Given]]
    wrong: Mapping[int, Sequence[Wrong]]


def open_table(raw: bytes, came_by: str = "") -> Table:
    """The table in a file. Raises BadFile, saying what to do about it."""
    if raw.startswith(SPREADSHEETS):
        raise BadFile(N_("This is a spreadsheet, not CSV. Open it in Excel or WPS, choose “Save as”, and there CSV UTF-8."))
    if b"\0" in raw and not raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        raise BadFile(N_("Line %(line)s holds a sign that stands in no text (NUL). Save the file as CSV UTF-8."), line=line)
    text = text_of(raw, MOST_BYTES)
    header = read_header(text, came_by)
    return Table(header, read_table(text, header))


def look(session: Session, intake: Intake, table: Table, came_by: str, told: Told = lambda done, total: None) -> Looked:
    """Read every line. `told` hears how many are done."""
    asked = Asked(year=local(now()).year, places=queries.places(session, intake), came_by=came_by)
    wrong: dict[int, list[Wrong]] = {}
    right: list[tuple[Read, Given]] = []
    for at in range(0, len(table.lines), EVERY):
        right += _some(intake, [read_line(table.header, one, asked) for one in table.lines[at : at + EVERY]], wrong)
        told(min(at + EVERY, len(table.lines)), len(table.lines))
    for nth, found in taking_many.conflicts(session, intake, [given for _read, given in right], now()).items():
        wrong[right[nth][0].number] = _sentences(right[nth][0].number, right[nth][1], found)
    return Looked(table=table, right=[one for one in right if one[0].number not in wrong], wrong=wrong)


def _some(intake: Intake, reads: Sequence[Read], wrong: dict[int, list[Wrong]]) -> Iterator[tuple[Read, Given]]:
    """Those of a few lines that are right by themselves."""
    pairs = [(one, one.given) for one in reads if one.given is not None]
    found = taking_many.problems(intake, [given for _read, given in pairs])
    for one in reads:
        if one.wrong:
            wrong[one.number] = _sentences(one.number, None, one.wrong)
    for nth, (read, given) in enumerate(pairs):
        if nth in found:
            wrong[read.number] = _sentences(read.number, given, found[nth])
        else:
            yield read, given


def _sentences(line: int, given: Given | None, found: Sequence[Refused]) -> list[Wrong]:
    return [
        Wrong(line=line, column=_column(given, no), code=no.code, sentence=no.sentence,
              values={name: value for name, value in no.values.items() if isinstance(value, str | int)})
        for no in found
    ]  # fmt: skip


def _column(given: Given | None, no: Refused) -> str:
    """At which column something is told: that of the field, or of the property that gave the answer."""
    if given is not None and no.field in given.attributes and given.card.find_attribute(no.field) and no.field != "title":
        return f"{given.card.code}.a_{no.field}"
    return FIELDS.get(no.field, no.field)


def report(looked: Looked, places: Mapping[str, str]) -> Report:
    """What is kept of it for the page. `places`: their codes by id."""
    cells = {one.number: list(one.cells) for one in looked.table.lines}
    return Report(
        names=list(looked.table.header.names), unknown=looked.table.header.unknown,
        wrong=[one for number in sorted(looked.wrong) for one in looked.wrong[number]],
        cells={str(number): cells[number] for number in sorted(looked.wrong)},
        first=[_shown(read, given, places) for read, given in looked.right[:FIRST]],
        waiting=sum(holds_data(given.card, given.smart) for _read, given in looked.right),
    )  # fmt: skip


def _shown(read: Read, given: Given, places: Mapping[str, str]) -> Shown:
    return Shown(
        line=read.number, title=given.title, category=str(given.card.code), condition=given.condition, wanted=given.wanted,
        reserve=given.reserve, place=places.get(given.place_id, ""), own_number=read.own_number,
        waits=holds_data(given.card, given.smart),
    )  # fmt: skip
