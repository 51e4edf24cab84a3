"""The check-list at the bench: choose the platform and walk through its parts, saved as one goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, g, redirect, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from wtforms import Field, IntegerField, MultipleFileField, RadioField, StringField
from wtforms.validators import Length, NumberRange, Optional

from core import ids
from core.access import needs
from core.data_files import text as in_language
from core.doing import doing
from core.errors import Refused
from core.forms import Form, text
from core.i18n import N_
from core.page import Page
from core.web import sentence
from privacy.access import load_job
from privacy.bench import bench
from privacy.devices.counting import count
from privacy.wipes import checklist_filling, checklist_show, queries
from privacy.wipes.checklist import PARTS, Checklist
from privacy.wipes.checklist_filling import find_open, get_open
from privacy.wipes.checklist_models import FilledList
from privacy.wipes.checklist_show import PhotoShown, labels
from privacy.wipes.checklists import checklists_for, get_checklist
from privacy.wipes.models import WipeJob
from privacy.wipes.show import title_of
from privacy.wipes.views import blueprint, checklist_gate
from privacy.wipes.views.checklist_gate import Unlisted
from privacy.wipes.views.checklist_send import check_page
from privacy.wipes.views.parts import again

PHOTO_LARGEST = 20 * 1024 * 1024
CHECK = "check"
_PLAIN = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}


class BeginForm(Form):
    """Which list, and what was counted."""

    platform = RadioField(text(N_("Which platform is it?")), validate_choice=False)
    counted = IntegerField(
        text(N_("How many storage media are inside?")),
        [Optional(), NumberRange(0, 99)],
        description=text(N_("Built-in storage counts as one; memory cards and disks that can be taken out count one each.")),
        render_kw={"inputmode": "numeric", "min": "0", "max": "99", "autocomplete": "off"},
    )


@dataclass(frozen=True, kw_only=True)
class BeginPage(Page):
    template = "privacy/checklist_begin.html"
    job_id: str
    number: str
    title: str
    challenge: str
    form: BeginForm
    other: str


@dataclass(frozen=True, slots=True)
class StepField:
    """A step of the form: names of its fields, and what is there already."""

    field: str
    photo_field: str
    photo: str
    hint: str
    number: int
    photos: Sequence[PhotoShown]


@dataclass(frozen=True, kw_only=True)
class PartPage(Page):
    template = "privacy/checklist.html"
    job_id: str
    number: str
    title: str
    challenge: str
    platform: str
    part: str
    labels: Sequence[str]
    position: int
    form: Form
    readings: Sequence[str]
    steps: Sequence[StepField]
    saved_at: str
    unlisted: Unlisted | None


@blueprint.get("/wipes/<job_id>/checklist")
@needs("privacy:bench:work", on=load_job)
def show_checklist(job: WipeJob) -> object:
    """Where one left off: the choice of the platform, a part of the list, or the look at the whole."""
    if job.state != "wiping":
        return redirect(f"/wipes/{job.id}/bench", 303)
    found = find_open(g.db, job.id)
    if found is None or "begin" in request.args:
        return _begin_page(job, found)
    part = request.args.get("part", "")
    if part == CHECK:
        return check_page(job, found)
    return _part_page(job, found, part if part in PARTS else _first_open(found))


def _first_open(found: FilledList) -> str:
    """The first part in which something is unanswered."""
    for name in PARTS:
        if any(step.code not in found.answers for step in get_checklist(found.platform).part(name)):
            return name
    return next(reversed(PARTS))


def _begin_page(job: WipeJob, found: FilledList | None, form: BeginForm | None = None, status: int = 200) -> Response:
    item = queries.get_item(g.db, job.item_id)
    mine = checklists_for(item.category, item.brand)
    form = form or BeginForm(formdata=None, platform=found.platform if found else (mine[0].code if mine else ""))
    form.platform.choices = [(one.code, in_language(one.names, g.language)) for one in mine]
    return BeginPage(
        job_id=job.id,
        number=job.number,
        title=title_of(item),
        challenge=ids.grouped(job.challenge),
        form=form,
        other=found.platform if found else "",
    ).answer(status)


@blueprint.post("/wipes/<job_id>/checklist/begin")
@needs("privacy:bench:work", on=load_job)
def begin_checklist(job: WipeJob) -> object:
    form, job_id = BeginForm(), job.id
    if not form.validate_on_submit():
        return _begin_page(job, find_open(g.db, job_id), form, 422)
    try:
        with doing() as w:
            fresh = again(w, job_id)
            checklist_filling.begin(w, fresh, form.platform.data or "", anew="anew" in request.form)
            if form.counted.data is not None:
                count(w, fresh, form.counted.data)
    except Refused as no:
        form.blame(no)
        return _begin_page(queries.get_job(g.db, job_id), find_open(g.db, job_id), form, no.status)
    return redirect(f"/wipes/{job_id}/checklist", 303)


def _form_of(checklist: Checklist, found: FilledList, part: str, brand: str, *, sent: bool) -> Form:
    """A part's form; what was answered is marked. Nothing is required: it is saved as it is, and the look at the whole says what
    is open."""
    fields: dict[str, Field] = {}
    data: dict[str, str] = {}
    if part == "before":
        for name in checklist.reads:
            label = checklist_show.reading_label(name)
            fields[f"r_{name}"] = StringField(label, [Length(max=checklist_filling.READING_MOST)], render_kw=_PLAIN)
            data[f"r_{name}"] = str(found.readings.get(name, ""))
    for step in checklist.part(part, brand):
        answers = [(code, text(word)) for code, word in step.answers.items()]
        fields[f"s_{step.code}"] = RadioField(in_language(step.question, g.language), choices=answers, validate_choice=False)
        data[f"s_{step.code}"] = found.answers.get(step.code, {}).get("a", "")
        if step.photo != "none":
            label = _("Photo with the challenge code") if step.photo == "challenge" else _("Photo")
            fields[f"p_{step.code}"] = MultipleFileField(label)
    made: Any = type("PartForm", (Form,), fields)
    return made(data=data) if sent else made(formdata=None, data=data)  # type: ignore[no-any-return]


def _part_page(job: WipeJob, found: FilledList, part: str, form: Form | None = None, status: int = 200) -> Response:
    item, checklist = queries.get_item(g.db, job.item_id), get_checklist(found.platform)
    by_step = checklist_filling.photos_of(found)
    steps = [
        StepField(
            f"s_{step.code}",
            f"p_{step.code}" if step.photo != "none" else "",
            step.photo,
            in_language(step.how, g.language) if step.how else "",
            number,
            [checklist_show.photo_of(job, one) for one in by_step.get(step.code, [])],
        )
        for number, step in enumerate(checklist.part(part, item.brand), 1)
    ]
    return PartPage(
        job_id=job.id,
        number=job.number,
        title=title_of(item),
        challenge=ids.grouped(job.challenge),
        platform=in_language(checklist.names, g.language),
        part=part,
        labels=labels(),
        position=list(PARTS).index(part) + 1,
        form=form or _form_of(checklist, found, part, item.brand, sent=False),
        readings=[f"r_{name}" for name in checklist.reads] if part == "before" else [],
        steps=steps,
        saved_at=checklist_show.moment_of(found.saved_at),
        unlisted=checklist_gate.unlisted(job, found) if part == "wipe" else None,
    ).answer(status)


@blueprint.post("/wipes/<job_id>/checklist")
@needs("privacy:bench:work", on=load_job)
def save_checklist(job: WipeJob) -> object:
    """Answers first, then each photo in a transaction of its own: a bad photo costs nothing but itself."""
    job_id, part = job.id, request.form.get("part", "")
    found = find_open(g.db, job_id)
    if found is None or part not in PARTS or job.state != "wiping":
        return redirect(f"/wipes/{job_id}/checklist", 303)
    item, checklist = queries.get_item(g.db, job.item_id), get_checklist(found.platform)
    form = _form_of(checklist, found, part, item.brand, sent=True)
    if not form.validate_on_submit():
        return _part_page(job, found, part, form, 422)
    with doing() as w:
        fresh = again(w, job_id)
        mine = get_open(w, job_id)
        given = {step.code: str(form[f"s_{step.code}"].data or "") for step in checklist.part(part, item.brand)}
        reads = {name: str(form[f"r_{name}"].data or "") for name in checklist.reads} if part == "before" else {}
        checklist_filling.save(w, fresh, mine, given, reads)
        if request.form.get("remove"):
            checklist_filling.remove_photo(w, fresh, mine, request.form["remove"])
    problem = _keep_photos(job_id, form)
    if problem is not None:
        again_found = find_open(g.db, job_id)
        if again_found is not None:
            return _part_page(queries.get_job(g.db, job_id), again_found, part, form, problem)
    if part == "before" and _next(part) != part:
        job, whole = queries.get_job(g.db, job_id), find_open(g.db, job_id)
        if whole is not None and checklist_gate.blame_missing(form, job, whole):
            return _part_page(job, whole, part, form, 422)
    return redirect(f"/wipes/{job_id}/checklist?part={_next(part)}", 303)


def _next(part: str) -> str:
    """Stay, or go to the part that the pressed button names."""
    if request.form.get("remove") or request.form.get("go") != "on":
        return part
    return dict(zip(PARTS, [*list(PARTS)[1:], CHECK], strict=True))[part]


def _keep_photos(job_id: str, form: Form) -> int | None:
    """Keep each photo that was sent; says the status of the last refusal, which stands at its field."""
    status = None
    for field in form:
        if not field.name.startswith("p_"):
            continue
        for sent in field.data or []:
            if not isinstance(sent, FileStorage) or not sent.filename:
                continue
            try:
                raw = sent.stream.read(PHOTO_LARGEST + 1)
                with doing() as w:
                    fresh = again(w, job_id)
                    checklist_filling.add_photo(w, bench(), fresh, get_open(w, job_id), field.name.removeprefix("p_"), raw)
            except Refused as no:
                field.errors = [*field.errors, sentence(no)]
                status = no.status
    return status
