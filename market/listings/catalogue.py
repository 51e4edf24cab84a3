"""The front page with its two doors, and the search."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, g, redirect, request
from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy import Row, select
from werkzeug.datastructures import MultiDict

from core.access import public
from core.errors import Busy, Refused
from core.goods.cards import all_cards
from core.goods.cards import text as words
from core.goods.describe import category_name
from core.goods.pictures import first_pictures
from core.i18n import N_
from core.money import Money, format_money, parse_yuan
from core.page import Page
from core.people.sellers import KINDS
from market.listings.condition_rules import CONDITIONS, condition_shown
from market.listings.indexing import engine, rebuild
from market.listings.models import Listing
from market.listings.places import district_choices, district_name
from market.search.documents import Hit, Loosened, Query, Results, Sort
from market.search.engine import IndexBusy, NeedsRebuild

blueprint = Blueprint("catalogue", __name__)
PER_PAGE = 48
# the words stand in the design's own catalogue with the context "grade"
GRADES = {
    "N": "Unused", "S": "Like new", "A": "Excellent", "B": "Good", "C": "Fair", "D": "Worn, works", "R": "For repair or parts",
}  # fmt: skip
ASKED = ("q", "category", "district", "grade", "condition", "wiped", "price_min", "price_max", "sort")
SORTS = {
    "relevance": N_("Best match"), "newest": N_("Newest first"), "price_up": N_("Cheapest first"),
    "price_down": N_("Dearest first"),
}  # fmt: skip
LOOSENED = {
    Loosened.SPELLING: N_("the spelling"), Loosened.PRICE: N_("the price range"), Loosened.GRADE: N_("the grade"),
    Loosened.CONDITION: N_("the seller's own words of condition"),
    Loosened.SELLER: N_("the kind of seller"), Loosened.DISTRICT: N_("the district"),
    Loosened.CATEGORY: N_("the category"), Loosened.WORDS: N_("some of the words"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A listing in a grid. `condition`: the seller's own words with their mark, only where there is no grade."""

    title: str
    parts: list[tuple[str, bool]]
    href: str
    price: str
    photo: str | None
    width: int
    height: int
    grade: str | None
    condition: str
    wipe: str | None
    district: str
    seller_kind: str
    state: tuple[str, str] | None
    icon: str


@dataclass(frozen=True, kw_only=True)
class FrontPage(Page):
    template = "market/front.html"
    newest: list[Card]
    categories: list[tuple[str, str, str]]


@dataclass(frozen=True, kw_only=True)
class SearchPage(Page):
    """`cards` are the answer; `instead` is what there is where nothing fits, and `relaxed` what it leaves aside."""

    template = "market/search.html"
    q: str
    heading: str
    cards: list[Card]
    total: int
    instead: list[Card]
    instead_total: int
    page: int
    pages: int
    args: list[tuple[str, str]]
    categories: list[tuple[str, str, bool, int | None]]
    districts: list[tuple[str, str, bool, int]]
    grades: list[tuple[str, str, bool]]
    conditions: list[tuple[str, str, bool]]
    wiped: bool
    price_min: str
    price_max: str
    sorts: list[tuple[str, str, bool]]
    active: list[tuple[str, str]]
    keep: list[tuple[str, str]]
    suggestion: str | None
    suggestion_href: str
    relaxed: list[str]
    problem: str


# what a card shows; plain rows are read in a third of the time that whole listings take
SHOWN = (
    Listing.id, Listing.item_id, Listing.title, Listing.price_minor, Listing.currency, Listing.grade, Listing.data_bearing,
    Listing.district, Listing.seller_kind, Listing.state, Listing.category, Listing.condition,
)  # fmt: skip


def cards_of(listings: Sequence[Row[Any]], parts: dict[str, list[tuple[str, bool]]] | None = None) -> list[Card]:
    photos, icons = first_pictures(g.db, [one.item_id for one in listings]), {str(c.code): c.icon for c in all_cards()}
    kinds, reserved = {code: _(label) for code, label in KINDS.items()}, (_("Reserved"), "info")
    found = []
    for one in listings:
        photo = photos.get(one.item_id)
        found.append(
            Card(
                title=one.title, parts=(parts or {}).get(one.id, [(one.title, False)]), href=f"/listings/{one.id}",
                price=format_money(Money(one.price_minor, one.currency), g.language),
                photo=photo.thumb if photo else None, width=photo.width if photo else 400,
                height=photo.height if photo else 400, grade=one.grade, wipe="cleared" if one.data_bearing else None,
                district=district_name(one.district, g.language), seller_kind=kinds[one.seller_kind],
                condition="" if one.grade else condition_shown(one.condition, g.language),
                state=reserved if one.state == "reserved" else None,
                icon=icons.get(one.category, "box"),
            )
        )  # fmt: skip
    return found


@blueprint.get("/")
@public
def front() -> object:
    query = select(*SHOWN).where(Listing.state == "published").order_by(Listing.published_at.desc(), Listing.id).limit(10)
    return FrontPage(
        newest=cards_of(g.db.execute(query).all()),
        categories=[(words(card.names, g.language), f"/search?category={card.code}", card.icon) for card in all_cards()],
    ).answer()  # fmt: skip


