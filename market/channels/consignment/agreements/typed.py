"""Between the form's rows and the terms' JSON, and the way back of an error to the field that it is about."""

import re
from typing import Any

from flask import g
from flask_babel import gettext as _

from core.errors import Invalid
from core.i18n import told
from core.money import CNY, BadAmount, Money, parse_yuan
from core.web import sentence
from market.channels.consignment.agreements.forms import TermsForm
from market.channels.consignment.agreements.law_rules import plain_rule
from market.channels.consignment.agreements.terms import KIND, Terms
from market.ledger.fees.policy import COMMISSION

BLANKS = 2
CHARGES = ("storage_day", "storage_cap", "cleaning", "appraisal", "wiping", "return_freight")
# places of the terms' JSON and the form's fields
_FIELDS = {
    "title.zh": "title_zh", "title.en": "title_en", "title": "title_zh",
    "price.authority": "authority", "price.percent": "lower_percent",
    "price.after_days": "lower_after", "remuneration.kind": "pay", "remuneration.policy.discount_absorbed_by": "absorber",
    "remuneration.span.least": "span_least", "remuneration.span.most": "span_most",
    "term.days": "days", "term.least": "days_least",
    "term.most": "days_most", "term.grace_days": "grace_days",
    "payment.hold_days": "hold_days", "payment.within_days": "within_days",
    "payment.least": "least_paid", "dispute.way": "dispute", "dispute.place.zh": "place_zh", "dispute.place.en": "place_en",
    "loss": "loss", "costs": "costs", "notice_days": "notice_days",
    "remarks.zh": "remarks_zh", "remarks.en": "remarks_en", "remarks": "remarks_zh", **{f"charges.{one}": one for one in CHARGES},
}  # fmt: skip
_WIDE = str.maketrans({0xFF10 + i: str(i) for i in range(10)} | {0xFF05: "", 0x25: "", 0x3002: ".", 0xFF0E: "."})


def fill(form: TermsForm, terms: Terms) -> None:
    """Write terms into the form."""
    price, pay, term, charges = terms.price, terms.pay, terms.term, terms.charges
    values: dict[str, Any] = {
        "title_zh": terms.title.zh, "title_en": terms.title.en, "authority": price.authority,
        "lower_percent": price.percent or "",
        "lower_after": price.after_days or "", "pay": pay.kind, "absorber": pay.policy.absorber, "days": term.days,
        "days_least": term.least, "days_most": term.most, "grace_days": term.grace_days, "costs": terms.costs, "loss": terms.loss,
        "hold_days": terms.paying.hold_days, "within_days": terms.paying.within_days, "least_paid": _yuan(terms.paying.least),
        "notice_days": terms.notice_days, "dispute": terms.dispute.way, "place_zh": terms.dispute.place.zh,
        "place_en": terms.dispute.place.en, "remarks_zh": terms.remarks.zh if terms.remarks else "",
        "remarks_en": terms.remarks.en if terms.remarks else "", **{one: _yuan(getattr(charges, one)) for one in CHARGES},
        "span_least": pay.span[0] if pay.span else "", "span_most": pay.span[1] if pay.span else "",
    }  # fmt: skip
    for name, value in values.items():
        form[name].data = str(value)
    form.lien.data, form.self_purchase.data, form.answers.data = terms.lien, terms.self_purchase, terms.answers_for_buyer
    _fill_rules(form, terms)
    for step in terms.markdown:
        form.steps.append_entry({"day": str(step.day), "percent": str(step.percent)})
    for one in terms.unsold:
        form.ways.append_entry({"way": one.way, "notice_days": str(one.notice_days)})


def _fill_rules(form: TermsForm, terms: Terms) -> None:
    plain = plain_rule(terms)
    if plain is not None:
        form.percent.data = plain.percent.text
        form.least.data, form.most.data = _yuan(plain.least), _yuan(plain.most)
    for rule in terms.pay.policy.rules:
        if rule.kind == "steps":
            for band in rule.bands:
                form.bands.append_entry({"start": _yuan(band.start), "percent": band.percent.text if band.percent else ""})
        elif rule.match.category:
            form.kinds.append_entry({"category": rule.match.category, "percent": rule.percent.text})


def _yuan(minor: int | None) -> str:
    return "" if minor is None else Money(minor, CNY).plain()


def add_blanks(form: TermsForm) -> None:
    """Every list has room for more."""
    for rows, most in ((form.bands, 6), (form.kinds, 8), (form.steps, 12), (form.ways, 5)):
        filled = sum(1 for row in rows if any(_text(one) for one in row.form))
        while len(rows) < min(most, filled + BLANKS):
            rows.append_entry()


def _text(field: Any) -> str:
    return str(field.data or "").strip()


