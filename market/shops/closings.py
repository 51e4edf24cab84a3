"""A shop announces its end, calls it off, or opens again; when the day has come the clockwork closes it.

Source: E-commerce Law 16: who ends their business shows it on the first page thirty days before, without a gap."""

from datetime import date

from sqlalchemy import select

from core import ids
from core.clock import local
from core.errors import Refused
from core.i18n import N_
from core.people.acting import demand_role
from core.people.models import Organisation
from core.people.notices import notify
from core.ports import happened
from core.states import walk
from core.work import Work
from market.shops import points, queries, rules, standing
from market.shops.events import ShopEnded, ShopEnding
from market.shops.models import ShopClosing
from market.shops.states import CLOSING

TOLD = {
    "announced": N_("%(shop)s will be closed from %(day)s on. Fetch what is yours, and ask for what is open."),
    "call_off": N_("%(shop)s goes on: its announced end was called off."),
    "end": N_("%(shop)s is closed from today (%(day)s) on."),
    "reopen": N_("%(shop)s is open again."),
}


def announce(w: Work, org_id: str, closes_on: date, words: str, notice_days: int) -> ShopClosing:
    """`notice_days`: the setting, never below the law's thirty. Raises Invalid at closes_on, Refused for a second one."""
    demand_role(w, org_id, *queries.MANAGERS)
    w.session.get_one(Organisation, org_id, with_for_update=True)
    if standing.find_closing(w.session, org_id) is not None:
        raise Refused("closing_there", N_("An end is announced already, or has come. Call it off first."))
    rules.check_closing_day(closes_on, local(w.now).date(), notice_days)
    row = ShopClosing(
        id=ids.new_id(), org_id=org_id, closes_on=closes_on, words=words.strip()[:400], announced_by=w.actor.id,
        announced_at=w.now, moved_at=None,
    )  # fmt: skip
    w.put(row)
    w.record("market:shop_closing:announced", row.id, org=org_id, day=closes_on.isoformat())
    happened(w, ShopEnding(org_id))
    _tell(w, row, "announced")
    return row


def call_off(w: Work, org_id: str) -> None:
    """Raises Refused where none is announced."""
    _move(w, org_id, "call_off", "market:shop_closing:called_off")


def reopen(w: Work, org_id: str) -> None:
    """A closed shop works again; its points stay closed until each is opened. Raises Refused where it isn't closed."""
    _move(w, org_id, "reopen", "market:shop_closing:reopened")


def _move(w: Work, org_id: str, verb: str, word: str) -> None:
    demand_role(w, org_id, *queries.MANAGERS)
    row = standing.find_closing(w.session, org_id)
    if row is None:
        raise Refused("no_closing", N_("No end is announced, and none has come."))
    walk(w, CLOSING, row, verb, moved_at=w.now)
    w.record(word, row.id, org=org_id)
    _tell(w, row, verb)


def close_due(w: Work, row: ShopClosing) -> None:
    """The announced day has come: points close, nothing is on sale in its name, everybody is told."""
    w.session.refresh(row, with_for_update=True)
    if row.state != "announced" or row.closes_on > local(w.now).date():
        return
    walk(w, CLOSING, row, "end", moved_at=w.now)
    for point in queries.points_of(w.session, row.org_id, "open", "paused"):
        points.follow(w, point, "close", told=False)
    w.record("market:shop_closing:ended", row.id, org=row.org_id)
    happened(w, ShopEnded(row.org_id))
    _tell(w, row, "end")


def due(w: Work) -> list[ShopClosing]:
    today = local(w.now).date()
    query = select(ShopClosing).where(ShopClosing.state == "announced", ShopClosing.closes_on <= today)
    return list(w.session.scalars(query.order_by(ShopClosing.closes_on, ShopClosing.id).limit(200)))


def _tell(w: Work, row: ShopClosing, what: str) -> None:
    """Staff and followers; the manager who did it knows."""
    org, sentence = w.session.get_one(Organisation, row.org_id), TOLD[what]
    values = {"shop": org.name, **({"day": row.closes_on.isoformat()} if "%(day)s" in sentence else {})}
    staff = set(queries.people_of(w.session, row.org_id))
    for account_id in sorted(staff - {w.actor.id}):
        notify(w, account_id, sentence, f"/shops/{row.org_id}/desk", kind="roles", **values)
    for account_id in sorted(set(queries.followers(w.session, row.org_id)) - staff):
        notify(w, account_id, sentence, f"/shops/{row.org_id}", kind="favourites", **values)
