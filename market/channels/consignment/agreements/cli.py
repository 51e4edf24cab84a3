"""`flask consignment`, with `explain`: what a thing costs on a day under some terms, and who gets what. Touches no database."""

from typing import Any

import click

from core.commands.output import Command


@click.command(cls=Command)
@click.option("--terms", required=True, help="File with terms (JSON); - is standard input.")
@click.option("--price", required=True, type=int, help="Asking price in fen.")
@click.option("--days", required=True, type=int, help="Days since the thing is on the floor.")
@click.option("--reserve", default=0, type=int, help="Reserve in fen; with a fixed net price: the net price.")
@click.option("--discount", default=0, type=int, help="Off the day's price at the till, in fen.")
@click.option("--category", default="", help="Kind of thing, for a commission of its own.")
@click.option("--with", "services", multiple=True, help="A service done for it: cleaning, appraisal or wiping.")
@click.option("--no-markdowns", is_flag=True, help="The thing keeps its price.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="en", help="Of the plain answer.")
@click.option("--json", "as_json", is_flag=True, help="One JSON value instead of words.")
def explain(
    terms: str, price: int, days: int, reserve: int, discount: int, category: str, services: tuple[str, ...],
    no_markdowns: bool, language: str, as_json: bool,
) -> None:  # fmt: skip
    """Price of the day, fees, what the consignor gets and how it came about. Exit 0, or 2 for what can't be used."""
    from core.commands.output import answer, refuse
    from market.channels.consignment.agreements.answer import reckoned_data
    from market.channels.consignment.agreements.rules import BadCase, Case, reckon
    from market.channels.consignment.agreements.shape import terms_digest

    agreed = _read(terms)
    try:
        found = reckon(agreed, Case(
            asking=price, days=days, reserve=reserve, discount=discount, category=category or None,
            services=frozenset(services), kept_price=no_markdowns,
        ))  # fmt: skip
    except BadCase as no:
        refuse(f"bad_{no.code}", str(no))
    answer(reckoned_data(found, terms_digest(agreed)), as_json, "" if as_json else _words(found, language))


def _read(name: str) -> Any:
    from core.commands.output import refuse
    from market.channels.consignment.agreements.reading import read_lawful
    from market.ledger.fees.strict import MOST_BYTES, Unreadable, load

    try:
        with click.open_file(name, "rb") as file:
            return read_lawful(load(file.read(MOST_BYTES + 1)))
    except OSError as no:
        refuse("missing", f"{name}: {no.strerror}")
    except Unreadable as no:
        refuse("bad_terms", f"{name}: {no}")


def _words(found: Any, language: str) -> str:
    from core import i18n
    from market.channels.consignment.agreements.told import told
    from market.ledger.fees.sayings import Speaker

    i18n.compile_catalogue()
    spoken, rows = Speaker("CNY", language), []
    for one in told(found, language):
        rows += [
            i18n.told(one.label, one.amount, language),
            *(f"    {sentence}" for sentence in one.sentences),
            f"    {one.formula}",
        ]
    amounts = {"price": spoken.money(found.paid), "net": spoken.money(found.net), "shop": spoken.money(found.shop)}
    return "\n".join(
        [*rows, spoken(i18n.N_("The buyer pays %(price)s; the consignor gets %(net)s, the shop keeps %(shop)s."), **amounts)]
    )
