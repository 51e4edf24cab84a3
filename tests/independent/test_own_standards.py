"""Grades worked out by hand from the public pages of our own standards, by somebody who had not seen code or files.

An answer is named by its English words on the page, so a case also fails where page and engine no longer say the same."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from appraisal.grades.rules import Given, grade
from appraisal.standards.loader import get_standard
from appraisal.standards.standard import Check

WORKED = json.loads(Path(__file__).with_name("own_standards_cases.json").read_text(encoding="utf-8"))


def answer(check: Check, said: Any) -> Given | None:
    if said is None:
        return None
    if not check.values:
        return Decimal(str(said))
    [code] = [value.code for value in check.values if value.name.en == said]
    return code


@pytest.mark.parametrize("case", WORKED["cases"], ids=lambda case: f"{case['standard']} {case.get('version', 1)}: {case['says']}")
def test_a_case_worked_out_from_the_page(case):
    standard, best = get_standard(f"xunshi-{case['standard']}", case.get("version", 1)), WORKED["best"][case["standard"]]
    inputs: dict[str, Given | None] = {
        check.code: check.values[0].code if check.values else Decimal(str(best[check.code])) for check in standard.checks
    }
    assert set(case["changes"]) <= set(inputs)
    for check in standard.checks:
        if check.code in case["changes"]:
            inputs[check.code] = answer(check, case["changes"][check.code])
    result = grade(standard, inputs)
    assert result.grade == case["grade"], case["why"]
    assert sorted({code for reason in result.reasons if reason.disclose for code in reason.checks}) == sorted(case["told"])
