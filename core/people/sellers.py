"""Who sells: the kind of seller as the platform has checked it. Without a file on a person it is
somebody's idle things."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people.models import Account, Organisation, SellerFile
from core.people.rules import LICENSED, SELLER_KINDS

KINDS = SELLER_KINDS


def find_seller_file(session: Session, account_id: str | None, org_id: str | None) -> SellerFile | None:
    mine = SellerFile.org_id == org_id if org_id else SellerFile.account_id == account_id
    return session.scalars(select(SellerFile).where(mine)).first()


def seller_kind(session: Session, account_id: str, org_id: str | None = None) -> str:
    """Who sells, as every listing must show: a code of KINDS. Without a check on file a person sells idle
    goods; an organisation never does."""
    found = find_seller_file(session, account_id, org_id)
    return found.kind if found else ("operator" if org_id else "idle")


def find_licence(session: Session, kind: str, account_id: str, org_id: str | None = None) -> str:
    """The credit code that a business shows where it sells; "" for who sells privately, or where none is on file."""
    if kind not in LICENSED:
        return ""
    found = find_seller_file(session, account_id, org_id)
    org = session.get(Organisation, org_id) if org_id else None
    return (found.licence_no if found else "") or (org.licence_no if org else "")


def seller_kinds(session: Session, account_ids: Iterable[str], org_ids: Iterable[str]) -> dict[str, str]:
    """The same for many at once: account or organisation id -> code; those without a file are left out."""
    query = select(SellerFile).where(
        SellerFile.account_id.in_(list(account_ids)) | SellerFile.org_id.in_(list(org_ids))
    )
    return {str(row.org_id or row.account_id): row.kind for row in session.scalars(query)}


def seller_checks_due(session: Session, now: datetime) -> list[SellerFile]:
    """Files to look at again, the oldest first; who has left needs no more checks."""
    left = select(Account.id).where(Account.state == "closed")
    query = select(SellerFile).where(SellerFile.next_check_at <= now).order_by(SellerFile.next_check_at)
    query = query.where(SellerFile.account_id.is_(None) | SellerFile.account_id.not_in(left))
    return list(session.scalars(query.limit(100)))
