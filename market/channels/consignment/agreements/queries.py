"""A shop's terms in every version, and agreements by number, file and account."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core import ids, secrets
from core.errors import Invalid, NotFound
from market.channels.consignment.agreements.models import Agreement, TermsTemplate
from market.channels.consignment.agreements.reading import read_terms
from market.channels.consignment.agreements.states import PUBLIC
from market.channels.consignment.agreements.terms import Terms
from market.channels.consignment.models import Consignor
from market.channels.consignment.rules import read_sought

PARTIES, SIGNATURE = "consignment_parties", "consignment_signature"
NAME = "consignor_name"
"""Label under which the name in a consignor's file is encrypted."""
PER_PAGE = 30


def get_template(session: Session, org_id: str, template_id: str) -> TermsTemplate:
    """Raises NotFound."""
    row = session.get(TermsTemplate, template_id)
    if row is None or row.org_id != org_id:
        raise NotFound()
    return row


def templates_of(session: Session, org_id: str, *states: str) -> Sequence[TermsTemplate]:
    """By title's line and version, the newest first."""
    query = select(TermsTemplate).where(TermsTemplate.org_id == org_id)
    if states:
        query = query.where(TermsTemplate.state.in_(states))
    return session.scalars(query.order_by(TermsTemplate.code.desc(), TermsTemplate.version.desc())).all()


def find_version(session: Session, org_id: str, code: str, *states: str) -> TermsTemplate | None:
    """The newest of that line in one of the states."""
    query = select(TermsTemplate).where(TermsTemplate.org_id == org_id, TermsTemplate.code == code)
    query = query.where(TermsTemplate.state.in_(states)).order_by(TermsTemplate.version.desc())
    return session.scalars(query.limit(1)).first()


def before(session: Session, row: TermsTemplate) -> TermsTemplate | None:
    """The version in use before this one."""
    query = select(TermsTemplate).where(
        TermsTemplate.org_id == row.org_id, TermsTemplate.code == row.code, TermsTemplate.version < row.version,
        TermsTemplate.state.in_(PUBLIC),
    )  # fmt: skip
    return session.scalars(query.order_by(TermsTemplate.version.desc()).limit(1)).first()


def last_version(session: Session, org_id: str, code: str) -> int:
    query = select(func.max(TermsTemplate.version)).where(TermsTemplate.org_id == org_id, TermsTemplate.code == code)
    return session.scalar(query) or 0


def public_templates(session: Session, org_id: str) -> Sequence[TermsTemplate]:
    """Every version that is or was in use."""
    return templates_of(session, org_id, *PUBLIC)


def terms_of(row: TermsTemplate | Agreement) -> Terms:
    return read_terms(row.data)


def find_file(session: Session, org_id: str, number: str) -> Consignor | None:
    """An open consignor's file by its number at this shop, as people type it: C-0012, c12, 12."""
    try:
        sought = read_sought(number)
    except Invalid:
        return None
    query = select(Consignor).where(Consignor.org_id == org_id, Consignor.number == sought.number, Consignor.state == "open")
    return session.scalars(query).first() if sought.by == "number" else None


def get_agreement(session: Session, agreement_id: str) -> Agreement:
    """Raises NotFound."""
    row = session.get(Agreement, agreement_id)
    if row is None:
        raise NotFound()
    return row


def find_by_number(session: Session, number: str) -> Agreement | None:
    """By its number, typed loosely."""
    try:
        plain = str(ids.parse_number(number))
    except ids.BadCode:
        return None
    return session.scalars(select(Agreement).where(Agreement.number == plain)).first()


@dataclass(frozen=True, slots=True)
class Found:
    rows: Sequence[Agreement]
    total: int


def agreements_of(session: Session, org_id: str, states: Sequence[str], page: int = 1) -> Found:
    """The newest first."""
    asked = [Agreement.org_id == org_id, Agreement.state.in_(states)]
    query = select(Agreement).where(*asked).options(joinedload(Agreement.consignor)).order_by(Agreement.id.desc())
    total = session.scalar(select(func.count(Agreement.id)).where(*asked)) or 0
    return Found(session.scalars(query.offset((page - 1) * PER_PAGE).limit(PER_PAGE)).all(), total)


def agreements_of_account(session: Session, account_id: str) -> Sequence[Agreement]:
    """What shops offered to this person or both signed, the newest first."""
    query = select(Agreement).join(Consignor, Consignor.id == Agreement.consignor_id)
    query = query.where(Consignor.account_id == account_id, Agreement.digest != "")
    return session.scalars(query.options(joinedload(Agreement.org)).order_by(Agreement.id.desc())).all()


def agreements_of_file(session: Session, consignor_id: str) -> Sequence[Agreement]:
    """Of one consignor, the newest first."""
    return session.scalars(select(Agreement).where(Agreement.consignor_id == consignor_id).order_by(Agreement.id.desc())).all()


def signed_agreement(session: Session, consignor_id: str) -> Agreement | None:
    """What things of this consignor are taken in under now; the newest, where there are several."""
    query = select(Agreement).where(Agreement.consignor_id == consignor_id, Agreement.state == "signed")
    return session.scalars(query.order_by(Agreement.signed_at.desc()).limit(1)).first()


@dataclass(frozen=True, slots=True)
class Parties:
    shop: str
    consignor: str
    paper: str


def parties_of(row: Agreement) -> Parties | None:
    """Full names as they were signed; None once they are erased."""
    if not row.parties:
        return None
    told = json.loads(secrets.decrypt(row.parties, PARTIES))
    return Parties(told["shop"], told["consignor"], told["paper"])


def signature_of(row: Agreement) -> str:
    """Strokes as JSON or the typed name; "" where there is none (any more)."""
    return secrets.decrypt(row.signature, SIGNATURE) if row.signature else ""


def name_in_file(row: Consignor) -> str:
    return secrets.decrypt(row.name, NAME)
