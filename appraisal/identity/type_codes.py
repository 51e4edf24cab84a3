"""The operator's own table of type codes: which model an IMEI's first eight digits belong to. None comes with the house."""

import csv
import hashlib
import io
from dataclasses import dataclass

from sqlalchemy import insert, select

from appraisal.identity.list_rules import MOST_LINES, MOST_SOURCE, BadList
from appraisal.identity.lists import A_CHUNK, text_of
from appraisal.identity.models import TypeCode, TypeCodeImport
from core import ids
from core.i18n import N_
from core.work import Work

COLUMNS = ("tac", "brand", "model")


@dataclass(frozen=True, slots=True)
class Table:
    id: str
    lines: int
    new: bool


def load(w: Work, raw: bytes, source: str) -> Table:
    """Load a table; from now on it is the one that counts. Raises BadList."""
    name = " ".join(source.split())
    if not name or len(name) > MOST_SOURCE or not name.isprintable():
        raise BadList(N_("Name the source in up to %(most)s characters."), most=MOST_SOURCE)
    digest = hashlib.sha256(raw).hexdigest()
    before = w.session.scalars(select(TypeCodeImport).where(TypeCodeImport.digest == digest)).first()
    if before is not None:
        return Table(before.id, before.lines, new=False)
    rows = read_codes(text_of(raw))
    one = TypeCodeImport(id=ids.new_id(), source=name, digest=digest, lines=len(rows), imported_by=w.actor.id, at=w.now)
    w.session.add(one)
    w.session.flush()
    told = [{"import_id": one.id, "code": code, "brand": brand, "model": model} for code, (brand, model) in rows.items()]
    for at in range(0, len(told), A_CHUNK):
        w.session.execute(insert(TypeCode), told[at : at + A_CHUNK])
    w.record("appraisal:numbers:types_loaded", one.id, lines=one.lines, digest=digest)
    return Table(one.id, one.lines, new=True)


def read_codes(text: str) -> dict[str, tuple[str, str]]:
    """(brand, model) by code, from a CSV file with the columns TAC, brand, model. Raises BadList."""
    rows = csv.reader(io.StringIO(text, newline=""))
    if tuple(name.strip().casefold() for name in next(rows, [])) != COLUMNS:
        raise BadList(N_("The first line must be %(columns)s."), columns=",".join(COLUMNS))
    found: dict[str, tuple[str, str]] = {}
    for at, row in enumerate(rows, start=2):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        told = (cells[1][:60], cells[2][:120]) if len(cells) == len(COLUMNS) else ("", "")
        if not all(told) or len(cells[0]) != 8 or not (cells[0].isascii() and cells[0].isdigit()):
            raise BadList(N_("Line %(line)s: eight digits, a brand and a model are needed."), line=at)
        if found.setdefault(cells[0], told) != told:
            raise BadList(N_("Line %(line)s: the same code stands there with another model."), line=at)
        if len(found) > MOST_LINES:
            raise BadList(N_("More than %(most)s lines: split the file by its source."), most=MOST_LINES)
    if not found:
        raise BadList(N_("There is no number below the names."))
    return found
