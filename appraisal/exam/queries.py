"""Reference items by standard, a person's exams, and pairs of agreed and given grades."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.agreement.pairs import Pair, order_of
from appraisal.appraisers.settings import settings
from appraisal.exam import rules
from appraisal.exam.models import Exam, ExamAnswer, ReferenceItem
from appraisal.standards.queries import get_standard
from core.db import get_row, stamp
from core.i18n import N_
from core.ports import RetentionRow


def get_reference(session: Session, reference_id: str) -> ReferenceItem:
    """Raises NotFound."""
    return get_row(session, ReferenceItem, reference_id)


def get_exam(session: Session, exam_id: str) -> Exam:
    """Raises NotFound."""
    return get_row(session, Exam, exam_id)


def references(session: Session, standard: str = "") -> Sequence[ReferenceItem]:
    """All, or those in use of one standard, by number."""
    query = select(ReferenceItem).order_by(ReferenceItem.number)
    if standard:
        query = query.where(ReferenceItem.standard == standard, ReferenceItem.state == "active")
    return session.scalars(query).all()


def examinable(session: Session) -> list[str]:
    """Standards with enough reference items for an exam."""
    known, found = settings(), sorted({one.standard for one in references(session)})
    return [
        one for one in found
        if rules.is_enough([row.grade for row in references(session, one)], known.exam_items, known.exam_grades)
    ]  # fmt: skip


def exams_of(session: Session, account_id: str) -> Sequence[Exam]:
    return session.scalars(select(Exam).where(Exam.account_id == account_id).order_by(Exam.id.desc())).all()


def answers_of(session: Session, exam_id: str) -> dict[str, ExamAnswer]:
    """Reference item -> what was answered."""
    found = session.scalars(select(ExamAnswer).where(ExamAnswer.exam_id == exam_id))
    return {one.reference_id: one for one in found}


def exam_pairs(session: Session) -> list[Pair]:
    """The agreed grade beside the given one, of every finished exam."""
    query = (
        select(Exam.account_id, ReferenceItem, ExamAnswer.grade)
        .join(ExamAnswer, ExamAnswer.exam_id == Exam.id)
        .join(ReferenceItem, ReferenceItem.id == ExamAnswer.reference_id)
        .where(Exam.state != "open")
        .order_by(ExamAnswer.id)
    )
    found = []
    for account_id, item, given in session.execute(query):
        order = order_of(get_standard(session, item.standard, item.version))
        found.append(Pair(appraisal_id=item.id, order=order, first=order.index(item.grade), second=order.index(given),
                          first_by="", second_by=account_id, owner_id=""))  # fmt: skip
    return found


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    rows = exams_of(session, account_id)
    return {
        "exams": [
            {"standard": one.standard, "state": one.state, "kappa": one.kappa, "began": stamp(one.began_at)} for one in rows
        ]
    }


def retention() -> Iterable[RetentionRow]:
    source = N_("E-commerce Law, article 31: at least three years")
    return (RetentionRow(N_("Exams of appraisers and reference items"), 36, N_("the exam"), source, N_("delete")),)
