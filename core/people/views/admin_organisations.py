"""The platform's desk for organisations: approve, refuse, suspend, record a check."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, request
from flask_babel import gettext as _
from sqlalchemy import case, select

from core import clock
from core.access import needs, visitor
from core.doing import done
from core.errors import Invalid, Refused
from core.forms import text
from core.page import Page
from core.people import queries
from core.people import sellers as files
from core.people.actions import organisations, sellers
from core.people.forms import OrgCheckForm, OrgDecisionForm
from core.people.models import Account, Organisation, SellerFile
from core.people.rules import ORG_KINDS, ORG_SELLER_KINDS, SELLER_KINDS
from core.people.states import ORGANISATION
from core.people.views import blueprint
from core.people.views.organisations import organisation_named
from core.states import State
from core.work import Work, work

SELLS = frozenset({"shop", "platform"})


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    name: str
    href: str
    kind: str
    state: State
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class OrganisationsPage(Page):
    template = "core/people_admin_organisations.html"
    lines: list[OrganisationLine]


@dataclass(frozen=True, kw_only=True)
class OrganisationDeskPage(Page):
    template = "core/people_admin_organisation.html"
    id: str
    name: str
    name_en: str
    kind: str
    sells: bool
    state: State
    verbs: list[str]
    licence_no: str
    address: str
    proposer: str
    own_proposal: bool
    created_at: datetime
    seller: str
    file: SellerFile | None
    check_form: OrgCheckForm
    decision_form: OrgDecisionForm


@blueprint.get("/admin/organisations")
@needs("core:organisation:decide")
def admin_organisations() -> object:
    waiting_first = case((Organisation.state == "proposed", 0), else_=1)
    rows = g.db.scalars(
        select(Organisation).order_by(waiting_first, Organisation.created_at.desc()).limit(300)
    )
    return OrganisationsPage(
        lines=[
            OrganisationLine(
                row.name,
                f"/admin/organisations/{row.id}",
                ORG_KINDS[row.kind],
                ORGANISATION[row.state],
                row.created_at,
            )
            for row in rows
        ]
    ).answer()


@blueprint.get("/admin/organisations/<org_id>")
@needs("core:organisation:decide", on=organisation_named)
def admin_organisation(org: Organisation) -> object:
    return _desk(org, OrgCheckForm(formdata=None, data={"licence_no": org.licence_no})).answer()


def _desk(
    org: Organisation, form: OrgCheckForm, decision: OrgDecisionForm | None = None
) -> OrganisationDeskPage:
    decision = decision or OrgDecisionForm(formdata=None)
    if org.kind == "platform":
        own_kind = "self_operated"
        form.kind.choices = [(own_kind, text(SELLER_KINDS[own_kind]))]
    proposer = g.db.get(Account, org.proposed_by) if org.proposed_by else None
    file = files.find_seller_file(g.db, None, org.id)
    own = org.proposed_by == visitor().account_id and org.kind != "regulator"
    return OrganisationDeskPage(
        id=org.id,
        name=org.name,
        name_en=org.name_en,
        kind=ORG_KINDS[org.kind],
        sells=org.kind in SELLS,
        state=ORGANISATION[org.state],
        own_proposal=own,
        licence_no=org.licence_no,
        address=org.address,
        verbs=[verb for verb in VERBS if ORGANISATION.can(org.state, verb)],
        proposer=proposer.name if proposer else "",
        created_at=org.created_at,
        file=file,
        seller=SELLER_KINDS[file.kind] if file else "",
        check_form=form,
        decision_form=decision,
    )


LATER = {"suspend": organisations.suspend_organisation, "restore": organisations.restore_organisation}
VERBS = ("refuse", *LATER, "approve")


@blueprint.post("/admin/organisations/<org_id>/decide")
@needs("core:organisation:decide", on=organisation_named)
def organisation_decide(org: Organisation) -> object:
    org_id, sells, verb = org.id, org.kind in SELLS, request.form.get("verb", "")
    if verb not in VERBS:
        raise Refused("verb", _("Please use the buttons on the page."))
    form = OrgDecisionForm()
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            if verb in LATER:
                LATER[verb](w, org_id)
            else:
                _decide(w, org_id, verb, str(form.kind.data or "") if sells else "", str(form.reason.data or ""))
    except Invalid as no:
        form.blame(no)
        return _desk(queries.get_organisation(g.db, org_id), OrgCheckForm(formdata=None), form).answer(no.status)
    return done(_("The decision is written down."), f"/admin/organisations/{org_id}")


def _decide(w: Work, org_id: str, verb: str, kind: str, reason: str) -> None:
    if verb == "approve":
        organisations.approve(w, org_id, kind, reason=reason)
    else:
        organisations.refuse(w, org_id, reason=reason)


@blueprint.post("/admin/organisations/<org_id>/check")
@needs("core:seller:check", on=organisation_named)
def organisation_check(org: Organisation) -> object:
    form, org_id = OrgCheckForm(), org.id
    allowed = ("self_operated",) if org.kind == "platform" else ORG_SELLER_KINDS
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            sellers.record_check(
                w,
                account_id=None,
                org_id=org_id,
                kind=form.kind.data or "",
                allowed=allowed,
                licence_no=form.licence_no.data or "",
            )
    except Refused as no:
        form.blame(no)
        return _desk(queries.get_organisation(g.db, org_id), form).answer(no.status)
    return done(
        _("The check is written down. The next one is due in six months."), f"/admin/organisations/{org_id}"
    )
