"""A second grader, written from docs/algorithms/grading.md alone; the standard's file is read as data."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class Refused(Exception):
    """Not an answer of this check-list."""


@dataclass
class Graded:
    grade: str
    axes: dict[str, str]
    caps: set[tuple[str, str]] = field(default_factory=set)  # (axis, limit)
    gates: set[str] = field(default_factory=set)  # checks
    told: set[str] = field(default_factory=set)  # checks
    untested: set[str] = field(default_factory=set)


def load(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def codes_of(standard: dict[str, Any], check: dict[str, Any]) -> list[str]:
    values = check.get("values") or standard["value_sets"][check["value_set"]]
    return [value["code"] for value in values]


def grade(standard: dict[str, Any], inputs: dict[str, Any]) -> Graded:
    checks = {check["code"]: check for check in standard["checks"]}
    if unknown := set(inputs) - set(checks) - {"note"}:
        raise Refused(unknown)
    order = [step["code"] for step in standard["scale"]]
    limits: list[tuple[str, str]] = []
    found = Graded("", {})
    missing_required = False
    for code, check in checks.items():
        answer = inputs.get(code)
        if answer is None:
            if "when_missing" in check:
                answer = check["when_missing"]  # the document doesn't say whether such a check is still named as untested
            elif check["required"]:
                found.untested.add(code)
                missing_required = True
                continue
            else:
                found.untested.add(code)
                limits.append((check["axis"], check["untested_limit"]))
                continue
        if check.get("kind") == "measure":
            _measured(check, answer, limits, found)
            continue
        if answer not in codes_of(standard, check):
            raise Refused(answer)
        if answer in check.get("gate", []):
            found.gates.add(code)
        if answer in check.get("limits", {}):
            limits.append((check["axis"], check["limits"][answer]))
        if answer in check.get("disclose", []):
            found.told.add(code)
    for count in standard.get("counts", []):
        many = sum(_counts(standard, checks[code], inputs.get(code), count) for code in count["checks"])
        if many >= count["many"]:
            limits.append((count["axis"], count["limit"]))
    found.caps = set(limits)
    for axis in standard["axes"]:
        if axis["graded"]:
            found.axes[axis["code"]] = _weakest(order, [limit for at, limit in limits if at == axis["code"]])
    found.grade = _weakest(order, [limit for _, limit in limits])
    if missing_required:
        found.grade = standard["undetermined"]["code"]
    if found.gates:
        found.grade = standard["refused"]["code"]
    return found


def _measured(check: dict[str, Any], answer: Any, limits: list[tuple[str, str]], found: Graded) -> None:
    if isinstance(answer, bool) or not isinstance(answer, int | float) or not check["least"] <= answer <= check["most"]:
        raise Refused(answer)
    fitting = [band for band in check["bands"] if answer < band["below"]]
    if fitting:
        lowest = min(fitting, key=lambda band: band["below"])
        limits.append((check["axis"], lowest["limit"]))
        if lowest.get("disclose"):
            found.told.add(check["code"])


def _counts(standard: dict[str, Any], check: dict[str, Any], answer: Any, count: dict[str, Any]) -> bool:
    if answer is None:
        return bool(count["missing"])
    codes = codes_of(standard, check)
    return codes.index(answer) >= codes.index(count["at"])


def _weakest(order: list[str], limits: list[str]) -> str:
    return max(limits, key=order.index, default=order[0])
