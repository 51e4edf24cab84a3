"""How rooms speak upwards: events that are told in the same transaction, and providers that answer a named question.

Nobody imports upwards. A room fills ports in its `register()`; `app.py` calls those."""

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy.orm import Session

from core.money import Money
from core.work import Work


@dataclass(frozen=True, slots=True)
class CustodyRaised:
    """An item's custody epoch went up (sale, return, repair, loan, broken seal): proofs of the old epoch are history."""

    item_id: str
    epoch: int
    why: str  # sold | returned | repaired | loaned | seal_broken | released_unsealed | lost | undelivered | relisted


@dataclass(frozen=True, slots=True)
class ClearanceEnded:
    """The permit to list an item ended; live listings must come down in this very transaction. `certificate`: the number of its
    paper, "" where it has none; `reason`: a sentence (English for gettext) why it was taken back, "" when it ended otherwise."""

    item_id: str
    clearance_id: str
    why: str
    reason: str = ""
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class ItemFrozen:
    """An item is frozen (claimed stolen, under inspection): it can't be listed, reserved or sold until released."""

    item_id: str
    why: str


@dataclass(frozen=True, slots=True)
class ItemUnfrozen:
    """What froze it is settled, and nothing of that kind holds it any more. `froze`: the `why` of its ItemFrozen."""

    item_id: str
    froze: str


@dataclass(frozen=True, slots=True)
class ItemHeld:
    """A thing is off sale until it was looked at once more; what is proven about it stands meanwhile."""

    item_id: str
    why: str


@dataclass(frozen=True, slots=True)
class ItemScrapped:
    """A thing goes to a recycler for good: it comes off every shelf in this very transaction, or the scrapping is refused."""

    item_id: str


@dataclass(frozen=True, slots=True)
class PersonSuspended:
    account_id: str
    why: str


@dataclass(frozen=True, slots=True)
class RoleEnded:
    """Somebody no longer holds a role in an organisation, or the organisation was suspended: told once it is so."""

    account_id: str
    role: str
    org_id: str


@dataclass(frozen=True, slots=True)
class PersonClosing:
    """A person leaves for good and nothing holds them (see `holds`): rooms take down what is on sale and erase what they
    keep for that person only. Told before contacts and memberships go."""

    account_id: str


@dataclass(frozen=True, slots=True)
class MessageRefused:
    """The receiver of a message told its carrier that they don't want any (WeChat 43101): nothing more goes there."""

    channel: str
    address: str


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
    """One row of the retention table: what, how long after which event, why (source), and what is done then.
    `closing`: erased at once when its person closes the account."""

    data: str
    months: int
    since: str
    source: str
    then: str
    closing: bool = False


class Retention(Protocol):
    def __call__(self) -> Iterable[RetentionRow]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why an account can't be closed yet: a sentence (English for gettext, with values) and the way on (path, label)."""

    code: str
    sentence: str
    link: str
    way: str
    values: dict[str, str | Money] = field(default_factory=dict)


class Holds(Protocol):
    """What keeps a person here for the moment, as a room sees it; nothing when they are free to go."""

    def __call__(self, session: Session, account_id: str) -> Iterable[Hold]: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person's sales say of them. `href`: their public page, or "" where there is none. `average`: of five stars
    with one decimal, or "" while there are too few reviews to say one."""

    href: str = ""
    sales: int = 0
    reviews: int = 0
    average: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedSale:
    """A sale that stands, for reckoning it anew or counting it: `price` a piece and `discount` of the whole line in whole minor
    units; `seller_id` the person, `org_id` the place where one sold; `channel` the way of selling whose fees it paid; `on` its
    day in the market's zone."""

    id: str
    seller_id: str
    channel: str
    category: str
    price: int
    currency: str
    on: date
    discount: int = 0
    quantity: int = 1
    org_id: str | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """Somebody to whom a person is tied, so that each leaves the other's matters to somebody else. `kind`: family (declared) or
    counterparty (they had a deal)."""

    account_id: str
    kind: str


class Relations(Protocol):
    """Everybody a person is tied to at `now`, as a room knows it; deals since `since` count."""

    def __call__(self, session: Session, account_id: str, since: datetime, now: datetime) -> Iterable[Tie]: ...


@dataclass(frozen=True, slots=True)
class Waiting:
    """Work that waits for somebody in a role: what (English for gettext), how much, and where it is done."""

    what: str
    count: int
    link: str


class Waits(Protocol):
    """What waits for a visitor in the roles that count now, in the order of the work; counts of zero are fine."""

    def __call__(self, session: Session, visitor: Any) -> Iterable[Waiting]: ...


class CompletedSales(Protocol):
    """Sales that were completed from the first to the last of these days, both included."""

    def __call__(self, session: Session, first: date, last: date) -> Iterable[CompletedSale]: ...


PORTS = (
    "dossier", "personal_data", "retention", "holds", "standing", "completed_sales", "waiting",
    "comparable_sales", "offered_times", "log_place", "paper_check", "papers", "relations", "log_root", "asked_price",
    "wipe_standing", "graded_sale", "number_standing", "offer_page", "data_owner",
)  # fmt: skip
_providers: dict[str, dict[str, Callable[..., Any]]] = {port: {} for port in PORTS}


def provide(port: str, room: str, provider: Callable[..., Any]) -> None:
    """Fill a port of PORTS. One provider per room and port."""
    if _providers[port].setdefault(room, provider) is not provider:
        raise ValueError(f"{room} fills {port} twice")


def providers(port: str) -> dict[str, Callable[..., Any]]:
    return dict(_providers[port])


def dossier(session: Session, item_id: str) -> list[DossierLine]:
    """The whole life of an item over all rooms, oldest first."""
    lines = [line for provider in _providers["dossier"].values() for line in provider(session, item_id)]
    return sorted(lines, key=lambda line: line.at)


def completed_sales(session: Session, first: date, last: date) -> Iterable[CompletedSale]:
    """Every completed sale of these days, over all rooms."""
    return itertools.chain.from_iterable(provider(session, first, last) for provider in _providers["completed_sales"].values())


def waiting(session: Session, visitor: Any) -> list[Waiting]:
    """All work that waits for a visitor, over all rooms."""
    return [one for provider in _providers["waiting"].values() for one in provider(session, visitor)]


def relations(session: Session, account_id: str, since: datetime, now: datetime) -> dict[str, set[str]]:
    """Whom a person is tied to, over all rooms: account id -> kinds of ties."""
    found: dict[str, set[str]] = {}
    for provider in _providers["relations"].values():
        for tie in provider(session, account_id, since, now):
            found.setdefault(tie.account_id, set()).add(tie.kind)
    return found


def holds(session: Session, account_id: str) -> list[Hold]:
    """Everything that keeps an account open, over all rooms."""
    return [hold for provider in _providers["holds"].values() for hold in provider(session, account_id)]


def retention() -> list[RetentionRow]:
    """The whole retention table, room by room."""
    return [row for provider in _providers["retention"].values() for row in provider()]


def standing(session: Session, account_id: str) -> Standing:
    """What is known of a person as a seller; nothing while no room tells."""
    found: Iterable[Standing] = (provider(session, account_id) for provider in _providers["standing"].values())
    return next(iter(found), Standing())
