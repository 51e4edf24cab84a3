"""What happens to versions of the fees, for rooms that know the sellers."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeesChange:
    """A version was announced, withdrawn before its day, or begins to count. `begins`: from when it counts (or would have)."""

    policy_id: str
    version: int
    channel: str
    begins: datetime
    stage: str  # announced | withdrawn | begun
