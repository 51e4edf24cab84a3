"""For other rooms: do the signatures over a paper of theirs hold, by the keys on record?"""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from privacy.bench import bench
from privacy.clearance import house_key
from privacy.clearance.log.keys import listed


def check_paper(session: Session, text: bytes, signatures: Sequence[Mapping[str, str]]) -> bool | None:
    """What the offline verifier would say with our own key list; None when a key isn't ours or was revoked later."""
    return house_key.check(bench().keys, text, signatures, listed(session))
