"""Look-ups of consignors' files. Whoever looks for somebody by a number is recorded: `actions.look_up`."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core import secrets
from core.audit import AuditLine
from core.db import get_row
from core.people.models import Contact
from market.channels.consignment import attached
from market.channels.consignment.models import Consignor, Delegate
from market.channels.consignment.rules import TRIES, Paper, Sought

A_PAGE = 30
NAME, PAPER, CONTACT, ADDRESS, ACCOUNT = (f"consignor_{one}" for one in ("name", "paper", "contact", "address", "account"))


def get_consignor(session: Session, consignor_id: str) -> Consignor:
    """Raises NotFound."""
    return get_row(session, Consignor, consignor_id)


def get_delegate(session: Session, delegate_id: str) -> Delegate:
    """Raises NotFound."""
    return get_row(session, Delegate, delegate_id)


def paper_digest(paper: Paper) -> str:
    return secrets.keyed_digest(f"{paper.kind}/{paper.number}", PAPER)


def find_by_paper(session: Session, org_id: str, paper: Paper) -> Consignor | None:
    query = select(Consignor).where(Consignor.org_id == org_id, Consignor.paper_digest == paper_digest(paper))
    return session.scalars(query).first()


def search(session: Session, org_id: str, sought: Sought) -> Sequence[Consignor]:
    """Files of this shop, oldest first: one at most by number; several people may share a contact."""
    if sought.contact is not None:
        what = Consignor.contact_digest == secrets.keyed_digest(sought.contact.value, "contact")
    elif sought.papers:
        what = Consignor.paper_digest.in_([paper_digest(one) for one in sought.papers])
    else:
        what = Consignor.number == sought.number
    return session.scalars(select(Consignor).where(Consignor.org_id == org_id, what).order_by(Consignor.id)).all()


def page_of(session: Session, org_id: str, *, open_: bool, page: int) -> tuple[Sequence[Consignor], int]:
    """A page of files, newest first, and how many there are in all."""
    there = (Consignor.org_id == org_id, Consignor.state == "open" if open_ else Consignor.state != "open")
    query = select(Consignor).where(*there).order_by(Consignor.id.desc()).limit(A_PAGE).offset((page - 1) * A_PAGE)
    return session.scalars(query).all(), session.scalar(select(func.count()).select_from(Consignor).where(*there)) or 0


def count(session: Session, org_id: str) -> int:
    """How many files the shop ever opened."""
    return session.scalar(select(func.count()).select_from(Consignor).where(Consignor.org_id == org_id)) or 0


def of_account(session: Session, account_id: str) -> Sequence[Consignor]:
    return session.scalars(select(Consignor).where(Consignor.account_id == account_id).order_by(Consignor.id)).all()


def questions(session: Session, account_id: str, *, locked: bool = False) -> Sequence[Consignor]:
    """Open files that nobody has claimed and whose contact is a verified one of this account. `locked`: those that were answered
    wrongly too often."""
    mine = select(Contact.digest).where(Contact.account_id == account_id, Contact.verified_at.is_not(None))
    query = select(Consignor).where(
        Consignor.contact_digest.in_(mine), Consignor.account_id.is_(None), Consignor.state == "open",
        Consignor.contact_denied.is_(False),
        Consignor.confirm_tries >= TRIES if locked else Consignor.confirm_tries < TRIES,
    )  # fmt: skip
    return session.scalars(query.order_by(Consignor.id)).all()


def find_by_slip(session: Session, digest: str) -> Consignor | None:
    return session.scalars(select(Consignor).where(Consignor.slip_digest == digest)).first()


def live_delegates(session: Session, consignor_id: str) -> Sequence[Delegate]:
    there = (Delegate.consignor_id == consignor_id, Delegate.ended_at.is_(None))
    return session.scalars(select(Delegate).where(*there).order_by(Delegate.id)).all()


def looks_at(session: Session, consignor_id: str) -> Sequence[AuditLine]:
    """When the file, or a paper of it with the full name, was shown, by whom and why; newest first."""
    shown = [("market:consignor:shown_in_full", [consignor_id]), *attached.looked(session, consignor_id)]
    there = [(AuditLine.word == word) & AuditLine.subject.in_(subjects) for word, subjects in shown]
    return session.scalars(select(AuditLine).where(or_(*there)).order_by(AuditLine.line_no.desc())).all()


def plain(value: str, label: str) -> str:
    """An encrypted field in plain, "" for an empty one. `label`: of this module."""
    return secrets.decrypt(value, label) if value else ""


def sealed(value: str, label: str) -> str:
    return secrets.encrypt(value, label) if value else ""
