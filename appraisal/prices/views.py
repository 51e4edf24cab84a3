"""The price guide, open to everybody: models by kind with a search, and one page a model."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, g, request
from flask.wrappers import Response
from flask_babel import gettext as _

from appraisal.prices import queries, showing
from appraisal.prices.chart_rules import Chart
from appraisal.prices.page_words import NO_PROMISE
from appraisal.prices.showing import GradeRow, Range, Waiting
from core.access import public
from core.goods.cards import all_cards
from core.goods.cards import text as words
from core.goods.describe import category_name
from core.page import Page

blueprint = Blueprint("prices", __name__, url_prefix="/prices")
LONGEST = 100


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One line of the list. `price`: the middle of what is sold most often, or "" for insufficient evidence."""

    name: str
    href: str
    kind: str
    sales: int
    imported: int
    price: str


@dataclass(frozen=True, kw_only=True)
class GuidePage(Page):
    template = "appraisal/prices.html"
    text: str
    category: str
    categories: list[tuple[str, str, int]]
    rows: list[ModelRow]
    total: int
    page: int
    pages: int
    args: list[tuple[str, str]]
    day: str
    no_promise: str


@dataclass(frozen=True, kw_only=True)
class ModelPage(Page):
    template = "appraisal/price.html"
    name: str
    code: str
    kind: str
    kind_code: str
    whole: Range
    typical: str
    kind_and_age: str
    sales: int
    recent: int
    imported: int
    sources: list[str]
    channels: list[tuple[str, int]]
    grades: list[GradeRow]
    spread: Chart | None
    history: Chart | None
    history_rows: list[list[str]]
    history_kinds: Sequence[tuple[str, str]]
    waiting: Waiting
    day: str
    digest: str
    no_promise: str


@blueprint.get("")
@public
def guide() -> Response:
    text = request.args.get("q", "")[:LONGEST].strip()
    category = request.args.get("category", "")[:30]
    there = queries.categories_with_guides(g.db)
    kinds = [(str(card.code), words(card.names, g.language), there[card.code]) for card in all_cards() if card.code in there]
    if category not in {code for code, _name, _count in kinds}:
        category = ""
    found = queries.find_guides(g.db, text, category, _number(request.args.get("page", "1")))
    fit = queries.newest_fit(g.db)
    rows = [
        ModelRow(
            one.name, f"/prices/{one.code}", category_name(one.category, g.language), one.sales, one.body["imported"],
            showing.money(one.p50_minor) if one.p50_minor else "",
        )
        for one in found.guides
    ]  # fmt: skip
    return GuidePage(
        text=text, category=category, categories=kinds, rows=rows, total=found.total, page=found.page, pages=found.pages,
        args=[(name, value) for name, value in (("q", text), ("category", category)) if value], day=fit.day if fit else "",
        no_promise=_(NO_PROMISE),
    ).answer()  # fmt: skip


@blueprint.get("/<model_code>")
@public
def one_model(model_code: str) -> Response:
    one = queries.get_guide(g.db, model_code)
    fit, body = queries.newest_fit(g.db), one.body
    typical, kind_and_age = showing.typical_said(body)
    history = showing.history_chart(body)
    return ModelPage(
        name=one.name, code=one.code, kind=category_name(one.category, g.language), kind_code=one.category,
        whole=showing.range_of(body["whole"]), typical=typical, kind_and_age=kind_and_age, sales=body["sales"],
        recent=body["recent"], imported=body["imported"],
        sources=[_(source) for source in body["sources"]], channels=showing.channels_said(body),
        grades=showing.grade_rows(body), spread=showing.spread_chart(body), history=history,
        history_rows=showing.history_rows(body), history_kinds=showing.kinds_said(history), waiting=showing.waiting_of(body),
        day=fit.day if fit else "", digest=fit.digest if fit else "", no_promise=_(NO_PROMISE),
    ).answer()  # fmt: skip


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
