"""The shop's file for its people: how it stands, its points, and the way to each part."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from core import clock
from core.access import may, needs, visitor
from core.page import Page
from core.people.choosing import Words, choose_place
from core.people.models import Organisation
from core.people.names import shown_org
from market.shops import queries, standing
from market.shops.access import load_shop
from market.shops.models import ShopExemption, ShopRules, TradePermit
from market.shops.permits import BOOKS
from market.shops.rules import SHOP_KINDS
from market.shops.show import ClosingShown, PointShown, shown_closing, shown_point
from market.shops.states import EXEMPTION, PERMIT
from market.shops.views import blueprint


@blueprint.get("/shop-file")
@needs("market:shops:list")
def show_files() -> object:
    return choose_place(queries.STAFF, SHOP_KINDS, "/shops/{}/desk".format, Words(
        title=_("Shop file"), lead=_("Choose the shop whose points, rules and papers you want to see."),
        none=_("No organisation of yours keeps a shop file"), text=_("Shops, schools and communities do."),
    ))  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    """`why_not`: the sentence that tells why it takes no goods, "" when it does; `exemption` and `permit`: the newest one with
    (word, tone), or None; `rules`: the standing version."""

    template = "market/shop_desk.html"
    org_id: str
    name: str
    keeps: bool
    public: bool
    why_not: str
    licence: str
    sentence: str
    exemption: tuple[str, str] | None
    points: Sequence[PointShown]
    rules: ShopRules | None
    permit: TradePermit | None
    permit_state: tuple[str, str] | None
    closing: ClosingShown | None


@blueprint.get("/shops/<org_id>/desk")
@needs("market:shop:see", on=load_shop)
def show_desk(org: Organisation) -> object:
    now, versions = clock.now(), queries.rules_of(g.db, org.id)
    code = standing.why_not(g.db, org.id, now)
    exemptions, permits = queries.exemptions_of(g.db, org.id), queries.permits_of(g.db, org.id, BOOKS)
    points = queries.points_of(g.db, org.id)
    return DeskPage(
        org_id=org.id, name=shown_org(org, g.language), keeps=may(visitor(), "market:shop:keep", org),
        public=standing.is_public(g.db, org.id) and bool(points), why_not=_(standing.REASONS[code]) if code else "",
        licence=standing.licence_of(g.db, org), sentence=standing.exemption_sentence(g.db, org, g.language),
        exemption=_stands(exemptions), points=[shown_point(one, now) for one in points],
        rules=versions[0] if versions else None, permit=permits[0] if permits else None,
        permit_state=permit_state(permits[0]) if permits else None,
        closing=shown_closing(standing.find_closing(g.db, org.id), now),
    ).answer()  # fmt: skip


def permit_state(row: TradePermit) -> tuple[str, str]:
    return _(PERMIT[row.state].label), PERMIT[row.state].tone


def _stands(found: Sequence[ShopExemption]) -> tuple[str, str] | None:
    return (_(EXEMPTION[found[0].state].label), EXEMPTION[found[0].state].tone) if found else None
