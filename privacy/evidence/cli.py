"""`flask evidence read` and `flask evidence judge`: files in, one JSON value or a few plain sentences out.

Touches no database and imports neither the app nor SQLAlchemy, so it starts at once. Exit 0 read or passed, 1
failed or unknown, 2 unusable input with `{"error", "message"}` on stderr and nothing on stdout.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

import click

from core.commands.output import Command, Group, refuse
from core.errors import Refused
from core.i18n import N_, compile_catalogue, say
from privacy.evidence.model import Evidence, Unreadable, as_json

if TYPE_CHECKING:
    from privacy.clearance.rules import Verdict

_LANGUAGES = ("zh", "en")
_T = TypeVar("_T")


class Unusable(Refused):
    """The command can't be carried out as it was given."""


def language(chosen: str | None) -> str:
    """--lang, else what the terminal speaks."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    found = chosen or ("zh" if spoken.lower().startswith("zh") else "en")
    if found == "zh":
        compile_catalogue()
    return found


def _write(text: str) -> None:
    """UTF-8 whatever the terminal speaks; names of files may hold bytes that are no text."""
    click.echo(text.encode("utf-8", "backslashreplace") + b"\n", nl=False)


def _refuse(problem: Refused, lang: str) -> NoReturn:
    refuse(problem.code, say(problem.sentence, lang, **problem.values))


def _bytes_of(name: str) -> bytes:
    """At most one byte more than the readers accept, so that a device file or an endless pipe can't fill the
    memory."""
    from privacy.evidence.readers.text import LARGEST

    try:
        if name == "-":
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(name).open("rb") as file:
            return file.read(LARGEST + 1)
    except (OSError, ValueError) as problem:
        raise Unusable("missing", N_("The file %(file)s can't be opened."), values={"file": repr(name)}) from problem


def _read(name: str) -> Evidence:
    from privacy.evidence.readers import read

    try:
        return read(_bytes_of(name))
    except Unreadable as problem:
        raise Unusable(problem.code, problem.sentence, values={**problem.values, "file": name}) from problem


def _or_refuse(lang: str, work: Callable[[], _T]) -> _T:
    try:
        return work()
    except Refused as problem:
        _refuse(problem, lang)


@click.group("evidence", cls=Group, help="Read what a wipe tool wrote, and judge it by a profile.")
def evidence() -> None:
    """The commands below."""


_as_json = click.option("--json", "as_json_", is_flag=True, help="One JSON value on stdout.")
_lang = click.option("--lang", type=click.Choice(_LANGUAGES), help="Language of the sentences.")


@evidence.command("read", cls=Command, help="Read FILES (- is stdin) and say what is in them.")
@click.argument("files", nargs=-1, required=True)
@_as_json
@_lang
def read_files(files: tuple[str, ...], as_json_: bool, lang: str | None) -> None:
    """All or nothing: one unusable file among several ends with exit 2."""
    spoken = language(lang) if not as_json_ else lang or "en"
    found = _or_refuse(spoken, lambda: [(name, _read(name)) for name in files])
    if as_json_:
        _write(json.dumps([{"file": name, **(as_json(one) or {})} for name, one in found], ensure_ascii=False))
        return
    from privacy.clearance.words import told

    for name, one in found:
        _write(told(name, one, spoken))


@evidence.command("judge", cls=Command, help="Does FILE (- is stdin) show that one medium was wiped as asked?")
@click.argument("file")
@click.option("--profile", "profile_id", required=True, metavar="ID", help="For example CN-GB46864-2025.")
@click.option("--medium", required=True, metavar="magnetic|semiconductor")
@click.option("--serial", help="The medium's serial number; needed if the file names several media.")
@click.option("--capacity", metavar="BYTES", help="The medium's native size; without it the file's own.")
@click.option("--category", metavar="CODE", default="", help="What it is in, for example laptop; chooses the profile's row.")
@click.option("--kind", metavar="KIND", help="Its kind, for example nvme or card; chooses the profile's row.")
@_as_json
@_lang
def judge_file(
    file: str,
    profile_id: str,
    medium: str,
    serial: str | None,
    capacity: str | None,
    category: str,
    kind: str | None,
    as_json_: bool,
    lang: str | None,
) -> None:
    """Exit 0 for a pass, 1 for fail and unknown. With --kind, the row of the profile's table for such a device decides, and a
    file about the other kind of medium speaks against it."""
    from privacy.clearance.profiles import UnknownProfile, get_profile, profile_ids
    from privacy.clearance.rules import judge

    spoken = language(lang) if not as_json_ else lang or "en"
    size = _or_refuse(spoken, lambda: _size(capacity))
    try:
        profile = get_profile(profile_id)
        profile.rule_for(medium)
    except UnknownProfile:
        known = ", ".join(profile_ids())
        problem = Unusable("unknown_profile", N_("There is no such profile. Known: %(known)s"), values={"known": known})
        _refuse(problem, spoken)
    except ValueError:
        _refuse(Unusable("unknown_medium", N_("The medium must be magnetic or semiconductor.")), spoken)
    _or_refuse(spoken, lambda: _demand_kind(kind, medium))
    row = profile.find_row(category, kind) if kind else None
    one = _or_refuse(spoken, lambda: _read(file))
    accepts = row.accepts if row else None
    verdict = judge(one, None, profile, medium, serial, size, accepts=accepts, registered=True)
    if as_json_:
        _write(json.dumps(_judgement(file, one, verdict, row.id if row else None), ensure_ascii=False))
    else:
        from privacy.clearance.words import judged

        _write(judged(file, one, verdict, spoken))
    raise SystemExit(0 if verdict.verdict == "pass" else 1)


def _size(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 20 and int(text) > 0):
        raise Unusable("bad_capacity", N_("The capacity must be a whole number of bytes above 0."))
    return int(text)


def _demand_kind(kind: str | None, medium: str) -> None:
    from core.goods.words import MEDIUM_OF

    if kind is not None and MEDIUM_OF.get(kind) != medium:
        known = ", ".join(name for name, made_of in MEDIUM_OF.items() if made_of == medium)
        raise Unusable("unknown_kind", N_("There is no such kind of this medium. Known: %(known)s"), values={"known": known})


def _judgement(file: str, one: Evidence, verdict: "Verdict", rule: str | None) -> dict[str, object]:
    return {
        "verdict": verdict.verdict,
        "reasons": list(verdict.reasons),
        "device": as_json(verdict.device),
        "profile": verdict.profile,
        "profile_version": verdict.profile_version,
        "medium": verdict.medium,
        "rule": rule,
        "technique": verdict.technique,
        "level": verdict.level,
        "file": file,
        "sha256": one.sha256,
        "parser": one.parser,
    }
