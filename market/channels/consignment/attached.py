"""What hangs on a consignor's file from other parts of the shop: agreements now, goods later. They tell it here, so that the
file's pages list it and a file isn't closed while something of it is open.

    attached.tells(agreement_queries.of_consignor)     # once, where the part is registered
    attached.looked_at("room:subject:looked", of_file)  # where the part shows the full name, and records it
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

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
_LOOKED: dict[str, Callable[[Session, str], Iterable[Any]]] = {}


def tells(teller: Teller) -> None:
    """From now on `teller(session, consignor_id)` adds its rows to every file. Twice is once."""
    if teller not in _TELLERS:
        _TELLERS.append(teller)


def looked_at(word: str, teller: Callable[[Session, str], Iterable[Any]]) -> None:
    """From now on a line of the log with this word about one of the rows of `teller(session, consignor_id)` counts as a look at
    the file: the full name stands there, too. The line's fact `what` is a code of `rules.SHOWN_THERE`."""
    _LOOKED[word] = teller


def looked(session: Session, consignor_id: str) -> list[tuple[str, list[str]]]:
    """(word, ids of the subjects) of such lines."""
    return [(word, [row.id for row in teller(session, consignor_id)]) for word, teller in _LOOKED.items()]


def rows(session: Session, consignor_id: str) -> list[Attached]:
    return [row for teller in _TELLERS for row in teller(session, consignor_id)]


def keeps_open(session: Session, consignor_id: str) -> bool:
    """Is there an open agreement, or goods, so that the file can't be closed?"""
    return any(row.open for row in rows(session, consignor_id))
