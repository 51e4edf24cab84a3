"""The owner's own file: the log of a wipe made at home, shown as the seller's word."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from flask_babel import gettext as _

from core.access import needs
from core.doing import doing, done
from core.errors import Forbidden, Refused
from core.goods.models import Item
from core.page import Page
from core.web import limiter
from privacy.access import load_item
from privacy.bench import bench
from privacy.clearance.grade import SENTENCES
from privacy.devices.views import file_of
from privacy.sampling import own
from privacy.sampling.access import load_statement
from privacy.sampling.forms import OwnForm
from privacy.sampling.people_models import OwnStatement
from privacy.sampling.views import blueprint
from privacy.wipes.show import size_of, title_of, when


@dataclass(frozen=True, slots=True)
class StatedShown:
    """One file: who says what, and what that is worth."""

    id: str
    at: str
    grade: str
    grade_says: str
    former: bool
    rows: Sequence[tuple[str, str]]


def stated(item: Item) -> list[StatedShown]:
    """For every page that shows a thing."""
    return [_shown(one, item.epoch) for one in own.of_item(g.db, item.id)]


def _shown(one: OwnStatement, epoch: int) -> StatedShown:
    rows = [(_("File"), f"{one.format} · {size_of(one.size)} · {one.digest[:16]}")]
    for told in one.told:
        rows += _rows(told)
    return StatedShown(one.id, when(one.at) or "", one.grade, _(SENTENCES[one.grade]), one.epoch != epoch, rows)


def _rows(told: dict[str, Any]) -> list[tuple[str, str]]:
    def said(value: Any) -> str:
        return str(_("unknown") if value is None or value == "" else value)

    status = {"erased": _("finished"), "failed": _("failed"), "aborted": _("stopped before its end")}
    return [
        (_("Storage medium"), f"{said(told['model'])} · {said(told['serial'])}"),
        (
            _("The seller states"),
            f"{said(told['method'])} · {status.get(told['status'], _('unknown'))} · {said(told['finished'])}",
        ),
    ]


@dataclass(frozen=True, kw_only=True)
class OwnPage(Page):
    template = "privacy/own_file.html"
    item_id: str
    title: str
    data_bearing: bool
    stated: Sequence[StatedShown]
    form: OwnForm


def _page(item: Item, form: OwnForm | None = None) -> OwnPage:
    return OwnPage(
        item_id=item.id,
        title=title_of(item),
        data_bearing=item.data_bearing,
        stated=stated(item),
        form=form or OwnForm(formdata=None),
    )


@blueprint.get("/items/<item_id>/own-file")
@needs("privacy:own:state", on=load_item)
def show_own(item: Item) -> object:
    return _page(item).answer()


@blueprint.post("/items/<item_id>/own-file")
@needs("privacy:own:state", on=load_item)
@limiter.limit("30 per hour")
def state_own(item: Item) -> object:
    form, item_id = OwnForm(), item.id
    if not form.validate_on_submit():
        return _page(item, form).answer(422)
    try:
        with doing() as w:
            own.state(w, bench(), item_id, file_of(form.file))
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _page(load_item(g.db, item_id), form).answer(no.status)
    return done(_("Read. It stands here as your own word."), f"/items/{item_id}/own-file")


@blueprint.post("/own-files/<statement_id>/remove")
@needs("privacy:own:remove", on=load_statement)
def remove_own(row: OwnStatement) -> object:
    found, item_id = row.id, row.item_id
    with doing() as w:
        own.remove(w, bench(), load_statement(w.session, found))
    return done(_("Taken back. The file is erased."), f"/items/{item_id}/own-file")
