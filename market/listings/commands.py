"""`flask search TEXT…` and `flask index rebuild`, as in the public contract."""

import click
from flask.cli import with_appcontext

from core.commands.output import answer, refuse


@click.command()
@click.argument("text", nargs=-1)
@click.option("--category", default="")
@click.option("--district", multiple=True)
@click.option("--grade", multiple=True)
@click.option("--wiped", is_flag=True)
@click.option("--price-min", default="")
@click.option("--price-max", default="")
@click.option("--sort", type=click.Choice(["relevance", "newest", "price_up", "price_down"]), default="relevance")
@click.option("--page", type=click.IntRange(1, 10_000), default=1)
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
def search(text: tuple[str, ...], as_json: bool, **options: object) -> None:
    """Search the listings that are on sale. Prices in yuan."""
    from flask import g
    from werkzeug.datastructures import MultiDict

    from core.web import config, database
    from market.listings.catalogue import ask, read_query

    asked = MultiDict({key: str(options[key] or "") for key in ("category", "price_min", "price_max", "sort", "page")})
    asked["q"], asked["wiped"] = " ".join(text), "1" if options["wiped"] else ""
    asked.setlist("district", list(options["district"]))  # type: ignore[call-overload]
    asked.setlist("grade", list(options["grade"]))  # type: ignore[call-overload]
    with database().session() as session:
        g.db, g.language = session, "en"
        query, problem = read_query(asked)
        if problem:
            refuse("bad_price", "--price-min and --price-max take an amount in yuan such as 1299.50")
        found = ask(query)
    hits = [
        {"id": h.id, "title": h.title, "price": h.price_minor, "currency": h.currency,
         "url": config().base_url + h.url, "score": round(h.score, 4)} for h in found.hits
    ]  # fmt: skip
    lines = [f"{h['title']}  {h['price']} {h['currency']} (minor units)  {h['url']}" for h in hits]
    answer({"total": found.total, "page": query.page, "hits": hits}, as_json, "\n".join([f"{found.total} found", *lines]))


@click.group()
def index() -> None:
    """The search index."""


@index.command()
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
def rebuild(as_json: bool) -> None:
    """Make the index anew from the listings."""
    from core.web import database
    from market.listings import indexing

    with database().session() as session:
        report = indexing.rebuild(session)
    value = {"documents": report.documents, "seconds": round(report.seconds, 3)}
    answer(value, as_json, f"{report.documents} listings in {report.seconds:.2f} s")
