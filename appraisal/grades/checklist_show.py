"""The guided check-list: one form with a field a check, and its page, area by area."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import g
from flask_babel import gettext as _
from wtforms import Field, HiddenField, RadioField, StringField
from wtforms.validators import Length

from appraisal.grades import rules
from appraisal.grades.guide_queries import newest
from appraisal.grades.models import Appraisal
from appraisal.grades.report_show import thing_name
from appraisal.standards.effect_words import METHODS
from appraisal.standards.queries import standard_of
from appraisal.standards.standard import Check, Standard
from core.data_files import text as words
from core.errors import Invalid
from core.forms import Form
from core.goods.cards import Card, get_card
from core.goods.models import Item
from core.i18n import N_
from core.page import Page

NOT_TESTED = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One check as the page shows it. `view`: the photo it needs, or empty. `needed`: without it there is no grade."""

    check: Check
    method: str
    view: str
    needed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaShown:
    """`open`: the first area with something left, and every one in which an answer was wrong."""

    code: str
    name: str
    checks: list[Asked]
    done: int
    open: bool

    @property
    def complete(self) -> bool:
        return self.done == len(self.checks)


@dataclass(frozen=True, kw_only=True)
class ListPage(Page):
    template = "appraisal/checklist.html"
    form: Form
    made_id: str
    number: str
    thing: str
    numbers: list[str]
    standard: str
    standard_path: str
    areas: list[AreaShown]
    done: int
    total: int


def numbers_of(item: Item) -> list[str]:
    return [one.masked for one in item.identifiers if one.live]


def checklist_form(checks: Iterable[Check], answers: Mapping[str, Any] | None = None, **more: Any) -> Form:
    """A form with one field a check; "not tested" is an answer of its own."""
    fields: dict[str, Field] = {"seen": HiddenField()}
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


def list_page(made: Appraisal, form: Form, status: int = 200) -> object:
    """`form.seen` is told anew: whoever sends the list again has read what another device said."""
    form["seen"].data = newest(g.db, made.id)
    standard, item = standard_of(g.db, made), g.db.get_one(Item, made.item_id)
    areas = _areas(standard, get_card(item.category), form)
    return ListPage(
        form=form, made_id=made.id, number=made.number, thing=thing_name(item), numbers=numbers_of(item),
        standard=f"{words(standard.names, g.language)} · v{standard.version}",
        standard_path=f"/standards/{standard.id}/{standard.version}", areas=areas,
        done=sum(area.done for area in areas), total=len(standard.checks),
    ).answer(status)  # fmt: skip


def _areas(standard: Standard, card: Card, form: Form) -> list[AreaShown]:
    """One area is open at a time, so that a phone shows little at once; nothing that went wrong is folded away."""
    shown, begun = [], any(form[check.code].errors for check in standard.checks)
    for area in standard.areas:
        checks = standard.checks_of(area.code)
        done = sum(1 for check in checks if form[check.code].data)
        here = any(form[check.code].errors for check in checks) or (not begun and done < len(checks))
        begun = begun or here
        asked = [_asked(check, card) for check in checks]
        shown.append(AreaShown(code=area.code, name=words(area.name, g.language), checks=asked, done=done, open=here))
    return shown


def _asked(check: Check, card: Card) -> Asked:
    photo = card.find_photo(check.photo) if check.photo else None
    view = words(photo.prompt, g.language) if photo else ""
    return Asked(check=check, method=_(METHODS[check.method]), view=view, needed=check.required)
