"""Who is told what of a visit."""

from sqlalchemy import select

from core.i18n import N_
from core.people.models import Membership, Organisation
from core.people.notices import notify
from core.when import exact
from core.work import Work
from market.channels.consignment.actions import STAFF
from market.channels.consignment.visits.models import Visit

BOOKED = N_("Your visit to %(shop)s is booked (%(number)s): %(time)s. Bring your identity paper and what is on the list.")


def tell(w: Work, row: Visit, sentence: str, **values: str) -> None:
    """The person, where they have an account and didn't do it themselves; shop, number and time fill the sentence."""
    if row.account_id is not None:
        _tell(w, row, row.account_id, sentence, values)


def tell_desk(w: Work, row: Visit, sentence: str) -> None:
    """Everybody who works at the shop's counter, but for who did it."""
    query = select(Membership.account_id).where(
        Membership.org_id == row.org_id, Membership.role.in_(STAFF), Membership.ended_at.is_(None)
    )
    for account_id in sorted(set(w.session.scalars(query)) - {w.actor.id}):
        _tell(w, row, account_id, sentence, {})


def _tell(w: Work, row: Visit, account_id: str, sentence: str, values: dict[str, str]) -> None:
    shop = w.session.get_one(Organisation, row.org_id).name
    told = {"number": row.number, "time": exact(row.slot), "shop": shop, **values}
    used = {name: value for name, value in told.items() if f"%({name})s" in sentence}
    notify(w, account_id, sentence, f"/consignment-visits/{row.id}", **used)  # type: ignore[arg-type]
