"""What a new version of a standard changes, check by check, in words of both languages. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from appraisal.standards.effect_words import METHODS, Said, band_words, effects, untested
from appraisal.standards.standard import Check, Count, Outcome, Standard, Value
from core.data_files import Bilingual
from core.i18n import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What changes in one place. `kind`: check, count, grade, rule or head; `code`: of the check or count; `name`: for people;
    `how`: added, removed or changed."""

    kind: str
    code: str
    name: "Bilingual | Said"
    how: str
    said: tuple[Said, ...]


TEXTS = {"name": N_("Name"), "question": N_("Question"), "help": N_("What to look for")}
HEAD = Said(N_("The whole standard"))
_NONE = Bilingual("", "")


def compare(old: Standard, new: Standard) -> tuple[Part, ...]:
    """In the order of the new version; what fell away last."""
    parts = [*_head(old, new), *_grades(old, new), *_checks(old, new), *_counts(old, new), *_rules(old, new)]
    return tuple(part for part in parts if part.said)


def _head(old: Standard, new: Standard) -> Iterator[Part]:
    said = [*_text(N_("Name"), old.names, new.names)]
    if old.effective_from != new.effective_from:
        said.append(_changed(N_("In force from"), old.effective_from, new.effective_from))
    gone = [one for one in old.sources if one not in new.sources]
    come = [one for one in new.sources if one not in old.sources]
    said += [Said(N_("Source added: %(text)s"), {"text": one}) for one in come]
    said += [Said(N_("Source taken out: %(text)s"), {"text": one}) for one in gone]
    said += _listed(N_("Areas"), [area.name for area in old.areas], [area.name for area in new.areas])
    said += _listed(N_("Axes"), [axis.name for axis in old.axes], [axis.name for axis in new.axes])
    if [(axis.code, axis.graded) for axis in old.axes] != [(axis.code, axis.graded) for axis in new.axes] and not said:
        said.append(Said(N_("The axes that have a grade of their own changed.")))
    yield Part(kind="head", code="", name=HEAD, how="changed", said=tuple(said))


def _grades(old: Standard, new: Standard) -> Iterator[Part]:
    for grade in (*new.scale, new.undetermined, new.refused):
        before = old.find_grade(grade.code)
        if before is None:
            continue  # the grades themselves stay: fit_rules.py
        said = [*_text(N_("Name"), before.name, grade.name), *_text(N_("Meaning of the grade"), before.meaning, grade.meaning)]
        said += _text(N_("What the trade calls something similar"), before.near, grade.near)
        name = Bilingual(zh=f"{grade.code} {grade.name.zh}", en=f"{grade.code} {grade.name.en}")
        yield Part(kind="grade", code=grade.code, name=name, how="changed", said=tuple(said))


def _checks(old: Standard, new: Standard) -> Iterator[Part]:
    for check in new.checks:
        before = old.find_check(check.code)
        if before is None:
            yield Part(kind="check", code=check.code, name=check.name, how="added", said=tuple(_new_check(new, check)))
        else:
            said = _nothing_hidden(_check(before, check, old, new), before, check)
            yield Part(kind="check", code=check.code, name=check.name, how="changed", said=said)
    for check in old.checks:
        if new.find_check(check.code) is None:
            yield Part(
                kind="check", code=check.code, name=check.name, how="removed", said=(Said(N_("This check is no longer made.")),)
            )


def _nothing_hidden(said: Iterable[Said], old: object, new: object) -> tuple[Said, ...]:
    """What differs without words of its own is said to differ: nobody approves what the page keeps silent."""
    return tuple(said) or ((Said(N_("Something else about it changed: compare the whole texts.")),) if old != new else ())


def _new_check(standard: Standard, check: Check) -> Iterator[Said]:
    yield Said(N_("A new check: %(question)s"), {"question": check.question})
    yield from (_leads(standard, value.name, value.outcome) for value in check.values)
    yield from _limits(standard, check)
    yield Said(N_("Not tested: %(effect)s"), {"effect": untested(standard, check)})


def _leads(standard: Standard, what: object, outcome: Outcome | None) -> Said:
    return Said(N_("%(value)s: %(effect)s"), {"value": what, "effect": effects(standard, outcome)})


def _limits(standard: Standard, check: Check) -> tuple[Said, ...]:
    return tuple(_leads(standard, band_words(band, check.unit), band.outcome) for band in check.bands)


def _check(old: Check, new: Check, first: Standard, second: Standard) -> Iterator[Said]:
    for key, label in TEXTS.items():
        yield from _text(label, getattr(old, key), getattr(new, key))
    before, after = untested(first, old), untested(second, new)
    if before != after:
        yield _changed(N_("If not tested"), before, after)
    yield from _values(old, new, first, second)
    if (limits := _limits(first, old)) != (now := _limits(second, new)):
        yield _changed(N_("Limits by number"), limits or "—", now or "—")
    if (old.least, old.most, old.unit, old.whole) != (new.least, new.most, new.unit, new.whole):
        yield _changed(N_("Numbers that are possible"), _range(old), _range(new))
    names = {axis.code: axis.name for axis in (*first.axes, *second.axes)}
    areas = {area.code: area.name for area in (*first.areas, *second.areas)}
    if old.axis != new.axis:
        yield _changed(N_("Axis"), names[old.axis], names[new.axis])
    if old.area != new.area:
        yield _changed(N_("Area"), areas[old.area], areas[new.area])
    for label, one, other in (
        (N_("How it is done"), Said(METHODS[old.method]), Said(METHODS[new.method])),
        (N_("Photo view"), old.photo or "—", new.photo or "—"),
        (N_("Kind of answer"), old.kind, new.kind),
        (N_("What is worse"), old.worse, new.worse),
    ):
        if one != other:
            yield _changed(label, one, other)


