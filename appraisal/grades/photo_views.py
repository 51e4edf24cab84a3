"""The photos of an appraisal: shown, and taken out again while it is made."""

from typing import Any

from flask import Blueprint, flash, g, redirect
from flask.wrappers import Response
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from appraisal.blind.queries import demand_seeing
from appraisal.grades import guide_show, photos
from appraisal.grades.guide_models import AppraisalPhoto
from appraisal.grades.models import Appraisal
from appraisal.grades.photo_queries import get_photo
from appraisal.grades.queries import get_appraisal
from core import clock
from core.access import Beside, needs, public, visitor
from core.errors import NotFound
from core.files import Damaged, NotStored
from core.goods.pictures import store
from core.work import work

blueprint = Blueprint("appraisal_photos", __name__, url_prefix="/appraisals/<appraisal_id>/photos/<photo_id>")


@blueprint.get("/<any(large, medium, small):size>.jpg")
@public
def picture(appraisal_id: str, photo_id: str, size: str) -> Response:
    """As its appraisal: a draft's photos are its appraiser's, those of a signed report stand open with it, but not to who is to
    look blind: what the first appraiser thought worth a photo tells something of the grade."""
    made = get_appraisal(g.db, appraisal_id)
    demand_seeing(g.db, made.id, visitor().account_id)
    photo = get_photo(g.db, made, photo_id)
    try:
        answer = Response(store().get(photo.sizes[size][0]), mimetype="image/jpeg")
    except (Damaged, NotStored) as gone:
        raise NotFound() from gone
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if made.signed_at else "private, max-age=600"
    return answer


def load(session: Session, appraisal_id: str, photo_id: str) -> Beside[Appraisal, AppraisalPhoto]:
    made = get_appraisal(session, appraisal_id)
    return Beside(made, get_photo(session, made, photo_id))


@blueprint.post("/remove")
@needs("appraisal:appraisal:sign", on=load)
def remove(one: Any) -> object:
    made_id, photo_id, view = one.of.id, one.part.id, one.part.view
    with work(g.db, visitor().actor, clock.now()) as w:
        made = w.session.get_one(Appraisal, made_id, with_for_update=True)
        photos.remove(w, made, get_photo(w.session, made, photo_id))
    board = guide_show.board_of(get_appraisal(g.db, made_id))
    flash(_("The photo was taken out."), "good")
    step = next((step for step in board.steps if step.view == view), None)
    return redirect(f"{guide_show.href_of(board.made, step)}#photo", 303)
