"""The manager's pages: at which points people can book visits, and when."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from core.access import Beside, may, needs, visitor
from core.doing import doing, done
from core.errors import Refused
from core.page import Page
from core.people.models import Organisation
from core.people.names import shown_org
from core.states import Tone
from market.channels.consignment.visits import offering, queries
from market.channels.consignment.visits.access import load_point, load_shop
from market.channels.consignment.visits.forms import DeskForm, desk_form
from market.channels.consignment.visits.models import VisitDesk
from market.channels.consignment.visits.views import blueprint
from market.channels.consignment.visits.views.parts import point_name
from market.shops.models import ShopPoint
from market.shops.queries import points_of

Point = Beside[Organisation, ShopPoint]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A point and its desk. `state`: (word, tone)."""

    name: str
    address: str
    href: str
    state: tuple[str, Tone]
    words: str


@dataclass(frozen=True, kw_only=True)
class DesksPage(Page):
    template = "market/consignment_visit_desks.html"
    org_id: str
    name: str
    lines: Sequence[Line]
    keeps: bool


@blueprint.get("/consignment/<org_id>/visit-desks")
@needs("market:consignment_desks:see", on=load_shop)
def show_desks(org: Organisation) -> object:
    desks = {one.point_id: one for one in queries.desks_of(g.db, org.id)}
    lines = [_line(org, one, desks.get(one.id)) for one in points_of(g.db, org.id, "open", "paused")]
    keeps = may(visitor(), "market:consignment_desk:keep", org)
    return DesksPage(org_id=org.id, name=shown_org(org, g.language), lines=lines, keeps=keeps).answer()


def _line(org: Organisation, point: ShopPoint, desk: VisitDesk | None) -> Line:
    if desk is None:
        state: tuple[str, Tone] = (_("No visits yet"), "neutral")
    elif point.state == "paused":
        state = (_("The point is paused"), "warn")
    else:
        state = (_("Takes bookings"), "good") if desk.taking else (_("Takes none now"), "warn")
    words = _(
        "%(minutes)s minutes a visit, %(places)s at a time, at most %(most)s pieces",
        minutes=desk.minutes, places=desk.places, most=desk.most_things,
    ) if desk else _("Say when people may come and bring things.")  # fmt: skip
    return Line(
        name=point_name(point), address=point.address, href=f"/consignment/{org.id}/visit-desks/{point.id}", state=state,
        words=words,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    template = "market/consignment_visit_desk.html"
    org_id: str
    name: str
    point: str
    form: DeskForm


def _page(beside: Point, form: DeskForm) -> DeskPage:
    return DeskPage(org_id=beside.of.id, name=shown_org(beside.of, g.language), point=point_name(beside.part), form=form)


@blueprint.get("/consignment/<org_id>/visit-desks/<point_id>")
@needs("market:consignment_desk:keep", on=load_point)
def show_desk(beside: Point) -> object:
    return _page(beside, desk_form(queries.find_desk(g.db, beside.part.id), beside.part.hours)).answer()


@blueprint.post("/consignment/<org_id>/visit-desks/<point_id>")
@needs("market:consignment_desk:keep", on=load_point)
def keep_desk(beside: Point) -> object:
    form, org_id, point_id = DeskForm(), beside.of.id, beside.part.id
    if not form.validate_on_submit():
        return _page(beside, form).answer(422)
    try:
        told = form.offered()
        with doing() as w:
            outside = offering.offer(w, org_id, point_id, told)
    except Refused as no:
        form.blame(no)
        return _page(load_point(g.db, org_id, point_id), form).answer(no.status)
    stands = _("Saved. Booked visits outside these hours stand: look through the coming days, and call off what you can't keep.")
    said, tone = (stands, "warn") if outside else (_("Saved. Everybody sees it at once."), "good")
    return done(said, f"/consignment/{org_id}/visit-desks", tone)
