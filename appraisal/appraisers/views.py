"""One's own file, an organisation's, the public register, and the platform's desk for each."""

from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from appraisal.appraisers import actions, queries
from appraisal.appraisers.forms import ApplicationForm, CredentialForm, DecisionForm
from appraisal.appraisers.models import Appraiser, Credential
from appraisal.appraisers.show import FileShown, shown_file
from core import clock
from core.access import Beside, may, needs, public, visitor
from core.errors import NotFound, Refused
from core.page import Page
from core.people.models import Organisation
from core.people.names import shown_org
from core.people.queries import get_organisation
from core.web import limiter
from core.work import work

blueprint = Blueprint("appraisers", __name__)


@dataclass(frozen=True, kw_only=True)
class OwnPage(Page):
    """`form`: an application, one more credential, or None while there is nothing to ask."""

    template = "appraisal/appraiser_own.html"
    whose: str
    file: FileShown | None
    form: CredentialForm | None
    applies: bool
    action: str


def _own_page(file: Appraiser | None, form: CredentialForm | None, action: str, whose: str = "") -> OwnPage:
    applies = file is None or file.state == "ended"
    return OwnPage(whose=whose, file=shown_file(file) if file else None, form=form, applies=applies, action=action)


def _form(file: Appraiser | None) -> CredentialForm | None:
    if file is None or file.state == "ended":
        return ApplicationForm()
    return None if file.state == "applied" else CredentialForm()


@blueprint.route("/me/appraiser", methods=["GET", "POST"])
@needs("appraisal:appraiser:apply")
@limiter.limit("10 per hour", methods=["POST"])
def own() -> object:
    return _asked(queries.find_file(g.db, str(visitor().account_id)), "/me/appraiser", None)


def _organisation(session: Session, org_id: str) -> Organisation:
    org = get_organisation(session, org_id)
    if org.kind not in ("agency", "shop"):
        raise NotFound()
    return org


@blueprint.route("/organisations/<org_id>/appraiser", methods=["GET", "POST"])
@needs("appraisal:agency:apply", on=_organisation)
@limiter.limit("10 per hour", methods=["POST"])
def organisation(org: Organisation) -> object:
    return _asked(queries.find_agency(g.db, org.id), f"/organisations/{org.id}/appraiser", org)


def _asked(file: Appraiser | None, path: str, org: Organisation | None) -> object:
    form, whose = _form(file), shown_org(org, g.language) if org else ""
    page = _own_page(file, form, path, whose)
    if form is None or not form.validate_on_submit():
        return page.answer(422 if form is not None and form.is_submitted() else 200)
    file_id, org_id = file.id if file else None, org.id if org else None
    try:
        given = form.given()
        with work(g.db, visitor().actor, clock.now()) as w:
            if isinstance(form, ApplicationForm):
                mine = w.session.get_one(Organisation, org_id) if org_id else None
                actions.apply(w, given, str(form.words.data or ""), mine)
            else:
                actions.show(w, w.session.get_one(Appraiser, file_id), given)
    except Refused as no:
        form.blame(no)
        again = queries.get_file(g.db, file_id) if file_id else None
        return _own_page(again, form, path, whose).answer(no.status)
    flash(_("Sent. You will find the answer in your inbox."), "good")
    return redirect(path, 303)


@dataclass(frozen=True, kw_only=True)
class RegisterPage(Page):
    template = "appraisal/appraisers.html"
    admitted: list[tuple[FileShown, str]]
    waiting: list[FileShown]
    decides: bool


@blueprint.get("/appraisers")
@public
def register() -> object:
    """Agencies and appraisers: for everybody by number, for the platform by name."""
    decides = may(visitor(), "appraisal:appraiser:read")
    files = queries.all_files(g.db) if decides else []
    return RegisterPage(
        admitted=[(shown_file(one), queries.public_number(one)) for one in queries.register(g.db)],
        waiting=[shown_file(one) for one in files if one.state in ("applied", "exam", "ended")], decides=decides,
    ).answer()  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class FilePage(Page):
    template = "appraisal/appraiser.html"
    file: FileShown
    number: str
    form: DecisionForm
    verbs: list[tuple[str, str]]
    own: bool
    decides: bool


def _file_page(file: Appraiser, form: DecisionForm) -> FilePage:
    own = visitor().account_id in queries.parties(g.db, file)
    labels = {
        "examine": _("On to the exam"), "admit": _("Admit without an exam"), "accept": _("Admit"), "refuse": _("Do not admit"),
        "suspend": _("Suspend"), "restore": _("Restore"), "reinstate": _("Restore"), "end": _("End the admission"),
    }  # fmt: skip
    decides = not own and may(visitor(), "appraisal:appraiser:decide", file)
    return FilePage(
        file=shown_file(file), number=queries.public_number(file), form=form, own=own, decides=decides,
        verbs=[(verb, labels[verb]) for verb in actions.verbs_for(file)] if decides else [],
    )  # fmt: skip


@blueprint.get("/appraisers/<appraiser_id>")
@needs("appraisal:appraiser:read", on=queries.get_file)
def show(file: Appraiser) -> object:
    return _file_page(file, DecisionForm(formdata=None)).answer()


@blueprint.post("/appraisers/<appraiser_id>")
@needs("appraisal:appraiser:decide", on=queries.get_file)
def decide(file: Appraiser) -> object:
    form, file_id, waits = DecisionForm(), file.id, file.state == "applied"
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            one = w.session.get_one(Appraiser, file_id, with_for_update=True)
            (actions.decide if waits else actions.change)(w, one, str(form.verb.data or ""), str(form.reason.data or ""))
    except Refused as no:
        form.blame(no)
        return _file_page(queries.get_file(g.db, file_id), form).answer(no.status)
    flash(_("The decision is written down."), "good")
    return redirect(f"/appraisers/{file_id}", 303)


def _credential(session: Session, appraiser_id: str, credential_id: str) -> Beside[Appraiser, Credential]:
    return Beside(queries.get_file(session, appraiser_id), queries.get_credential(session, appraiser_id, credential_id))


@blueprint.post("/appraisers/<appraiser_id>/credentials/<credential_id>")
@needs("appraisal:appraiser:decide", on=_credential)
def decide_credential(both: Beside[Appraiser, Credential]) -> object:
    form, file_id, credential_id = DecisionForm(), both.of.id, both.part.id
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            file, one = w.session.get_one(Appraiser, file_id), w.session.get_one(Credential, credential_id, with_for_update=True)
            actions.decide_credential(w, file, one, str(form.verb.data or ""), str(form.reason.data or ""))
    except Refused as no:
        form.blame(no)
        return _file_page(queries.get_file(g.db, file_id), form).answer(no.status)
    flash(_("The decision is written down."), "good")
    return redirect(f"/appraisers/{file_id}", 303)
