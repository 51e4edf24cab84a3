"""A check: what is known, who may try, the form of the try, and what came out before."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, request
from flask.wrappers import Response
from flask_babel import gettext as _

from core import clock, ids
from core.access import needs, visitor
from core.decoding import LARGEST_BYTES as PHOTO_MOST
from core.doing import doing, done
from core.errors import Forbidden, Refused
from core.files import Damaged, NotStored
from core.i18n import N_, listed
from core.page import Page
from core.people.models import Organisation
from privacy.bench import bench
from privacy.clearance import queries as papers
from privacy.clearance.models import Clearance
from privacy.evidence.readers.text import LARGEST
from privacy.sampling import actions, queries, rules
from privacy.sampling.access import load_check, load_try
from privacy.sampling.actions import ELSEWHERE, REFUSALS, Told
from privacy.sampling.forms import TryForm
from privacy.sampling.models import RecoveryTry, SampleCheck
from privacy.sampling.states import CHECK
from privacy.sampling.views import blueprint
from privacy.sampling.views.desk import WHY, age
from privacy.wipes.people import is_here
from privacy.wipes.queries import get_item, get_job
from privacy.wipes.show import title_of, when
from privacy.wipes.views.parts import org_name, points


@dataclass(frozen=True, slots=True)
class TryShown:
    result: tuple[str, str]
    at: str
    rows: Sequence[tuple[str, str]]
    report_href: str


@dataclass(frozen=True, kw_only=True)
class CheckPage(Page):
    template = "privacy/sample_check.html"
    check_id: str
    title: str
    number: str
    state: tuple[str, str]
    help: str
    facts: Sequence[tuple[str, str]]
    open: bool
    mandatory: bool
    elsewhere: bool
    may_try: bool
    refusal: str
    bagged: bool
    code: str
    elsewhere_now: str
    custody_href: str
    take_in: Sequence[tuple[str, str]]
    tries: Sequence[TryShown]
    form: TryForm


TONES = {"nothing": "good", "found": "bad", "not_done": "unknown"}


def _page(check: SampleCheck, form: TryForm | None = None) -> CheckPage:
    job, state = get_job(g.db, check.job_id), CHECK[check.state]
    clearance = g.db.get_one(Clearance, check.clearance_id)
    certificate = papers.certificate_of_clearance(g.db, check.clearance_id)
    org = g.db.get(Organisation, check.org_id) if check.org_id else None
    here = is_here(g.db, check.item_id, visitor().orgs_as("wipe_verifier"))
    return CheckPage(
        check_id=check.id,
        title=title_of(get_item(g.db, check.item_id)),
        number=job.number,
        state=(_(state.label), state.tone),
        help=_(state.help),
        facts=[
            (_("Why it is tried"), _(WHY[check.why])),
            (_("Wiped at"), org_name(org) if org else "—"),
            (_("Certificate"), certificate.number if certificate else "—"),
            (_("Wiped with (not to be used)"), listed(check.tools, g.language) or "—"),
            (_("Due since"), _("%(time)s (%(days)s days)", time=when(check.opened_at), days=age(check.opened_at))),
        ],
        open=check.state == "open",
        mandatory=check.mandatory,
        elsewhere=check.elsewhere,
        may_try="wipe_verifier" in visitor().roles,
        refusal=_refusal(check, clearance),
        bagged=clearance.state == "valid" and clearance.kept == "sealed_bag",
        code=ids.grouped(check.code) if check.code else job.number,
        elsewhere_now="" if here else _(ELSEWHERE),
        custody_href=f"/items/{check.item_id}/custody",
        take_in=_take_in(check, clearance),
        tries=[_shown(one) for one in queries.tries_of(g.db, check.id)],
        form=form or TryForm(formdata=None),
    )


def _take_in(check: SampleCheck, clearance: Clearance) -> list[tuple[str, str]]:
    """At which counters a device that is with its owner can be taken in for its try."""
    to_bring = check.state == "open" and queries.is_to_bring(g.db, check.item_id, clearance)
    return points(g.db, visitor().orgs_as("wipe_verifier")) if to_bring else []


def _refusal(check: SampleCheck, clearance: Clearance) -> str:
    """Say on the page already what the action and the database say again."""
    why = rules.may_try(queries.hands_of(g.db, check, clock.now()), visitor().account_id or "")
    if why:
        return str(_(REFUSALS[why]))
    if clearance.state not in queries.WITHIN_REACH:
        return str(_("The clearance of this device has ended, so nothing rests on this wipe any more."))
    return ""


def _shown(one: RecoveryTry) -> TryShown:
    org = g.db.get(Organisation, one.org_id)
    rows = [(_("By"), _("a wipe verifier of %(name)s", name=org_name(org) if org else "—"))]
    if one.result == "not_done":
        rows.append((_("Why"), _(rules.NOT_DONE[one.why])))
    else:
        rows += [
            (_("Tool"), f"{one.tool} {one.version}"),
            (_("What was searched for"), listed((_(rules.SEARCHED[code]) for code in one.searched), g.language)),
        ]
    if one.digest:
        rows.append((_("SHA-256 of the report"), one.digest))
    if one.photos:
        rows.append((_("Photos"), str(len(one.photos))))
    if one.opened_bag:
        rows.append((_("Sealed bag"), _("opened for it")))
    mine = visitor().account_id == one.checker_id or "regulator" in visitor().roles
    href = f"/sampling/tries/{one.id}/report" if one.digest and mine else ""
    return TryShown((_(rules.RESULTS[one.result]), TONES[one.result]), when(one.at) or "", rows, href)


@blueprint.get("/sampling/checks/<check_id>")
@needs("privacy:check:see", on=load_check)
def show_check(check: SampleCheck) -> object:
    return _page(check).answer()


@blueprint.post("/sampling/checks/<check_id>")
@needs("privacy:check:try", on=load_check)
def try_recovery(check: SampleCheck) -> object:
    form, check_id = TryForm(), check.id
    if not form.validate_on_submit():
        return _page(check, form).answer(422)
    told = Told(
        result=form.result.data,
        tool=form.tool.data or "",
        version=form.version.data or "",
        searched=form.searched.data or [],
        report=b"".join(_sent("report", LARGEST)[:1]),
        photos=_sent("photos", PHOTO_MOST),
        why=form.why.data or "",
        opened_bag=form.opened_bag.data,
    )
    try:
        with doing() as w:
            actions.try_recovery(w, bench(), queries.get_check(w.session, check_id), told, visitor().fresh_at)
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _page(queries.get_check(g.db, check_id), form).answer(no.status)
    return done(_(SAID[told.result]), f"/sampling/checks/{check_id}")


SAID = {
    "nothing": N_("On record: nothing found. The device can go on its way."),
    "found": N_("On record. The certificate is revoked, the listing is off sale, and the whole batch is checked."),
    "not_done": N_("On record. The check stays open: what could not be done proves nothing."),
}


@blueprint.post("/sampling/checks/<check_id>/take-in")
@needs("privacy:check:try", on=load_check)
def take_in(check: SampleCheck) -> object:
    check_id = check.id
    with doing() as w:
        actions.take_in(w, queries.get_check(w.session, check_id), request.form.get("org", ""))
    return done(_("Taken in for its recovery try. Give it back to its owner afterwards."), f"/sampling/checks/{check_id}")


def _sent(name: str, most: int) -> list[bytes]:
    """The uploaded bytes; a little more than allowed is enough to be refused."""
    files = [one for one in request.files.getlist(name) if one.filename]
    found = []
    for one in files:
        one.stream.seek(0)
        found.append(one.stream.read(most + 1))
    return found


@blueprint.get("/sampling/tries/<try_id>/report")
@needs("privacy:report:read", on=load_try)
def report(one: RecoveryTry) -> Response:
    """The very bytes, as a plain download that no browser runs; every look is on record."""
    try_id, digest = one.id, one.digest or ""
    try:
        raw = bench().store.get(digest)
    except (NotStored, Damaged) as gone:
        raise Refused("file_damaged", N_("The stored file is missing or changed on the disk. Tell the administrator.")) from gone
    with doing() as w:
        w.record("privacy:report:read", try_id)
    answer = Response(raw, mimetype="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{digest[:16]}.bin"'
    return answer
