"""Names, day and the words of the grades; and the whole text, for everything that no form shows."""

from dataclasses import dataclass

from flask import redirect

from appraisal.standards.models import StandardVersion
from appraisal.standards.queries import read_stored
from appraisal.versions.fit_rules import MOST_BYTES
from appraisal.versions.forms import HeadForm, TextForm
from appraisal.versions.typed import blame, fill_head, head_rows
from appraisal.versions.views import blueprint
from appraisal.versions.views.checks import at_field
from appraisal.versions.views.common import Head, get_draft, head_of, path_of, raw_of, save, save_text, told
from core.access import needs
from core.data_files import BadDataFile
from core.errors import Invalid
from core.i18n import N_
from core.page import Page


@dataclass(frozen=True, kw_only=True)
class HeadPage(Page):
    template = "appraisal/versions/head.html"
    head: Head
    form: HeadForm
    grades: list[str]


def _head_page(row: StandardVersion, form: HeadForm, status: int = 200) -> object:
    standard = read_stored(row)
    codes = [str(grade.code) for grade in (*standard.scale, standard.undetermined, standard.refused)]
    return HeadPage(head=head_of(row, standard), form=form, grades=codes).answer(status)


@blueprint.get("/<standard_id>/<int:version>/draft/head")
@needs("appraisal:standard:edit", on=get_draft)
def edit_head(row: StandardVersion) -> object:
    form = HeadForm(formdata=None)
    fill_head(form, raw_of(row), read_stored(row))
    return _head_page(row, form)


@blueprint.post("/<standard_id>/<int:version>/draft/head")
@needs("appraisal:standard:edit", on=get_draft)
def save_head(row: StandardVersion) -> object:
    form, path = HeadForm(), path_of(row)
    if not form.validate_on_submit():
        return _head_page(row, form, 422)
    try:
        save(row, head_rows(form, raw_of(row)))
    except Invalid as no:
        blame(form, no)
        return _head_page(row, form, no.status)
    except BadDataFile as problem:
        at_field(form, problem, "")
        return _head_page(row, form, 422)
    return redirect(path, 303)


@dataclass(frozen=True, kw_only=True)
class TextPage(Page):
    template = "appraisal/versions/text.html"
    head: Head
    form: TextForm


@blueprint.get("/<standard_id>/<int:version>/draft/text")
@needs("appraisal:standard:edit", on=get_draft)
def edit_text(row: StandardVersion) -> object:
    return TextPage(head=head_of(row, read_stored(row)), form=TextForm(formdata=None, data={"body": row.body})).answer()


@blueprint.post("/<standard_id>/<int:version>/draft/text")
@needs("appraisal:standard:edit", on=get_draft)
def save_body(row: StandardVersion) -> object:
    """The file, where one was chosen, else what was pasted."""
    form, path, head, body = TextForm(), path_of(row), head_of(row, read_stored(row)), ""
    try:
        if not form.validate_on_submit():
            return TextPage(head=head, form=form).answer(422)
        body = _sent(form)
        save_text(row, body)
    except Invalid as no:
        form.blame(no)
        return TextPage(head=head, form=form).answer(no.status)
    except BadDataFile as problem:
        form.body.errors = [*form.body.errors, told(problem, body)]
        form.body.data = body if len(body) <= MOST_BYTES else ""
        return TextPage(head=head, form=form).answer(422)
    return redirect(path, 303)


def _sent(form: TextForm) -> str:
    """Raises Invalid for nothing at all and for a file that isn't text."""
    file = form.file.data
    if file is not None and file.filename:
        raw = file.read(MOST_BYTES * 2 + 1)
        try:
            return str(raw.decode("utf-8"))
        except UnicodeDecodeError:
            raise Invalid("not_text", N_("This file isn't UTF-8 text."), field="file") from None
    if not (form.body.data or "").strip():
        raise Invalid("no_text", N_("Paste the whole text, or choose a file."), field="body")
    return str(form.body.data)
