"""Look-ups about people: accounts by contact, what they agreed to, how often somebody guessed, who sells."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core import secrets
from core.db import get_row
from core.people import texts
from core.people.models import (
    Account,
    Code,
    Consent,
    Contact,
    FailedTry,
    Invitation,
    Membership,
    Notice,
    Organisation,
    RecoveryCode,
)
from core.people.roles import MANAGER
from core.people.rules import CODE_LIVES, FAILED_TRIES, FAILED_WINDOW, Address

ANSWERING = (MANAGER, "administrator")


def digest_of(address: Address) -> str:
    return secrets.keyed_digest(address.value, "contact")


def find_contact(session: Session, digest: str) -> Contact | None:
    return session.scalars(select(Contact).where(Contact.digest == digest)).first()


def find_account(session: Session, digest: str) -> Account | None:
    """The account that a verified contact belongs to."""
    query = select(Account).join(Contact).where(Contact.digest == digest, Contact.verified_at.is_not(None))
    return session.scalars(query).first()


def get_account(session: Session, account_id: str) -> Account:
    return get_row(session, Account, account_id)


def opened(contact: Contact) -> Address:
    """The contact in plain, for sending a message or for its owner."""
    return Address(contact.kind, secrets.decrypt(contact.value, "contact"), contact.masked)


def sent_codes(session: Session, digest: str, now: datetime) -> list[datetime]:
    """When codes were sent to a contact during the last day."""
    query = select(Code.expires_at).where(
        Code.contact_digest == digest, Code.expires_at > now + CODE_LIVES - timedelta(days=1)
    )
    return [expires - CODE_LIVES for expires in session.scalars(query)]


def guessed_too_often(session: Session, kind: str, digest: str, now: datetime) -> bool:
    query = select(func.count()).where(
        FailedTry.kind == kind, FailedTry.digest == digest, FailedTry.at > now - FAILED_WINDOW
    )
    return (session.scalar(query) or 0) >= FAILED_TRIES


def recovery_codes(session: Session, account_id: str) -> list[RecoveryCode]:
    """Those that haven't been used."""
    query = select(RecoveryCode).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return list(session.scalars(query))


@dataclass(frozen=True, slots=True)
class ConsentState:
    """Where a person stands with one text: the newest version, and the last thing they said about it."""

    text_code: str
    newest: str
    version: str
    given: bool
    at: datetime | None

    @property
    def outdated(self) -> bool:
        return self.given and self.version != self.newest


def consents(session: Session, account_id: str) -> list[ConsentState]:
    query = select(Consent).where(Consent.account_id == account_id).order_by(Consent.at, Consent.id)
    last = {row.text_code: row for row in session.scalars(query)}
    return [_state(code, last.get(code)) for code in texts.REQUIRED]


def _state(code: str, row: Consent | None) -> ConsentState:
    newest = texts.newest_version(code)
    return (
        ConsentState(code, newest, row.version, row.given, row.at)
        if row
        else ConsentState(code, newest, "", False, None)
    )


def consent_withdrawn(session: Session, account_id: str) -> bool:
    """True once the last word about any required text is no; who never said anything hasn't withdrawn."""
    latest = (
        select(Consent.text_code, Consent.given)
        .where(Consent.account_id == account_id)
        .order_by(Consent.at, Consent.id)
    )
    return not all({code: given for code, given in session.execute(latest)}.values())


def notices(session: Session, account_id: str, page: int, size: int = 20) -> tuple[list[Notice], int]:
    """One page of the inbox, newest first, and how many pages there are."""
    total = session.scalar(select(func.count()).where(Notice.account_id == account_id)) or 0
    query = select(Notice).where(Notice.account_id == account_id).order_by(Notice.at.desc(), Notice.id.desc())
    return list(session.scalars(query.offset((page - 1) * size).limit(size))), max(1, -(-total // size))


def memberships(session: Session, account_id: str) -> list[Membership]:
    query = (
        select(Membership)
        .options(joinedload(Membership.organisation))
        .where(Membership.account_id == account_id, Membership.ended_at.is_(None))
        .order_by(Membership.granted_at)
    )
    return list(session.scalars(query))


def holding(session: Session, role: str) -> list[str]:
    """Who holds a role now, in an organisation that stands."""
    query = select(Membership.account_id).join(Organisation, Organisation.id == Membership.org_id)
    query = query.where(Membership.role == role, Membership.ended_at.is_(None), Organisation.state == "approved")
    return sorted(set(session.scalars(query)))


def answering_for(session: Session, owner_id: str) -> list[str]:
    """Who hears what concerns a person or an organisation: the person, or those who manage it. Nobody who has left."""
    account = session.get(Account, owner_id)
    if account is not None and not account.house:
        return [owner_id]
    query = select(Membership.account_id).where(
        Membership.org_id == owner_id, Membership.ended_at.is_(None), Membership.role.in_(ANSWERING)
    )
    return sorted(set(session.scalars(query)))


def answers_for(session: Session, account_id: str) -> set[str]:
    """The organisations for which somebody hears what concerns them: those that name the person in `answering_for`."""
    return {one.org_id for one in memberships(session, account_id) if one.role in ANSWERING}


def get_organisation(session: Session, org_id: str) -> Organisation:
    return get_row(session, Organisation, org_id)


def staff(session: Session, org_id: str) -> list[tuple[Membership, Account]]:
    query = (
        select(Membership, Account)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.org_id == org_id, Membership.ended_at.is_(None))
        .order_by(Account.name, Membership.role)
    )
    return [(membership, account) for membership, account in session.execute(query)]


def open_invitations(session: Session, org_id: str, now: datetime) -> list[Invitation]:
    query = select(Invitation).where(
        Invitation.org_id == org_id, Invitation.answered_at.is_(None), Invitation.expires_at > now
    )
    return list(session.scalars(query.order_by(Invitation.expires_at)))
