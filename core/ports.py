"""How rooms speak upwards: events that are told in the same transaction, and providers that answer a named question.

Nobody imports upwards. A room fills ports in its `register()`; `app.py` calls those."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy.orm import Session

from core.work import Work


@dataclass(frozen=True, slots=True)
class CustodyRaised:
    """An item's custody epoch went up (sale, return, repair, loan, broken seal): proofs of the old epoch are history."""

    item_id: str
    epoch: int
    why: str  # sold | returned | repaired | loaned | seal_broken | released_unsealed | relisted


@dataclass(frozen=True, slots=True)
class ClearanceEnded:
    """The permit to list an item ended; live listings must come down in this very transaction."""

    item_id: str
    clearance_id: str
    why: str


@dataclass(frozen=True, slots=True)
class ItemFrozen:
    """An item is frozen (claimed stolen, under inspection): it can't be listed, reserved or sold until released."""

    item_id: str
    why: str


@dataclass(frozen=True, slots=True)
class PersonSuspended:
    account_id: str
    why: str


E = TypeVar("E")
_subscribers: dict[type, list[Callable[[Work, Any], None]]] = {}


def subscribe(kind: type[E], handler: Callable[[Work, E], None]) -> None:
    """From now on `handler` runs in the transaction of every `happened(w, event of this kind)`. Twice is once."""
    if handler not in _subscribers.setdefault(kind, []):
        _subscribers[kind].append(handler)


def happened(w: Work, event: object) -> None:
    """Tell an event: all subscribers run now, in this Work; if one refuses, everything is undone."""
    for handler in _subscribers.get(type(event), []):
        handler(w, event)


def subscribers() -> dict[str, list[str]]:
    """For the house test: event name -> where its subscribers live."""
    return {kind.__name__: [h.__module__ for h in handlers] for kind, handlers in _subscribers.items()}


@dataclass(frozen=True, slots=True)
class DossierLine:
    """One step in the life of an item, for a regulator or the owner. `sentence` is English for gettext."""

    at: datetime
    room: str
    sentence: str
    values: dict[str, str]
    link: str = ""
    actor: str = ""


class Dossier(Protocol):
    """What a room knows of an item: every line of its life there, oldest first."""

    def __call__(self, session: Session, item_id: str) -> Iterable[DossierLine]: ...


class PersonalData(Protocol):
    """What a room holds about a person: plain values for export (PIPL 45), by heading."""

    def __call__(self, session: Session, account_id: str) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class RetentionRow:
    """One row of the retention table: what, how long after which event, why (source), and what is done then."""

    data: str
    months: int
    since: str
    source: str
    then: str


class Retention(Protocol):
    def __call__(self) -> Iterable[RetentionRow]: ...


_providers: dict[str, dict[str, Callable[..., Any]]] = {"dossier": {}, "personal_data": {}, "retention": {}}


def provide(port: str, room: str, provider: Callable[..., Any]) -> None:
    """Fill a port. Ports: dossier, personal_data, retention. One provider per room and port."""
    if _providers[port].setdefault(room, provider) is not provider:
        raise ValueError(f"{room} fills {port} twice")


def providers(port: str) -> dict[str, Callable[..., Any]]:
    return dict(_providers[port])


def dossier(session: Session, item_id: str) -> list[DossierLine]:
    """The whole life of an item over all rooms, oldest first."""
    lines = [line for provider in _providers["dossier"].values() for line in provider(session, item_id)]
    return sorted(lines, key=lambda line: line.at)
