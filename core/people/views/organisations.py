"""Organisations: propose one, see its people, invite, end a role."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, redirect
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock
from core.access import may, needs, visitor
from core.doing import done
from core.errors import NotFound, Refused
from core.page import Page
from core.people import queries
from core.people.actions import invitations, organisations
from core.people.forms import InviteForm, OrganisationForm
from core.people.models import Membership, Organisation
from core.people.roles import ROLES
from core.people.rules import ORG_KINDS, PROPOSABLE, read_address, roles_for
from core.people.states import ORGANISATION
from core.people.views import blueprint
from core.people.views.parts import FormPage, slowly
from core.states import State
from core.web import config
from core.work import work


@blueprint.route("/organisations/new", methods=["GET", "POST"])
@needs("core:organisation:propose")
@slowly("5 per minute")
def organisation_new() -> object:
    form = OrganisationForm()
    form.offer((*PROPOSABLE, "regulator") if "administrator" in visitor().roles else PROPOSABLE)
    page = FormPage(
        title=_("Register an organisation"),
        form=form,
        submit=_("Send for approval"),
        cancel="/me",
        lead=_("The platform checks the licence. After that you are its manager and can invite your people."),
        optional=frozenset({"name_en", "licence_no"}),
    )
    if not form.validate_on_submit():
        return page.answer(422 if form.is_submitted() else 200)
    asked = organisations.Proposal(
        kind=form.kind.data,
        name=form.name.data,
        name_en=form.name_en.data or "",
        address=form.address.data,
        licence_no=form.licence_no.data or "",
        unlicensed=bool(form.unlicensed.data),
    )
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            org_id = organisations.propose(w, asked).id
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)
    return done(_("Sent. You will find the answer in your inbox."), f"/organisations/{org_id}")


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One person and the roles they hold here: (membership id, English label)."""

    name: str
    is_me: bool
    roles: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class InvitationLine:
    id: str
    masked: str
    role: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class OrganisationPage(Page):
    template = "core/people_organisation.html"
    id: str
    name: str
    other_name: str
    kind: str
    state: State
    approved: bool
    licence_no: str
    address: str
    staff: list[StaffLine]
    invitations: list[InvitationLine]
    form: InviteForm | None


def organisation_named(session: Session, org_id: str) -> Organisation:
    return queries.get_organisation(session, org_id)


@blueprint.get("/organisations/<org_id>")
@needs("core:organisation:read", on=organisation_named)
def organisation(org: Organisation) -> object:
    return organisation_page(org, InviteForm(formdata=None)).answer()


def organisation_page(org: Organisation, form: InviteForm) -> OrganisationPage:
    manages = may(visitor(), "core:organisation:manage", org)
    form.role.choices = [(code, _(ROLES[code].label)) for code in invitable(org)]
    english = g.language == "en" and org.name_en
    waiting = queries.open_invitations(g.db, org.id, clock.now()) if manages else []
    return OrganisationPage(
        id=org.id,
        name=org.name_en if english else org.name,
        other_name=org.name if english else org.name_en,
        kind=ORG_KINDS[org.kind],
        state=ORGANISATION[org.state],
        approved=org.state == "approved",
        licence_no=org.licence_no,
        address=org.address,
        staff=_staff(org.id),
        invitations=[InvitationLine(i.id, i.masked, ROLES[i.role].label, i.expires_at) for i in waiting],
        form=form if manages and org.state == "approved" else None,
    )


def invitable(org: Organisation) -> tuple[str, ...]:
    """A manager grants all roles of such an organisation; an administrator from outside only a manager."""
    inside = {("shop_manager", org.id), ("administrator", org.id)} & visitor().grants
    return roles_for(org.kind) if inside else tuple(r for r in roles_for(org.kind) if r == "shop_manager")


def _staff(org_id: str) -> list[StaffLine]:
    lines: dict[str, StaffLine] = {}
    for membership, account in queries.staff(g.db, org_id):
        line = lines.setdefault(account.id, StaffLine(account.name, account.id == visitor().account_id, []))
        line.roles.append((membership.id, ROLES[membership.role].label))
    return list(lines.values())


@blueprint.post("/organisations/<org_id>/invite")
@needs("core:organisation:manage", on=organisation_named)
@slowly("20 per minute")
def invite(org: Organisation) -> object:
    form = InviteForm()
    page = organisation_page(org, form)
    if not form.validate_on_submit():
        return page.answer(422)
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            address = read_address(form.contact.data)
            invitations.invite(w, page.id, address, form.role.data, config().base_url, g.language)
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)
    return done(
        _("The invitation is on its way to %(contact)s.", contact=address.masked), f"/organisations/{page.id}"
    )


@blueprint.post("/organisations/<org_id>/invitations/<invitation_id>/take-back")
@needs(
    "core:organisation:manage",
    on=lambda session, org_id, invitation_id: _with(session, org_id, invitation_id),
)
def invitation_take_back(found: "Named") -> object:
    with work(g.db, visitor().actor, clock.now()) as w:
        invitations.take_back(w, found.id, found.part)
    return redirect(f"/organisations/{found.id}", 303)


@dataclass(frozen=True, slots=True)
class Named:
    """An organisation's id and something of it that the address names too."""

    id: str
    part: str


def _with(session: Session, org_id: str, part: str) -> Named:
    return Named(queries.get_organisation(session, org_id).id, part)


@dataclass(frozen=True, slots=True)
class Seat:
    """A role that somebody holds; `id` is the organisation's."""

    id: str
    membership_id: str
    account_id: str


def seat_named(session: Session, org_id: str, membership_id: str) -> Seat:
    row = session.get(Membership, membership_id)
    if row is None or row.org_id != org_id:
        raise NotFound()
    return Seat(org_id, row.id, row.account_id)


@blueprint.post("/organisations/<org_id>/members/<membership_id>/end")
@needs("core:membership:end", on=seat_named)
def membership_end(seat: Seat) -> object:
    """A manager ends anybody's role, everybody their own."""
    with work(g.db, visitor().actor, clock.now()) as w:
        organisations.end_membership(w, seat.membership_id)
    mine = seat.account_id == visitor().account_id
    return done(_("The role has ended."), "/me" if mine else f"/organisations/{seat.id}")
