"""One appraisal in the words of other schemes. Pure; the table is data."""

from collections.abc import Mapping
from dataclasses import dataclass

from appraisal.standards.crossreference import Crossreference, Scheme
from core.data_files import Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """`text` is None where the scheme has no counterpart; `why`: the checks that hold the label down."""

    scheme: str
    name: Bilingual
    text: Bilingual | None
    why: tuple[str, ...]


def cross_reference(
    table: Crossreference | None, grade: str | None, axes: Mapping[str, object], answers: Mapping[str, object]
) -> tuple[Label, ...]:
    """One label for each scheme; none at all without a table or for what was refused. `axes`: grades by axis.

    Where no grade could be given, an axis has no label of its own either: not tested is never a pass."""
    if table is None:
        return ()
    return tuple(_label(table, scheme, str(grade), axes, answers) for scheme in table.schemes)


def _label(
    table: Crossreference, scheme: Scheme, grade: str, axes: Mapping[str, object], answers: Mapping[str, object]
) -> Label:
    if scheme.axis is not None and grade in table.scale:
        grade = str(axes.get(scheme.axis, grade))
    why: list[str] = []
    for bound in scheme.bounds:
        told = answers.get(bound.check, bound.unless[0])
        if told not in bound.unless and grade in table.scale and table.scale.index(grade) < table.scale.index(bound.at):
            grade, why = bound.at, [*why, bound.check]
    return Label(scheme=scheme.code, name=scheme.name, text=scheme.labels.get(grade), why=tuple(why))
