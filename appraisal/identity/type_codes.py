"""The operator's own table of type codes: which model an IMEI's first eight digits belong to. None comes with the house."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import insert, select

from appraisal.identity.list_rules import MOST_BYTES, MOST_LINES
from appraisal.identity.lists import A_CHUNK
from appraisal.identity.models import TypeCode, TypeCodeImport
from core import ids
from core.csv_files import BadFile, rows_of, source_of, text_of
from core.i18n import N_
from core.work import Work

COLUMNS = ("tac", "brand", "model")


@dataclass(frozen=True, slots=True)
class Table:
    id: str
    lines: int
    new: bool


def load(w: Work, raw: bytes, source: str) -> Table:
    """Load a table: a new one counts from now on. A file that was loaded before changes nothing, and the table that was loaded
    last goes on counting. Raises BadFile."""
    name = source_of(source)
    digest = hashlib.sha256(raw).hexdigest()
    before = w.session.scalars(select(TypeCodeImport).where(TypeCodeImport.digest == digest)).first()
    if before is not None:
        return Table(before.id, before.lines, new=False)
    rows = read_codes(text_of(raw, MOST_BYTES))
    one = TypeCodeImport(id=ids.new_id(), source=name, digest=digest, lines=len(rows), imported_by=w.actor.id, at=w.now)
    w.session.add(one)
    w.session.flush()
    told = [{"import_id": one.id, "code": code, "brand": brand, "model": model} for code, (brand, model) in rows.items()]
    for at in range(0, len(told), A_CHUNK):
        w.session.execute(insert(TypeCode), told[at : at + A_CHUNK])
    w.record("appraisal:numbers:types_loaded", one.id, lines=one.lines, digest=digest)
    return Table(one.id, one.lines, new=True)


def read_codes(text: str) -> dict[str, tuple[str, str]]:
    """(brand, model) by code, from a CSV file with the columns TAC, brand, model. Raises BadFile."""
    rows = rows_of(text)
    if tuple(name.strip().casefold() for name in next(rows, [])) != COLUMNS:
        raise BadFile(N_("The first line must be %(columns)s."), columns=",".join(COLUMNS))
    found: dict[str, tuple[str, str]] = {}
    for at, row in enumerate(rows, start=2):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        told = (cells[1][:60], cells[2][:120]) if len(cells) == len(COLUMNS) else ("", "")
        if not all(told) or len(cells[0]) != 8 or not (cells[0].isascii() and cells[0].isdigit()):
            raise BadFile(N_("Line %(line)s: eight digits, a brand and a model are needed."), line=at)
        if found.setdefault(cells[0], told) != told:
            raise BadFile(N_("Line %(line)s: the same code stands there with another model."), line=at)
        if len(found) > MOST_LINES:
            raise BadFile(N_("More than %(most)s lines: split the file by its source."), most=MOST_LINES)
    if not found:
        raise BadFile(N_("There is no number below the names."))
    return found
