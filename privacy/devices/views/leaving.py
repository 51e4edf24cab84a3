"""A medium is counted, taken out, destroyed, and its destruction witnessed."""

from flask import g
from flask.wrappers import Response
from flask_babel import gettext as _

from core import ids
from core.access import needs, visitor
from core.doing import doing, done
from core.errors import Forbidden, NotFound, Refused
from core.forms import Form, text
from core.goods.models import StorageMedium
from core.goods.words import MEDIA_KINDS
from privacy.access import load_job
from privacy.bench import bench
from privacy.devices import counting, queries, rules, taking_out
from privacy.devices.access import OnBench, load_destruction, load_on_bench
from privacy.devices.forms import WAYS, CountForm, DestroyForm, OutForm
from privacy.devices.models import Destruction
from privacy.devices.views import StepPage, blueprint, photo_of
from privacy.wipes.models import WipeJob
from privacy.wipes.queries import get_job
from privacy.wipes.views.parts import again


def _medium_facts(job: WipeJob, medium: StorageMedium) -> list[tuple[str, str]]:
    return [
        (_("Storage medium"), f"{_(MEDIA_KINDS[medium.kind])} {medium.masked}"),
        (_("Challenge code"), ids.grouped(job.challenge)),
    ]


def _count_page(job: WipeJob, form: CountForm) -> StepPage:
    return StepPage(
        title=_("Count what is inside"),
        lead=_(
            "A certificate covers a device only when every medium in it is covered. So it is counted before the wipe and after."
        ),
        kicker=job.number,
        facts=[],
        photos=[],
        form=form,
        submit=_("Counted"),
        back=f"/wipes/{job.id}/bench",
    )


@blueprint.get("/wipes/<job_id>/count")
@needs("privacy:bench:work", on=load_job)
def show_count(job: WipeJob) -> object:
    return _count_page(job, CountForm(formdata=None)).answer()


@blueprint.post("/wipes/<job_id>/count")
@needs("privacy:bench:work", on=load_job)
def count(job: WipeJob) -> object:
    form, job_id = CountForm(), job.id
    if not form.validate_on_submit():
        return _count_page(job, form).answer(422)
    try:
        with doing() as w:
            counting.count(w, again(w, job_id), form.counted.data)
    except Refused as no:
        form.blame(no)
        return _count_page(get_job(g.db, job_id), form).answer(no.status)
    return done(_("Counted. Now every medium needs a file, or leaves the device."), f"/wipes/{job_id}/bench#evidence")


def _out_form(medium: StorageMedium, *, sent: bool) -> OutForm:
    form = OutForm() if sent else OutForm(formdata=None)
    form.way.choices = [(code, text(WAYS[code])) for code in rules.way_out(medium.kind)]
    return form


def _out_page(one: OnBench, form: OutForm) -> StepPage:
    return StepPage(
        title=_("Take a medium out"),
        lead=_("It doesn't go on sale with the device. Photograph it beside its empty place before anything else happens to it."),
        kicker=one.job.number,
        facts=_medium_facts(one.job, one.medium),
        photos=[],
        form=form,
        submit=_("It is out"),
        back=f"/wipes/{one.job.id}/bench",
    )


@blueprint.get("/wipes/<job_id>/media/<medium_id>/out")
@needs("privacy:medium:take_out", on=load_on_bench)
def show_out(one: OnBench) -> object:
    return _out_page(one, _out_form(one.medium, sent=False)).answer()


@blueprint.post("/wipes/<job_id>/media/<medium_id>/out")
@needs("privacy:medium:take_out", on=load_on_bench)
def out(one: OnBench) -> object:
    form, job_id, medium_id = _out_form(one.medium, sent=True), one.job.id, one.medium.id
    if not form.validate_on_submit():
        return _out_page(one, form).answer(422)
    try:
        with doing() as w:
            medium = w.session.get_one(StorageMedium, medium_id)
            taking_out.take_out(w, bench(), again(w, job_id), medium, way=form.way.data, photo=photo_of(form.photo))
    except Refused as no:
        form.blame(no)
        return _out_page(load_on_bench(g.db, job_id, medium_id), form).answer(no.status)
    if form.way.data == "destroy":
        return done(_("Recorded. Now say how it was destroyed."), f"/wipes/{job_id}/media/{medium_id}/destroy")
    return done(_("Recorded."), f"/wipes/{job_id}/bench#media")


