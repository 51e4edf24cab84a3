"""What time does to a visit: a word the day before, nobody came, a shop that takes nothing, and the end of what is kept."""

from datetime import datetime, time, timedelta

from sqlalchemy import select

from core.clock import LOCAL_ZONE
from core.each import each
from core.i18n import N_
from core.work import Work
from market.channels.consignment.visits import people, queries, receiving, rules
from market.channels.consignment.visits.models import Visit
from market.shops import standing

EVERY = timedelta(minutes=5)
AT_ONCE = 200


def run(w: Work, days: int) -> None:
    """Sweep; each visit by itself. `days`: the setting, after which a list and a contact are erased."""
    today = datetime.combine(w.now.astimezone(LOCAL_ZONE).date(), time(), LOCAL_ZONE)
    each(w, queries.booked_before(w.session, today), lambda row: _miss(w, row))
    each(w, _stranded(w), lambda row: _strand(w, row))
    soon = queries.booked_before(w.session, w.now + rules.REMIND, Visit.reminded.is_(False), Visit.slot > w.now)
    each(w, soon, lambda row: _remind(w, row))
    old = select(Visit).where(Visit.erased_at.is_(None), Visit.until < w.now - timedelta(days=days))
    each(w, w.session.scalars(old.order_by(Visit.until).limit(AT_ONCE)).all(), lambda row: erase(w, row))


def _miss(w: Work, row: Visit) -> None:
    """The day is over: till then staff say who came."""
    w.session.refresh(row, with_for_update=True)
    if row.state == "booked":
        receiving.miss(w, row)


def _stranded(w: Work) -> list[Visit]:
    """Visits within a day whose point or shop takes nothing by now, whatever the reason."""
    soon = queries.booked_before(w.session, w.now + rules.REMIND, Visit.slot > w.now)
    shut = {org_id for org_id in {one.org_id for one in soon} if not standing.takes_goods(w.session, org_id, w.now)}
    return [one for one in soon if one.org_id in shut or one.desk.point.state != "open"]


def _strand(w: Work, row: Visit) -> None:
    w.session.refresh(row, with_for_update=True)
    if row.state == "booked":
        receiving.call_off_now(w, row, "closed")


def _remind(w: Work, row: Visit) -> None:
    w.session.refresh(row, with_for_update=True)
    if row.state != "booked" or row.reminded:
        return
    row.reminded = True
    people.tell(w, row, N_("Your visit to %(shop)s is within a day: %(time)s (%(number)s). Bring your identity paper."))


def erase(w: Work, row: Visit) -> None:
    """Who it was and what they brought; the row stays with its number and how it ended."""
    if row.erased_at is not None:
        return
    if row.state == "booked":
        receiving.miss(w, row)
    row.things.clear()
    row.account_id = row.consignor_id = None
    row.who = row.name = row.shown = row.contact = row.contact_masked = ""
    row.erased_at = w.now
    w.session.flush()
    w.record("market:consignment_visit:erased", row.id)
