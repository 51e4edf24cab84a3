"""What is to be drawn, who may look a second time, and what waits for whom."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.blind import rules
from appraisal.blind.models import BlindCheck, BlindDraw
from appraisal.grades.models import Appraisal, Report
from appraisal.grades.queries import locked as report_locked
from appraisal.grades.report_rules import ISSUED
from appraisal.standards.queries import standard_of
from core.access import Visitor
from core.db import get_locked, get_row, stamp
from core.errors import Forbidden
from core.i18n import N_
from core.offer_ports import asked_price
from core.paper_ports import log_root
from core.ports import RetentionRow, Waiting
from core.queue.kinds import Ask

BLINDFOLD = N_("You are to look at this thing blind: its report is closed to you until you have graded it.")


def get_check(session: Session, blind_id: str) -> BlindCheck:
    """Raises NotFound."""
    return get_row(session, BlindCheck, blind_id)


def locked(session: Session, blind_id: str) -> BlindCheck:
    """The blind look, read anew and locked until the transaction ends; its thing and its report before it, in the order in which
    the end of a report comes to its blind looks."""
    report_locked(session, get_check(session, blind_id).appraisal_id)
    return get_locked(session, BlindCheck, blind_id)


def to_draw(session: Session, most: int = 200) -> list[tuple[Appraisal, str]]:
    """Reports in force that the public log has entered and no lot has decided about, each with its root. One without a grade
    has nothing to be compared with."""
    query = (
        select(Appraisal)
        .join(Report, Report.appraisal_id == Appraisal.id)
        .outerjoin(BlindDraw, BlindDraw.appraisal_id == Appraisal.id)
        .where(Appraisal.state == "signed", Appraisal.grade != "U", BlindDraw.appraisal_id.is_(None))
        .order_by(Appraisal.id)
        .limit(most)
    )
    return [(made, root) for made in session.scalars(query) if (root := log_root(session, ISSUED, made.number))]


def precious(session: Session, top: int, value: int) -> list[tuple[Appraisal, str]]:
    """Reports in force, past their lot, with one of the best grades on things on sale for so many fen or more, looked at once."""
    query = (
        select(Appraisal, BlindDraw.root)
        .join(BlindDraw, BlindDraw.appraisal_id == Appraisal.id)
        .outerjoin(BlindCheck, BlindCheck.appraisal_id == Appraisal.id)
        .where(Appraisal.state == "signed", BlindCheck.id.is_(None))
    )
    found = [(made, root) for made, root in session.execute(query) if _is_top(session, made, top)]
    return [(made, root) for made, root in found if (asked_price(session, made.item_id) or 0) >= value]


def _is_top(session: Session, made: Appraisal, top: int) -> bool:
    return rules.is_top(standard_of(session, made).order(), made.grade, top)


def open_checks(session: Session) -> Sequence[BlindCheck]:
    return session.scalars(select(BlindCheck).where(BlindCheck.state == "open").order_by(BlindCheck.id)).all()


def for_second(session: Session, account_id: str) -> Sequence[BlindCheck]:
    query = select(BlindCheck).where(BlindCheck.second_id == account_id, BlindCheck.state == "open")
    return session.scalars(query.order_by(BlindCheck.due_at)).all()


def recent(session: Session, most: int = 100) -> Sequence[BlindCheck]:
    return session.scalars(select(BlindCheck).order_by(BlindCheck.id.desc()).limit(most)).all()


def of_appraisal(session: Session, appraisal_id: str) -> Sequence[BlindCheck]:
    return session.scalars(select(BlindCheck).where(BlindCheck.appraisal_id == appraisal_id).with_for_update()).all()


def lookers(session: Session, appraisal_ids: Iterable[str]) -> set[str]:
    """Who gave a blind grade of one of these, or gave the look back. Who is only drawn for it knows nothing yet."""
    query = select(BlindCheck).where(BlindCheck.appraisal_id.in_(list(appraisal_ids)))
    found = session.scalars(query.execution_options(populate_existing=True)).all()
    return {who for one in found for who in (one.second_id if one.graded_at else None, *one.returned) if who}


def waiting_for(session: Session, item_id: str, account_id: str) -> Sequence[BlindCheck]:
    """The looks at this thing that this person was drawn for and hasn't taken yet."""
    mine = (BlindCheck.item_id == item_id, BlindCheck.second_id == account_id, BlindCheck.state == "open")
    return session.scalars(select(BlindCheck).where(*mine).order_by(BlindCheck.id).with_for_update()).all()


def demand_seeing(session: Session, appraisal_id: str, account_id: str | None) -> None:
    """Raises Forbidden for who is to grade this very thing blind, in a blind look or an appeal, and hasn't yet."""
    if account_id is not None and (_looks(session, appraisal_id, account_id) or hears(session, appraisal_id, account_id)):
        raise Forbidden("blindfolded", BLINDFOLD)


def _looks(session: Session, appraisal_id: str, account_id: str) -> bool:
    query = select(BlindCheck.id).where(
        BlindCheck.appraisal_id == appraisal_id, BlindCheck.second_id == account_id, BlindCheck.state == "open"
    )
    return session.scalars(query).first() is not None


def hears(session: Session, appraisal_id: str, account_id: str) -> bool:
    """Is this person to grade the thing of that appraisal anew in an appeal?"""
    thing = select(Appraisal.item_id).where(Appraisal.id == appraisal_id).scalar_subquery()
    query = select(Appraisal.id).where(
        Appraisal.item_id == thing, Appraisal.appraiser_id == account_id, Appraisal.state == "blind", Appraisal.id != appraisal_id
    )
    return session.scalars(query).first() is not None


def ask(check: BlindCheck, number: str) -> Ask:
    parties = {one for one in (check.first_id, check.second_id) if one}
    return Ask(
        subject_id=check.id, title=number, link=f"/blind/{check.id}/decide", barred=tuple(sorted(parties)), since=check.graded_at
    )


def disagreed(session: Session) -> Iterator[Ask]:
    query = select(BlindCheck, Appraisal.number).join(Appraisal, Appraisal.id == BlindCheck.appraisal_id)
    for check, number in session.execute(query.where(BlindCheck.state == "disagreed").order_by(BlindCheck.id)):
        yield ask(check, number)


def waiting(session: Session, visitor: Visitor) -> Iterable[Waiting]:
    """For the port: second looks that wait for this appraiser."""
    if not visitor.orgs_as("appraiser"):
        return []
    return [Waiting(N_("To be looked at blind"), len(for_second(session, str(visitor.account_id))), "/blind")]


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    """The second looks a person took."""
    query = select(BlindCheck).where(BlindCheck.second_id == account_id, BlindCheck.graded_at.is_not(None))
    return {
        "blind_grades_given": [
            {"grade": one.grade, "at": stamp(one.graded_at)} for one in session.scalars(query) if one.graded_at
        ]
    }


def retention() -> Iterable[RetentionRow]:
    source = N_("E-commerce Law, article 31: at least three years")
    return (RetentionRow(N_("Draws and blind re-appraisals"), 36, N_("the report ended"), source, N_("delete")),)
