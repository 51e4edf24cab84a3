"""How every command answers: one JSON value on stdout, or words; errors as JSON on stderr with exit 2."""

import json
import sys
from typing import Any, NoReturn

import click


def answer(value: Any, as_json: bool, words: str) -> None:
    click.echo(json.dumps(value, ensure_ascii=False) if as_json else words)


def refuse(error: str, message: str) -> NoReturn:
    """Unusable input: stdout stays empty."""
    click.echo(json.dumps({"error": error, "message": message}, ensure_ascii=False), err=True)
    sys.exit(2)
