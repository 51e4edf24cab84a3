"""A visit's own page, for who comes and for the shop: what happens next, another time, another list, the calendar file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, g, request
from flask_babel import gettext as _

from core import clock
from core.access import may, needs, visitor
from core.clock import LOCAL_ZONE
from core.db import get_locked
from core.doing import doing, done
from core.errors import Refused
from core.i18n import N_
from core.page import Page
from core.people.notices import read_about
from core.web import limiter
from market.channels.consignment.visits import actions, queries
from market.channels.consignment.visits.access import load_visit
from market.channels.consignment.visits.calendar_rules import Entry, ics
from market.channels.consignment.visits.forms import MORE_ROWS, CallOffForm, ListForm, LookForm, SlotForm, typed_things
from market.channels.consignment.visits.models import Visit
from market.channels.consignment.visits.states import VISIT
from market.channels.consignment.visits.views import blueprint
from market.channels.consignment.visits.views.parts import (
    DeskShown,
    VisitShown,
    by_day,
    data_kinds,
    is_mine,
    shown_desk,
    shown_visit,
    shown_visits,
)

PACK = N_("Clean what you bring, and pack what belongs to it.")
PACK_DATA = N_(
    "Back up what you want to keep, log out of your accounts, and take out SIM and memory cards. Pack the charger."
)
COUNTER = (
    (N_("At the counter"), N_(
        "Show your identity paper. A clerk looks at each thing with you, and you agree on prices and terms."
    )),
    (N_("Agreement and receipt"), N_(
        "You sign the consignment agreement and get a receipt. What the shop doesn't take goes home with you."
    )),
)  # fmt: skip
WIPED = N_("Whatever can hold data is wiped and checked at the shop first. You read the result yourself.")
SHOWN = 100  # of one's own visits; the export has them all


@dataclass(frozen=True, kw_only=True)
class MinePage(Page):
    template = "market/consignment_visits.html"
    coming: Sequence[VisitShown]
    past: Sequence[VisitShown]


@blueprint.get("/consignment-visits")
@needs("market:consignment_visit:list")
def show_mine() -> object:
    rows = shown_visits(queries.of_person(g.db, str(visitor().account_id))[:SHOWN], staff=False)
    return MinePage(
        coming=[one for one in rows if one.code == "booked"], past=[one for one in rows if one.code != "booked"]
    ).answer()


@dataclass(frozen=True, kw_only=True)
class VisitPage(Page):
    """`mine`: is the reader who comes; `steps`: what happens next; `call_off`, `look`: forms for the shop; `contact`: (name,
    contact) in full, once it was asked for; `again`: where another time is chosen, "" while it stands."""

    template = "market/consignment_visit.html"
    visit: VisitShown
    mine: bool
    works: bool
    steps: Sequence[dict[str, str]]
    can: dict[str, bool]
    call_off: CallOffForm | None
    look: LookForm | None
    contact: tuple[str, str] | None
    again: str


def visit_page(
    row: Visit, *, call_off: CallOffForm | None = None, look: LookForm | None = None, contact: tuple[str, str] | None = None
) -> VisitPage:
    mine, works, booked = is_mine(row), may(visitor(), "market:consignment_visit:receive", row), row.state == "booked"
    today = row.slot.astimezone(LOCAL_ZONE).date() <= clock.local(clock.now()).date()
    shown = shown_visit(row, staff=works)
    return VisitPage(
        visit=shown, mine=mine, works=works, steps=_steps(shown) if mine or not works else (),
        can={
            "come": works and today and VISIT.can(row.state, "come"), "miss": works and booked and clock.now() >= row.slot,
            "change": booked, "cancel": booked and mine, "take": works and not mine and shown.here,
        },
        call_off=(call_off or CallOffForm(formdata=None)) if works and booked else None,
        look=(look or LookForm(formdata=None)) if works and row.contact and not contact else None, contact=contact,
        again=_again(row) if mine and row.state in ("cancelled", "missed") else "",
    )  # fmt: skip


def _again(row: Visit) -> str:
    """Where another time is chosen: at the same point while it takes bookings, else at any other."""
    there = queries.find_open_desk(g.db, row.point_id) is not None
    return f"/consignment-visits/new/{row.point_id}?again={row.id}" if there else "/consignment-visits/new"


def _steps(shown: VisitShown) -> list[dict[str, str]]:
    """What happens next, from home to the shop's shelf."""
    now = {"booked": 0, "came": 2}.get(shown.code, -1)
    told = [(_("At home"), _(PACK_DATA if shown.data else PACK)), *((_(label), _(said)) for label, said in COUNTER)]
    told += [(_("Wiped before it is sold"), _(WIPED))] if shown.data else []
    told.append((_("On sale"), _("You see each thing, its price and its sale in your file, and are paid as agreed.")))
    marks = ["current" if nth == now else "done" if nth < now else "todo" for nth in range(len(told))]
    return [{"label": label, "text": said, "state": mark} for (label, said), mark in zip(told, marks, strict=True)]


