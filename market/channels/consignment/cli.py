"""`flask consignment`: what terms cost, what is taken in from a file, and who comes when; each part's command hangs in here."""

import click

from core.commands.output import Group
from market.channels.consignment.agreements.cli import explain
from market.channels.consignment.importing.cli import import_
from market.channels.consignment.visits.cli import visits


@click.group(cls=Group)
def consignment() -> None:
    """Consignment: what terms in a file come to, taking things in from a file, and booked visits."""


consignment.add_command(explain)
consignment.add_command(import_)
consignment.add_command(visits)
