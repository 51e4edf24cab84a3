"""The books' words: what each account and each kind of entry is called. Rooms above add their own kinds of entry."""

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from core.i18n import N_

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
}
Subject = tuple[str, str]  # what it is called, where it is shown
_subjects: list[Callable[[Session, str], Subject | None]] = []


def entry_words(words: Mapping[str, str]) -> None:
    """Add kinds of entry; English for gettext."""
    ENTRIES.update(words)


def subjects(finder: Callable[[Session, str], Subject | None]) -> None:
    """A room above tells what an entry is about (an order and its page)."""
    if finder not in _subjects:
        _subjects.append(finder)


def subject_of(session: Session, subject_id: str) -> Subject | None:
    return next((found for finder in _subjects if (found := finder(session, subject_id))), None)
