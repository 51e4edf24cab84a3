"""Between the form's rows and the policy's JSON, and the way back of an error to the row and field that it is about."""

import re
from typing import Any

from flask_babel import gettext as _

from core.errors import Invalid
from core.money import CNY, BadAmount, Money, parse_yuan
from core.web import sentence
from market.ledger.fees.forms import PolicyForm, RuleForm
from market.ledger.fees.policy import Policy, Rule

# the policy's keys and the form's fields where they are called differently
_FIELDS = {
    "min": "least", "max": "most", "from": "since", "zh": "label_zh", "en": "label_en", "rounding.mode": "mode",
    "rounding.on": "on", "rounding.per": "per", "discount_absorbed_by": "absorber", "discount_shares": "absorber",
    "discount_shares.shop": "shop_share", "discount_shares.seller": "seller_share", "lost_items": "lost", "note.zh": "note_zh",
    "note.en": "note_en",
}  # fmt: skip
_WIDE = str.maketrans({0xFF10 + i: str(i) for i in range(10)} | {0xFF05: "", 0x25: "", 0x3002: ".", 0xFF0E: "."})
BLANK_BANDS = 2


def fill(form: PolicyForm, policy: Policy) -> None:
    """Write a policy into the form."""
    form.mode.data, form.on.data, form.per.data = policy.rounding.mode, policy.rounding.on, policy.rounding.per
    form.absorber.data, form.lost.data = policy.absorber, "paid" if policy.pays_lost else "not_paid"
    form.shop_share.data, form.seller_share.data = map(str, policy.shares)
    form.note_zh.data, form.note_en.data = (policy.note.zh, policy.note.en) if policy.note else ("", "")
    for rule in policy.rules:
        form.rules.append_entry(_row(rule))


def _row(rule: Rule) -> dict[str, Any]:
    return {
        "name": rule.name, "label_zh": rule.label.zh if rule.label else "", "label_en": rule.label.en if rule.label else "",
        "kind": rule.kind, "percent": rule.percent.text if rule.kind == "percent" else "",
        "amount": _yuan(rule.amount) if rule.kind in ("flat", "per_item") else "", "graduated": rule.graduated,
        "bands": [
            {"start": _yuan(band.start), "percent": band.percent.text if band.percent else "", "amount": _yuan(band.amount)}
            for band in rule.bands
        ],
        "least": _yuan(rule.least), "most": _yuan(rule.most), "base": rule.base, "before_split": rule.before_split,
        "category": rule.match.category or "", "seller": rule.match.seller or "",
        "since": rule.match.since.isoformat() if rule.match.since else "",
        "until": rule.match.until.isoformat() if rule.match.until else "",
    }  # fmt: skip


def _yuan(minor: int | None) -> str:
    return "" if minor is None else Money(minor, CNY).plain()


def add_blanks(form: PolicyForm) -> None:
    """Each rule by steps, and each that may become one, has room for more of them."""
    for row in form.rules:
        filled = sum(1 for band in row.form.bands if _any(band.form))
        while len(row.form.bands) < filled + BLANK_BANDS:
            row.form.bands.append_entry()


def _any(band: Any) -> bool:
    return any((one.data or "").strip() for one in (band.start, band.percent, band.amount))


class Typed:
    """The form as JSON; `wrong` when an amount can't be read, with the error at its field."""

    def __init__(self, form: PolicyForm, title: dict[str, str] | None) -> None:
        self.wrong = False
        self.form, self.rows = form, [row.form for row in form.rules if not row.form.remove.data and not _empty(row.form)]
        shares = {"shop": self.count(form.shop_share), "seller": self.count(form.seller_share)}
        note = {"zh": _text(form.note_zh), "en": _text(form.note_en)}
        self.data: dict[str, Any] = {
            "currency": CNY, "title": title, "note": note if any(note.values()) else None,
            "rounding": {"mode": form.mode.data, "on": form.on.data, "per": form.per.data},
            "discount_absorbed_by": form.absorber.data,
            "discount_shares": shares if form.absorber.data == "shared" else None,
            "negative_payout": "clamp", "lost_items": form.lost.data, "rules": [self.rule(row) for row in self.rows],
        }  # fmt: skip

    def rule(self, row: RuleForm) -> dict[str, Any]:
        kind, label = row.kind.data, {"zh": _text(row.label_zh), "en": _text(row.label_en)}
        source: dict[str, Any] = {"amount": self.amount(row.amount)}
        if kind == "percent":
            source = {"percent": _percent(row.percent)}
        elif kind == "steps":
            source = {"steps": [self.band(band.form) for band in _bands(row)], "graduated": row.graduated.data}
        return {
            "name": _text(row.name), "label": label if any(label.values()) else None, "kind": kind, **source,
            "min": self.amount(row.least), "max": self.amount(row.most), "base": row.base.data,
            "before_split": row.before_split.data,
            "match": {"category": _text(row.category), "seller": _text(row.seller), "from": _text(row.since),
                      "until": _text(row.until)},
        }  # fmt: skip

    def band(self, band: Any) -> dict[str, Any]:
        return {"from": self.amount(band.start), "percent": _percent(band.percent), "amount": self.amount(band.amount)}

    def amount(self, field: Any) -> int | None:
        typed = _text(field)
        if typed is None:
            return None
        try:
            return parse_yuan(typed).minor
        except BadAmount as no:
            self.say(field, sentence(no))
            return None

    def say(self, field: Any, words: str) -> None:
        """At the field, and at the top with the rule's number."""
        self.wrong = True
        field.errors = [*field.errors, words]
        number = next((at for at, row in enumerate(self.form.rules, 1) if field.name.startswith(f"{row.name}-")), 0)
        label = str(field.label.text)
        if number:
            label = _("%(one)s, %(other)s", one=_("Rule %(number)s", number=number), other=label)
        self.form.problems.append(_("%(label)s: %(words)s", label=label, words=words))

    def count(self, field: Any) -> int | str | None:
        typed = (_text(field) or "").translate(_WIDE)
        return int(typed) if typed.isascii() and typed.isdigit() else typed or None

    def blame(self, refusal: Invalid) -> None:
        """Show an error of the policy at the row and field it is about, and say at the top which rule it is."""
        found = re.fullmatch(r"rules\[(\d+)\](?:\.steps\[(\d+)\])?(?:\.(?:match\.|label\.)?(\w+))?", refusal.field)
        if not found:
            refusal.field = _FIELDS.get(refusal.field, refusal.field)
            self.form.blame(refusal)
            self.wrong = True
            return
        row, key = self.rows[int(found[1])], found[3] or "name"
        name = _FIELDS.get(key, key)
        if found[2] is not None:
            row, name = _bands(row)[int(found[2])].form, "start" if key == "from" else key
        self.say(row._fields.get("kind" if name == "steps" else name, row._fields.get("name")), sentence(refusal))


def _bands(row: RuleForm) -> list[Any]:
    return [band for band in row.bands if _any(band.form)]


def _empty(row: RuleForm) -> bool:
    fields = (row.name, row.percent, row.amount, row.label_zh, row.label_en)
    return not any((field.data or "").strip() for field in fields) and not _bands(row)


def _text(field: Any) -> str | None:
    return (field.data or "").strip() or None


def _percent(field: Any) -> str | None:
    """12.5, "12.5 %", full-width digits."""
    return (_text(field) or "").translate(_WIDE).strip() or None
