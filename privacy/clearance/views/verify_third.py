"""The third person's page (清除确认员): what the verifier found, and the own confirmation, where the rules ask for one."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from core import ids
from core.access import needs, visitor
from core.doing import doing, done
from core.errors import Forbidden, Refused
from core.page import Page
from privacy.access import load_job
from privacy.bench import bench
from privacy.clearance import verifying, verifying_third
from privacy.clearance.forms import ConfirmForm, RejectForm
from privacy.clearance.looking import TRIED
from privacy.clearance.verifying import Keeping
from privacy.clearance.verifying_third import REFUSALS, Seen
from privacy.clearance.views import blueprint
from privacy.clearance.views.all_at_once import blame_third
from privacy.clearance.views.verify import photo_bytes
from privacy.looks.views import LookShown, links
from privacy.sampling.cookie import device
from privacy.wipes import queries, rules
from privacy.wipes.models import WipeJob
from privacy.wipes.people import is_here
from privacy.wipes.show import MediumShown, media_of, title_of, when
from privacy.wipes.states import JOB
from privacy.wipes.views.bench import FileShown, address_of
from privacy.wipes.views.parts import again


@dataclass(frozen=True, kw_only=True)
class ConfirmPage(Page):
    template = "privacy/verify_third.html"
    job_id: str
    item_id: str
    number: str
    challenge: str
    title: str
    state: tuple[str, str]
    waiting: bool
    help: str
    refusal: str
    elsewhere: str
    numbers: Sequence[str]
    media: Sequence[MediumShown]
    files: Sequence[FileShown]
    second_looks: Sequence[tuple[str, str, Sequence[LookShown]]]
    found: Sequence[str]
    found_at: str
    tried: str
    form: ConfirmForm
    reject_form: RejectForm


def _page(job: WipeJob, form: ConfirmForm | None = None, reject: RejectForm | None = None) -> ConfirmPage:
    item, state = queries.get_item(g.db, job.item_id), JOB[job.state]
    verification = queries.find_verification(g.db, job.id)
    why = verifying_third.may_confirm(g.db, job, verification, visitor().account_id or "") if verification else None
    checks = verification.checks if verification else {}
    return ConfirmPage(
        job_id=job.id,
        item_id=item.id,
        number=job.number,
        challenge=ids.grouped(job.challenge),
        title=title_of(item),
        state=(_(state.label), state.tone),
        waiting=job.state == "verified",
        help=_(state.help),
        refusal=_(REFUSALS[why]) if why else "",
        elsewhere="" if is_here(g.db, item.id, visitor().orgs_as("wipe_verifier")) else _(verifying.ELSEWHERE),
        numbers=[one.masked for one in item.identifiers if one.live],
        media=media_of(g.db, job),
        files=[FileShown(address_of(one), one.digest, one.size, one.format, when(one.attached_at) or "") for one in job.evidence],
        second_looks=links(job, queries.present_media(g.db, item.id)),
        found=[_(rules.CHECKS[code]) for code in rules.CHECKS if checks.get(code) is True],
        found_at=(when(verification.at) or "") if verification else "",
        tried=str(checks.get("look_tool", "")) if checks.get(TRIED) else "",
        form=form or ConfirmForm(formdata=None),
        reject_form=reject or RejectForm(formdata=None),
    )


@blueprint.get("/wipes/<job_id>/confirm")
@needs("privacy:job:confirm", on=load_job)
def show_confirm(job: WipeJob) -> object:
    return _page(job).answer()


@blueprint.post("/wipes/<job_id>/confirm")
@needs("privacy:job:confirm", on=load_job)
def confirm(job: WipeJob) -> object:
    form, job_id = ConfirmForm(), job.id
    good = form.validate_on_submit()
    if blame_third(form) or not good:
        return _page(job, form).answer(422)
    seen = Seen(
        checks=form.checks, tail=form.tail.data or "", photo=photo_bytes(form.look_photo.data), note=form.note.data or ""
    )
    keeping = Keeping(kept=form.kept.data or "", seal_number=form.seal_number.data or "", photo=photo_bytes(form.photo.data))
    try:
        with doing() as w:
            number = verifying_third.confirm(
                w, bench(), again(w, job_id), seen=seen, keeping=keeping, signed_in_at=visitor().fresh_at, device=device()
            ).number
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _page(queries.get_job(g.db, job_id), form).answer(no.status)
    return done(_("Confirmed. The certificate is issued, and the owner was told."), f"/certificates/{number}")


@blueprint.post("/wipes/<job_id>/confirm/refuse")
@needs("privacy:job:confirm", on=load_job)
def refuse(job: WipeJob) -> object:
    form, job_id = RejectForm(), job.id
    if not form.validate_on_submit():
        return _page(job, reject=form).answer(422)
    try:
        with doing() as w:
            verifying_third.refuse(w, again(w, job_id), reason=form.reason.data, signed_in_at=visitor().fresh_at)
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _page(queries.get_job(g.db, job_id), reject=form).answer(no.status)
    return done(_("Refused. The owner, the operator and the verifier were told."), f"/wipes/{job_id}")
