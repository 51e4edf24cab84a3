"""Orders that are sent: the buyer's address for this one order, the carrier and number, receipt. The label shows what it must."""

import json
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import ids, secrets
from core.errors import Invalid, NotFound, Refused
from core.goods import custody
from core.goods.models import Item
from core.i18n import N_
from core.ports import RetentionRow
from core.states import walk
from core.work import Work
from market.orders import actions, holds, sending
from market.orders import getting_rules as rules
from market.orders.getting_models import Parcel
from market.orders.models import Order
from market.orders.order_rules import AUTO_CONFIRM
from market.orders.queries import is_in_transit
from market.orders.replacement_models import ReplacementWay
from market.orders.states import ENDED, ORDER
from market.orders.telling import tell

RETENTION = RetentionRow(
    N_("Addresses of parcels"), 1, N_("the order or the exchange was closed or ended"),
    N_("Personal Information Protection Law, article 19: shortest time"), N_("erased"),
)  # fmt: skip


Sent = Parcel | ReplacementWay
"""What is sent with an address and a number: an order, or what is given in exchange in one."""


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    mobile: str
    address: str


def find_parcel(session: Session, order_id: str) -> Parcel | None:
    return session.scalars(select(Parcel).where(Parcel.order_id == order_id)).first()


def give_address(w: Work, order: Order, to: Address) -> Parcel:
    """The buyer says where it goes, for this order only. Raises Invalid at the field, Refused once it is sent."""
    if order.fulfilment != "parcel" or order.state not in ("awaiting_payment", "paid"):
        raise Refused("no_address_now", N_("An address can't be given or changed now."))
    whole, masked = sealed(to)
    row = find_parcel(w.session, order.id)
    if row is None:
        sending.allow_time(w, order)
        row = Parcel(id=ids.new_id(), order_id=order.id, given_at=w.now, to="", masked="", sent_at=None, erased_at=None)
        w.session.add(row)
    row.to, row.masked = whole, masked
    w.session.flush()
    w.record("market:parcel:addressed", order.id)
    return row


def sealed(to: Address) -> tuple[str, str]:
    """The address encrypted, and what pages and labels show of it. Raises Invalid at the field."""
    for field, value, most in (("name", to.name, 40), ("mobile", to.mobile, 20), ("address", to.address, 200)):
        if not 1 <= len(value.strip()) <= most:
            raise Invalid("address_part_missing", N_("Fill this in so that the parcel arrives."), field=field)
    if rules.mask_mobile(to.mobile) == "****":
        raise Invalid("mobile_unreadable", N_("This is not a phone number."), field="mobile")
    whole = json.dumps([to.name.strip(), to.mobile.strip(), to.address.strip()], ensure_ascii=False)
    return secrets.encrypt(whole, "parcel"), f"{rules.mask_name(to.name)} {rules.mask_mobile(to.mobile)}"


def address_of(row: Sent) -> Address:
    """For the person who packs it. Raises NotFound once it is erased."""
    if not row.to:
        raise NotFound()
    return Address(*json.loads(secrets.decrypt(row.to, "parcel")))


def personal_address(session: Session, order: Order, account_id: str) -> list[str]:
    """For the buyer's own export: where it goes or went, while it is kept."""
    row = find_parcel(session, order.id) if order.buyer_id == account_id else None
    return list(vars_of(address_of(row))) if row is not None and row.to else []


def personal_exchanges(session: Session, order: Order, account_id: str) -> list[list[str]]:
    """... and where what was given in exchange goes or went."""
    theirs = select(ReplacementWay).where(ReplacementWay.order_id == order.id, ReplacementWay.to != "")
    rows = session.scalars(theirs.order_by(ReplacementWay.id)) if order.buyer_id == account_id else ()
    return [list(vars_of(address_of(row))) for row in rows]


def vars_of(to: Address) -> tuple[str, str, str]:
    return to.name, to.mobile, to.address


NO_ADDRESS = (
    N_("There is no address to see: it comes with the payment and goes after the order."),
    N_("There is no address to see: it comes once it can be sent and goes after the order."),
)


def look_at_address(w: Work, order: Order) -> Address:
    """The seller opens the whole address to write the label; each look is on record."""
    row = find_parcel(w.session, order.id)
    if row is None or not (order.state == "shipped" or sending.can_be_sent(w.session, order)):
        raise Refused("no_address", NO_ADDRESS[order.is_free])
    w.record("market:parcel:looked", order.id)
    return address_of(row)


