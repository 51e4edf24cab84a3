"""A payment may be no price but a fee: its payer is no buyer and its payee no seller. Rooms above say which, and the page, the
notices and the books then use words of a fee."""

from collections.abc import Callable
from typing import Final

from sqlalchemy.orm import Session

from core.i18n import N_

_fees: list[Callable[[Session, str], bool]] = []
HELD: Final = N_("You settle the fee with each other directly; nobody holds it in between.")
# ways of paying that are called by a seller otherwise
WAYS: Final = {
    "bank_transfer": N_("Bank transfer to the agency"),
    "collect_code": N_("The agency's collection code (WeChat or Alipay)"),
}
# {state: what it means}, of a payment and of what goes back, where the words of a price don't fit
PAYMENT_HELP: Final = {
    "said": N_("The owner says that the fee is paid. The agency looks and confirms."),
    "refunded": N_("The whole fee went back to the owner."),
}
REFUND_HELP: Final = {
    "done": N_("The money went back to the owner."),
    "failed": N_("The money did not reach the owner. Another way is needed."),
    "by_hand": N_("Staff wrote down how the money went back to the owner."),
}
SAYS_PAID: Final = N_(
    "The owner says that the fee “%(title)s” is paid. Look whether the money is there, then confirm it on the payment's page."
)
SAYS_ARRIVED: Final = N_("The agency says that the fee “%(title)s” has arrived. Confirm on the payment's page that you paid it.")
PAY_BACK: Final = N_("Pay the fee “%(title)s” back to who booked, then say so on the payment's page.")
SAYS_PAID_BACK: Final = N_(
    "The agency says that the fee “%(title)s” was paid back. Confirm it on the payment's page when you have it."
)


def fees(finder: Callable[[Session, str], bool]) -> None:
    """A room above tells whether a payment of this subject is a fee to an agency."""
    if finder not in _fees:
        _fees.append(finder)


def is_fee(session: Session, subject_id: str) -> bool:
    return any(finder(session, subject_id) for finder in _fees)
