"""`flask keys …`: which keys are on record, a new one for the house or its log, a key revoked with its reason."""

from typing import TYPE_CHECKING, NoReturn

import click
from flask.cli import with_appcontext

from core.commands.output import Group, answer, open_database, refuse

if TYPE_CHECKING:
    from core.errors import Refused
    from privacy.keys.house import KeyLine


@click.group(cls=Group)
def keys() -> None:
    """The keys that sign certificates and the public log."""


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
@with_appcontext
def list_all(as_json: bool) -> None:
    """Every key on record: whose, since when, until when, and why it ended."""
    from core.web import config
    from privacy.bench import bench_of
    from privacy.keys import house

    with open_database() as session:
        found = house.listed(session, bench_of(config()))
    answer([_row(one) for one in found], as_json, "\n".join(map(_line, found)) or "No key has signed anything yet.")


def _row(one: "KeyLine") -> dict[str, str | None]:
    from core.db import stamp

    times = {"from": one.since, "until": one.until, "revoked_at": one.revoked_at}
    return {
        "key": one.key_id, "role": one.role, "state": one.state, "account": one.account_id or None, "reason": one.reason or None,
        **{name: stamp(at) if at else None for name, at in times.items()},
    }  # fmt: skip


def _line(one: "KeyLine") -> str:
    row = _row(one)
    ended = row["revoked_at"] or row["until"]
    return f"{one.key_id} {one.role:12} {one.state:8} {row['from']}" + (f" .. {ended} {one.reason}".rstrip() if ended else "")


@keys.command()
@click.argument("which", type=click.Choice(["house", "log"]))
@with_appcontext
def rotate(which: str) -> None:
    """Make a new key for certificates (house) or checkpoints (log). What the one before signed stays good."""
    from core import clock
    from core.errors import Refused
    from core.web import config
    from core.work import Actor, work
    from privacy.keys import house

    with open_database() as session:
        try:
            with work(session, Actor("system:command"), clock.now()) as w:
                made = house.rotate(w, config(), which)
        except Refused as no:
            _refuse(no)
    click.echo(f"{made} signs for the {which} from now on.")


@keys.command()
@click.argument("key")
@click.option("--reason", required=True, type=click.Choice(["lost", "stolen", "misused"]), help="why it isn't trusted any more")
@with_appcontext
def revoke(key: str, reason: str) -> None:
    """Revoke a key of the house, of the log or of a person; the house's gives way to a new one at once."""
    from core import clock
    from core.errors import Refused
    from core.web import config
    from core.work import Actor, work
    from privacy.keys import house

    with open_database() as session:
        try:
            with work(session, Actor("system:command"), clock.now()) as w:
                house.revoke(w, config(), key, reason)
        except Refused as no:
            _refuse(no)
    click.echo(f"{key} is revoked: {reason}.")


def _refuse(no: "Refused") -> NoReturn:
    refuse(no.code, no.sentence % no.values if no.values else no.sentence)
