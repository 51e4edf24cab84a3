"""What was read of a thing's numbers, what the register has, and what the lists say of them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from appraisal.identity import list_rules, rules
from appraisal.identity.models import ListedNumber, NumberHit, NumberList, NumberReading, OwnLook, TypeCode, TypeCodeImport
from appraisal.identity.places import KIND_OF, Fed, all_places
from core import clock
from core.db import get_row
from core.goods.describe import thing_name
from core.goods.models import Identifier, Item
from core.number_ports import ListTold, NumberStanding
from core.queue.kinds import Ask


def get_hit(session: Session, hit_id: str) -> NumberHit:
    """Raises NotFound."""
    return get_row(session, NumberHit, hit_id)


Readings = Mapping[str, NumberReading]


def readings_of(session: Session, appraisal_id: str) -> Readings:
    """The newest reading of each place, by its code."""
    query = select(NumberReading).where(NumberReading.appraisal_id == appraisal_id).order_by(NumberReading.id)
    return {one.place: one for one in session.scalars(query)}


def last_look(session: Session, appraisal_id: str) -> OwnLook | None:
    query = select(OwnLook).where(OwnLook.appraisal_id == appraisal_id).order_by(OwnLook.id.desc())
    return session.scalars(query.limit(1)).first()


def registered(item: Item, kinds: Collection[str]) -> rules.Numbers:
    """The live numbers of a thing, by kind: digests."""
    found: dict[str, set[str]] = {}
    for one in item.identifiers:
        kind = KIND_OF.get(one.kind, one.kind)
        if one.live and kind in kinds:
            found.setdefault(kind, set()).add(one.digest)
    return {kind: frozenset(some) for kind, some in found.items()}


def compared(read: Readings, item: Item, fed: Fed) -> rules.Compared:
    """What all places say together, beside the register."""
    return rules.compare([_reading(one) for one in read.values()], registered(item, fed.kinds))


def _reading(one: NumberReading) -> rules.Reading:
    found: dict[str, set[str]] = {}
    for number in one.numbers:
        found.setdefault(number["kind"], set()).add(number["digest"])
    numbers = {kind: frozenset(some) for kind, some in found.items()}
    return rules.Reading(place=one.place, side=all_places()[one.place].side, numbers=numbers, why_not=one.why_not)


def model_said(read: Readings) -> str:
    """What the type codes that were read say of the model: one that differs counts, then one that agrees."""
    said = {number["model"] for one in read.values() for number in one.numbers}
    return next((word for word in ("differs", "agrees") if word in said), "unknown")


def find_model(session: Session, code: str) -> tuple[str, str] | None:
    """(brand, model) of a type code by the newest table."""
    newest = session.scalars(select(TypeCodeImport.id).order_by(TypeCodeImport.id.desc()).limit(1)).first()
    row = session.get(TypeCode, (newest, code)) if newest else None
    return (row.brand, row.model) if row else None


def digests_of(item: Item, read: Readings | None = None) -> set[str]:
    """All numbers of a thing: those that are registered, and those that were read for an appraisal."""
    found = {one.digest for one in item.identifiers if one.live}
    return found | {number["digest"] for one in (read or {}).values() for number in one.numbers}


def newest_lists(session: Session) -> Sequence[NumberList]:
    """The newest version of each kind and source."""
    rows = session.scalars(select(NumberList).order_by(NumberList.version))
    return sorted({(one.kind, one.source): one for one in rows}.values(), key=lambda one: (one.kind, one.source))


def find_list(session: Session, kind: str, source: str) -> NumberList | None:
    query = select(NumberList).where(NumberList.kind == kind, NumberList.source == source)
    return session.scalars(query.order_by(NumberList.version.desc()).limit(1)).first()


def lists_naming(session: Session, lists: Iterable[NumberList], digests: Collection[str]) -> set[str]:
    """The ids of those that hold one of these numbers."""
    query = select(ListedNumber.list_id).where(
        ListedNumber.list_id.in_([one.id for one in lists]), ListedNumber.digest.in_(sorted(digests))
    )
    return set(session.scalars(query))


def digests_listed(session: Session, digests: Collection[str]) -> set[str]:
    """Those of many numbers that stand on a list now."""
    lists, wanted = [one.id for one in newest_lists(session)], sorted(digests)
    found: set[str] = set()
    for at in range(0, len(wanted) if lists else 0, 500):
        some = ListedNumber.digest.in_(wanted[at : at + 500])
        found.update(session.scalars(select(ListedNumber.digest).where(ListedNumber.list_id.in_(lists), some)))
    return found


@dataclass(frozen=True, slots=True)
class Listed:
    """How numbers stand, by kind of list: (state, why); `lists`: each list's word."""

    states: Mapping[str, tuple[str, str]]
    lists: tuple[ListTold, ...]

    @property
    def state(self) -> str:
        """Over all kinds: listed on one is listed, unknown of one is unknown."""
        said = [state for state, _ in self.states.values()]
        return max(said, key=lambda one: ("clear", "unknown", "listed").index(one), default="unknown")