@blueprint.get("/consignment-visits/<visit_id>")
@needs("market:consignment_visit:read", on=load_visit)
def show(row: Visit) -> object:
    found = row.id
    if visitor().unread:
        with doing() as w:
            read_about(w, visitor().actor.id, f"/consignment-visits/{found}")
    return visit_page(load_visit(g.db, found)).answer()


@dataclass(frozen=True, kw_only=True)
class MovePage(Page):
    template = "market/consignment_visit_move.html"
    visit: VisitShown
    form: SlotForm
    slots: bool


def _move_page(row: Visit, form: SlotForm) -> MovePage:
    free = queries.free_slots(g.db, row.desk, clock.now(), by_shop=not is_mine(row)) if row.desk.taking else []
    form.slot.choices = {"": [("", _("Choose one"))], **by_day(free)}
    return MovePage(visit=shown_visit(row, staff=not is_mine(row)), form=form, slots=bool(free))


@blueprint.get("/consignment-visits/<visit_id>/move")
@needs("market:consignment_visit:change", on=load_visit)
def show_move(row: Visit) -> object:
    VISIT.next(row.state, "cancel")
    return _move_page(row, SlotForm(formdata=None)).answer()


@blueprint.post("/consignment-visits/<visit_id>/move")
@limiter.limit("30 per minute")
@needs("market:consignment_visit:change", on=load_visit)
def move(row: Visit) -> object:
    form, found = SlotForm(), row.id
    try:
        slot = form.moment()
        with doing() as w:
            actions.move(w, load_visit(w.session, found), slot)
    except Refused as no:
        form.blame(no)
        return _move_page(load_visit(g.db, found), form).answer(no.status)
    return done(_("Moved. The time before is free again."), f"/consignment-visits/{found}")


@dataclass(frozen=True, kw_only=True)
class ListPage(Page):
    template = "market/consignment_visit_list.html"
    visit: VisitShown
    desk: DeskShown
    form: ListForm
    data_kinds: str


def _list_page(row: Visit, form: ListForm) -> ListPage:
    return ListPage(
        visit=shown_visit(row, staff=not is_mine(row)), desk=shown_desk(row.desk, []), form=form, data_kinds=data_kinds()
    )


@blueprint.get("/consignment-visits/<visit_id>/list")
@needs("market:consignment_visit:change", on=load_visit)
def show_list(row: Visit) -> object:
    VISIT.next(row.state, "cancel")
    return _list_page(row, ListForm(formdata=None, data=typed_things(queries.things_of(row))).with_rows(1)).answer()


@blueprint.post("/consignment-visits/<visit_id>/list")
@limiter.limit("30 per minute")
@needs("market:consignment_visit:change", on=load_visit)
def change_list(row: Visit) -> object:
    form, found = ListForm(), row.id
    if request.form.get("more"):
        return _list_page(row, form.with_rows(MORE_ROWS)).answer()
    try:
        things = form.listed()
        with doing() as w:
            actions.change_list(w, get_locked(w.session, Visit, found), things)
    except Refused as no:
        form.blame(no)
        return _list_page(load_visit(g.db, found), form.with_rows()).answer(no.status)
    return done(_("The list is changed. The shop sees it at once."), f"/consignment-visits/{found}")


@blueprint.post("/consignment-visits/<visit_id>/cancel")
@limiter.limit("20 per minute")
@needs("market:consignment_visit:cancel", on=load_visit)
def cancel(row: Visit) -> object:
    found = row.id
    with doing() as w:
        actions.cancel(w, get_locked(w.session, Visit, found))
    return done(_("Called off. The shop knows, and the time is free for others."), f"/consignment-visits/{found}")


@blueprint.get("/consignment-visits/<visit_id>/visit.ics")
@needs("market:consignment_visit:cancel", on=load_visit)
def calendar_file(row: Visit) -> Response:
    """For the calendar of who comes; taken once more after a change it brings the calendar up to date."""
    answer = Response(ics(Entry(**_entry(row))), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'attachment; filename="{row.number}.ics"'
    return answer


def _entry(row: Visit) -> dict[str, Any]:
    shown = shown_visit(row, staff=False)
    link = f"{request.url_root.rstrip('/')}/consignment-visits/{row.id}"
    words = _("Visit %(number)s. Bring your identity paper and what is on your list: %(link)s", number=row.number, link=link)
    return {
        "uid": f"{row.id}@{request.host.split(':')[0]}", "version": row.version, "made": clock.now(), "start": row.slot,
        "until": row.until, "title": _("Consignment visit at %(shop)s", shop=shown.shop),
        "place": f"{shown.shop}, {shown.point}, {shown.where}", "words": words, "link": link, "off": row.state == "cancelled",
    }  # fmt: skip