class Typed:
    """The form as JSON. `wrong` when a number can't be read, with the error at its field."""

    def __init__(self, form: TermsForm) -> None:
        self.form, self.wrong, self.places = form, False, dict(_FIELDS)
        price: dict[str, Any] = {"authority": form.authority.data, "floor": "reserve"}
        if form.authority.data == "lower":
            price |= {"percent": self.count(form.lower_percent), "after_days": self.count(form.lower_after)}
        days = self.count(form.days)
        remarks = {"zh": _text(form.remarks_zh) or None, "en": _text(form.remarks_en) or None}
        self.data: dict[str, Any] = {
            "kind": KIND, "format": 1, "custom": True, "price": price,
            "title": {"zh": _text(form.title_zh), "en": _text(form.title_en)},
            "remuneration": self.pay(),
            "term": {"days": days, "least": self.count(form.days_least, days), "most": self.count(form.days_most, days),
                     "grace_days": self.count(form.grace_days)},
            "markdown": self.steps(), "unsold": self.ways(), "charges": {one: self.amount(form[one]) for one in CHARGES},
            "loss": form.loss.data,
            "payment": {"hold_days": self.count(form.hold_days), "within_days": self.count(form.within_days),
                        "least": self.amount(form.least_paid)},
            "lien": bool(form.lien.data), "self_purchase": bool(form.self_purchase.data),
            "answers_for_buyer": bool(form.answers.data),
            "costs": form.costs.data, "notice_days": self.count(form.notice_days),
            "dispute": {"way": form.dispute.data, "place": {"zh": _text(form.place_zh), "en": _text(form.place_en)}},
            "remarks": remarks if any(remarks.values()) else None,
        }  # fmt: skip

    def pay(self) -> dict[str, Any]:
        form, net = self.form, self.form.pay.data == "net"
        span = {"least": _percent(form.span_least), "most": _percent(form.span_most)}
        return {
            "kind": form.pay.data, "span": span if any(span.values()) and not net else None,
            "policy": {
                "id": "consignment", "version": 1, "currency": CNY, "negative_payout": "clamp", "lost_items": "paid",
                "rounding": {"mode": "half_up", "on": "commission", "per": "line"},
                "discount_absorbed_by": form.absorber.data, "rules": [] if net else self.rules(),
            },
        }  # fmt: skip

    def rules(self) -> list[dict[str, Any]]:
        """The plain percentage, or steps in its place; then kinds of things with one of their own."""
        form, rules, at = self.form, list[dict[str, Any]](), "remuneration.policy.rules"
        bands = [row.form for row in form.bands if _text(row.form.start) or _text(row.form.percent)]
        if bands:
            steps = [{"from": self.amount(one.start), "percent": _percent(one.percent)} for one in bands]
            rules.append({"name": COMMISSION, "kind": "steps", "steps": steps, "graduated": True})
            for nth, one in enumerate(bands):
                self.places |= {f"{at}[0].steps[{nth}].from": one.start, f"{at}[0].steps[{nth}].percent": one.percent}
            self.places[f"{at}[0].percent"] = bands[0].percent
        elif _percent(form.percent):
            limits = {
                key: self.amount(field) if _text(field) else None for key, field in (("min", form.least), ("max", form.most))
            }
            rules.append({"name": COMMISSION, "kind": "percent", "percent": _percent(form.percent), **limits})
            self.places |= {f"{at}[0].percent": form.percent, f"{at}[0].min": form.least, f"{at}[0].max": form.most}
        for row in (row.form for row in form.kinds if _text(row.form.category)):
            self.places[f"{at}[{len(rules)}].percent"] = row.percent
            self.places[f"{at}[{len(rules)}]"] = row.category
            rules.append(
                {
                    "name": COMMISSION,
                    "kind": "percent",
                    "percent": _percent(row.percent),
                    "match": {"category": row.category.data},
                }
            )
        return rules

    def steps(self) -> list[dict[str, Any]]:
        rows = [row.form for row in self.form.steps if _text(row.form.day) or _text(row.form.percent)]
        for nth, row in enumerate(rows):
            self.places |= {f"markdown[{nth}].day": row.day, f"markdown[{nth}].percent": row.percent}
        return [{"day": self.count(row.day), "percent": self.count(row.percent)} for row in rows]

    def ways(self) -> list[dict[str, Any]]:
        rows = [row.form for row in self.form.ways if _text(row.form.way)]
        for nth, row in enumerate(rows):
            self.places |= {f"unsold[{nth}].way": row.way, f"unsold[{nth}].notice_days": row.notice_days}
        return [{"way": row.way.data, "notice_days": self.count(row.notice_days)} for row in rows]

    def count(self, field: Any, empty: int = 0) -> int:
        typed = _text(field).translate(_WIDE).strip()
        if not typed:
            return empty
        if re.fullmatch(r"[0-9]{1,6}", typed):
            return int(typed)
        self._blame(field, str(_("Please write a whole number.")))
        return empty

    def amount(self, field: Any) -> int:
        try:
            return parse_yuan(_text(field)).minor if _text(field) else 0
        except BadAmount as no:
            self._blame(field, sentence(no))
            return 0

    def blame(self, no: Invalid) -> None:
        """At the field of its place; of a place that the form doesn't show, above it."""
        field = self.places.get(no.field)
        found = self.form[field] if isinstance(field, str) else field
        if found is None:
            self.form.problems.append(sentence(no))
        else:
            self._blame(found, sentence(no))

    def _blame(self, field: Any, words: str) -> None:
        """Once for the same words; a row's field is named above the form, too, for the form itself knows only its own."""
        self.wrong = True
        if words in field.errors:
            return
        field.errors = [*field.errors, words]
        if field.short_name != field.name:
            self.form.problems.append(told(str(field.label.text), words, str(g.language)))


def _percent(field: Any) -> str | None:
    """12.5, "12.5 %", full-width digits."""
    return _text(field).translate(_WIDE).strip() or None
