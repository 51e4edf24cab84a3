"""The owner's way: have it wiped, agree on the own phone, follow it like a parcel."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, redirect
from flask_babel import gettext as _
from markupsafe import Markup

from core import ids
from core.access import may, needs, visitor
from core.doing import doing, done
from core.errors import Invalid, Refused
from core.goods.cards import get_card, text
from core.goods.models import Item
from core.labels import qr_svg
from core.page import Page
from core.people.models import Account
from core.web import config, sentence
from core.when import slot_words
from privacy.access import Attached, load_item, load_job
from privacy.bench import bench
from privacy.booking.queries import find_open
from privacy.clearance.profiles import get_profile
from privacy.clearance.queries import certificate_of
from privacy.devices.views.power import PowerShown
from privacy.devices.views.power import shown as power_shown
from privacy.sampling.show import Said, of_job
from privacy.wipes import actions, paper_consent, queries, rules
from privacy.wipes.checklist_show import Stuck, stuck_of
from privacy.wipes.consents import current_text, find_text
from privacy.wipes.forms import ConsentForm, PaperConsentForm
from privacy.wipes.models import WipeJob
from privacy.wipes.outlook import Outlook, outlook_of
from privacy.wipes.show import MediumShown, Step, media_of, received_at, steps_of, title_of
from privacy.wipes.states import JOB
from privacy.wipes.views import blueprint
from privacy.wipes.views.parts import again, org_name, points


@dataclass(frozen=True, kw_only=True)
class BeginPage(Page):
    template = "privacy/wipe_begin.html"
    item_id: str
    title: str
    points: Sequence[str]
    problem: str
    certificate: str
    outlook: Outlook | None


@blueprint.get("/items/<item_id>/wipe")
@needs("privacy:job:open_own", on=load_item)
def begin(item: Item) -> object:
    """What will happen, and where; an open job is shown at once."""
    job = queries.find_open_job(g.db, item.id)
    if job is not None:
        return redirect(f"/wipes/{job.id}", 303)
    return _begin_page(item).answer()


def _begin_page(item: Item, problem: str = "") -> BeginPage:
    names = [name for _id, name in points(g.db, queries.wiping_points(g.db))]
    certificate = certificate_of(g.db, item.id)
    return BeginPage(
        item_id=item.id,
        title=title_of(item),
        points=names,
        problem=problem,
        certificate=certificate.number if certificate and certificate.state == "issued" else "",
        outlook=outlook_of(g.db, bench(), item),
    )


@blueprint.post("/items/<item_id>/wipe")
@needs("privacy:job:open_own", on=load_item)
def open_own(item: Item) -> object:
    job = queries.find_open_job(g.db, item.id)
    if job is not None:
        return redirect(f"/wipes/{job.id}", 303)
    try:
        with doing() as w:
            job_id = actions.open_job(w, item.id).id
    except Refused as no:
        return _begin_page(item, sentence(no)).answer(no.status)
    return redirect(f"/wipes/{job_id}/consent", 303)


@dataclass(frozen=True, kw_only=True)
class ConsentPage(Page):
    template = "privacy/wipe_consent.html"
    job_id: str
    number: str
    title: str
    version: str
    says: Sequence[tuple[str, str]]
    asked: Sequence[str]
    may_test: bool
    form: ConsentForm
    outlook: Outlook | None
    on_paper: bool


@blueprint.route("/wipes/<job_id>/consent", methods=["GET", "POST"])
@needs("privacy:job:consent", on=load_job)
def consent(job: WipeJob) -> object:
    """Scope, method and effect, then one box each; only the owner, and only before the wipe."""
    if job.state != "opened":
        return redirect(f"/wipes/{job.id}", 303)
    return _consent(job, ConsentForm())


@blueprint.route("/wipes/<job_id>/consent/paper", methods=["GET", "POST"])
@needs("privacy:job:consent_on_paper", on=load_job)
def consent_on_paper(job: WipeJob) -> object:
    """For who has no account: the text to print and sign, and the answers that staff enter from the slip."""
    if job.state != "opened" or not g.db.get_one(Account, job.owner_id).house:
        return redirect(f"/wipes/{job.id}/bench", 303)
    return _consent(job, PaperConsentForm())


def _consent(job: WipeJob, form: ConsentForm) -> object:
    item = queries.get_item(g.db, job.item_id)
    page = ConsentPage(
        job_id=job.id, number=job.number, title=title_of(item), asked=rules.ticks_for(item.category),
        may_test=get_card(item.category).powered_before_wipe is True,
        version=current_text().version,
        says=_says(current_text().version),
        form=form,
        outlook=outlook_of(g.db, bench(), item),
        on_paper=isinstance(form, PaperConsentForm),
    )  # fmt: skip
    if not _all_said(form, page.asked):
        return page.answer(422 if form.is_submitted() else 200)
    try:
        with doing() as w:
            if isinstance(form, PaperConsentForm):
                slip = str(form.slip.data or "")
                state = paper_consent.consent_on_paper(w, again(w, job), origin=form.origin.data, ticks=form.ticks, slip=slip)
            else:
                state = actions.consent(w, again(w, job), origin=form.origin.data, ticks=form.ticks)
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)
    if state == "cancelled":
        return redirect(f"/wipes/{page.job_id}", 303)
    if page.on_paper:
        return done(_("Entered from the slip: the wipe can begin. Keep the slip."), f"/wipes/{page.job_id}/bench")
    return done(_("Thank you. Now choose where and when you bring it."), f"/wipes/{page.job_id}/book")


def _all_said(form: ConsentForm, asked: Sequence[str]) -> bool:
    """Everything that is missing is said at once, each at its own box. A device that is refused for good needs no ticks."""
    if not form.is_submitted():
        return False
    good = form.validate()
    for code in rules.unticked(form.ticks, asked) if form.origin.data not in rules.STOPS else ():
        form.blame(Invalid("tick_missing", actions.TICK_MISSING, field=code))
    return bool(good and not form.errors)


def _says(version: str) -> list[tuple[str, str]]:
    words = find_text(version)
    if words is None:
        return []
    return [
        (_("What is wiped"), text(words.scope, g.language)),
        (_("How"), text(words.method, g.language)),
        (_("What it means"), text(words.effect, g.language)),
        (_("What is kept on record"), text(words.records, g.language)),
        (_("Your passcode"), text(words.passcode, g.language)),
    ]


@dataclass(frozen=True, slots=True)
class SlotShown:
    """The booked slot of a job. `price`: fen."""

    id: str
    when: str
    point: str
    address: str
    price: int


@dataclass(frozen=True, kw_only=True)
class JobPage(Page):
    template = "privacy/wipe_job.html"
    job_id: str
    item_id: str
    number: str
    title: str
    state: tuple[str, str]
    steps: Sequence[Step]
    media: Sequence[MediumShown]
    code: str
    qr: Markup | None
    mine: bool
    open_to_consent: bool
    can_cancel: bool
    can_work: bool
    can_read: bool
    again_href: str
    problem: str
    ways: Sequence[str]
    certificate: str
    certificate_stands: bool
    slot: SlotShown | None
    can_book: bool
    agreed: Sequence[tuple[str, str]]
    stuck: Stuck | None
    said: Sequence[Said]
    power: PowerShown | None


@blueprint.get("/wipes/<job_id>")
@needs("privacy:job:see", on=load_job)
def show(job: WipeJob) -> object:
    return _job_page(job).answer()


def _job_page(job: WipeJob) -> JobPage:
    verification = queries.find_verification(g.db, job.id)
    state, waits = JOB[job.state], job.state in ("opened", "consented")
    to_bring = waits and received_at(job) is None
    certificate = certificate_of(g.db, job.item_id) if job.state == "accepted" else None
    path = f"{config().base_url}/wipes/{job.id}"
    return JobPage(
        job_id=job.id,
        item_id=job.item_id,
        number=job.number,
        title=title_of(queries.get_item(g.db, job.item_id)),
        state=(_(state.label), state.tone),
        steps=steps_of(job, verification),
        media=media_of(g.db, job),
        code=ids.grouped(job.drop_code) if to_bring else "",
        qr=Markup(qr_svg(path, _("Code of this wipe"))) if to_bring else None,  # noqa: S704  (our own SVG)
        mine=visitor().account_id == job.owner_id,
        open_to_consent=job.state == "opened",
        can_cancel=waits and may(visitor(), "privacy:job:cancel", job),
        can_work=may(visitor(), "privacy:bench:see", job),
        can_read=all(may(visitor(), "privacy:evidence:read", Attached(job, one)) for one in job.evidence),
        again_href=f"/wipes/{job.id}/again" if may(visitor(), "privacy:job:judge_again", job) else "",
        problem=_problem(job, verification),
        ways=_ways(job),
        certificate=certificate.number if certificate else "",
        certificate_stands=certificate is not None and certificate.state == "issued",
        agreed=_says(job.consent_version) if job.consent_at else [],
        stuck=_stuck(job),
        power=power_shown(job, queries.get_item(g.db, job.item_id)) if job.consent_at else None,
        said=of_job(job.id, staff=may(visitor(), "privacy:draw:see", job)),
        slot=_slot(job),
        can_book=job.state == "consented" and to_bring and visitor().account_id == job.owner_id,
    )


def _slot(job: WipeJob) -> SlotShown | None:
    booking = find_open(g.db, job.id)
    if booking is None:
        return None
    org = queries.organisations(g.db, {booking.org_id})[booking.org_id]
    at = slot_words(booking.slot, long=True)
    return SlotShown(booking.id, at, org_name(org), org.address, booking.price)


def _stuck(job: WipeJob) -> Stuck | None:
    """Why it can't be listed for now, while it is being wiped or after the wipe ended without a pass."""
    if job.state not in ("wiping", "rejected"):
        return None
    return stuck_of(queries.judgements_of(g.db, job.id), get_profile(bench().profile))


def _problem(job: WipeJob, verification: object) -> str:
    """Why it ended without a certificate, in one sentence."""
    reason = getattr(verification, "reason", "")
    if job.stopped:
        return str(_(rules.STOPS[job.stopped]))
    if reason:
        return str(_(rules.REJECTIONS[reason]))
    return ""


def _ways(job: WipeJob) -> list[str]:
    """What the owner can do after a wipe that did not pass."""
    if job.state != "rejected":
        return []
    return [
        _("Have it wiped again: the same point or another one can try with other settings."),
        _("Have the medium taken out and destroyed before a witness; the device can then be sold without it."),
        _("Take it back. It isn't listed as long as it isn't wiped."),
    ]


@blueprint.post("/wipes/<job_id>/cancel")
@needs("privacy:job:cancel", on=load_job)
def cancel(job: WipeJob) -> object:
    job_id = job.id
    with doing() as w:
        actions.cancel(w, again(w, job))
    return done(_("Cancelled. Nothing was wiped."), f"/wipes/{job_id}")
