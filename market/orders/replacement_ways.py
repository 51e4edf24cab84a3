"""How what is given in exchange gets to its buyer: as at a sale, checked in person against a receipt code, or by parcel."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ids, secrets
from core.errors import Invalid, Refused
from core.goods import custody
from core.goods.models import Item
from core.i18n import N_
from core.work import Work
from market.listings.models import Listing
from market.orders import actions, parcel, replacing, rules
from market.orders.models import Order
from market.orders.replacement_models import ReplacementWay

WAYS = {"meet": N_("In person: we meet, and I check it first"), "parcel": N_("By parcel")}
UNDER_WAY = N_("It is with the carrier already.")
AGREE_FIRST = N_("First the buyer reads what is told of it and says how they get it.")


def find_way(session: Session, case_id: str) -> ReplacementWay | None:
    """The one that is open now."""
    open_one = (ReplacementWay.case_id == case_id, ReplacementWay.ended_at.is_(None))
    return session.scalars(select(ReplacementWay).where(*open_one)).first()


def last_way(session: Session, case_id: str) -> ReplacementWay | None:
    """The open one, else the last that ended."""
    mine = select(ReplacementWay).where(ReplacementWay.case_id == case_id)
    return session.scalars(mine.order_by(ReplacementWay.id.desc())).first()


def ways_to_get(order: Order, listing: Listing) -> tuple[str, ...]:
    """meet always; parcel where the seller sends it, or sent what it replaces."""
    return ("meet", *(("parcel",) if listing.by_parcel or order.fulfilment == "parcel" else ()))


def agree(w: Work, order: Order, listing: Listing, case_id: str, *, way: str, ticked: Sequence[str]) -> ReplacementWay:
    """The buyer takes it on what is told of it, and says how they get it. Said again, nothing changes; said otherwise before it
    is sent or checked, that counts. Raises Invalid at the field, Refused once it is sent."""
    replacing.demand_ticks(w.session, listing, ticked)
    if way not in ways_to_get(order, listing):
        raise Invalid("way_unknown", N_("Choose how you get it."), field="way")
    row = find_way(w.session, case_id)
    if row is not None and row.sent_at is not None:
        raise Refused("sent_already", UNDER_WAY)
    if row is not None and row.way == way:
        return row
    end(w, case_id)
    row = ReplacementWay(
        id=ids.new_id(), order_id=order.id, case_id=case_id, listing_id=listing.id, way=way, ticked=list(ticked),
        agreed_at=w.now, sent_at=None, answers={}, checked_at=None, ended_at=None, erased_at=None,
        receipt_code=secrets.encrypt(ids.new_checked_code(), "receipt"),
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    return row


def get_way(w: Work, case_id: str, way: str) -> ReplacementWay:
    """Raises Refused before the buyer has agreed to it, and where they get it the other way."""
    row = find_way(w.session, case_id)
    if row is None or row.way != way:
        raise Refused("agree_first", AGREE_FIRST)
    return row


def give_address(w: Work, row: ReplacementWay, to: parcel.Address) -> None:
    """Raises Invalid at the field, Refused once it is sent."""
    if row.sent_at is not None:
        raise Refused("no_address_now", N_("An address can't be given or changed now."))
    row.to, row.masked = parcel.sealed(to)
    w.record("market:parcel:addressed", row.order_id)


def look_at_address(w: Work, row: ReplacementWay) -> parcel.Address:
    """The seller opens the whole address to write the label; each look is on record."""
    w.record("market:parcel:looked", row.order_id)
    return parcel.address_of(row)


def send(w: Work, row: ReplacementWay, item_id: str, carrier: str, tracking: str) -> bool:
    """It was given to the carrier. False where the same was said before. Raises Invalid at the field, Refused else."""
    if row.sent_at is not None:
        if parcel.sent_so(row, carrier, tracking):
            return False
        raise Refused("sent_already", UNDER_WAY)
    if not row.to:
        raise Refused("address_first", N_("The buyer hasn't said yet where it goes."))
    parcel.given_to_carrier(w, row, carrier, tracking)
    parcel.to_courier(w, item_id)
    w.record("market:parcel:sent", row.order_id, carrier=carrier)
    return True


def check(
    w: Work, row: ReplacementWay, item: Item, answers: Mapping[str, str], *, serial_tail: str = "", seal: str = ""
) -> bool:
    """Keep the buyer's answers; True when every one is yes. Raises Invalid at a field, Refused once it was answered otherwise."""
    if row.checked_at is not None and row.answers == dict(answers):
        return True
    if row.checked_at is not None:
        raise Refused("checked_already", N_("You have looked at it already; what you answered stands."))
    found = rules.check(actions.asked_of(w.session, item.id), answers)
    if found.missing:
        raise Invalid("answer_missing", actions.ANSWER_TOO, field=found.missing[0])
    actions.check_typed(w, item, answers, serial_tail, seal)
    row.answers, row.checked_at = dict(answers), w.now if found.passed else None
    w.record("market:order:checked", row.order_id, passed=found.passed, refused="+".join(found.refused) or "none")
    if found.ends_clearance and item.data_bearing:
        custody.raise_epoch(w, item, "seal_broken")
    w.session.flush()
    return found.passed


def demand_code(row: ReplacementWay, typed: str) -> None:
    """Raises Invalid for a wrong code (the page limits tries), Refused before the buyer has checked it."""
    if row.checked_at is None:
        raise Refused("check_first", N_("The buyer checks it first, on their phone."))
    if ids.parse_code(typed) != code_of(row):
        raise Invalid("receipt_code_wrong", N_("This isn't the receipt code of this exchange."), field="code")


def code_of(row: ReplacementWay) -> str:
    return secrets.decrypt(row.receipt_code, "receipt")


def is_sent(session: Session, case_id: str) -> bool:
    """Is what was chosen with the carrier now?"""
    row = find_way(session, case_id)
    return row is not None and row.sent_at is not None


def end(w: Work, case_id: str) -> None:
    """It is given, or isn't given any more."""
    row = find_way(w.session, case_id)
    if row is not None:
        row.ended_at = w.now
        w.session.flush()
