"""The bench: a device is received, started, its inventory made certain, the tool's files attached."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, request
from flask_babel import gettext as _
from markupsafe import Markup

from core import ids
from core.access import may, needs, visitor
from core.doing import doing, done
from core.errors import Invalid, Refused
from core.goods.cards import get_card
from core.goods.custody import find_holder, where
from core.goods.describe import masked_numbers
from core.goods.models import Item, StorageMedium
from core.i18n import N_
from core.page import Page
from core.people.models import Account
from core.web import sentence
from core.work import Work
from privacy.access import load_held, load_job
from privacy.bench import bench
from privacy.devices.views.power import PowerShown
from privacy.devices.views.power import shown as power_shown
from privacy.evidence.readers.text import LARGEST
from privacy.sampling.cookie import device as browser
from privacy.sampling.marks import mark
from privacy.wipes import actions, queries
from privacy.wipes.attaching import attach
from privacy.wipes.checklist_filling import find_open
from privacy.wipes.checklist_sending import FORMAT
from privacy.wipes.checklists import checklists_for
from privacy.wipes.forms import CorrectionForm, EvidenceForm, GiveUpForm, MediumForm, PointForm
from privacy.wipes.models import EvidenceFile, WipeJob
from privacy.wipes.people import COUNTER
from privacy.wipes.show import MediumShown, Step, media_of, steps_of, title_of, when
from privacy.wipes.states import JOB
from privacy.wipes.views import blueprint
from privacy.wipes.views.bench_more import More
from privacy.wipes.views.bench_more import of as more_of
from privacy.wipes.views.bench_steps import device_steps
from privacy.wipes.views.desk import consent_code
from privacy.wipes.views.parts import again, points

MOST_FILES = 8


@dataclass(frozen=True, slots=True)
class FileShown:
    href: str
    digest: str
    size: int
    format: str
    at: str


@dataclass(frozen=True, kw_only=True)
class BenchPage(Page):
    template = "privacy/wipe_bench.html"
    job_id: str
    item_id: str
    number: str
    challenge: str
    title: str
    numbers: Sequence[tuple[str, str]]
    record_href: str
    custody_href: str
    place: str
    state: tuple[str, str]
    state_code: str
    help: str
    steps: Sequence[Step]
    media: Sequence[MediumShown]
    files: Sequence[FileShown]
    consent_at: str | None
    consent_href: str
    paper_href: str
    qr: Markup | None
    can_receive: bool
    can_start: bool
    works: bool
    can_verify: bool
    point_form: PointForm
    medium_form: MediumForm
    evidence_form: EvidenceForm
    give_up_form: GiveUpForm
    uncovered: int
    counted: str | None
    to_destroy: Sequence[tuple[str, str]]
    to_witness: Sequence[tuple[str, str]]
    after_works: Sequence[tuple[str, str, str | None]]
    to_sign: bool
    signed: str | None
    can_add_work: bool
    by_list: bool
    list_fits: bool
    list_begun: bool
    more: More
    power: PowerShown | None


def page_of(
    job: WipeJob,
    *,
    medium: MediumForm | None = None,
    evidence: EvidenceForm | None = None,
    give_up: GiveUpForm | None = None,
    point: PointForm | None = None,
) -> BenchPage:
    item, line = queries.get_item(g.db, job.item_id), find_holder(g.db, job.item_id)
    state, media = JOB[job.state], media_of(g.db, job)
    href, qr = consent_code(job.id)
    at_counter = line is not None and line.place == "counter" and line.holder_id == job.org_id
    point, held = point or _point_form(job), load_held(g.db, item.id)
    on_paper = g.db.get_one(Account, job.owner_id).house
    return BenchPage(
        job_id=job.id,
        item_id=item.id,
        number=job.number,
        challenge=ids.grouped(job.challenge),
        title=title_of(item),
        numbers=masked_numbers(item, g.language),
        record_href=f"/items/{item.id}/device" if may(visitor(), "privacy:device:see", held) else "",
        custody_href=f"/items/{item.id}/custody" if may(visitor(), "privacy:custody:see", held) else "",
        place=_(where(line)) if line else "",
        state=(_(state.label), state.tone),
        state_code=job.state,
        help=_(state.help),
        steps=steps_of(job, queries.find_verification(g.db, job.id)),
        media=media,
        files=[
            FileShown(address_of(one), one.digest, one.size, one.format, when(one.attached_at) or "")
            for one in job.evidence
        ],
        consent_at=when(job.consent_at),
        consent_href=href,
        qr=qr if job.state == "opened" and not on_paper else None,
        paper_href=f"/wipes/{job.id}/consent/paper" if job.state == "opened" and on_paper else "",
        can_receive=job.state == "consented" and not at_counter and may(visitor(), "privacy:job:receive", job),
        can_start=job.state == "consented" and may(visitor(), "privacy:job:start", job),
        works=job.state in ("wiping", "judged") and may(visitor(), "privacy:bench:work", job),
        can_verify=job.state == "judged" and "wipe_verifier" in visitor().roles | visitor().asleep,
        point_form=point,
        medium_form=medium or MediumForm(formdata=None),
        evidence_form=evidence or EvidenceForm(formdata=None),
        give_up_form=give_up or GiveUpForm(formdata=None),
        uncovered=sum(1 for one in media if one.present and not one.passed),
        more=more_of(job, item),
        power=power_shown(job, item),
        **device_steps(job),
        **_list_steps(job, item),
    )


def address_of(file: EvidenceFile) -> str:
    """Where a file is read: a check-list as a list, a tool's file line by line."""
    return f"/evidence/{file.id}/checklist" if file.format == FORMAT else f"/evidence/{file.id}"


