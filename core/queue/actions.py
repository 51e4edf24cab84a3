"""What happens to an entry: it is entered, taken, given back, handed on, decided with a reason, or lapses by itself."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ids
from core.errors import Busy, Forbidden, Invalid, Refused
from core.i18n import N_
from core.people.models import Account
from core.people.notices import notify
from core.people.visitors import held_roles
from core.ports import PersonClosing, PersonSuspended, RoleEnded
from core.queue.kinds import Ask, find_effect, get_kind, sources
from core.queue.models import QueueEntry
from core.queue.rules import may_decide
from core.queue.states import QUEUE_ENTRY
from core.states import walk
from core.work import Work

MOST = 2000
_OPEN = select(QueueEntry.kind, QueueEntry.subject_id).where(QueueEntry.state == "open")


def find_open(session: Session, kind: str, subject_id: str, *, lock: bool = False) -> QueueEntry | None:
    query = select(QueueEntry).where(QueueEntry.kind == kind, QueueEntry.subject_id == subject_id, QueueEntry.state == "open")
    return session.scalars(query.with_for_update() if lock else query).first()


def ask(w: Work, code: str, one: Ask) -> QueueEntry:
    """Let something wait for a person; asked again while it waits is asked once."""
    found = find_open(w.session, code, one.subject_id)
    if found is not None:
        return found
    kind, since = get_kind(code), one.since or w.now
    entry = QueueEntry(
        id=ids.new_id(), kind=code, subject_id=one.subject_id, title=one.title[:160], link=one.link,
        barred=sorted(set(one.barred)),
        orgs=sorted(set(one.orgs)), since=since, due_at=since + kind.lasts, owner_id=None, owned_at=None, ended_at=None,
    )  # fmt: skip
    w.session.add(entry)
    w.session.flush()
    return entry


def settle(w: Work, code: str, subject_id: str, verdict: str, reason: str) -> None:
    """A person decides: call it in the Work of the decision, before the row itself moves. Raises Invalid without a reason."""
    if verdict not in get_kind(code).verdicts:
        raise ValueError(f"{verdict!r} is no verdict of {code}")
    if not reason.strip():
        raise Invalid("reason_missing", N_("Give a reason: it stands beside the decision."), field="reason")
    _end(w, code, subject_id, "decide", verdict=verdict, reason=reason.strip()[:MOST])


def lapse(w: Work, code: str, subject_id: str) -> None:
    """What it was about went away by itself: withdrawn, overtaken, over."""
    _end(w, code, subject_id, "lapse")


def _end(w: Work, code: str, subject_id: str, verb: str, **also: str) -> None:
    entry = find_open(w.session, code, subject_id, lock=True)
    if entry is None:
        return
    state = walk(w, QUEUE_ENTRY, entry, verb, ended_by=w.actor.id, ended_at=w.now, **also)
    w.record("core:queue:ended", entry.id, kind=code, subject=subject_id, state=state, verdict=also.get("verdict", ""))


def take(w: Work, entry_id: str, account_id: str) -> QueueEntry:
    """Somebody sees to it. Raises Refused when somebody else has it already, Forbidden for who may not decide on it."""
    entry = _open(w, entry_id)
    if entry.owner_id == account_id:
        return entry
    if entry.owner_id is not None:
        raise Refused("taken", N_("A colleague has it already."))
    _demand(w, entry, account_id)
    _own(w, entry, account_id)
    w.record("core:queue:taken", entry.id, kind=entry.kind, subject=entry.subject_id, owner=account_id)
    return entry


def give_back(w: Work, entry_id: str) -> None:
    """Whoever has it lets it go again."""
    entry = _open(w, entry_id)
    if entry.owner_id != w.actor.id:
        raise Refused("not_yours", N_("You don't have it, so there is nothing to give back."))
    _own(w, entry, None)
    w.record("core:queue:given_back", entry.id, kind=entry.kind, subject=entry.subject_id)


def hand_to(w: Work, entry_id: str, account_id: str) -> None:
    """Give it to a colleague who may decide on it and is told; by whoever has it, or anybody who may decide while nobody has."""
    entry = _open(w, entry_id)
    if entry.owner_id not in (None, w.actor.id):
        raise Refused("taken", N_("A colleague has it already."))
    if not can_decide(w.session, entry, account_id):
        raise Invalid("colleague", N_("Choose a colleague who may decide on it."), field="account_id")
    _own(w, entry, account_id)
    w.record("core:queue:handed_on", entry.id, kind=entry.kind, subject=entry.subject_id, owner=account_id)
    if account_id != w.actor.id:
        notify(w, account_id, N_("Handed to you in the queue: “%(title)s”."), f"/queue/{entry.id}", title=entry.title)


def answer_here(w: Work, entry_id: str, verdict: str, reason: str) -> None:
    """Decide on what has no page of its own: what was done about it, in words."""
    entry = _open(w, entry_id)
    kind = get_kind(entry.kind)
    if not kind.here:
        raise Refused("decided_elsewhere", N_("It is decided on its own page."))
    _demand(w, entry, w.actor.id)
    if verdict not in kind.verdicts:
        raise Invalid("verdict_missing", N_("Choose what came of it."), field="verdict")
    settle(w, entry.kind, entry.subject_id, verdict, reason)
    follows = find_effect(entry.kind)
    if follows is not None:
        follows(w, entry.subject_id, verdict)


def can_decide(session: Session, entry: QueueEntry, account_id: str) -> bool:
    """By the roles that the person holds, whether or not the second factor was shown just now."""
    person = session.get(Account, account_id)
    if person is None or person.state != "active":
        return False
    return may_decide(get_kind(entry.kind), entry.orgs, entry.barred, held_roles(session, account_id), account_id)


def free_of(w: Work, event: RoleEnded | PersonSuspended | PersonClosing) -> None:
    """Who may not decide any more has nothing in hand any more."""
    query = select(QueueEntry).where(QueueEntry.owner_id == event.account_id, QueueEntry.state == "open").with_for_update()
    for entry in w.session.scalars(query).all():
        if isinstance(event, PersonClosing) or not can_decide(w.session, entry, event.account_id):
            _own(w, entry, None)
            w.record("core:queue:given_back", entry.id, kind=entry.kind, subject=entry.subject_id)


def fill(w: Work) -> int:
    """Enter what waits by the rooms' own tables and isn't in the queue: houses from before it, and what time brings. Returns how
    many."""
    there = {(kind, one) for kind, one in w.session.execute(_OPEN)}
    missing = [(code, one) for code, find in sources().items() for one in find(w.session) if (code, one.subject_id) not in there]
    for code, one in missing:
        ask(w, code, one)
    return len(missing)


def _open(w: Work, entry_id: str) -> QueueEntry:
    entry = w.session.get_one(QueueEntry, entry_id, with_for_update=True, populate_existing=True)
    if entry.state != "open":
        raise Busy()
    return entry


def _demand(w: Work, entry: QueueEntry, account_id: str) -> None:
    if not can_decide(w.session, entry, account_id):
        raise Forbidden("not_their_matter", N_("This isn't theirs to decide."))


def _own(w: Work, entry: QueueEntry, account_id: str | None) -> None:
    entry.owner_id, entry.owned_at = account_id, w.now if account_id else None
    w.session.flush()
