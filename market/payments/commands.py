"""`flask payments standin | reconcile`: the stand-in for Stripe on this machine, and the provider's balance against our books."""

import sys

import click
from flask.cli import with_appcontext

from core.commands.output import Command, Group, answer, open_database, refuse


@click.group(cls=Group)
def payments() -> None:
    """Payments: the development stand-in, and the comparison with the provider."""


@payments.command(cls=Command)
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="default: one above the market's")
@with_appcontext
def standin(port: int | None) -> None:
    """Run a stand-in for Stripe on 127.0.0.1; prints the settings that lead the market to it."""
    from core.web import config
    from market.payments.standin.beside import run

    if config().production:
        refuse("production", "XUNSHI_ENV=production: a stand-in takes no real money")
    here = port or config().port + 1
    try:
        run(config(), here)
    except OSError as taken:
        refuse("port_taken", f"port {here} can't be opened ({taken.strerror}); choose another: --port 9001")


@payments.command(cls=Command)
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
def reconcile(as_json: bool) -> None:
    """Compare the provider's balance and movements with our books. Exit 1: they differ."""
    from flask import current_app

    from core.db import stamp
    from core.errors import Refused
    from market.payments import reconcile as comparing
    from market.payments.contract import Unreachable
    from market.payments.providers.stripe_line import Declined
    from market.payments.settings import stripe_settings
    from market.payments.standin.beside import join

    if stripe_settings() is None:
        join(current_app._get_current_object())  # type: ignore[attr-defined]
    with open_database() as session:
        try:
            found = comparing.reconcile(session)
        except Refused:
            refuse("stripe_off", "no payment provider holds money here: nothing to compare (see XUNSHI_STRIPE_REGION)")
        except (Unreachable, Declined) as fault:
            refuse("unreachable", f"the provider doesn't answer: {fault}")
        value = {
            "provider": found.provider, "at": stamp(found.at), "agrees": found.agrees, "transactions": found.transactions,
            "balances": [{"unit": unit, "theirs": one, "ours": other} for unit, (one, other) in found.balances.items()],
            "differences": found.differences,
        }  # fmt: skip
    lines = [f"{'agrees' if value['agrees'] else 'DIFFERS'}: {value['transactions']} movements at {value['provider']}"]
    for one in found.differences:
        lines.append(f"  {one['kind']} {one['ref']} theirs {one['theirs']} ours {one['ours']} {one['unit']}")
    answer(value, as_json, "\n".join(lines))
    sys.exit(0 if value["agrees"] else 1)
