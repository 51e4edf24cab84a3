"""One appraisal in the words of other schemes. Pure; the table is data."""

from collections.abc import Mapping
from dataclasses import dataclass

from appraisal.grades.rules import GradeResult
from appraisal.standards.crossreference import Crossreference, Scheme
from core.data_files import Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """`text` is None where the scheme has no counterpart; `why`: the checks that hold the label down."""

    scheme: str
    name: Bilingual
    text: Bilingual | None
    why: tuple[str, ...]


def cross_reference(table: Crossreference | None, result: GradeResult, answers: Mapping[str, object]) -> tuple[Label, ...]:
    """One label for each scheme; none at all without a table or for what was refused.

    Where no grade could be given, an axis has no label of its own either: not tested is never a pass."""
    if table is None:
        return ()
    return tuple(_label(table, scheme, result, answers) for scheme in table.schemes)


def _label(table: Crossreference, scheme: Scheme, result: GradeResult, answers: Mapping[str, object]) -> Label:
    grade = str(result.grade)
    if scheme.axis is not None and grade in table.scale:
        grade = str(result.axes.get(scheme.axis, result.grade))
    why: list[str] = []
    for bound in scheme.bounds:
        told = answers.get(bound.check, bound.unless[0])
        if told not in bound.unless and grade in table.scale and table.scale.index(grade) < table.scale.index(bound.at):
            grade, why = bound.at, [*why, bound.check]
    return Label(scheme=scheme.code, name=scheme.name, text=scheme.labels.get(grade), why=tuple(why))
