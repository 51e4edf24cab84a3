"""The books' words: what each account and each kind of entry is called. Rooms above add their own kinds of entry."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import Session

from core.i18n import N_
from market.ledger.models import Entry

ACCOUNTS: dict[str, str] = {
    "buyer": N_("Buyer"),
    "seller_payable": N_("Owed to the seller"),
    "consignor_payable": N_("Owed to the consignor"),
    "platform_fee": N_("Platform fee"),
    "shop_commission": N_("Shop's commission"),
    "cash_drawer": N_("Cash drawer"),
    "provider_clearing": N_("Held by the payment provider"),
    "refunds": N_("Refunds on their way"),
    "donations": N_("Donations"),
    "unclaimed": N_("Unclaimed payable"),
}
ENTRIES: dict[str, str] = {
    "sale": N_("Sale"),
    "reversal": N_("Correction: an entry taken back"),
    "set_aside": N_("Moved to unclaimed payables"),
    "claimed": N_("Fetched by its owner"),
    "debt_paid": N_("A seller paid fees that they owed"),
    "debt_waived": N_("Fees not asked for any more: the platform bears them"),
}
Subject = tuple[str, str]  # what it is called, where it is shown
Way = tuple[str, str]  # what it is called (English for gettext), where it leads
_subjects: list[Callable[[Session, str], Subject | None]] = []
_parties: list[Callable[[Session, str], set[str]]] = []
_keeps: list[Callable[[Session, Entry], str]] = []
_accounts: list[Callable[[Session, Entry], dict[str, str]]] = []
_ways: list[Callable[[str], Way | None]] = []
_names: list[Callable[[Session, Sequence[Entry]], dict[str, str]]] = []


def entry_words(words: Mapping[str, str]) -> None:
    """Add kinds of entry; English for gettext."""
    ENTRIES.update(words)


def entry_names(finder: Callable[[Session, Sequence[Entry]], dict[str, str]]) -> None:
    """A room above calls single entries otherwise than their kind: {entry's id: English for gettext}."""
    if finder not in _names:
        _names.append(finder)


def names_of(session: Session, entries: Sequence[Entry]) -> dict[str, str]:
    """What each entry is called: {its id: English for gettext}."""
    found = {one.id: ENTRIES.get(one.kind, one.kind) for one in entries}
    for finder in _names:
        found |= finder(session, entries)
    return found


def account_names(finder: Callable[[Session, Entry], dict[str, str]]) -> None:
    """A room above calls accounts otherwise in entries of its own: {kind of account: English for gettext}."""
    if finder not in _accounts:
        _accounts.append(finder)


def accounts_in(session: Session, entry: Entry) -> dict[str, str]:
    """What each kind of account is called in this entry."""
    called = dict(ACCOUNTS)
    for finder in _accounts:
        called |= finder(session, entry)
    return called


def subjects(finder: Callable[[Session, str], Subject | None]) -> None:
    """A room above tells what an entry is about (an order and its page)."""
    if finder not in _subjects:
        _subjects.append(finder)


def subject_of(session: Session, subject_id: str) -> Subject | None:
    return next((found for finder in _subjects if (found := finder(session, subject_id))), None)


def parties(finder: Callable[[Session, str], set[str]]) -> None:
    """A room above tells between whom the deal of an entry is: each of them may open it, whatever accounts it touches."""
    if finder not in _parties:
        _parties.append(finder)


def parties_of(session: Session, subject_id: str) -> set[str]:
    return set().union(*(finder(session, subject_id) for finder in _parties))


def keeps(finder: Callable[[Session, Entry], str]) -> None:
    """A room above tells why an entry of its own isn't taken back in the books alone: a sentence (English for gettext), or ""."""
    if finder not in _keeps:
        _keeps.append(finder)


def kept_because(session: Session, entry: Entry) -> str:
    return next((why for finder in _keeps if (why := finder(session, entry))), "")


def ways(finder: Callable[[str], Way | None]) -> None:
    """A room above adds a way beside one's money. It is given what its address carries: "" or, for a place, `?for=ID`."""
    if finder not in _ways:
        _ways.append(finder)


def ways_of(query: str) -> list[Way]:
    return [found for finder in _ways if (found := finder(query))]
