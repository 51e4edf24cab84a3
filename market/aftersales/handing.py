"""What was chosen in an exchange gets to its buyer: they say how, it is sent or checked in person, and then it is given, once.

First the old one is back. By parcel it is the buyer's when they say so, or ten days after it was sent unless somebody asks for
mediation; in person when the seller types the receipt code that the buyer shows after the check."""

from collections.abc import Mapping, Sequence

from core.errors import Refused
from core.goods import custody
from core.i18n import N_
from core.queue import actions as queue
from core.work import Work
from market.aftersales import closing
from market.aftersales.exchanging import CHOOSING, instead
from market.aftersales.models import Case
from market.aftersales.saying import only, order_of, say, sides, tell
from market.listings.models import Listing
from market.orders import parcel, replacement_ways, replacing
from market.orders.order_rules import AUTO_CONFIRM

AGREED = {
    "meet": N_("Case %(number)s: the buyer takes “%(title)s” and gets it in person. Meet once the old one is back."),
    "parcel": N_("Case %(number)s: the buyer takes “%(title)s” and gets it by parcel. Send it once the old one is back."),
}
SENT = N_("Case %(number)s: “%(title)s” is on its way. Say here when you have it.")
CHECK_NO = N_("Case %(number)s: “%(title)s” stopped at the buyer's check. Look at the answers, and choose something else.")
COUNTS = N_("Case %(number)s: nobody said that the parcel hasn't come, so it counts as received.")


def _chosen(w: Work, case: Case, states: Sequence[str] = CHOOSING) -> Listing:
    """What was chosen. Raises Refused outside an accepted exchange and before anything was."""
    if case.kind != "exchange" or case.state not in states:
        raise Refused("no_exchange", N_("Something is given instead only in an exchange that was accepted."))
    listing = instead(w.session, case)
    if listing is None:
        raise Refused("not_chosen", N_("The seller hasn't chosen yet what you get instead."))
    return listing


def _old_first(case: Case) -> None:
    if case.state != "back":
        raise Refused("old_first", N_("First the seller says here that the old one is back."))


def agree(w: Work, case: Case, ticked: Sequence[str], way: str) -> None:
    """The buyer takes it on what is told of it, in person or by parcel. Raises Invalid at the field, Refused else."""
    only(w, case, case.buyer_id)
    listing = _chosen(w, case)
    before = replacement_ways.find_way(w.session, case.id)
    row = replacement_ways.agree(w, order_of(w, case), listing, case.id, way=way, ticked=ticked)
    if before is None or before.id != row.id:
        say(w, case, "agreed", "")
        w.record("market:exchange:agreed", case.id, way=way)
        tell(w, case, case.seller_id, AGREED[way], title=listing.title)


def address(w: Work, case: Case, to: parcel.Address) -> None:
    only(w, case, case.buyer_id)
    _chosen(w, case)
    replacement_ways.give_address(w, replacement_ways.get_way(w, case.id, "parcel"), to)


def look_at_address(w: Work, case: Case) -> parcel.Address:
    """For the seller's label, once the old one is back. Raises Refused before."""
    only(w, case, case.seller_id)
    _chosen(w, case)
    _old_first(case)
    row = replacement_ways.get_way(w, case.id, "parcel")
    if not row.to:
        raise Refused("address_first", N_("The buyer hasn't said yet where it goes."))
    return replacement_ways.look_at_address(w, row)


def send(w: Work, case: Case, carrier: str, tracking: str) -> None:
    """The seller gave it to the carrier: ten days until it counts as received. Raises Invalid at the field, Refused else."""
    only(w, case, case.seller_id)
    listing = _chosen(w, case)
    _old_first(case)
    row = replacement_ways.get_way(w, case.id, "parcel")
    if replacement_ways.send(w, row, listing.item_id, carrier, tracking):
        case.due_at = w.now + AUTO_CONFIRM
        say(w, case, "shipped", row.tracking_masked)
        tell(w, case, case.buyer_id, SENT, title=listing.title)


def check(w: Work, case: Case, answers: Mapping[str, str], *, serial_tail: str = "", seal: str = "") -> bool:
    """The buyer looks at it before they take it. One no: this one isn't given, and the seller chooses something else."""
    only(w, case, case.buyer_id)
    listing = _chosen(w, case)
    _old_first(case)
    row, item = replacement_ways.get_way(w, case.id, "meet"), custody.locked(w, listing.item_id)
    if replacement_ways.check(w, row, item, answers, serial_tail=serial_tail, seal=seal):
        return True
    if case.replacement_id is not None:  # else its clearance ended with the answer, and took it out of the case
        replacing.free(w, listing.id, paused=True)
        closing.unchosen(w, case)
    say(w, case, "not_taken", listing.title)
    tell(w, case, case.seller_id, CHECK_NO, title=listing.title)
    return False


def hand_over(w: Work, case: Case, code: str) -> None:
    """The seller types the buyer's receipt code: it is given. Typed again, nothing changes. Raises Invalid for a wrong code."""
    only(w, case, case.seller_id)
    if _is_given(case):
        return
    _chosen(w, case)
    _old_first(case)
    replacement_ways.demand_code(replacement_ways.get_way(w, case.id, "meet"), code)
    _give(w, case)


def arrived(w: Work, case: Case) -> None:
    """The buyer has the parcel, also while a mediator looks for it. Said again, nothing changes."""
    only(w, case, case.buyer_id)
    if _is_given(case):
        return
    _chosen(w, case, (*CHOOSING, "mediation"))
    if not replacement_ways.is_sent(w.session, case.id):
        raise Refused("not_sent", N_("It isn't sent yet. In person you check it first; then the seller types your code."))
    queue.lapse(w, "mediation", case.id)
    _give(w, case)


def counts_as_received(w: Work, case: Case) -> bool:
    """For the clock of a parcel: its time is over, and nobody asked for a mediator. False where nothing was sent."""
    if case.kind != "exchange" or case.state != "back" or not replacement_ways.is_sent(w.session, case.id):
        return False
    for person in sides(case):
        tell(w, case, person, COUNTS)
    _give(w, case)
    return True


def given_by_decision(w: Work, case: Case) -> bool:
    """A mediator found that the parcel came: nothing goes back, and the thing is its buyer's. False where nothing was sent."""
    if case.kind != "exchange" or case.replacement_id is None or not replacement_ways.is_sent(w.session, case.id):
        return False
    _give(w, case)
    return True


def _is_given(case: Case) -> bool:
    return case.state == "settled" and case.replacement_id is not None


def _give(w: Work, case: Case) -> None:
    row = replacement_ways.find_way(w.session, case.id)
    ticked = [str(one) for one in row.ticked] if row is not None else []
    replacing.give(w, order_of(w, case), str(case.replacement_id), case=(case.id, case.number), ticked=ticked)
    replacement_ways.end(w, case.id)
    closing.settle(w, case, "")
