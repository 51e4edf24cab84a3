"""When a station's key counts, and why one is revoked. Pure."""

from datetime import datetime, timedelta

from core.i18n import N_

REASONS = {
    "lost": N_("The key or the machine was lost or stolen"),
    "copied": N_("Somebody else may have a copy of the key"),
    "replaced": N_("It was replaced by a new key"),
    "closed": N_("The bench is closed"),
}
# Whoever took the key may have signed before it was noticed: then nothing it signed counts any more.
DOUBTFUL = frozenset({"lost", "copied"})
CODE_LIVES = timedelta(minutes=15)


def counted(enrolled_at: datetime, revoked_at: datetime | None, reason: str, at: datetime) -> bool:
    """Did the key count at a moment that the house itself saw (when it got the result), not one that the bench claims?"""
    if at < enrolled_at or reason in DOUBTFUL:
        return False
    return revoked_at is None or at < revoked_at
