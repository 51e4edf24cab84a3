"""Appeals as pages, the queue, the report and a person's export ask of them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from appraisal.appeals.models import Appeal, AppealSeat
from appraisal.appeals.states import DECIDED, OPEN
from appraisal.grades.models import Appraisal
from core.access import Beside, Visitor
from core.db import get_locked, get_row, stamp
from core.goods.models import Item
from core.i18n import N_
from core.people.queries import answering_for, answers_for
from core.ports import RetentionRow, Waiting
from core.queue.kinds import Ask

Matter = Beside[Appeal, frozenset[str]]
Listed = tuple[Appeal, Appraisal, Item]


def get_appeal(session: Session, appeal_id: str) -> Matter:
    """An appeal, and whose matter it is. Raises NotFound."""
    appeal = get_row(session, Appeal, appeal_id)
    return Beside(appeal, frozenset(parties(session, appeal)))


def sides(session: Session, appeal: Appeal) -> set[str]:
    """Who may ask for a panel: who appealed, who graded first, and who answers for the agency."""
    return {appeal.by_id, appeal.first_id, *answering_for(session, appeal.org_id)}


def parties(session: Session, appeal: Appeal) -> set[str]:
    """Whose matter it is: the sides, and the owner at the time of the report."""
    return {*sides(session, appeal), appeal.owner_id}


def current_id(appeal: Appeal) -> str:
    """The report that stands in this matter now: the one that was appealed against, or what took its place."""
    return appeal.new_id or appeal.appraisal_id


def open_appeal(session: Session, appraisal_id: str) -> Appeal | None:
    """The open appeal that a report is under: against it, or against the one whose place it took meanwhile."""
    query = select(Appeal).where(func.coalesce(Appeal.new_id, Appeal.appraisal_id) == appraisal_id, Appeal.state.in_(OPEN))
    return session.scalars(query).first()


def under_appeal_since(session: Session, appraisal_id: str | None) -> datetime | None:
    """Since when a report is under appeal, None when it isn't."""
    found = open_appeal(session, appraisal_id) if appraisal_id else None
    return found.opened_at if found else None


def of_item(session: Session, item_id: str) -> Sequence[Appeal]:
    return session.scalars(select(Appeal).where(Appeal.item_id == item_id, Appeal.state.in_(OPEN)).order_by(Appeal.id)).all()


def against(session: Session, appraisal_id: str) -> Sequence[Appeal]:
    """Every appeal against a report, the newest first."""
    return session.scalars(select(Appeal).where(Appeal.appraisal_id == appraisal_id).order_by(Appeal.id.desc())).all()


def locked(session: Session, appeal_id: str) -> Appeal:
    """The appeal, read anew and locked until the transaction ends, and its thing before it: whatever decides over the appeal, its
    reports or its seats does so one after the other, and takes the locks in one order (`appraisal.grades.queries.locked`)."""
    get_locked(session, Item, session.get_one(Appeal, appeal_id).item_id)
    return get_locked(session, Appeal, appeal_id)


def seats_of(session: Session, appeal: Appeal, stage: str = "") -> list[AppealSeat]:
    """Everybody who was drawn, in that order; read anew."""
    query = select(AppealSeat).where(AppealSeat.appeal_id == appeal.id).order_by(AppealSeat.id)
    found = session.scalars(query.execution_options(populate_existing=True)).all()
    return [one for one in found if stage in ("", one.stage)]


def drawn_before(session: Session, appeal: Appeal) -> set[str]:
    """Whom the lot passes by: everybody drawn in this appeal, and who gave one against the same report back, let its time run out
    or graded in it. Whose seat ended because an appeal was taken back is drawn again, so that nobody picks another reviewer."""
    query = (
        select(AppealSeat.account_id)
        .join(Appeal, Appeal.id == AppealSeat.appeal_id)
        .where(Appeal.appraisal_id == appeal.appraisal_id)
        .where(or_(Appeal.id == appeal.id, AppealSeat.why != "lapsed"))
    )
    return set(session.scalars(query))


def seat_on(session: Session, appraisal_id: str) -> AppealSeat | None:
    """The seat for which this blind appraisal is made."""
    return session.scalars(select(AppealSeat).where(AppealSeat.appraisal_id == appraisal_id)).first()


def overdue(session: Session, now: datetime) -> Sequence[AppealSeat]:
    query = select(AppealSeat).where(AppealSeat.ended_at.is_(None), AppealSeat.due_at <= now)
    return session.scalars(query.order_by(AppealSeat.id).limit(200)).all()


def to_close(session: Session, now: datetime) -> Sequence[Appeal]:
    """Decided by a reviewer, and nobody asked for a panel in time."""
    query = select(Appeal).where(Appeal.state.in_(("upheld", "overturned")), Appeal.due_at <= now)
    return session.scalars(query.order_by(Appeal.id).limit(200)).all()


