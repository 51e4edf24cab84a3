"""A visit at which things are taken in: begun under a signed agreement or for the shop's own stock, closed with its receipt."""

from dataclasses import dataclass

from sqlalchemy import delete

from core import ids
from core.db import get_locked
from core.errors import Forbidden, Invalid, Refused
from core.i18n import N_
from core.numbers import next_number
from core.once import done_once
from core.people.acting import demand_role
from core.people.models import Organisation
from core.people.notices import notify
from core.states import walk
from core.work import Work
from market.channels.consignment.actions import STAFF, demand_open
from market.channels.consignment.agreements.queries import signed_agreement
from market.channels.consignment.goods import queries
from market.channels.consignment.goods.models import Intake, IntakeDraft, StockItem
from market.channels.consignment.goods.rules import tidied
from market.channels.consignment.goods.states import INTAKE
from market.channels.consignment.models import Consignor
from market.channels.consignment.visits import actions as visits
from market.channels.consignment.visits.models import Visit
from market.channels.consignment.visits.queries import files_of, find_visit_of
from market.shops.models import ShopPoint
from market.shops.standing import demand_takes_goods

PREFIX = "SJ"
NO_AGREEMENT = N_("This consignor has signed no agreement that counts. Make one first: goods are taken in under it.")
TAKEN_IN = N_("%(shop)s took in %(many)s of your things (receipt %(number)s).")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`consignor_id` or, for the shop's own stock, `source`: where it comes from. `visit`: the booking it began with, or ""."""

    point_id: str
    consignor_id: str = ""
    source: str = ""
    visit: str = ""
    once: str = ""


def begin(w: Work, org_id: str, wanted: Wanted) -> Intake:
    """Begin a visit, or go on with the one of this consignor that is open. Raises Invalid at the field, Refused without a signed
    agreement or while the shop takes nothing, Forbidden for one's own goods."""
    demand_role(w, org_id, *STAFF)
    demand_takes_goods(w.session, org_id, w.now)
    _demand_point(w, org_id, wanted.point_id)
    get_locked(w.session, Organisation, org_id)  # two clerks at once: one visit of a consignor is open
    facts = (org_id, wanted.consignor_id, wanted.source, wanted.point_id, wanted.visit)
    return queries.get_intake(w.session, done_once(w, "intake", wanted.once, lambda: _begin(w, org_id, wanted), *facts))


def _demand_point(w: Work, org_id: str, point_id: str) -> None:
    point = w.session.get(ShopPoint, point_id)
    if point is None or point.org_id != org_id or point.state != "open":
        raise Invalid("point_missing", N_("Choose the point at which it is taken in."), field="point")


def _begin(w: Work, org_id: str, wanted: Wanted) -> str:
    agreement_id, source = None, tidied(wanted.source)
    if wanted.consignor_id:
        not_own(w, w.session.get(Consignor, wanted.consignor_id))
        if wanted.visit:
            _came(w, org_id, wanted)
        going_on = queries.find_open(w.session, org_id, wanted.consignor_id)
        if going_on is not None:
            going_on.visit = going_on.visit or wanted.visit
            return going_on.id
        agreement_id = _demand_agreement(w, org_id, wanted.consignor_id)
    elif not source or len(source) > 120:
        raise Invalid("source_missing", N_("Write down where the shop has it from, in up to 120 characters."), field="source")
    row = Intake(
        id=ids.new_id(), number=next_number(w, PREFIX), org_id=org_id, point_id=wanted.point_id,
        kind="consigned" if wanted.consignor_id else "own", consignor_id=wanted.consignor_id or None, agreement_id=agreement_id,
        source="" if wanted.consignor_id else source, visit=wanted.visit if wanted.consignor_id else "", state="open",
        opened_by=w.actor.id, opened_at=w.now, closed_at=None,
    )  # fmt: skip
    w.put(row)
    w.record("market:intake:opened", row.id, org=org_id, kind=row.kind, number=row.number)
    return row.id


def _came(w: Work, org_id: str, wanted: Wanted) -> None:
    """Whoever booked is at the counter. Raises Invalid for a visit of another shop, or booked for another file."""
    row = find_visit_of(w.session, org_id, wanted.visit)
    if row is None:
        raise Invalid("booking_missing", N_("Your shop has no such booked visit. Begin from its list of the day."), field="file")
    file = files_of(w.session, [row]).get(row.id)
    if file is not None and file.id != wanted.consignor_id:
        raise Invalid("booked_by_another", N_("This visit was booked for another file. Begin without it."), field="file")
    visits.came(w, get_locked(w.session, Visit, row.id))


def not_own(w: Work, file: Consignor | None) -> None:
    """Raises Forbidden for one's own things: a colleague takes them in, prices them and gives them back."""
    if file is not None and file.account_id == w.actor.id:
        raise Forbidden("own_goods", N_("These are your own things. A colleague takes them in."))


def _demand_agreement(w: Work, org_id: str, consignor_id: str) -> str:
    """The agreement that counts. Staff don't take in their own goods: a colleague does."""
    file = w.session.get(Consignor, consignor_id)
    if file is None or file.org_id != org_id:
        raise Invalid("file_missing", N_("Choose the consignor's file."), field="file")
    demand_open(file)
    agreement = signed_agreement(w.session, consignor_id)
    if agreement is None:
        raise Refused("no_agreement", NO_AGREEMENT, field="file")
    return agreement.id


def close(w: Work, row: Intake) -> None:
    """Everything is in the register; the giver gets the receipt. Raises Refused for an empty one: give that up instead."""
    demand_role(w, row.org_id, *STAFF)
    many = len(queries.goods_of(w.session, row.id))
    if not many:
        raise Refused("nothing_taken", N_("Nothing was taken in yet. Add a thing, or give the visit up."))
    walk(w, INTAKE, row, "close", closed_at=w.now)
    w.session.execute(delete(IntakeDraft).where(IntakeDraft.intake_id == row.id))
    w.record("market:intake:closed", row.id, org=row.org_id, many=many)
    account = row.consignor.account_id if row.consignor else None
    if account:
        notify(w, account, TAKEN_IN, f"/consignments/{row.consignor_id}", shop=row.org.name, many=many, number=row.number)


def give_up(w: Work, row: Intake) -> None:
    """Begun by mistake. Raises Refused once something was taken in."""
    demand_role(w, row.org_id, *STAFF)
    if w.session.query(StockItem.id).filter(StockItem.intake_id == row.id).first():
        raise Refused("something_taken", N_("Something was taken in already: close the visit instead."))
    walk(w, INTAKE, row, "give_up", closed_at=w.now)
    w.session.execute(delete(IntakeDraft).where(IntakeDraft.intake_id == row.id))
    w.record("market:intake:given_up", row.id, org=row.org_id)