def ship(w: Work, order: Order, carrier: str, tracking: str) -> None:
    """It was given to the carrier: from now on ten days until it counts as received. Raises Invalid at the field, Refused: of a
    sale before it is paid, of a half of a swap before both halves stand."""
    row = find_parcel(w.session, order.id)
    if row is not None and row.sent_at is not None and sent_so(row, carrier, tracking):
        return  # sent again: it is on its way
    verb = sending.verb_of(order)
    ORDER.next(order.state, verb)
    if sending.waits_for_other(w.session, order, lock=True):
        raise Refused("other_half_open", N_("The other half of the swap isn't ordered yet. Send this one once both stand."))
    holds.refuse_short_hold(w, order, AUTO_CONFIRM)
    if row is None:
        raise Refused("address_first", N_("The buyer hasn't said yet where it goes."))
    given_to_carrier(w, row, carrier, tracking)
    walk(w, ORDER, order, verb, shipped_at=w.now)
    order.confirm_until = w.now + AUTO_CONFIRM
    to_courier(w, order.item_id)
    w.record("market:parcel:sent", order.id, carrier=carrier)
    tell(w, order, order.buyer_id, N_("“%(title)s” is on its way. Confirm when you have it."))


def given_to_carrier(w: Work, row: Sent, carrier: str, tracking: str) -> None:
    """With whom and under which number it was sent, now. Raises Invalid at the field."""
    if carrier not in rules.CARRIERS:
        raise Invalid("carrier_unknown", N_("Choose the carrier."), field="carrier")
    number = rules.tidy_tracking(tracking)
    if not number:
        raise Invalid(
            "tracking_unreadable", N_("Copy the tracking number from the receipt: 8 to 30 letters and digits."), field="tracking"
        )
    row.carrier, row.tracking, row.sent_at = carrier, secrets.encrypt(number, "tracking"), w.now
    row.tracking_masked = rules.mask_tracking(number)


def sent_so(row: Sent, carrier: str, tracking: str) -> bool:
    return row.carrier == carrier and tracking_of(row) == rules.tidy_tracking(tracking)


def to_courier(w: Work, item_id: str) -> None:
    """Out of a shop's hands it goes to its courier; a person's sealed bag stays in their custody until it arrives."""
    item, line = w.session.get_one(Item, item_id), custody.find_holder(w.session, item_id)
    if line is not None and line.holder_kind == "org":
        custody.move(w, item, holder_kind="org", holder_id=line.holder_id, place="courier", why="to_courier")


def confirm_receipt(w: Work, order: Order) -> None:
    """The buyer has it: the thing is theirs. Said again, nothing changes. Raises Refused in another state."""
    if order.received_at is not None:
        return
    if is_in_transit(order) and order.state != "shipped":
        raise Refused("say_in_case", N_("You said that it hasn't come. Open that case and say there that it has."))
    ORDER.next(order.state, "receive")
    actions.deliver(w, order)
    actions.receive(w, order)
    tell(w, order, order.seller_id, N_("“%(title)s” has arrived: the buyer confirmed it."))


def tracking_of(row: Sent) -> str:
    return secrets.decrypt(row.tracking, "tracking") if row.tracking else ""


def erase_old(w: Work) -> None:
    """Addresses go a month after the order has ended or closed; what was sent how stays."""
    query = select(Parcel, Order).join(Order, Order.id == Parcel.order_id)
    query = query.where(Parcel.erased_at.is_(None), Order.state.in_(("completed", *ENDED)))
    for row, order in w.session.execute(query.limit(200)):
        if max(order.completed_at or order.created_at, order.created_at) + rules.KEEP_ADDRESS < w.now:
            _erase(w, row, order.id)
    late = select(ReplacementWay).where(ReplacementWay.erased_at.is_(None), ReplacementWay.ended_at < w.now - rules.KEEP_ADDRESS)
    for way in w.session.scalars(late.limit(200)):
        _erase(w, way, way.order_id)


def _erase(w: Work, row: Sent, order_id: str) -> None:
    row.to, row.masked, row.erased_at = "", "", w.now
    w.record("market:parcel:erased", order_id)
