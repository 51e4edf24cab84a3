"""Who may begin or sign an appraisal of this very thing: asked by the desk before anything is written."""

from datetime import datetime, timedelta

from appraisal.appraisers import queries, rules
from core import clock
from core.errors import Refused
from core.work import Work


class NotEntitled(Refused):
    """The credential doesn't carry it now: drafts wait, nothing is lost."""

    status = 403


def demand(w: Work, category: str, level: int = rules.SIGN) -> None:
    """Raises NotEntitled for whoever of this Work has no valid, unexpired credential with scope for the category."""
    why = queries.why_not(w.session, w.actor.id, category, w.now, level)
    if why is not None:
        raise NotEntitled(why.code, rules.REFUSALS[why.code], values={"day": last_day(why.moment) if why.moment else ""})


def last_day(moment: datetime) -> str:
    """The last day, in the market's zone, of what ends at this moment: year-month-day in any language."""
    return first_day(moment - timedelta(microseconds=1))


def first_day(moment: datetime) -> str:
    """The day on which something begins."""
    return clock.local(moment).strftime("%Y-%m-%d")
