"""Two photos side by side, and a person's word about them."""

from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect
from flask.wrappers import Response
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from core import clock
from core.access import has_role, needs, visitor
from core.errors import Forbidden, NotFound, Refused
from core.files import Damaged, NotStored
from core.forms import Form, text
from core.goods.describe import thing_name
from core.goods.models import Item
from core.goods.pictures import store
from core.i18n import N_
from core.page import Page
from core.queue.deciding import chosen, decided
from core.twins import actions, queries
from core.twins.models import PhotoMark, PhotoTwin
from core.twins.states import TWIN
from core.when import slot_words
from core.work import work

blueprint = Blueprint("photo_twins", __name__, url_prefix="/photo-twins")
PERMISSIONS = {"core:photo:compare": ((has_role("reviewer"),), (has_role("administrator"),))}
WORDS = {
    "core:photo:twin_found": N_("Two photos of two things look the same"),
    "core:photo:twin_decided": N_("A person decided whether two photos are the same"),
}
HOW = {
    "same": N_("They look the same as they are."),
    "mirror": N_("One looks like the mirror image of the other."),
    "cut": N_("One looks like a cut-out of the other."),
    "mirror_cut": N_("One looks like a cut-out of the other's mirror image."),
}
TAKEN = {"item": N_("A seller's photo"), "appraisal": N_("An appraiser's photo")}


class TwinForm(Form):
    decision = RadioField(
        text(N_("Is it the same photo?")), validate_choice=False,
        choices=[
            ("copied", text(N_("Yes: one was copied from the other"))), ("different", text(N_("No: two photos of two things"))),
        ],
    )  # fmt: skip
    reason = TextAreaField(text(N_("Reason")), validators=[Length(max=2000)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    src: str
    alt: str
    thing: str
    href: str
    meta: str


@dataclass(frozen=True, kw_only=True)
class TwinPage(Page):
    template = "core/photo_twin.html"
    twin_id: str
    state: tuple[str, str]
    help: str
    how: str
    bits: int
    sides: list[Side]
    open: bool
    own: bool
    decided: list[tuple[str, str]]
    form: TwinForm


def _page(twin: PhotoTwin, form: TwinForm | None = None) -> TwinPage:
    state = TWIN[twin.state]
    return TwinPage(
        twin_id=twin.id, state=(_(state.label), state.tone), help=_(state.help), how=_(HOW[twin.how]), bits=twin.bits,
        sides=[_side(twin, place, mark) for place, mark in zip(("one", "other"), queries.sides(g.db, twin), strict=True)],
        open=twin.state == "open", own=visitor().account_id in queries.barred(g.db, twin), decided=decided(twin),
        form=form or TwinForm(formdata=None),
    )  # fmt: skip


def _side(twin: PhotoTwin, place: str, mark: PhotoMark) -> Side:
    item = g.db.get_one(Item, mark.item_id)
    name = thing_name(item, g.language)
    return Side(
        src=f"/photo-twins/{twin.id}/{place}.jpg", alt=_("%(kind)s of %(thing)s", kind=_(TAKEN[mark.kind]), thing=name),
        thing=name, href=f"/items/{item.id}",
        meta=f"{_(TAKEN[mark.kind])} · {slot_words(mark.at)}",
    )  # fmt: skip


@blueprint.get("/<twin_id>")
@needs("core:photo:compare", on=queries.get_twin)
def show(twin: PhotoTwin) -> object:
    return _page(twin).answer()


@blueprint.post("/<twin_id>")
@needs("core:photo:compare", on=queries.get_twin)
def decide(twin: PhotoTwin) -> object:
    form, twin_id = TwinForm(), twin.id
    try:
        copied = chosen(form, ("copied", "different")) == "copied"
        with work(g.db, visitor().actor, clock.now()) as w:
            one = w.session.get_one(PhotoTwin, twin_id, with_for_update=True)
            actions.decide(w, one, copied, str(form.reason.data or ""))
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _page(queries.get_twin(g.db, twin_id), form).answer(no.status)
    flash(_("The decision is written down."), "good")
    return redirect(f"/photo-twins/{twin_id}", 303)


def get_side(session: Session, twin_id: str, place: str) -> PhotoMark:
    one, other = queries.sides(session, queries.get_twin(session, twin_id))
    return one if place == "one" else other


@blueprint.get("/<twin_id>/<any(one, other):place>.jpg")
@needs("core:photo:compare", on=get_side)
def picture(mark: PhotoMark) -> Response:
    try:
        answer = Response(store().get(mark.file), mimetype="image/jpeg")
    except (Damaged, NotStored) as gone:
        raise NotFound() from gone
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer
