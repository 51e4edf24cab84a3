"""A shop's stock: the list by state, and one thing with its price, its way through the shop, and giving it back."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, request
from flask_babel import gettext as _

from core import clock
from core.access import needs
from core.doing import doing, done
from core.errors import Refused
from core.goods.cards import get_card
from core.goods.cards import text as words
from core.goods.pictures import Picture, pictures
from core.page import Page, page_number
from core.people.models import Organisation
from core.people.names import shown_org
from core.web import limiter
from core.when import exact
from market.channels.consignment.goods import following, keeping, pricing, queries, rules
from market.channels.consignment.goods.access import load_shop, load_stock
from market.channels.consignment.goods.fixed_words import USED
from market.channels.consignment.goods.forms import BackForm, StockForm, TagForm, fen, typed
from market.channels.consignment.goods.keeping import GIVER
from market.channels.consignment.goods.models import StockItem
from market.channels.consignment.goods.pricing import Tag
from market.channels.consignment.goods.queries import A_PAGE, Sought
from market.channels.consignment.goods.rules import Agreed
from market.channels.consignment.goods.states import STOCK
from market.channels.consignment.goods.stepping import days_on_floor
from market.channels.consignment.goods.views import blueprint
from market.channels.consignment.goods.views.online import OnlineShown, online_shown
from market.channels.consignment.goods.views.parts import StockShown, came_by, shown, step_words, yuan
from market.channels.consignment.queries import live_delegates
from market.listings.condition_rules import condition_shown
from market.listings.sell_form import NUMBER_LABELS
from privacy.wipes.queries import find_open_job

SHELVES = ("waiting", "in_stock", "on_sale", "held", "frozen", "sold", "returned")


@dataclass(frozen=True, kw_only=True)
class StockPage(Page):
    """`shelves`: (word, address, is it this one); `state`: "" for all."""

    template = "market/stock.html"
    org_id: str
    name: str
    rows: Sequence[StockShown]
    shelves: Sequence[tuple[str, str, bool]]
    state: str
    form: StockForm
    page: int
    pages: int
    total: int


@blueprint.get("/consignment/<org_id>/stock")
@needs("market:stock:list", on=load_shop)
def show_stock(org: Organisation) -> object:
    asked, said = request.args.get("state", ""), request.args.get("sought", "")[:60].strip()
    state, page = asked if asked in SHELVES else "", page_number()
    sought = Sought(org_id=org.id, states=(state,) if state else (), text=said)
    rows, total = queries.found(g.db, sought, page)
    many, here = queries.counts(g.db, org.id), f"/consignment/{org.id}/stock"
    tabs = [(_("All"), here, not state)] + [
        (f"{_(STOCK[one].label)} {many[one]}", f"{here}?state={one}", one == state) for one in SHELVES if many.get(one)
    ]
    return StockPage(
        org_id=org.id, name=shown_org(org, g.language), rows=shown(rows), shelves=tabs, state=state, page=page,
        pages=max(1, -(-total // A_PAGE)), total=total, form=StockForm(formdata=None, data={"sought": said}),
    ).answer()  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ThingPage(Page):
    """`can`: what fits its state; `way`: (moment, sentence) of each step; `job`: the address of its wiping, "" for none;
    `lowest`: what the shop may ask at least by itself."""

    template = "market/stock_item.html"
    one: StockShown
    org_id: str
    shop: str
    help: str
    pictures: Sequence[Picture]
    facts: Sequence[tuple[str, str]]
    numbers: Sequence[tuple[str, str]]
    way: Sequence[tuple[str, str]]
    can: frozenset[str]
    tag: TagForm
    back: BackForm | None
    lowest: str
    job: str
    consignor_id: str
    item_id: str
    intake_id: str
    words: str
    online: OnlineShown


def thing_page(stock: StockItem, tag: TagForm | None = None, back: BackForm | None = None, status: int = 200) -> object:
    can = frozenset(verb for state, verb in STOCK.arrows if state == stock.state)
    tag = tag or TagForm(formdata=None, data={"price": _plain(stock.asking_minor or stock.wanted_minor)})
    job = find_open_job(g.db, stock.item_id) if stock.state == "waiting" else None
    if stock.consignor and "give_back" in can:
        back = back or BackForm(formdata=None)
        live = [one for one in live_delegates(g.db, stock.consignor.id) if one.goods]
        back.to.choices = [(GIVER, _("Who brought it: %(name)s", name=stock.consignor.shown))] + [
            (one.id, _("Delegate: %(name)s", name=one.shown)) for one in live
        ]
    answer = ThingPage(
        one=shown([stock])[0], org_id=stock.org_id, shop=shown_org(stock.intake.org, g.language), help=_(STOCK[stock.state].help),
        pictures=pictures(stock.item), facts=_facts(stock),
        numbers=[(str(NUMBER_LABELS.get(one.kind, one.kind)), one.masked) for one in stock.item.identifiers if one.live],
        way=[(exact(one.at), step_words(one)) for one in queries.lines_of(g.db, stock.id)], can=can, tag=tag,
        back=back if stock.consignor and "give_back" in can else None, lowest=yuan(_lowest(stock)), words=stock.words,
        job=f"/wipes/{job.id}" if job else "", consignor_id=stock.consignor_id or "", item_id=stock.item_id,
        intake_id=stock.intake_id, online=online_shown(g.db, stock),
    ).answer(status)  # fmt: skip
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _plain(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}" if minor % 100 else str(minor // 100)


def _lowest(stock: StockItem) -> int:
    return rules.lowest(queries.terms_under(stock.intake), Agreed(
        wanted=stock.wanted_minor, reserve=stock.reserve_minor, kept_price=stock.kept_price,
        days=days_on_floor(stock, clock.now()),
    ))  # fmt: skip


def _facts(stock: StockItem) -> list[tuple[str, str]]:
    rows = [
        (_("Kind"), words(get_card(stock.category).names, g.language)),
        (_("Condition"), condition_shown(stock.condition, g.language)),
        (_("Mark"), _(USED[stock.used])), (_("Agreed asking price"), yuan(stock.wanted_minor)),
        (_("Floor"), yuan(stock.reserve_minor) if stock.reserve_minor else "—"),
    ]
    if stock.kept_price:
        rows.append((_("Markdowns"), _("None for this thing")))
    if stock.donate_unsold:
        rows.append((_("If it stays unsold"), _("Given to charity")))
    rows += [(_("Came by it"), came_by(stock))] + ([(_("Paper shown"), stock.proof)] if stock.proof else [])
    return rows


@blueprint.get("/stock/<stock_id>")
@needs("market:stock:read", on=load_stock)
def show_thing(stock: StockItem) -> object:
    return thing_page(stock)


@blueprint.post("/stock/<stock_id>/price")
@limiter.limit("240 per minute")
@needs("market:stock:price", on=load_stock)
def put_price(stock: StockItem) -> object:
    form, stock_id = TagForm(), stock.id
    if not form.validate_on_submit():
        return thing_page(stock, form, status=422)
    try:
        form.key()
        with doing() as w:
            pricing.price(w, w.session.get_one(StockItem, stock_id), Tag(fen(form, "price"), bool(form.consented.data)))
    except Refused as no:
        form.blame(no)
        return thing_page(load_stock(g.db, stock_id), form, status=no.status)
    return done(_("It is on sale at %(price)s. Print its tag.", price=yuan(fen(form, "price"))), f"/stock/{stock_id}")


@blueprint.post("/stock/<stock_id>/unprice")
@needs("market:stock:price", on=load_stock)
def take_price(stock: StockItem) -> object:
    stock_id = stock.id
    with doing() as w:
        pricing.unprice(w, following.locked(w, stock_id))
    return done(_("The price is off; it stands in the stock room."), f"/stock/{stock_id}")


@blueprint.post("/stock/<stock_id>/back")
@limiter.limit("60 per minute")
@needs("market:stock:give_back", on=load_stock)
def give_back(stock: StockItem) -> object:
    form, stock_id = BackForm(), stock.id
    thing_page(stock, back=form)  # its choices
    try:
        form.key()
        with doing() as w:
            keeping.give_back(w, w.session.get_one(StockItem, stock_id), typed(form.to), bool(form.seen.data))
    except Refused as no:
        form.blame(no)
        return thing_page(load_stock(g.db, stock_id), back=form, status=no.status)
    return done(_("It was given back."), f"/stock/{stock_id}")