def listed(session: Session, item: Item, now: datetime, digests: Collection[str] | None = None) -> Listed:
    """Ask every list. What a person has cleared of a source isn't held against the thing by it again."""
    numbers, today = digests_of(item) if digests is None else digests, clock.local(now).date()
    held = _held_here(session, item.id, numbers)
    if not numbers and not held:
        return Listed(dict.fromkeys(list_rules.KINDS, ("unknown", "no_number")), ())
    lists = newest_lists(session)
    named = lists_naming(session, lists, numbers) - _cleared(session, item.id, lists)
    rows = [one_list(row, row.id in named) for row in lists]
    told = [_told(row, today) for row in rows]
    states = {kind: list_rules.together(rows, kind, today) for kind in list_rules.KINDS}
    if held:
        states |= dict.fromkeys(held, ("listed", ""))
        told.append(ListTold(kind="own", source="", version=1, day=today.isoformat(), lines=0, state="listed"))
    return Listed(states, (*told, _device_check()))


def _cleared(session: Session, item_id: str, lists: Sequence[NumberList]) -> set[str]:
    query = select(NumberHit.kind, NumberHit.source).where(NumberHit.item_id == item_id, NumberHit.state == "cleared")
    done = {(kind, source) for kind, source in session.execute(query)}
    return {one.id for one in lists if (one.kind, one.source) in done}


def one_list(row: NumberList, names_it: bool) -> list_rules.OneList:
    day = date.fromisoformat(row.day)
    return list_rules.OneList(
        kind=row.kind, source=row.source, version=row.version, day=day, lines=row.lines, names_it=names_it
    )  # fmt: skip


def _told(one: list_rules.OneList, today: date) -> ListTold:
    state, why = list_rules.state_of(one, today)
    return ListTold(
        kind=one.kind, source=one.source, version=one.version, day=one.day.isoformat(), lines=one.lines, state=state, why=why
    )  # fmt: skip


def _held_here(session: Session, item_id: str, digests: Collection[str]) -> set[str]:
    """The house's own list, by kind: what was found of this thing and nobody has cleared, whatever the lists say by now; and what
    is held against another thing that is frozen, by any number it ever bore.

    A thing isn't stolen because it is frozen: what froze it has a kind, and a barred number is no notice of stolen goods."""
    bore = select(Identifier.item_id).where(Identifier.digest.in_(sorted(digests)))
    others = select(Item.id).where(Item.id != item_id, Item.state == "frozen", Item.id.in_(bore))
    about = or_(NumberHit.item_id == item_id, NumberHit.item_id.in_(others))
    return set(session.scalars(select(NumberHit.kind).where(NumberHit.state != "cleared", about).distinct()))


def _device_check() -> ListTold:
    """The slot for a carriers' service (GSMA Device Check, CAMARA): nobody is connected, so it knows nothing."""
    return ListTold(kind="device_check", source="", version=0, day="", lines=0, state="unknown", why="not_connected")


def asked(session: Session, digests: Collection[str], now: datetime) -> Listed:
    """What the lists say of one number in each of its forms, whosever it is."""
    lists, today = newest_lists(session), clock.local(now).date()
    named = lists_naming(session, lists, digests)
    rows = [one_list(row, row.id in named) for row in lists]
    states = {kind: list_rules.together(rows, kind, today) for kind in list_rules.KINDS}
    return Listed(states, (*(_told(row, today) for row in rows), _device_check()))


def things_with(session: Session, digests: Collection[str]) -> Sequence[Item]:
    """Things here that bear this number now."""
    query = select(Item).join(Identifier, Identifier.item_id == Item.id)
    query = query.where(Identifier.digest.in_(sorted(digests)), Identifier.live.is_(True))
    return session.scalars(query.order_by(Item.id)).unique().all()


def list_of(session: Session, hit: NumberHit) -> NumberList:
    return session.get_one(NumberList, hit.list_id)


def names_it(row: NumberList) -> ListTold:
    """A list that holds a number of the thing at hand."""
    return ListTold(kind=row.kind, source=row.source, version=row.version, day=row.day, lines=row.lines, state="listed")


def number_standing(session: Session, item_id: str, now: datetime) -> NumberStanding:
    """For the port."""
    found = listed(session, session.get_one(Item, item_id), now)
    return NumberStanding(found.state, found.lists)


def hit_ask(session: Session, hit: NumberHit) -> Ask:
    item = session.get_one(Item, hit.item_id)
    return Ask(
        subject_id=hit.id, title=thing_name(item, "zh"), link=f"/listed-numbers/{hit.id}", barred=(item.owner_id,), since=hit.at
    )  # fmt: skip


def waiting(session: Session) -> Iterator[Ask]:
    """For the queue: what was found on a list and nobody has decided on."""
    for hit in session.scalars(select(NumberHit).where(NumberHit.state == "open")):
        yield hit_ask(session, hit)


def hits_of(session: Session, item_id: str) -> Sequence[NumberHit]:
    return session.scalars(select(NumberHit).where(NumberHit.item_id == item_id).order_by(NumberHit.id)).all()


def new_hits(session: Session) -> Iterator[tuple[str, NumberList]]:
    """(thing, list) of every live number on a newest list that was not found there before."""
    lists = {one.id: one for one in newest_lists(session)}
    query = select(Identifier.item_id, ListedNumber.list_id).join(ListedNumber, ListedNumber.digest == Identifier.digest)
    query = query.join(Item, Item.id == Identifier.item_id).where(Item.state.in_(("active", "frozen")))
    query = query.where(Identifier.live.is_(True), ListedNumber.list_id.in_(list(lists))).distinct()
    known = {(item, kind, source) for item, kind, source in session.execute(
        select(NumberHit.item_id, NumberHit.kind, NumberHit.source)
    )}  # fmt: skip
    for item_id, list_id in session.execute(query.order_by(Identifier.item_id, ListedNumber.list_id)).all():
        one = lists[list_id]
        if (item_id, one.kind, one.source) not in known:
            yield item_id, one
