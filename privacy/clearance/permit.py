"""What says that a thing may be listed: a clearance of this very item and epoch, or that none is needed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Cleared:
    """A valid clearance. `until` is the last moment it can be used; the database checks item and epoch again."""

    clearance_id: str
    item_id: str
    epoch: int
    until: datetime
    certificate_number: str


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """A thing that can't hold data: a coat, a book."""

    item_id: str


Permit = Cleared | NotNeeded


@dataclass(frozen=True, slots=True)
class ClearanceIssued:
    """Told in the transaction that clears an item, so that a listing which waits for it can go on."""

    item_id: str
    clearance_id: str
    certificate_number: str
