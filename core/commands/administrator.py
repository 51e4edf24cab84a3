"""`flask administrator CONTACT`: the first administrator of a house that has none, written down in the log."""

import click
from flask.cli import with_appcontext

from core.commands.output import Command, answer, open_database, refuse


@click.command(cls=Command)
@click.argument("contact")
@click.option("--name", default="", help="of the platform's organisation, if it has to be made; the site's name without it")
@click.option("--name-en", default="Xunshi", help="its English name")
@click.option("--licence", default="", help="its unified social credit code, 18 characters")
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
@with_appcontext
def administrator(contact: str, name: str, name_en: str, licence: str, as_json: bool) -> None:
    """Make somebody who has signed up with CONTACT the first administrator. Refused where there is one already."""
    from core import clock
    from core.errors import Refused
    from core.i18n import say
    from core.people.actions.first import make_administrator
    from core.people.rules import read_address
    from core.work import Actor, work

    with open_database() as session:
        try:
            address = read_address(contact)
            with work(session, Actor("system:console"), clock.now()) as w:
                account = make_administrator(w, address, name.strip() or say("Xunshi", "zh"), name_en.strip(), licence)
                told = {"account": account.id, "contact": address.masked, "second_factor": account.totp_secret is not None}
        except Refused as no:
            refuse(no.code, say(no.sentence, "en", **no.values))
    wakes = "" if told["second_factor"] else " It counts once a second factor is set up: sign in, then Settings."
    answer(told, as_json, f"{address.masked} is the administrator now, and the log says so.{wakes}")
