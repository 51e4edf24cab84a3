"""The account in whose name an organisation itself acts: it keeps goods and sells them, whoever works there today.

A commission agent trades in its own name (Civil Code 951). An organisation's account carries the organisation's own id, so that
whoever works there is known by the roles they hold. It has no contact and no password: nobody can sign in with it."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.people.models import Account, Membership, Organisation
from core.people.roles import MANAGER
from core.work import Work

NO_PASSWORD = "!"  # noqa: S105  (the very opposite of one)
"""No hash of anything: every comparison with it fails."""
HEARING = (MANAGER, "shop_clerk")
"""Who hears what is told to the house."""


def house_of(w: Work, org_id: str) -> Account:
    """The account of an organisation, made at the first need."""
    found = w.session.get(Account, org_id)
    if found is not None:
        return found
    org = w.session.get_one(Organisation, org_id)
    row = Account(
        id=org.id, name=org.name[:40], password_hash=NO_PASSWORD, language="zh", state="active", of_age_at=w.now,
        created_at=w.now, totp_secret=None, house=True,
    )  # fmt: skip
    try:
        with w.session.begin_nested():
            w.session.add(row)
            w.session.flush()
    except IntegrityError:  # a twin was quicker: the same row
        return w.session.get_one(Account, org_id)
    return row


def hearing_for(session: Session, account_id: str) -> list[str]:
    """Who hears what is told to an account: the person; for a house, who works at its counter."""
    account = session.get(Account, account_id)
    if account is None or not account.house:
        return [account_id]
    query = select(Membership.account_id).where(
        Membership.org_id == account_id, Membership.ended_at.is_(None), Membership.role.in_(HEARING)
    )
    return sorted(set(session.scalars(query)))
