"""Telling sellers of a change of the fees that touches them: when it is announced, when it is called off, when it begins.

Touched is who would get another payout from what they have up now, or from a sale of the last 90 days, by the same reckoning as
the simulator's. Whoever a change leaves as it is isn't bothered (E-commerce Law 34: changes are announced to everybody on the
page of the fees, at least seven days before)."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, ports
from core.i18n import N_
from core.people.notices import notify
from core.people.queries import answering_for
from core.ports import CompletedSale
from core.work import Work
from market.ledger.fees.events import FeesChange
from market.ledger.fees.queries import find_version, frozen, policy_for
from market.ledger.fees.simulating_rules import simulate
from market.listings.models import Listing
from market.listings.states import LIVE
from market.listings.terms_rules import BUSINESS

BACK = timedelta(days=90)
SENTENCES = {
    "announced": N_("Your fees change on %(day)s. Look what it costs then."),
    "withdrawn": N_("The change of your fees that was announced for %(day)s doesn't come."),
    "begun": N_("Your fees have changed as announced, from %(day)s."),
}


def tell_sellers(w: Work, event: FeesChange) -> None:
    for owner in touched(w.session, event):
        for account_id in answering_for(w.session, owner):
            day = clock.local(event.begins).date().isoformat()
            notify(w, account_id, SENTENCES[event.stage], f"/fees/{event.policy_id}/{event.version}", kind="money", day=day)


def touched(session: Session, event: FeesChange) -> list[str]:
    """Whose payouts differ: ids of people and of places, in order."""
    old = policy_for(session, event.channel, event.begins - timedelta(seconds=1)).policy
    row = find_version(session, event.policy_id, event.version)
    if row is None:
        return []
    new = frozen(row).policy
    sales = [one for one in (*_up_now(session), *_sold_lately(session)) if one.channel == event.channel]
    return sorted(owner for owner, one in simulate(old, new, sales).sellers.items() if one.old_payout != one.new_payout)


def _sold_lately(session: Session) -> Iterator[CompletedSale]:
    today = clock.local(clock.now()).date()
    yield from ports.completed_sales(session, today - BACK, today)


def _up_now(session: Session) -> Iterator[CompletedSale]:
    today = clock.local(clock.now()).date()
    one = Listing
    query = select(one.id, one.seller_id, one.org_id, one.seller_kind, one.category, one.price_minor, one.currency)
    for row in session.execute(query.where(one.state.in_((*LIVE, "waiting_wipe")), one.price_minor > 0)):
        yield CompletedSale(
            id=row.id, seller_id=row.seller_id, org_id=row.org_id,
            channel="business" if row.seller_kind in BUSINESS else "private", category=row.category,
            price=row.price_minor, currency=row.currency, on=today,
        )  # fmt: skip
