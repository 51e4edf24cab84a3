"""`python -m privacy.station collect DEVICE --challenge CODE [--key FILE] [--wipe LOG] [--out FILE]`.

Exit 0 done, 2 unusable input with `{"error", "message"}` on stderr and nothing on stdout. Nothing of the server is imported.
A key is made by `python -m privacy.readback keygen`; without one the file is unsigned and proves no more than any other."""

import argparse
import getpass
import json
import os
import re
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from core.errors import Refused
from core.i18n import N_, say
from privacy.evidence.readers.station_shape import MOST_CHALLENGE
from privacy.station.faults import Unusable

if TYPE_CHECKING:
    from core.signing import SigningKey

_HOST = re.compile(r"[0-9a-f]{32}")
_CODE = re.compile(r"[!-~]{4,%d}" % MOST_CHALLENGE)  # noqa: UP031


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Unusable("usage", N_("Wrong use: %(message)s"), values={"message": message})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    try:
        return _collect(_parser().parse_args(arguments))
    except Refused as problem:
        message = say(problem.sentence, "en", **problem.values)
        sys.stderr.write(json.dumps({"error": problem.code, "message": message}) + "\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = _Parser("python -m privacy.station", allow_abbrev=False, description="Ask a device who it is; never writes to it.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    collect = commands.add_parser("collect", help="ask one device and write down what it says", allow_abbrev=False)
    collect.add_argument("device", metavar="DEVICE", help="for example /dev/sda")
    collect.add_argument("--challenge", required=True, metavar="CODE", help="the code that the shop's page shows")
    collect.add_argument("--key", type=Path, metavar="FILE", help="the station's key")
    collect.add_argument("--passphrase-file", type=Path, metavar="FILE", help="the key's passphrase, first line; else asked for")
    collect.add_argument("--wipe", type=Path, metavar="LOG", help="the log of the wipe that was just run")
    collect.add_argument("--out", type=Path, metavar="FILE", help="a new file; else stdout")
    return parser


def _collect(asked: argparse.Namespace) -> int:
    from core import clock
    from privacy.station.asking import ask, check_device, device_size, versions
    from privacy.station.document import compose, signed

    if not _CODE.fullmatch(asked.challenge):
        raise Unusable("challenge", N_("The code has 4 to %(most)s letters, digits or signs."), values={"most": MOST_CHALLENGE})
    node = check_device(asked.device)
    key = _key(asked.key, asked.passphrase_file) if asked.key else None
    wipe = _log(asked.wipe) if asked.wipe else None
    document = compose(
        node=node, size=device_size(node), challenge=asked.challenge, when=clock.now(), host=_host(asked.key),
        tools=versions(), answers=list(ask(node)), wipe=wipe,
    )  # fmt: skip
    _write(document if key is None else signed(document, key), asked.out)
    return 0


def _log(path: Path) -> bytes:
    from privacy.evidence.readers.text import LARGEST

    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise Unusable("no_log", N_("The file %(file)s can't be opened."), values={"file": repr(str(path))}) from problem
    if len(raw) > LARGEST // 2:
        raise Unusable("too_big", N_("The log is larger than %(limit)s MiB."), values={"limit": LARGEST // 2 // 1024 // 1024})
    return raw


def _key(path: Path, passphrase_file: Path | None) -> "SigningKey":
    from privacy.readback.keys import is_plain, open_key

    if is_plain(path):
        return open_key(path, None)
    if passphrase_file is not None:
        try:
            return open_key(path, passphrase_file.read_text(encoding="utf-8").split("\n")[0].rstrip("\r"))
        except (OSError, ValueError) as problem:
            sentence = N_("The file %(file)s can't be opened.")
            raise Unusable("no_passphrase", sentence, values={"file": repr(str(passphrase_file))}) from problem
    if not sys.stdin.isatty():
        raise Unusable("no_passphrase", N_("This key needs its passphrase: --passphrase-file FILE, or a terminal."))
    return open_key(path, getpass.getpass("Passphrase: "))


def _host(key: Path | None) -> str:
    """A random name for this machine, kept beside the key; without a key a new one each time. It tells nothing of its owner."""
    fresh = secrets.token_hex(16)
    if key is None:
        return fresh
    kept = key.parent / "host.id"
    try:
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(fresh + "\n")
    except FileExistsError:
        found = kept.read_text(encoding="ascii", errors="replace").strip()
        return found if _HOST.fullmatch(found) else fresh
    except OSError:
        pass
    return fresh


def _write(document: dict[str, object], out: Path | None) -> None:
    raw = json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"
    if out is None:
        sys.stdout.buffer.write(raw)
        return
    try:
        with out.open("xb") as file:
            file.write(raw)
    except OSError as problem:
        sentence = N_("The file %(file)s can't be written; it must be new.")
        raise Unusable("not_written", sentence, values={"file": repr(str(out))}) from problem
