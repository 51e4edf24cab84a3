"""A manager keeps the shop's points."""

from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from core.access import Beside, needs
from core.db import get_locked
from core.doing import doing, done
from core.errors import NotFound, Refused
from core.i18n import N_
from core.page import Page
from core.people.models import Organisation
from core.people.names import shown_org
from market.shops import points, queries
from market.shops.access import load_point, load_shop, load_step
from market.shops.forms import PointForm, point_form
from market.shops.models import ShopPoint
from market.shops.states import POINT
from market.shops.views import blueprint

SAID = {
    "pause": N_("Paused. Its page says that it takes no goods for the moment."),
    "resume": N_("It takes goods again."),
    "close": N_("Closed, and gone from the list of points."),
    "reopen": N_("Open again."),
}


@dataclass(frozen=True, kw_only=True)
class PointPage(Page):
    """`point_id`: "" for a new one; `state`: (word, tone), `verbs`: what can be done with it now."""

    template = "market/shop_point.html"
    org_id: str
    shop: str
    point_id: str
    name: str
    state: tuple[str, str] | None
    help: str
    verbs: list[str]
    form: PointForm


def _page(org: Organisation, row: ShopPoint | None, form: PointForm) -> PointPage:
    state = POINT[row.state] if row else None
    return PointPage(
        org_id=org.id, shop=shown_org(org, g.language), point_id=row.id if row else "", name=row.name if row else "",
        state=(_(state.label), state.tone) if state else None, help=_(state.help) if state else "",
        verbs=[verb for verb in SAID if row and POINT.can(row.state, verb)], form=form,
    )  # fmt: skip


@blueprint.get("/shops/<org_id>/points/new")
@needs("market:shop:keep", on=load_shop)
def new_point(org: Organisation) -> object:
    return _page(org, None, point_form(None)).answer()


@blueprint.post("/shops/<org_id>/points/new")
@needs("market:shop:keep", on=load_shop)
def open_point(org: Organisation) -> object:
    form, org_id = PointForm(), org.id
    if not form.validate_on_submit():
        return _page(org, None, form).answer(422)
    try:
        told = form.told()
        with doing() as w:
            points.open_point(w, org_id, told)
    except Refused as no:
        form.blame(no)
        return _page(queries.get_shop(g.db, org_id), None, form).answer(no.status)
    return done(_("The point is open. Everybody finds it as soon as the shop's page is public."), f"/shops/{org_id}/desk")


@blueprint.get("/shops/<org_id>/points/<point_id>")
@needs("market:shop:keep", on=load_point)
def edit_point(found: Beside[Organisation, ShopPoint]) -> object:
    return _page(found.of, found.part, point_form(found.part)).answer()


@blueprint.post("/shops/<org_id>/points/<point_id>")
@needs("market:shop:keep", on=load_point)
def change_point(found: Beside[Organisation, ShopPoint]) -> object:
    form, org_id, point_id = PointForm(), found.of.id, found.part.id
    if not form.validate_on_submit():
        return _page(found.of, found.part, form).answer(422)
    try:
        told = form.told()
        with doing() as w:
            points.change_point(w, get_locked(w.session, ShopPoint, point_id), told)
    except Refused as no:
        form.blame(no)
        return _page(queries.get_shop(g.db, org_id), queries.get_point(g.db, org_id, point_id), form).answer(no.status)
    return done(_("Saved. Everybody sees it at once."), f"/shops/{org_id}/desk")


@blueprint.post("/shops/<org_id>/points/<point_id>/<verb>")
@needs("market:shop:keep", on=load_step)
def move_point(found: Beside[Organisation, tuple[ShopPoint, str]]) -> object:
    (row, verb), org_id = found.part, found.of.id
    if verb not in SAID:
        raise NotFound()
    point_id = row.id
    with doing() as w:
        points.move_point(w, get_locked(w.session, ShopPoint, point_id), verb)
    return done(_(SAID[verb]), f"/shops/{org_id}/desk")
