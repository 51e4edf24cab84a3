"""A grading standard as values. `loader.py` reads it from a file and checks that it can only be monotone."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NewType

from appraisal.standards.rule_kinds import Age, Index, Lookup, Rule, Score
from core.data_files import Bilingual

StandardId = NewType("StandardId", str)
GradeCode = NewType("GradeCode", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """One step of the scale. `near` names what the trade calls something similar, for reference only.

    `silent`: the published text has no name for it, so the answer is no grade at all (null)."""

    code: GradeCode
    name: Bilingual
    meaning: Bilingual
    near: Bilingual | None = None
    silent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Bilingual):
    """Where a rule stands. known: `read` by us, from `memory`, or `derived` by us from what was read."""

    known: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """What is looked at by itself. A graded axis has its own grade; the others only stop or limit all."""

    code: str
    name: Bilingual
    graded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A group of checks, as the check-list shows them."""

    code: str
    name: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one finding leads to: `gate` refuses, `limit` is the best grade left, `disclose` is told.

    `ungraded`: no grade can be given. `price`: it changes what is paid, never the grade. `require`: that check
    must be made. `deduct`: points off inside the grade, of `area`."""

    code: str
    text: Bilingual
    gate: bool = False
    limit: GradeCode | None = None
    disclose: bool = False
    ungraded: bool = False
    price: bool = False
    require: str | None = None
    deduct: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """`same`: other ways the same answer is written, such as true for yes."""

    code: str
    name: Bilingual
    outcome: Outcome | None = None
    same: tuple[str | bool, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Of a measured check: where its number is `below` (<), `upto` (<=), `over` (>) or `from` (>=) the bound, in
    the check's unit, this holds. The bands get worse one by one and the last one that fits counts."""

    bound: Decimal
    outcome: Outcome
    op: str = "below"

    @property
    def below(self) -> int:
        return int(self.bound)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question of the check-list.

    kind `choice`: `values` stand best first; `flag`: the two values yes and no, given as true or false; `list`:
    any number of `values`; `measure`: a number from least to most, judged by `bands`; `numbers`: exactly `many`
    of them; `date`. `worse` says which way is worse: `listed` (down the list), `more`, `less`, or `none` for a
    mere fact, which has no effect of its own.

    Left out it is not tested; `untested` says what follows: no grade at all for a required check (limit None),
    else a limit no better than the worst answer's; `untested_as` counts it as that answer and still names it;
    `optional` only names it. `when_missing` is assumed for a key that is not there at all, and for null too where
    nothing else is said about not testing."""

    code: str
    area: str
    axis: str
    kind: str
    method: str
    name: Bilingual
    question: Bilingual
    help: Bilingual
    required: bool
    untested: Outcome
    when_missing: str | None = None
    untested_as: str | None = None
    optional: bool = False
    values: tuple[Value, ...] = ()
    unit: str = ""
    least: int = 0
    most: int = 0
    whole: bool = False
    many: int = 0
    bands: tuple[Band, ...] = ()
    photo: str | None = None
    worse: str = "listed"
    aliases: tuple[str, ...] = ()

    def find_value(self, code: object) -> Value | None:
        for value in self.values:
            if isinstance(code, str) and value.code == code:
                return value
            # 1 is no answer to a yes or no question, though Python takes it for True
            if any(type(other) is type(code) and other == code for other in value.same):
                return value
        return None

    def place(self, code: str) -> int:
        """Where a value stands, 0 the best."""
        return [value.code for value in self.values].index(code)

    @property
    def assumes_on_null(self) -> bool:
        return not (self.required or self.optional or self.untested_as is not None or self.untested.limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Several findings together: `many` of `checks` at `at` or worse. What was not tested counts where
    `missing` is true, so that leaving a check out never pays."""

    axis: str
    checks: tuple[str, ...]
    at: str
    many: int
    missing: bool
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """One version of one standard. `digest` is the SHA-256 of its file: a report names it exactly.

    purpose: `own` is what our appraisers grade by; `comparison` is somebody else's published scheme, restated to
    compare with and never offered as a choice; `slot` keeps a place for a standard whose tables nobody here has
    read: it has no scale and can't grade, `unknown` says so."""

    id: StandardId
    version: int
    names: Bilingual
    effective_from: str
    sources: tuple[Bilingual, ...]
    scale: tuple[Grade, ...]
    undetermined: Grade
    refused: Grade
    axes: tuple[Axis, ...]
    areas: tuple[Area, ...]
    checks: tuple[Check, ...]
    counts: tuple[Count, ...]
    digest: str
    purpose: str = "own"
    unknown: Bilingual | None = None
    rules: tuple[Rule, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    indexes: tuple[Index, ...] = ()
    ages: tuple[Age, ...] = ()
    score: Score | None = None

    def find_grade(self, code: str | None) -> Grade | None:
        every = (*self.scale, self.undetermined, self.refused)
        return next((grade for grade in every if grade.code == code), None)

    def find_check(self, code: str) -> Check | None:
        return next((check for check in self.checks if check.code == code), None)

    def shown(self, code: str) -> str | None:
        """The grade as it is answered: None where the published text has no name for it."""
        grade = self.find_grade(code)
        return None if grade is None or grade.silent else grade.code

    def is_final(self, code: str) -> bool:
        """Is it a step of the scale: neither undetermined nor refused?"""
        return any(grade.code == code for grade in self.scale)

    def order(self) -> tuple[GradeCode, ...]:
        """Best first; undetermined is worse than all grades and refused worse still."""
        return tuple(grade.code for grade in (*self.scale, self.undetermined, self.refused))

    def rank(self, code: str) -> int:
        """0 for the best grade, rising."""
        return self.order().index(GradeCode(code))

    def worst(self, codes: Iterable[str]) -> GradeCode:
        """The weakest of these grades; the best of the scale if there are none."""
        return max(map(GradeCode, codes), key=self.order().index, default=self.scale[0].code)

    def checks_of(self, area: str) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.area == area)
