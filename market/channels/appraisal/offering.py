"""A manager says when the agency has time, what it takes and what it charges. What is booked stays as it was agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core import ids
from core.db import get_locked
from core.errors import Invalid
from core.goods.districts import find_district
from core.i18n import N_
from core.money import CNY, Money
from core.people.acting import demand_role
from core.people.models import Organisation
from core.slot_rules import kept_hours
from core.work import Work
from market.channels.appraisal import queries, rules
from market.channels.appraisal.models import AgencyDesk, FeeLine, FeeTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """As it was typed. `hours`: {weekday 0-6: text}; `minutes`: of a slot; `districts`: where visits go."""

    taking: bool
    categories: Sequence[str]
    hours: Mapping[int, str]
    closed: Sequence[date]
    minutes: int
    places: int
    drop_off: bool
    visits: bool
    districts: Sequence[str]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """A fee table as it was typed, in fen. `fees`: {category: amount}; a kind that isn't there can't be booked."""

    fees: Mapping[str, int]
    drop_off: int
    visit: int
    free_hours: int
    late: int
    missed: int


def offer(w: Work, org_id: str, told: Offered) -> int:
    """Keep the calendar. Booked slots stand; returns how many of them no longer lie within the hours: the desk page names them.

    Raises Invalid at the field, Forbidden for who doesn't manage the agency."""
    demand_role(w, org_id, "shop_manager")
    get_locked(w.session, Organisation, org_id)  # two managers wait for each other: there may be no desk yet to wait for
    hours = kept_hours(told.hours)
    _check(w, org_id, told)
    row = w.session.get(AgencyDesk, org_id, with_for_update=True) or AgencyDesk(org_id=org_id)
    row.categories, row.minutes, row.places = sorted(set(told.categories)), told.minutes, told.places
    row.hours = hours
    row.closed, row.note = sorted({day.isoformat() for day in told.closed}), told.note.strip()
    row.drop_off, row.visits, row.districts = told.drop_off, told.visits, sorted(set(told.districts)) if told.visits else []
    row.taking, row.changed_by, row.changed_at = told.taking, w.actor.id, w.now
    w.session.add(row)
    w.session.flush()
    w.record("market:appraisal_desk:offered", org_id, taking=told.taking, kinds=len(row.categories), places=told.places)
    return len(queries.outside(w.session, row, w.now))


def _check(w: Work, org_id: str, told: Offered) -> None:
    covered = queries.scope_of(w.session, org_id, w.now)
    if not told.categories:
        raise Invalid("kinds_missing", N_("Choose at least one kind of thing."), field="categories")
    if not set(told.categories) <= set(covered):
        outside = N_("Choose only kinds that a valid credential of your organisation covers.")
        raise Invalid("out_of_scope", outside, field="categories")
    if not (told.drop_off or told.visits):
        raise Invalid("way_missing", N_("Say at least one way: people bring things, or you visit them."), field="drop_off")
    if told.visits and not told.districts:
        raise Invalid("districts_missing", N_("Choose the districts in which you visit people."), field="districts")
    if any(find_district(one) is None for one in told.districts):
        raise Invalid("district_unknown", N_("Choose one of the answers offered."), field="districts")


def charge(w: Work, org_id: str, told: Charged) -> FeeTable:
    """Write the next version of the fees; earlier ones stay readable, and what is booked keeps its own. The same once more writes
    nothing. Raises Invalid at the field, Forbidden for who doesn't manage the agency."""
    demand_role(w, org_id, "shop_manager")
    if not told.fees:
        raise Invalid("fees_missing", N_("Name the fee for at least one kind of thing; 0 is free."), field="fees")
    _check_kept(told)
    get_locked(w.session, Organisation, org_id)
    last = queries.find_table(w.session, org_id)
    if last is not None and _says(last) == told:
        return last
    row = FeeTable(
        id=ids.new_id(), org_id=org_id, version=last.version + 1 if last else 1, drop_off_minor=told.drop_off,
        visit_minor=told.visit, free_hours=told.free_hours, late_minor=told.late, missed_minor=told.missed, set_by=w.actor.id,
        set_at=w.now,
    )  # fmt: skip
    w.session.add(row)
    w.session.flush()
    w.session.add_all(FeeLine(table_id=row.id, category=code, amount_minor=fen) for code, fen in sorted(told.fees.items()))
    w.session.flush()
    w.record("market:appraisal_desk:charged", org_id, version=row.version, kinds=len(told.fees))
    return row


def _check_kept(told: Charged) -> None:
    """Nobody keeps more than the fee: what is above the dearest one was mistyped."""
    most = rules.dearest(told.fees.values(), told.drop_off, told.visit)
    for name, minor in (("late", told.late), ("missed", told.missed)):
        if minor > most:
            above = N_("This is more than your dearest fee, %(fee)s: nobody may keep more than the fee.")
            raise Invalid("kept_above_fee", above, field=name, values={"fee": Money(most, CNY)})


def _says(row: FeeTable) -> Charged:
    return Charged(
        fees={one.category: one.amount_minor for one in row.lines}, drop_off=row.drop_off_minor, visit=row.visit_minor,
        free_hours=row.free_hours, late=row.late_minor, missed=row.missed_minor,
    )  # fmt: skip
