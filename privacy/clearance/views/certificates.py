"""The public paper: looked up by number, read without an account, checked, downloaded; and taken back with a reason."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, redirect, request
from flask.wrappers import Response
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from core import canonical, clock, pdf
from core.access import needs, public, visitor
from core.doing import doing, done
from core.errors import NotFound, Refused
from core.i18n import N_
from core.ids import BadCode
from core.labels import qr_svg
from core.page import Page
from core.paper_ports import paper_page
from core.people.names import shown_org
from core.web import config, limiter
from privacy.bench import bench
from privacy.clearance import actions, house_key, paper, printed, queries
from privacy.clearance.corrections.show import Amended, amended
from privacy.clearance.forms import NumberForm, RevokeForm
from privacy.clearance.log import keys as log_keys
from privacy.clearance.log import papers
from privacy.clearance.log.tree import NotInTree
from privacy.clearance.models import Certificate
from privacy.clearance.paper import CHECKED, Read
from privacy.clearance.views import blueprint
from privacy.clearance.views.corrections import may_correct, open_ones
from privacy.sampling.show import Said, of_certificate
from privacy.wipes.queries import organisations
from privacy.wipes.show import when


def load_certificate(session: Session, number: str) -> Certificate:
    return queries.get_certificate(session, number)


@dataclass(frozen=True, kw_only=True)
class LookUpPage(Page):
    template = "privacy/certificate_find.html"
    form: NumberForm


@blueprint.route("/certificates", methods=["GET", "POST"])
@public
@limiter.limit("20 per minute", methods=["POST"])
def look_up() -> object:
    """A number as people type it leads to its certificate, or to the paper of another room."""
    form = NumberForm(request.form if request.method == "POST" else None)
    page = LookUpPage(form=form)
    if not form.validate_on_submit():
        return page.answer(422 if form.is_submitted() else 200)
    try:
        found = queries.find_certificate(g.db, form.number.data or "")
        if found is None and (elsewhere := paper_page(g.db, form.number.data or "")):
            return redirect(elsewhere, 303)
        if found is None:
            raise NotFound(
                "no_certificate",
                N_("There is no certificate with this number. Compare it with the paper; if it is right, the paper is not ours."),
            )
    except Refused as no:
        no.field = "number"
        form.blame(no)
        return page.answer(no.status)
    return redirect(f"/certificates/{found.number}", 303)


@dataclass(frozen=True, slots=True)
class Done:
    """One thing the verifier did."""

    label: str
    done: bool = True


@dataclass(frozen=True, slots=True)
class LogEntry:
    """Where it stands in the public log."""

    index: int
    since: str


def _entry(number: str) -> LogEntry | None:
    found = papers.find_entry(g.db, number)
    return LogEntry(found.index, when(found.since) or "") if found else None


@dataclass(frozen=True, kw_only=True)
class CertificatePage(Page):
    template = "privacy/certificate.html"
    one: Read
    checked: str
    checks: Sequence[Done]
    qr: Markup
    address: str
    may_revoke: bool
    custody_href: str
    rules_href: str
    entry: LogEntry | None
    said: Sequence[Said]
    why: str
    amended: Sequence[Amended]
    corrections_open: Sequence[tuple[str, str]]
    correct_href: str


@blueprint.get("/certificates/<number>")
@public
@limiter.limit("60 per minute")
def show(number: str) -> object:
    try:
        certificate = queries.find_certificate(g.db, number)
    except BadCode as no:
        raise NotFound(no.code, no.sentence) from no
    if certificate is None:
        raise NotFound()
    if number != certificate.number:
        return redirect(f"/certificates/{certificate.number}", 308)
    one, address = read_here(certificate, g.language), address_of(certificate)
    revocable = certificate.state in ("issued", "delivered")
    return CertificatePage(
        one=one,
        checked=_(CHECKED[one.genuine]),
        address=address,
        checks=[Done(label) for label in one.checks],
        qr=Markup(qr_svg(address, _("Code of this certificate"))),  # noqa: S704  (our own SVG)
        may_revoke=revocable and bool({"wipe_verifier", "administrator", "regulator"} & visitor().roles),
        custody_href=f"/items/{certificate.item_id}/custody" if visitor().roles & STAFF else "",
        rules_href="/profiles/{}?version={}".format(*one.profile.split(" ", 1)),
        entry=_entry(certificate.number),
        said=of_certificate(certificate.clearance_id),
        why=paper.why_ended(certificate, g.language),
        amended=amended(g.db, certificate, bench().keys, g.language),
        corrections_open=open_ones(certificate),
        correct_href=f"/certificates/{certificate.number}/correct" if may_correct(certificate) else "",
    ).answer()


def read_here(certificate: Certificate, language: str) -> Read:
    """In words, with the organisations called as they are called here in this language."""
    acts = json.loads(certificate.body)
    there = {acts[act]["organisation"]["id"] for act in paper.ACTS if act in acts and acts[act]["organisation"]}
    names = {one.id: shown_org(one, language) for one in organisations(g.db, there).values()}
    return paper.read(certificate, bench().keys, language, names)


STAFF = frozenset({"wipe_verifier", "regulator", "administrator"})


def address_of(certificate: Certificate) -> str:
    return f"{config().base_url}/certificates/{certificate.number}"


@blueprint.get("/certificates/<number>.pdf")
@public
@limiter.limit("20 per minute")
def as_pdf(number: str) -> Response:
    certificate = queries.get_certificate(g.db, number)
    language = request.args.get("language", g.language)
    language = language if language in ("zh", "en") else "zh"
    one = read_here(certificate, language)
    slips = [(each.heading, each.rows) for each in amended(g.db, certificate, bench().keys, language)]
    body = pdf.render(printed.document(one, certificate, address_of(certificate), language, slips))
    answer = Response(body, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{certificate.number}.pdf"'
    return answer


@blueprint.get("/certificates/<number>.json")
@public
@limiter.limit("60 per minute")
def as_json(number: str) -> Response:
    """The signed text with its signatures, its place in the public log, and, unsigned, the state as of now."""
    certificate = queries.get_certificate(g.db, number)
    return Response(canonical.encode(papers.download(g.db, certificate, clock.now())), mimetype="application/json")


@blueprint.get("/certificates/<number>.tlog-proof")
@public
@limiter.limit("60 per minute")
def as_proof(number: str) -> Response:
    """The log's proof for this certificate (C2SP tlog-proof), current at its issue."""
    certificate = queries.get_certificate(g.db, number)
    entry = papers.find_entry(g.db, certificate.number)
    if entry is None:
        raise NotFound("not_entered", N_("This certificate is being entered into the public log. Try again in a moment."))
    try:
        text = papers.proof_of(g.db, entry)
    except NotInTree as no:
        raise NotFound() from no
    answer = Response(text, mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{certificate.number}.tlog-proof"'
    return answer


@blueprint.get("/keys.json")
@public
def keys() -> Response:
    """The house's public keys with role and time, ended ones included: what papers and checkpoints are checked against."""
    return Response(canonical.encode(house_key.key_list(bench().keys, log_keys.listed(g.db))), mimetype="application/json")


@dataclass(frozen=True, kw_only=True)
class RevokePage(Page):
    template = "privacy/certificate_revoke.html"
    number: str
    state: tuple[str, str]
    form: RevokeForm


@blueprint.route("/certificates/<number>/revoke", methods=["GET", "POST"])
@needs("privacy:certificate:revoke", on=load_certificate)
def revoke(certificate: Certificate) -> object:
    form, number = RevokeForm(), certificate.number
    one = read_here(certificate, g.language)
    page = RevokePage(number=number, state=one.state, form=form)
    if not form.validate_on_submit():
        return page.answer(422 if form.is_submitted() else 200)
    try:
        with doing() as w:
            actions.revoke(w, queries.get_certificate(w.session, number), form.reason.data)
    except Refused as no:
        form.blame(no)
        return page.answer(no.status)
    return done(_("Revoked. Its listing is off sale; seller and owner were told why."), f"/certificates/{number}")
