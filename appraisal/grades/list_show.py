"""The check-list as one long page, for a desk: area by area, with the places where numbers are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g
from flask_babel import gettext as _

from appraisal.grades import number_answers, number_show
from appraisal.grades.checklist_show import NOT_TESTED, checklist_form, numbers_of
from appraisal.grades.guide_queries import newest
from appraisal.grades.models import Appraisal
from appraisal.grades.number_show import LookShown, NumbersShown
from appraisal.identity.places import Fed
from appraisal.standards.effect_words import METHODS
from appraisal.standards.queries import standard_of
from appraisal.standards.standard import Check, Standard
from core import clock
from core.data_files import text as words
from core.forms import Form
from core.goods.cards import get_card
from core.goods.describe import thing_name
from core.goods.models import Item
from core.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One check as the page shows it. `view`: the photo it needs, or empty. `needed`: without it there is no grade. `numbers`:
    the places that answer it; `look`: what lists say of it."""

    check: Check
    question: str
    method: str
    view: str
    needed: bool
    numbers: NumbersShown | None
    look: LookShown | None


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


def list_form(standard: Standard, item: Item, answers: Mapping[str, Any] | None = None) -> Form:
    """A field a check; for things with numbers the fields of each place, and where one looked a number up oneself."""
    fed = number_answers.fed_of(standard, item)
    if fed is None:
        return checklist_form(standard.checks, answers)
    return checklist_form(standard.checks, answers, {**number_show.number_fields(fed), **number_show.look_fields()})


def list_page(made: Appraisal, form: Form, status: int = 200) -> object:
    """`form.seen` is told anew: whoever sends the list again has read what another device said."""
    form["seen"].data = newest(g.db, made.id)
    standard, item = standard_of(g.db, made), g.db.get_one(Item, made.item_id)
    areas = _areas(made, item, standard, form)
    return ListPage(
        form=form, made_id=made.id, number=made.number, thing=thing_name(item, g.language), numbers=numbers_of(item),
        standard=f"{words(standard.names, g.language)} · v{standard.version}",
        standard_path=f"/standards/{standard.id}/{standard.version}", areas=areas,
        done=sum(area.done for area in areas), total=len(standard.checks),
    ).answer(status)  # fmt: skip


def _areas(made: Appraisal, item: Item, standard: Standard, form: Form) -> list[AreaShown]:
    """One area is open at a time, so that a phone shows little at once; nothing that went wrong is folded away."""
    fed = number_answers.fed_of(standard, item)
    wrong = {check.code for check in standard.checks if _is_wrong(form, check, standard, fed)}
    shown, begun = [], bool(wrong)
    for area in standard.areas:
        checks = standard.checks_of(area.code)
        done = sum(1 for check in checks if form[check.code].data or (_by_numbers(check, fed) and made.answers.get(check.code)))
        here = any(check.code in wrong for check in checks) or (not begun and done < len(checks))
        begun = begun or here
        asked = [_asked(made, item, standard, fed, check, form) for check in checks]
        shown.append(AreaShown(code=area.code, name=words(area.name, g.language), checks=asked, done=done, open=here))
    return shown


def _by_numbers(check: Check, fed: Fed | None) -> bool:
    return fed is not None and fed.check == check.code


def _is_wrong(form: Form, check: Check, standard: Standard, fed: Fed | None) -> bool:
    names = [check.code]
    if fed is not None and _by_numbers(check, fed):
        names += number_show.number_fields(fed)
    if number_answers.list_check(standard, check.code):
        names += number_show.look_fields()
    return any(form[name].errors for name in names)


def _asked(made: Appraisal, item: Item, standard: Standard, fed: Fed | None, check: Check, form: Form) -> Asked:
    photo = get_card(item.category).find_photo(check.photo) if check.photo else None
    one, numbers = number_answers.list_check(standard, check.code), None
    if fed is not None and _by_numbers(check, fed):
        numbers = number_show.numbers_shown(made, item, standard, fed, form)
        choices = number_show.by_hand_choices(fed, check)
        form[check.code].choices = [*choices, (NOT_TESTED, _("By the numbers, or not tested"))]
        form[check.code].data = form[check.code].data if form[check.code].data in fed.by_hand else NOT_TESTED
    return Asked(
        check=check, question=words(check.question, g.language),
        method=_(METHODS[check.method]), view=words(photo.prompt, g.language) if photo else "", needed=check.required,
        numbers=numbers,
        look=number_show.look_shown(made, item, one, clock.now()) if one else None,
    )  # fmt: skip
