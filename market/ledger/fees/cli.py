"""`flask fees explain`: what a policy makes of some sales, step by step. Touches no database; heavy imports come late."""

from typing import Any

import click

from core.commands.output import Group


@click.group(cls=Group)
def fees() -> None:
    """Fees by a policy in a file."""


@fees.command()
@click.option("--policy", required=True, help="File with a policy (JSON); - is standard input.")
@click.option("--sales", required=True, help="File with sales (JSON); - is standard input.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="en", help="Of the plain answer.")
@click.option("--json", "as_json", is_flag=True, help="One JSON value instead of words.")
def explain(policy: str, sales: str, language: str, as_json: bool) -> None:
    """Fees, payout and the way to each amount. Exit 0, or 2 for files that can't be used."""
    from core.commands.output import answer, refuse
    from market.ledger.fees.reading import read_policy
    from market.ledger.fees.reading_sales import read_sales
    from market.ledger.fees.rules import BadSale, compute
    from market.ledger.fees.shape import result_data

    if policy == sales == "-":
        refuse("usage", "only one of --policy and --sales can be standard input")
    terms = _read("bad_policy", policy, read_policy)
    lines = _read("bad_sales", sales, read_sales)
    try:
        result = compute(terms, lines)
    except BadSale as no:
        refuse("bad_sales", f"{sales}: {no}")
    data = result_data(result)
    answer(data, as_json, "" if as_json else _words(data, terms, language))


def _read(code: str, name: str, reader: Any) -> Any:
    from core.commands.output import refuse
    from market.ledger.fees.strict import MOST_BYTES, Unreadable, load

    try:
        with click.open_file(name, "rb") as file:
            return reader(load(file.read(MOST_BYTES + 1)))
    except OSError as no:
        refuse("missing", f"{name}: {no.strerror}")
    except Unreadable as no:
        refuse(code, f"{name}: {no}")


def _words(data: dict[str, Any], terms: Any, language: str) -> str:
    """Line by line: what each step came to and why."""
    from core import i18n
    from market.ledger.fees.explain import explain_lines
    from market.ledger.fees.sayings import Speaker

    i18n.compile_catalogue()
    spoken = Speaker(terms.currency, language)
    rows = []
    for line in data["lines"]:
        rows.append(f"{line['id']}")
        for one in explain_lines(line, language):
            source = f" [{one.source}]" if one.source else ""
            rows.append("  " + spoken(i18n.N_("%(label)s: %(amount)s"), label=one.label, amount=one.amount) + source)
            rows += [f"      {sentence}" for sentence in one.sentences]
            rows.append(f"      {one.formula}")
    total = data["total"]
    amounts = {"gross": total["gross"], "fees": sum(total["fees"].values()), "payout": total["payout"]}
    together = i18n.N_("Together: %(gross)s, fees %(fees)s, to the sellers %(payout)s")
    rows.append(spoken(together, **{name: spoken.money(minor) for name, minor in amounts.items()}))
    return "\n".join(rows)
