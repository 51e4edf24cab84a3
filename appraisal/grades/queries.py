"""What pages and the market ask of appraisals."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.grades.guide_models import AppraisalRequest
from appraisal.grades.models import Appraisal
from appraisal.grades.report_rules import shown_state
from core import clock
from core.access import visitor
from core.audit import WORDS, AuditLine
from core.db import get_locked, stamp
from core.errors import NotFound
from core.goods.custody import find_holder
from core.goods.models import Item
from core.i18n import N_
from core.ports import DossierLine, RetentionRow


def find_standing(session: Session, item_id: str, now: datetime | None = None) -> Appraisal | None:
    """The signed appraisal of a thing in its present custody epoch whose 30 days aren't over, or None."""
    query = (
        select(Appraisal)
        .join(Item, Item.id == Appraisal.item_id)
        .where(Appraisal.item_id == item_id, Appraisal.state == "signed", Appraisal.epoch == Item.epoch)
    )
    found = session.scalars(query).first()
    in_time = found is not None and shown_state(found.state, found.signed_at, now or clock.now()) == "signed"
    return found if in_time else None


def get_appraisal(session: Session, appraisal_id: str) -> Appraisal:
    """A signed one for everybody who has its address; a draft only for its appraiser. Raises NotFound."""
    made = session.get(Appraisal, appraisal_id)
    if made is None or (made.signed_at is None and made.appraiser_id != visitor().account_id):
        raise NotFound()
    return made


def locked(session: Session, appraisal_id: str) -> Appraisal:
    """The appraisal, read anew and locked until the transaction ends, and its thing before it: whatever goes on from an appraisal
    to its report, an appeal or a blind look starts with the thing, as custody does, so that no two wait for each other."""
    get_locked(session, Item, session.get_one(Appraisal, appraisal_id).item_id)
    return get_locked(session, Appraisal, appraisal_id)


def graders(session: Session, made: Appraisal) -> set[str]:
    """Who graded this thing, or is about to, for a report or in an appeal, in the custody in which that was made, or since."""
    query = select(Appraisal.appraiser_id).where(
        Appraisal.item_id == made.item_id, Appraisal.epoch >= made.epoch, Appraisal.state != "dropped"
    )
    return set(session.scalars(query))


def appraisals_by(session: Session, appraiser_id: str) -> Sequence[Appraisal]:
    query = select(Appraisal).where(Appraisal.appraiser_id == appraiser_id).order_by(Appraisal.id.desc())
    return session.scalars(query.limit(50)).all()


def signing_org(session: Session, item_id: str, org_ids: Iterable[str]) -> str:
    """In whose name somebody signs who appraises for these: where the thing is, else the first."""
    line, known = find_holder(session, item_id), sorted(set(org_ids))
    return line.holder_id if line is not None and line.holder_id in known else known[0]


def dossier(session: Session, item_id: str) -> Iterable[DossierLine]:
    made = list(session.scalars(select(Appraisal.id).where(Appraisal.item_id == item_id)))
    query = select(AuditLine).where(AuditLine.subject.in_(made)).order_by(AuditLine.line_no)
    for line in session.scalars(query):
        yield DossierLine(line.at, "appraisal", WORDS[line.word], {}, f"/appraisals/{line.subject}", line.actor)


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    """The appraisals a person made and asked for, as plain values."""
    return {
        "appraisals_made": [
            {"number": one.number, "grade": one.grade, "started": stamp(one.started_at)}
            for one in appraisals_by(session, account_id)
        ],
        "appraisals_asked_for": [
            {"thing": one.item_id, "asked": stamp(one.asked_at)}
            for one in session.scalars(select(AppraisalRequest).where(AppraisalRequest.asked_by == account_id))
        ],
    }


def retention() -> Iterable[RetentionRow]:
    return (
        RetentionRow(
            N_("Appraisals"), 36, N_("the appraisal was signed"),
            N_("E-commerce Law, article 31: at least three years"), N_("delete"),
        ),
        RetentionRow(
            N_("Signed appraisal reports, and why they ended"), 36, N_("the report ended"),
            N_("E-commerce Law, article 31: at least three years"), N_("delete"),
        ),
        RetentionRow(
            N_("Photos, answers and their times of an appraisal"), 36, N_("the appraisal was signed"),
            N_("E-commerce Law, article 31: at least three years"), N_("delete"),
        ),
        RetentionRow(
            N_("Who asked for an appraisal of what"), 36, N_("it was appraised or taken back"),
            N_("E-commerce Law, article 31: at least three years"), N_("delete"),
        ),
    )  # fmt: skip
