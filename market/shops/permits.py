"""A manager enters a permit to trade, staff confirm it, its end is told before, and one day it runs out.

Source: Regulations on Publishing (国务院令第594号), 35: who sells publications holds a 出版物经营许可证."""

from datetime import date, timedelta

from sqlalchemy import select

from core import ids
from core.clock import local
from core.errors import Forbidden, Invalid, Refused
from core.goods.words import SHOP_PERMITS
from core.i18n import N_
from core.people.acting import demand_role
from core.people.models import Organisation
from core.people.notices import notify
from core.ports import happened
from core.queue import actions as queue
from core.states import walk
from core.work import Work
from market.shops import queries, rules
from market.shops.events import PermitEnded
from market.shops.models import TradePermit
from market.shops.states import PERMIT
from market.shops.waits import permit_ask

BOOKS = "publications"


def enter(w: Work, org_id: str, kind: str, number: str, issuer: str, valid_until: date) -> TradePermit:
    """Raises Invalid at a field, Refused while another one waits."""
    demand_role(w, org_id, *queries.MANAGERS)
    org = w.session.get_one(Organisation, org_id, with_for_update=True)
    number, issuer = "".join(number.split()), " ".join(issuer.split())
    if kind not in SHOP_PERMITS:
        raise Invalid("permit_kind", N_("Choose one of the answers offered."))
    if not 5 <= len(number) <= 40:
        raise Invalid("permit_number", N_("Write the number as it stands on the permit."), field="number")
    if not 2 <= len(issuer) <= 60:
        raise Invalid("permit_issuer", N_("Write which office issued it."), field="issuer")
    if valid_until < local(w.now).date():
        raise Invalid("permit_over", N_("This permit has run out already."), field="valid_until")
    waits = select(TradePermit.id).where(TradePermit.org_id == org_id, TradePermit.kind == kind, TradePermit.state == "asked")
    if w.session.scalars(waits).first() is not None:
        raise Refused("permit_waits", N_("One is waiting to be confirmed. Take that one back first."))
    row = TradePermit(
        id=ids.new_id(), org_id=org_id, kind=kind, number=number, issuer=issuer, valid_until=valid_until, asked_by=w.actor.id,
        asked_at=w.now, decided_by=None, decided_at=None,
    )  # fmt: skip
    queue.ask(w, "trade_permit", permit_ask(w.session, row, org))
    w.put(row)
    w.record("market:trade_permit:entered", row.id, org=org_id, kind=kind)
    return row


def take_back(w: Work, row: TradePermit) -> None:
    """Raises Refused once it is decided."""
    demand_role(w, row.org_id, *queries.MANAGERS)
    PERMIT.next(row.state, "take_back")
    queue.lapse(w, "trade_permit", row.id)
    walk(w, PERMIT, row, "take_back")
    w.record("market:trade_permit:taken_back", row.id, org=row.org_id)


def decide(w: Work, row: TradePermit, confirmed: bool, reason: str) -> None:
    """Staff of the platform; the one that counted before is replaced. Raises Invalid without a reason, Refused for one that has
    run out meanwhile."""
    demand_role(w, None, "reviewer", "administrator")
    if w.actor.id in queries.part_of(w.session, row.org_id, row.asked_by):
        raise Forbidden("own_matter", N_("Somebody who doesn't work there decides on it."))
    verb = "confirm" if confirmed else "refuse"
    PERMIT.next(row.state, verb)
    if confirmed and row.valid_until < local(w.now).date():
        raise Refused("permit_over", N_("This permit has run out already."))
    queue.settle(w, "trade_permit", row.id, "confirmed" if confirmed else "refused", reason)
    if confirmed:
        _replace(w, row)
    walk(w, PERMIT, row, verb, decided_by=w.actor.id, decided_at=w.now)
    w.record("market:trade_permit:decided", row.id, org=row.org_id, confirmed=confirmed)
    if confirmed:
        row.reminded = rules.reminders_due(row.valid_until, local(w.now).date())
        tell(w, row, N_("The permit of %(shop)s is confirmed: %(number)s."))
    else:
        tell(w, row, N_("The permit %(number)s of %(shop)s couldn't be confirmed: %(reason)s"), reason=reason.strip()[:200])


def _replace(w: Work, row: TradePermit) -> None:
    query = select(TradePermit).where(
        TradePermit.org_id == row.org_id, TradePermit.kind == row.kind, TradePermit.state == "confirmed"
    )
    for before in w.session.scalars(query).all():
        walk(w, PERMIT, before, "replace")
        w.record("market:trade_permit:replaced", before.id, org=row.org_id)


def ending(w: Work) -> list[TradePermit]:
    """Confirmed ones whose end is near or past."""
    until = local(w.now).date() + timedelta(days=max(rules.REMIND_DAYS))
    query = select(TradePermit).where(TradePermit.state == "confirmed", TradePermit.valid_until <= until)
    return list(w.session.scalars(query.order_by(TradePermit.valid_until, TradePermit.id).limit(200)))


def watch(w: Work, row: TradePermit) -> None:
    """One of them: a word to the manager, or its end."""
    w.session.refresh(row, with_for_update=True)
    today = local(w.now).date()
    if row.state != "confirmed":
        return
    if row.valid_until < today:
        walk(w, PERMIT, row, "expire")
        w.record("market:trade_permit:expired", row.id, org=row.org_id)
        happened(w, PermitEnded(row.org_id, row.kind))
        tell(w, row, N_("The permit %(number)s of %(shop)s has run out: what needs it is off sale. Enter the renewed one."))
        return
    due = rules.reminders_due(row.valid_until, today)
    if row.reminded < due:
        row.reminded = due
        w.record("market:trade_permit:reminded", row.id, org=row.org_id)
        said = N_("The permit %(number)s of %(shop)s ends on %(day)s. Enter the renewed one in good time.")
        tell(w, row, said, day=row.valid_until.isoformat())


def tell(w: Work, row: TradePermit, sentence: str, **values: str) -> None:
    org = w.session.get_one(Organisation, row.org_id)
    told = {"number": row.number, "shop": org.name, **values}
    used = {name: value for name, value in told.items() if f"%({name})s" in sentence}
    for account_id in queries.people_of(w.session, row.org_id, queries.MANAGERS):
        notify(w, account_id, sentence, f"/shops/{row.org_id}/permit", kind="roles", **used)
