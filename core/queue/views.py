"""The queue's pages: what waits, nearest date first; one entry with its owner, dates and decision."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, g, redirect, request
from flask_babel import gettext as _

from core import clock
from core.access import Beside, Predicate, has_role, needs, visitor
from core.data_files import text
from core.errors import Forbidden, Refused
from core.i18n import N_
from core.page import Page
from core.people.models import Account
from core.people.names import shown_name
from core.queue import actions, queries
from core.queue.forms import AnswerForm, HandForm
from core.queue.kinds import get_kind
from core.queue.models import QueueEntry
from core.queue.queries import A_PAGE, SHOWN, Wanted, get_entry
from core.queue.rules import may_decide
from core.queue.states import QUEUE_ENTRY
from core.work import work

blueprint = Blueprint("queue", __name__, url_prefix="/queue")
ROLES = ("reviewer", "administrator", "mediator", "standards_editor", "wipe_operator", "wipe_verifier", "shop_manager")
_decides = Predicate("may decide on it", lambda v, s: may_decide(get_kind(s.kind), s.orgs, s.barred, v.grants, v.account_id))
PERMISSIONS = {
    "core:queue:see": tuple((has_role(role),) for role in ROLES),
    "core:queue:decide": tuple((has_role(role), _decides) for role in ROLES),
}
TABS = {
    "open": N_("Waiting"), "mine": N_("In my hands"), "free": N_("Nobody has it"), "overdue": N_("Overdue"), "done": N_("Done"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class EntryShown:
    """`due`: (badge, tone); `owner`: a name, "" while nobody has it."""

    id: str
    kind: str
    icon: str
    title: str
    href: str
    since: datetime
    due_at: datetime
    due: tuple[str, str]
    owner: str
    mine: bool
    free: bool
    state: tuple[str, str]
    open: bool
    ended_at: datetime | None
    ended_by: str
    verdict: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class QueuePage(Page):
    template = "core/queue.html"
    tabs: list[tuple[str, str, bool, int | None]]
    show: str
    kind: str
    kinds: list[tuple[str, str, bool]]
    entries: list[EntryShown]
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class EntryPage(Page):
    template = "core/queue_entry.html"
    one: EntryShown
    link: str
    does: str
    why: str
    answered_here: bool
    hand: HandForm
    answer_form: AnswerForm


def shown(one: QueueEntry, now: datetime) -> EntryShown:
    kind, state = get_kind(one.kind), QUEUE_ENTRY[one.state]
    me = visitor().account_id
    return EntryShown(
        id=one.id, kind=text(kind.name, g.language), icon=kind.icon, title=one.title, href=f"/queue/{one.id}", since=one.since,
        due_at=one.due_at, due=_due(one, now), owner=_name(one.owner_id), mine=one.owner_id == me, free=one.owner_id is None,
        state=(_(state.label), state.tone), open=one.state == "open", ended_at=one.ended_at, ended_by=_name(one.ended_by),
        verdict=text(kind.verdicts[one.verdict], g.language) if one.verdict in kind.verdicts else "", reason=one.reason,
    )  # fmt: skip


def _due(one: QueueEntry, now: datetime) -> tuple[str, str]:
    left = (clock.local(one.due_at).date() - clock.local(now).date()).days
    if one.due_at < now:
        return (_("Overdue"), "bad")
    if left <= 0:
        return (_("Due today"), "warn")
    return (_("%(num)s days left", num=left) if left > 1 else _("Due tomorrow"), "info" if left > 1 else "warn")


def _name(account_id: str | None) -> str:
    person = g.db.get(Account, account_id) if account_id else None
    return shown_name(person) if person else (_("The program") if account_id else "")


@blueprint.get("")
@needs("core:queue:see")
def show() -> object:
    now, who = clock.now(), visitor()
    asked, kind = request.args.get("show", "open"), request.args.get("kind", "")
    kinds = queries.kinds_of(who.grants)
    asked, kind = asked if asked in SHOWN else "open", kind if kind in {one.code for one in kinds} else ""
    page = max(1, min(request.args.get("page", 1, int), 10_000))
    total = queries.count(g.db, who, _wanted(asked, kind), now)
    tail = f"&kind={kind}" if kind else ""
    return QueuePage(
        tabs=[
            (_(label), f"/queue?show={code}{tail}", code == asked,
             None if code == "done" else queries.count(g.db, who, _wanted(code, kind), now))
            for code, label in TABS.items()
        ],
        show=asked, kind=kind, kinds=[(one.code, text(one.name, g.language), one.code == kind) for one in kinds],
        entries=[shown(one, now) for one in queries.entries(g.db, who, _wanted(asked, kind), now, page)],
        page=page, pages=-(-total // A_PAGE),
    ).answer()  # fmt: skip


def _wanted(show: str, kind: str) -> Wanted:
    return Wanted(show=show, kind=kind, me=str(visitor().account_id))


@blueprint.get("/<queue_id>")
@needs("core:queue:decide", on=lambda session, queue_id: get_entry(session, queue_id))
def entry(one: QueueEntry) -> object:
    return _page(one).answer()


def _page(one: QueueEntry, answered: AnswerForm | None = None) -> EntryPage:
    kind, hand = get_kind(one.kind), HandForm(formdata=None)
    hand.account_id.choices = [
        (who.id, shown_name(who)) for who in queries.colleagues(g.db, one) if who.id != visitor().account_id
    ]
    form = _with_choices(answered or AnswerForm(formdata=None), one)
    return EntryPage(
        one=shown(one, clock.now()), link=one.link, does=text(kind.does, g.language), why=text(kind.why, g.language),
        answered_here=kind.here, hand=hand, answer_form=form,
    )  # fmt: skip


def _with_choices(form: AnswerForm, one: QueueEntry) -> AnswerForm:
    form.verdict.choices = [(code, text(words, g.language)) for code, words in get_kind(one.kind).verdicts.items()]
    return form


@blueprint.post("/<queue_id>/<any(take, give_back, hand):verb>")
@needs("core:queue:decide", on=lambda session, queue_id, verb: Beside(get_entry(session, queue_id), verb))
def move(step: Beside[QueueEntry, str]) -> object:
    queue_id, me = step.of.id, str(visitor().account_id)
    with work(g.db, visitor().actor, clock.now()) as w:
        if step.part == "take":
            actions.take(w, queue_id, me)
        elif step.part == "give_back":
            actions.give_back(w, queue_id)
        else:
            actions.hand_to(w, queue_id, request.form.get("account_id", ""))
    flash(_(SAID[step.part]))
    return redirect(f"/queue/{queue_id}", 303)


SAID = {"take": N_("You see to it now."), "give_back": N_("It waits for somebody else now."), "hand": N_("Handed on.")}


@blueprint.post("/<queue_id>/answer")
@needs("core:queue:decide", on=lambda session, queue_id: get_entry(session, queue_id))
def answer(one: QueueEntry) -> object:
    queue_id, form = one.id, _with_choices(AnswerForm(), one)
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            actions.answer_here(w, queue_id, str(form.verdict.data or ""), str(form.reason.data or ""))
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _page(get_entry(g.db, queue_id), form).answer(no.status)
    flash(_("The decision is written down."))
    return redirect(f"/queue/{queue_id}", 303)
