"""Versions of a policy as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import g
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock
from core.errors import NotFound
from market.ledger.fees.describe import RuleShown, describe, terms, title_of, written_day
from market.ledger.fees.models import FeePolicyVersion
from market.ledger.fees.queries import FrozenPolicy, frozen, policy_for, versions_of
from market.ledger.fees.shipped import shipped
from market.ledger.fees.states import FEE_POLICY


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionShown:
    """`state`: (word, tone). `since`, `announced`: days in the reader's language, "" where there are none."""

    policy_id: str
    version: int
    title: str
    state: tuple[str, str]
    state_help: str
    since: str
    announced: str
    note: str
    rules: Sequence[RuleShown]
    terms: Sequence[tuple[str, str]]
    digest: str
    draft: bool
    waits: bool

    @property
    def href(self) -> str:
        return f"/fees/{self.policy_id}/{self.version}"


def version_shown(found: FrozenPolicy, row: FeePolicyVersion | None) -> VersionShown:
    """`row` is None for a policy that came with the house and was not kept yet: it counts."""
    begins, announced = (row.effective_from, row.announced_at) if row else (None, None)
    policy, state = found.policy, FEE_POLICY["effective" if row is None else standing(row)]
    return VersionShown(
        policy_id=found.id, version=found.version, title=title_of(policy, g.language), state=(_(state.label), state.tone),
        state_help=_(state.help), since=_day(begins), announced=_day(announced),
        note=(policy.note.en if g.language == "en" else policy.note.zh) if policy.note else "",
        rules=describe(policy, g.language), terms=terms(policy, g.language), digest=found.digest,
        draft=row is not None and row.state == "draft",
        waits=row is not None and row.state == "announced" and standing(row) == "announced",
    )  # fmt: skip


def standing(row: FeePolicyVersion) -> str:
    """The state by the clock: an announced version whose moment has come counts, even before the clockwork says so."""
    due = row.state == "announced" and row.effective_from is not None and row.effective_from <= clock.now()
    return "effective" if due else row.state


def _day(moment: datetime | None) -> str:
    return written_day(local_day(moment), g.language) if moment else ""


def local_day(moment: datetime) -> date:
    return clock.local(moment).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyShown:
    """A policy with what counts now, what comes, and what was."""

    id: str
    channel: str
    present: VersionShown
    coming: Sequence[VersionShown]
    earlier: Sequence[VersionShown]


def policy_shown(session: Session, policy_id: str, channel: str) -> PolicyShown:
    present = policy_for(session, channel, clock.now())
    rows = {row.version: row for row in versions_of(session, policy_id) if row.announced_at is not None}
    others = [version_shown(frozen(row), row) for row in rows.values() if row.version != present.version]
    return PolicyShown(
        id=policy_id, channel=channel, present=version_shown(present, rows.get(present.version)),
        coming=[one for one in others if one.waits], earlier=[one for one in others if not one.waits],
    )  # fmt: skip


def channel_of(session: Session, policy_id: str) -> str:
    """The way of selling that a policy is for. Raises NotFound."""
    rows = versions_of(session, policy_id)
    if not rows and policy_id not in shipped():
        raise NotFound()
    return rows[0].channel if rows else shipped()[policy_id].channel
