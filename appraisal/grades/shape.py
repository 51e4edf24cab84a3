"""A grade as the command line, the API and the report's file show it: docs/schemas/grade.schema.json."""

import json
from decimal import Decimal
from typing import Any

from appraisal.grades.answer_rules import Inputs
from appraisal.grades.crossreference_rules import Label
from appraisal.grades.rules import GradeResult, Reason
from appraisal.standards.standard import Standard
from core.data_files import Bilingual, text


def grade_data(standard: Standard, result: GradeResult) -> dict[str, Any]:
    """Plain dicts, lists and texts; `grade` is a code of the scale, U or the refusal; None where the published
    text has no name for it. `axes` also holds what tables and indexes came to. Texts in zh and en."""
    return {
        "standard": standard.id,
        "version": standard.version,
        "digest": standard.digest,
        "grade": standard.shown(result.grade),
        "axes": dict(result.axes) | {key: _plain(value) for key, value in result.results.items()},
        "caps": [_reason(reason) for reason in result.caps],
        "gates": [_reason(reason) for reason in result.gates],
        "untested": list(result.untested),
        "disclosures": list(result.disclosures),
        "reasons": [_reason(reason) for reason in result.reasons],
    }


def command_data(standard: Standard, result: GradeResult, labels: tuple[Label, ...]) -> dict[str, Any]:
    """What the command says beyond what a report keeps: the scale, best first, what was assumed or changes the
    price, the score and, for our own standards, what other schemes call something similar."""
    return grade_data(standard, result) | {
        "purpose": standard.purpose,
        "scale": [shown for code in standard.order() if (shown := standard.shown(code)) is not None],
        "assumed": list(result.assumed),
        "prices": [_reason(reason) for reason in result.reasons if reason.kind == "price"],
        "score": None if result.score is None else str(result.score),
        "crossreference": [
            {"scheme": label.scheme, "name": _both(label.name), "label": _both(label.text), "why": list(label.why)}
            for label in labels
        ],
    }


def _both(words: Bilingual | None) -> dict[str, str] | None:
    return None if words is None else {"zh": words.zh, "en": words.en}


def _plain(value: object) -> object:
    """A number as JSON writes it, with the digits it has; it was worked out exactly and is not reckoned on."""
    return json.loads(format(value, "f")) if isinstance(value, Decimal) else value


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
    axes += [f"  {key}: {_said(value)}" for key, value in result.results.items()]
    reasons = [f"  - {text(reason.text, language)}" for reason in result.reasons]
    shown = standard.shown(result.grade) or "-"
    return "\n".join([f"{shown}  {name}", *axes, *reasons])


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "-" if value is None else str(value)
