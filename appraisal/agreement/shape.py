"""The figures as the command prints them: docs/schemas/appraisers-agreement.schema.json. Decimals are texts."""

from fractions import Fraction
from typing import Any

from appraisal.agreement import rules
from appraisal.agreement.figures import Agreement, Measure, OfCheck


def agreement_data(found: list[Agreement], checks: list[OfCheck], counts: dict[str, int]) -> dict[str, Any]:
    return {
        "scales": [_scale(one) for one in found],
        "checks": [
            {"standard": one.standard_id, "check": one.code, "n": one.n, "left_out": one.left_out, "kappa": _text(one.kappa)}
            for one in checks
        ],
        "blind": counts,
    }


def _scale(one: Agreement) -> dict[str, Any]:
    return {
        "scale": list(one.order), "table": one.table, "between": _measure(one.between), "alpha_ordinal": _text(one.alpha),
        "within": _measure(one.within), "standard": _measure(one.standard),
        "appraisers": [
            {"number": who.number, "between": _measure(who.between), "within": _measure(who.within),
             "standard": _measure(who.standard)}
            for who in one.appraisers
        ],
        "pairs": [
            {"seller": pair.owner_id, "appraiser": pair.account_id, **_measure(pair.measure)} for pair in one.pairs
        ],
    }  # fmt: skip


def _measure(one: Measure) -> dict[str, Any]:
    return {"n": one.n, "kappa": _text(one.kappa), "inflation": _text(one.inflation)}


def _text(value: Fraction | None) -> str | None:
    return rules.hundredths(value) or None


def agreement_words(data: dict[str, Any]) -> str:
    """A few lines for a person."""
    lines = []
    for one in data["scales"]:
        lines.append(f"{' '.join(one['scale'])}  between: {_said(one['between'])}, alpha {one['alpha_ordinal'] or '-'}")
        lines += [f"  {who['number']}  between {_said(who['between'])}  within {_said(who['within'])}  standard "
                  f"{_said(who['standard'])}" for who in one["appraisers"]]  # fmt: skip
    return "\n".join(lines) or "nothing to compare yet"


def _said(one: dict[str, Any]) -> str:
    return f"kappa {one['kappa'] or '-'} (n {one['n']})"
