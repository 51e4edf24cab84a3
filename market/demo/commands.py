"""`flask demo`: fresh demo people, things and evidence in this data folder; `--first` only where nobody is yet."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext

from core.commands.output import Command, refuse

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@click.command(cls=Command)
@click.option("--first", is_flag=True, help="only when the database has no account at all; else do nothing")
@with_appcontext
def demo(first: bool) -> None:
    """Make fresh demo data. What was there is backed up first; never where real people are."""
    if fill(first=first):
        from market.demo.welcome import welcome

        for line in welcome(current_app._get_current_object()):  # type: ignore[attr-defined]
            click.echo(line)


def fill(*, first: bool) -> bool:
    """Tell whether demo data were made. `first`: only in an empty house, or one where that was broken off."""
    from sqlalchemy import inspect

    from core.people.models import Account
    from core.web import config, database

    if config().production:
        if first:
            return False
        refuse("production", "XUNSHI_ENV=production: a real house is never filled with demo data")
    if not inspect(database().engine).has_table(Account.__tablename__):
        refuse("not_prepared", "this database has no tables yet: run flask prepare first")
    with database().session() as session:
        accounts, real = _count(session, all_=True), _count(session, all_=False)
    if first and accounts and not (_unfinished().exists() and not real):
        return False
    if real:
        refuse("real_people", f"{real} accounts here are not demo accounts: use another XUNSHI_DATA for the demonstration")
    if accounts:
        click.echo(f"backed up to {_start_afresh()}")
    _build()
    return True


def _unfinished() -> Path:
    """Is there while the demo data are being made: who is interrupted begins afresh the next time."""
    from core.web import config

    return config().data / "demo.unfinished"


def _count(session: "Session", *, all_: bool) -> int:
    from sqlalchemy import func, select

    from core.people.models import Account

    query = select(func.count()).select_from(Account)
    return session.scalar(query if all_ else query.where(Account.demo.is_(False))) or 0


def _start_afresh() -> Path:
    """Save everything, then take the schema down and up again: the only way past the guards on history."""
    from core import backup, migrate
    from core.goods.register import keep_categories
    from core.web import config, database

    saved = backup.backup(database(), config().data)
    migrate.downgrade(database(), "base")
    migrate.upgrade(database())
    keep_categories(database())
    shutil.rmtree(config().data / "files", ignore_errors=True)
    return saved


def _build() -> None:
    from market.demo.build import build

    app = current_app._get_current_object()  # type: ignore[attr-defined]
    _unfinished().touch()
    built = build(app)
    _unfinished().unlink()
    click.echo(f"{built.people} demo people and {built.listings} things are ready")
