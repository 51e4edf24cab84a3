"""What the pages of booked appraisals share: an agency and a booking as people read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock
from core.access import visitor
from core.clock import LOCAL_ZONE
from core.goods.describe import category_name, kind_and_model
from core.goods.districts import district_name
from core.goods.models import Item
from core.i18n import listed
from core.money import CNY, Money, format_money
from core.people.names import shown_org
from core.slot_rules import DAYS, Span
from core.when import hours_words, slot_words
from market.channels.appraisal import queries, rules, spoken
from market.channels.appraisal.models import AgencyDesk, AppraisalBooking, FeeTable
from market.channels.appraisal.queries import Agency
from market.channels.appraisal.states import BOOKING
from market.listings.life import Booked


def yuan(minor: int) -> str:
    return format_money(Money(minor, CNY), g.language) if minor else str(_("Free"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShown:
    """One version of the fees. `rows`: (kind, fee); `terms`: sentences."""

    version: int
    since: datetime
    rows: Sequence[tuple[str, str]]
    extras: Sequence[tuple[str, str]]
    terms: Sequence[str]


def shown_table(table: FeeTable, desk: AgencyDesk | None = None, category: str = "") -> TableShown:
    """All kinds, or only one; the ways that the desk offers."""
    lines = [one for one in table.lines if not category or one.category == category]
    kinds = [(category_name(one.category, g.language), yuan(one.amount_minor)) for one in lines]
    extras = [
        (_(rules.WAYS[way]), f"+ {yuan(minor)}")
        for way, minor, offered in (
            (rules.DROP_OFF, table.drop_off_minor, desk is None or desk.drop_off),
            (rules.VISIT, table.visit_minor, desk is None or desk.visits),
        )
        if offered and minor
    ]
    ways = ways_of(desk) if desk else list(rules.WAYS)
    totals = [rules.fee(one.amount_minor, way, table.drop_off_minor, table.visit_minor) for one in lines for way in ways]
    return TableShown(version=table.version, since=table.set_at, rows=kinds, extras=extras, terms=terms_words(table, totals))


def terms_words(table: FeeTable, totals: Sequence[int]) -> list[str]:
    """Until when it costs nothing, and what is kept later of a fee that was paid. `totals`: the fees that it may be kept of, in
    fen; never more than the fee is kept."""
    free = _("Free to call off until %(hours)s hours before.", hours=table.free_hours)
    late, missed = _kept_words(table.late_minor, totals), _kept_words(table.missed_minor, totals)
    return [
        free, _("Later, the agency keeps %(amount)s of a fee that was paid before.", amount=late) if late
        else _("Later, all that was paid goes back, too."),
        _("When nobody comes, it keeps %(amount)s of a fee that was paid before.", amount=missed) if missed
        else _("When nobody comes, all that was paid goes back."),
        _("When the agency calls off, when it can't grade the thing, or when an appeal is upheld, all of it goes back."),
    ]  # fmt: skip


def _kept_words(minor: int, totals: Sequence[int]) -> str:
    """The smaller of the two, what is kept and the fee; "" for nothing."""
    least, most = min(totals, default=0), max(totals, default=0)
    if least >= minor or least == most:
        return yuan(min(minor, most)) if min(minor, most) else ""
    return str(_("%(amount)s, but never more than the fee,", amount=yuan(min(minor, most))))


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyShown:
    """`from_fee`: the lowest fee in words; `fixed`: is it the only one there is? `soonest`: its next free slot, "" for none."""

    id: str
    name: str
    where: str
    note: str
    kinds: str
    ways: str
    visits: str
    hours: Sequence[tuple[str, str]]
    closed: Sequence[str]
    soonest: str
    from_fee: str
    fixed: bool
    table: TableShown


def shown_agencies(found: Sequence[Agency], category: str = "") -> list[AgencyShown]:
    """Of each what it costs, for this kind of thing only where given, and when it has time."""
    booked = queries.booked_spans(g.db, [one.org.id for one in found], clock.now())
    return [shown_agency(one, category, booked[one.org.id]) for one in found]


def shown_agency(agency: Agency, category: str, booked: Sequence[Span]) -> AgencyShown:
    """`booked`: from when until when its places are given away."""
    org, desk = agency.org, agency.desk
    way = rules.DROP_OFF if desk.drop_off else rules.VISIT
    free = queries.free_among(desk, booked, clock.now(), way)
    asked = [agency.fees[category]] if category else list(agency.fees.values())
    extras = {one: rules.fee(0, one, agency.table.drop_off_minor, agency.table.visit_minor) for one in ways_of(desk)}
    totals = {kind + extra for kind in asked for extra in extras.values()}
    return AgencyShown(
        id=org.id, name=shown_org(org, g.language), note=desk.note,
        where=" · ".join(part for part in (district_name(org.district, g.language) if org.district else "", org.address) if part),
        kinds=listed((category_name(one, g.language) for one in sorted(agency.fees)), g.language),
        ways=listed((_(rules.WAYS[one]) for one in ways_of(desk)), g.language),
        visits=listed((district_name(one, g.language) for one in desk.districts), g.language) if desk.visits else "",
        hours=[(_(name), hours_words(desk.hours, day, g.language) or _("closed")) for day, name in enumerate(DAYS)],
        closed=[day for day in desk.closed if day >= clock.local(clock.now()).date().isoformat()],
        soonest=slot_words(free[0]) if free else "", from_fee=yuan(min(totals)), fixed=len(totals) == 1,
        table=shown_table(agency.table, desk, category),
    )  # fmt: skip


def ways_of(desk: AgencyDesk) -> list[str]:
    return [way for way, there in ((rules.DROP_OFF, desk.drop_off), (rules.VISIT, desk.visits)) if there]


def booked_of(session: Session, item_id: str) -> Booked | None:
    """For the page of a thing: how its open booking stands."""
    row = queries.find_open(session, item_id)
    if row is None:
        return None
    when, label = slot_words(row.slot.astimezone(LOCAL_ZONE)), _(spoken.state_label(row.state, row.way))
    how = when if row.state == "booked" else label
    return Booked(_("An appraisal is booked (%(number)s): %(how)s.", number=row.number, how=how), f"/appraisal-bookings/{row.id}")


def thing_name(item_id: str) -> str:
    item = g.db.get_one(Item, item_id)
    return kind_and_model(item, g.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingShown:
    """A line in a list. `state`: (word, tone)."""

    id: str
    number: str
    thing: str
    when: str
    way: str
    agency: str
    fee: str
    state: tuple[str, str]
    outside: bool = False


def shown_booking(row: AppraisalBooking, outside: bool = False) -> BookingShown:
    mine = row.booked_by == visitor().account_id
    return BookingShown(
        id=row.id, number=row.number, thing=kind_and_model(row.item, g.language),
        when=slot_words(row.slot.astimezone(LOCAL_ZONE)), way=_(spoken.way_words(row.way, mine)),
        agency=shown_org(row.org, g.language), fee=yuan(row.total_minor), outside=outside,
        state=(_(spoken.state_label(row.state, row.way)), BOOKING[row.state].tone),
    )  # fmt: skip
