"""A result and a policy as JSON: docs/schemas/fees-explain.schema.json. Entries of the ledger keep a line in this shape."""

from collections.abc import Mapping
from typing import Any

from core.data_files import Bilingual
from market.ledger.fees.policy import Amounts, Band, Line, Match, Policy, Result, Rule, Step


def result_data(result: Result) -> dict[str, Any]:
    return {"lines": [line_data(line) for line in result.lines], "total": _amounts(result.total)}


def line_data(line: Line) -> dict[str, Any]:
    return {"id": line.id, **_amounts(line), "trace": [step_data(step) for step in line.trace]}


def _amounts(found: Amounts) -> dict[str, Any]:
    return {
        "gross": found.gross, "discount": found.discount, "discount_by_shop": found.discount_by_shop, "base": found.base,
        "fees": dict(found.fees), "commission": found.commission, "waived": found.waived, "payout": found.payout,
    }  # fmt: skip


def step_data(step: Step) -> dict[str, Any]:
    return {
        "rule": step.rule, "version": step.version, "formula": step.formula, "value": step.value, "rounded": step.rounded,
        "policy": step.policy, "unit": step.unit, "kind": step.kind, "rounds": step.rounds, "facts": dict(step.facts),
    }  # fmt: skip


def policy_data(policy: Policy) -> dict[str, Any]:
    """The policy as its file says it, what is left out by default left out. Reading it again gives the same policy."""
    shared = {"discount_shares": {"shop": policy.shares[0], "seller": policy.shares[1]}} if policy.absorber == "shared" else {}
    return {
        "id": policy.id, "version": policy.version, "currency": policy.currency,
        **_texts({"title": policy.title, "note": policy.note}), **({"channel": policy.channel} if policy.channel else {}),
        "rounding": {"mode": policy.rounding.mode, "on": policy.rounding.on, "per": policy.rounding.per},
        "discount_absorbed_by": policy.absorber, **shared, "negative_payout": "clamp" if policy.clamps else "allow",
        "lost_items": "paid" if policy.pays_lost else "not_paid", "rules": [_rule(rule) for rule in policy.rules],
    }  # fmt: skip


def _rule(rule: Rule) -> dict[str, Any]:
    data: dict[str, Any] = {"name": rule.name, **_texts({"label": rule.label}), "kind": rule.kind}
    if rule.kind == "percent":
        data["percent"] = rule.percent.text
    elif rule.kind == "steps":
        data |= {"steps": [_band(band) for band in rule.bands], "graduated": rule.graduated}
    else:
        data["amount"] = rule.amount
    if rule.kind in ("percent", "steps"):
        data["base"] = rule.base
    data |= _given({"min": rule.least, "max": rule.most})
    return data | {"before_split": rule.before_split} | ({"match": _match(rule.match)} if rule.match != Match() else {})


def _band(band: Band) -> dict[str, Any]:
    return {"from": band.start} | ({"percent": band.percent.text} if band.percent else {"amount": band.amount})


def _match(match: Match) -> dict[str, Any]:
    days = {"from": match.since and match.since.isoformat(), "until": match.until and match.until.isoformat()}
    return _given({"category": match.category, "seller": match.seller} | days)


def _texts(texts: Mapping[str, Bilingual | None]) -> dict[str, Any]:
    return {key: {"zh": both.zh, "en": both.en} for key, both in texts.items() if both}


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
