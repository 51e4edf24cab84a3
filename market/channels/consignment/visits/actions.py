"""A resident books a visit with a list of what they bring, moves it, changes the list, calls it off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from core import ids, secrets
from core.clock import LOCAL_ZONE
from core.db import get_locked
from core.errors import Busy, Forbidden, Refused
from core.goods.cards import all_cards
from core.i18n import N_
from core.numbers import next_number
from core.once import done_once
from core.people.acting import demand_role
from core.people.models import Organisation
from core.states import walk
from core.work import Work
from market.channels.consignment.actions import STAFF
from market.channels.consignment.visits import people, queries, rules
from market.channels.consignment.visits.models import Visit, VisitDesk, VisitThing
from market.channels.consignment.visits.rules import Thing
from market.channels.consignment.visits.states import VISIT
from market.shops.standing import demand_takes_goods

FULL = N_("This time has just been taken, or it is too near. Choose another one.")
CLOSED = N_("This point takes no bookings now. Choose another one.")
THERE = N_("A visit to this shop is booked at that time already (%(number)s). Choose another time, or change that one.")
UNVERIFIED = N_("Confirm your mobile number or e-mail address first, so that the shop can reach you.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    point_id: str
    slot: datetime
    things: Sequence[Thing]
    once: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comer:
    """Who comes: as the columns of a visit say it, sealed where they are."""

    who: str
    account_id: str | None = None
    consignor_id: str | None = None
    name: str = ""
    shown: str = ""
    contact: str = ""
    contact_masked: str = ""


def book(w: Work, wanted: Wanted) -> Visit:
    """For oneself. Raises Invalid at field `things`, Refused at field `slot` for a time that is taken, too near or too far, or
    that overlaps with another visit there, and for a shop or point that takes nothing. Sent twice, booked once."""
    facts = (wanted.point_id, wanted.slot, *wanted.things)
    return queries.get_visit(w.session, done_once(w, "consignment_visit", wanted.once, lambda: _book(w, wanted), *facts))


def _book(w: Work, wanted: Wanted) -> str:
    if not queries.has_verified(w.session, w.actor.id):
        raise Forbidden("unverified", UNVERIFIED)
    desk = lock_desk(w, wanted.point_id)
    file = queries.find_file(w.session, desk.org_id, w.actor.id)
    comer = Comer(who=w.actor.id, account_id=w.actor.id, consignor_id=file.id if file else None)
    row = write(w, desk, wanted, comer, by_shop=False)
    people.tell(w, row, people.BOOKED)
    people.tell_desk(w, row, N_("Somebody booked a visit with things to be sold (%(number)s): %(time)s."))
    return row.id


def lock_desk(w: Work, point_id: str) -> VisitDesk:
    """The desk, while nobody else books at this shop. Raises Refused where it takes no bookings or the shop no goods."""
    desk = queries.find_desk(w.session, point_id)
    if desk is None:
        raise Refused("desk_closed", CLOSED)
    get_locked(w.session, Organisation, desk.org_id)
    w.session.refresh(desk)
    demand_takes_goods(w.session, desk.org_id, w.now)
    if not desk.taking or desk.point.state != "open":
        raise Refused("desk_closed", CLOSED)
    return desk


def write(w: Work, desk: VisitDesk, wanted: Wanted, comer: Comer, *, by_shop: bool) -> Visit:
    rules.check_things(wanted.things, desk.most_things, kinds())
    until = wanted.slot + timedelta(minutes=desk.minutes)
    _check_time(w, desk, comer.who, wanted.slot, until, by_shop=by_shop)
    row = Visit(
        id=ids.new_id(), number=next_number(w, "JY"), org_id=desk.org_id, point_id=desk.point_id, slot=wanted.slot, until=until,
        who=comer.who, account_id=comer.account_id, consignor_id=comer.consignor_id, name=comer.name, shown=comer.shown,
        contact=comer.contact, contact_masked=comer.contact_masked, by_shop=by_shop, booked_by=w.actor.id, booked_at=w.now,
        ended_at=None, erased_at=None, things=_lines(wanted.things),
    )  # fmt: skip
    w.put(row)
    facts = {"org": row.org_id, "by": "shop" if by_shop else "person", "lines": len(wanted.things)}
    w.record("market:consignment_visit:booked", row.id, **facts, pieces=rules.total_pieces(wanted.things))
    return row


def kinds() -> set[str]:
    return {card.code for card in all_cards()}


def _lines(things: Sequence[Thing]) -> list[VisitThing]:
    return [
        VisitThing(
            nth=nth, category=one.category, name=secrets.encrypt(one.name, queries.THING), pieces=one.pieces, wish=one.wish
        )
        for nth, one in enumerate(things, 1)
    ]


def _check_time(w: Work, desk: VisitDesk, who: str, slot: datetime, until: datetime, *, by_shop: bool, but: str = "") -> None:
    if slot.astimezone(LOCAL_ZONE) not in queries.free_slots(w.session, desk, w.now, by_shop=by_shop):
        raise Refused("slot_full", FULL, field="slot")
    there = queries.find_overlap(w.session, desk.org_id, who, slot, until, but)
    if there is not None:
        raise Refused("visit_there", THERE, field="slot", values={"number": there.number})


def _by(w: Work, row: Visit) -> str:
    """Who changes it: "person", or "shop" with its role. Raises Forbidden for anybody else."""
    if row.account_id == w.actor.id:
        return "person"
    demand_role(w, row.org_id, *STAFF)
    return "shop"


def move(w: Work, row: Visit, slot: datetime) -> None:
    """To another time at the same point. The same once more changes nothing. Raises Refused at field `slot`."""
    by = _by(w, row)
    VISIT.next(row.state, "cancel")  # only one that is still to come
    desk = lock_desk(w, row.point_id)
    w.session.refresh(row, with_for_update=True)  # after the shop, as whoever ends the shop does
    VISIT.next(row.state, "cancel")
    if slot == row.slot:
        return
    until = slot + timedelta(minutes=desk.minutes)
    _check_time(w, desk, row.who, slot, until, by_shop=by == "shop", but=row.id)
    row.slot, row.until, row.reminded, row.version = slot, until, False, row.version + 1
    try:
        w.session.flush()
    except IntegrityError as twin:
        raise Busy("slot_full", FULL) from twin
    w.record("market:consignment_visit:moved", row.id, by=by)
    if by == "person":
        people.tell_desk(w, row, N_("The visit %(number)s was moved to %(time)s."))
    else:
        people.tell(w, row, N_("%(shop)s moved your visit (%(number)s) to %(time)s. If that doesn't suit you, change it."))


def change_list(w: Work, row: Visit, things: Sequence[Thing]) -> None:
    """What is brought after all. Raises Invalid at field `things`, Refused once the visit is over."""
    by = _by(w, row)
    VISIT.next(row.state, "cancel")
    desk = w.session.get_one(VisitDesk, row.point_id)
    rules.check_things(things, desk.most_things, kinds())
    if queries.things_of(row) == list(things):
        return
    row.things.clear()
    w.session.flush()
    row.things.extend(_lines(things))
    row.version += 1
    w.session.flush()
    w.record("market:consignment_visit:list_changed", row.id, by=by, lines=len(things), pieces=rules.total_pieces(things))
    if by == "shop":
        people.tell(w, row, N_("%(shop)s changed the list of your visit (%(number)s), as you asked. Look whether it is right."))


def cancel(w: Work, row: Visit) -> None:
    """The person doesn't come. Once more changes nothing. Raises Forbidden for others: the shop calls off with a reason."""
    if row.account_id != w.actor.id:
        raise Forbidden("not_yours", N_("Only who booked it, or the shop with a reason, calls a visit off."))
    if row.state == "cancelled" and row.why == "person":
        return
    end(w, row, "cancel", "person")
    people.tell_desk(w, row, N_("The visit %(number)s of %(time)s was called off by who wanted to come."))


def end(w: Work, row: Visit, verb: str, why: str) -> None:
    """It doesn't take place. `why`: of rules.ENDS. Raises Refused when it isn't booked."""
    walk(w, VISIT, row, verb, ended_at=w.now, why=why, version=row.version + 1)
    w.record("market:consignment_visit:ended", row.id, how=verb, why=why)


def came(w: Work, row: Visit) -> None:
    """The person is there with the things; whoever takes them in calls this, too. Once more changes nothing. Raises Refused
    before the day, and for a visit that was called off."""
    demand_role(w, row.org_id, *STAFF)
    if row.state == "came":
        return
    if row.slot.astimezone(LOCAL_ZONE).date() > w.now.astimezone(LOCAL_ZONE).date():
        raise Refused("not_yet", N_("This visit is on a later day. Move it to today if they are here now."))
    walk(w, VISIT, row, "come", ended_at=w.now, why="")
    w.record("market:consignment_visit:came", row.id)