def _destroy_page(one: OnBench, form: Form) -> StepPage:
    return StepPage(
        title=_("Destroy a medium"),
        lead=_("Another person has to see it and say so under the own sign-in; only then it counts as destroyed."),
        kicker=one.job.number,
        facts=_medium_facts(one.job, one.medium),
        photos=[],
        form=form,
        submit=_("Destroyed"),
        back=f"/wipes/{one.job.id}/bench",
        tone="danger",
    )


@blueprint.get("/wipes/<job_id>/media/<medium_id>/destroy")
@needs("privacy:medium:take_out", on=load_on_bench)
def show_destroy(one: OnBench) -> object:
    return _destroy_page(one, DestroyForm(formdata=None)).answer()


@blueprint.post("/wipes/<job_id>/media/<medium_id>/destroy")
@needs("privacy:medium:take_out", on=load_on_bench)
def destroy(one: OnBench) -> object:
    form, job_id, medium_id = DestroyForm(), one.job.id, one.medium.id
    if not form.validate_on_submit():
        return _destroy_page(one, form).answer(422)
    try:
        with doing() as w:
            taking_out.destroy(
                w,
                bench(),
                again(w, job_id),
                w.session.get_one(StorageMedium, medium_id),
                method=form.method.data,
                millimetres=form.millimetres.data,
                contractor=form.contractor.data or "",
                photo=photo_of(form.photo),
            )
    except Refused as no:
        form.blame(no)
        return _destroy_page(load_on_bench(g.db, job_id, medium_id), form).answer(no.status)
    return done(_("Recorded. It counts once a second person has witnessed it."), f"/wipes/{job_id}/bench#media")


def _witness_page(one: Destruction, form: Form) -> StepPage:
    job, medium = get_job(g.db, one.job_id), queries.get_medium(g.db, one.medium_id)
    facts = _medium_facts(job, medium)
    facts.append((_("How it was destroyed"), _(rules.DESTRUCTIONS[one.method])))
    if one.millimetres:
        facts.append((_("Largest piece in millimetres"), str(one.millimetres)))
    if one.contractor:
        facts.append((_("Who destroyed it, if a contractor did"), one.contractor))
    return StepPage(
        title=_("Witness a destruction"),
        lead=_("Only if you saw it yourself. Compare the serial number on the medium or on the photo taken before."),
        kicker=job.number,
        facts=facts,
        photos=[
            (_("Photo from before"), f"/wipes/{job.id}/media/{medium.id}/out.jpg"),
            (_("Photo of what is left of it"), f"/destructions/{one.id}/photo.jpg"),
        ],
        form=form,
        submit=_("I saw it destroyed"),
        back="/wipes",
    )


@blueprint.get("/destructions/<destruction_id>/witness")
@needs("privacy:destruction:witness", on=load_destruction)
def show_witness(one: Destruction) -> object:
    _another_person(one)
    return _witness_page(one, Form(formdata=None)).answer()


@blueprint.post("/destructions/<destruction_id>/witness")
@needs("privacy:destruction:witness", on=load_destruction)
def witness(one: Destruction) -> object:
    form, found, job_id = Form(), one.id, one.job_id
    _another_person(one)
    try:
        with doing() as w:
            taking_out.witness(w, load_destruction(w.session, found), signed_in_at=visitor().fresh_at)
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _witness_page(load_destruction(g.db, found), form).answer(no.status)
    return done(_("Witnessed. The medium counts as destroyed."), f"/wipes/{job_id}")


def _another_person(one: Destruction) -> None:
    job = get_job(g.db, one.job_id)
    if visitor().account_id in (one.destroyed_by, job.owner_id):
        raise Forbidden("own_destruction", taking_out.OWN)


@blueprint.get("/wipes/<job_id>/media/<medium_id>/out.jpg")
@needs("privacy:medium:photo", on=load_on_bench)
def out_photo(one: OnBench) -> Response:
    found = queries.find_out(g.db, one.medium.id)
    if found is None:
        raise NotFound()
    return _jpeg(found.photo)


@blueprint.get("/destructions/<destruction_id>/photo.jpg")
@needs("privacy:destruction:photo", on=load_destruction)
def destruction_photo(one: Destruction) -> Response:
    return _jpeg(one.photo)


def _jpeg(digest: str) -> Response:
    answer = Response(bench().store.get(digest), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
