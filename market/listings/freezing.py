"""What freezes a listing, and how it comes back when its thing is free again: as it was, unless something else holds it, too."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit import AuditLine
from core.errors import Refused
from core.i18n import N_
from core.people.models import Account
from core.people.notices import notify
from core.ports import ItemFrozen, ItemUnfrozen, PersonSuspended
from core.states import walk
from core.work import Work
from market.listings import actions
from market.listings.models import Listing, Report
from market.listings.on_the_way import is_on_its_way
from market.listings.states import LISTING, LIVE, OPEN
from privacy.clearance.permit import Cleared, Permit
from privacy.clearance.queries import find_clearance

FROZEN: Final = "market:listing:frozen"
# from a draft, which a release makes of it, to where it was; what was on sale is published anew, with all that is asked then
WAYS: Final = {"waiting_wipe": ("wait",), "paused": ("publish", "pause"), "expired": ("publish", "expire")}
ON_SALE = N_("“%(title)s” isn't frozen any more: it is on sale again.")
AS_BEFORE = N_("“%(title)s” isn't frozen any more: it is where it was before.")
A_DRAFT = N_("“%(title)s” is free again. Publish it when you like.")


def freeze(w: Work, event: ItemFrozen) -> None:
    for listing in actions.open_listings(w, event.item_id, [s for s in OPEN if s != "frozen"]):
        if not is_on_its_way(w.session, listing.id):
            _freeze(w, listing, event.why)


def _freeze(w: Work, listing: Listing, why: str) -> None:
    """The log keeps why, and where it was: there it goes back to (`thaw`)."""
    was = listing.state
    walk(w, LISTING, listing, "freeze")
    w.record(FROZEN, listing.id, why=why, was=was)
    actions.reindex(w, listing)


def suspend_seller(w: Work, event: PersonSuspended) -> None:
    """A suspended person sells nothing: what is on sale is frozen. What they have sent already arrives."""
    query = select(Listing).where(Listing.seller_id == event.account_id, Listing.state.in_(LIVE)).with_for_update()
    for listing in list(w.session.scalars(query)):
        if not is_on_its_way(w.session, listing.id):
            _freeze(w, listing, event.why)


def thaw(w: Work, event: ItemUnfrozen) -> None:
    """Only what the freeze of its thing took down: a report that was upheld, or a seller who is suspended, holds it by itself."""
    for listing in actions.open_listings(w, event.item_id, ("frozen",)):
        was = _was(w.session, listing, event.froze)
        if was:
            walk(w, LISTING, listing, "unfreeze")
            w.record("market:listing:unfrozen", listing.id, froze=event.froze)
            sentence = _come_back(w, listing, was)
            notify(w, listing.seller_id, sentence, f"/listings/{listing.id}", title=listing.title)
            actions.reindex(w, listing)


def _was(session: Session, listing: Listing, froze: str) -> str:
    """Its state before its thing was frozen, by the log: a listing itself only keeps where it is. "" where it stays frozen."""
    lines = select(AuditLine).where(AuditLine.subject == listing.id, AuditLine.word == FROZEN)
    last = session.scalars(lines.order_by(AuditLine.line_no.desc()).limit(1)).first()
    if last is None or last.facts.get("why") != froze or session.get_one(Account, listing.seller_id).state != "active":
        return ""
    upheld = select(Report.id).where(Report.listing_id == listing.id, Report.state == "upheld", Report.handled_at >= last.at)
    return "" if session.scalars(upheld.limit(1)).first() else str(last.facts["was"])


def _come_back(w: Work, listing: Listing, was: str) -> str:
    """Take it from the draft to where it was, as far as that may be now. Returns what its seller is told."""
    permit = find_clearance(w.session, listing.item_id, w.now)
    if was in LIVE and permit is None:
        was = "waiting_wipe"
    if was in ("published", "reserved") and permit is not None:
        return ON_SALE if _published(w, listing, permit) else A_DRAFT
    if isinstance(permit, Cleared):
        listing.clearance_id, listing.epoch = permit.clearance_id, permit.epoch
    for verb in WAYS.get(was, ()):
        walk(w, LISTING, listing, verb)
    return AS_BEFORE if was in WAYS else A_DRAFT


def _published(w: Work, listing: Listing, permit: Permit) -> bool:
    """What may not be sold for another reason stays a draft; publishing it says why."""
    try:
        return actions.publish(w, listing, permit)
    except Refused:
        return False