def _values(old: Check, new: Check, first: Standard, second: Standard) -> Iterator[Said]:
    for value in new.values:
        before = old.find_value(value.code)
        if before is None:
            yield Said(N_("New answer “%(value)s”: %(effect)s"), {"value": value.name, "effect": effects(second, value.outcome)})
            continue
        if before.name != value.name:
            yield _changed(N_("Answer"), before.name, value.name)
        if _effect(before.outcome) != _effect(value.outcome):
            label = Said(N_("“%(value)s”"), {"value": value.name})
            yield _changed(label, effects(first, before.outcome), effects(second, value.outcome))
        elif _words(before) != _words(value):
            yield _changed(Said(N_("What the report says of “%(value)s”"), {"value": value.name}), _words(before), _words(value))
    for value in old.values:
        if new.find_value(value.code) is None:
            yield Said(N_("Answer “%(value)s” falls away"), {"value": value.name})
    kept = [value.code for value in new.values if old.find_value(value.code)]
    if kept != [value.code for value in old.values if new.find_value(value.code)]:
        yield Said(N_("The order of the answers, from best to worst, changed."))


def _effect(outcome: Outcome | None) -> object:
    """All that an answer leads to, without the words for it; nothing is the same as an outcome without effect."""
    told = replace(outcome, code="", text=_NONE) if outcome else None
    return None if told == Outcome(code="", text=_NONE) else told


def _words(value: Value) -> Bilingual | str:
    return value.outcome.text if value.outcome else "—"


def _range(check: Check) -> str:
    return f"{check.least}–{check.most} {check.unit}".strip()


def _counts(old: Standard, new: Standard) -> Iterator[Part]:
    before = {count.outcome.code: count for count in old.counts}
    after = {count.outcome.code: count for count in new.counts}
    for code, count in after.items():
        if code not in before:
            yield Part(
                kind="count",
                code=code,
                name=count.outcome.text,
                how="added",
                said=(Said(N_("Counted together: %(text)s"), {"text": count.outcome.text}),),
            )
        else:
            said = _nothing_hidden(_count(before[code], count, old, new), before[code], count)
            yield Part(kind="count", code=code, name=count.outcome.text, how="changed", said=said)
    for code, count in before.items():
        if code not in after:
            yield Part(
                kind="count", code=code, name=count.outcome.text, how="removed", said=(Said(N_("It is no longer counted.")),)
            )


def _count(old: Count, new: Count, first: Standard, second: Standard) -> Iterator[Said]:
    yield from _text(N_("What the report says"), old.outcome.text, new.outcome.text)
    if old.outcome.limit != new.outcome.limit:
        yield _changed(N_("Best grade left"), str(old.outcome.limit), str(new.outcome.limit))
    if old.many != new.many:
        yield _changed(N_("How many"), old.many, new.many)
    if old.at != new.at:
        yield _changed(N_("Counted from the answer"), old.at, new.at)
    yield from _listed(N_("Checks that are counted"), _names(first, old.checks), _names(second, new.checks))
    if old.axis != new.axis or old.missing != new.missing:
        yield Said(N_("Its axis, or whether what was not tested counts, changed."))


def _names(standard: Standard, codes: Iterable[str]) -> list[Bilingual]:
    return [check.name for check in standard.checks if check.code in codes]


def _rules(old: Standard, new: Standard) -> Iterator[Part]:
    """What goes beyond single checks is named by its reason."""
    before = {rule.outcome.code: rule for rule in old.rules}
    after = {rule.outcome.code: rule for rule in new.rules}
    for code in dict.fromkeys((*after, *before)):
        if before.get(code) != after.get(code):
            how = "added" if code not in before else "removed" if code not in after else "changed"
            text = (after.get(code) or before[code]).outcome.text
            yield Part(
                kind="rule",
                code=code,
                name=text,
                how=how,
                said=(Said(N_("A rule over several checks: %(text)s"), {"text": text}),),
            )
    if (old.lookups, old.indexes, old.ages, old.score) != (new.lookups, new.indexes, new.ages, new.score):
        yield Part(
            kind="rule", code="", name=HEAD, how="changed", said=(Said(N_("Its tables, indexes, ages or points changed.")),)
        )


def _text(label: str, old: Bilingual | None, new: Bilingual | None) -> Iterator[Said]:
    """A text that differs in one language only is shown in that one, whoever reads."""
    if _both(old) == _both(new):
        return
    if old and new and old.en == new.en:
        yield Said(N_("%(what)s, in Chinese only: %(old)s → %(new)s"), {"what": Said(label), "old": old.zh, "new": new.zh})
    elif old and new and old.zh == new.zh:
        yield Said(N_("%(what)s, in English only: %(old)s → %(new)s"), {"what": Said(label), "old": old.en, "new": new.en})
    else:
        yield _changed(label, old or "—", new or "—")


def _both(words: Bilingual | None) -> tuple[str, str] | None:
    return (words.zh, words.en) if words else None


def _listed(label: str, old: Sequence[Bilingual], new: Sequence[Bilingual]) -> Iterator[Said]:
    gone = [one for one in old if one not in new]
    come = [one for one in new if one not in old]
    yield from (Said(N_("%(what)s: + %(name)s"), {"what": Said(label), "name": one}) for one in come)
    yield from (Said(N_("%(what)s: − %(name)s"), {"what": Said(label), "name": one}) for one in gone)  # noqa: RUF001


def _changed(label: "str | Said", old: Any, new: Any) -> Said:
    what = Said(label) if isinstance(label, str) else label
    return Said(N_("%(what)s: %(old)s → %(new)s"), {"what": what, "old": old, "new": new})
