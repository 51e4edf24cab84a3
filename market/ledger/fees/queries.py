"""Which policy counts when, and every version that ever did."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import canonical
from core.errors import NotFound
from core.i18n import N_
from market.ledger.fees.models import FeePolicyVersion
from market.ledger.fees.policy import Policy
from market.ledger.fees.reading import read_policy
from market.ledger.fees.shape import policy_data
from market.ledger.fees.shipped import shipped
from market.ledger.fees.states import COUNTING

MOST_VERSIONS = 10**6


@dataclass(frozen=True, slots=True)
class FrozenPolicy:
    """One version as it was agreed: orders keep (id, version), and get_frozen gives it back for good."""

    id: str
    version: int
    data: dict[str, Any]
    digest: str

    @property
    def policy(self) -> Policy:
        return read_policy(self.data)


def policy_for(session: Session, channel: str, on: datetime) -> FrozenPolicy:
    """The version that counts at this moment for a way of selling; what came with the house where none was kept yet.

    Raises NotFound for a way of selling without a policy."""
    kind = FeePolicyVersion
    counts = select(kind).where(kind.channel == channel, kind.state.in_(COUNTING), kind.effective_from <= on)
    row = session.scalars(counts.order_by(kind.effective_from.desc(), kind.version.desc()).limit(1)).first()
    if row is not None:
        return frozen(row)
    policy = next((one for one in shipped().values() if one.channel == channel), None)
    if policy is None:
        raise NotFound("no_fee_policy", N_("There are no fees for this way of selling yet."))
    return _frozen_file(policy)


def get_frozen(session: Session, policy_id: str, version: int | str) -> FrozenPolicy:
    """What was agreed then. Raises NotFound."""
    row = find_version(session, policy_id, int(version)) if str(version).isascii() and str(version).isdigit() else None
    if row is not None:
        return frozen(row)
    policy = shipped().get(policy_id)
    if policy is None or str(policy.version) != str(version):
        raise NotFound()
    return _frozen_file(policy)


def frozen(row: FeePolicyVersion) -> FrozenPolicy:
    return FrozenPolicy(row.policy_id, row.version, row.data, row.digest)


def _frozen_file(policy: Policy) -> FrozenPolicy:
    data = policy_data(policy)
    return FrozenPolicy(policy.id, int(policy.version), data, canonical.digest(data))


def find_version(session: Session, policy_id: str, version: int) -> FeePolicyVersion | None:
    if not 0 < version <= MOST_VERSIONS:  # an address may name any number, a column can't
        return None
    query = select(FeePolicyVersion).where(FeePolicyVersion.policy_id == policy_id, FeePolicyVersion.version == version)
    return session.scalars(query).first()


def versions_of(session: Session, policy_id: str) -> list[FeePolicyVersion]:
    """All of them, the newest first."""
    query = select(FeePolicyVersion).where(FeePolicyVersion.policy_id == policy_id)
    return list(session.scalars(query.order_by(FeePolicyVersion.version.desc())))


def find_draft(session: Session, policy_id: str) -> FeePolicyVersion | None:
    query = select(FeePolicyVersion).where(FeePolicyVersion.policy_id == policy_id, FeePolicyVersion.state == "draft")
    return session.scalars(query).first()


def policy_ids(session: Session) -> list[str]:
    """Every policy there is, those that came with the house first."""
    kept = session.scalars(select(FeePolicyVersion.policy_id).distinct().order_by(FeePolicyVersion.policy_id))
    return list(dict.fromkeys([*shipped(), *kept]))
