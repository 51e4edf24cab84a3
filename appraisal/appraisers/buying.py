"""Who graded a thing doesn't buy it for a while: else a low grade would pay."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.appraisers.entitlement import first_day
from appraisal.appraisers.settings import settings
from appraisal.grades.models import Appraisal
from core.errors import Forbidden
from core.i18n import N_

GRADED = N_("You graded this thing: you can buy it from %(day)s on, not before.")


def demand_may_buy(session: Session, item_id: str, account_id: str, now: datetime) -> None:
    """Raises Forbidden for whoever signed an appraisal of this thing, or graded it in an appeal, in the last 180 days
    (settings.toml)."""
    when = func.coalesce(Appraisal.signed_at, Appraisal.started_at)
    query = select(func.max(when)).where(
        Appraisal.item_id == item_id, Appraisal.appraiser_id == account_id, Appraisal.state.not_in(("draft", "dropped")),
        when > now - settings().buying,
    )  # fmt: skip
    latest: datetime | None = session.scalar(query)
    if latest is not None:
        raise Forbidden("graded_by_buyer", GRADED, values={"day": first_day(latest + settings().buying)})
