"""Files of appraisers and agencies, and what the queue, a person's export and the public register ask of them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from appraisal.appraisers import rules
from appraisal.appraisers.models import Appraiser, Credential
from core import secrets
from core.db import get_row, stamp
from core.errors import NotFound
from core.goods.cards import all_cards
from core.i18n import N_
from core.people.models import Account, Organisation
from core.people.queries import answering_for
from core.ports import RetentionRow
from core.queue.kinds import Ask

STANDS = ("probation", "active", "suspended")


def get_file(session: Session, appraiser_id: str) -> Appraiser:
    """Raises NotFound."""
    return get_row(session, Appraiser, appraiser_id)


def find_file(session: Session, account_id: str) -> Appraiser | None:
    return session.scalars(select(Appraiser).where(Appraiser.account_id == account_id)).first()


def find_agency(session: Session, org_id: str) -> Appraiser | None:
    return session.scalars(select(Appraiser).where(Appraiser.org_id == org_id)).first()


def agencies_of(session: Session, org_ids: Iterable[str]) -> dict[str, Appraiser]:
    """The files of these organisations with their credentials, by organisation; two queries, however many there are."""
    query = select(Appraiser).where(Appraiser.org_id.in_(sorted(org_ids))).options(selectinload(Appraiser.credentials))
    return {str(one.org_id): one for one in session.scalars(query)}


def get_credential(session: Session, appraiser_id: str, credential_id: str) -> Credential:
    """Raises NotFound for one that isn't this file's."""
    found = get_row(session, Credential, credential_id)
    if found.appraiser_id != appraiser_id:
        raise NotFound()
    return found


def graded_categories() -> tuple[str, ...]:
    """Categories whose things can be appraised at all."""
    return tuple(card.code for card in all_cards() if card.grading_standard)


def file_of(session: Session, account_id: str) -> rules.File | None:
    """The person's file as the rules read it."""
    found = find_file(session, account_id)
    if found is None:
        return None
    shown = tuple(rules.Shown(state=one.state, scope=one.scope, expires_at=one.expires_at) for one in found.credentials)
    return rules.File(state=found.state, show_by=found.show_by, credentials=shown)


def why_not(session: Session, account_id: str, category: str, now: datetime, level: int = rules.SIGN) -> rules.WhyNot | None:
    """Why this person may not sign an appraisal of such a thing now, or None."""
    return rules.why_not(file_of(session, account_id), category, now, level)


def all_files(session: Session) -> Sequence[Appraiser]:
    """Everybody who has a file, those that wait first, then by when they applied."""
    found = session.scalars(select(Appraiser).order_by(Appraiser.id)).all()
    return sorted(found, key=lambda one: (one.state != "applied", one.state == "ended", one.id))


def register(session: Session) -> Sequence[Appraiser]:
    """Whom the public may look up: admitted once and not ended."""
    return session.scalars(select(Appraiser).where(Appraiser.state.in_(STANDS)).order_by(Appraiser.id)).all()


def name_of(session: Session, file: Appraiser) -> str:
    if file.org_id is not None:
        return session.get_one(Organisation, file.org_id).name
    return session.get_one(Account, file.account_id).name


def public_number(file: Appraiser) -> str:
    """The number on this person's reports: the same on all of them, and nobody outside can tell who it is; "" for a body."""
    return appraiser_number(file.account_id) if file.account_id else ""


def appraiser_number(account_id: str) -> str:
    """A keyed digest: the same person has the same number on all reports of this house."""
    return f"AP-{secrets.keyed_digest(account_id, 'appraiser')[:10].upper()}"


def parties(session: Session, file: Appraiser) -> list[str]:
    """Whose matter it is, and so never theirs to decide: the person, or who manages the organisation."""
    return answering_for(session, file.org_id) if file.org_id else [str(file.account_id)]


def application_ask(session: Session, file: Appraiser) -> Ask:
    return Ask(
        subject_id=file.id, title=name_of(session, file), link=f"/appraisers/{file.id}", barred=tuple(parties(session, file)),
        since=file.applied_at,
    )  # fmt: skip


def credential_ask(session: Session, file: Appraiser, one: Credential) -> Ask:
    return Ask(
        subject_id=one.id, title=name_of(session, file), link=f"/appraisers/{file.id}", barred=tuple(parties(session, file)),
        since=one.added_at,
    )  # fmt: skip


def applications(session: Session) -> Iterator[Ask]:
    for file in session.scalars(select(Appraiser).where(Appraiser.state == "applied").order_by(Appraiser.id)):
        yield application_ask(session, file)


def offered(session: Session) -> Iterator[Ask]:
    for one in session.scalars(select(Credential).where(Credential.state == "offered").order_by(Credential.id)):
        yield credential_ask(session, session.get_one(Appraiser, one.appraiser_id), one)


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    """A person's own file; numbers in full, for they are theirs."""
    from core import secrets

    found = find_file(session, account_id)
    if found is None:
        return {}
    return {
        "appraiser_file": {"state": found.state, "told": found.words, "applied": stamp(found.applied_at)},
        "credentials": [
            {
                "kind": one.kind, "number": secrets.decrypt(one.number, "credential"), "issuer": one.issuer, "scope": one.scope,
                "expires": stamp(one.expires_at) if one.expires_at else None, "state": one.state,
            }
            for one in found.credentials
        ],
    }  # fmt: skip


def retention() -> Iterable[RetentionRow]:
    since = N_("the last report that rests on it ended")
    source = N_("E-commerce Law, article 31: at least three years")
    return (RetentionRow(N_("Files of appraisers, and the credentials they showed"), 36, since, source, N_("delete")),)
