"""An exchange: the seller chooses what the buyer gets instead, it is kept for them, and given once the old one is back."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Invalid, Refused
from core.i18n import N_
from core.ports import ClearanceEnded, ItemFrozen, ItemHeld, PersonSuspended
from core.work import Work
from market.aftersales import exchange_rules as rules
from market.aftersales.closing import settle, unchosen
from market.aftersales.models import Case
from market.aftersales.saying import only, order_of, say, sides, tell
from market.aftersales.states import OPEN
from market.listings.models import Listing
from market.listings.proof import is_drawn, permit_for
from market.orders import replacing

CHOOSING = ("accepted", "back")
FAULTS = {
    "not_yours_to_give": N_("Choose one of your own things that you sell in the same name."),
    "same_thing": N_("This is the very thing that is to be exchanged."),
    "is_sold": N_("It is sold already."),
    "is_reserved": N_("Somebody has reserved it. Choose something else."),
    "not_cleared": N_("It can hold data, and its wiping isn't verified: it can't be given to anybody yet."),
    "not_on_sale": N_("It isn't on sale. Publish it first: what is told of it counts for the exchange, too."),
    "is_drawn": N_("A third person checks its wipe once more. It can be given when that is done."),
}
CHOSEN = N_("Case %(number)s: you get “%(title)s” instead. Look at what is told of it; you say here when you have it.")
DROPPED = N_("Case %(number)s: “%(title)s” can't be given instead any more. The seller chooses something else.")


def choices(session: Session, case: Case) -> Sequence[Listing]:
    """What this seller has on sale in the same name, newest first."""
    sold = case.order.listing
    mine = select(Listing).where(Listing.seller_id == case.seller_id, Listing.org_id.is_not_distinct_from(sold.org_id))
    free = mine.where(Listing.state == "published", Listing.item_id != replacing.thing_of(session, case.order))
    return session.scalars(free.order_by(Listing.id.desc()).limit(50)).all()


def choose(w: Work, case: Case, listing_id: str) -> None:
    """The seller chooses what the buyer gets instead; what was chosen before is on sale again. Chosen again, nothing changes.

    Raises Invalid at the field, Refused for anybody else and outside an accepted exchange."""
    only(w, case.seller_id)
    if case.kind != "exchange" or case.state not in CHOOSING:
        raise Refused("no_exchange", N_("Something is given instead only in an exchange that was accepted."))
    if case.replacement_id == listing_id:
        return
    listing = w.session.get(Listing, listing_id, with_for_update=True, populate_existing=True) if listing_id else None
    if listing is None:
        raise Invalid("replacement_missing", N_("Choose what the buyer gets instead."), field="replacement")
    if fault := _fault(w, case, listing):
        raise Invalid(fault, FAULTS[fault], field="replacement")
    if case.replacement_id is not None:
        let_go(w, case)
    replacing.keep(w, listing, case.buyer_id)
    case.replacement_id = listing.id
    say(w, case, "chosen", listing.title)
    w.record("market:exchange:chosen", case.id, listing=listing.id)
    tell(w, case, case.buyer_id, CHOSEN, title=listing.title)


def _fault(w: Work, case: Case, listing: Listing) -> str:
    order = order_of(w, case)
    mine = listing.seller_id == case.seller_id and listing.org_id == order.listing.org_id
    return rules.fault(
        mine=mine, same=listing.item_id == replacing.thing_of(w.session, order), state=listing.state,
        cleared=permit_for(w.session, listing.item_id) is not None, drawn=is_drawn(w.session, listing.item_id),
    )  # fmt: skip


def let_go(w: Work, case: Case) -> None:
    """The seller doesn't give it any more: it is on sale again. Said again, nothing changes."""
    only(w, case.seller_id)
    if case.state not in OPEN:
        raise Refused("case_over", N_("This case is over."))
    if case.replacement_id is not None and replacing.free(w, case.replacement_id):
        _dropped(w, case)


def _dropped(w: Work, case: Case) -> None:
    listing = unchosen(w, case)
    say(w, case, "let_go", listing.title)
    w.record("market:exchange:let_go", case.id, listing=listing.id)


def take(w: Work, case: Case, ticked: Sequence[str]) -> None:
    """The buyer has what was chosen, having ticked what is told of it: settled without money. Said again, nothing changes.

    Raises Invalid at a defect that wasn't ticked, Refused before the old one is back or anything was chosen."""
    only(w, case.buyer_id)
    if case.state == "settled" and case.replacement_id is not None:
        return
    if case.kind != "exchange" or case.state not in CHOOSING:
        raise Refused("no_exchange", N_("Something is given instead only in an exchange that was accepted."))
    if case.replacement_id is None:
        raise Refused("not_chosen", N_("The seller hasn't chosen yet what you get instead."))
    if case.state != "back":
        raise Refused("old_first", N_("First the seller says here that the old one is back."))
    replacing.give(w, order_of(w, case), case.replacement_id, case=(case.id, case.number), ticked=ticked)
    settle(w, case, "")


def drop(w: Work, event: ClearanceEnded | ItemFrozen | ItemHeld) -> None:
    """What was chosen may not change hands any more; its listing comes down by itself. What is being given is given."""
    kept = select(Case, Listing).join(Listing, Listing.id == Case.replacement_id)
    open_ones = kept.where(Listing.item_id == event.item_id, Listing.state != "sold", Case.state.in_(OPEN))
    for case, listing in w.session.execute(open_ones.with_for_update(of=Case)).all():
        _dropped(w, case)
        for person in sides(case):
            tell(w, case, person, DROPPED, title=listing.title)


def drop_of(w: Work, event: PersonSuspended) -> None:
    """Who is suspended gives nothing away: their listings are frozen."""
    theirs = select(Case).where(Case.seller_id == event.account_id, Case.replacement_id.is_not(None), Case.state.in_(OPEN))
    for case in w.session.scalars(theirs.with_for_update()).all():
        tell(w, case, case.buyer_id, DROPPED, title=w.session.get_one(Listing, case.replacement_id).title)
        _dropped(w, case)


def instead(session: Session, case: Case) -> Listing | None:
    """What was chosen, or given."""
    return session.get(Listing, case.replacement_id) if case.replacement_id else None

