"""A person's own signing key, and the operator's signature under a job."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, g
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms import PasswordField, RadioField
from wtforms.validators import InputRequired, Length

from core.access import Predicate, fresh, has_role, needs, visitor
from core.doing import doing, done
from core.errors import Refused
from core.forms import Form, text
from core.i18n import N_
from core.page import Page
from core.web import limiter
from privacy.access import load_job
from privacy.bench import bench
from privacy.keys import actions, signing_off
from privacy.keys.models import PersonKey
from privacy.sampling.cookie import device
from privacy.sampling.marks import mark
from privacy.wipes.models import WipeJob
from privacy.wipes.show import when
from privacy.wipes.views.parts import again

blueprint = Blueprint("keys", __name__)

_operates = Predicate("operator of this job", lambda v, job: v.account_id == job.operator_id)
_owns = Predicate("has a signing key", lambda v, keys: bool(keys))
_operator, _verifier = has_role("wipe_operator"), has_role("wipe_verifier")
PERMISSIONS = {
    "privacy:job:sign": ((_operates, _operator, fresh),),
    "privacy:key:see": ((_operator,), (_verifier,), (_owns,)),
    "privacy:key:end": ((_operator, fresh), (_verifier, fresh)),
    "privacy:key:report": ((_owns,),),
}
WORDS = {"privacy:job:signed": N_("An operator signed a wipe")}
WHY = {
    "": N_("live"),
    "replaced": N_("replaced"),
    "lost": N_("revoked: lost"),
    "stolen": N_("revoked: stolen"),
    "misused": N_("revoked: misused"),
    "left": N_("no longer used"),
    "suspended": N_("ended: the account was stopped"),
    "role_ended": N_("ended with the last role that signs"),
}
CHOOSE = InputRequired(text(N_("Please choose one of the answers offered.")))


class EndForm(Form):
    reason = RadioField(
        text(N_("Why it ends")), [CHOOSE], choices=[(code, text(name)) for code, name in actions.ENDS.items()]
    )


class ReportForm(Form):
    """For who can't show the second factor any more."""

    reason = RadioField(
        text(N_("What happened")), [CHOOSE], choices=[(code, text(name)) for code, name in actions.REPORTS.items()]
    )
    password = PasswordField(
        text(N_("Your password")),
        [InputRequired(text(N_("Please fill this in."))), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


@dataclass(frozen=True, kw_only=True)
class KeysPage(Page):
    template = "privacy/my_keys.html"
    keys: Sequence[tuple[str, ...]]
    live: bool
    form: EndForm
    report_form: ReportForm


def load_own(session: Session) -> list[PersonKey]:
    """The visitor's own keys."""
    return actions.keys_of(session, visitor().account_id or "")


def _page(form: EndForm | None = None, report: ReportForm | None = None) -> KeysPage:
    rows = load_own(g.db)
    return KeysPage(
        keys=[(one.key_id, when(one.created_at) or "", when(one.ended_at) or "—", _(WHY[one.ended_why])) for one in rows],
        live=any(one.ended_at is None for one in rows),
        form=form or EndForm(formdata=None),
        report_form=report or ReportForm(formdata=None, prefix="report"),
    )


@blueprint.get("/me/keys")
@needs("privacy:key:see", on=load_own)
def show_keys(_keys: list[PersonKey]) -> object:
    return _page().answer()


@blueprint.post("/me/keys")
@needs("privacy:key:end")
def end_key() -> object:
    form = EndForm()
    if not form.validate_on_submit():
        return _page(form).answer(422)
    try:
        with doing() as w:
            actions.end_key(w, form.reason.data, visitor().fresh_at)
    except Refused as no:
        form.blame(no)
        return _page(form).answer(no.status)
    return done(_("Ended. A new key is made when you next sign."), "/me/keys")


@blueprint.post("/me/keys/report")
@needs("privacy:key:report", on=load_own)
@limiter.limit("10 per minute", methods=["POST"])
def report_key(_keys: list[PersonKey]) -> object:
    form = ReportForm(prefix="report")
    if not form.validate_on_submit():
        return _page(report=form).answer(422)
    try:
        with doing() as w:
            refused = actions.report(w, form.reason.data, form.password.data or "")
        if refused is not None:
            raise refused
    except Refused as no:
        form.blame(no)
        return _page(report=form).answer(no.status)
    return done(_("Revoked in the public log. A new key is made when you next sign."), "/me/keys")


@blueprint.post("/wipes/<job_id>/sign")
@needs("privacy:job:sign", on=load_job)
def sign_off(job: WipeJob) -> object:
    job_id = job.id
    with doing() as w:
        signing_off.sign_off(w, bench(), again(w, job_id), visitor().fresh_at)
        mark(w, again(w, job_id), "sign_off", device())
    return done(_("Signed. Somebody else verifies it now."), f"/wipes/{job_id}/bench")
