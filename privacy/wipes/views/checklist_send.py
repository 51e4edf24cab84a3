"""A check-list before and after it is sent: the look at the whole, the sending, its photos, the list as it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, redirect
from flask.wrappers import Response
from flask_babel import gettext as _

from core import clock, ids
from core.access import needs
from core.clock import LOCAL_ZONE
from core.data_files import text as in_language
from core.doing import doing, done
from core.errors import Invalid, Refused
from core.files import Damaged, NotStored
from core.i18n import N_
from core.page import Page
from core.web import sentence
from privacy.access import Attached, ListPhotoShown, load_file, load_job, load_list_photo
from privacy.bench import bench
from privacy.clearance.checklist_reasons import REASONS
from privacy.clearance.profiles import get_profile
from privacy.sampling.cookie import device as browser
from privacy.sampling.marks import mark
from privacy.wipes import checklist_filling, checklist_show, queries
from privacy.wipes.checklist import PARTS
from privacy.wipes.checklist_filling import find_open
from privacy.wipes.checklist_models import FilledList
from privacy.wipes.checklist_sending import is_business, note_of, send, weigh
from privacy.wipes.checklist_show import DeclarationShown, ListShown, ProblemShown, labels
from privacy.wipes.checklists import find_checklist, get_checklist
from privacy.wipes.models import WipeJob
from privacy.wipes.show import title_of
from privacy.wipes.views import blueprint
from privacy.wipes.views.parts import again


@dataclass(frozen=True, kw_only=True)
class CheckPage(Page):
    template = "privacy/checklist_check.html"
    job_id: str
    number: str
    title: str
    challenge: str
    platform: str
    labels: Sequence[str]
    position: int
    verdict: str
    problems: Sequence[ProblemShown]
    open_questions: Sequence[tuple[str, str]]
    ground: str
    ways: Sequence[str]
    instead: str
    declaration: DeclarationShown | None
    without_until: str
    wrong: str
    count_first: bool


def check_page(job: WipeJob, found: FilledList, no: Refused | None = None) -> Response:
    item, checklist, profile = queries.get_item(g.db, job.item_id), get_checklist(found.platform), get_profile(bench().profile)
    today = clock.now().astimezone(LOCAL_ZONE).date()
    weighed = weigh(g.db, bench(), job, item, found, today, business=is_business(g.db, job))
    verdict, href = weighed.verdict, f"/wipes/{job.id}/checklist"
    steps = {step.code: step for step in checklist.steps}
    other = {"not_encrypted", "no_declaration"} & set(verdict.reasons)
    instead = find_checklist(checklist.instead) if other else None
    without = "before_declarations" in verdict.notes and bench().declarations_from
    return CheckPage(
        job_id=job.id,
        number=job.number,
        title=title_of(item),
        challenge=ids.grouped(job.challenge),
        platform=in_language(checklist.names, g.language),
        labels=labels(),
        position=len(PARTS) + 1,
        verdict=verdict.verdict,
        problems=checklist_show.problems_of(checklist, verdict, href, but=("step_unanswered",)),
        open_questions=[
            (in_language(steps[code].question, g.language), f"{href}?part={steps[code].part}#s_{code}")
            for code in weighed.unanswered
        ],
        ground=checklist_show.ground_of(verdict.ground, profile) if "no_declaration" in verdict.reasons else "",
        ways=checklist_show.ways_on() if "no_declaration" in verdict.reasons else [],
        instead=in_language(instead.names, g.language) if instead else "",
        declaration=checklist_show.declaration_of(weighed.found.declaration) if weighed.found.status == "listed" else None,
        without_until=without.isoformat() if without else "",
        wrong=sentence(no) if no else "",
        count_first=no is not None and no.code in ("count_first", "count_again"),
    ).answer(no.status if no else 200)


@blueprint.post("/wipes/<job_id>/checklist/send")
@needs("privacy:bench:work", on=load_job)
def send_checklist(job: WipeJob) -> object:
    job_id = job.id
    try:
        with doing() as w:
            judgements = send(w, bench(), again(w, job_id))
            mark(w, again(w, job_id), "evidence", browser())
            passed = all(one.verdict == "pass" for one in judgements)
    except Refused as no:
        found, job = find_open(g.db, job_id), queries.get_job(g.db, job_id)
        if found is None:
            raise
        return check_page(job, found, no)
    said = _("The list passed and is kept.") if passed else _("The list is kept; it didn't pass. Read why below.")
    return done(said, f"/wipes/{job_id}/bench#media")


@blueprint.get("/wipes/<job_id>/checklist/photos/<photo_id>/<any(large, small):size>.jpg")
@needs("privacy:checklist:photo", on=load_list_photo)
def show_list_photo(one: ListPhotoShown) -> Response:
    """Never to be cached by others: only who works on the job, a verifier or a regulator sees it."""
    try:
        raw = bench().store.get(one.digest)
    except (NotStored, Damaged) as gone:
        raise Refused("file_damaged", N_("The stored file is missing or changed on the disk. Tell the administrator.")) from gone
    answer = Response(raw, mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


@dataclass(frozen=True, kw_only=True)
class SentPage(Page):
    template = "privacy/checklist_sent.html"
    number: str
    job_href: str
    file_href: str
    list: ListShown
    verdict: str
    reasons: Sequence[str]
    declaration: DeclarationShown | None
    without: bool
    digest: str
    at: str


@blueprint.get("/evidence/<evidence_id>/checklist")
@needs("privacy:evidence:read", on=load_file)
def show_sent(one: Attached) -> object:
    """A list that was sent, as it is kept. Every look is on record, as with a tool's file."""
    found = checklist_filling.find_by_evidence(g.db, one.file.id)
    if found is None:
        return redirect(f"/evidence/{one.file.id}", 303)
    file_id, job_id = one.file.id, one.job.id
    with doing() as w:
        w.record("privacy:evidence:read", file_id, job=job_id, page=1)
    job, item = queries.get_job(g.db, job_id), queries.get_item(g.db, one.job.item_id)
    judgements = [row for row in queries.judgements_of(g.db, job_id) if row.evidence_id == file_id]
    last = judgements[-1] if judgements else None
    found = checklist_filling.find_by_evidence(g.db, file_id)
    if found is None:
        raise Invalid("no_list", N_("First choose the platform, then walk through its list."))
    return SentPage(
        number=job.number,
        job_href=f"/wipes/{job_id}/bench",
        file_href=f"/evidence/{file_id}",
        list=checklist_show.list_of(job, found, item.brand),
        verdict=last.verdict if last else "",
        reasons=[_(REASONS[code]) for code in last.reasons if code in REASONS] if last else [],
        declaration=checklist_show.declaration_by_id(note_of(last, "relies_on_maker")) if last else None,
        without=last is not None and note_of(last, "before_declarations") is not None,
        digest=one.file.digest,
        at=checklist_show.moment_of(one.file.attached_at),
    ).answer()
