"""What the rules of a standard lead to, in words for its public page; nothing of a standard is left untold."""

from flask import g
from flask_babel import gettext as _

from appraisal.standards.effect_words import band_words, bound_words, effects, missing, untested, written
from appraisal.standards.rule_kinds import Condition, Index, Lookup, Row, When
from appraisal.standards.standard import Check, Count, Outcome, Standard
from core.data_files import text as words
from core.i18n import N_, listed

Line = tuple[str, str]  # an answer (or what is found), and what follows from it


def check_lines(standard: Standard, check: Check) -> list[Line]:
    """Every answer of one check with what it leads to, best first, and last what not testing leads to."""
    lines = [(words(value.name, g.language), follows(standard, value.outcome)) for value in check.values]
    lines += [(_said(band_words(band, check.unit)), follows(standard, band.outcome)) for band in check.bands]
    if check.kind == "measure" and not check.bands:
        lines.append((f"{check.least}–{check.most} {check.unit}".strip(), _("taken into account below")))
    lines.append((_("not tested"), _said(untested(standard, check))))
    if assumed := missing(check):
        lines.append((_("not mentioned at all"), _said(assumed)))
    return lines


def follows(standard: Standard, outcome: Outcome | None) -> str:
    """What one finding leads to, every effect of it; “no limit” where it leads to nothing."""
    return _said(effects(standard, outcome))


def _said(word: object) -> str:
    return written(word, g.language)


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
    names, rule = listed((words(check.name, g.language) for check in checks), g.language), words(count.outcome.text, g.language)
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
    rows = [[_said(bound_words("from", step.bound)), step.shown, follows(standard, step.outcome)] for step in index.steps]
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
    return f"{name}: {_said(bound_words(one.test, bound))}"


def _name(standard: Standard, code: str) -> str:
    check = standard.find_check(code)
    return words(check.name, g.language) if check else code