def to_fill(session: Session) -> Sequence[Appeal]:
    """Those in which somebody may still have to be drawn."""
    query = select(Appeal).where(Appeal.state.in_(("review", "panel", "short"))).order_by(Appeal.id)
    return session.scalars(query.limit(500)).all()


def mine(session: Session, account_id: str, most: int = 50) -> list[Listed]:
    """The appeals that are somebody's matter, or that of an agency they answer for, the newest first."""
    me = or_(
        Appeal.by_id == account_id, Appeal.first_id == account_id, Appeal.owner_id == account_id,
        Appeal.org_id.in_(answers_for(session, account_id)),
    )  # fmt: skip
    return _listed(session, most, me)


def recent(session: Session, most: int = 100) -> list[Listed]:
    return _listed(session, most)


def _listed(session: Session, most: int, *only: ColumnElement[bool]) -> list[Listed]:
    """Each appeal with the report it is against, and the thing."""
    query = (
        select(Appeal, Appraisal, Item)
        .join(Appraisal, Appraisal.id == Appeal.appraisal_id)
        .join(Item, Item.id == Appeal.item_id)
        .where(*only)
        .order_by(Appeal.id.desc())
        .limit(most)
    )
    return [(one, made, item) for one, made, item in session.execute(query)]


def to_look(session: Session, account_id: str) -> list[tuple[AppealSeat, Appraisal, Item]]:
    """What waits for an appraiser to grade anew: the seat, the blind check-list, and the thing."""
    query = (
        select(AppealSeat, Appraisal, Item)
        .join(Appraisal, Appraisal.id == AppealSeat.appraisal_id)
        .join(Item, Item.id == Appraisal.item_id)
        .where(AppealSeat.account_id == account_id, AppealSeat.ended_at.is_(None))
        .order_by(AppealSeat.due_at)
    )
    return [(seat, made, item) for seat, made, item in session.execute(query)]


def decided(session: Session) -> list[tuple[str, str, bool]]:
    """(first appraiser, organisation, did the grade fall) of every appeal that was decided."""
    query = select(Appeal.first_id, Appeal.org_id, Appeal.state).where(Appeal.state.in_(DECIDED)).order_by(Appeal.id)
    return [(first, org, state == "fell") for first, org, state in session.execute(query)]


def still_open(session: Session) -> int:
    return int(session.scalar(select(func.count()).where(Appeal.state.in_(OPEN))) or 0)


def ask(session: Session, appeal: Appeal) -> Ask:
    number = session.get_one(Appraisal, appeal.appraisal_id).number
    drawn = {one.account_id for one in seats_of(session, appeal)}
    barred = sorted(parties(session, appeal) | drawn)
    return Ask(subject_id=appeal.id, title=number, link=f"/appeals/{appeal.id}", barred=tuple(barred))


def short(session: Session) -> Iterator[Ask]:
    """For the queue: appeals for which too few uninvolved people can be found."""
    for appeal in session.scalars(select(Appeal).where(Appeal.state == "short").order_by(Appeal.id)):
        yield ask(session, appeal)


def waiting(session: Session, visitor: Visitor) -> Iterable[Waiting]:
    """For the port: things that wait for this appraiser in an appeal."""
    if not visitor.orgs_as("appraiser"):
        return []
    return [Waiting(N_("To be graded anew in an appeal"), len(to_look(session, str(visitor.account_id))), "/appeals")]


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    """The appeals a person made, the panels they asked for, and what they were drawn for and said when they gave it back."""
    made = select(Appeal).where(Appeal.by_id == account_id).order_by(Appeal.id)
    asked = select(Appeal).where(Appeal.panel_by_id == account_id).order_by(Appeal.id)
    seats = select(AppealSeat).where(AppealSeat.account_id == account_id).order_by(AppealSeat.id)
    return {
        "appraisal_appeals_made": [
            {"words": one.words, "checks": one.checks, "at": stamp(one.opened_at), "state": one.state}
            for one in session.scalars(made)
        ],
        "appraisal_panels_asked_for": [{"words": one.panel_words, "state": one.state} for one in session.scalars(asked)],
        "appraisal_appeals_drawn_for": [
            {"stage": one.stage, "at": stamp(one.assigned_at), "ended": stamp(one.ended_at) if one.ended_at else None,
             "why": one.why, "words": one.words}
            for one in session.scalars(seats)
        ],
    }  # fmt: skip


def retention() -> Iterable[RetentionRow]:
    source = N_("E-commerce Law, article 31: at least three years")
    return (RetentionRow(N_("Appeals against grades, and who graded anew"), 36, N_("the appeal ended"), source, N_("delete")),)
