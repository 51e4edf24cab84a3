"""The owner chooses an agency, then a slot, and agrees on the fee. Plain forms; each step has an address of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import g
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock
from core.access import Beside, needs
from core.doing import doing, done
from core.errors import Invalid, NotFound, Refused
from core.goods.districts import district_name
from core.goods.models import Item
from core.i18n import N_
from core.page import Page
from core.web import limiter
from core.when import day_words, slot_words
from market.channels.appraisal import actions, queries, rules
from market.channels.appraisal.access import load_item
from market.channels.appraisal.actions import Wanted
from market.channels.appraisal.forms import BookForm
from market.channels.appraisal.queries import Agency
from market.channels.appraisal.views import blueprint
from market.channels.appraisal.views.parts import AgencyShown, shown_agencies, thing_name, ways_of, yuan
from market.payments.offer import Way, facts_of, ways

UNFINISHED = N_("Please check these entries")


@dataclass(frozen=True, kw_only=True)
class ChoosePage(Page):
    """`booking_id`: of the one that is open for this thing already, "" for none."""

    template = "market/appraisal_choose.html"
    item_id: str
    title: str
    booking_id: str
    agencies: Sequence[AgencyShown]
    graded: bool


@blueprint.get("/items/<item_id>/book-appraisal")
@needs("market:appraisal_booking:make", on=load_item)
def choose(item: Item) -> object:
    found, now = queries.find_open(g.db, item.id), clock.now()
    return ChoosePage(
        item_id=item.id, title=thing_name(item.id), booking_id=found.id if found else "", graded=item.state == "active",
        agencies=shown_agencies(queries.agencies(g.db, now, category=item.category), item.category),
    ).answer()  # fmt: skip


def load_choice(session: Session, item_id: str, org_id: str) -> Beside[Item, Agency]:
    """A thing and an agency that takes its kind. Raises NotFound."""
    item, agency = load_item(session, item_id), queries.find_agency(session, org_id, clock.now())
    if agency is None or item.category not in agency.fees:
        raise NotFound("agency_closed", N_("This agency takes no bookings for this kind of thing now."))
    return Beside(item, agency)


@dataclass(frozen=True, kw_only=True)
class SlotPage(Page):
    """`fees`: {way: what it costs all in all}; `paid_ways`: {code: who has the money}; `slots`: is there any?"""

    template = "market/appraisal_slot.html"
    item_id: str
    title: str
    agency: AgencyShown
    form: BookForm
    fees: dict[str, str]
    paid_ways: dict[str, str]
    visits: bool
    slots: bool


def _slot_page(item: Item, agency: Agency, form: BookForm) -> SlotPage:
    offered, desk, table = ways_of(agency.desk), agency.desk, agency.table
    kind = agency.fees[item.category]
    totals = {way: rules.fee(kind, way, table.drop_off_minor, table.visit_minor) for way in offered}
    form.way.choices = [(way, _(rules.WAYS[way])) for way in offered]
    free = queries.free_slots(g.db, desk, clock.now(), offered[0])
    form.slot.choices = _by_day(free, clock.now() + rules.VISIT_NOTICE if len(offered) > 1 else None)
    form.district.choices = [("", _("Choose one")), *((one, district_name(one, g.language)) for one in desk.districts)]
    paying = _ways_of_paying(agency) if any(totals.values()) else []
    form.payment.choices = [(one.code, _(PAYING[one.code])) for one in paying]
    form.table.data = table.id
    if len(offered) == 1 and not form.way.data:
        form.way.data = offered[0]
    return SlotPage(
        item_id=item.id, title=thing_name(item.id), agency=shown_agencies([agency], item.category)[0], form=form,
        fees={way: yuan(minor) for way, minor in totals.items()}, paid_ways={one.code: _(HOW_PAID[one.code]) for one in paying},
        visits=desk.visits, slots=bool(free),
    )  # fmt: skip


# the same ways as anywhere (market/payments/providers), said of an agency
PAYING = {
    "cash": N_("In cash, at the desk or at the visit"),
    "collect_code": N_("By the agency's collection code (WeChat or Alipay)"),
    "bank_transfer": N_("By bank transfer before"),
}
HOW_PAID = {
    "cash": N_("You pay when the thing is taken in or the visit begins. Nothing is paid now."),
    "collect_code": N_("You scan it when the thing is taken in or the visit begins. Nothing is paid now."),
    "bank_transfer": N_("The agency types its account on the payment's page; it takes the thing in when the money has arrived."),
}


def _ways_of_paying(agency: Agency) -> list[Way]:
    facts = facts_of(g.db, agency.org.id, currency="CNY", business=True, remote=False)
    fit = actions.ways_of_paying()
    return [one for one in ways(facts) if one.code in fit and one.why_not is None]


def _by_day(free: Sequence[datetime], visits_from: datetime | None) -> Any:
    """Slots under their day, for a select that needs no script. `visits_from`: what begins before is said to be for bringing
    only; None where there is one way."""
    days: dict[date, list[datetime]] = {}
    for one in free:
        days.setdefault(one.date(), []).append(one)
    shown = {day: [(one.isoformat(), _slot_words(one, visits_from)) for one in all_] for day, all_ in days.items()}
    return {day_words(days[day][0], long=True): told for day, told in shown.items()}


def _slot_words(slot: datetime, visits_from: datetime | None) -> str:
    told = slot_words(slot)
    soon = visits_from is not None and slot < visits_from
    return str(_("%(time)s (only if you bring it)", time=told)) if soon else told


@blueprint.get("/items/<item_id>/book-appraisal/<org_id>")
@needs("market:appraisal_booking:make", on=load_choice)
def show_slots(both: Beside[Item, Agency]) -> object:
    return _slot_page(both.of, both.part, BookForm(formdata=None)).answer()


@blueprint.post("/items/<item_id>/book-appraisal/<org_id>")
@limiter.limit("20 per minute")
@needs("market:appraisal_booking:make", on=load_choice)
def book(both: Beside[Item, Agency]) -> object:
    form, item_id, org_id = BookForm(), both.of.id, both.part.org.id
    try:
        wanted = _wanted(form, org_id)
        with doing() as w:
            made = actions.book(w, item_id, wanted).id
    except Refused as no:
        form.blame(no)
        fresh = load_choice(g.db, item_id, org_id)
        return _slot_page(fresh.of, fresh.part, form).answer(no.status)
    return done(_("Booked. Show the code below when you come, or at the door."), f"/appraisal-bookings/{made}")


def _wanted(form: BookForm, org_id: str) -> Wanted:
    """What was sent. Raises Invalid at the field."""
    if not form.validate():
        raise Invalid("form_unfit", UNFINISHED)
    return Wanted(
        org_id=org_id, slot=form.moment(), way=str(form.way.data or ""), table_id=str(form.table.data or ""),
        agreed=bool(form.agreed.data), payment=str(form.payment.data or ""), district=str(form.district.data or ""),
        address=str(form.address.data or ""), once=str(form.once.data or ""),
    )  # fmt: skip
