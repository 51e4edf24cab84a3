"""The page of an appeal as values: what happened, what comes next and until when, and what each may do."""

from dataclasses import dataclass
from datetime import datetime

from flask import g
from flask_babel import gettext as _

from appraisal.appeals import queries, rules
from appraisal.appeals.forms import LeaveForm, PanelForm
from appraisal.appeals.models import Appeal, AppealSeat
from appraisal.appeals.queries import Matter
from appraisal.appeals.states import APPEAL, DECIDED
from appraisal.appraisers.queries import appraiser_number
from appraisal.grades.models import Appraisal
from appraisal.standards.queries import standard_of
from appraisal.standards.standard import Standard
from core.access import may, visitor
from core.data_files import text as words
from core.goods.describe import thing_name
from core.goods.districts import district_name
from core.goods.models import Item
from core.page import Page
from core.people.models import Organisation
from core.people.names import shown_org
from core.when import slot_words

ENDS_AT_REVIEW = ("upheld", "overturned")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatShown:
    """Somebody who was drawn. `grade`: "" while others still grade; `why`: how it ended, "" while it hasn't; `until`: the
    deadline of who is still to look."""

    stage: str
    number: str
    org: str
    at: datetime
    until: datetime | None
    why: str
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stage on the way. `state`: done, current, todo or skipped; `time`: since or until when."""

    label: str
    state: str
    text: str
    time: datetime | None


@dataclass(frozen=True, kw_only=True)
class AppealPage(Page):
    template = "appraisal/appeal.html"
    appeal_id: str
    number: str
    thing: str
    state: tuple[str, str, str]
    facts: list[tuple[str, str]]
    words: str
    checks: list[str]
    panel_words: str
    reason: str
    steps: list[Step]
    seats: list[SeatShown]
    later: str
    places: list[str]
    may_withdraw: bool
    panel: PanelForm | None
    panel_until: datetime | None
    leave: LeaveForm | None


def appeal_page(matter: Matter, panel: PanelForm | None = None, leave: LeaveForm | None = None) -> AppealPage:
    """`panel`, `leave`: a form that was sent and is shown again."""
    one, me, state = matter.of, visitor().account_id, APPEAL[matter.state]
    first, item = g.db.get_one(Appraisal, one.appraisal_id), g.db.get_one(Item, one.item_id)
    standard, seats = standard_of(g.db, first), queries.seats_of(g.db, one)
    asks = one.state in ENDS_AT_REVIEW and me in queries.sides(g.db, one)
    leaves = one.state == "short" and may(visitor(), "appraisal:appeal:decide", matter)
    return AppealPage(
        appeal_id=one.id, number=first.number, thing=thing_name(item, g.language),
        state=(_(state.label), state.tone, _(state.help)),
        facts=_facts(one, first, standard), words=one.words, panel_words=one.panel_words, reason=one.reason,
        checks=[words(check.name, g.language) for check in standard.checks if check.code in one.checks],
        steps=_steps(one, seats), seats=[_seat(one, seat, standard) for seat in seats],
        later=g.db.get_one(Appraisal, one.new_id).number if one.new_id else "", places=_places(seats),
        may_withdraw=me == one.by_id and not one.first_outcome and APPEAL.can(one.state, "withdraw"),
        panel=(panel or PanelForm(formdata=None)) if asks else None, panel_until=one.due_at if asks else None,
        leave=(leave or LeaveForm(formdata=None)) if leaves else None,
    )  # fmt: skip


def grade_words(standard: Standard, code: str) -> str:
    found = standard.find_grade(code)
    return f"{code} {words(found.name, g.language)}".strip() if found else code


def _facts(one: Appeal, first: Appraisal, standard: Standard) -> list[tuple[str, str]]:
    rows = [
        (_("First grade"), grade_words(standard, first.grade)), (_("Given by"), appraiser_number(one.first_id)),
        (_("In the name of"), shown_org(g.db.get_one(Organisation, one.org_id), g.language)),
        (_("Appealed by"), _(rules.SIDES[one.side])),
    ]  # fmt: skip
    if one.first_outcome:
        rows.append((_("Outcome of the review"), _(rules.OUTCOMES[one.first_outcome])))
    if one.state in DECIDED:
        rows.append((_("Grade in the end"), grade_words(standard, one.grade)))
    return rows


def _seat(one: Appeal, seat: AppealSeat, standard: Standard) -> SeatShown:
    made = g.db.get_one(Appraisal, seat.appraisal_id)
    told = seat.why == "given" and (seat.stage == "review" or one.ended_at is not None)
    return SeatShown(
        stage=_("Review") if seat.stage == "review" else _("Panel"), number=appraiser_number(seat.account_id),
        org=shown_org(g.db.get_one(Organisation, made.org_id), g.language), at=seat.assigned_at,
        until=None if seat.ended_at else seat.due_at, why=_(rules.ENDED[seat.why]) if seat.why else "",
        grade=grade_words(standard, made.grade) if told else "",
    )  # fmt: skip


def _places(seats: list[AppealSeat]) -> list[str]:
    """Where the thing is to be brought now: the agency, and what is on file of where it is."""
    orgs = {g.db.get_one(Appraisal, one.appraisal_id).org_id for one in seats if one.ended_at is None}
    return sorted(_place(g.db.get_one(Organisation, org)) for org in orgs)


def _place(org: Organisation) -> str:
    district = district_name(org.district, g.language) if org.district else ""
    return " · ".join(part for part in (shown_org(org, g.language), district, org.address) if part)


def _steps(one: Appeal, seats: list[AppealSeat]) -> list[Step]:
    """The way of an appeal, with its dates, as all sides read it."""
    until = {stage: [s.due_at for s in seats if s.stage == stage and s.ended_at is None] for stage in ("review", "panel")}
    reviewed = next((seat.ended_at for seat in seats if seat.stage == "review" and seat.why == "given"), None)
    asked, over = one.stage == "panel", one.ended_at is not None
    panelled = sum(seat.stage == "panel" and seat.why == "given" for seat in seats) == rules.SIZE
    unheld = asked and over and not panelled
    return [
        Step(label=_("The appeal was made"), state="done", text="", time=one.opened_at),
        Step(label=_("An uninvolved reviewer grades it anew"), state=_mark(reviewed is not None, over), time=reviewed,
             text=_until(until["review"])),
        Step(label=_("A panel can be asked for"), text=_until([one.due_at] if one.due_at else []), time=None,
             state="done" if asked else "skipped" if over else "current" if reviewed else "todo"),
        Step(label=_("A panel of three grades it anew"), state=_mark(panelled, over) if asked else "skipped" if over else "todo",
             text=_("It was not held to an end and came to no grade.") if unheld else _until(until["panel"]), time=None),
        Step(label=_("It is decided"), state="done" if over else "todo", text=_(APPEAL[one.state].label) if over else "",
             time=one.ended_at),
    ]  # fmt: skip


def _mark(done: bool, over: bool) -> str:
    return "done" if done else "skipped" if over else "current"


def _until(moments: list[datetime]) -> str:
    return str(_("by %(day)s at the latest", day=slot_words(max(moments)))) if moments else ""
