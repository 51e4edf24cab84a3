"""Who may appeal against a report, and until when: its owner while it is in force, its buyer after the hand-over."""

from datetime import datetime

from sqlalchemy.orm import Session

from appraisal.appeals import queries, rules
from appraisal.appeals.states import DECIDED
from appraisal.appraisers.settings import settings
from appraisal.grades import report_queries
from appraisal.grades.models import Appraisal
from appraisal.grades.report_rules import shown_state
from appraisal.standards.queries import standard_of
from core.errors import Forbidden, Refused
from core.goods.models import Item
from core.grade_ports import Received, graded_sale
from core.i18n import N_

NOT_PARTY = N_("Only the owner of the thing, or whoever bought it on the word of this report, can appeal against it.")
NOT_NOW = N_("This report is not in force, so there is nothing to appeal against.")
LATE = N_("The time to appeal is over: it was %(days)s days.")
NO_GRADE = N_("This report gives no grade, so there is none to appeal against. Ask for a new appraisal.")
OPEN_ALREADY = N_("There is an open appeal against this report already.")
ONCE = N_("Your appeal against this report was decided. What was found stands in it.")


def demand(session: Session, made: Appraisal, account_id: str, now: datetime) -> tuple[str, str]:
    """(owner or buyer, whose thing it was when it was graded). Raises Forbidden for who has no right to appeal, Refused where it
    is too late, the report isn't in force or gives no grade, or one stands: one open appeal a report, nobody twice."""
    item, bought = session.get_one(Item, made.item_id), graded_sale(session, account_id, made.id)
    if bought is None and item.owner_id != account_id:
        raise Forbidden("not_party", NOT_PARTY)
    if made.appraiser_id == account_id:
        raise Forbidden("own_appraisal", N_("Nobody appeals against a grade of their own."))
    if queries.open_appeal(session, made.id) is not None:
        raise Refused("under_appeal", OPEN_ALREADY)
    if any(one.by_id == account_id and one.state in DECIDED for one in queries.against(session, made.id)):
        raise Refused("appealed_once", ONCE)
    if made.grade == standard_of(session, made).undetermined.code:
        raise Refused("no_grade", NO_GRADE)
    if bought is not None:
        return _as_buyer(session, made, bought, now)
    return _as_owner(made, item, now)


def _as_buyer(session: Session, made: Appraisal, bought: Received, now: datetime) -> tuple[str, str]:
    """A sale ends the report; nothing else may have."""
    ending = report_queries.find_ending(session, made.id)
    if made.state != "expired" or ending is None or ending.why not in ("sold", "expired"):
        raise Refused("not_in_force", NOT_NOW)
    _demand_in_time(bought.at, now)
    return "buyer", bought.seller_id


def _as_owner(made: Appraisal, item: Item, now: datetime) -> tuple[str, str]:
    if made.signed_at is None or shown_state(made.state, made.signed_at, now) != "signed" or made.epoch != item.epoch:
        raise Refused("not_in_force", NOT_NOW)
    _demand_in_time(made.signed_at, now)
    return "owner", item.owner_id


def _demand_in_time(since: datetime, now: datetime) -> None:
    if not rules.in_time(since, settings().appeal_within, now):
        raise Refused("appeal_late", LATE, values={"days": settings().appeal_within.days})


def may_appeal(session: Session, made: Appraisal, account_id: str | None, now: datetime) -> bool:
    """Is a page to offer it?"""
    if account_id is None:
        return False
    try:
        demand(session, made, account_id, now)
    except Refused:
        return False
    return True
