"""What waits for a second person about certificates and makers' declarations, as the queue asks for it."""

import json
from collections.abc import Iterator

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.goods.models import Item
from core.queue import actions as queue
from core.queue.kinds import Ask
from core.work import Work
from privacy.clearance.corrections.models import Correction, CorrectionDecision
from privacy.clearance.declarations.models import DeclarationDecision, DeclarationEntry
from privacy.clearance.models import Certificate

STANDS = ("issued", "delivered")


def declaration_ask(entry: DeclarationEntry) -> Ask:
    title = f"{entry.content['maker_zh']} / {entry.content['maker_en']}"
    return Ask(subject_id=entry.id, title=title, link=f"/declarations/{entry.id}", barred=(entry.proposed_by,), since=entry.at)


def correction_ask(session: Session, one: Correction, certificate: Certificate) -> Ask:
    """Decided by somebody of a point on the paper, never by the device's owner or who proposed it."""
    body = json.loads(certificate.body)
    points = {part["organisation"]["id"] for part in (body["wiped"], body["verified"]) if part.get("organisation")}
    owner = session.get_one(Item, certificate.item_id).owner_id
    return Ask(
        subject_id=one.id, title=certificate.number, link=f"/corrections/{one.id}", barred=(one.proposed_by, owner),
        orgs=tuple(points), since=one.at,
    )  # fmt: skip


def declarations(session: Session) -> Iterator[Ask]:
    decided = select(DeclarationDecision.entry_id)
    for entry in session.scalars(
        select(DeclarationEntry).where(DeclarationEntry.id.not_in(decided)).order_by(DeclarationEntry.id)
    ):
        yield declaration_ask(entry)


def corrections(session: Session) -> Iterator[Ask]:
    """Only of papers that stand: of the others nothing is corrected any more."""
    query = _undecided().where(Certificate.state.in_(STANDS)).order_by(Correction.id)
    for one, certificate in session.execute(query):
        yield correction_ask(session, one, certificate)


def overtaken(w: Work, certificate_id: str) -> None:
    """The paper doesn't stand any more: what waits about it is over."""
    for one, _certificate in w.session.execute(_undecided().where(Certificate.id == certificate_id)).all():
        queue.lapse(w, "correction", one.id)


def _undecided() -> Select[Correction, Certificate]:
    decided = select(CorrectionDecision.correction_id)
    return (
        select(Correction, Certificate)
        .join(Certificate, Certificate.id == Correction.certificate_id)
        .where(Correction.id.not_in(decided))
    )
