"""A person's own signing key, and the operator's signature under a job."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, g
from flask_babel import gettext as _
from wtforms import RadioField
from wtforms.validators import InputRequired

from core.access import Predicate, fresh, has_role, needs, visitor
from core.errors import Refused
from core.forms import Form, text
from core.i18n import N_
from core.page import Page
from privacy.access import load_job
from privacy.bench import bench
from privacy.keys import actions, signing_off
from privacy.sampling.cookie import device
from privacy.sampling.marks import mark
from privacy.wipes.models import WipeJob
from privacy.wipes.show import when
from privacy.wipes.views.parts import again, doing, done

blueprint = Blueprint("keys", __name__)

_operates = Predicate("operator of this job", lambda v, job: v.account_id == job.operator_id)
_operator, _verifier = has_role("wipe_operator"), has_role("wipe_verifier")
PERMISSIONS = {
    "privacy:job:sign": ((_operates, _operator, fresh),),
    "privacy:key:see": ((_operator,), (_verifier,)),
    "privacy:key:end": ((_operator, fresh), (_verifier, fresh)),
}
WORDS = {"privacy:job:signed": N_("An operator signed a wipe")}
WHY = {
    "": N_("live"),
    "replaced": N_("replaced"),
    "lost": N_("revoked: lost"),
    "stolen": N_("revoked: stolen"),
    "left": N_("no longer used"),
}


class EndForm(Form):
    reason = RadioField(
        text(N_("Why it ends")),
        [InputRequired(text(N_("Please choose one of the answers offered.")))],
        choices=[(code, text(name)) for code, name in actions.ENDS.items()],
    )


@dataclass(frozen=True, kw_only=True)
class KeysPage(Page):
    template = "privacy/my_keys.html"
    keys: Sequence[tuple[str, ...]]
    live: bool
    form: EndForm


def _page(form: EndForm) -> KeysPage:
    rows = actions.keys_of(g.db, visitor().account_id or "")
    return KeysPage(
        keys=[(one.key_id, when(one.created_at) or "", when(one.ended_at) or "—", _(WHY[one.ended_why])) for one in rows],
        live=any(one.ended_at is None for one in rows),
        form=form,
    )


@blueprint.get("/me/keys")
@needs("privacy:key:see")
def show_keys() -> object:
    return _page(EndForm(formdata=None)).answer()


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


@blueprint.post("/wipes/<job_id>/sign")
@needs("privacy:job:sign", on=load_job)
def sign_off(job: WipeJob) -> object:
    job_id = job.id
    with doing() as w:
        signing_off.sign_off(w, bench(), again(w, job_id), visitor().fresh_at)
        mark(w, again(w, job_id), "sign_off", device())
    return done(_("Signed. Somebody else verifies it now."), f"/wipes/{job_id}/bench")
