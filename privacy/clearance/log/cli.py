"""`flask log …`: check the stored log against checkpoints kept elsewhere, take it away, name witnesses."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from flask.cli import with_appcontext

from core.commands.output import Group, answer, open_database, refuse

if TYPE_CHECKING:
    from core.errors import Refused
    from privacy.verify import Checkpoint


@click.group(cls=Group)
def log() -> None:
    """The public log of wipe certificates."""


@log.command()
@click.option("--checkpoint", "kept", multiple=True, type=click.Path(), help="a checkpoint kept elsewhere (may be given often)")
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
@click.pass_context
@with_appcontext
def verify(ctx: click.Context, kept: Sequence[str], as_json: bool) -> None:
    """Hash every leaf anew and compare. Exit 0: it holds; 1: it doesn't, or a checkpoint given isn't this log's."""
    from privacy.clearance.log import checking

    outside = [_checkpoint(name) for name in kept]
    with open_database() as session:
        found = checking.check(session, outside)
    answer(asdict(found), as_json, _words(asdict(found)))
    ctx.exit(0 if found.ok else 1)


def _checkpoint(name: str) -> "Checkpoint":
    from privacy.verify import Unusable, parse_checkpoint

    try:
        return parse_checkpoint(_read(name))
    except Unusable as no:
        refuse(no.code, f"{name!r}: {no}")


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read(200_001) if name == "-" else Path(name).read_bytes()
    except (OSError, ValueError) as fault:
        refuse("missing", f"{name!r} can't be read: {fault}")


def _words(found: dict[str, Any]) -> str:
    head = f"{found['size']} leaves, {found['checkpoints']} checkpoints, root {found['root']}"
    lines = [f"The log {'holds' if found['ok'] else 'does NOT hold'}: {head}, {found['waiting']} waiting."]
    if found["outside"]:
        lines.append(f"Checkpoints kept elsewhere: {found['outside']}.")
    lines += [f"leaf {one['index']}: {one['code']} {one['detail']}".rstrip() for one in found["findings"]]
    if found["back_dated"]:
        lines.append(f"These leaves claim to be older than leaves before them: {', '.join(map(str, found['back_dated']))}.")
    return "\n".join(lines)


@log.command()
@with_appcontext
def sequence() -> None:
    """Number the leaves that wait and sign a checkpoint, as the server does by itself."""
    from core import clock
    from core.web import config
    from core.work import Actor, work
    from privacy.clearance.log import sequencing

    with open_database() as session:
        count, step = 0, 1
        while step:
            with work(session, Actor("system:sequencer"), clock.now()) as w:
                step = sequencing.sequence(w, config())
            count += step
    click.echo(f"{count} leaves numbered.")


@log.command()
@click.argument("folder", type=click.Path(file_okay=False))
@with_appcontext
def export(folder: str) -> None:
    """Write the whole log as static files (C2SP tlog-tiles) that `python -m privacy.verify FOLDER` checks."""
    from core.web import config
    from privacy.bench import bench_of
    from privacy.clearance import house_key
    from privacy.clearance.log import keys, queries, tiles

    with open_database() as session:
        listed = house_key.key_list(bench_of(config()).keys, keys.listed(session))
        sizes = [one.size for one in queries.recent(session, 1000)]
        try:
            size = tiles.export(session, Path(folder), listed, sizes)
        except tiles.NoTile as no:
            refuse("log_empty", str(no))
        except OSError as fault:
            refuse("unwritable", f"{folder!r} can't be written: {fault.strerror}")
    click.echo(f"{size} leaves written to {folder}.")


@log.command()
@click.argument("numbers", nargs=-1, required=True)
@click.option("--out", required=True, type=click.Path(dir_okay=False), help="the zip file to write")
@click.option("--without-evidence", is_flag=True, help="leave out the tools' own files, which hold serial numbers")
@with_appcontext
def bundle(numbers: Sequence[str], out: str, without_evidence: bool) -> None:
    """Certificates with all that proves them, in one zip for `python -m privacy.verify`."""
    from core import clock
    from core.errors import Refused
    from core.web import config
    from privacy.bench import bench_of
    from privacy.clearance.log.bundle import make_bundle
    from privacy.clearance.queries import get_certificate

    with open_database() as session:
        try:
            papers = [get_certificate(session, number) for number in dict.fromkeys(numbers)]
            data = make_bundle(session, bench_of(config()), papers, clock.now(), evidence=not without_evidence)
        except Refused as no:
            _refuse(no)
    try:
        Path(out).write_bytes(data)
    except OSError as fault:
        refuse("unwritable", f"{out!r} can't be written: {fault.strerror}")
    click.echo(f"{len(papers)} certificates, {len(data)} bytes written to {out}.")


@log.command()
@click.argument("file", type=click.Path())
@with_appcontext
def cosign(file: str) -> None:
    """Keep the cosignatures of known witnesses that stand under one of our checkpoints."""
    from core import clock
    from core.errors import Refused
    from core.work import Actor, work
    from privacy.clearance.log import witnesses

    with open_database() as session:
        try:
            with work(session, Actor("system:command"), clock.now()) as w:
                kept = witnesses.cosign(w, _read(file))
        except Refused as no:
            _refuse(no)
    click.echo(f"kept: {', '.join(kept)}")


@log.group(cls=Group)
def witness() -> None:
    """Those who keep our checkpoints."""


@witness.command()
@click.argument("name")
@click.argument("vkey")
@click.option("--mail", default="", help="an inbox that is sent every new checkpoint")
@with_appcontext
def add(name: str, vkey: str, mail: str) -> None:
    """Trust a witness's cosignatures, and send it checkpoints."""
    from core import clock
    from core.errors import Refused
    from core.work import Actor, work
    from privacy.clearance.log import witnesses

    with open_database() as session:
        try:
            with work(session, Actor("system:command"), clock.now()) as w:
                witnesses.add(w, name, vkey, mail)
        except Refused as no:
            _refuse(no)
    click.echo(f"{name} is a witness now.")


@witness.command()
@click.argument("name")
@with_appcontext
def end(name: str) -> None:
    """Trust and inform a witness no more. What it signed stays."""
    from core import clock
    from core.errors import Refused
    from core.work import Actor, work
    from privacy.clearance.log import witnesses

    with open_database() as session:
        try:
            with work(session, Actor("system:command"), clock.now()) as w:
                witnesses.end(w, name)
        except Refused as no:
            _refuse(no)
    click.echo(f"{name} is a witness no more.")


@witness.command("list")
@click.option("--json", "as_json", is_flag=True, help="one JSON value instead of words")
@with_appcontext
def list_all(as_json: bool) -> None:
    """All witnesses and what each has cosigned last."""
    from privacy.clearance.log import queries, witnesses

    with open_database() as session:
        found = [
            {"name": one.name, "vkey": one.vkey, "mail": one.masked or None, "cosigned": queries.last_cosigned(session, one.id)}
            for one in witnesses.active(session)
        ]
    answer(found, as_json, "\n".join(json.dumps(one, ensure_ascii=False) for one in found) or "There is no witness yet.")


def _refuse(no: "Refused") -> NoReturn:
    refuse(no.code, no.sentence % no.values if no.values else no.sentence)
