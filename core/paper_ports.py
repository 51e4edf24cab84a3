"""How rooms that sign papers with the house's key, and the room that keeps the public log, speak through core/ports.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session

from core.ports import providers


@dataclass(frozen=True, slots=True)
class PaperTold:
    """A room signed a paper with the house's key, or ended or took back one: the public log enters it in this transaction.
    `kind`: that of the leaf; `body`: codes and whole numbers only. `signed`: by the house's key, which goes on record."""

    kind: str
    number: str
    body: Mapping[str, Any]
    signed: bool = False


class LogPlaces(Protocol):
    """Where a paper stands in the public log, as its download tells it: `state` and, once entered, index, since, leaf, proof."""

    def __call__(self, session: Session, kind: str, number: str) -> dict[str, Any]: ...


class PaperChecks(Protocol):
    """Do the signatures over a paper's canonical text hold, by keys in force? None: nobody can tell."""

    def __call__(self, session: Session, text: bytes, signatures: Sequence[Mapping[str, str]]) -> bool | None: ...


class Papers(Protocol):
    """The public page (path) of the paper with this number, "" when the room has none. Raises ids.BadCode for no number."""

    def __call__(self, session: Session, number: str) -> str: ...


class LogRoots(Protocol):
    """The root (64 hex digits) of the first checkpoint of the public log that covers a paper; "" while it isn't entered."""

    def __call__(self, session: Session, kind: str, number: str) -> str: ...


def log_root(session: Session, kind: str, number: str) -> str:
    """What a draw about this paper rests on; "" while no checkpoint covers it, or no room keeps a log."""
    return next((provider(session, kind, number) for provider in providers("log_root").values()), "")


def log_place(session: Session, kind: str, number: str) -> dict[str, Any]:
    """Where a paper stands in the public log; being entered, while no room keeps one."""
    found = (provider(session, kind, number) for provider in providers("log_place").values())
    return next(iter(found), {"state": "being_entered"})


def paper_check(session: Session, text: bytes, signatures: Sequence[Mapping[str, str]]) -> bool | None:
    """Whether a paper's signatures hold; None while no room can tell."""
    return next((provider(session, text, signatures) for provider in providers("paper_check").values()), None)


def paper_page(session: Session, number: str) -> str:
    """The page of a paper of any room, by its number; "" when there is none."""
    return next(filter(None, (provider(session, number) for provider in providers("papers").values())), "")
