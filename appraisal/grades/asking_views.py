"""Asking for an appraisal from the page of a thing."""

from flask import Blueprint, flash, g, redirect
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from appraisal.grades import asking
from core import clock
from core.access import Beside, needs, visitor
from core.db import get_row
from core.goods.custody import find_holder
from core.goods.models import Item
from core.work import work

blueprint = Blueprint("appraisal_requests", __name__, url_prefix="/items/<item_id>/appraisal-request")


def load(session: Session, item_id: str) -> Beside[Item, str]:
    """A thing, and the organisation that has it, "" for a person's hands. Raises NotFound."""
    item, line = get_row(session, Item, item_id), find_holder(session, item_id)
    return Beside(item, line.holder_id if line is not None and line.holder_kind == "org" else "")


@blueprint.post("")
@needs("appraisal:request:make", on=load)
def ask(one: Beside[Item, str]) -> object:
    item_id, here = one.of.id, bool(one.part)
    with work(g.db, visitor().actor, clock.now()) as w:
        asking.ask(w, item_id)
    if here:
        flash(_("Asked. It stands on the appraisers' list now; you are told the grade."), "good")
    else:
        flash(_("Asked. Bring it to a shop or agency with an appraiser: there it stands on their list."), "good")
    return redirect(f"/items/{item_id}", 303)


@blueprint.post("/end")
@needs("appraisal:request:make", on=load)
def end(one: Beside[Item, str]) -> object:
    item_id = one.of.id
    with work(g.db, visitor().actor, clock.now()) as w:
        asking.take_back(w, item_id)
    flash(_("Nobody is asked any more."), "info")
    return redirect(f"/items/{item_id}", 303)
