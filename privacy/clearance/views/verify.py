"""The verifier's desk: another person, freshly signed in, looks at file and device, then accepts or rejects."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from core import ids
from core.access import needs, visitor
from core.errors import Forbidden, Refused
from core.page import Page
from privacy.access import load_job
from privacy.bench import bench
from privacy.clearance import verifying
from privacy.clearance.forms import RejectForm, VerifyForm
from privacy.clearance.profiles import get_profile
from privacy.clearance.verifying import REFUSALS, Keeping
from privacy.clearance.views import blueprint
from privacy.wipes import queries, rules
from privacy.wipes.models import WipeJob
from privacy.wipes.show import MediumShown, Step, media_of, steps_of, title_of, when
from privacy.wipes.states import JOB
from privacy.wipes.views.bench import FileShown
from privacy.wipes.views.parts import again, doing, done

PHOTO_MOST = 20 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class VerifyPage(Page):
    template = "privacy/verify.html"
    job_id: str
    number: str
    challenge: str
    title: str
    state: tuple[str, str]
    waiting: bool
    help: str
    serials: Sequence[tuple[str, str]]
    steps: Sequence[Step]
    media: Sequence[MediumShown]
    files: Sequence[FileShown]
    profile: str
    profile_claim: str
    form: VerifyForm
    reject_form: RejectForm


def _page(job: WipeJob, form: VerifyForm | None = None, reject: RejectForm | None = None) -> VerifyPage:
    item, profile, state = queries.get_item(g.db, job.item_id), get_profile(bench().profile), JOB[job.state]
    return VerifyPage(
        job_id=job.id,
        number=job.number,
        challenge=ids.grouped(job.challenge),
        title=title_of(item),
        state=(_(state.label), state.tone),
        waiting=job.state == "judged",
        help=_(state.help),
        serials=[(one.kind, one.masked) for one in item.identifiers if one.live],
        steps=steps_of(job, queries.find_verification(g.db, job.id)),
        media=media_of(g.db, job),
        files=[
            FileShown(f"/evidence/{one.id}", one.digest, one.size, one.format, when(one.attached_at) or "")
            for one in job.evidence
        ],
        profile=f"{profile.id} {profile.version}",
        profile_claim=profile.claim.en if g.language == "en" else profile.claim.zh,
        form=form or VerifyForm(formdata=None),
        reject_form=reject or RejectForm(formdata=None),
    )


def _another_person(job: WipeJob) -> None:
    """Say at the door already what the action and the database say again."""
    why = rules.may_verify(job.operator_id, job.owner_id, queries.attached_by(g.db, job.id), visitor().account_id or "")
    if why:
        raise Forbidden(why, REFUSALS[why])


@blueprint.get("/wipes/<job_id>/verify")
@needs("privacy:job:verify", on=load_job)
def show_verify(job: WipeJob) -> object:
    _another_person(job)
    return _page(job).answer()


@blueprint.post("/wipes/<job_id>/verify")
@needs("privacy:job:verify", on=load_job)
def accept(job: WipeJob) -> object:
    form, job_id = VerifyForm(), job.id
    _another_person(job)
    if not form.validate_on_submit():
        return _page(job, form=form).answer(422)
    keeping = Keeping(kept=form.kept.data, seal_number=form.seal_number.data or "", photo=photo_bytes(form.photo.data))
    try:
        with doing() as w:
            number = verifying.accept(
                w, bench(), again(w, job_id), checks=form.checks, keeping=keeping, signed_in_at=visitor().fresh_at
            ).number
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _page(queries.get_job(g.db, job_id), form=form).answer(no.status)
    return done(_("Accepted. The certificate is issued, and the owner was told."), f"/certificates/{number}")


@blueprint.post("/wipes/<job_id>/reject")
@needs("privacy:job:verify", on=load_job)
def reject(job: WipeJob) -> object:
    form, job_id = RejectForm(), job.id
    _another_person(job)
    if not form.validate_on_submit():
        return _page(job, reject=form).answer(422)
    try:
        with doing() as w:
            verifying.reject(w, again(w, job_id), reason=form.reason.data, signed_in_at=visitor().fresh_at)
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _page(queries.get_job(g.db, job_id), reject=form).answer(no.status)
    return done(_("Rejected. The owner and the operator were told."), f"/wipes/{job_id}")


def photo_bytes(sent: FileStorage | None) -> bytes:
    """The uploaded bytes, none when no file was chosen; a little more than allowed is enough to be refused."""
    return sent.stream.read(PHOTO_MOST + 1) if sent else b""
