"""What other schemes call something similar to a grade of ours: data, for reference, never a claim of conformity."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from appraisal.standards.standard import Standard
from core.data_files import Bilingual, Table, read_table

FOLDER = Path(__file__).resolve().parent / "crossreferences"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """With any answer to `check` but `unless`, the label is no better than that of grade `at`."""

    check: str
    unless: tuple[str, ...]
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """`axis`: whose grade is looked up, None for the grade of all. `labels`: our grade -> its label; a grade
    without one has no counterpart. `standards`: ids of those whose things this scheme speaks of, empty for all."""

    code: str
    name: Bilingual
    axis: str | None
    labels: Mapping[str, Bilingual]
    bounds: tuple[Bound, ...]
    standards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossreference:
    scale: tuple[str, ...]
    schemes: tuple[Scheme, ...]


def find_crossreference(standard: Standard) -> Crossreference | None:
    """The newest table for this standard's scale, with the schemes that speak of such things, None where there is none;
    only our own standards are cross-referenced."""
    if standard.purpose != "own":
        return None
    scale = tuple(grade.code for grade in standard.scale)
    found = [table for table in _tables() if table.scale == scale]
    schemes = [one for one in found[-1].schemes if standard.id in (one.standards or (standard.id,))] if found else []
    return replace(found[-1], schemes=tuple(schemes)) if schemes else None


@functools.lru_cache
def _tables() -> tuple[Crossreference, ...]:
    return tuple(read_crossreference(path) for path in sorted(FOLDER.glob("*.toml")))


def read_crossreference(path: Path) -> Crossreference:
    """Raises BadDataFile."""
    table = read_table(path)
    table.whole("version", least=1)
    for source in table.tables("sources"):
        source.text("zh"), source.text("en"), source.choice("known", ("read", "memory", "derived"))
        source.done()
    scale = table.texts("scale")
    undetermined = table.text("undetermined")
    schemes = tuple(_scheme(row, (*scale, undetermined)) for row in table.tables("schemes"))
    table.done()
    return Crossreference(scale=scale, schemes=schemes)


def _scheme(row: Table, grades: tuple[str, ...]) -> Scheme:
    labels = row.table("labels")
    found = {grade: labels.words(grade) for grade in labels.every_key() if grade in grades}
    labels.done()
    scheme = Scheme(
        code=row.code("code"),
        name=row.words("name"),
        axis=row.code("axis") if row.has("axis") else None,
        labels=found,
        bounds=tuple(_bound(inner, grades) for inner in row.tables("bounds")),
        standards=row.texts("standards") if row.has("standards") else (),
    )
    row.done()
    return scheme


def _bound(row: Table, grades: tuple[str, ...]) -> Bound:
    bound = Bound(check=row.code("check"), unless=row.texts("unless"), at=row.choice("at", grades))
    row.done()
    return bound
