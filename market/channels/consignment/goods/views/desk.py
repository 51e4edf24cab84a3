"""The intake desk of a shop: visits that are open, what waits, and beginning a visit."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, redirect, request
from flask_babel import gettext as _

from core import clock
from core.access import needs
from core.doing import doing
from core.errors import Invalid, Refused
from core.i18n import N_
from core.page import Page
from core.people.choosing import Words, choose_place
from core.people.models import Organisation
from core.people.names import shown_org
from core.web import limiter
from core.work import Work
from market.channels.consignment import actions
from market.channels.consignment import queries as files
from market.channels.consignment.goods import opening, queries
from market.channels.consignment.goods.access import load_shop
from market.channels.consignment.goods.forms import BeginForm, typed
from market.channels.consignment.goods.views import blueprint
from market.channels.consignment.goods.views.parts import VisitShown, shown_booking, shown_visit
from market.channels.consignment.rules import read_sought
from market.channels.consignment.visits.queries import files_of, find_visit_of
from market.channels.consignment.visits.views.parts import VisitShown as Booked
from market.channels.consignment.visits.views.parts import point_name
from market.shops import standing
from market.shops.queries import points_of


@blueprint.get("/consignment/intake")
@needs("market:consignment_shops:list")
def choose_shop() -> object:
    return choose_place(actions.STAFF, ("shop",), "/consignment/{}/intake".format, Words(
        title=_("Taking things in"), lead=_("Choose the shop at whose counter you work now."),
        none=_("No shop of yours takes consignments"), text=_("Only second-hand and consignment shops take things in."),
    ))  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    """`counts`: state of stock -> how many; `no`: why the shop takes nothing now, "" when it does; `booked`: the booking that a
    visit begins with."""

    template = "market/intake_desk.html"
    org_id: str
    name: str
    form: BeginForm
    visits: Sequence[VisitShown]
    counts: dict[str, int]
    no: str
    booked: Booked | None


def desk_page(org: Organisation, form: BeginForm, status: int = 200) -> object:
    form.point.choices = [(one.id, point_name(one)) for one in points_of(g.db, org.id) if one.state == "open"]
    code = standing.why_not(g.db, org.id, clock.now())
    return DeskPage(
        org_id=org.id, name=shown_org(org, g.language), form=form, counts=queries.counts(g.db, org.id),
        visits=[shown_visit(one, len(queries.goods_of(g.db, one.id))) for one in queries.open_intakes(g.db, org.id)],
        no=str(_(standing.REASONS[code])) if code else "", booked=shown_booking(find_visit_of(g.db, org.id, typed(form.visit))),
    ).answer(status)  # fmt: skip


@blueprint.get("/consignment/<org_id>/intake")
@needs("market:intakes:list", on=load_shop)
def show_desk(org: Organisation) -> object:
    """`file`: whose things; `visit`: a booked visit that is here now, or was taken in before."""
    booked = find_visit_of(g.db, org.id, request.args.get("visit", ""))
    begun = queries.find_begun_with(g.db, booked.id) if booked else None
    if begun is not None:
        return redirect(f"/intakes/{begun.id}", 303)
    known = files_of(g.db, [booked]).get(booked.id) if booked else None
    data = {"file": known.number if known else request.args.get("file", "")[:60], "kind": "consigned"}
    about = {"visit": booked.id, "point": booked.point_id} if booked else {}
    return desk_page(org, BeginForm(formdata=None, data={**data, **about}))


@blueprint.post("/consignment/<org_id>/intake")
@limiter.limit("60 per minute")
@needs("market:intake:open", on=load_shop)
def begin(org: Organisation) -> object:
    form, org_id = BeginForm(), org.id
    if not form.validate_on_submit():
        return desk_page(org, form, 422)
    own = form.kind.data == "own"
    try:
        with doing() as w:
            visit = opening.begin(w, org_id, opening.Wanted(
                point_id=typed(form.point), consignor_id="" if own else _file(w, org_id, typed(form.file)),
                source=typed(form.source) if own else "", visit="" if own else typed(form.visit), once=form.key(),
            )).id  # fmt: skip
    except Refused as no:
        form.blame(no)
        return desk_page(load_shop(g.db, org_id), form, no.status)
    return redirect(f"/intakes/{visit}", 303)


def _file(w: Work, org_id: str, said: str) -> str:
    """A file by its number, contact or paper; the look-up is recorded. Raises Invalid at the field."""
    try:
        found = actions.look_up(w, org_id, read_sought(said))
    except Invalid as no:
        no.field = "file"
        raise
    open_ = [one for one in found if files.get_consignor(w.session, one).state == "open"]
    if len(open_) != 1:
        raise Invalid("file_missing", N_("No open file fits. Look it up under “Consignors”, or open one first."), field="file")
    return open_[0]
