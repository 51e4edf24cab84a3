"""Grading standards from `<id>-<version>.toml`. Old versions stay, so that an old report can be worked out again.

What makes a standard monotone is checked here, once, for every standard: worse answers never have better limits,
and leaving a check out is never better than its worst answer."""

import functools
import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from appraisal.standards.checks import read_check
from appraisal.standards.standard import Area, Axis, Check, Count, Grade, GradeCode, Outcome, Standard, StandardId
from core.data_files import BadDataFile, Table, read_table, twice
from core.errors import NotFound
from core.i18n import N_

FOLDER = Path(__file__).resolve().parent


def all_standards(*folders: Path | str) -> tuple[Standard, ...]:
    """Every version of every standard, by id and version."""
    return _load(tuple(dict.fromkeys((FOLDER, *map(Path, folders)))))


def find_standard(standard_id: str, version: int | None = None, *folders: Path | str) -> Standard | None:
    """That version, or the newest when none is named."""
    versions = [standard for standard in all_standards(*folders) if standard.id == standard_id]
    if version is None:
        return versions[-1] if versions else None
    return next((standard for standard in versions if standard.version == version), None)


def get_standard(standard_id: str, version: int | None = None, *folders: Path | str) -> Standard:
    """Raises NotFound for an id or a version that no file has."""
    standard = find_standard(standard_id, version, *folders)
    if standard is None:
        raise NotFound("unknown_standard", N_("There is no such grading standard or version."))
    return standard


@functools.lru_cache
def _load(folders: tuple[Path, ...]) -> tuple[Standard, ...]:
    standards = [read_standard(path) for folder in folders for path in sorted(folder.glob("*.toml"))]
    again = twice(f"{standard.id}-{standard.version}" for standard in standards)
    if again:
        raise BadDataFile(f"{again}.toml: this version stands in two files")
    return tuple(sorted(standards, key=lambda standard: (standard.id, standard.version)))


def read_standard(path: Path) -> Standard:
    """One standard from its file, checked. Raises BadDataFile."""
    table = read_table(path)
    scale = tuple(_grade(row) for row in table.tables("scale"))
    axes = tuple(_axis(row) for row in table.tables("axes"))
    areas = tuple(_area(row) for row in table.tables("areas"))
    limits, axis_codes = [grade.code for grade in scale], [axis.code for axis in axes]
    checks = _checks(table, axis_codes, [area.code for area in areas], limits)
    standard = Standard(
        id=StandardId(table.text("id")),
        version=table.whole("version", least=1),
        names=table.words("names"),
        effective_from=table.text("effective_from"),
        sources=tuple(_source(row) for row in table.tables("sources")),
        scale=scale,
        undetermined=_grade(table.table("undetermined")),
        refused=_grade(table.table("refused")),
        axes=axes,
        areas=areas,
        checks=checks,
        counts=tuple(_count(row, axis_codes, checks, limits) for row in table.tables("counts")),
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
    )
    table.done()
    _must_agree(standard, table, path)
    return standard


def _checks(table: Table, axes: list[str], areas: list[str], limits: list[GradeCode]) -> tuple[Check, ...]:
    texts = {row.path.rpartition(".")[2]: row for row in (table.table("texts"),)}["texts"]
    phrases = {key: texts.words(key) for key in ("gate", "limit", "disclose", "below", "untested", "ungraded")}
    texts.done()
    sets = table.table("value_sets")
    checks = tuple(read_check(row, sets, phrases, axes, areas, limits) for row in table.tables("checks"))
    return checks


def _grade(row: Table) -> Grade:
    grade = Grade(
        code=GradeCode(row.text("code")),
        name=row.words("name"),
        meaning=row.words("meaning"),
        near=row.words_or_none("near"),
    )
    row.done()
    return grade


def _axis(row: Table) -> Axis:
    axis = Axis(code=row.code("code"), name=row.words("name"), graded=row.flag("graded"))
    row.done()
    return axis


def _area(row: Table) -> Area:
    area = Area(code=row.code("code"), name=row.words("name"))
    row.done()
    return area