def read_query(args: MultiDict[str, str]) -> tuple[Query, str]:
    """The query that an address asks for. The second value is a sentence when a price was odd: that one filters nothing."""
    problem = ""
    prices: dict[str, int | None] = {}
    for name in ("price_min", "price_max"):
        typed = args.get(name, "").strip()
        try:
            prices[name] = parse_yuan(typed).minor if typed else None
        except Refused:
            prices[name], problem = None, _("The price was not an amount of money, so it was left out.")
    wiped = True if args.get("wiped") == "1" else None
    page = args.get("page", "1")
    sort = args.get("sort", "relevance")
    return Query(
        text=args.get("q", "")[:200], category=args.get("category", "")[:30],
        districts=tuple(args.getlist("district")[:30]), grades=tuple(args.getlist("grade")[:30]),
        conditions=tuple(args.getlist("condition")[:30]),
        wiped=wiped, sort=Sort(sort) if sort in SORTS else Sort.RELEVANCE,
        page=min(int(page), 10_000) if page.isdecimal() and len(page) < 6 else 1, per_page=PER_PAGE,
        price_min=prices["price_min"], price_max=prices["price_max"],
    ), problem  # fmt: skip


def ask(query: Query) -> Results:
    """Search; a missing or damaged index is made anew once, from the listings themselves."""
    try:
        return engine().search(query)
    except NeedsRebuild:
        try:
            rebuild(g.db)
        except IndexBusy:
            raise Busy("index_busy", N_("The search is being put in order. Please try again in a moment.")) from None
        return engine().search(query)


@blueprint.get("/search")
@public
def search() -> object:
    query, problem = read_query(request.args)
    results = ask(query)
    args = [(k, v[:100]) for k, v in request.args.items(multi=True) if k in ASKED and v.strip()][:60]
    # a price that can't be read filters nothing
    args = [(k, v) for k, v in args if not k.startswith("price_") or getattr(query, k) is not None]
    pages = results.instead.pages if results.instead else results.pages
    if pages and query.page > pages:
        return redirect("/search?" + urlencode([*args, ("page", str(pages))]), 303)
    return _search_page(query, results, args, problem).answer()


def _search_page(query: Query, results: Results, args: list[tuple[str, str]], problem: str) -> SearchPage:
    counted = {found.value: int(found[1]) for found in results.facets.categories}
    places = {found.value: int(found[1]) for found in results.facets.districts}
    near, active = results.instead, _active(query, args)
    return SearchPage(
        q=query.text, heading=_heading(query, active), cards=_hits(results.hits), total=results.total, page=query.page,
        pages=near.pages if near else results.pages, args=args, instead=_hits(near.hits) if near else [],
        instead_total=near.total if near else 0,
        categories=_categories(query.category, counted),
        districts=[(code, name, code in query.districts, places.get(code, 0)) for code, name in district_choices()
                   if code in places or code in query.districts],
        grades=[(code, f"{code} · {pgettext('grade', word)}", code in query.grades) for code, word in GRADES.items()],
        conditions=[(code, _(word), code in query.conditions) for code, word in CONDITIONS.items()], wiped=bool(query.wiped),
        price_min=request.args.get("price_min", "")[:20], price_max=request.args.get("price_max", "")[:20],
        sorts=[(code, _(label), code == query.sort.value) for code, label in SORTS.items()],
        active=active, keep=[(k, v) for k, v in args if k in ("q", "sort")],
        suggestion=results.suggestion, suggestion_href="/search?" + urlencode({"q": results.suggestion or ""}),
        relaxed=[_(LOOSENED[one]) for one in near.relaxed] if near else [], problem=problem,
    )  # fmt: skip


def _heading(query: Query, active: list[tuple[str, str]]) -> str:
    """What was asked, in a few words: nobody reads "everything" above a part of it."""
    if query.text:
        return str(_("“%(words)s”", words=query.text))
    if query.category:
        return category_name(query.category, g.language)
    return str(_("On sale, with your filters") if active else _("Everything on sale"))


def _categories(chosen: str, counted: dict[str, int]) -> list[tuple[str, str, bool, int | None]]:
    """All kinds, then those with something on sale under the other filters, and the one that is chosen."""
    rows: list[tuple[str, str, bool, int | None]] = [("", _("All kinds"), not chosen, None)]
    for card in all_cards():
        if card.code in counted or card.code == chosen:
            rows.append((str(card.code), words(card.names, g.language), card.code == chosen, counted.get(card.code, 0)))
    return rows


def _hits(hits: tuple[Hit, ...]) -> list[Card]:
    parts = {hit.id: [(part.text, part.is_match) for part in hit.title_parts] for hit in hits}
    query = select(*SHOWN).where(Listing.id.in_(list(parts)), Listing.state.in_(("published", "reserved")))
    rows = {one.id: one for one in g.db.execute(query)}
    return cards_of([rows[hit.id] for hit in hits if hit.id in rows], parts)


def _active(query: Query, args: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each filter that is on, with the address that takes it off."""
    named: dict[str, Callable[[str], str]] = {
        "category": lambda v: category_name(v, g.language), "district": lambda v: district_name(v, g.language),
        "grade": lambda v: str(_("Grade %(grade)s", grade=v)), "condition": lambda v: condition_shown(v, g.language) or v,
        "wiped": lambda v: str(_("Wiped and verified")),
        "price_min": lambda v: str(_("from ¥%(price)s", price=v)),
        "price_max": lambda v: str(_("up to ¥%(price)s", price=v)),
    }  # fmt: skip
    return [
        (named[key](value), "/search?" + urlencode([one for one in args if one != (key, value)]))
        for key, value in args if key in named
    ]  # fmt: skip


