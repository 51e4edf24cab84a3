"""The check-list's form: one field a check, and how it is read."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import g
from flask_babel import gettext as _
from wtforms import Field, HiddenField, RadioField, StringField
from wtforms.validators import Length

from appraisal.grades import rules
from appraisal.standards.standard import Check
from core.data_files import text as words
from core.errors import Invalid
from core.forms import Form
from core.goods.models import Item
from core.i18n import N_

NOT_TESTED = ""


def numbers_of(item: Item) -> list[str]:
    return [one.masked for one in item.identifiers if one.live]


def checklist_form(
    checks: Iterable[Check], answers: Mapping[str, Any] | None = None, beside: Mapping[str, Field] | None = None, **more: Any
) -> Form:
    """A form with one field a check; "not tested" is an answer of its own. `beside`: fields more, by name."""
    fields: dict[str, Field] = {"seen": HiddenField(), **(beside or {})}
    for check in checks:
        label, hint = words(check.question, g.language), words(check.help, g.language)
        if check.kind == "measure":
            fields[check.code] = StringField(label, description=hint, validators=[Length(max=12)])
            continue
        choices = [(value.code, words(value.name, g.language)) for value in check.values]
        choices.append((NOT_TESTED, _("Not tested")))
        fields[check.code] = RadioField(label, choices=choices, description=hint, validate_choice=False, default=NOT_TESTED)
    data = {code: str(value) for code, value in (answers or {}).items() if value is not None}
    return type("ChecklistForm", (Form,), fields)(data=data, **more)  # type: ignore[no-any-return]


def read_inputs(checks: Iterable[Check], form: Form) -> rules.Inputs:
    """The answers as the rules take them; None: not tested. Raises Invalid naming the field."""
    inputs: dict[str, rules.Given | None] = {}
    for check in checks:
        typed = str(form[check.code].data or "").strip()
        inputs[check.code] = _measured(check, typed) if check.kind == "measure" and typed else typed or None
    return inputs


def _measured(check: Check, typed: str) -> Decimal:
    try:
        number = Decimal(typed.rstrip("% "))
    except InvalidOperation as odd:
        raise Invalid("not_a_number", N_("Please enter a plain number."), field=check.code) from odd
    if not number.is_finite() or not check.least <= number <= check.most:
        raise Invalid(
            "out_of_range", N_("A number from %(least)s to %(most)s is possible here."), field=check.code,
            values={"least": str(check.least), "most": str(check.most)},
        )  # fmt: skip
    return number
