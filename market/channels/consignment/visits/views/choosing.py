"""Where visits can be booked, and the form: a time and the list of what is brought."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, request
from flask_babel import gettext as _

from core import clock
from core.access import needs, public, visitor
from core.doing import doing, done
from core.errors import Refused
from core.goods.districts import all_districts, district_name
from core.page import Page
from core.people.models import Organisation
from core.people.names import shown_org
from core.web import limiter
from market.channels.consignment.visits import actions, queries
from market.channels.consignment.visits.access import load_offer
from market.channels.consignment.visits.actions import Wanted
from market.channels.consignment.visits.forms import MORE_ROWS, BookForm, typed_things
from market.channels.consignment.visits.models import Visit, VisitDesk
from market.channels.consignment.visits.standing import FIND
from market.channels.consignment.visits.views import blueprint
from market.channels.consignment.visits.views.parts import DeskShown, by_day, data_kinds, shown_desk


@dataclass(frozen=True, kw_only=True)
class FindPage(Page):
    """`shop`: the name of the only shop that is looked at, "" for all."""

    template = "market/consignment_visit_find.html"
    desks: Sequence[DeskShown]
    districts: Sequence[tuple[str, str]]
    district: str
    shop: str


@blueprint.get(FIND)
@public
def find() -> object:
    """Every point that takes bookings, by district or by shop."""
    codes = [one.code for one in all_districts()]
    district, shop = request.args.get("district", ""), g.db.get(Organisation, request.args.get("shop", "")[:26])
    district = district if district in codes else ""
    found = queries.offers(g.db, queries.open_desks(g.db, org_id=shop.id if shop else "", district=district), clock.now())
    return FindPage(
        desks=[shown_desk(one.desk, one.free) for one in found], district=district,
        districts=[(one, district_name(one, g.language)) for one in codes], shop=shown_org(shop, g.language) if shop else "",
    ).answer()  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class BookPage(Page):
    """`slots`: is any time free? `data_kinds`: what can hold data, in words."""

    template = "market/consignment_visit_book.html"
    desk: DeskShown
    form: BookForm
    slots: bool
    data_kinds: str


def _page(desk: VisitDesk, form: BookForm) -> BookPage:
    free = queries.free_slots(g.db, desk, clock.now())
    form.slot.choices = {"": [("", _("Choose one"))], **by_day(free)}
    return BookPage(desk=shown_desk(desk, free), form=form, slots=bool(free), data_kinds=data_kinds())


@blueprint.get(f"{FIND}/<point_id>")
@needs("market:consignment_visit:make", on=load_offer)
def show_form(desk: VisitDesk) -> object:
    """`again`: the number of an earlier visit of one's own, whose list is taken over."""
    before = g.db.get(Visit, request.args.get("again", "")[:26])
    mine = before is not None and before.account_id is not None and before.account_id == visitor().account_id
    data = typed_things(queries.things_of(before)) if before is not None and mine else {}
    form = BookForm(formdata=None, data=data)
    form.with_rows()
    return _page(desk, form).answer()


@blueprint.post(f"{FIND}/<point_id>")
@limiter.limit("30 per minute")
@needs("market:consignment_visit:make", on=load_offer)
def book(desk: VisitDesk) -> object:
    form, point_id = BookForm(), desk.point_id
    if request.form.get("more"):
        form.with_rows(MORE_ROWS)
        return _page(desk, form).answer()
    try:
        things = form.listed()
        wanted = Wanted(point_id=point_id, slot=form.moment(), things=things, once=str(form.once.data or ""))
        with doing() as w:
            made = actions.book(w, wanted).id
    except Refused as no:
        form.blame(no)
        form.with_rows()
        return _page(load_offer(g.db, point_id), form).answer(no.status)
    return done(_("Booked. Below stands what to do before you come."), f"/consignment-visits/{made}")
