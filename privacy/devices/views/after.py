"""Work after the wipe begins with its operator and ends with the verifier's look."""

from flask import g
from flask_babel import gettext as _

from core import ids
from core.access import needs, visitor
from core.doing import doing, done
from core.errors import Forbidden, Refused
from privacy.access import load_job
from privacy.bench import bench
from privacy.devices import after_work
from privacy.devices.access import load_work
from privacy.devices.forms import BeginWorkForm, EndWorkForm
from privacy.devices.models import AfterWork
from privacy.devices.rules import COUNTING
from privacy.devices.views import StepPage, blueprint, commands, files_of, photo_of
from privacy.wipes.models import WipeJob
from privacy.wipes.queries import get_job, present_media
from privacy.wipes.views.parts import again


def _begin_page(job: WipeJob, form: BeginWorkForm) -> StepPage:
    return StepPage(
        title=_("Work after the wipe"),
        lead=_("Tests, or a system from a known image: no account is signed in, and the shop's Wi-Fi is removed at the end."),
        kicker=job.number,
        facts=[],
        photos=[],
        form=form,
        submit=_("Begin"),
        back=f"/wipes/{job.id}/bench",
    )


@blueprint.get("/wipes/<job_id>/after-work")
@needs("privacy:bench:work", on=load_job)
def show_begin(job: WipeJob) -> object:
    return _begin_page(job, BeginWorkForm(formdata=None)).answer()


@blueprint.post("/wipes/<job_id>/after-work")
@needs("privacy:bench:work", on=load_job)
def begin(job: WipeJob) -> object:
    form, job_id = BeginWorkForm(), job.id
    if not form.validate_on_submit():
        return _begin_page(job, form).answer(422)
    try:
        with doing() as w:
            one = after_work.begin(
                w,
                again(w, job_id),
                purpose=form.purpose.data,
                image_name=form.image_name.data or "",
                image_digest=form.image_digest.data or "",
            )
            code = ids.grouped(one.code)
    except Refused as no:
        form.blame(no)
        return _begin_page(get_job(g.db, job_id), form).answer(no.status)
    said = _("Begun. When you are done, leave the device at the set-up screen; the verifier needs the code %(code)s.", code=code)
    return done(said, f"/wipes/{job_id}/bench")


def _end_page(one: AfterWork, form: EndWorkForm) -> StepPage:
    job = get_job(g.db, one.job_id)
    facts = [(_("What is done"), _(after_work.PURPOSES[one.purpose])), (_("Code for the photo"), ids.grouped(one.code))]
    facts += [(label, command) for label, command in commands(ids.grouped(one.code))] if _counts(job) else []
    if one.image_name:
        facts += [(_("Name of the system image"), one.image_name), (_("SHA-256 of the image"), one.image_digest)]
    return StepPage(
        title=_("End the work after the wipe"),
        lead=_("Look at the device yourself: it has to stand at its set-up screen as if it were new."),
        kicker=job.number,
        facts=facts,
        photos=[],
        form=form,
        submit=_("Looked at: end the work"),
        back=f"/wipes/{job.id}/verify",
    )


def _counts(job: WipeJob) -> bool:
    return any(one.kind in COUNTING for one in present_media(g.db, job.item_id))


@blueprint.get("/after-works/<work_id>/end")
@needs("privacy:after_work:end", on=load_work)
def show_end(one: AfterWork) -> object:
    return _end_page(one, EndWorkForm(formdata=None)).answer()


@blueprint.post("/after-works/<work_id>/end")
@needs("privacy:after_work:end", on=load_work)
def end(one: AfterWork) -> object:
    form, work_id, job_id = EndWorkForm(), one.id, one.job_id
    if not form.validate_on_submit():
        return _end_page(one, form).answer(422)
    try:
        with doing() as w:
            after_work.end(
                w,
                bench(),
                load_work(w.session, work_id),
                checks=form.checks,
                photo=photo_of(form.photo),
                readings=files_of(form.readings),
                signed_in_at=visitor().fresh_at,
            )
    except Forbidden:
        raise
    except Refused as no:
        no.field = {"file": "readings"}.get(no.field, no.field)
        form.blame(no)
        return _end_page(load_work(g.db, work_id), form).answer(no.status)
    return done(_("Ended. Use of the device is counted from now on. Verify the wipe next."), f"/wipes/{job_id}/verify")
