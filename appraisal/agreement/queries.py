"""Grades that can be compared, as places on their scale (0 is the best): blind pairs, repeats, and answers check by check."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.agreement.pairs import Order, Pair, order_of
from appraisal.blind.models import BlindCheck
from appraisal.grades.models import Appraisal
from appraisal.grades.report_queries import IN_FORCE_ONCE
from appraisal.standards.queries import standard_of
from appraisal.standards.standard import Check, Standard

# what came of a panel that didn't agree is no sample: only disagreements get there
DRAWN = (BlindCheck.graded_at.is_not(None), BlindCheck.why != "panel")


def blind_pairs(session: Session) -> list[Pair]:
    """Every blind grade beside the first one, the oldest first; also where the report has ended since."""
    query = select(BlindCheck, Appraisal).join(Appraisal, Appraisal.id == BlindCheck.appraisal_id)
    rows = session.execute(query.where(*DRAWN).order_by(BlindCheck.id))
    return [_pair(session, made, check.grade, str(check.second_id), check.owner_id) for check, made in rows]


def _pair(session: Session, made: Appraisal, grade: str, by: str, owner_id: str) -> Pair:
    order = order_of(standard_of(session, made))
    return Pair(
        appraisal_id=made.id, order=order, first=order.index(made.grade), second=order.index(grade),
        first_by=made.appraiser_id, second_by=by, owner_id=owner_id,
    )  # fmt: skip


def repeats(session: Session) -> list[Pair]:
    """The same person's next grade of the same thing, in the same custody and by the same standard."""
    query = select(Appraisal).where(Appraisal.state.in_(IN_FORCE_ONCE), Appraisal.grade != "U")
    found: dict[tuple[str, str, int, str, int], list[Appraisal]] = {}
    for made in session.scalars(query.order_by(Appraisal.signed_at, Appraisal.id)):
        key = (made.appraiser_id, made.item_id, made.epoch, made.standard, made.version)
        found.setdefault(key, []).append(made)
    return [_pair(session, one, two.grade, two.appraiser_id, "") for line in found.values() for one, two in pairwise(line)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One check of one standard, answered twice: places in its list of values, None where somebody left it untested."""

    check: Check
    standard: Standard
    first: int | None
    second: int | None


def answers(session: Session) -> Iterator[Answered]:
    """Every check with a list of values, of every blind pair."""
    query = select(BlindCheck, Appraisal).join(Appraisal, Appraisal.id == BlindCheck.appraisal_id)
    for blind, made in session.execute(query.where(*DRAWN).order_by(BlindCheck.id)):
        standard = standard_of(session, made)
        for check in (one for one in standard.checks if one.values):
            first, second = _place(check, made.answers.get(check.code)), _place(check, blind.answers.get(check.code))
            yield Answered(check=check, standard=standard, first=first, second=second)


def _place(check: Check, answer: object) -> int | None:
    value = check.find_value(answer)
    return check.place(value.code) if value else None


def counts(session: Session) -> dict[str, int]:
    """How many blind looks stand in each state."""
    query = select(BlindCheck.state, func.count()).where(BlindCheck.why != "panel").group_by(BlindCheck.state)
    return {state: int(number) for state, number in session.execute(query)}


def scales(pairs: Sequence[Pair]) -> list[Order]:
    """The scales that were used, the most used first: grades of different scales are never compared."""
    used = [pair.order for pair in pairs]
    return sorted(set(used), key=lambda order: (-used.count(order), order))
