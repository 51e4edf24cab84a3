"""Answering an invitation."""

from dataclasses import dataclass
from datetime import datetime

from flask import g
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock
from core.access import needs, visitor
from core.doing import done
from core.page import Page
from core.people.actions import invitations
from core.people.models import Invitation
from core.people.queries import get_account, get_organisation
from core.people.roles import ROLES
from core.people.rules import ORG_KINDS
from core.people.views import blueprint
from core.work import work


@dataclass(frozen=True, slots=True)
class Asked:
    """An invitation and the token of its link."""

    token: str
    row: Invitation


@dataclass(frozen=True, kw_only=True)
class InvitationPage(Page):
    """state: open | over | other (sent to a contact that isn't this person's)"""

    template = "core/people_invitation.html"
    token: str
    organisation: str
    kind: str
    role: str
    second_factor: bool
    masked: str
    expires_at: datetime
    state: str


def asked(session: Session, token: str) -> Asked:
    return Asked(token, invitations.get_invitation(session, token))


@blueprint.get("/invitations/<token>")
@needs("core:invitation:answer", on=asked)
def invitation(found: Asked) -> object:
    row, org = found.row, get_organisation(g.db, found.row.org_id)
    mine = invitations.is_invited(row, get_account(g.db, visitor().actor.id))
    over = row.answered_at is not None or row.expires_at <= clock.now()
    return InvitationPage(
        token=found.token,
        organisation=org.name_en or org.name if g.language == "en" else org.name,
        kind=ORG_KINDS[org.kind],
        role=ROLES[row.role].label,
        second_factor=ROLES[row.role].second_factor,
        masked=row.masked,
        expires_at=row.expires_at,
        state="over" if over else ("open" if mine else "other"),
    ).answer()


@blueprint.post("/invitations/<token>/accept")
@needs("core:invitation:answer", on=asked)
def invitation_accept(found: Asked) -> object:
    org_id, row_id = found.row.org_id, found.row.id
    with work(g.db, visitor().actor, clock.now()) as w:
        invitations.answer(w, row_id, accepted=True)
    return done(_("Welcome. Your new role is ready."), f"/organisations/{org_id}")


@blueprint.post("/invitations/<token>/decline")
@needs("core:invitation:answer", on=asked)
def invitation_decline(found: Asked) -> object:
    row_id = found.row.id
    with work(g.db, visitor().actor, clock.now()) as w:
        invitations.answer(w, row_id, accepted=False)
    return done(_("You declined the invitation."), "/me")
