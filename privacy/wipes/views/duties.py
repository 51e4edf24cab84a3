"""Two steps at the bench beside the wipe: account locks read before it, and a verifier's look at what a medium is made of."""

from flask import g
from flask_babel import gettext as _
from flask_wtf.file import FileField
from wtforms import RadioField
from wtforms.validators import InputRequired

from core import ids
from core.access import needs, visitor
from core.doing import doing, done
from core.errors import Forbidden, Refused
from core.forms import Form, text
from core.goods.models import StorageMedium
from core.i18n import N_, listed
from privacy.access import load_job
from privacy.bench import bench
from privacy.devices.access import OnBench, load_on_bench
from privacy.devices.views import StepPage, photo_of
from privacy.wipes import kinds, locks, queries, rules
from privacy.wipes.forms import LocksForm, locks_of
from privacy.wipes.models import WipeJob
from privacy.wipes.show import title_of
from privacy.wipes.views import blueprint
from privacy.wipes.views.parts import again

CHOOSE = InputRequired(text(N_("Please choose one of the answers offered.")))


class KindForm(Form):
    made_of = RadioField(
        text(N_("What it is")), [CHOOSE], choices=[(code, text(sentence)) for code, sentence in kinds.MADE_OF.items()]
    )
    photo = FileField(
        text(N_("Photo of the medium and its label, with the challenge code")),
        description=text(N_("Look into the opened device. Don't go by what is entered or by the tool's file.")),
    )


def _locks_form(job: WipeJob, *, sent: bool) -> LocksForm:
    form, asked = LocksForm() if sent else LocksForm(formdata=None), rules.locks_of(queries.get_item(g.db, job.item_id).category)
    for lock in ("find_my", "firmware", "enrolment"):
        if lock not in asked:
            del form[f"lock_{lock}"]
    return form


def _locks_page(job: WipeJob, form: LocksForm) -> StepPage:
    item = queries.get_item(g.db, job.item_id)
    return StepPage(
        title=_("Read the account locks"),
        lead=_("Before the wipe, on the device itself or as its owner shows you; nobody signs in. The verifier reads them anew."),
        kicker=job.number,
        facts=[
            (_("Device"), title_of(item)),
            (_("Serial number"), listed((one.masked for one in item.identifiers if one.live), g.language) or "—"),
        ],
        photos=[],
        form=form,
        submit=_("That is what I saw"),
        back=f"/wipes/{job.id}/bench",
    )


@blueprint.get("/wipes/<job_id>/locks")
@needs("privacy:bench:work", on=load_job)
def show_locks(job: WipeJob) -> object:
    return _locks_page(job, _locks_form(job, sent=False)).answer()


@blueprint.post("/wipes/<job_id>/locks")
@needs("privacy:bench:work", on=load_job)
def read_locks(job: WipeJob) -> object:
    form, job_id = _locks_form(job, sent=True), job.id
    if not form.validate_on_submit():
        return _locks_page(job, form).answer(422)
    try:
        with doing() as w:
            locks.read_before(w, again(w, job_id), locks_of(form))
    except Refused as no:
        form.blame(no)
        return _locks_page(queries.get_job(g.db, job_id), form).answer(no.status)
    return done(_("On record. The verifier reads them anew after the wipe."), f"/wipes/{job_id}/bench#evidence")


def _kind_page(one: OnBench, form: KindForm) -> StepPage:
    return StepPage(
        title=_("Look at what the medium is made of"),
        lead=_("No file tells it, and a magnetic disk asks for more than flash. Your look decides by which rule it is judged."),
        kicker=one.job.number,
        facts=[(_("Serial number"), one.medium.masked), (_("Challenge code"), ids.grouped(one.job.challenge))],
        photos=[],
        form=form,
        submit=_("That is what I see"),
        back=f"/wipes/{one.job.id}/bench",
    )


@blueprint.get("/wipes/<job_id>/media/<medium_id>/kind")
@needs("privacy:medium:look", on=load_on_bench)
def show_kind(one: OnBench) -> object:
    _another_person(one.job)
    return _kind_page(one, KindForm(formdata=None)).answer()


@blueprint.post("/wipes/<job_id>/media/<medium_id>/kind")
@needs("privacy:medium:look", on=load_on_bench)
def see_kind(one: OnBench) -> object:
    form, job_id, medium_id = KindForm(), one.job.id, one.medium.id
    _another_person(one.job)
    if not form.validate_on_submit():
        return _kind_page(one, form).answer(422)
    try:
        with doing() as w:
            medium = w.session.get_one(StorageMedium, medium_id)
            kinds.look_at(
                w, bench(), again(w, job_id), medium, made_of=form.made_of.data, photo=photo_of(form.photo),
                signed_in_at=visitor().fresh_at,
            )  # fmt: skip
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _kind_page(load_on_bench(g.db, job_id, medium_id), form).answer(no.status)
    return done(_("On record. What waited for it was judged again."), f"/wipes/{job_id}/bench#media")


def _another_person(job: WipeJob) -> None:
    why = rules.may_verify(job.operator_id, job.owner_id, queries.attached_by(g.db, job.id), visitor().account_id or "")
    if why:
        raise Forbidden("own_hand", kinds.OWN_HAND)
