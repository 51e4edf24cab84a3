"""For everybody: a shop's terms in every version, and whether an agreement with a certain number and digest exists."""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, g, request

from core.access import public
from core.errors import NotFound
from core.page import Page
from core.people.models import Organisation
from core.people.names import shown_org
from core.web import limiter
from market.channels.consignment.agreements import queries
from market.channels.consignment.agreements.access import load_shop, load_template
from market.channels.consignment.agreements.differences import Difference, blanks, differences
from market.channels.consignment.agreements.forms import ExampleForm
from market.channels.consignment.agreements.models import Agreement, TermsTemplate
from market.channels.consignment.agreements.states import PUBLIC
from market.channels.consignment.agreements.views import blueprint
from market.channels.consignment.agreements.views.parts import (
    ExampleShown,
    TemplateShown,
    TextShown,
    example,
    shown_template,
    text_of,
)
from market.shops.standing import is_public


def _get_shown(org_id: str) -> Organisation:
    """A shop that may be shown to everybody. Raises NotFound."""
    org = load_shop(g.db, org_id)
    if not is_public(g.db, org.id):
        raise NotFound()
    return org


@dataclass(frozen=True, kw_only=True)
class PublicListPage(Page):
    template = "market/consignment_agreement_public.html"
    org_id: str
    name: str
    active: Sequence[TemplateShown]
    earlier: Sequence[TemplateShown]


@blueprint.get("/shops/<org_id>/consignment-terms")
@public
def show_public(org_id: str) -> object:
    org = _get_shown(org_id)
    rows = queries.public_templates(g.db, org.id)
    return PublicListPage(
        org_id=org.id, name=shown_org(org, g.language), active=[shown_template(one) for one in rows if one.state == "active"],
        earlier=[shown_template(one) for one in rows if one.state != "active"],
    ).answer()  # fmt: skip


def _get_public(org_id: str, template_id: str) -> TermsTemplate:
    """A version that is or was in use. Raises NotFound."""
    row = load_template(g.db, _get_shown(org_id).id, template_id)
    if row.state not in PUBLIC:
        raise NotFound()
    return row


@dataclass(frozen=True, kw_only=True)
class PublicTermsPage(Page):
    template = "market/consignment_agreement_public_terms.html"
    org_id: str
    name: str
    shown: TemplateShown
    text: TextShown
    example: ExampleShown
    blanks: Sequence[str]
    changes: Sequence[Difference] | None
    before: TemplateShown | None


@blueprint.get("/shops/<org_id>/consignment-terms/<template_id>")
@public
def show_public_terms(org_id: str, template_id: str) -> object:
    row = _get_public(org_id, template_id)
    terms, old, path = queries.terms_of(row), queries.before(g.db, row), f"/shops/{org_id}/consignment-terms/{template_id}"
    return PublicTermsPage(
        org_id=org_id, name=shown_org(row.org, g.language), shown=shown_template(row),
        text=text_of(terms, path, request.args.get("text", "")), example=example(terms, ExampleForm(request.args)),
        blanks=blanks(terms, g.language), changes=differences(queries.terms_of(old), terms, g.language) if old else None,
        before=shown_template(old) if old else None,
    ).answer()  # fmt: skip


@blueprint.get("/shops/<org_id>/consignment-terms/<template_id>.json")
@public
def download_terms(org_id: str, template_id: str) -> object:
    """As `flask consignment explain --terms` takes it."""
    row = _get_public(org_id, template_id)
    body = json.dumps(row.data, ensure_ascii=False, indent=2, sort_keys=True)
    return Response(body + "\n", mimetype="application/json")


@dataclass(frozen=True, kw_only=True)
class CheckPage(Page):
    """`found`: the answer: yes with the day of the signing, no, or nothing asked yet. It names nobody."""

    template = "market/consignment_agreement_check.html"
    number: str
    digest: str
    asked: bool
    signed_at: datetime | None
    state: str


@blueprint.get("/consignment-agreements/check")
@limiter.limit("60 per minute")
@public
def check() -> object:
    """A wrong digest and a wrong number get the same answer: nobody learns which numbers exist."""
    number, digest = request.args.get("number", "").strip()[:40], request.args.get("digest", "").strip().lower()[:80]
    row = queries.find_by_number(g.db, number) if number and digest else None
    right = row if row is not None and row.signed_at is not None and _same(row, digest) else None
    asked = bool(number or digest)
    return CheckPage(
        number=number,
        digest=digest,
        asked=asked,
        signed_at=right.signed_at if right else None,
        state=right.state if right else "",
    ).answer(404 if asked and right is None else 200)


def _same(row: Agreement, digest: str) -> bool:
    return bool(row.digest) and hmac.compare_digest(row.digest.encode(), digest.encode())
