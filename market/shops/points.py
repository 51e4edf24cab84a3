"""A manager opens a point, changes what it says, pauses, closes and opens it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from core import ids
from core.errors import Invalid, Refused
from core.goods.districts import find_district
from core.i18n import N_
from core.people.acting import demand_role
from core.people.models import Organisation
from core.people.notices import notify
from core.ports import happened
from core.slot_rules import kept_hours
from core.states import walk
from core.work import Work
from market.shops import queries, rules, standing
from market.shops.events import PointClosed
from market.shops.models import ShopPoint
from market.shops.states import POINT

CHOOSE = N_("Choose one of the answers offered.")
NAME_TAKEN = N_("Another point of this shop is called so already.")
TOLD = {
    "pause": N_("%(point)s of %(shop)s takes no goods for the moment."),
    "close": N_("%(point)s of %(shop)s is closed."),
    "resume": N_("%(point)s of %(shop)s takes goods again."),
    "reopen": N_("%(point)s of %(shop)s is open again."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A point as it was typed. `hours`: {weekday 0-6: text}; `position`: see rules.read_position."""

    kind: str
    name: str
    site: str
    district: str
    address: str
    hours: Mapping[int, str]
    name_en: str = ""
    zone_name: str = ""
    estate: str = ""
    position: str = ""
    closed: Sequence[date] = ()
    note: str = ""


def open_point(w: Work, org_id: str, told: Told) -> ShopPoint:
    """Raises Invalid at a field, Refused while the shop's end is announced or has come, or with too many points."""
    demand_role(w, org_id, *queries.MANAGERS)
    org = w.session.get_one(Organisation, org_id, with_for_update=True)
    _refuse_ending(w, org_id)
    if (w.session.scalar(select(func.count(ShopPoint.id)).where(ShopPoint.org_id == org_id)) or 0) >= rules.MOST_POINTS:
        raise Refused("too_many_points", N_("This shop has as many points as it can have. Change one that is closed."))
    row = ShopPoint(id=ids.new_id(), org_id=org_id, made_at=w.now, **_checked(w, org_id, "", told))
    w.put(row)
    w.record("market:shop_point:opened", row.id, org=org_id, kind=row.kind, site=row.site, district=row.district)
    for account_id in queries.followers(w.session, org_id):
        notify(
            w, account_id, N_("%(shop)s has a new point: %(point)s."), f"/shops/{org_id}", kind="favourites",
            shop=org.name, point=row.name,
        )  # fmt: skip
    return row


def change_point(w: Work, row: ShopPoint, told: Told) -> None:
    """Raises Invalid at a field."""
    demand_role(w, row.org_id, *queries.MANAGERS)
    for name, value in _checked(w, row.org_id, row.id, told).items():
        setattr(row, name, value)
    w.session.flush()
    w.record("market:shop_point:changed", row.id, org=row.org_id)


def move_point(w: Work, row: ShopPoint, verb: str) -> None:
    """`verb`: pause, resume, close, reopen. Raises Refused when it isn't in that state, or the shop ends."""
    demand_role(w, row.org_id, *queries.MANAGERS)
    if verb == "reopen":
        _refuse_ending(w, row.org_id)
        _demand_free_name(w, row.org_id, row.id, row.name)
    follow(w, row, verb)


def follow(w: Work, row: ShopPoint, verb: str, *, told: bool = True) -> None:
    """The step itself, also for the clockwork. `told`: do followers hear of it?"""
    state = walk(w, POINT, row, verb)
    w.record("market:shop_point:moved", row.id, org=row.org_id, state=state)
    if state == "closed":
        happened(w, PointClosed(row.org_id, row.id))
    org = w.session.get_one(Organisation, row.org_id)
    for account_id in queries.followers(w.session, row.org_id) if told else ():
        notify(w, account_id, TOLD[verb], f"/shops/{row.org_id}", kind="favourites", point=row.name, shop=org.name)


def _refuse_ending(w: Work, org_id: str) -> None:
    closing = standing.find_closing(w.session, org_id)
    if closing is not None:
        code = "shop_ended" if closing.state == "ended" else "shop_ends"
        raise Refused(code, N_("The shop's end is announced or has come: no point is opened. Call the end off first."))


def _checked(w: Work, org_id: str, point_id: str, told: Told) -> dict[str, object]:
    if told.kind not in rules.KINDS:
        raise Invalid("kind_missing", CHOOSE, field="kind")
    if told.site not in rules.SITES:
        raise Invalid("site_missing", CHOOSE, field="site")
    if find_district(told.district) is None:
        raise Invalid("district_missing", CHOOSE, field="district")
    name, zone = " ".join(told.name.split()), " ".join(told.zone_name.split())
    if not 2 <= len(name) <= 60:
        raise Invalid("name_missing", N_("Give it a name of 2 to 60 signs by which people find it."), field="name")
    if told.kind == "zone" and not zone:
        raise Invalid("zone_missing", N_("Say what the zone is called in your shop."), field="zone_name")
    if not 4 <= len(told.address.strip()) <= 120:
        raise Invalid("address_missing", N_("Write where it is, with street and number."), field="address")
    _demand_free_name(w, org_id, point_id, name)
    position = rules.read_position(told.position)
    hours = kept_hours(told.hours)
    if not hours:
        raise Invalid("hours_missing", N_("Say on at least one weekday when it is open."), field="day_0")
    estate = " ".join(told.estate.split())
    return {
        "kind": told.kind, "zone_name": zone if told.kind == "zone" else "", "name": name, "name_en": told.name_en.strip(),
        "site": told.site, "district": told.district, "address": told.address.strip(), "estate": estate,
        "estate_key": rules.estate_key(estate), "latitude": position.latitude if position else None,
        "longitude": position.longitude if position else None, "hours": hours,
        "closed": sorted({day.isoformat() for day in told.closed}), "note": told.note.strip(), "changed_by": w.actor.id,
        "changed_at": w.now,
    }  # fmt: skip


def _demand_free_name(w: Work, org_id: str, point_id: str, name: str) -> None:
    query = select(ShopPoint.id).where(ShopPoint.org_id == org_id, ShopPoint.name == name, ShopPoint.state != "closed")
    if w.session.scalars(query.where(ShopPoint.id != point_id)).first() is not None:
        raise Invalid("name_taken", NAME_TAKEN, field="name")
