"""What the books tell rooms and the ledger's own corners, in the same transaction."""

from dataclasses import dataclass

from market.ledger.models import Entry


@dataclass(frozen=True, slots=True)
class EntryReversed:
    """An entry was taken back by another one, for a reason in somebody's own words."""

    entry: Entry
    by: Entry
    why: str
