"""`flask appraisal bookings`: what became of the bookings of each agency, for scripts and the yearly report."""

from dataclasses import asdict

import click
from flask.cli import with_appcontext

from core.commands.output import Command, Group, answer, open_database, refuse


@click.group(cls=Group)
def appraisal() -> None:
    """Appraisals: what was booked with agencies."""


@appraisal.command(cls=Command)
@click.option("--agency", default="", help="only this organisation, by id")
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
@with_appcontext
def bookings(agency: str, as_json: bool) -> None:
    """Bookings, ends, waiting times and fees of each agency. Exit 0, also without any; 2 for an agency that isn't there."""
    from market.channels.appraisal.figures import figures

    with open_database() as session:
        found = figures(session, agency)
    if agency and not found:
        refuse("no_agency", f"{agency!r} is no organisation that offers bookings")
    words = [
        f"{one.name}: {one.booked} booked, {one.open} open, {one.graded} graded, {one.ungraded} ungraded, "
        f"{one.by_owner} called off by owners, {one.by_agency} by the agency, {one.missed} missed; "
        f"median {'-' if one.hours is None else one.hours} h to the grade; {one.paid_minor} fen paid, {one.back_minor} fen back"
        for one in found
    ]
    answer([asdict(one) for one in found], as_json, "\n".join(words) or "no agency offers bookings")
