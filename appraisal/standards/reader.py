"""Reads one grading standard from its file.

What makes a standard monotone is checked while it is read: worse answers never have better limits, and
leaving a check out is never better than its worst answer."""

import hashlib
from dataclasses import replace
from pathlib import Path

from appraisal.standards.check_rows import MORE_PHRASES, PHRASES, Known, phrase, read_check
from appraisal.standards.rule_rows import RuleReader, read_score
from appraisal.standards.standard import (
    Area,
    Axis,
    Check,
    Count,
    Grade,
    GradeCode,
    Outcome,
    Source,
    Standard,
    StandardId,
)
from core.data_files import BadDataFile, Bilingual, Table, table_from, twice
from core.i18n import N_

PURPOSES = ("own", "comparison", "slot")
KNOWN = ("read", "memory", "derived")


def read_standard(path: Path) -> Standard:
    """One standard from its file, checked. Raises BadDataFile."""
    try:
        return read_body(path.read_bytes(), path.stem)
    except (OSError, UnicodeDecodeError) as problem:
        raise BadDataFile(f"{path.name}: can't be read: {problem}") from problem


def read_body(body: bytes, name: str) -> Standard:
    """One standard from the bytes of its text, wherever they are kept. `name`: `<id>-<version>`, which it must say itself.

    Raises BadDataFile, and UnicodeDecodeError for what isn't UTF-8."""
    table = table_from(body.decode("utf-8"), f"{name}.toml")
    digest = hashlib.sha256(body).hexdigest()
    purpose = table.choice("purpose", PURPOSES, "own")
    standard = _head(table, digest, purpose) if purpose == "slot" else _whole(table, digest, purpose)
    table.done()
    _must_agree(standard, table, name)
    return standard


def _head(table: Table, digest: str, purpose: str) -> Standard:
    """A slot: what it is and that nobody here has read its tables."""
    names, unknown = table.words("names"), table.words("unknown")
    none = Grade(code=GradeCode("-"), name=names, meaning=unknown, silent=True)
    return Standard(
        id=StandardId(table.text("id")), version=table.whole("version", least=1), names=names,
        effective_from=table.text("effective_from"), sources=tuple(_source(row, True) for row in table.tables("sources")),
        scale=(), undetermined=none, refused=replace(none, code=GradeCode("--")), axes=(), areas=(), checks=(), counts=(),
        digest=digest, purpose=purpose, unknown=unknown,
    )  # fmt: skip


def _whole(table: Table, digest: str, purpose: str) -> Standard:
    scale = tuple(_grade(row) for row in table.tables("scale"))
    strict, names = purpose == "own", table.words("names")
    one_axis, one_area = Axis(code="overall", name=names, graded=False), Area(code="all", name=names)
    axes = tuple(_axis(row) for row in table.tables("axes")) or (() if strict else (one_axis,))
    areas = tuple(_area(row) for row in table.tables("areas")) or (() if strict else (one_area,))
    grades = tuple(grade.code for grade in scale)
    codes = [axis.code for axis in axes]
    checks = _checks(table, codes, [area.code for area in areas], grades, strict)
    reader = RuleReader(checks, codes, grades)
    return Standard(
        id=StandardId(table.text("id")),
        version=table.whole("version", least=1),
        names=names,
        effective_from=table.text("effective_from"),
        sources=tuple(_source(row, not strict) for row in table.tables("sources")),
        scale=scale,
        undetermined=_grade(table.table("undetermined")),
        refused=_grade(table.table("refused")),
        axes=axes,
        areas=areas,
        checks=checks,
        counts=tuple(_count(row, axes, checks, grades) for row in table.tables("counts")),
        digest=digest,
        purpose=purpose,
        rules=tuple(reader.rule(row) for row in table.tables("rules")),
        lookups=tuple(reader.lookup(row) for row in table.tables("lookups")),
        indexes=tuple(reader.index(row) for row in table.tables("indexes")),
        ages=tuple(reader.age(row) for row in table.tables("ages")),
        score=read_score(table.table("score"), codes) if table.has("score") else None,
    )


def _checks(
    table: Table, axes: list[str], areas: list[str], scale: tuple[GradeCode, ...], strict: bool
) -> tuple[Check, ...]:
    texts, sets = table.table("texts"), table.table("value_sets")
    phrases = {key: texts.words(key) for key in PHRASES if strict or texts.has(key)}
    phrases |= {key: texts.words(key) for key in MORE_PHRASES if texts.has(key)}
    texts.done()
    known = Known(axes=axes, areas=areas, scale=scale, value_sets=sets, phrases=phrases, strict=strict)
    checks = tuple(read_check(row, known) for row in table.tables("checks"))
    sets.done()
    return checks


def _grade(row: Table) -> Grade:
    grade = Grade(
        code=GradeCode(row.text("code")),
        name=row.words("name"),
        meaning=row.words("meaning"),
        near=row.words_or_none("near"),
        silent=row.flag("silent", False),
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


def _source(row: Table, must_say_how: bool) -> Bilingual:
    """With how well it is known: said of every source of somebody else's standard."""
    source = Bilingual(zh=row.text("zh"), en=row.text("en"))
    if must_say_how or row.has("known"):
        known, url = row.choice("known", KNOWN), row.text("url", "")
        source = Source(zh=source.zh, en=source.en, known=known, url=url)
    row.done()
    if not source.zh or not source.en:
        raise row.wrong("zh", N_("and en must both be there"))
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
        raise row.wrong("at", N_("must be an answer of every check that is counted"))
    if count.many > len(counted):
        raise row.wrong("many", N_("can't be more than the %(many)s checks counted"), many=len(counted))
    if not count.missing and any(check.untested.limit for check in counted):
        raise row.wrong("missing", N_("must be true: else leaving a check out would pay"))


def _must_agree(standard: Standard, table: Table, name: str) -> None:
    """Codes stand once, nothing is left empty, and the file is named after id and version."""
    if name != f"{standard.id}-{standard.version}":
        raise table.wrong("id", N_("and version must be the file's name"))
    outcomes = [outcome.code for check in standard.checks for outcome in _outcomes(check)]
    outcomes += [rule.outcome.code for rule in standard.rules]
    keys = [key for check in standard.checks for key in (check.code, *check.aliases)]
    lists: dict[str, list[str]] = {
        "scale": [g.code for g in (*standard.scale, standard.undetermined, standard.refused)],
        "axes": [axis.code for axis in standard.axes],
        "areas": [area.code for area in standard.areas],
        "checks": keys,
        "counts": [*outcomes, *(count.outcome.code for count in standard.counts)],
    }
    for key, codes in lists.items():
        again = twice(codes)
        if again:
            raise table.wrong(key, N_("have %(code)s twice"), code=again)
    if standard.refused.code == standard.undetermined.code:
        raise table.wrong("refused", N_("must differ from undetermined"))
    empty = set(lists["areas"]) - {check.area for check in standard.checks}
    if empty:
        raise table.wrong("areas", N_("have one without a check: %(code)s"), code=min(empty))


def _outcomes(check: Check) -> list[Outcome]:
    found = [value.outcome for value in check.values if value.outcome]
    arises = not check.optional and check.untested_as is None
    return [*found, *(band.outcome for band in check.bands), *([check.untested] if arises else [])]