def _list_steps(job: WipeJob, item: Item) -> dict[str, Any]:
    """Does a check-list lead on here: by its category always, and on a computer by choice."""
    return {
        "by_list": get_card(item.category).wipe_route == "checklist",
        "list_fits": bool(checklists_for(item.category)),
        "list_begun": find_open(g.db, job.id) is not None,
    }


def _point_form(job: WipeJob, *, sent: bool = False) -> PointForm:
    form = PointForm() if sent else PointForm(formdata=None)
    mine = visitor().orgs_as(*COUNTER)
    form.org.choices = points(g.db, mine & {job.org_id} if job.org_id else mine)  # type: ignore[arg-type]
    return form


@blueprint.get("/wipes/<job_id>/bench")
@needs("privacy:bench:see", on=load_job)
def show_bench(job: WipeJob) -> object:
    return page_of(job).answer()


@blueprint.post("/wipes/<job_id>/receive")
@needs("privacy:job:receive", on=load_job)
def receive(job: WipeJob) -> object:
    return _at_point(job, actions.receive, _("Received. It stands at the counter now."))


@blueprint.post("/wipes/<job_id>/start")
@needs("privacy:job:start", on=load_job)
def start(job: WipeJob) -> object:
    return _at_point(job, actions.start, _("It is on your bench. Attach the tool's file when the wipe is through."))


def _at_point(job: WipeJob, act: Callable[[Work, WipeJob, str], None], said: str) -> object:
    form, job_id = _point_form(job, sent=True), job.id
    if not form.validate_on_submit():
        return page_of(job, point=form).answer(422)
    try:
        with doing() as w:
            act(w, again(w, job_id), form.org.data)
            if act is actions.start:
                mark(w, again(w, job_id), "start", browser())
    except Refused as no:
        form.blame(no)
        return page_of(queries.get_job(g.db, job_id), point=form).answer(no.status)
    return done(said, f"/wipes/{job_id}/bench")


@blueprint.post("/wipes/<job_id>/media")
@needs("privacy:bench:work", on=load_job)
def add_medium(job: WipeJob) -> object:
    form, job_id = MediumForm(), job.id
    if not form.validate_on_submit():
        return page_of(job, medium=form).answer(422)
    try:
        with doing() as w:
            actions.add_medium(w, again(w, job_id), kind=form.kind.data, serial=form.serial.data)
    except Refused as no:
        no.field = {"media": "serial"}.get(no.field, no.field)
        form.blame(no)
        return page_of(queries.get_job(g.db, job_id), medium=form).answer(no.status)
    return done(_("Added. It has to be wiped and covered by a file, too."), f"/wipes/{job_id}/bench#media")


@blueprint.post("/wipes/<job_id>/media/correct")
@needs("privacy:bench:work", on=load_job)
def correct_medium(job: WipeJob) -> object:
    form, shown, job_id = CorrectionForm(), MediumForm(formdata=None), job.id
    if not form.validate_on_submit():
        raise Invalid("medium_unknown", N_("Choose a medium of this device."))
    try:
        with doing() as w:
            fresh = again(w, job_id)
            medium = w.session.get(StorageMedium, form.medium.data)
            if medium is None:
                raise Invalid("medium_unknown", N_("Choose a medium of this device."))
            if form.to.data == "mistyped":
                actions.correct_medium(w, fresh, medium)
            else:
                actions.correct_kind(w, fresh, medium, form.to.data)
    except Refused as no:
        no.field = ""
        shown.blame(no)
        return page_of(queries.get_job(g.db, job_id), medium=shown).answer(no.status)
    return done(_("The inventory was corrected."), f"/wipes/{job_id}/bench#media")


@blueprint.post("/wipes/<job_id>/evidence")
@needs("privacy:bench:work", on=load_job)
def attach_files(job: WipeJob) -> object:
    """Each file in a transaction of its own; what can't be read is said by the file's name, the others are kept."""
    form, job_id, proves = EvidenceForm(), job.id, True
    if not form.validate_on_submit():
        return page_of(job, evidence=form).answer(422)
    status = 422
    for file in request.files.getlist("files")[:MOST_FILES]:
        try:
            raw = file.stream.read(LARGEST + 1)
            with doing() as w:
                proves &= all(one.verdict == "pass" for one in attach(w, bench(), again(w, job_id), raw))
                mark(w, again(w, job_id), "evidence", browser())
        except Refused as no:
            status = no.status
            form.problems.append(f"{(file.filename or '?')[:80]}: {sentence(no)}")
    if form.problems:
        return page_of(queries.get_job(g.db, job_id), evidence=form).answer(status)
    if not proves:
        said = _("Attached and judged, but it doesn't prove the wipe. Read why at each medium below.")
        return done(said, f"/wipes/{job_id}/bench#media", "warn")
    return done(_("Attached and judged. Read the answer for each medium below."), f"/wipes/{job_id}/bench#media")


@blueprint.post("/wipes/<job_id>/give-up")
@needs("privacy:bench:work", on=load_job)
def give_up(job: WipeJob) -> object:
    form, job_id = GiveUpForm(), job.id
    if not form.validate_on_submit():
        return page_of(job, give_up=form).answer(422)
    try:
        with doing() as w:
            actions.give_up(w, again(w, job_id), form.reason.data)
    except Refused as no:
        form.blame(no)
        return page_of(queries.get_job(g.db, job_id), give_up=form).answer(no.status)
    return done(_("Ended without a certificate. Its owner was told."), f"/wipes/{job_id}/bench")
