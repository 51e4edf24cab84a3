"""A grade as the command line, the API and the report's file show it: docs/schemas/grade.schema.json."""

from decimal import Decimal
from typing import Any

from appraisal.grades.rules import GradeResult, Inputs, Reason
from appraisal.standards.standard import Standard
from core.data_files import text


def grade_data(standard: Standard, result: GradeResult) -> dict[str, Any]:
    """Plain dicts, lists and texts; `grade` is a code of the scale, U or the refusal. Texts in zh and en."""
    return {
        "standard": standard.id,
        "version": standard.version,
        "digest": standard.digest,
        "grade": result.grade,
        "axes": dict(result.axes),
        "caps": [_reason(reason) for reason in result.caps],
        "gates": [_reason(reason) for reason in result.gates],
        "untested": list(result.untested),
        "disclosures": list(result.disclosures),
        "reasons": [_reason(reason) for reason in result.reasons],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "kind": reason.kind,
        "axis": reason.axis,
        "limit": reason.limit,
        "text": {"zh": reason.text.zh, "en": reason.text.en},
    }


def inputs_data(inputs: Inputs) -> dict[str, Any]:
    """The answers as they are kept and signed: numbers with decimals become decimal texts, never floats."""
    return {code: str(answer) if isinstance(answer, Decimal) else answer for code, answer in inputs.items()}


def grade_words(standard: Standard, result: GradeResult, language: str) -> str:
    """A few lines for a person at the command line."""
    grade = standard.find_grade(result.grade)
    name = text(grade.name, language) if grade else ""
    axes = [
        f"  {text(axis.name, language)}: {result.axes[axis.code]}" for axis in standard.axes if axis.graded
    ]
    reasons = [f"  - {text(reason.text, language)}" for reason in result.reasons]
    return "\n".join([f"{result.grade}  {name}", *axes, *reasons])
