"""`flask consignment visits`: who comes to a shop on a day with what, for a list on paper or another program."""

import click

from core.commands.output import Command


@click.command(cls=Command)
@click.option("--shop", required=True, help="id of the organisation")
@click.option("--day", "typed", required=True, help="day of the market's zone, like 2026-12-01")
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
def visits(shop: str, typed: str, as_json: bool) -> None:
    """Visits of a day, called-off ones left out; names and contacts stay in the house. Exit 0, also without any; 2 for a shop or
    a day that isn't there."""
    from flask.cli import with_appcontext

    with_appcontext(_visits)(shop, typed, as_json)


def _visits(shop: str, typed: str, as_json: bool) -> None:
    from datetime import date

    from core.commands.output import answer, open_database, refuse
    from core.people.models import Organisation
    from market.channels.consignment.visits.figures import day_figures

    try:
        day = date.fromisoformat(typed)
    except ValueError:
        refuse("bad_day", f"{typed!r} is no day like 2026-12-01")
    with open_database() as session:
        org = session.get(Organisation, shop)
        if org is None or org.kind != "shop":
            refuse("no_shop", f"{shop!r} is no shop")
        found = day_figures(session, shop, day)
    words = [f"{one['time']} {one['number']} {one['point']}: {one['pieces']} pieces, {one['state']}" for one in found]
    answer(found, as_json, "\n".join(words) or "nobody has booked for this day")
