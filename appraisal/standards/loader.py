"""Grading standards from `<id>-<version>.toml`. Old versions stay: an old report can be worked out again.

What makes a standard monotone is checked while it is read: worse answers never have better limits, and
leaving a check out is never better than its worst answer."""

import functools
import hashlib
from pathlib import Path

from appraisal.standards.check_rows import PHRASES, Known, phrase, read_check
from appraisal.standards.standard import (
    Area,
    Axis,
    Check,
    Count,
    Grade,
    GradeCode,
    Outcome,
    Standard,
    StandardId,
)
from core.data_files import BadDataFile, Bilingual, Table, read_table, twice
from core.errors import NotFound
from core.i18n import N_

FOLDER = Path(__file__).resolve().parent
Codes = tuple[GradeCode, ...]


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
    grades = tuple(grade.code for grade in scale)
    checks = _checks(table, [axis.code for axis in axes], [area.code for area in areas], grades)
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
        counts=tuple(_count(row, axes, checks, grades) for row in table.tables("counts")),
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
    )
    table.done()
    _must_agree(standard, table, path)
    return standard


def _checks(
    table: Table, axes: list[str], areas: list[str], scale: tuple[GradeCode, ...]
) -> tuple[Check, ...]:
    texts, sets = table.table("texts"), table.table("value_sets")
    phrases = {key: texts.words(key) for key in PHRASES}
    texts.done()
    known = Known(axes=axes, areas=areas, scale=scale, value_sets=sets, phrases=phrases)
    checks = tuple(read_check(row, known) for row in table.tables("checks"))
    sets.done()
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


def _source(row: Table) -> Bilingual:
    source = Bilingual(zh=row.text("zh"), en=row.text("en"))
    row.done()
    return source


def _count(
    row: Table, axes: tuple[Axis, ...], checks: tuple[Check, ...], scale: tuple[GradeCode, ...]
) -> Count:
    counted = row.choices("checks", [check.code for check in checks])
    limit = GradeCode(row.choice("limit", scale))
    count = Count(
        axis=row.choice("axis", [axis.code for axis in axes]),
        checks=counted,
        at=row.text("at"),
        many=row.whole("many", least=2),
        missing=row.flag("missing"),
        outcome=Outcome(code=row.code("code"), text=phrase(row, row.words("text"), limit=limit), limit=limit),
    )
    row.done()
    _count_must_fit(count, [check for check in checks if check.code in counted], row)
    return count


def _count_must_fit(count: Count, counted: list[Check], row: Table) -> None:
    if any(check.find_value(count.at) is None for check in counted):
        raise row.wrong("at", "must be an answer of every check that is counted")
    if count.many > len(counted):
        raise row.wrong("many", f"can't be more than the {len(counted)} checks counted")
    if not count.missing and any(check.untested.limit for check in counted):
        raise row.wrong("missing", "must be true: else leaving a check out would pay")


def _must_agree(standard: Standard, table: Table, path: Path) -> None:
    """Codes stand once, nothing is left empty, and the file is named after id and version."""
    if path.stem != f"{standard.id}-{standard.version}":
        raise table.wrong("id", "and version must be the file's name")
    outcomes = [outcome.code for check in standard.checks for outcome in _outcomes(check)]
    lists: dict[str, list[str]] = {
        "scale": [g.code for g in (*standard.scale, standard.undetermined, standard.refused)],
        "axes": [axis.code for axis in standard.axes],
        "areas": [area.code for area in standard.areas],
        "checks": [check.code for check in standard.checks],
        "counts": [*outcomes, *(count.outcome.code for count in standard.counts)],
    }
    for key, codes in lists.items():
        again = twice(codes)
        if again:
            raise table.wrong(key, f"have {again} twice")
    empty = set(lists["areas"]) - {check.area for check in standard.checks}
    if empty:
        raise table.wrong("areas", f"have one without a check: {min(empty)}")


def _outcomes(check: Check) -> list[Outcome]:
    found = [value.outcome for value in check.values if value.outcome]
    return [*found, *(band.outcome for band in check.bands), check.untested]
