"""`python -m privacy.readback` and `flask readback`: read a medium back, make a station's key, prove that one holds it.

Exit 0 clean or done, 1 residue or unknown, 2 unusable input with `{"error", "message"}` on stderr and nothing on stdout.
Nothing of the server is imported; what isn't always needed is imported late."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from core.errors import Refused
from core.i18n import N_
from privacy.readback.faults import Unusable

if TYPE_CHECKING:
    from core.signing import SigningKey

_EXPECT = ("zero", "ff", "pattern", "keystream", "random")
_VERBS = ("keygen", "prove")


def _misused(message: str) -> Unusable:
    return Unusable("usage", N_("Wrong use: %(message)s"), values={"message": message})


def _about(code: str, sentence: str, file: Path) -> Unusable:
    return Unusable(code, sentence, values={"file": repr(str(file))})


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _misused(message)


def main(arguments: Sequence[str] | None = None, name: str = "python -m privacy.readback") -> int:
    """Run one command; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    lang = _language(words)
    try:
        if words and words[0] in _VERBS and not Path(words[0]).exists():
            return _keygen(words[1:], name, lang) if words[0] == "keygen" else _prove(words[1:], name)
        return _read(_scan_parser(name).parse_args(words), lang)
    except Refused as problem:
        return _refused(problem, lang)
    except KeyboardInterrupt:
        return _refused(Unusable("interrupted", N_("Broken off; --resume goes on where it stopped.")), lang)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whoever read our words has gone
        return 2


def _language(words: list[str]) -> str:
    """What --lang says, else the terminal; messages of --json are English."""
    asked = next((b for a, b in zip(words, words[1:], strict=False) if a == "--lang"), "")
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    if asked != "zh" and (asked or "--json" in words or not spoken.lower().startswith("zh")):
        return "en"
    from core.i18n import compile_catalogue

    with suppress(ImportError, OSError):  # a bench without Babel, or one that may not write: what was compiled before serves
        compile_catalogue()
    return "zh"


def _refused(problem: Refused, lang: str) -> int:
    from core.i18n import say

    message = say(problem.sentence, lang, **problem.values)
    sys.stderr.write(json.dumps({"error": problem.code, "message": message}, ensure_ascii=True) + "\n")
    return 2


def _print(text: str) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def _scan_parser(name: str) -> argparse.ArgumentParser:
    parser = _Parser(
        name,
        allow_abbrev=False,
        description="Read a wiped medium or image back (it is only opened for reading). Also: keygen, prove.",
    )
    add = parser.add_argument
    add("path", metavar="PATH", help="block device or image; - is stdin if it is one of these")
    add("--full", action="store_true", help="read everything (the default)")
    add("--sample", type=int, metavar="K", help="read K blocks that --seed draws, and the fixed ones")
    add("--seed", metavar="HEX", help="the verifier's seed")
    add("--expect", choices=_EXPECT, help="the class a clean medium has; else the most frequent")
    add("--pattern-key", type=Path, metavar="FILE", help="32 bytes or 64 hex digits; expects the keystream")
    add("--key", type=Path, metavar="FILE", help="the station's key: sign the result")
    add("--passphrase-file", type=Path, metavar="FILE", help="the key's passphrase, first line; else it is asked for")
    add("--resume", type=Path, metavar="FILE", help="note here how far it got, and go on from there")
    add("--out", type=Path, metavar="FILE", help="write the JSON here too")
    add("--serial", metavar="TEXT", help="the serial number on the medium's label")
    add("--challenge", metavar="CODE", help="the server's code for this job")
    add("--jobs", type=int, metavar="N", help="processes that read (1 to 64)")
    add("--json", action="store_true", dest="as_json", help="one JSON value on stdout")
    add("--lang", choices=("zh", "en"), help="language of the sentences")
    return parser


def _read(asked: argparse.Namespace, lang: str) -> int:
    from privacy.readback.run import Options, read_back

    seed = _seed(asked)
    if asked.expect == "keystream" and not asked.pattern_key:
        raise _misused("--expect keystream needs --pattern-key")
    if asked.jobs is not None and not 1 <= asked.jobs <= 64:
        raise _misused("--jobs 1 to 64")
    for text in (asked.serial, asked.challenge):
        if text is not None and (len(text) > 200 or not text.isprintable()):
            raise _misused("--serial and --challenge: up to 200 printable letters")
    key = _key(asked.key, asked.passphrase_file) if asked.key else None
    value = read_back(
        Options(
            path=asked.path, seed=seed, k=asked.sample, expect=asked.expect, pattern_key=asked.pattern_key, key=key,
            resume=asked.resume, serial=asked.serial, challenge=asked.challenge, workers=asked.jobs, progress=sys.stderr.isatty(),
        )
    )  # fmt: skip
    _write(asked, value, lang)
    return 0 if value["verdict"] == "clean" else 1


