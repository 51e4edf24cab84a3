"""`flask start | prepare | serve | backup | restore`: bring the data folder up to date, serve it, save it, put it back."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext

from core.commands.output import Command, refuse


@click.command(cls=Command)
@with_appcontext
def start() -> None:
    """All of `make run` in one process: prepare, what rooms do in an empty house (the demonstration), serve."""
    _demand_port()
    _prepare()
    for step in current_app.config.get("XUNSHI_FIRST_STEPS", ()):
        step()
    _serve()


@click.command(cls=Command)
@with_appcontext
def prepare() -> None:
    """Make or upgrade the database (after a backup), bring the categories in line with their cards, put in the first fees."""
    _prepare()


@click.command(cls=Command)
@with_appcontext
def serve() -> None:
    """Serve on 127.0.0.1 with the production WSGI server, and run the jobs."""
    _serve()


def _demand_port() -> None:
    """Say that the port is taken before a minute goes into a database that nobody would see."""
    import socket

    from core.web import config

    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", config().port))
        except OSError as taken:
            _refuse_port(config().port, taken)


def _refuse_port(port: int, taken: OSError) -> NoReturn:
    refuse("port_taken", f"port {port} can't be opened ({taken.strerror}); choose another: PORT=8001 make run")


def _prepare() -> None:
    from core import backup as archive
    from core import migrate
    from core.goods.register import keep_categories
    from core.web import config, database

    config().data.mkdir(parents=True, exist_ok=True)
    try:
        before = migrate.current(database())
    except RuntimeError as fault:
        refuse("unknown_tables", str(fault))
    if before and before != migrate.head():
        click.echo(f"backed up to {archive.backup(database(), config().data)}")
    if before != migrate.head():
        migrate.upgrade(database())
    keep_categories(database())
    for step in current_app.config.get("XUNSHI_KEEP", ()):
        step(database())


def _serve() -> None:
    from waitress import create_server

    from core import runner
    from core.fonts import font_status
    from core.web import config, database

    app = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        server = create_server(app, host="127.0.0.1", port=config().port, threads=8, ident="xunshi", **_proxy(config().https))
    except OSError as taken:
        _refuse_port(config().port, taken)

    def inside(step: Callable[[], None]) -> None:
        with app.app_context():
            step()

    stop = runner.start(inside, database())
    click.echo(font_status())
    click.echo(f"Xunshi 循市 is open at http://127.0.0.1:{config().port}")
    lines = app.config.get("XUNSHI_WELCOME")
    for line in lines() if lines else ():
        click.echo(line)
    sys.stdout.flush()
    try:
        server.run()
    finally:
        stop.set()


def _proxy(https: bool) -> dict[str, Any]:
    """Behind HTTPS a proxy on this machine stands before us: believe what it says of the caller, and nobody else."""
    trusted = {"x-forwarded-for", "x-forwarded-proto"}
    return {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": trusted} if https else {}


@click.command(cls=Command)
@click.option("--out", type=click.Path(dir_okay=False), help="where to write; default data/backups/")
@click.option("--with-secret", is_flag=True, help="include the key that opens encrypted fields")
@with_appcontext
def backup(out: str | None, with_secret: bool) -> None:
    """Save database and files into one archive."""
    from core import backup as archive
    from core.web import config, database

    data = config().data
    try:
        path = archive.backup(database(), data, Path(out) if out else None, with_secret=with_secret)
    except (archive.BadBackup, RuntimeError) as fault:
        refuse("no_backup", str(fault))
    except OSError as fault:
        refuse("unwritable", f"{out or data} can't be written: {fault.strerror}")
    click.echo(f"saved to {path}")
    if not with_secret:
        click.echo(f"keep {data / archive.SECRET} in another safe place: without it serial numbers stay closed")


@click.command(cls=Command)
@click.argument("file", type=click.Path(dir_okay=False))
@with_appcontext
def restore(file: str) -> None:
    """Put an archive back into an empty data folder and database. Exit 1: it is back, but its log doesn't verify."""
    from core import audit
    from core import backup as archive
    from core.web import config, database

    if not Path(file).is_file():
        refuse("missing", f"there is no file {file}")
    try:
        rows = archive.restore(database(), config().data, Path(file))
    except archive.BadBackup as fault:
        refuse("bad_backup", str(fault))
    except OSError as fault:
        refuse("unwritable", f"{fault.filename or config().data}: {fault.strerror}")
    with database().session() as session:
        log = audit.verify(session)
    click.echo(f"{rows} rows are back; `flask index rebuild` makes the search index anew")
    click.echo(f"the audit log {'holds' if log.ok else 'DOES NOT HOLD'}: {log.lines} lines, head {log.head}")
    sys.exit(0 if log.ok else 1)
