"""Runs the stand-in: as a command of its own, or beside the demonstration's server, one port further up."""

import threading
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy import inspect

from core.config import Config
from core.db import Database
from core.people.demo import find_demo_people
from core.people.models import Account
from market.payments.settings import StripeSettings, read
from market.payments.standin import control, hooks
from market.payments.standin.app import Standin

REGION, CURRENCIES = "SG", frozenset({"CNY", "SGD"})
FILE = "standin.db"


def open_standin(config: Config, port: int, house: str = "") -> Standin:
    """The stand-in over its file in the data folder. `house`: whose payments it remembers; another house begins afresh."""
    path = config.data / FILE
    found = Standin(path, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{config.port}/webhooks/stripe")
    with found.store.open() as shelf:
        same = shelf.note("house", house) == house
    if same:
        return found
    for old in (path, path.with_name(f"{FILE}-wal"), path.with_name(f"{FILE}-shm")):
        old.unlink(missing_ok=True)
    return open_standin(config, port, house)


def settings_of(standin: Standin) -> StripeSettings:
    return StripeSettings(
        key=standin.key, webhook_secrets=(standin.secret,), region=REGION, currencies=CURRENCIES, api=standin.home, standin=True
    )


def server_of(standin: Standin, port: int) -> Any:
    """A waitress server on loopback; raises OSError when the port is taken."""
    from waitress import create_server

    return create_server(standin, host="127.0.0.1", port=port, threads=4, ident="standin")


def beside(app: Flask) -> None:
    """A first step of `flask start`: where demo people are and no real key is, card payments go to the stand-in."""
    config: Config = app.extensions["xunshi"]
    database: Database = app.extensions["xunshi_db"]
    if config.production or config.stripe_key or config.port >= 65535:
        return
    house = _house(database)
    if not house:
        return
    port = config.port + 1
    standin = open_standin(config, port, house)
    try:
        server = server_of(standin, port)
    except OSError as taken:
        click.echo(f"No stand-in for card payments: port {port} can't be opened ({taken.strerror})")
        return
    app.extensions["xunshi_standin"] = settings_of(standin)
    threading.Thread(target=server.run, name="standin", daemon=True).start()
    hooks.start(standin)
    click.echo(f"Card payments go to the stand-in at http://127.0.0.1:{port} (test card 4242 4242 4242 4242)")


def ready(app: Flask, account: str) -> None:
    """A connected account of the stand-in beside this server passes its checks without anybody clicking through them."""
    config: Config = app.extensions["xunshi"]
    found: StripeSettings = app.extensions["xunshi_standin"]
    with Standin(config.data / FILE, found.api).store.open() as shelf:
        control.ready(shelf, {"account": account})


def join(app: Flask) -> None:
    """For a command of its own process: reach the stand-in that runs beside this demonstration's server."""
    config: Config = app.extensions["xunshi"]
    if read(config) is None and not config.production and (config.data / FILE).exists():
        app.extensions["xunshi_standin"] = settings_of(Standin(config.data / FILE, f"http://127.0.0.1:{config.port + 1}"))


def _house(database: Database) -> str:
    """What tells this demonstration from the one before: its first account. "" where there are no demo people."""
    if not inspect(database.engine).has_table(Account.__tablename__):
        return ""
    with database.session() as session:
        people = find_demo_people(session)
        return people[0].id if people else ""


def run(config: Config, port: int, path: Path | None = None, door: str = "") -> None:
    """`flask payments standin`: until it is stopped."""
    standin = Standin(path or config.data / FILE, f"http://127.0.0.1:{port}", door or f"http://127.0.0.1:{config.port}/webhooks/stripe")
    server = server_of(standin, port)
    hooks.start(standin)
    for line in (
        f"Stand-in for Stripe at http://127.0.0.1:{port}; reports go to {standin.door}. Start the market with:",
        f"  XUNSHI_STRIPE_API=http://127.0.0.1:{port} XUNSHI_STRIPE_KEY={standin.key}",
        f"  XUNSHI_STRIPE_WEBHOOK_SECRET={standin.secret} XUNSHI_STRIPE_REGION={REGION}:{','.join(sorted(CURRENCIES))}",
    ):
        click.echo(line)
    server.run()
