"""Managers invite people by contact; only somebody who holds that very contact can accept."""

import secrets as random

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ids, mail, secrets
from core.errors import Forbidden, Invalid, NotFound, Refused
from core.i18n import N_, say
from core.people.actions.organisations import MANAGER, grant, is_administrator
from core.people.models import Account, Invitation
from core.people.notices import notify
from core.people.queries import digest_of, find_account, get_organisation, memberships, open_invitations
from core.people.roles import ROLES
from core.people.rules import INVITATION_LIVES, Address, TooManyTries, check_role
from core.work import Work

MOST_OPEN = 30
SUBJECT = N_("An invitation to Xunshi")
TEXT = N_(
    "%(organisation)s invites you to work with it at Xunshi as: %(role)s. Open this page within 7 days: "
    "%(link)s"
)


def invite(w: Work, org_id: str, address: Address, role: str, base_url: str, language: str) -> str:
    """Send an invitation; returns its token. The answer doesn't tell whether the contact has an account."""
    org = get_organisation(w.session, org_id)
    if org.state != "approved":
        raise Refused("org_not_approved", N_("People can be invited once the organisation is approved."))
    check_role(role, org.kind)
    digest = digest_of(address)
    known = find_account(w.session, digest)
    _check_inviter(w, org_id, role, known)
    mail.demand(address.channel)
    if len(open_invitations(w.session, org_id, w.now)) >= MOST_OPEN:
        raise TooManyTries("invitations", N_("Too many invitations are open. Please wait for answers."))
    token = random.token_urlsafe(32)
    w.session.add(
        Invitation(
            id=ids.new_id(),
            org_id=org_id,
            role=role,
            contact_digest=digest,
            masked=address.masked,
            token_digest=_digest(token),
            invited_by=w.actor.id,
            expires_at=w.now + INVITATION_LIVES,
            answered_at=None,
            accepted=None,
        )
    )
    language = known.language if known else language
    text = say(
        TEXT,
        language,
        organisation=org.name,
        role=say(ROLES[role].label, language),
        link=f"{base_url}/invitations/{token}",
    )
    mail.send(w, address.channel, address.value, address.masked, say(SUBJECT, language), text)
    if known is not None:
        notify(
            w,
            known.id,
            N_("%(organisation)s invites you to work with it."),
            f"/invitations/{token}",
            organisation=org.name,
        )
    w.record("core:invitation:sent", org_id, role=role)
    return token


def _check_inviter(w: Work, org_id: str, role: str, invited: Account | None) -> None:
    """Managers grant the roles of their organisation; administrators those of the platform, elsewhere
    only a manager,
    and never themselves."""
    mine = {one.role for one in memberships(w.session, w.actor.id) if one.org_id == org_id}
    if mine & {MANAGER, "administrator"}:
        return
    if not is_administrator(w) or role != MANAGER or (invited is not None and invited.id == w.actor.id):
        raise Forbidden("role_not_yours", N_("You can't grant this role here."))


def get_invitation(session: Session, token: str) -> Invitation:
    """By the token of the link. Raises NotFound."""
    found = session.scalars(select(Invitation).where(Invitation.token_digest == _digest(token))).first()
    if found is None:
        raise NotFound()
    return found


def answer(w: Work, invitation_id: str, *, accepted: bool) -> None:
    """Accept or decline, as the person who holds the invited contact. Raises Forbidden for anybody else."""
    row = w.session.get_one(Invitation, invitation_id, with_for_update=True)
    account = w.session.get_one(Account, w.actor.id)
    if not is_invited(row, account):
        raise Forbidden("other_contact", N_("This invitation was sent to another contact."))
    if row.answered_at is not None or row.expires_at <= w.now:
        raise Refused(
            "invitation_over", N_("This invitation was answered or has expired. Please ask for a new one.")
        )
    row.answered_at, row.accepted = w.now, accepted
    org = get_organisation(w.session, row.org_id)
    if accepted:
        if org.state != "approved":
            raise Refused("org_not_approved", N_("This organisation doesn't work at the moment."))
        grant(w, org, account.id, row.role)
    w.record("core:invitation:accepted" if accepted else "core:invitation:declined", org.id, role=row.role)
    sentence = (
        N_("%(person)s works with %(organisation)s now.")
        if accepted
        else N_("%(person)s declined the invitation of %(organisation)s.")
    )
    notify(
        w, row.invited_by, sentence, f"/organisations/{org.id}", person=account.name, organisation=org.name
    )


def take_back(w: Work, org_id: str, invitation_id: str) -> None:
    row = w.session.get(Invitation, invitation_id)
    if row is None or row.org_id != org_id:
        raise NotFound()
    if row.answered_at is not None:
        raise Invalid("invitation_over", N_("This invitation was answered already."))
    row.answered_at, row.accepted = w.now, False
    w.record("core:invitation:taken_back", org_id, role=row.role)


def is_invited(row: Invitation, account: Account) -> bool:
    return any(one.digest == row.contact_digest and one.verified_at for one in account.contacts)


def _digest(token: str) -> str:
    return secrets.keyed_digest(token, "invitation")
