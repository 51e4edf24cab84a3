"""One check of a draft: its words, answers, limits, and what leaving it out leads to; a new check; one taken out."""

import re
from dataclasses import dataclass

from flask import g, redirect, request
from flask_babel import gettext as _

from appraisal.standards.models import StandardVersion
from appraisal.standards.queries import read_stored
from appraisal.versions import saying
from appraisal.versions.forms import CheckForm, NewCheckForm
from appraisal.versions.typed import add_blanks, blame, check_row, fill_check, new_check_row
from appraisal.versions.views import blueprint
from appraisal.versions.views.common import Head, Raw, get_check, get_draft, head_of, path_of, raw_of, save, views_shown
from core.access import needs
from core.data_files import BadDataFile
from core.data_files import text as words
from core.errors import Invalid
from core.page import Page

FIELDS = {
    "limits": "answers",
    "gate": "answers",
    "ungraded": "answers",
    "disclose": "answers",
    "values": "answers",
    "untested_limit": "untested",
    "when_missing": "untested",
    "untested_as": "untested",
    "optional": "untested",
    "required": "untested",
    "bands": "bands",
    "least": "least",
    "most": "most",
    "unit": "unit",
    "photo": "photo",
    "axis": "axis",
    "area": "area",
    "code": "code",
}
"""Key of a check's row -> the form's field at which it is blamed."""
_KEY = re.compile(r"\.?([a-z_]*)(?:\[(\d+)\])?")  # of what follows the check's own place: .bands[2].limit


@dataclass(frozen=True, kw_only=True)
class CheckPage(Page):
    template = "appraisal/versions/check.html"
    head: Head
    code: str
    name: str
    kind: str
    shared: str
    form: CheckForm
    counted_in: list[str]


def _row_of(data: Raw, code: str) -> Raw:
    return next(row for row in data["checks"] if row["code"] == code)


def _page(row: StandardVersion, code: str, form: CheckForm, status: int = 200) -> object:
    standard, raw = read_stored(row), _row_of(raw_of(row), code)
    check = standard.find_check(code)
    assert check is not None
    add_blanks(form, check, "value_set" not in raw)
    form.offer(standard, views_shown(row.standard), g.language)
    return CheckPage(
        head=head_of(row, standard),
        code=code,
        name=words(check.name, g.language),
        kind=check.kind,
        shared=raw.get("value_set", ""),
        form=form,
        counted_in=[words(count.outcome.text, g.language) for count in standard.counts if code in count.checks],
    ).answer(status)


@blueprint.get("/<standard_id>/<int:version>/draft/checks/<check_code>")
@needs("appraisal:standard:edit", on=get_check)
def edit_check(row: StandardVersion) -> object:
    code, form = g.check_code, CheckForm(formdata=None)
    check = read_stored(row).find_check(code)
    assert check is not None
    fill_check(form, _row_of(raw_of(row), code), check)
    return _page(row, code, form)


@blueprint.post("/<standard_id>/<int:version>/draft/checks/<check_code>")
@needs("appraisal:standard:edit", on=get_check)
def save_check(row: StandardVersion) -> object:
    """Save it, or take it out of the draft; a form that counts findings together forgets it then."""
    code, form, data = g.check_code, CheckForm(), raw_of(row)
    check = read_stored(row).find_check(code)
    assert check is not None
    if not form.validate_on_submit():
        return _page(row, code, form, 422)
    path, place = path_of(row), f"checks[{[one['code'] for one in data['checks']].index(code) + 1}]"
    try:
        if request.form.get("what") == "remove":
            save(row, without(data, code))
            return redirect(path, 303)
        raw = _row_of(data, code)
        save(row, data | {"checks": [check_row(form, raw, check) if one is raw else one for one in data["checks"]]})
    except Invalid as no:
        blame(form, no)
        return _page(row, code, form, no.status)
    except BadDataFile as problem:
        at_field(form, problem, place)
        return _page(row, code, form, 422)
    return redirect(f"{path}#{code}", 303)


def without(data: Raw, code: str) -> Raw:
    """The values of a text without one check, also where it was counted. An area without checks goes, too."""
    gone = _row_of(data, code)
    checks = [row for row in data["checks"] if row is not gone]
    counts = [count | {"checks": [one for one in count["checks"] if one != code]} for count in data.get("counts", [])]
    areas = [area for area in data["areas"] if any(row["area"] == area["code"] for row in checks)]
    return data | {"checks": checks, "areas": areas} | ({"counts": counts} if counts else {})


def at_field(form: object, problem: BadDataFile, place: str) -> None:
    """The loader's word at the field that it is about, else at the top of the form."""
    found = _KEY.match(problem.place.removeprefix(place)) if problem.place.startswith(place) else None
    key, row = found.groups() if found else ("", None)
    field = getattr(form, FIELDS.get(key, key) or "no_field", None)
    if field is None:
        form.problems.append(saying.wrong(problem, g.language))  # type: ignore[attr-defined]
    else:
        said = saying.remedy(problem, g.language)
        field.errors = [*field.errors, _("no. %(n)s: %(said)s", n=row, said=said) if row else said]


@dataclass(frozen=True, kw_only=True)
class NewCheckPage(Page):
    template = "appraisal/versions/new_check.html"
    head: Head
    form: NewCheckForm


def _new_page(row: StandardVersion, form: NewCheckForm, status: int = 200) -> object:
    standard = read_stored(row)
    form.offer(standard, g.language)
    return NewCheckPage(head=head_of(row, standard), form=form).answer(status)


@blueprint.get("/<standard_id>/<int:version>/draft/new-check")
@needs("appraisal:standard:edit", on=get_draft)
def new_check(row: StandardVersion) -> object:
    return _new_page(row, NewCheckForm(formdata=None))


@blueprint.post("/<standard_id>/<int:version>/draft/new-check")
@needs("appraisal:standard:edit", on=get_draft)
def add_check(row: StandardVersion) -> object:
    form, data = NewCheckForm(), raw_of(row)
    path = path_of(row)
    if not form.validate_on_submit():
        return _new_page(row, form, 422)
    try:
        added = new_check_row(form)
        save(row, data | {"checks": [*data["checks"], added]})
    except Invalid as no:
        blame(form, no)
        return _new_page(row, form, no.status)
    except BadDataFile as problem:
        at_field(form, problem, f"checks[{len(data['checks']) + 1}]")
        return _new_page(row, form, 422)
    return redirect(f"{path}/checks/{added['code']}", 303)
