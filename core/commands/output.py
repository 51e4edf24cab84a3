"""How every command answers: one JSON value on stdout, or words; errors as JSON on stderr with exit 2."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def answer(value: Any, as_json: bool, words: str) -> None:
    click.echo(json.dumps(value, ensure_ascii=False) if as_json else words)


def refuse(error: str, message: str) -> NoReturn:
    """Unusable input: stdout stays empty."""
    click.echo(json.dumps({"error": error, "message": message}, ensure_ascii=False), err=True)
    sys.exit(2)


class _SameShape(click.Command):
    """Mistyped options are refused in the same shape as everything else."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        try:
            return super().make_context(*args, **extra)
        except click.UsageError as problem:
            _refuse_usage(problem)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError as problem:
            _refuse_usage(problem)


class Command(_SameShape):
    """`@click.command(cls=Command)`"""


class Group(_SameShape, click.Group):
    """`@click.group(cls=Group)`: also for the commands inside."""


def _refuse_usage(problem: click.UsageError) -> NoReturn:
    if type(problem).__name__ == "NoArgsIsHelpError":
        raise problem
    refuse("usage", problem.format_message())


@contextmanager
def open_database() -> "Iterator[Session]":
    """A session for a command that reads; refused in the contract's shape when the database isn't there."""
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from core.web import database

    try:
        with database().session() as session:
            yield session
    except (OperationalError, ProgrammingError) as fault:
        refuse("no_database", f"the database can't be read ({_first_line(fault)}); `flask prepare` makes it")


def _first_line(fault: Exception) -> str:
    return str(getattr(fault, "orig", None) or fault).strip().splitlines()[0]
