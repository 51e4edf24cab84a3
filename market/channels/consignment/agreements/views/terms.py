"""The manager's pages: terms in every version, an editor, the text they give, a worked example, what a new version changes."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, redirect, request
from flask_babel import gettext as _

from core.access import may, needs, visitor
from core.db import get_locked
from core.doing import doing, done
from core.errors import Invalid
from core.page import Page
from core.people.choosing import Words, choose_place
from core.people.models import Organisation
from core.people.names import shown_org
from market.channels.consignment.agreements import queries, templating
from market.channels.consignment.agreements.access import DESK, load_shop, load_template
from market.channels.consignment.agreements.differences import Difference, blanks, differences
from market.channels.consignment.agreements.forms import ExampleForm, NewForm, TermsForm
from market.channels.consignment.agreements.models import TermsTemplate
from market.channels.consignment.agreements.typed import Typed, add_blanks, fill
from market.channels.consignment.agreements.views import blueprint
from market.channels.consignment.agreements.views.parts import (
    ExampleShown,
    TemplateShown,
    TextShown,
    example,
    shown_template,
    text_of,
)

_WRITE = "market:consignment_terms:write"


@blueprint.get("/consignment/agreements")
@needs("market:agreement_shops:list")
def show_shops() -> object:
    return choose_place(DESK, ("shop",), "/consignment/{}/agreements".format, Words(
        title=_("Consignment agreements"), lead=_("Choose the shop at whose counter you work now."),
        none=_("No shop of yours takes consignments"), text=_("Only second-hand and consignment shops make such agreements."),
    ))  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class TemplatesPage(Page):
    template = "market/consignment_agreement_templates.html"
    org_id: str
    name: str
    form: NewForm
    rows: Sequence[TemplateShown]
    writes: bool


@blueprint.get("/consignment/<org_id>/templates")
@needs("market:consignment_terms:read", on=load_shop)
def show_templates(org: Organisation) -> object:
    return TemplatesPage(
        org_id=org.id, name=shown_org(org, g.language), form=NewForm(),
        rows=[shown_template(one) for one in queries.templates_of(g.db, org.id)], writes=may(visitor(), _WRITE, org),
    ).answer()  # fmt: skip


@blueprint.post("/consignment/<org_id>/templates")
@needs("market:consignment_terms:write", on=load_shop)
def begin(org: Organisation) -> object:
    org_id, form = org.id, NewForm()
    with doing() as w:
        made = templating.begin(w, org_id, form.key()).id
    return done(
        _("A draft by local custom. Change what is different with you, then put it into use."),
        f"/consignment/{org_id}/templates/{made}/edit",
    )


@dataclass(frozen=True, kw_only=True)
class TemplatePage(Page):
    """`changes`: against the version in use before, None for a first one; `before`: its number."""

    template = "market/consignment_agreement_template.html"
    org_id: str
    name: str
    shown: TemplateShown
    draft: bool
    active: bool
    writes: bool
    text: TextShown
    example: ExampleShown
    blanks: Sequence[str]
    changes: Sequence[Difference] | None
    before: int


@blueprint.get("/consignment/<org_id>/templates/<template_id>")
@needs("market:consignment_terms:read", on=load_template)
def show_template(row: TermsTemplate) -> object:
    terms, old = queries.terms_of(row), queries.before(g.db, row)
    form = ExampleForm(request.args)
    path = f"/consignment/{row.org_id}/templates/{row.id}"
    changes = differences(queries.terms_of(old), terms, g.language) if old else None
    return TemplatePage(
        org_id=row.org_id, name=shown_org(row.org, g.language), shown=shown_template(row), draft=row.state == "draft",
        active=row.state == "active", writes=may(visitor(), _WRITE, row), text=text_of(terms, path, request.args.get("text", "")),
        example=example(terms, form), blanks=blanks(terms, g.language), changes=changes, before=old.version if old else 0,
    ).answer()  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class EditPage(Page):
    template = "market/consignment_agreement_edit.html"
    org_id: str
    name: str
    shown: TemplateShown
    form: TermsForm


def _edit_page(row: TermsTemplate, form: TermsForm, status: int = 200) -> object:
    add_blanks(form)
    form.offer(g.language)
    return EditPage(org_id=row.org_id, name=shown_org(row.org, g.language), shown=shown_template(row), form=form).answer(status)


@blueprint.get("/consignment/<org_id>/templates/<template_id>/edit")
@needs("market:consignment_terms:write", on=load_template)
def edit(row: TermsTemplate) -> object:
    if row.state != "draft":
        return redirect(f"/consignment/{row.org_id}/templates/{row.id}", 303)
    form = TermsForm(formdata=None)
    fill(form, queries.terms_of(row))
    return _edit_page(row, form)


@blueprint.post("/consignment/<org_id>/templates/<template_id>/edit")
@needs("market:consignment_terms:write", on=load_template)
def save(row: TermsTemplate) -> object:
    """Everything typed stays on the page; what law or sense forbids is told at its field, with the source."""
    templating.still_draft(row)
    form, row_id, org_id = TermsForm(), row.id, row.org_id
    if not form.validate_on_submit():
        return _edit_page(row, form, 422)
    typed = Typed(form)
    if typed.wrong:
        return _edit_page(row, form, 422)
    try:
        with doing() as w:
            templating.write(w, get_locked(w.session, TermsTemplate, row_id), typed.data)
    except Invalid:
        row = load_template(g.db, org_id, row_id)
        for no in templating.wrongs(row, typed.data):
            typed.blame(no)
        return _edit_page(row, form, 422)
    return done(
        _("The draft is saved. Look at its text and its example, then put it into use."),
        f"/consignment/{org_id}/templates/{row_id}",
    )


@blueprint.post("/consignment/<org_id>/templates/<template_id>/activate")
@needs("market:consignment_terms:write", on=load_template)
def activate(row: TermsTemplate) -> object:
    row_id, org_id = row.id, row.org_id
    with doing() as w:
        templating.activate(w, get_locked(w.session, TermsTemplate, row_id))
    return done(_("It is in use. Its text stands, and everybody can read it."), f"/consignment/{org_id}/templates/{row_id}")


@blueprint.post("/consignment/<org_id>/templates/<template_id>/revise")
@needs("market:consignment_terms:write", on=load_template)
def revise(row: TermsTemplate) -> object:
    row_id, org_id = row.id, row.org_id
    with doing() as w:
        made = templating.revise(w, get_locked(w.session, TermsTemplate, row_id)).id
    return redirect(f"/consignment/{org_id}/templates/{made}/edit", 303)


@blueprint.post("/consignment/<org_id>/templates/<template_id>/retire")
@needs("market:consignment_terms:write", on=load_template)
def retire(row: TermsTemplate) -> object:
    row_id, org_id = row.id, row.org_id
    with doing() as w:
        templating.retire(w, get_locked(w.session, TermsTemplate, row_id))
    return done(
        _("It is out of use. Agreements that were signed on it still go by it."), f"/consignment/{org_id}/templates", "info"
    )


@blueprint.post("/consignment/<org_id>/templates/<template_id>/withdraw")
@needs("market:consignment_terms:write", on=load_template)
def withdraw(row: TermsTemplate) -> object:
    row_id, org_id = row.id, row.org_id
    with doing() as w:
        templating.withdraw(w, get_locked(w.session, TermsTemplate, row_id))
    return done(_("The draft was given up."), f"/consignment/{org_id}/templates", "info")
