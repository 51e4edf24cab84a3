"""Reads one `[[checks]]` row of a standard and refuses what would let a worse answer win."""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from appraisal.standards.check_laws import Known as Known
from appraisal.standards.check_laws import must_be_monotone
from appraisal.standards.rule_rows import decimal
from appraisal.standards.standard import Band, Check, GradeCode, Outcome, Value
from core.data_files import NEEDED as _NEEDED
from core.data_files import BadDataFile, Bilingual, Table, twice
from core.i18n import N_

METHODS = ("visual", "manual", "tool", "document", "measurement")
PHRASES = ("gate", "limit", "disclose", "below", "untested", "ungraded")
BANDS = ("upto", "over", "from")
MORE_PHRASES = (*BANDS, "yes", "no")
_BRACED = re.compile(r"\{[^{}]*\}")
KINDS = ("choice", "measure", "flag", "list", "numbers", "date")
NUMBERS = ("measure", "numbers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What a row says about its values: which are gates, which limit the grade, which must be told."""

    gate: Sequence[str]
    limit: Mapping[str, GradeCode]
    disclose: Sequence[str]
    ungraded: Sequence[str]

    def kind(self, value: str) -> str | None:
        """The strongest, which also names the phrase; None if the value has no effect."""
        return next((kind for kind in ("gate", "ungraded", "limit", "disclose") if value in getattr(self, kind)), None)


def _in(language: str, part: str | Bilingual) -> str:
    return str(getattr(part, language)) if isinstance(part, Bilingual) else part


def phrase(row: Table, words: Bilingual, **parts: str | Bilingual) -> Bilingual:
    """Fill `{name}` and the like in both languages, each with its own words. No format, index or attribute is followed."""

    def fill(language: str) -> str:
        mine = {key: _in(language, part) for key, part in parts.items()}
        text = _in(language, words)
        odd = next((word for word in _BRACED.findall(text) if word[1:-1] not in mine), "")
        if odd or set(_BRACED.sub("", text)) & {"{", "}"}:
            raise _no_word(row, odd or "{}")
        return _BRACED.sub(lambda found: mine[found[0][1:-1]], text)

    return Bilingual(zh=fill("zh"), en=fill("en"))


def _no_word(row: Table, word: str) -> BadDataFile:
    remedy = N_("%(word)s is not a word for this text")
    values = {"word": word[:40]}
    return BadDataFile(f"{row.file}: {remedy % values}", place=row.path, remedy=remedy, values=values)


def read_check(row: Table, known: Known) -> Check:
    """A check-list of our own asks in full; a restated scheme may leave out area, axis, method and the question."""
    kind = row.choice("kind", KINDS, "choice")
    name = row.words("name")
    code = row.text("code") if row.has("aliases") or not known.strict else row.code("code")
    brief = not known.strict
    fact = row.flag("fact", False)
    check = Check(
        code=code,
        area=row.choice("area", known.areas, known.areas[0] if brief else _NEEDED),
        axis=row.choice("axis", known.axes, known.axes[0] if brief else _NEEDED),
        kind=kind,
        method=row.choice("method", METHODS, "document" if brief else _NEEDED),
        name=name,
        question=name if brief and not row.has("question") else row.words("question"),
        help=name if brief and not row.has("help") else row.words("help"),
        required=row.flag("required", False if brief else _NEEDED),
        untested=_untested(row, code, name, known),
        when_missing=row.text("when_missing") if row.has("when_missing") else None,
        untested_as=row.text("untested_as") if row.has("untested_as") else None,
        optional=row.flag("optional", False),
        values=_values(row, code, name, known) if kind in ("choice", "flag", "list") else (),
        unit=row.text("unit", "" if brief else _NEEDED) if kind in NUMBERS else "",
        least=row.whole("least") if kind in NUMBERS else 0,
        most=row.whole("most") if kind in NUMBERS else 0,
        whole=row.flag("whole", False),
        many=row.whole("many", least=1) if kind == "numbers" else 0,
        bands=_bands(row, code, name, known) if kind == "measure" else (),
        photo=row.code("photo") if row.has("photo") else None,
        worse=_worse(row, kind, fact),
        aliases=row.texts("aliases", []),
    )
    row.done()
    must_be_monotone(check, row, known)
    return check


def _worse(row: Table, kind: str, fact: bool) -> str:
    if fact:
        return "none"
    if row.has("worse"):
        return row.choice("worse", ("more", "less") if kind != "date" else ("earlier", "later"))
    return "listed" if kind in ("choice", "flag") else "less"


def _untested(row: Table, code: str, name: Bilingual, known: Known) -> Outcome:
    limit = row.choice("untested_limit", known.scale) if row.has("untested_limit") else None
    words = known.phrases["untested" if limit else "ungraded"]
    return Outcome(
        code=f"{code}_not_tested",
        text=phrase(row, words, name=name, limit=limit or ""),
        limit=GradeCode(limit) if limit else None,
    )


def _values(row: Table, code: str, name: Bilingual, known: Known) -> tuple[Value, ...]:
    pairs = [*_flag_values(row, known)] if row.choice("kind", KINDS, "choice") == "flag" else [*_listed_values(row, known)]
    codes = [value for value, _, _ in pairs]
    if len(codes) < 2 or twice(codes):
        raise row.wrong("values", N_("must be at least two, best first, none twice"))
    effects = Effects(
        gate=row.choices("gate", codes, []),
        limit=_by_value(row, "limits", codes, known.scale),
        disclose=row.choices("disclose", codes, []),
        ungraded=row.choices("ungraded", codes, []),
    )
    lead = functools.partial(_outcome, row, known, effects, code, name)
    return tuple(Value(code=value, name=words, outcome=lead(value, words), same=same) for value, words, same in pairs)


Pair = tuple[str, Bilingual, tuple[str | bool, ...]]


def _flag_values(row: Table, known: Known) -> Iterator[Pair]:
    """Yes and no, better one first: `worse = "no"` where a no is the worse answer."""
    no_is_worse = row.choice("worse_answer", ("yes", "no"), "yes") == "no"
    if not {"yes", "no"} <= set(known.phrases):
        raise row.wrong("kind", N_("flag needs the texts yes and no under texts"))
    both: list[Pair] = [("no", known.phrases["no"], (False,)), ("yes", known.phrases["yes"], (True,))]
    yield from reversed(both) if no_is_worse else both


def _listed_values(row: Table, known: Known) -> Iterator[Pair]:
    listed = known.value_sets.tables(row.text("value_set")) if row.has("value_set") else row.tables("values")
    for inner in listed:
        same = inner.scalars("same") if inner.has("same") else ()
        yield inner.text("code"), inner.words("name"), same
        inner.done()


def _outcome(
    row: Table, known: Known, effects: Effects, code: str, name: Bilingual, value: str, words: Bilingual
) -> Outcome | None:
    kind = effects.kind(value)
    if kind is None:
        return None
    limit = effects.limit.get(value)
    return Outcome(
        code=row.text("reason") if row.has("reason") else f"{code}_{value}".lower(),
        text=phrase(row, known.phrases[kind], name=name, value=words, limit=limit or ""),
        gate=kind == "gate",
        ungraded=kind == "ungraded",
        limit=limit,
        disclose=value in effects.disclose,
    )


def _by_value(row: Table, key: str, codes: Sequence[str], scale: Sequence[str]) -> dict[str, GradeCode]:
    if not row.has(key):
        return {}
    inner = row.table(key)
    limits = {code: GradeCode(inner.choice(code, scale)) for code in codes if inner.has(code)}
    inner.done()
    return limits


def _bands(row: Table, code: str, name: Bilingual, known: Known) -> tuple[Band, ...]:
    return tuple(_band(inner, code, name, row.text("unit", ""), known) for inner in row.tables("bands"))


def _band(row: Table, code: str, name: Bilingual, unit: str, known: Known) -> Band:
    ops = [op for op in ("below", *BANDS) if row.has(op)]
    if len(ops) != 1:
        raise row.wrong("below", N_("or exactly one of upto, over, from must be there"))
    op = ops[0]
    bound = decimal(row, op) if row.holds_text(op) else Decimal(row.whole(op))
    gate = row.flag("gate", False)
    limit = None if gate else GradeCode(row.choice("limit", known.scale))
    if op not in known.phrases:
        raise row.wrong(op, N_("needs a text of that name under texts"))
    words = row.words("text") if row.has("text") else known.phrases[op]
    text = phrase(row, words, name=name, unit=unit, limit=limit or "", **{op: str(bound)})
    outcome = Outcome(
        code=f"{code}_{op}_{bound}", text=text, gate=gate, limit=limit, disclose=row.flag("disclose", False)
    )
    row.done()
    return Band(bound=bound, op=op, outcome=outcome)
