"""Where and when they meet: one proposes, the other agrees or proposes something else. Shops and community points come first."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ids
from core.errors import Invalid, Refused
from core.i18n import N_
from core.people.acting import acting_as
from core.people.models import Organisation
from core.states import State, StateTable, walk
from core.work import Work
from market.listings.blocking import refuse_blocked
from market.orders import getting_rules as rules
from market.orders.getting_models import Meeting
from market.orders.models import Order
from market.orders.telling import tell

OPEN = ("created", "awaiting_payment", "checked", "paid")
MEETING = StateTable(
    "meeting",
    {
        "proposed": State(N_("Proposed"), "info", N_("The other side agrees or proposes something else.")),
        "agreed": State(N_("Agreed"), "good", N_("Place and time are agreed.")),
        "declined": State(N_("Declined"), "neutral", N_("It doesn't suit.")),
        "replaced": State(N_("Replaced"), "neutral", N_("Another proposal took its place.")),
    },
    {
        ("proposed", "agree"): "agreed", ("proposed", "decline"): "declined", ("proposed", "replace"): "replaced",
        ("agreed", "replace"): "replaced",
    },
)  # fmt: skip
_FAULTS = {
    "too_soon": N_("Choose a time at least a quarter of an hour from now."),
    "too_late": N_("Choose a time within the next two weeks."),
}


def safe_points(session: Session, district: str) -> Sequence[Organisation]:
    """Shops and community stations that are approved here, those of the district first."""
    query = select(Organisation).where(Organisation.state == "approved", Organisation.kind.in_(("shop", "community", "agency")))
    found = session.scalars(query.order_by(Organisation.name)).all()
    return sorted(found, key=lambda one: (one.district != district, one.name))[:20]


def meetings(session: Session, order_id: str) -> Sequence[Meeting]:
    return session.scalars(select(Meeting).where(Meeting.order_id == order_id).order_by(Meeting.id.desc())).all()


def propose(w: Work, order: Order, *, org_id: str | None, place: str, meet_at: datetime) -> Meeting:
    """Propose a place and time; an earlier proposal is replaced. Raises Invalid at the field, Refused in another state."""
    _open(order)
    if order.contract_at is None:  # while it is only reserved nothing binds, and a block ends the talk
        refuse_blocked(w.session, order.buyer_id, order.seller_id)
    fault = rules.meeting_fault(meet_at, w.now)
    if fault:
        raise Invalid(f"meeting_{fault}", _FAULTS[fault], field="meet_at")
    if org_id is not None and w.session.get(Organisation, org_id) is None:
        raise Invalid("place_unknown", N_("Choose a place from the list, or write one."), field="point")
    if org_id is None and not place.strip():
        raise Invalid("place_missing", N_("Choose a place from the list, or write one."), field="place")
    place, me = "" if org_id else place.strip()[:120], acting_as(w, order.buyer_id, order.seller_id)
    for one in meetings(w.session, order.id):
        if one.state == "proposed":
            if (one.by_id, one.org_id, one.place, one.meet_at) == (me, org_id, place, meet_at):
                return one  # sent again
            walk(w, MEETING, one, "replace", answered_at=w.now)
    row = Meeting(
        id=ids.new_id(), order_id=order.id, by_id=me, org_id=org_id, place=place,
        meet_at=meet_at, at=w.now, answered_at=None,
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.record("market:meeting:proposed", order.id, meeting=row.id)
    tell(
        w,
        order,
        _other(w, order),
        N_("A place and time to meet for “%(title)s” were proposed. Agree, or propose something else."),
    )
    return row


def answer(w: Work, order: Order, row: Meeting, agreed: bool) -> None:
    """The other side agrees or not; agreeing keeps the reservation until a day after the meeting. Raises Refused."""
    me = acting_as(w, order.buyer_id, order.seller_id)
    if row.by_id != me and row.state == ("agreed" if agreed else "declined"):
        return  # said again
    _open(order)
    if row.state != "proposed" or row.by_id == me:
        raise Refused(
            "meeting_answered", N_("There is nothing to answer: it was answered or replaced, or it is your own proposal.")
        )
    for one in meetings(w.session, order.id):
        if agreed and one.state == "agreed":
            walk(w, MEETING, one, "replace")
    walk(w, MEETING, row, "agree" if agreed else "decline", answered_at=w.now)
    if agreed:
        order.reserved_until = rules.reserved_until(order.reserved_until, row.meet_at)
    w.record("market:meeting:answered", order.id, meeting=row.id, agreed=agreed)
    sentence = (
        N_("You meet for “%(title)s”: place and time are agreed.") if agreed
        else N_("The proposed meeting for “%(title)s” doesn't suit. Propose something else.")
    )  # fmt: skip
    tell(w, order, row.by_id, sentence)


def _open(order: Order) -> None:
    if order.state not in OPEN or order.fulfilment == "parcel":
        raise Refused("no_meeting_now", N_("There is no meeting to agree on now."))


def _other(w: Work, order: Order) -> str:
    return order.seller_id if acting_as(w, order.buyer_id, order.seller_id) == order.buyer_id else order.buyer_id
