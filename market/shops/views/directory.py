"""Where things can be brought: all open points, by district, kind of place and estate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import g, request
from flask_babel import gettext as _

from core import clock
from core.access import needs, public, visitor
from core.doing import doing, done
from core.errors import Refused
from core.goods.districts import all_districts, district_name, find_district
from core.page import Page
from market.shops import queries, residents, rules, ways
from market.shops.forms import EstateForm
from market.shops.show import PointShown, shown_point
from market.shops.views import blueprint

HERE = "/consignment-points"


@dataclass(frozen=True, kw_only=True)
class PointsPage(Page):
    """`ways`: what else one can do at each point, by its id; `mine`: is the visitor's own estate looked for; `estate`: what was
    typed; `own`: the estate they named; `place`: the kind of place that is looked for."""

    template = "market/consignment_points.html"
    points: Sequence[PointShown]
    ways: Mapping[str, Sequence[ways.Way]]
    count: int
    page: int
    pages: int
    here: str
    districts: Sequence[tuple[str, str]]
    sites: Sequence[tuple[str, str]]
    district: str
    place: str
    estate: str
    mine: bool
    own: str
    filtered: bool
    form: EstateForm


@blueprint.get(HERE)
@public
def show_points() -> object:
    """Everybody's list; `mine=1` looks for one's own estate, whose name never stands in an address."""
    return _page(EstateForm(formdata=None)).answer()


def _page(form: EstateForm) -> PointsPage:
    asked = {name: request.args.get(name, "").strip()[:40] for name in ("district", "site", "estate", "kind")}
    asked["district"] = asked["district"] if find_district(asked["district"]) else ""
    asked["site"] = asked["site"] if asked["site"] in rules.SITES else ""
    asked["kind"] = asked["kind"] if asked["kind"] in rules.KINDS else ""
    account_id = visitor().account_id
    own = queries.estate_of(g.db, account_id) if account_id else ""
    mine, page = bool(own) and request.args.get("mine") == "1", _number(request.args.get("page", "1"))
    wanted = asked | ({"estate": own} if mine else {})
    rows, count = queries.listed_points(g.db, page=page, **wanted)  # type: ignore[arg-type]
    kept = {name: value for name, value in asked.items() if value} | ({"mine": "1"} if mine else {})
    if form.estate.data is None:
        form.estate.data = own
    return PointsPage(
        points=[shown_point(one, clock.now()) for one in rows], count=count, page=page, pages=max(1, -(-count // queries.A_PAGE)),
        ways=ways.of_points(g.db, [one.id for one in rows]),
        here=HERE + ("?" + urlencode(kept) if kept else ""), mine=mine, own=own, filtered=bool(kept), form=form,
        districts=[(one.code, district_name(one.code, g.language)) for one in all_districts()],
        sites=[(code, _(label)) for code, label in rules.SITES.items()], district=asked["district"], place=asked["site"],
        estate=asked["estate"],
    )  # fmt: skip


def _number(typed: str) -> int:
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 1


@blueprint.post(f"{HERE}/estate")
@needs("market:home_estate:keep")
def name_estate() -> object:
    """Once; empty forgets it."""
    form = EstateForm()
    if not form.validate_on_submit():
        return _page(form).answer(422)
    typed = str(form.estate.data or "")
    try:
        with doing() as w:
            residents.name_estate(w, typed)
    except Refused as no:
        form.blame(no)
        return _page(form).answer(no.status)
    if not typed.strip():
        return done(_("Forgotten."), HERE)
    return done(_("Kept. Only you see it."), f"{HERE}?mine=1")


@blueprint.post("/shops/<org_id>/follow")
@needs("market:shop:follow")
def follow(org_id: str) -> object:
    org_id = queries.get_shop(g.db, org_id).id
    with doing() as w:
        residents.follow(w, org_id)
    return done(_("You hear when its points change or it ends."), f"/shops/{org_id}")


@blueprint.post("/shops/<org_id>/unfollow")
@needs("market:shop:follow")
def unfollow(org_id: str) -> object:
    org_id = queries.get_shop(g.db, org_id).id
    with doing() as w:
        residents.unfollow(w, org_id)
    return done(_("You don't follow this shop any more."), f"/shops/{org_id}")
