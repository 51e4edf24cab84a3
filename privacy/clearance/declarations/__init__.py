"""Makers' declarations that ship with the program: one TOML file for each in this folder, read strictly. A file is made up and
marked as such, or names the two people who entered it. Those that staff enter in the program are in `entries`."""

import functools
from datetime import date
from pathlib import Path

from core.data_files import BadDataFile, Table, read_table, twice
from privacy.clearance.declaration_rules import MADE_UP, SOURCE, VERSION, Declaration, Versions, versions_in_order

FOLDER = Path(__file__).resolve().parent


@functools.cache
def all_declarations(*, demo: bool) -> tuple[Declaration, ...]:
    """Every declaration by id; made-up ones only where `demo` (never in production). Raises BadDataFile for a wrong file."""
    found = [read_declaration(path) for path in sorted(FOLDER.glob("*.toml"))]
    again = twice(one.id for one in found)
    if again:
        raise BadDataFile(f"{again}.toml: stands in two files")
    return tuple(one for one in found if demo or not one.demo)


def find_by_id(id: str) -> Declaration | None:
    """Also one that is made up, for papers that name it."""
    return next((one for one in all_declarations(demo=True) if one.id == id), None)


def read_declaration(path: Path) -> Declaration:
    table = read_table(path)
    found = Declaration(
        id=table.choice("id", (path.stem,)),
        maker=table.words("maker"),
        brands=table.texts("brands"),
        platform=table.code("platform"),
        models=table.texts("models"),
        versions=_versions(table.table("versions")),
        statement=table.words("statement"),
        source=table.text("source"),
        dated=_day(table, "dated"),
        entered_by=table.texts("entered_by", []),
        demo=table.flag("demo"),
        withdrawn=_day(table, "withdrawn") if table.has("withdrawn") else None,
    )
    table.done()
    _check(found, table)
    return found


def _check(found: Declaration, table: Table) -> None:
    if not found.brands or not found.models:
        raise table.wrong("models", "and brands must not be empty")
    names = {name.casefold().strip() for name in found.entered_by}
    if found.demo and names:
        raise table.wrong("entered_by", "must not be there where demo is true: nobody entered it")
    if not found.demo and (len(names) != 2 or len(found.entered_by) != 2 or "" in names):
        raise table.wrong("entered_by", "must name two different people")
    if not SOURCE.fullmatch(found.source):
        raise table.wrong("source", "must be the https address of the maker's page")
    if found.demo != (MADE_UP in found.source):
        raise table.wrong("source", "must be an address under .example exactly where demo is true")


def _versions(table: Table) -> Versions:
    versions = Versions(first=table.text("from"), until=table.text("until"))
    table.done()
    for key, value in (("from", versions.first), ("until", versions.until)):
        if not VERSION.fullmatch(value):
            raise table.wrong(key, "must be a version like 15 or 18.2")
    if not versions_in_order(versions):
        raise table.wrong("until", "must not be before from")
    return versions


def _day(table: Table, key: str) -> date:
    try:
        return date.fromisoformat(table.text(key))
    except ValueError:
        raise table.wrong(key, "must be a day like 2026-10-20") from None
