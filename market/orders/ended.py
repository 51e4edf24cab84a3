"""Why an order ended before the hand-over, as both sides read it: with the way to the certificate where that was the reason."""

from sqlalchemy.orm import Session

from core.i18n import N_
from core.people.notices import notify
from core.ports import ClearanceEnded, ItemFrozen, ItemHeld
from core.work import Work
from market.listings.models import Listing
from market.listings.proof import certificate_number_of
from market.orders.models import Order
from market.orders.telling import tell_both

PERMIT = {
    "revoked": N_("Its wipe certificate was taken back. The certificate's page says why."),
    "used": N_("The device was used after its wipe, so its clearance ended."),
    "seal_broken": N_("The seal was broken or the wipe can't be trusted any more, so its clearance ended."),
    "expired": N_("Its clearance ran out before the hand-over."),
    "repaired": N_("The device went to a repair, so its clearance ended."),
    "loaned": N_("The device was lent, so its clearance ended."),
    "returned": N_("The device went back, so its clearance ended."),
    "released_unsealed": N_("The device left the point without a seal, so its clearance ended."),
}  # fmt: skip
OTHER = {
    "called_off": N_("One of you called it off."),
    "time_ran_out": N_("The time for it ran out."),
    "held_too_long": N_("The payment provider can't hold the money any longer; it goes back to the buyer."),
    "being_checked": N_("The wipe of the device was drawn for another look; it isn't sold meanwhile."),
    "report_upheld": N_("A report about the listing was right, so it was frozen."),
    "suspended": N_("An account was suspended."),
    "lost_on_its_way": N_("It was lost on its way. Until the buyer has it that is the seller's risk: the whole price goes back."),
    "came_back": N_("The parcel couldn't be delivered and came back to the seller. The whole price goes back to the buyer."),
    "half_back": N_("The other half of the swap went back."),
    "half_undelivered": N_("The other half of the swap was sent and never came, so this one isn't owed any more."),
    "bank_took": N_("The buyer's bank took the money back."),
}
FREE = {
    "lost_on_its_way": N_("It was lost on its way. Until it is there that is its giver's risk; nothing was paid for it."),
    "came_back": N_("The parcel couldn't be delivered and came back to its giver. Nothing was paid for it."),
}
"""... where nothing was paid."""

BY_ITS_END = ("sold", "lost", "undelivered")
"""With these a clearance ends because the way of the parcel does: both are told of that."""
STOPPED = N_("The order of “%(title)s” was stopped: it may not be sold at present.")
LOST_ON_ITS_WAY = N_(
    "The wipe clearance of “%(title)s” ended while it was on its way: it doesn't count as wiped. "
    "Leave it packed; once it has come, the buyer can open a case and give it back."
)
TAKEN_BACK = N_("The order of “%(title)s” was stopped: its wipe certificate %(number)s was taken back. %(reason)s")


def sentence_of(order: Order) -> str:
    """English for gettext; "" where the state's own sentence says it all, as at a check that failed."""
    free = FREE if order.is_free else {}
    return {**PERMIT, **OTHER, **free}.get(order.ended_why, "")


def paper_of(session: Session, order: Order) -> str:
    """The number of the certificate that the end has to do with, or ""."""
    listing = session.get_one(Listing, order.listing_id)
    told = order.ended_why in PERMIT and listing.clearance_id
    return certificate_number_of(session, listing.clearance_id) if told and listing.clearance_id else ""


def tell_stopped(w: Work, order: Order, event: ClearanceEnded | ItemFrozen | ItemHeld) -> None:
    """Both sides hear of it; of a certificate that was taken back with its reason, in the reader's language."""
    if not (isinstance(event, ClearanceEnded) and event.reason):
        tell_both(w, order, STOPPED)
        return
    title = w.session.get_one(Listing, order.listing_id).title
    for person in (order.buyer_id, order.seller_id):
        notify(w, person, TAKEN_BACK, f"/orders/{order.id}", title=title, number=event.certificate, reason=event.reason)
