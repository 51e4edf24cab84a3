"""How the room that clears information tells another how a thing stands with its wipe, through core/ports.py."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from core.ports import providers


@dataclass(frozen=True, slots=True)
class WipeStanding:
    """How a thing stands with its wipe: `clear`, `missing`, or `unknown` where nobody can tell, which is never a pass.
    `certificate`: the number of the paper that clears it, "" for none."""

    state: str
    certificate: str = ""


class WipeStandings(Protocol):
    """Whether the information on a thing was cleared in its present custody epoch."""

    def __call__(self, session: Session, item_id: str) -> WipeStanding: ...


def wipe_standing(session: Session, item_id: str) -> WipeStanding:
    """How a thing stands with its wipe; unknown while no room tells."""
    found: Iterable[WipeStanding] = (provider(session, item_id) for provider in providers("wipe_standing").values())
    return next(iter(found), WipeStanding("unknown"))


class DataOwner(Protocol):
    """Whose data is on a thing that a shop keeps in its own name: that person agrees to its wiping. None where nobody is."""

    def __call__(self, session: Session, item_id: str) -> str | None: ...


def data_owner(session: Session, item_id: str) -> str | None:
    """Whose data is on a thing that somebody else keeps in their own name: an account; None for its owner's."""
    found = (tell(session, item_id) for tell in providers("data_owner").values())
    return next((one for one in found if one), None)
