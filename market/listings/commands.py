"""`flask search TEXT…` and `flask index rebuild`, as in the public contract."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click
from flask.cli import with_appcontext

from core.commands.output import Command, Group, answer, open_database, refuse

if TYPE_CHECKING:
    from core.data_files import Bilingual
    from market.search.documents import Hit, Results


@click.command(cls=Command)
@click.argument("text", nargs=-1)
@click.option("--category", default="", help="code or name of one category")
@click.option("--district", multiple=True, help="code or name; may be given more than once")
@click.option("--grade", multiple=True, help="N, S, A, B, C, D or R; may be given more than once")
@click.option("--condition", multiple=True, help="the seller's own word, as nearly_new; apart from grades")
@click.option("--wiped", is_flag=True, help="only devices whose wiping has been verified")
@click.option("--price-min", default="", help="in yuan, as 1299.50")
@click.option("--price-max", default="", help="in yuan")
@click.option("--sort", type=click.Choice(["relevance", "newest", "price_up", "price_down"]), default="relevance")
@click.option("--page", type=click.IntRange(1, 10_000), default=1)
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
@with_appcontext
def search(text: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Search the listings that are on sale. Where nothing fits, `instead` tells what there is without some condition."""
    from flask import g
    from werkzeug.datastructures import MultiDict

    from core.errors import Busy
    from market.listings.catalogue import ask, read_query

    asked = MultiDict([("q", " ".join(text)), *_filters(options)])
    with open_database() as session:
        g.db, g.language = session, "en"
        query, problem = read_query(asked)
        if problem:
            refuse("bad_price", "--price-min and --price-max take an amount in yuan such as 1299.50")
        try:
            found = ask(query)
        except Busy:
            refuse("index_busy", "somebody is making the search index anew; try again in a moment")
    answer(_value(found), as_json, "\n".join(_lines(found)))


def _filters(options: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The options as the search page's own arguments. What no listing can have is refused, not searched for."""
    from core.goods.cards import all_cards
    from core.goods.districts import all_districts
    from market.listings.catalogue import GRADES
    from market.listings.condition_rules import CONDITIONS

    if options["category"]:
        yield "category", _code("category", options["category"], {str(card.code): card.names for card in all_cards()})
    for one in options["district"]:
        yield "district", _code("district", one, {place.code: place.name for place in all_districts()})
    for one in options["grade"]:
        if one.upper() not in GRADES:
            refuse("unknown_grade", f"--grade takes {', '.join(GRADES)}, not {one!r}")
        yield "grade", one.upper()
    for one in options["condition"]:
        if one.lower() not in CONDITIONS:
            refuse("unknown_condition", f"--condition takes {', '.join(CONDITIONS)}, not {one!r}")
        yield "condition", one.lower()
    yield from ((key, str(options[key])) for key in ("price_min", "price_max", "sort", "page"))
    yield "wiped", "1" if options["wiped"] else ""


def _code(what: str, typed: str, known: "Mapping[str, Bilingual]") -> str:
    """The code for what was typed: a code, or a name in either language."""
    wanted = typed.strip().casefold()
    fit = [code for code, names in known.items() if wanted in (code, names.zh.casefold(), names.en.casefold())]
    if not fit:
        refuse(f"unknown_{what}", f"there is no {what} {typed!r}; known: {', '.join(known)}")
    return fit[0]


def _value(found: "Results") -> dict[str, Any]:
    near = found.instead
    return {
        "total": found.total, "page": found.page, "hits": [_hit(hit) for hit in found.hits], "suggestion": found.suggestion,
        "instead": {"relaxed": [str(one) for one in near.relaxed], "total": near.total, "hits": [_hit(hit) for hit in near.hits]}
        if near else None,
    }  # fmt: skip


def _hit(hit: "Hit") -> dict[str, Any]:
    from core.web import config

    return {
        "id": hit.id, "title": hit.title, "price": hit.price_minor, "currency": hit.currency, "url": config().base_url + hit.url,
        "score": round(hit.score, 4),
    }  # fmt: skip


def _lines(found: "Results") -> Iterable[str]:
    yield f"{found.total} found"
    yield from map(_line, found.hits)
    if found.instead:
        yield f"without {', '.join(found.instead.relaxed)}: {found.instead.total}"
        yield from map(_line, found.instead.hits)


def _line(hit: "Hit") -> str:
    told = _hit(hit)
    return f"{told['title']}  {told['price']} {told['currency']} (minor units)  {told['url']}"


@click.group(cls=Group)
def index() -> None:
    """The search index."""


@index.command()
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
@with_appcontext
def rebuild(as_json: bool) -> None:
    """Make the index anew from the listings."""
    from market.listings import indexing
    from market.search.engine import IndexBusy

    with open_database() as session:
        try:
            report = indexing.rebuild(session)
        except IndexBusy:
            refuse("index_busy", "somebody is making the search index anew; try again in a moment")
    value = {"documents": report.documents, "seconds": round(report.seconds, 3)}
    answer(value, as_json, f"{report.documents} listings in {report.seconds:.2f} s")
