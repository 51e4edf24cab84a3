"""Findings that count together (a cap over several checks): changed, added, taken out."""

from dataclasses import dataclass

from flask import g, redirect, request

from appraisal.standards.models import StandardVersion
from appraisal.standards.queries import read_stored
from appraisal.versions.forms import CountForm
from appraisal.versions.typed import blame, count_row, fill_count
from appraisal.versions.views import blueprint
from appraisal.versions.views.checks import at_field
from appraisal.versions.views.common import Head, Raw, get_count, get_draft, head_of, path_of, raw_of, save
from core.access import needs
from core.data_files import BadDataFile
from core.errors import Invalid
from core.page import Page


@dataclass(frozen=True, kw_only=True)
class CountPage(Page):
    template = "appraisal/versions/count.html"
    head: Head
    code: str
    form: CountForm


def _page(row: StandardVersion, code: str, form: CountForm, status: int = 200) -> object:
    standard = read_stored(row)
    form.offer(standard, g.language)
    return CountPage(head=head_of(row, standard), code=code, form=form).answer(status)


@blueprint.get("/<standard_id>/<int:version>/draft/counts/<count_code>")
@needs("appraisal:standard:edit", on=get_count)
def edit_count(row: StandardVersion) -> object:
    form = CountForm(formdata=None)
    fill_count(form, next(one for one in raw_of(row)["counts"] if one["code"] == g.count_code))
    return _page(row, g.count_code, form)


@blueprint.post("/<standard_id>/<int:version>/draft/counts/<count_code>")
@needs("appraisal:standard:edit", on=get_count)
def save_count(row: StandardVersion) -> object:
    form, data = CountForm(), raw_of(row)
    at = next(number for number, one in enumerate(data["counts"]) if one["code"] == g.count_code)
    if request.form.get("what") == "remove":
        return _saved(
            row, form, data | {"counts": [one for one in data["counts"] if one["code"] != g.count_code]}, at, g.count_code
        )
    return _changed(row, form, data, at, g.count_code)


@blueprint.get("/<standard_id>/<int:version>/draft/new-count")
@needs("appraisal:standard:edit", on=get_draft)
def new_count(row: StandardVersion) -> object:
    return _page(row, "", CountForm(formdata=None))


@blueprint.post("/<standard_id>/<int:version>/draft/new-count")
@needs("appraisal:standard:edit", on=get_draft)
def add_count(row: StandardVersion) -> object:
    data = raw_of(row)
    return _changed(row, CountForm(), data, len(data.get("counts", [])), "")


def _changed(row: StandardVersion, form: CountForm, data: Raw, at: int, code: str) -> object:
    counts = list(data.get("counts", []))
    form.offer(read_stored(row), g.language)
    if not form.validate_on_submit():
        return _page(row, code, form, 422)
    try:
        counts[at : at + 1] = [count_row(form, counts[at] if code else None)]
    except Invalid as no:
        blame(form, no)
        return _page(row, code, form, no.status)
    return _saved(row, form, data | {"counts": counts}, at, code)


def _saved(row: StandardVersion, form: CountForm, data: Raw, at: int, code: str) -> object:
    path = path_of(row)
    try:
        save(row, data)
    except BadDataFile as problem:
        at_field(form, problem, f"counts[{at + 1}]")
        return _page(row, code, form, 422)
    return redirect(path, 303)
