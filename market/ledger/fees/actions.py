"""Drafting, announcing, withdrawing versions of a fee policy; the clockwork that lets them begin; what comes with the house."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from core import canonical, clock, ids
from core.db import Database
from core.errors import Invalid, NotFound, Refused
from core.i18n import N_
from core.ports import happened
from core.states import walk
from core.work import Actor, Work, work
from market.ledger.fees.events import FeesChange
from market.ledger.fees.models import FeePolicyVersion
from market.ledger.fees.policy import Policy
from market.ledger.fees.queries import FrozenPolicy, find_draft, get_frozen, policy_for
from market.ledger.fees.reading import read_policy
from market.ledger.fees.settings import notice
from market.ledger.fees.shape import policy_data
from market.ledger.fees.shipped import shipped
from market.ledger.fees.states import COUNTING, FEE_POLICY

__all__ = ["FrozenPolicy", "announce", "begin_due", "draft", "get_frozen", "keep_policies", "policy_for", "withdraw", "write"]


def draft(w: Work, policy_id: str) -> FeePolicyVersion:
    """The open draft of a policy; else a new one that begins as a copy of what counts now. Raises NotFound."""
    row = find_draft(w.session, policy_id)
    if row is not None:
        return row
    present = policy_for(w.session, _channel(w, policy_id), w.now)
    latest = w.session.scalar(select(func.max(FeePolicyVersion.version)).where(FeePolicyVersion.policy_id == policy_id)) or 0
    return _add(w, present.data | {"version": max(latest, present.version) + 1})


def _channel(w: Work, policy_id: str) -> str:
    known = w.session.scalars(select(FeePolicyVersion.channel).where(FeePolicyVersion.policy_id == policy_id)).first()
    if known is None and policy_id not in shipped():
        raise NotFound()
    return known or shipped()[policy_id].channel


def _add(w: Work, data: dict[str, Any]) -> FeePolicyVersion:
    policy = read_policy(data)
    text = policy_data(policy)
    row = FeePolicyVersion(
        id=ids.new_id(), policy_id=policy.id, version=int(policy.version), channel=policy.channel, data=text,
        digest=canonical.digest(text), created_at=w.now, created_by=w.actor.id,
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("market:fees:drafted", policy.id, version=row.version, digest=row.digest)
    return row


def write(w: Work, row: FeePolicyVersion, data: dict[str, Any]) -> Policy:
    """Give a draft another text. Id, version and way of selling stay. Raises Unreadable at the place, Refused for no draft."""
    still_draft(row)
    policy = checked({**data, "id": row.policy_id, "version": row.version, "channel": row.channel})
    row.data = policy_data(policy)
    row.digest = canonical.digest(row.data)
    w.session.flush()
    w.record("market:fees:edited", row.policy_id, version=row.version, digest=row.digest)
    return policy


def still_draft(row: FeePolicyVersion) -> None:
    """Raises Refused for a version whose text stands."""
    if row.state != "draft":
        raise Refused("text_stands", N_("The text of a version stands once it is announced: make a new one."))


def checked(data: dict[str, Any]) -> Policy:
    """A policy the market can go by. Raises Unreadable, also where an order could cost its seller more than it brings in."""
    policy = read_policy(data)
    if not policy.clamps:
        raise Invalid("may_owe", N_("In the market a sale never leaves its seller owing."), field="negative_payout")
    return policy


AHEAD = timedelta(days=731)
"""How far ahead a change may be announced: two years, one of them may be a leap year."""


def announce(w: Work, row: FeePolicyVersion, begins: datetime) -> None:
    """Fix the text and make it public; it counts from `begins` on, at the earliest when the notice is over.

    Raises Invalid for a day too early or taken, Refused for a text that changes nothing or a state that doesn't fit."""
    FEE_POLICY.next(row.state, "announce")
    if begins < w.now + notice():
        raise Invalid(
            "too_early", N_("A change is announced at least %(days)s days before it counts."), field="begins",
            values={"days": notice().days},
        )  # fmt: skip
    if begins > w.now + AHEAD:
        raise Invalid("too_late", N_("Choose a day within the next two years."), field="begins")
    same = (FeePolicyVersion.policy_id == row.policy_id, FeePolicyVersion.state.in_(COUNTING))
    if w.session.scalars(select(FeePolicyVersion.id).where(*same, FeePolicyVersion.effective_from == begins)).first():
        raise Invalid("day_taken", N_("Another version begins on this day."), field="begins")
    if _says_the_same(row.data, policy_for(w.session, row.channel, begins).data):
        raise Refused("no_change", N_("This says what counts then anyhow: there is nothing to announce."))
    walk(w, FEE_POLICY, row, "announce", effective_from=begins, announced_at=w.now)
    w.record("market:fees:announced", row.policy_id, version=row.version, digest=row.digest, begins=begins.isoformat())
    _tell(w, row, begins, "announced")


def _tell(w: Work, row: FeePolicyVersion, begins: datetime, stage: str) -> None:
    happened(w, FeesChange(policy_id=row.policy_id, version=row.version, channel=row.channel, begins=begins, stage=stage))


def _says_the_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return {**one, "version": 0} == {**other, "version": 0}


def withdraw(w: Work, row: FeePolicyVersion) -> None:
    """Give up a draft, or an announced version before it counts. Raises Refused."""
    if row.effective_from is not None and row.effective_from <= w.now:
        raise Refused("counts_already", N_("Its day has come: things were agreed by it. Announce another version instead."))
    told = row.effective_from if row.state == "announced" else None
    if told is not None:  # before it is withdrawn: who was told is reckoned from what would have counted
        _tell(w, row, told, "withdrawn")
    walk(w, FEE_POLICY, row, "withdraw")
    w.record("market:fees:withdrawn", row.policy_id, version=row.version)


def begin_due(w: Work) -> None:
    """Let every announced version whose day has come count, and retire the one before: states follow the clock."""
    due = select(FeePolicyVersion).where(FeePolicyVersion.state == "announced", FeePolicyVersion.effective_from <= w.now)
    for row in w.session.scalars(due.order_by(FeePolicyVersion.effective_from, FeePolicyVersion.version)).all():
        now = (FeePolicyVersion.policy_id == row.policy_id, FeePolicyVersion.state == "effective")
        for old in w.session.scalars(select(FeePolicyVersion).where(*now)).all():
            walk(w, FEE_POLICY, old, "retire")
        walk(w, FEE_POLICY, row, "begin")
        w.record("market:fees:begun", row.policy_id, version=row.version)
        if row.effective_from is not None and row.announced_at is not None and row.effective_from > row.announced_at:
            _tell(w, row, row.effective_from, "begun")  # what came with the house changes nothing that anybody relied on


def keep_policies(database: Database) -> None:
    """Put the policies that came with the house into the database where none of that id is: they count at once, since they change
    nothing that anybody relied on. What is there is never touched."""
    with database.session() as session:
        known = set(session.scalars(select(FeePolicyVersion.policy_id).distinct()))
        missing = [policy for policy in shipped().values() if policy.id not in known]
        if not missing:
            return
        with work(session, Actor("system:fees"), clock.now()) as w:
            for policy in missing:
                row = _add(w, policy_data(policy))
                walk(w, FEE_POLICY, row, "announce", effective_from=w.now, announced_at=w.now)
                w.record("market:fees:announced", row.policy_id, version=row.version, digest=row.digest)
            begin_due(w)
