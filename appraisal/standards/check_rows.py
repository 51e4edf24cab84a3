"""Reads one `[[checks]]` row of a standard and refuses what would let a worse answer win."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from appraisal.standards.standard import Band, Check, GradeCode, Outcome, Value
from core.data_files import BadDataFile, Bilingual, Table, twice

METHODS = ("visual", "manual", "tool", "document")
PHRASES = ("gate", "limit", "disclose", "below", "untested", "ungraded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a check row may refer to: the standard's axes, areas, grades, shared value lists and phrases."""

    axes: Sequence[str]
    areas: Sequence[str]
    scale: Sequence[str]
    value_sets: Table
    phrases: Mapping[str, Bilingual]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What a row says about its values: which are gates, which limit the grade, which must be told."""

    gate: Sequence[str]
    limit: Mapping[str, GradeCode]
    disclose: Sequence[str]

    def kind(self, value: str) -> str | None:
        """The strongest, which also names the phrase; None if the value has no effect."""
        return next((kind for kind in ("gate", "limit", "disclose") if value in getattr(self, kind)), None)


def _in(language: str, part: str | Bilingual) -> str:
    return str(getattr(part, language)) if isinstance(part, Bilingual) else part


def phrase(row: Table, words: Bilingual, **parts: str | Bilingual) -> Bilingual:
    """Fill `{name}` and the like in both languages, each with its own words."""

    def fill(language: str) -> str:
        mine = {key: _in(language, part) for key, part in parts.items()}
        try:
            return _in(language, words).format(**mine)
        except (LookupError, ValueError) as problem:
            raise BadDataFile(f"{row.file}: {{{problem.args[0]}}} is not a word for this text") from problem

    return Bilingual(zh=fill("zh"), en=fill("en"))


def read_check(row: Table, known: Known) -> Check:
    kind = row.choice("kind", ("choice", "measure"), "choice")
    name = row.words("name")
    code = row.code("code")
    check = Check(
        code=code,
        area=row.choice("area", known.areas),
        axis=row.choice("axis", known.axes),
        kind=kind,
        method=row.choice("method", METHODS),
        name=name,
        question=row.words("question"),
        help=row.words("help"),
        required=row.flag("required"),
        untested=_untested(row, code, name, known),
        when_missing=row.text("when_missing") if row.has("when_missing") else None,
        values=_values(row, code, name, known) if kind == "choice" else (),
        unit=row.text("unit") if kind == "measure" else "",
        least=row.whole("least") if kind == "measure" else 0,
        most=row.whole("most") if kind == "measure" else 0,
        bands=_bands(row, code, name, known) if kind == "measure" else (),
        photo=row.code("photo") if row.has("photo") else None,
    )
    row.done()
    _must_be_monotone(check, row, known)
    return check


def _untested(row: Table, code: str, name: Bilingual, known: Known) -> Outcome:
    limit = row.choice("untested_limit", known.scale) if row.has("untested_limit") else None
    words = known.phrases["untested" if limit else "ungraded"]
    return Outcome(
        code=f"{code}_not_tested",
        text=phrase(row, words, name=name, limit=limit or ""),
        limit=GradeCode(limit) if limit else None,
    )


def _values(row: Table, code: str, name: Bilingual, known: Known) -> tuple[Value, ...]:
    listed = known.value_sets.tables(row.text("value_set")) if row.has("value_set") else row.tables("values")
    pairs = [_value(inner) for inner in listed]
    codes = [value for value, _ in pairs]
    if len(codes) < 2 or twice(codes):
        raise row.wrong("values", "must be at least two, best first, none twice")
    effects = Effects(
        gate=row.choices("gate", codes, []),
        limit=_by_value(row, "limits", codes, known.scale),
        disclose=row.choices("disclose", codes, []),
    )
    lead = functools.partial(_outcome, row, known, effects, code, name)
    return tuple(Value(code=value, name=words, outcome=lead(value, words)) for value, words in pairs)


def _outcome(
    row: Table, known: Known, effects: Effects, code: str, name: Bilingual, value: str, words: Bilingual
) -> Outcome | None:
    kind = effects.kind(value)
    if kind is None:
        return None
    limit = effects.limit.get(value)
    return Outcome(
        code=f"{code}_{value}".lower(),
        text=phrase(row, known.phrases[kind], name=name, value=words, limit=limit or ""),
        gate=kind == "gate",
        limit=limit,
        disclose=value in effects.disclose,
    )


def _value(row: Table) -> tuple[str, Bilingual]:
    pair = row.text("code"), row.words("name")
    row.done()
    return pair


def _by_value(row: Table, key: str, codes: Sequence[str], scale: Sequence[str]) -> dict[str, GradeCode]:
    if not row.has(key):
        return {}
    inner = row.table(key)
    limits = {code: GradeCode(inner.choice(code, scale)) for code in codes if inner.has(code)}
    inner.done()
    return limits


def _bands(row: Table, code: str, name: Bilingual, known: Known) -> tuple[Band, ...]:
    return tuple(_band(inner, code, name, row.text("unit"), known) for inner in row.tables("bands"))


def _band(row: Table, code: str, name: Bilingual, unit: str, known: Known) -> Band:
    below, limit = row.whole("below"), GradeCode(row.choice("limit", known.scale))
    text = phrase(row, known.phrases["below"], name=name, below=str(below), unit=unit, limit=limit)
    outcome = Outcome(
        code=f"{code}_below_{below}", text=text, limit=limit, disclose=row.flag("disclose", False)
    )
    row.done()
    return Band(below=below, outcome=outcome)


def _must_be_monotone(check: Check, row: Table, known: Known) -> None:
    """A worse answer never has a better limit, and an answer left out is never better than the worst one."""
    outcomes = [value.outcome for value in check.values] or [None, *(band.outcome for band in check.bands)]
    ranks = [_rank(outcome, known.scale) for outcome in outcomes]
    if ranks != sorted(ranks) or ranks[0] != 0:
        raise row.wrong("limits", "must begin with none and never get better as the answers get worse")
    bounds = [band.below for band in check.bands]
    if bounds != sorted(set(bounds), reverse=True) or not all(check.least < b <= check.most for b in bounds):
        raise row.wrong("bands", "must fall from band to band, within least and most")
    if check.when_missing is not None:
        _assumed_must_be_worst(check, row)
    elif check.required != (check.untested.limit is None):
        raise row.wrong("untested_limit", "is for a check that is not required, and that one needs it")
    elif check.untested.limit is not None and known.scale.index(check.untested.limit) < ranks[-1]:
        raise row.wrong("untested_limit", "must not be better than the limit of the worst answer")


def _rank(outcome: Outcome | None, scale: Sequence[str]) -> int:
    if outcome is None:
        return 0
    if outcome.gate:
        return len(scale)
    return scale.index(outcome.limit) if outcome.limit else 0


def _assumed_must_be_worst(check: Check, row: Table) -> None:
    if check.required or check.untested.limit is not None:
        raise row.wrong("when_missing", "goes with neither required nor untested_limit")
    if not check.values or check.when_missing != check.values[-1].code:
        raise row.wrong("when_missing", "must be the worst value")
