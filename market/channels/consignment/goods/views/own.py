"""A thing as who brought it reads it at home: where it stands, at which price, and what happened to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from core.access import needs
from core.goods.pictures import Picture, pictures
from core.page import Page
from core.people.names import shown_org
from core.when import exact
from market.channels.consignment.goods import queries
from market.channels.consignment.goods.access import load_own
from market.channels.consignment.goods.models import StockItem
from market.channels.consignment.goods.states import STOCK
from market.channels.consignment.goods.views import blueprint
from market.channels.consignment.goods.views.parts import StockShown, shown, step_words
from privacy.wipes.queries import find_open_job


@dataclass(frozen=True, kw_only=True)
class OwnPage(Page):
    """`consent`: where its giver agrees to the wiping, "" while nothing waits for that; `listing`: where it is on sale online."""

    template = "market/stock_own.html"
    one: StockShown
    shop: str
    shop_href: str
    file: str
    help: str
    pictures: Sequence[Picture]
    way: Sequence[tuple[str, str]]
    consent: str
    receipt: str


@blueprint.get("/consignments/goods/<stock_id>")
@needs("market:consigned_thing:read", on=load_own)
def show_own(stock: StockItem) -> object:
    job = find_open_job(g.db, stock.item_id) if stock.state == "waiting" else None
    asked = job is not None and job.state == "opened"
    return OwnPage(
        one=shown([stock])[0], shop=shown_org(stock.intake.org, g.language), shop_href=f"/shops/{stock.org_id}",
        file=stock.consignor_id or "", help=_(STOCK[stock.state].help), pictures=pictures(stock.item),
        way=[(exact(one.at), step_words(one)) for one in queries.lines_of(g.db, stock.id)],
        consent=f"/wipes/{job.id}/consent" if job and asked else "", receipt=stock.intake.number,
    ).answer()  # fmt: skip
