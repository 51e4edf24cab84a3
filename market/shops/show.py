"""A shop's file as people read it: points with their hours, licence or exemption, rules, the notice that it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock
from core.data_files import text as words
from core.goods.districts import district_name
from core.people.models import Organisation
from core.people.names import shown_org
from core.slot_rules import DAYS
from core.when import hours_words, slot_words
from market.shops import queries, rules, standing
from market.shops.grounds import find_ground
from market.shops.hours_rules import Opening, opening
from market.shops.models import ShopClosing, ShopPoint
from market.shops.states import POINT


@dataclass(frozen=True, slots=True, kw_only=True)
class PointShown:
    """`now`: (words, tone) of whether it is open; `geo` and `position`: "" where it has none; `closed`: days still to come."""

    id: str
    org_id: str
    shop: str
    name: str
    kind: str
    is_zone: bool
    zone: str
    site: str
    district: str
    address: str
    estate: str
    note: str
    now: tuple[str, str]
    hours: Sequence[tuple[str, str]]
    closed: Sequence[str]
    geo: str
    position: str
    state: tuple[str, str]


def shown_point(row: ShopPoint, now: datetime) -> PointShown:
    there = row.latitude is not None and row.longitude is not None
    place = (row.latitude or 0, row.longitude or 0)
    state = POINT[row.state]
    return PointShown(
        id=row.id, org_id=row.org_id, shop=shown_org(row.org, g.language), name=_name(row), kind=_(rules.KINDS[row.kind]),
        is_zone=row.kind == "zone", zone=row.zone_name, site=_(rules.SITES[row.site]),
        district=district_name(row.district, g.language), address=row.address, estate=row.estate, note=row.note,
        now=now_words(row, now), state=(_(state.label), state.tone),
        hours=[(_(name), hours_words(row.hours, day, g.language) or _("closed")) for day, name in enumerate(DAYS)],
        closed=[day for day in row.closed if day >= clock.local(now).date().isoformat()],
        geo=rules.geo_link(*place) if there else "", position=rules.show_position(*place) if there else "",
    )  # fmt: skip


def _name(row: ShopPoint) -> str:
    return row.name_en if g.language == "en" and row.name_en else row.name


def now_words(row: ShopPoint, now: datetime) -> tuple[str, str]:
    """(words, tone): open until when, or when it opens."""
    if row.state != "open":
        return _(POINT[row.state].label), POINT[row.state].tone
    return opening_words(opening(row.hours, row.closed, clock.local(now)), clock.local(now))


def opening_words(found: Opening, local: datetime) -> tuple[str, str]:
    if found.until:
        return _("Open now, until %(time)s", time=f"{found.until:%H:%M}"), "good"
    if found.next is None:
        return _("Closed for the next two weeks"), "neutral"
    if found.next.date() == local.date():
        return _("Opens today at %(time)s", time=f"{found.next:%H:%M}"), "neutral"
    return _("Opens %(time)s", time=slot_words(found.next)), "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingShown:
    """`left`: days until it is closed, 0 once it is."""

    day: str
    left: int
    ended: bool
    words: str


def shown_closing(row: ShopClosing | None, now: datetime) -> ClosingShown | None:
    if row is None:
        return None
    left = max(0, (row.closes_on - clock.local(now).date()).days)
    return ClosingShown(day=row.closes_on.isoformat(), left=left, ended=row.state == "ended", words=row.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopFile:
    """What a shop's public page says besides its goods. `exemption`: the sentence that stands instead of a licence, `ground`:
    what it is called; `rules`: the number of the standing version, 0 for none."""

    licence: str
    exemption: str
    ground: str
    points: Sequence[PointShown]
    rules: int
    closing: ClosingShown | None
    follows: bool
    keeps: bool


def shown_file(session: Session, org: Organisation, account_id: str | None, *, works: bool) -> ShopFile:
    now, versions = clock.now(), queries.rules_of(session, org.id)
    return ShopFile(
        licence=standing.licence_of(session, org), exemption=standing.exemption_sentence(session, org, g.language),
        ground=_ground(session, org),
        points=[shown_point(one, now) for one in queries.points_of(session, org.id, "open", "paused")],
        rules=versions[0].version if versions else 0, closing=shown_closing(standing.find_closing(session, org.id), now),
        follows=bool(account_id) and queries.follows(session, str(account_id), org.id), keeps=works,
    )  # fmt: skip


def _ground(session: Session, org: Organisation) -> str:
    found = None if standing.licence_of(session, org) else standing.find_exemption(session, org.id)
    ground = find_ground(found.ground) if found else None
    return words(ground.name, g.language) if ground else ""


def has_points(session: Session, org_id: str) -> bool:
    """Has it ever had a point, so that its page tells something?"""
    return bool(queries.points_of(session, org_id))
