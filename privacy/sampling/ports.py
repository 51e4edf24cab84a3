"""What the privacy room answers through the house's ports about draws, tries, relations and own statements."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.db import stamp
from core.i18n import N_
from core.ports import DossierLine, RetentionRow
from privacy.sampling import relations
from privacy.sampling.models import RecoveryTry, SampleCheck, SampleDraw
from privacy.sampling.people_models import CounterMark, OwnStatement, PersonRelation

TRIED = {
    "nothing": N_("A third person tried to recover data after wipe %(number)s with another tool: nothing was found"),
    "found": N_("A third person tried to recover data after wipe %(number)s: data was found"),
    "not_done": N_("A recovery try after wipe %(number)s could not be done"),
}


def dossier(session: Session, item_id: str, numbers: dict[str, str]) -> Iterator[DossierLine]:
    """Draws, tries and own statements of a thing. `numbers`: job id -> number."""
    for draw in session.scalars(select(SampleDraw).where(SampleDraw.job_id.in_(sorted(numbers)), SampleDraw.drawn.is_(True))):
        sentence = N_("The wipe %(number)s was drawn for a recovery try")
        yield DossierLine(draw.at, "privacy", sentence, {"number": draw.job_number}, f"/sampling/draws/{draw.id}")
    query = select(RecoveryTry, SampleCheck).join(SampleCheck, SampleCheck.id == RecoveryTry.check_id)
    for one, check in session.execute(query.where(SampleCheck.item_id == item_id)).all():
        values, link = {"number": numbers.get(check.job_id, "")}, f"/sampling/checks/{check.id}"
        yield DossierLine(one.at, "privacy", TRIED[one.result], values, link, one.checker_id)
    for stated in session.scalars(select(OwnStatement).where(OwnStatement.item_id == item_id)):
        sentence = N_("The owner stated a wipe of the own hand (grade %(grade)s)")
        link = f"/items/{item_id}/own-file"
        yield DossierLine(stated.at, "privacy", sentence, {"grade": stated.grade}, link, stated.owner_id)


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    either = or_(PersonRelation.first_id == account_id, PersonRelation.second_id == account_id)
    tries = session.scalars(select(RecoveryTry).where(RecoveryTry.checker_id == account_id).order_by(RecoveryTry.id))
    stated = session.scalars(select(OwnStatement).where(OwnStatement.owner_id == account_id).order_by(OwnStatement.id))
    marks = session.scalars(select(CounterMark).where(CounterMark.account_id == account_id).order_by(CounterMark.id))
    return {
        "family_at_work": [
            {
                "with": relations.other_of(row, account_id),
                "declared_by_me": row.declared_by == account_id,
                "declared": stamp(row.declared_at),
                "ended": stamp(row.ended_at) if row.ended_at else None,
            }
            for row in session.scalars(select(PersonRelation).where(either).order_by(PersonRelation.id))
        ],
        "recovery_tries_i_made": [{"at": stamp(one.at), "result": one.result, "tool": one.tool} for one in tries],
        "logs_of_my_own_wipes": [
            {
                "thing": one.item_id,
                "at": stamp(one.at),
                "grade": one.grade,
                "says": one.told,
                "removed": stamp(one.removed_at) if one.removed_at else None,
            }
            for one in stated
        ],
        "browsers_i_signed_wipes_in": [{"at": stamp(one.at), "act": one.act, "digest": one.digest} for one in marks],
    }


def retention() -> Iterable[RetentionRow]:
    source = N_("GB 46864-2025 (at least three years; known from the press, its wording not read)")
    house = N_("own choice: least needed")
    since = N_("sale or last event, whichever is later")
    return (
        RetentionRow(N_("Draws, recovery tries and their reports"), 36, since, source, N_("deleted; the audit line stays")),
        RetentionRow(
            N_("In which browser a wipe was signed (a keyed digest)"), 36, since, source, N_("deleted; the audit line stays")
        ),
        RetentionRow(N_("Declared family relations at work"), 36, N_("its end"), house, N_("deleted; the audit line stays")),
        RetentionRow(
            N_("The owner's own log of a wipe at home"), 0, N_("taken back, or the account is closed"), house,
            N_("file and contents erased at once; that there was one stays"), closing=True,
        ),
    )  # fmt: skip
