"""How the independent tests reach the program: its public commands only, by `flask` inside this process or as a process."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from flask import Flask

from tests.independent.own_schema import misfits, schema

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    code: int
    out: bytes
    err: str

    @property
    def json(self) -> Any:
        """The one JSON value that stdout has to be."""
        return json.loads(self.out.decode("utf-8"))


def flask(*words: str | Path, stdin: bytes | str | None = None, app: Flask | None = None) -> Ran:
    """A command through the same entry point that `.venv/bin/flask` has; `app` is a test's own house."""
    from flask.cli import ScriptInfo, cli

    if isinstance(stdin, str):
        stdin = stdin.encode("utf-8")
    more = {"obj": ScriptInfo(create_app=lambda: app)} if app else {}
    result = CliRunner().invoke(cli, [str(word) for word in words], input=stdin, prog_name="flask", **more)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise AssertionError(f"a traceback: {result.exception!r}") from result.exception
    return Ran(result.exit_code, result.stdout_bytes, result.stderr)


def process(
    *words: str | Path, data: Path | None = None, stdin: bytes = b"", cwd: Path = ROOT, timeout: int = 120, **variables: str
) -> Ran:
    """The same as people run it: a process of its own; `flask …` or `python …` first."""
    folder = Path(sys.executable).parent
    env = {key: value for key, value in os.environ.items() if not key.startswith(("XUNSHI_", "DATABASE_URL", "FLASK_"))}
    env |= {"XUNSHI_DATA": str(data)} if data else {}
    env |= variables
    first = str(folder / words[0])
    done = subprocess.run([first, *map(str, words[1:])], input=stdin, capture_output=True, cwd=cwd, env=env, timeout=timeout)
    return Ran(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))


def refused(ran: Ran) -> dict[str, Any]:
    """commands.md: unusable input is exit 2, nothing on stdout, {"error","message"} on stderr."""
    assert ran.code == 2, (ran.code, ran.out[:300], ran.err[-600:])
    assert ran.out == b"", ran.out[:300]
    said = json.loads(ran.err)
    assert set(said) == {"error", "message"}, said
    assert said["error"]
    assert said["message"]
    return said


def shaped(ran: Ran, name: str) -> Any:
    """The answer, held against the published schema."""
    value = ran.json
    assert misfits(value, schema(name)) == []
    return value
