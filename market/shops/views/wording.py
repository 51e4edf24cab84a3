"""A shop's own rules: every version for everybody, as text to take along; a new one by its manager."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, g
from flask_babel import gettext as _

from core.access import may, needs, public, visitor
from core.data_files import text as words
from core.doing import doing, done
from core.errors import NotFound, Refused
from core.i18n import say
from core.page import Page
from core.people.models import Organisation
from core.people.names import shown_org
from core.when import exact
from market.shops import queries, standing, wording
from market.shops.access import load_shop
from market.shops.forms import RulesForm
from market.shops.models import ShopRules
from market.shops.views import blueprint
from market.shops.wording import VoidWords


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionShown:
    """`body`: in the reader's language where there is one."""

    version: int
    since: datetime
    body: str


@dataclass(frozen=True, kw_only=True)
class RulesPage(Page):
    template = "market/shop_rules.html"
    org_id: str
    name: str
    versions: Sequence[VersionShown]
    keeps: bool


def load_public(org_id: str) -> Organisation:
    """A shop whose page may be public, or the visitor's own. Raises NotFound."""
    org = queries.get_shop(g.db, org_id)
    if not standing.is_public(g.db, org.id) and not may(visitor(), "market:shop:see", org):
        raise NotFound()
    return org


@blueprint.get("/shops/<org_id>/rules")
@public
def show_rules(org_id: str) -> object:
    org = load_public(org_id)
    english = g.language == "en"
    return RulesPage(
        org_id=org.id, name=shown_org(org, g.language), keeps=may(visitor(), "market:shop:keep", org),
        versions=[
            VersionShown(version=one.version, since=one.set_at, body=(english and one.body_en) or one.body)
            for one in queries.rules_of(g.db, org.id)
        ],
    ).answer()  # fmt: skip


@blueprint.get("/shops/<org_id>/rules/<int(max=999999):version>.txt")
@public
def rules_text(org_id: str, version: int) -> Response:
    """To read and to keep (E-commerce Law 33): both languages, plain text."""
    org = load_public(org_id)
    row = queries.get_rules(g.db, org.id, version)
    answer = Response(_as_text(org, row), mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="rules-{row.version}.txt"'
    return answer


def _as_text(org: Organisation, row: ShopRules) -> str:
    head = [org.name, say("Version %(version)s, since %(day)s.", "zh", version=row.version, day=exact(row.set_at))]
    parts = ["\n".join(head), row.body]
    if row.body_en:
        said = say("Version %(version)s, since %(day)s.", "en", version=row.version, day=exact(row.set_at))
        parts += [f"{org.name_en or org.name}\n{said}", row.body_en]
    return "\n\n".join(parts) + "\n"


@dataclass(frozen=True, slots=True)
class FindingShown:
    phrase: str
    why: str
    source: str


@dataclass(frozen=True, kw_only=True)
class RulesFormPage(Page):
    template = "market/shop_rules_edit.html"
    org_id: str
    name: str
    version: int
    form: RulesForm
    findings: Sequence[FindingShown]


def _form_page(org: Organisation, form: RulesForm, no: Refused | None = None) -> RulesFormPage:
    before = queries.rules_of(g.db, org.id)
    found = no.findings if isinstance(no, VoidWords) else ()
    return RulesFormPage(
        org_id=org.id, name=shown_org(org, g.language), version=before[0].version if before else 0, form=form,
        findings=[FindingShown(one.phrase, words(one.why, g.language), words(one.source, g.language)) for one in found],
    )  # fmt: skip


@blueprint.get("/shops/<org_id>/rules/edit")
@needs("market:shop:keep", on=load_shop)
def edit_rules(org: Organisation) -> object:
    before = queries.rules_of(g.db, org.id)
    typed = {"body": before[0].body, "body_en": before[0].body_en} if before else {}
    return _form_page(org, RulesForm(formdata=None, data=typed)).answer()


@blueprint.post("/shops/<org_id>/rules/edit")
@needs("market:shop:keep", on=load_shop)
def publish_rules(org: Organisation) -> object:
    form, org_id = RulesForm(), org.id
    if not form.validate_on_submit():
        return _form_page(org, form).answer(422)
    try:
        with doing() as w:
            wording.publish_rules(w, org_id, str(form.body.data or ""), str(form.body_en.data or ""))
    except Refused as no:
        form.blame(no)
        return _form_page(queries.get_shop(g.db, org_id), form, no).answer(no.status)
    return done(_("Published. Earlier versions stay to be read."), f"/shops/{org_id}/rules")
