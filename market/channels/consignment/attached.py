"""What hangs on a consignor's file from other parts of the shop: agreements now, goods later. They tell it here, so that the
file's pages list it and a file isn't closed while something of it is open.

    attached.tells(agreement_queries.of_consignor)     # once, where the part is registered
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.states import Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """One row: `title` and `state` (word, tone) are said in the reader's language already; `link`: the address for staff, `own`:
    that for the consignor, "" where there is none; `open`: it keeps the file open."""

    title: str
    state: tuple[str, Tone]
    link: str
    own: str = ""
    open: bool = True


Teller = Callable[[Session, str], Iterable[Attached]]
_TELLERS: list[Teller] = []


def tells(teller: Teller) -> None:
    """From now on `teller(session, consignor_id)` adds its rows to every file. Twice is once."""
    if teller not in _TELLERS:
        _TELLERS.append(teller)


def rows(session: Session, consignor_id: str) -> list[Attached]:
    return [row for teller in _TELLERS for row in teller(session, consignor_id)]


def keeps_open(session: Session, consignor_id: str) -> bool:
    """Is there an open agreement, or goods, so that the file can't be closed?"""
    return any(row.open for row in rows(session, consignor_id))
