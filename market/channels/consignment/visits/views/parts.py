"""What the pages of visits share: a visit, its list and a desk as people read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import g
from flask_babel import gettext as _

from core.access import visitor
from core.clock import LOCAL_ZONE, local, now
from core.goods.cards import all_cards, find_card
from core.goods.describe import category_name
from core.goods.districts import district_name
from core.i18n import listed
from core.money import CNY, Money, format_money
from core.people.names import shown_name, shown_org
from core.slot_rules import DAYS
from core.states import Tone
from core.when import day_words, hours_words, slot_words
from market.channels.consignment.models import Consignor
from market.channels.consignment.visits import queries, rules
from market.channels.consignment.visits.models import Visit, VisitDesk
from market.channels.consignment.visits.rules import Thing
from market.channels.consignment.visits.states import VISIT
from market.shops.models import ShopPoint


def yuan(minor: int) -> str:
    return format_money(Money(minor, CNY), g.language)


def point_name(point: ShopPoint) -> str:
    return point.name_en if g.language == "en" and point.name_en else point.name


def holds_data(category: str) -> bool:
    card = find_card(category)
    return card is not None and card.data_bearing


def data_kinds() -> str:
    """The kinds that can hold data, in words."""
    return listed((category_name(card.code, g.language) for card in all_cards() if card.data_bearing), g.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingShown:
    """`wish`: for one piece, "" where it was left open."""

    kind: str
    name: str
    pieces: int
    wish: str
    icon: str
    data: bool


def shown_thing(one: Thing) -> ThingShown:
    card = find_card(one.category)
    return ThingShown(
        kind=category_name(one.category, g.language), name=one.name, pieces=one.pieces,
        wish="" if one.wish is None else yuan(one.wish), icon=card.icon if card else "box", data=holds_data(one.category),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitShown:
    """`state`: (word, tone); `name`, `contact`: of who comes, as the shop reads them; `file`: (number, address) or None where
    it is the first visit; `wish`: of all pieces, "" where every price was left open; `data`: can something of it hold data;
    `why`: how it ended when it didn't take place; `erased`: was all of this destroyed? `here`: can its things be
    taken in now: on its day or later, and not called off?"""

    id: str
    number: str
    code: str
    state: tuple[str, Tone]
    help: str
    when: str
    time: str
    shop: str
    shop_id: str
    point: str
    point_id: str
    where: str
    name: str
    contact: str
    file: tuple[str, str] | None
    by_shop: bool
    outside: bool
    things: Sequence[ThingShown]
    pieces: int
    wish: str
    data: bool
    why: str
    erased: bool
    here: bool


def shown_visits(rows: Sequence[Visit], *, staff: bool) -> list[VisitShown]:
    """`staff`: with who comes and their file, for the shop's counter."""
    files = queries.files_of(g.db, rows) if staff else {}
    contacts = queries.contacts_of(g.db, {one.account_id for one in rows if one.account_id}) if staff else {}
    return [_shown(one, files.get(one.id), contacts, staff=staff) for one in rows]


def shown_visit(row: Visit, *, staff: bool) -> VisitShown:
    return shown_visits([row], staff=staff)[0]


def _shown(row: Visit, file: Consignor | None, contacts: Mapping[str, str], *, staff: bool) -> VisitShown:
    things, point, state = queries.things_of(row), row.desk.point, VISIT[row.state]
    wish = rules.total_wish(things)
    return VisitShown(
        id=row.id, number=row.number, code=row.state, state=(_(state.label), state.tone), help=_(state.help),
        when=slot_words(row.slot, long=True), time=f"{local(row.slot):%H:%M}–{local(row.until):%H:%M}",
        shop=shown_org(row.org, g.language), shop_id=row.org_id, point=point_name(point), point_id=row.point_id,
        where=f"{district_name(point.district, g.language)} · {point.address}", name=_name(row, file) if staff else "",
        contact=_contact(row, file, contacts) if staff else "", file=(file.number, f"/consignors/{file.id}") if file else None,
        by_shop=row.by_shop, outside=row.state == "booked" and not queries.is_offered(row.desk, row),
        things=[shown_thing(one) for one in things], pieces=rules.total_pieces(things),
        wish=yuan(wish) if any(one.wish is not None for one in things) else "",
        data=any(holds_data(one.category) for one in things),
        why=_(rules.ENDS[row.why]) if row.why else "", erased=row.erased_at is not None,
        here=(row.state == "came" or VISIT.can(row.state, "come")) and local(row.slot).date() <= local(now()).date(),
    )  # fmt: skip


def _name(row: Visit, file: Consignor | None) -> str:
    return shown_name(row.account) if row.account else (file.shown if file else row.shown)


def _contact(row: Visit, file: Consignor | None, contacts: Mapping[str, str]) -> str:
    return contacts.get(row.account_id or "", "") or (file.contact_masked if file else row.contact_masked)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskShown:
    """`soonest`: its next free slot, "" for none; `hours`: of visits; `not_taken`: in the reader's language, where told."""

    point_id: str
    point: str
    shop: str
    shop_id: str
    where: str
    note: str
    hours: Sequence[tuple[str, str]]
    minutes: int
    most: int
    not_taken: str
    soonest: str


def shown_desk(desk: VisitDesk, free: Sequence[datetime]) -> DeskShown:
    point = desk.point
    return DeskShown(
        point_id=desk.point_id, point=point_name(point), shop=shown_org(desk.org, g.language), shop_id=desk.org_id,
        where=f"{district_name(point.district, g.language)} · {point.address}", note=point.note,
        hours=[(_(name), hours_words(desk.hours, day, g.language) or _("no visits")) for day, name in enumerate(DAYS)],
        minutes=desk.minutes, most=desk.most_things, not_taken=not_taken(desk), soonest=slot_words(free[0]) if free else "",
    )  # fmt: skip


def not_taken(desk: VisitDesk) -> str:
    return (desk.not_taken_en or desk.not_taken) if g.language == "en" else (desk.not_taken or desk.not_taken_en)


def by_day(free: Sequence[datetime], now: datetime | None = None) -> Any:
    """Slots under their day, for a select that needs no script. `now`: a visit's own time, marked among them."""
    days: dict[date, list[datetime]] = {}
    for one in free:
        days.setdefault(one.date(), []).append(one)
    mine = now.astimezone(LOCAL_ZONE) if now else None
    return {
        day_words(all_[0], long=True): [(one.isoformat(), _time(one, mine)) for one in all_] for all_ in days.values()
    }


def _time(slot: datetime, mine: datetime | None) -> str:
    return _("%(time)s (as now)", time=slot_words(slot)) if slot == mine else slot_words(slot)


def is_mine(row: Visit) -> bool:
    return row.account_id is not None and row.account_id == visitor().account_id
