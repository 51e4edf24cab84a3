"""Every entry opens into its steps, and to what is behind it. Each room tells how the kinds it writes came about."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.i18n import N_
from market.ledger.models import Entry
from market.ledger.steps import Said, Step, said, whole

Teller = Callable[[Session, Entry], Iterable[Step]]


@dataclass(frozen=True, slots=True)
class Behind:
    """What an entry is about: what it is called, where it is shown, and who may open it (a permission and its subject)."""

    label: Said
    href: str
    permission: str
    subject: object


Finder = Callable[[Session, Entry], Iterable[Behind]]
_leading: dict[str, dict[str, Teller]] = {}
_standing: dict[str, Teller] = {}
_behind: list[Finder] = []


def explains(kind: str, teller: Teller) -> None:
    """The room that writes entries of this kind tells each amount on each account."""
    _standing[kind] = teller


def leads_to(kind: str, room: str, teller: Teller) -> None:
    """A room above tells how the amount came about that the writer of the entry was given. Said again, it stays once."""
    _leading.setdefault(kind, {})[room] = teller


def behind(finder: Finder) -> None:
    if finder not in _behind:
        _behind.append(finder)


def explained_kinds() -> set[str]:
    return set(_standing)


def steps_of(session: Session, entry: Entry) -> list[Step]:
    """In the order of reckoning; the steps on an account add up to what the entry put on it."""
    standing = list(_standing[entry.kind](session, entry)) if entry.kind in _standing else []
    if not standing:  # written by hand, or by something that left no row
        return as_entered(entry)
    leading = [step for teller in _leading.get(entry.kind, {}).values() for step in teller(session, entry)]
    return [*leading, *standing]


def as_entered(entry: Entry) -> list[Step]:
    """Nothing is known but the entry itself: each amount is what was entered."""
    return [
        whole(said(N_("As it was entered")), abs(one.amount_minor), one.unit, account=one.account.kind,
              side=1 if one.amount_minor > 0 else -1)
        for one in entry.postings
    ]  # fmt: skip


def behind_of(session: Session, entry: Entry) -> Sequence[Behind]:
    """Whether the reader may open it is theirs to ask."""
    return [one for finder in _behind for one in finder(session, entry)]


def on(entry: Entry, kind: str) -> int:
    """What an entry put on accounts of that kind, in minor units."""
    return sum(one.amount_minor for one in entry.postings if one.account.kind == kind)


def unit_of(entry: Entry) -> str:
    return entry.postings[0].unit