def _write(asked: argparse.Namespace, value: dict[str, Any], lang: str) -> None:
    text = json.dumps(value, ensure_ascii=False)
    if asked.out:
        try:
            asked.out.write_text(text + "\n", encoding="utf-8")
        except OSError as problem:
            raise _about("not_written", N_("%(file)s can't be written."), asked.out) from problem
    if asked.as_json:
        _print(text)
        return
    from privacy.readback.words import told

    _print(told(value, lang))


def _seed(asked: argparse.Namespace) -> bytes:
    from privacy.readback.plan import MOST_SAMPLED

    if asked.sample is None and asked.seed is None:
        return b""
    if asked.full or asked.sample is None or asked.seed is None:
        raise _misused("--full, or --sample K with --seed HEX")
    if not 1 <= asked.sample <= MOST_SAMPLED:
        raise _misused(f"--sample 1 to {MOST_SAMPLED}")
    try:
        seed = bytes.fromhex(asked.seed)
    except ValueError:
        seed = b""
    if not 1 <= len(seed) <= 1024:
        raise _misused("--seed: hex digits, two for each byte")
    return seed


def _key(path: Path, passphrase_file: Path | None) -> "SigningKey":
    from privacy.readback.keys import is_plain, open_key

    return open_key(path, None if is_plain(path) else _passphrase(passphrase_file, again=False))


def _passphrase(file: Path | None, *, again: bool) -> str:
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").splitlines()[0]
        except (OSError, ValueError, IndexError) as problem:
            raise _about("no_passphrase", N_("There is no passphrase in %(file)s."), file) from problem
    import getpass

    if not sys.stdin.isatty():
        raise Unusable("no_passphrase", N_("This key needs its passphrase: --passphrase-file FILE, or a terminal."))
    first = getpass.getpass("Passphrase: ")
    if again and first != getpass.getpass("Again: "):
        raise Unusable("no_passphrase", N_("The two passphrases differ."))
    return first


def _keygen(words: list[str], name: str, lang: str) -> int:
    parser = _Parser(f"{name} keygen", allow_abbrev=False, description="Make a station's key; print the public line to enrol.")
    parser.add_argument("--folder", type=Path, default=Path(), help="where <key id>.key is put (default: here)")
    parser.add_argument("--name", default="station", help="the station's name, without blanks")
    parser.add_argument("--plain", action="store_true", help="no passphrase: the file alone can sign (0600)")
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", dest="as_json")
    parser.add_argument("--lang", choices=("zh", "en"))
    asked = parser.parse_args(words)
    from privacy.readback.keys import make_key, public_text

    try:
        public_text(asked.name, bytes(32))
        passphrase = None if asked.plain else _passphrase(asked.passphrase_file, again=True)
        if passphrase == "":
            raise Unusable("no_passphrase", N_("An empty passphrase protects nothing; --plain says that none is wanted."))
        path, key = make_key(asked.folder, passphrase)
    except ValueError as problem:
        raise _misused("--name: up to 60 letters without blanks and +") from problem
    except OSError as problem:
        raise _about("not_written", N_("%(file)s can't be written."), asked.folder) from problem
    line = public_text(asked.name, key.public)
    value = {"file": str(path), "key_id": key.key_id, "public": key.public.hex(), "vkey": line}
    _print(json.dumps(value, ensure_ascii=False) if asked.as_json else line)
    if not asked.as_json:
        from core.i18n import say

        sys.stderr.write(say(N_("The key lies in %(file)s. Enrol the line above for your point."), lang, file=str(path)) + "\n")
    return 0


def _prove(words: list[str], name: str) -> int:
    parser = _Parser(f"{name} prove", allow_abbrev=False, description="Sign the code that the enrolment page shows.")
    parser.add_argument("code", metavar="CODE")
    parser.add_argument("--key", type=Path, metavar="FILE", required=True)
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE")
    parser.add_argument("--lang", choices=("zh", "en"))
    asked = parser.parse_args(words)
    from privacy.readback.keys import CODE, prove

    if not CODE.fullmatch(asked.code):
        raise _misused("CODE as the page shows it")
    _print(prove(_key(asked.key, asked.passphrase_file), asked.code))
    return 0
