"""Writing a line to the other side: what leads away from the market is shown to its sender first, and marked for the receiver.

Nothing is held back: whoever sends it all the same, sends it. Contact details are no matter once an order stands between the two,
who have to find each other; paying past the market always is (anti-fraud law 22, 25: warn people where it happens)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import ids
from core.errors import NotFound, Refused
from core.i18n import N_
from core.people.acting import acting_as
from core.people.models import Account
from core.people.notices import notify, read_about
from core.work import Work
from market.listings import blocking, queries
from market.listings.away.rules import CONTACT, PAYMENT, Found, found_in
from market.listings.models import Listing, Message

LEFT = N_("This person has closed the account and can't read it any more.")


@dataclass(frozen=True, slots=True)
class Talk:
    """One buyer's conversation about one listing. The seller sees it too; nobody else does."""

    listing: Listing
    buyer_id: str
    seller_id: str

    def other(self, me: str) -> str:
        return self.seller_id if me == self.buyer_id else self.buyer_id


class LeadsAway(Refused):
    """Something in it leads away from the market: its sender looks at it once before it goes. `found`: what, and where."""

    status = 422

    def __init__(self, found: Sequence[Found]) -> None:
        super().__init__("leads_away", N_("Nothing was sent yet: look at what it says once more."), field="body")
        self.found = found


def get_talk(session: Session, listing_id: str, buyer_id: str) -> Talk:
    listing = queries.get_listing(session, listing_id)
    if session.get(Account, buyer_id) is None or buyer_id == listing.seller_id:
        raise NotFound()
    return Talk(listing, buyer_id, listing.seller_id)


def path_of(listing_id: str, buyer_id: str) -> str:
    return f"/listings/{listing_id}/talk/{buyer_id}"


def why_closed(session: Session, talk: Talk, me: str) -> str:
    """Why `me` can't write here (English for gettext), or "". A block waits while an order stands between the two."""
    other = talk.other(me)
    if session.get_one(Account, other).state == "closed":
        return LEFT
    why = blocking.why_closed(session, me, other)
    return "" if not why or blocking.deal_stands(session, me, other) else why


def warned_of(found: Sequence[Found], *, stands: bool) -> list[Found]:
    """Of what was found: what people are warned of. With an order standing, contact details are needed."""
    return [one for one in found if one.kind in PAYMENT or (one.kind in CONTACT and not stands)]


def say(w: Work, talk: Talk, body: str, *, sure: bool = True, own: frozenset[str] = frozenset()) -> Message:
    """Write a line; the other side is told. `own`: host names of this house.

    Raises LeadsAway where something should be looked at first and the sender isn't `sure`; Refused when the other side has left
    the market, or one of the two has blocked the other."""
    me = acting_as(w, talk.buyer_id, talk.seller_id)
    to = talk.other(me)
    why = why_closed(w.session, talk, me)
    if why:
        raise Refused("talk_closed", why, field="body")
    warned = warned_of(found_in(body, own), stands=blocking.deal_stands(w.session, me, to))
    if warned and not sure:
        raise LeadsAway(warned)
    message = Message(
        id=ids.new_id(), listing_id=talk.listing.id, buyer_id=talk.buyer_id, author_id=me, body=body, warned=bool(warned),
        found=sorted({one.kind for one in warned}), at=w.now, read_at=None,
    )  # fmt: skip
    w.session.add(message)
    link, title = path_of(talk.listing.id, talk.buyer_id), talk.listing.title
    if me != w.actor.id:  # the buyer reads the shop's name; the log says who of its people wrote
        w.record("market:talk:answered", talk.listing.id, message=message.id, house=me)
    notify(w, to, N_("A message about “%(title)s”"), link, kind="messages", title=title)
    return message


def mark_read(w: Work, talk: Talk) -> None:
    """The person of this Work, or the house for which they act, has read what the other side wrote, and the notices of it."""
    me, listing_id, buyer_id = acting_as(w, talk.buyer_id, talk.seller_id), talk.listing.id, talk.buyer_id
    theirs = (Message.listing_id == listing_id, Message.buyer_id == buyer_id, Message.author_id != me)
    w.session.execute(update(Message).where(*theirs, Message.read_at.is_(None)).values(read_at=w.now))
    read_about(w, w.actor.id, path_of(listing_id, buyer_id))
