"""Giving a thing back to who brought it: with the paper compared, into their hands, with its numbers free again."""

from sqlalchemy import update

from core.errors import Invalid, Refused
from core.goods import custody
from core.goods.models import Identifier
from core.i18n import N_
from core.people.acting import demand_role
from core.people.notices import notify
from core.work import Work
from market.channels.consignment.actions import STAFF
from market.channels.consignment.goods.following import locked
from market.channels.consignment.goods.models import StockItem
from market.channels.consignment.goods.opening import not_own
from market.channels.consignment.goods.stepping import step
from market.channels.consignment.queries import live_delegates

GIVER = "giver"
GIVEN_BACK = N_("“%(title)s” was given back (%(number)s). If that wasn't you or your delegate, tell the shop.")


def give_back(w: Work, stock: StockItem, to: str, seen: bool) -> None:
    """`to`: "giver" or a delegate's id. Raises Invalid at the field, Refused for the shop's own stock and for what is reserved.
    What can hold data leaves without a seal: its clearance ends."""
    demand_role(w, stock.org_id, *STAFF)
    stock = locked(w, stock.id)
    file = stock.consignor
    not_own(w, file)
    if file is None:
        raise Refused("own_stock", N_("This is the shop's own: there is nobody to give it back to."))
    if to != GIVER and to not in {one.id for one in live_delegates(w.session, file.id) if one.goods}:
        raise Invalid("to_missing", N_("Choose who collects it."), field="to")
    if not seen:
        raise Invalid("paper_not_seen", N_("Compare the paper with the file first: goods go to nobody else."), field="seen")
    went = "giver" if to == GIVER else "delegate"
    step(w, stock, "give_back", "given_back", also={"ended_at": w.now, "went": went, "asking_minor": None}, to=to)
    item = custody.locked(w, stock.item_id)
    custody.move(w, item, holder_kind="person", holder_id=file.account_id or stock.org_id, place="owner", why="released_unsealed")
    if file.account_id:
        item.owner_id = file.account_id
        notify(
            w, file.account_id, GIVEN_BACK, f"/consignments/goods/{stock.id}", title=stock.title, number=stock.number
        )  # fmt: skip
    else:  # nobody's account has it: its numbers are free, so that its owner can register it some day
        w.session.execute(update(Identifier).where(Identifier.item_id == item.id).values(live=False))
