"""How one room tells another whether the numbers of a thing stand on a list of stolen or barred goods, through core/ports.py."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from core.ports import providers


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTold:
    """What one list said. `kind`: stolen, blocked, own or device_check; `state`: clear, listed or unknown; `why`: code of the
    reason for unknown, "" otherwise; `day`: the list's own day as 2026-11-30; `lines`: how many numbers it holds."""

    kind: str
    source: str
    version: int
    day: str
    lines: int
    state: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class NumberStanding:
    """`clear`, `listed`, or `unknown` where no list that is fresh enough could be asked: that is never a pass."""

    state: str
    lists: tuple[ListTold, ...] = ()


class NumberStandings(Protocol):
    """How the live numbers of a thing stand on the lists that the house has."""

    def __call__(self, session: Session, item_id: str, now: datetime) -> NumberStanding: ...


def number_standing(session: Session, item_id: str, now: datetime) -> NumberStanding:
    """How a thing's numbers stand; unknown while no room tells."""
    found: Iterable[NumberStanding] = (tell(session, item_id, now) for tell in providers("number_standing").values())
    return next(iter(found), NumberStanding("unknown"))
