"""A thing gets out of recorded custody: for repair, as a loan, returned by a buyer, or home without a seal. The epoch rises in
this very transaction: the clearance ends and its listing comes down with it."""

from core import ids
from core.errors import Forbidden, Invalid, Refused
from core.goods import custody
from core.goods.custody import locked
from core.goods.models import CustodyLine, Item
from core.i18n import N_
from core.people.acting import demand_role
from core.people.models import Account
from core.work import Work
from privacy.devices.departures import OWNERS, REASONS, reason_known
from privacy.devices.models import Departure
from privacy.wipes import people

__all__ = ["REASONS", "let_go"]
NOT_HERE = N_("It isn't in anybody's keeping here: take it in at the counter first.")


def let_go(w: Work, item_id: str, *, what: str, reason: str, org_id: str = "") -> Departure:
    """Say how it left its custody, and why. `org_id`: which point takes a returned thing in, where none holds it already.

    Raises Invalid without a reason of that way, Forbidden for who doesn't keep it, Refused for what is away already or in
    nobody's keeping."""
    if not reason_known(what, reason):
        raise Invalid("reason_missing", N_("Please choose a reason."), field="reason")
    item = locked(w, item_id)
    if item.state == "scrapped":
        raise Refused("scrapped", N_("It was scrapped for good."))
    before = custody.find_holder(w.session, item_id)
    if before is None:
        raise Refused("with_its_owner", NOT_HERE)
    if before.why in custody.AWAY and what != "returned":
        raise Refused("away_already", N_("It is away already. Take it back in first."))
    if what == "released_unsealed" and w.session.get_one(Account, item.owner_id).house:
        raise Refused("give_back", N_("A shop keeps it in its stock: it is given back there, where the paper is compared."))
    line = _moved(w, item, before, what, org_id)
    row = Departure(id=ids.new_id(), item_id=item.id, line_id=line.id, what=what, reason=reason, by=w.actor.id, at=w.now)
    w.session.add(row)
    w.session.flush()
    w.record("privacy:custody:let_go", item.id, what=what, reason=reason, epoch=item.epoch)
    return row


def _moved(w: Work, item: Item, before: CustodyLine, what: str, org_id: str) -> CustodyLine:
    if what == "returned":
        return _taken_back(w, item, before, org_id)
    if before.holder_kind == "org":
        demand_role(w, before.holder_id, *people.STAFF)
    elif item.owner_id != w.actor.id or what not in OWNERS:
        raise Forbidden()
    if what == "released_unsealed" or before.holder_kind == "person":
        return custody.move(w, item, holder_kind="person", holder_id=item.owner_id, place="owner", why=what)
    return custody.move(w, item, holder_kind="org", holder_id=before.holder_id, place=before.place, why=what)


def _taken_back(w: Work, item: Item, before: CustodyLine, org_id: str) -> CustodyLine:
    """At the counter of the point that holds it, or that the buyer brought it to."""
    if before.holder_kind == "person" and before.place != "buyer":
        raise Refused("with_its_owner", NOT_HERE)
    org = before.holder_id if before.holder_kind == "org" else org_id
    demand_role(w, org or None, *(people.STAFF if before.holder_kind == "org" else people.COUNTER))
    if not org:
        raise Invalid("org_missing", N_("Choose an approved organisation."), field="org")
    return custody.move(w, item, holder_kind="org", holder_id=org, place="counter", why="returned")
