"""The regulator's desk: a number leads to a thing, the thing shows its whole life. Every look is on record."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, g, redirect, request
from flask.wrappers import Response
from flask_babel import gettext as _

from core.access import needs
from core.doing import doing
from core.goods import custody
from core.goods.describe import category_name
from core.goods.models import Item
from core.goods.words import IDENTIFIER_KINDS, MEDIA_KINDS
from core.page import Page
from core.web import limiter
from privacy.access import load_item
from privacy.clearance import paper
from privacy.clearance import queries as papers
from privacy.clearance.models import Certificate
from privacy.clearance.views.certificates import read_here
from privacy.inspection import chain, queries
from privacy.inspection.chain import Event
from privacy.inspection.forms import LookUpForm
from privacy.wipes import queries as wipes
from privacy.wipes import show
from privacy.wipes.show import MediumShown, size_of, title_of, when
from privacy.wipes.states import JOB, MEDIUM

blueprint = Blueprint("inspection", __name__)


@dataclass(frozen=True, slots=True)
class ThingShown:
    title: str
    href: str
    category: str
    code: str
    registered: str


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    template = "privacy/inspection_desk.html"
    form: LookUpForm
    things: Sequence[ThingShown]
    nothing: bool


@blueprint.route("/regulator", methods=["GET", "POST"])
@needs("privacy:inspection:look_up")
@limiter.limit("60 per minute", methods=["POST"])
def desk() -> object:
    """A number as typed or scanned. The log keeps what kind it was and what it led to, never what was typed."""
    form = LookUpForm(request.form if request.method == "POST" else None)
    if not form.validate_on_submit():
        return DeskPage(form=form, things=[], nothing=False).answer(422 if form.is_submitted() else 200)
    with doing() as w:
        found = queries.find(w.session, form.number.data or "")
        subject = found.items[0].id if len(found.items) == 1 else "several" if found.items else "nothing"
        w.record("core:lookup:made", subject, kind=found.kind, found=len(found.items))
        things = [_thing(item) for item in found.items]
    if len(things) == 1:
        return redirect(things[0].href, 303)
    return DeskPage(form=form, things=things, nothing=not things).answer(200 if things else 404)


def _thing(item: Item) -> ThingShown:
    category = category_name(item.category, g.language)
    return ThingShown(title_of(item), f"/regulator/items/{item.id}", category, item.id, when(item.created_at) or "")


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate with what was verified; `genuine` is tri-state."""

    number: str
    state: tuple[str, str]
    help: str
    rows: Sequence[tuple[str, str]]
    checks: Sequence[str]
    genuine: bool | None
    checked: str


@dataclass(frozen=True, slots=True)
class JobShown:
    """A wipe job: its media with what was judged, and the second person's decision."""

    number: str
    href: str
    state: tuple[str, str]
    decision: str
    media: Sequence[MediumShown]


@dataclass(frozen=True, slots=True)
class FileShown:
    href: str
    job: str
    format: str
    size: str
    digest: str
    time: str


@dataclass(frozen=True, kw_only=True)
class ItemPage(Page):
    template = "privacy/inspection_item.html"
    item_id: str
    title: str
    category: str
    facts: Sequence[tuple[str, str]]
    papers: Sequence[Paper]
    jobs: Sequence[JobShown]
    files: Sequence[FileShown]
    custody: Sequence[tuple[str, str, str, str]]
    chain: Sequence[Event]


@blueprint.get("/regulator/items/<item_id>")
@needs("privacy:inspection:look_up", on=load_item)
def show_item(item: Item) -> object:
    item_id = item.id
    with doing() as w:
        w.record("core:lookup:made", item_id, kind="dossier")
    item = wipes.get_item(g.db, item_id)
    events = chain.events(g.db, item)
    return ItemPage(
        item_id=item_id, title=title_of(item), category=category_name(item.category, g.language), facts=_facts(item),
        papers=[_paper(one) for one in papers.certificates_of(g.db, item_id)], jobs=_jobs(item_id),
        files=_files(item_id), custody=_custody(item), chain=events,
    ).answer()  # fmt: skip


@blueprint.get("/regulator/items/<item_id>/chain.csv")
@needs("privacy:inspection:look_up", on=load_item)
def export_chain(item: Item) -> Response:
    """The chain as a sheet; cells can't become formulas."""
    item_id = item.id
    with doing() as w:
        w.record("core:lookup:made", item_id, kind="export")
    rows = chain.as_csv(item_id, chain.events(g.db, wipes.get_item(g.db, item_id)))
    answer = Response("".join(rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="chain-{item_id}.csv"'
    return answer


def _facts(item: Item) -> list[tuple[str, str]]:
    numbers = [(_(IDENTIFIER_KINDS.get(one.kind, one.kind)), _number(one.masked, one.live)) for one in item.identifiers]
    media = [
        (_(MEDIA_KINDS.get(one.kind, one.kind)), f"{one.masked} · {size_of(one.capacity_bytes)} · {_(MEDIUM[one.state].label)}")
        for one in item.media
    ]
    states = {"active": _("In the market"), "frozen": _("Frozen"), "released": _("Released"), "scrapped": _("Scrapped")}
    return [
        (_("State"), states[item.state]), (_("Custody epoch"), str(item.epoch)),
        (_("Can hold data"), _("Yes") if item.data_bearing else _("No")), (_("Registered on"), when(item.created_at) or ""),
        *numbers, *media, (_("Owner's account"), item.owner_id), (_("Id in the log"), item.id),
    ]  # fmt: skip


def _number(masked: str, live: bool) -> str:
    return masked if live else _("%(number)s (no longer in force)", number=masked)


def _paper(certificate: Certificate) -> Paper:
    one = read_here(certificate, g.language)
    return Paper(one.number, one.state, one.help, one.rows, one.checks, one.genuine, _(paper.CHECKED[one.genuine]))


def _jobs(item_id: str) -> list[JobShown]:
    shown = []
    for job in wipes.jobs_of_item(g.db, item_id):
        verification = wipes.find_verification(g.db, job.id)
        words = {"accepted": _("Accepted by a second person"), "rejected": _("Rejected by a second person")}
        decision = words[verification.decision] if verification else _("No second person has decided yet")
        state = JOB[job.state]
        media = [one for one in show.media_of(g.db, job) if one.trials]
        shown.append(JobShown(job.number, f"/wipes/{job.id}", (_(state.label), state.tone), decision, media))
    return shown


def _files(item_id: str) -> list[FileShown]:
    return [
        FileShown(f"/evidence/{file.id}", job.number, file.format, size_of(file.size), file.digest,
                  when(file.attached_at) or "")
        for file, job in queries.evidence_of(g.db, item_id)
    ]  # fmt: skip


def _custody(item: Item) -> list[tuple[str, str, str, str]]:
    """(since, where, why, epoch), newest first. Holders are told by the chain, by role."""
    lines = reversed(custody.history(g.db, item.id))
    return [
        (when(line.since) or "", _(custody.where(line)) + (f" · {line.seal_number}" if line.seal_number else ""),
         _(custody.RAISING.get(line.why) or custody.MOVES.get(line.why, line.why)), str(line.epoch))
        for line in lines
    ]  # fmt: skip
