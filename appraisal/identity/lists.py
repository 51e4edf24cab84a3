"""Lists of stolen and barred numbers: loaded whole, found again on things, and decided on by a person."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select

from appraisal.identity import list_rules, queries
from appraisal.identity.models import ListedNumber, NumberHit, NumberList
from appraisal.identity.states import HIT
from core import clock, ids, secrets
from core.csv_files import BadFile, source_of, text_of
from core.db import get_locked
from core.each import each
from core.errors import Forbidden
from core.goods.describe import thing_name
from core.goods.models import Item
from core.goods.states import ITEM
from core.i18n import N_
from core.people.notices import notify
from core.ports import ItemFrozen, ItemUnfrozen, happened
from core.queue import actions as queue
from core.states import walk
from core.work import Work

A_CHUNK = 1000
FROZEN = N_("“%(title)s” is frozen: its number stands on a list of stolen or barred goods. Write to us if that is wrong.")
FREE = N_("“%(title)s” isn't frozen any more: its number was looked at.")
ANOTHER = N_("“%(title)s” was looked at and cleared of one list. It stays frozen: another entry still holds it.")
CONFIRMED = N_(
    "“%(title)s” was looked at: it is the one on the list. It stays frozen and can't be sold here. If it was given back or that "
    "is wrong, write to us with its receipt."
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """`new`: False where the very same file of that day was loaded before. `hits`: things that were found on it just now."""

    id: str
    version: int
    lines: int
    hits: int
    new: bool


def load(w: Work, raw: bytes, *, kind: str, source: str, day: str) -> Loaded:
    """Load the next version of a source's list: the whole file or nothing of it. Raises BadFile with the reason."""
    name, on = source_of(source), _day(day, clock.local(w.now).date())
    if kind not in list_rules.KINDS:
        raise BadFile(N_("Say what it lists."))
    before, digest = queries.find_list(w.session, kind, name), hashlib.sha256(raw).hexdigest()
    if before is not None and (before.digest, before.day) == (digest, on.isoformat()):
        return Loaded(before.id, before.version, before.lines, 0, new=False)
    if before is not None and before.day > on.isoformat():
        raise BadFile(N_("The list of %(day)s was loaded already, and this one is older."), day=before.day)
    lines = list_rules.read_lines(text_of(raw, list_rules.MOST_BYTES))
    one = NumberList(
        id=ids.new_id(), kind=kind, source=name, version=before.version + 1 if before else 1, day=on.isoformat(),
        lines=len(lines), digest=digest, imported_by=w.actor.id, at=w.now,
    )  # fmt: skip
    w.session.add(one)
    w.session.flush()
    _add(w, one, lines)
    w.record("appraisal:numbers:loaded", one.id, kind=kind, version=one.version, lines=one.lines, digest=digest)
    return Loaded(one.id, one.version, one.lines, find_hits(w).count(one.id), new=True)


def _add(w: Work, one: NumberList, lines: Sequence[list_rules.Line]) -> None:
    digests = {secrets.keyed_digest(line.plain, "identifier") for line in lines}
    rows = [{"list_id": one.id, "digest": digest} for digest in sorted(digests)]
    for at in range(0, len(rows), A_CHUNK):
        w.session.execute(insert(ListedNumber), rows[at : at + A_CHUNK])


def _day(day: str, today: date) -> date:
    try:
        found = date.fromisoformat(day.strip())
    except ValueError:
        raise BadFile(N_("Write the list's day like 2026-11-30.")) from None
    if found > today:
        raise BadFile(N_("The list's day is in the future."))
    return found


def find_hits(w: Work) -> list[str]:
    """Freeze every thing whose live number stands on a list now and wasn't found there before.

    Returns the ids of those lists, one for each hit that stands: what goes wrong with one thing is undone and told in the log,
    and the next sweep looks again."""
    found: dict[str, list[NumberList]] = {}
    for item_id, one in queries.new_hits(w.session):
        found.setdefault(item_id, []).append(one)
    stand: list[str] = []

    def look(item_id: str) -> None:
        new = _note_new(w, item_id, found[item_id])
        w.session.flush()
        stand.extend(new)

    each(w, found, look)
    return stand


