"""A grading standard as values. `loader.py` reads it from a file and checks that it can only be monotone."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NewType

from core.data_files import Bilingual

StandardId = NewType("StandardId", str)
GradeCode = NewType("GradeCode", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """One step of the scale. `near` names what the trade calls something similar, for reference only."""

    code: GradeCode
    name: Bilingual
    meaning: Bilingual
    near: Bilingual | None = None


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
    """What one finding leads to: `gate` refuses, `limit` is the best grade left, `disclose` is told."""

    code: str
    text: Bilingual
    gate: bool = False
    limit: GradeCode | None = None
    disclose: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    code: str
    name: Bilingual
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Of a measured check: below `below` (in the check's unit) this holds. The lowest fitting band counts."""

    below: int
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question of the check-list.

    kind `choice`: `values` stand best first. kind `measure`: a number from least to most, more is better,
    judged by `bands`. Left out it is not tested; `untested` says what follows: no grade at all for a required
    check (limit None), else a limit no better than the worst answer's. `when_missing` is assumed instead."""

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
    values: tuple[Value, ...] = ()
    unit: str = ""
    least: int = 0
    most: int = 0
    bands: tuple[Band, ...] = ()
    photo: str | None = None

    def find_value(self, code: str) -> Value | None:
        for value in self.values:
            if value.code == code:
                return value
        return None

    def place(self, code: str) -> int:
        """Where a value stands, 0 the best."""
        return [value.code for value in self.values].index(code)


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
    """One version of one standard. `digest` is the SHA-256 of its file: a report names it exactly."""

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

    def find_grade(self, code: str | None) -> Grade | None:
        every = (*self.scale, self.undetermined, self.refused)
        return next((grade for grade in every if grade.code == code), None)

    def find_check(self, code: str) -> Check | None:
        return next((check for check in self.checks if check.code == code), None)

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
