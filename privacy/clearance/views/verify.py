"""The verifier's desk: another person, freshly signed in, looks at file and device, then accepts or rejects."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from core import ids
from core.access import needs, visitor
from core.data_files import Bilingual
from core.data_files import text as in_language
from core.doing import doing, done
from core.errors import Forbidden, Refused
from core.goods.models import Item
from core.i18n import N_
from core.page import Page
from privacy.access import load_job
from privacy.bench import bench
from privacy.clearance import verifying
from privacy.clearance.forms import RejectForm, VerifyForm
from privacy.clearance.looking import Look, passed_list
from privacy.clearance.profiles import get_profile
from privacy.clearance.verifying import REFUSALS, Keeping
from privacy.clearance.views import blueprint, waiting
from privacy.clearance.views.all_at_once import blame_missing
from privacy.devices.queries import works_of
from privacy.devices.usage import uncounted, unread_media
from privacy.evidence.readers.text import LARGEST
from privacy.keys.signing_off import find_signature
from privacy.looks.views import LookShown, links
from privacy.sampling.cookie import device
from privacy.wipes import locks, queries, rules
from privacy.wipes.checklist import LOCK_ANSWERS
from privacy.wipes.checklist_sending import note_of
from privacy.wipes.checklist_show import DeclarationShown, ListShown, declaration_by_id, list_of
from privacy.wipes.checklists import get_checklist
from privacy.wipes.models import WipeJob
from privacy.wipes.people import is_here
from privacy.wipes.show import MediumShown, Step, media_of, steps_of, title_of, when
from privacy.wipes.states import JOB
from privacy.wipes.views.bench import FileShown, address_of
from privacy.wipes.views.file_told import FileTold, told_of
from privacy.wipes.views.parts import again

PHOTO_MOST = 20 * 1024 * 1024
NO_HINT = Bilingual(zh="", en="")


@dataclass(frozen=True, kw_only=True)
class VerifyPage(Page):
    template = "privacy/verify.html"
    job_id: str
    item_id: str
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
    told: Sequence[FileTold]
    profile: str
    profile_claim: str
    form: VerifyForm
    reject_form: RejectForm
    brought_back: bool
    second_looks: Sequence[tuple[str, str, Sequence[LookShown]]]
    uncounted: Sequence[str]
    unread: Sequence[str]
    signed: str | None
    after_works: Sequence[tuple[str, str]]
    list: ListShown | None
    list_href: str
    looks: Sequence[tuple[str, str, str, str]]
    locks: Sequence[tuple[str, str]]
    third: bool
    confirm_href: str
    elsewhere: str
    declaration: DeclarationShown | None
    without: bool


def _page(
    job: WipeJob, form: VerifyForm | None = None, reject: RejectForm | None = None, brought_back: bool = False
) -> VerifyPage:
    item, profile, state = queries.get_item(g.db, job.item_id), get_profile(bench().profile), JOB[job.state]
    signature, asked = find_signature(g.db, job), _list_of(job, item)
    return VerifyPage(
        job_id=job.id,
        item_id=item.id,
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
            FileShown(address_of(one), one.digest, one.size, one.format, when(one.attached_at) or "")
            for one in job.evidence
        ],
        told=[told for told in map(told_of, job.evidence) if told is not None],
        profile=f"{profile.id} {profile.version}",
        profile_claim=profile.claim.en if g.language == "en" else profile.claim.zh,
        form=_named(form or VerifyForm(formdata=None), asked["looks"]),
        reject_form=reject or RejectForm(formdata=None),
        brought_back=brought_back,
        second_looks=links(job, queries.present_media(g.db, job.item_id)),
        uncounted=uncounted(g.db, job),
        unread=unread_media(g.db, job),
        signed=when(signature.at) if signature else None,
        after_works=[
            (ids.grouped(one.code), f"/after-works/{one.id}/end") for one, end in works_of(g.db, job.id) if end is None
        ],
        third=verifying.asks_third_person(g.db, job.id),
        confirm_href=f"/wipes/{job.id}/confirm" if job.state == "verified" else "",
        elsewhere="" if is_here(g.db, item.id, visitor().orgs_as("wipe_verifier")) else _(verifying.ELSEWHERE),
        **asked,
    )


def _named(form: VerifyForm, looks: Sequence[tuple[str, str, str, str]]) -> VerifyForm:
    """What is read and photographed is called as this device's list or the tool's log asks for it."""
    for name, kind, words, _hint in looks:
        if kind in ("tail", "photo"):
            form[name].label.text = words
    return form


OWN_LOOK = (
    ("look_tail", "tail", N_("The last four of the device's number, read off the device"),
     N_("They are hidden on this page; only the device shows them. A bare disk: of the disk's own number.")),
    ("look_photo", "photo", N_("A photo of the device as it stands before you, with the challenge code"),
     N_("Write the code on paper or show it on another screen beside the device.")),
)  # fmt: skip


def _list_of(job: WipeJob, item: Item) -> dict[str, Any]:
    """The check-list that the pass rests on, and what it asks of the second person: (code, kind, words, hint)."""
    found = passed_list(g.db, job.id)
    if found is None:
        before = locks.told(g.db, job.id, "before")
        return {
            "list": None, "list_href": "", "declaration": None, "without": False,
            "looks": [(code, kind, _(words), _(hint)) for code, kind, words, hint in OWN_LOOK],
            "locks": [(lock, _lock_before(before.get(lock))) for lock in rules.locks_of(item.category)],
        }  # fmt: skip
    judgement = next(one for one in queries.judgements_of(g.db, job.id) if one.evidence_id == found.evidence_id)
    looks = get_checklist(found.platform).looks
    return {
        "list": list_of(job, found, item.brand),
        "list_href": f"/evidence/{found.evidence_id}/checklist",
        "looks": [
            (f"look_{one.code}", one.kind, in_language(one.question, g.language), in_language(one.how or NO_HINT, g.language))
            for one in looks
        ],
        "locks": [],
        "declaration": declaration_by_id(note_of(judgement, "relies_on_maker")),
        "without": note_of(judgement, "before_declarations") is not None,
    }


def _lock_before(state: str | None) -> str:
    """What its operator read before the wipe."""
    return str(_("Before the wipe: %(answer)s", answer=_(LOCK_ANSWERS[state])) if state else _("Not read before the wipe."))


def _another_person(job: WipeJob) -> None:
    """Say at the door already what the action and the database say again."""
    why = rules.may_verify(job.operator_id, job.owner_id, queries.attached_by(g.db, job.id), visitor().account_id or "")
    if why:
        raise Forbidden(why, REFUSALS[why])


@blueprint.get("/wipes/<job_id>/verify")
@needs("privacy:job:verify", on=load_job)
def show_verify(job: WipeJob) -> object:
    _another_person(job)
    kept = waiting.find(job.id)
    if kept is None:
        return _page(job).answer()
    form, reject = VerifyForm(formdata=None, data=kept), RejectForm(formdata=None, data=kept)
    return _page(job, form, reject, brought_back=True).answer()


@blueprint.post("/wipes/<job_id>/verify")
@waiting.kept_until_fresh
@needs("privacy:job:verify", on=load_job)
def accept(job: WipeJob) -> object:
    form, job_id = VerifyForm(), job.id
    _another_person(job)
    good, page = form.validate_on_submit(), _page(job, form=form)
    asked = [(name, kind) for name, kind, _words, _hint in page.looks]
    asked += [("no_counters", "counters")] if page.unread else []
    if blame_missing(form, asked, [lock for lock, _said in page.locks], clears=not page.third) or not good:
        return page.answer(422)
    keeping = Keeping(kept=form.kept.data or "", seal_number=form.seal_number.data or "", photo=photo_bytes(form.photo.data))
    try:
        with doing() as w:
            certificate = verifying.accept(
                w,
                bench(),
                again(w, job_id),
                checks=form.checks,
                counted=form.counted.data,
                keeping=keeping,
                signed_in_at=visitor().fresh_at,
                device=device(),
                look=Look(
                    ticked=form.looks,
                    tail=form.look_tail.data or "",
                    photo=photo_bytes(form.look_photo.data),
                    locks=form.locks,
                    tool=form.look_tool.data or "",
                    version=form.look_version.data or "",
                    report=report_bytes(form.look_report.data),
                    no_counters=bool(form.no_counters.data),
                ),
            )
            number = certificate.number if certificate else ""
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _page(queries.get_job(g.db, job_id), form=form).answer(no.status)
    if not number:
        return done(_("Accepted. A third person confirms it now; then it may be listed."), f"/wipes/{job_id}/verify")
    return done(_("Accepted. The certificate is issued, and the owner was told."), f"/certificates/{number}")


@blueprint.post("/wipes/<job_id>/reject")
@waiting.kept_until_fresh
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


def report_bytes(sent: FileStorage | None) -> bytes:
    return sent.stream.read(LARGEST + 1) if sent else b""
