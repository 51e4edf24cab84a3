"""Staff move a device: between bench, shelf, appraiser, courier and points a clearance goes on; out of hands it ends."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Invalid, Refused
from core.goods import custody
from core.goods.custody import locked
from core.goods.models import CustodyLine
from core.i18n import N_
from core.people.acting import demand_role
from core.people.models import Organisation
from core.work import Work
from privacy.wipes import people

DESTINATIONS: Final = {
    "counter": N_("To the counter"),
    "bench": N_("To the wiping bench"),
    "shelf": N_("To the shelf"),
    "appraiser": N_("To the appraiser"),
    "courier": N_("To the courier"),
}
_WHY = {"bench": "to_bench", "shelf": "to_shelf", "appraiser": "to_appraiser", "courier": "to_courier"}


def hand_on(w: Work, item_id: str, *, place: str, org_id: str) -> CustodyLine:
    """Move a device that staff hold (or that comes back in its sealed bag) to a place of an approved organisation."""
    item = locked(w, item_id)
    before = _demand_keeper(w, item_id)
    if place not in DESTINATIONS:
        raise Invalid("place_missing", N_("Please choose one of the answers offered."), field="place")
    org = w.session.get(Organisation, org_id)
    if org is None or org.state != "approved":
        raise Invalid("org_missing", N_("Choose an approved organisation."), field="org")
    from_here = before.holder_kind == "org" and before.holder_id == org_id
    why = _WHY.get(place) or ("taken_in" if from_here or before.holder_kind == "person" else "to_point")
    return custody.move(w, item, holder_kind="org", holder_id=org_id, place=place, why=why)


def hand_back(w: Work, item_id: str) -> CustodyLine:
    """Give it back to its owner without a seal: the custody epoch rises, and a clearance or a wipe under way ends."""
    item = locked(w, item_id)
    _demand_keeper(w, item_id)
    return custody.move(w, item, holder_kind="person", holder_id=item.owner_id, place="owner", why="released_unsealed")


def _demand_keeper(w: Work, item_id: str) -> CustodyLine:
    line = custody.find_holder(w.session, item_id)
    if line is None or (line.holder_kind == "person" and line.place != "sealed_bag"):
        raise Refused("with_its_owner", N_("It isn't in anybody's keeping here: take it in at the counter first."))
    demand_role(w, line.holder_id if line.holder_kind == "org" else None, *people.STAFF)
    return line


def approved_organisations(session: Session) -> list[Organisation]:
    """Every approved shop, agency and community station: where a device may go."""
    kinds = ("shop", "agency", "community")
    query = select(Organisation).where(Organisation.state == "approved", Organisation.kind.in_(kinds))
    return list(session.scalars(query.order_by(Organisation.name)))
