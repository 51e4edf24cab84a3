"""An exchange: the seller chooses what the buyer gets instead, and it is kept for them (how they get it: handing.py)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Invalid, Refused
from core.i18n import N_
from core.ports import ClearanceEnded, ItemFrozen, ItemHeld, PersonSuspended
from core.work import Work
from market.aftersales import exchange_rules as rules
from market.aftersales.case_rules import REFUND
from market.aftersales.closing import unchosen
from market.aftersales.models import Case
from market.aftersales.saying import only, order_of, say, sides, tell
from market.aftersales.states import OPEN
from market.listings.models import Listing
from market.listings.proof import is_drawn, permit_for
from market.orders import replacement_ways, replacing

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
CHOSEN = N_("Case %(number)s: you get “%(title)s” instead. Look at what is told of it, and say how you get it.")
ON_ITS_WAY = N_("It is with the carrier already. If it comes back to you, ask for mediation.")
DROPPED_ON_ITS_WAY = N_(
    "Case %(number)s: “%(title)s” is on its way, and can't be given any more. When it comes, it goes back to the seller, who "
    "chooses something else."
)
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
    only(w, case, case.seller_id)
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
    only(w, case, case.seller_id)
    if case.state not in OPEN:
        raise Refused("case_over", N_("This case is over."))
    if case.replacement_id is None:
        return
    if replacement_ways.is_sent(w.session, case.id):
        raise Refused("sent_already", ON_ITS_WAY)
    if replacing.free(w, case.replacement_id):
        _dropped(w, case)


def _dropped(w: Work, case: Case) -> None:
    listing = unchosen(w, case)
    if case.state == "back":  # the days of a parcel are over with it: the seller has as long to choose again as before
        case.due_at = w.now + REFUND
    say(w, case, "let_go", listing.title)
    w.record("market:exchange:let_go", case.id, listing=listing.id)


def drop(w: Work, event: ClearanceEnded | ItemFrozen | ItemHeld) -> None:
    """What was chosen may not change hands any more; its listing comes down by itself. What is being given is given."""
    kept = select(Case, Listing).join(Listing, Listing.id == Case.replacement_id)
    open_ones = kept.where(Listing.item_id == event.item_id, Listing.state != "sold", Case.state.in_(OPEN))
    for case, listing in w.session.execute(open_ones.with_for_update(of=Case)).all():
        sentence = _dropped_words(w, case)
        _dropped(w, case)
        for person in sides(case):
            tell(w, case, person, sentence, title=listing.title)


def _dropped_words(w: Work, case: Case) -> str:
    return DROPPED_ON_ITS_WAY if replacement_ways.is_sent(w.session, case.id) else DROPPED


def drop_of(w: Work, event: PersonSuspended) -> None:
    """Who is suspended gives nothing away: their listings are frozen."""
    theirs = select(Case).where(Case.seller_id == event.account_id, Case.replacement_id.is_not(None), Case.state.in_(OPEN))
    for case in w.session.scalars(theirs.with_for_update()).all():
        tell(w, case, case.buyer_id, _dropped_words(w, case), title=w.session.get_one(Listing, case.replacement_id).title)
        _dropped(w, case)


def instead(session: Session, case: Case) -> Listing | None:
    """What was chosen, or given."""
    return session.get(Listing, case.replacement_id) if case.replacement_id else None