def sweep(w: Work) -> None:
    """The clockwork: what was registered after a list was loaded."""
    find_hits(w)


def see(w: Work, item: Item, digests: set[str]) -> None:
    """Freeze a thing for any of these numbers, those too that an appraiser read and nobody registered."""
    lists = queries.newest_lists(w.session)
    naming = queries.lists_naming(w.session, lists, digests)
    _note_new(w, item.id, [one for one in lists if one.id in naming])


def _note_new(w: Work, item_id: str, lists: Sequence[NumberList]) -> list[str]:
    """The ids of those that it wasn't found on before. The thing is locked first: an import, the clockwork and an appraiser may
    come upon it at once, and of each source it is found once."""
    item = get_locked(w.session, Item, item_id)
    known = {(hit.kind, hit.source) for hit in queries.hits_of(w.session, item_id)}
    new = [one for one in lists if (one.kind, one.source) not in known]
    for one in new:
        note(w, item, one)
    return [one.id for one in new]


def note(w: Work, item: Item, one: NumberList) -> NumberHit:
    """A thing was found on a list: a person is asked, and until then it is frozen, with everything that sells it."""
    hit = NumberHit(
        id=ids.new_id(), item_id=item.id, list_id=one.id, kind=one.kind, source=one.source, at=w.now, decided_by=None,
        decided_at=None,
    )  # fmt: skip
    queue.ask(w, "listed_number", queries.hit_ask(w.session, hit))
    w.session.add(hit)
    w.session.flush()
    w.record("appraisal:numbers:found", hit.id, item=item.id, kind=one.kind)
    if ITEM.can(item.state, "freeze"):
        walk(w, ITEM, item, "freeze")
        w.record("core:item:frozen", item.id, why="number_listed")
        happened(w, ItemFrozen(item.id, "number_listed"))
        _tell(w, item, FROZEN)
    return hit


def decide(w: Work, hit: NumberHit, confirmed: bool, reason: str) -> None:
    """A person compared thing and list. Cleared, it is free again once nothing else is held against it, and so is its listing;
    confirmed, it stays frozen. Its owner is told either way, without the number.

    Raises Forbidden for its owner, Invalid without a reason."""
    verb = "confirm" if confirmed else "clear"
    HIT.next(hit.state, verb)
    item = w.session.get_one(Item, hit.item_id, with_for_update=True)
    if w.actor.id == item.owner_id:
        raise Forbidden("own_thing", N_("You are part of this: a colleague decides."))
    queue.settle(w, "listed_number", hit.id, "confirmed" if confirmed else "cleared", reason)
    walk(w, HIT, hit, verb, reason=reason.strip()[:2000], decided_by=w.actor.id, decided_at=w.now)
    w.record("appraisal:numbers:decided", hit.id, item=item.id, confirmed=confirmed)
    against = select(NumberHit.id).where(NumberHit.item_id == item.id, NumberHit.state != "cleared").limit(1)
    # nothing else freezes a thing: with no hit left that holds, nothing does
    held = confirmed or w.session.scalars(against).first() is not None
    if held and item.state == "frozen":
        _tell(w, item, CONFIRMED if confirmed else ANOTHER)
    elif not held and ITEM.can(item.state, "unfreeze"):
        walk(w, ITEM, item, "unfreeze")
        w.record("core:item:unfrozen", item.id, why="number_cleared")
        happened(w, ItemUnfrozen(item.id, "number_listed"))
        _tell(w, item, FREE)


def _tell(w: Work, item: Item, sentence: str) -> None:
    notify(w, item.owner_id, sentence, f"/items/{item.id}", title=thing_name(item, "zh"))
