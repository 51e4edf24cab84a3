"""Reads the `[[rules]]`, `[[lookups]]`, `[[indexes]]`, `[[ages]]` and `[score]` of a standard, strictly."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from appraisal.standards.rule_kinds import TESTS, Age, Cell, Condition, Index, Life, Lookup, Row, Rule, Score, Step, When
from appraisal.standards.standard import Check, GradeCode, Outcome
from core.data_files import Table, shortly
from core.i18n import N_

NUMBER = re.compile(r"-?\d+(\.\d+)?")
MOST_PLACES = 9
EFFECTS = ("gate", "limit", "ungraded", "disclose", "price", "require", "deduct")


def decimal(row: Table, key: str) -> Decimal:
    """A number written as text, so that it stays exact."""
    value = row.text(key)
    if not NUMBER.fullmatch(value):
        raise row.wrong(key, N_('must be a number written as text, like "3.35", not %(value)s'), value=shortly(value))
    return Decimal(value)


class RuleReader:
    """Knows what a row may refer to: the checks, axes and grades of this standard."""

    def __init__(self, checks: Sequence[Check], axes: Sequence[str], grades: Sequence[str]) -> None:
        self.checks = {check.code: check for check in checks}
        self.axes, self.grades = tuple(axes), tuple(grades)

    def rule(self, row: Table) -> Rule:
        axis, when, outcome = self._axis(row), self._when(row), self._outcome(row, EFFECTS)
        if outcome is None:
            raise row.wrong("limit", N_("or one of %(words)s must be there: a rule needs an effect"), words=", ".join(EFFECTS))
        row.done()
        if not when.every and not when.either:
            raise row.wrong("when", N_("or any must hold at least one condition"))
        return Rule(axis=axis, when=when, outcome=outcome)

    def lookup(self, row: Table) -> Lookup:
        outputs = row.texts("outputs")
        lookup = Lookup(
            code=row.code("code"),
            axis=self._axis(row),
            checks=row.choices("checks", self.checks),
            outputs=outputs,
            rows=tuple(self._row(inner, outputs) for inner in row.tables("rows")),
        )
        row.done()
        if not lookup.rows or lookup.rows[-1].when != When():
            raise row.wrong("rows", N_("must end with one that has no condition"))
        return lookup

    def _row(self, row: Table, outputs: Sequence[str]) -> Row:
        when, cells = self._when(row), row.table("set")
        found = Row(when=when, cells=_cells(cells, outputs), outcome=self._outcome(row, ("gate", "limit")))
        row.done()
        return found

    def index(self, row: Table) -> Index:
        weights = row.table("weights")
        found = Index(
            code=row.text("code"),
            axis=self._axis(row),
            shown_as=row.text("shown_as"),
            weights={code: decimal(weights, code) for code in weights.every_key() if self._known(weights, code)},
            places=self._places(row),
            steps=tuple(self._step(inner) for inner in row.tables("steps")),
        )
        weights.done()
        row.done()
        bounds = [step.bound for step in found.steps]
        if not bounds or bounds != sorted(set(bounds), reverse=True):
            raise row.wrong("steps", N_("must be there and fall from step to step"))
        if any(weight <= 0 for weight in found.weights.values()) or not found.weights:
            raise row.wrong("weights", N_("must be above 0: else more could be worse"))
        return found

    def _places(self, row: Table) -> int | None:
        places = row.whole_or_none("places")
        if places is not None and not 0 <= places <= MOST_PLACES:
            raise row.wrong("places", N_("must be from 0 to %(most)s"), most=MOST_PLACES)
        return places

    def _step(self, row: Table) -> Step:
        step = Step(bound=decimal(row, "from"), shown=row.text("shown"), outcome=self._outcome(row, ("limit",)))
        row.done()
        return step

    def age(self, row: Table) -> Age:
        category = self._check(row, "category")
        age = Age(
            axis=self._axis(row),
            category=category,
            begin=self._check(row, "begin"),
            today=self._check(row, "today"),
            lives=tuple(self._life(inner, self.checks[category]) for inner in row.tables("lives")),
        )
        row.done()
        return age

    def _life(self, row: Table, category: Check) -> Life:
        outcome = self._outcome(row, ("gate", "limit"))
        if outcome is None:
            raise row.wrong("limit", N_("or gate must be there"))
        life = Life(
            categories=row.choices("of", [value.code for value in category.values]),
            years=row.whole("years", least=1),
            since=self._check(row, "since") if row.has("since") else None,
            outcome=outcome,
        )
        row.done()
        return life

    def _axis(self, row: Table) -> str:
        return row.choice("axis", self.axes, self.axes[0])

    def _check(self, row: Table, key: str) -> str:
        return row.choice(key, self.checks)

    def _known(self, row: Table, code: str) -> bool:
        if code not in self.checks:
            raise row.wrong(code, N_("is not a check of this standard"))
        return True

    def _when(self, row: Table) -> When:
        every = tuple(self._condition(inner) for inner in row.tables("when"))
        return When(every=every, either=tuple(self._condition(inner) for inner in row.tables("any")))

    def _condition(self, row: Table) -> Condition:
        check = self.checks[self._check(row, "check")]
        if row.has("untested"):
            if not row.flag("untested"):
                raise row.wrong("untested", N_("must be true where it stands"))
            row.done()
            return Condition(check=check.code, test="untested")
        tests = [test for test in TESTS if row.has(test)]
        if len(tests) != 1:
            raise row.wrong("is", N_("or exactly one of %(words)s must be there"), words=", ".join(TESTS))
        found = self._tested(row, check, tests[0])
        row.done()
        return found

    def _tested(self, row: Table, check: Check, test: str) -> Condition:
        if test in ("is", "has", "lacks"):
            return Condition(check=check.code, test=test, words=row.choices(test, [value.code for value in check.values]))
        if test == "more_than":
            return Condition(check=check.code, test=test, words=(self._check(row, test),))
        return Condition(check=check.code, test=test, number=decimal(row, test))

    def _outcome(self, row: Table, allowed: Sequence[str]) -> Outcome | None:
        """None where the row has none of the allowed effects."""
        if not any(row.has(key) for key in allowed):
            return None
        may = {key: key in allowed and row.has(key) for key in EFFECTS}
        return Outcome(
            code=row.code("reason"),
            text=row.words("text"),
            gate=may["gate"] and row.flag("gate"),
            limit=GradeCode(row.choice("limit", self.grades)) if may["limit"] else None,
            ungraded=may["ungraded"] and row.flag("ungraded"),
            disclose=may["disclose"] and row.flag("disclose"),
            price=may["price"] and row.flag("price"),
            require=self._check(row, "require") if may["require"] else None,
            deduct=decimal(row, "deduct") if may["deduct"] else Decimal(0),
        )


def _cells(row: Table, outputs: Sequence[str]) -> Mapping[str, Cell]:
    cells: dict[str, Cell] = {}
    for key in row.every_key():
        if key not in outputs:
            raise row.wrong(key, N_("must be one of the outputs %(words)s"), words=", ".join(outputs))
        cells[key] = row.text(key) if row.holds_text(key) else row.texts(key)
    row.done()
    return cells


def read_score(row: Table, axes: Sequence[str]) -> Score:
    most = row.table("most")
    score = Score(start=decimal(row, "start"), most={axis: decimal(most, axis) for axis in most.every_key() if axis in axes})
    most.done()
    row.done()
    return score
