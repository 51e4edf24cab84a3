"""What the rules of a standard lead to, in words for its public page; nothing of a standard is left untold."""

from collections.abc import Iterator

from flask import g
from flask_babel import gettext as _

from appraisal.standards.rule_kinds import Condition, Index, Lookup, Row, When
from appraisal.standards.standard import Check, Count, Outcome, Standard
from core.data_files import text as words
from core.i18n import N_

Line = tuple[str, str]  # an answer (or what is found), and what follows from it

BOUNDS = {
    "below": N_("below %(bound)s"), "upto": N_("not above %(bound)s"), "over": N_("more than %(bound)s"),
    "from": N_("%(bound)s or more"), "more_than": N_("more than “%(bound)s”"), "untested": N_("not tested"),
}  # fmt: skip


def check_lines(standard: Standard, check: Check) -> list[Line]:
    """Every answer of one check with what it leads to, best first, and last what not testing leads to."""
    lines = [(words(value.name, g.language), follows(standard, value.outcome)) for value in check.values]
    lines += [(_bound(band.op, f"{band.bound} {check.unit}".strip()), follows(standard, band.outcome)) for band in check.bands]
    if check.kind == "measure" and not check.bands:
        lines.append((f"{check.least}–{check.most} {check.unit}".strip(), _("taken into account below")))
    lines.append((_("not tested"), _untested(standard, check)))
    if check.when_missing is not None and not check.assumes_on_null:
        lines.append((_("not mentioned at all"), _counts_as(check, check.when_missing)))
    return lines


def _untested(standard: Standard, check: Check) -> str:
    if check.untested_as is not None:
        return str(_("%(effect)s, and is named", effect=_counts_as(check, check.untested_as)))
    if check.when_missing is not None and check.assumes_on_null:
        return _counts_as(check, check.when_missing)
    if check.optional:
        return str(_("is only named"))
    return follows(standard, check.untested) if check.untested.limit else str(_("no grade"))


def _counts_as(check: Check, code: str) -> str:
    value = check.find_value(code)
    return str(_("counts as “%(answer)s”", answer=words(value.name, g.language) if value else code))


def follows(standard: Standard, outcome: Outcome | None) -> str:
    """What one finding leads to, every effect of it; “no limit” where it leads to nothing."""
    return " · ".join(_effects(standard, outcome)) if outcome else str(_("no limit"))


def _effects(standard: Standard, outcome: Outcome) -> Iterator[str]:
    if outcome.gate:
        yield words(standard.refused.name, g.language)
    elif outcome.ungraded:
        yield _("no grade")
    elif outcome.limit is not None:
        yield _("at best %(grade)s", grade=outcome.limit)
    if outcome.require:
        needed = standard.find_check(outcome.require)
        yield _("“%(check)s” must be checked, too", check=words(needed.name, g.language) if needed else outcome.require)
    if outcome.deduct:
        yield _("%(points)s points off", points=outcome.deduct)
    if outcome.price:
        yield _("changes the price, not the grade")
    if outcome.disclose:
        yield _("a buyer must be told")


def together_lines(standard: Standard) -> list[Line]:
    """What several findings lead to together: counts, rules and ages, each with its own sentence."""
    lines = [(_counted(standard, count), follows(standard, count.outcome)) for count in standard.counts]
    outcomes = [rule.outcome for rule in standard.rules] + [life.outcome for age in standard.ages for life in age.lives]
    return lines + list(dict.fromkeys((words(one.text, g.language), follows(standard, one)) for one in outcomes))


def _counted(standard: Standard, count: Count) -> str:
    """The rule's sentence and, by name, each check that counts and the answer from which it does."""
    checks = [check for check in standard.checks if check.code in count.checks]
    at = next((value for check in checks if (value := check.find_value(count.at))), None)
    answer = words(at.name, g.language) if at else count.at
    said = N_("“%(answer)s” or worse, or not tested") if count.missing else N_("“%(answer)s” or worse")
    names, rule = str(_(", ")).join(words(check.name, g.language) for check in checks), words(count.outcome.text, g.language)
    return str(_("%(rule)s. Counted: %(answer)s at %(checks)s", rule=rule, answer=_(said, answer=answer), checks=names))


def lookup_rows(standard: Standard, lookup: Lookup) -> tuple[list[str], list[list[str]]]:
    """Headers and rows of a table of the standard. The first row that holds counts."""
    rows = [[when_words(standard, row.when), *_cells(lookup, row), follows(standard, row.outcome)] for row in lookup.rows]
    return [_("In which case"), *lookup.outputs, _("What follows")], rows


def _cells(lookup: Lookup, row: Row) -> list[str]:
    cells = [row.cells.get(name) for name in lookup.outputs]
    return ["—" if one is None else one if isinstance(one, str) else " / ".join(one) for one in cells]


def index_rows(standard: Standard, index: Index) -> tuple[list[str], list[list[str]]]:
    """Headers and rows of the steps of a weighted sum; the sum itself is `index_sum`."""
    rows = [[_bound("from", str(step.bound)), step.shown, follows(standard, step.outcome)] for step in index.steps]
    return [_("The sum"), _("Class"), _("What follows")], rows


def index_sum(standard: Standard, index: Index) -> str:
    """The weights: 0.25 × disassembly depth + …"""
    parts = [f"{weight.normalize():f} × {_name(standard, code)}" for code, weight in index.weights.items()]
    return f"{index.code} = " + " + ".join(parts)


def when_words(standard: Standard, when: When) -> str:
    """A condition as a sentence; every part of `every` and one of `either` must hold."""
    every = [_condition(standard, one) for one in when.every]
    either = [_condition(standard, one) for one in when.either]
    if either:
        every.append(str(_(" or ")).join(either))
    return str(_("; ")).join(every) or _("in every other case")


def _condition(standard: Standard, one: Condition) -> str:
    name, check = _name(standard, one.check), standard.find_check(one.check)
    if one.test in ("is", "has", "lacks"):
        values = [value for value in (check.find_value(word) for word in one.words) if value] if check else []
        said = " / ".join(words(value.name, g.language) for value in values) or " / ".join(map(str, one.words))
        return _("%(check)s without %(said)s", check=name, said=said) if one.test == "lacks" else f"{name}: {said}"
    bound = _name(standard, one.words[0]) if one.test == "more_than" else str(one.number)
    return f"{name}: {_bound(one.test, bound)}"


def _bound(test: str, bound: str) -> str:
    return str(_(BOUNDS[test], bound=bound))


def _name(standard: Standard, code: str) -> str:
    check = standard.find_check(code)
    return words(check.name, g.language) if check else code
