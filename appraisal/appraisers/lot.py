"""Who may look at a graded thing once more, and in which order the lot puts them: shared by blind looks and appeals."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from appraisal.appraisers import queries, recusal
from appraisal.appraisers.rules import REVIEW
from core.goods.models import Item
from core.people.models import Organisation
from core.people.queries import holding, memberships
from core.work import Work


def fit(w: Work, category: str, barred: Iterable[str]) -> list[str]:
    """Appraisers whose credential is good for a second look at such a thing now, by id, whether or not on probation."""
    out = set(barred)
    everybody = [one for one in holding(w.session, "appraiser") if one not in out]
    return [one for one in everybody if queries.why_not(w.session, one, category, w.now, REVIEW) is None]


def measured_first(session: Session, names: list[str]) -> list[str]:
    """Those past probation, and only while nobody is like that, those who are on it: a house begins with new people only."""
    return [one for one in names if _is_measured(session, one)] or names


def candidates(w: Work, category: str, barred: Iterable[str]) -> list[str]:
    return measured_first(w.session, fit(w, category, barred))


def _is_measured(session: Session, account_id: str) -> bool:
    file = queries.find_file(session, account_id)
    return file is not None and file.state == "active"


def signs_for(session: Session, account_id: str) -> list[str]:
    """The approved organisations in which somebody appraises."""
    rows = memberships(session, account_id)
    return sorted(
        row.org_id for row in rows
        if row.role == "appraiser" and session.get_one(Organisation, row.org_id).state == "approved"
    )  # fmt: skip


def unbiased(w: Work, item: Item, account_id: str) -> bool:
    """Free of what keeps a first appraiser away from its owner, in the name of any of the organisations."""
    ties = recusal.ties_of(w, account_id)
    return any(recusal.why_tied(w, item.owner_id, account_id, ties, org) is None for org in signs_for(w.session, account_id))
