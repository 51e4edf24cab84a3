"""Consent texts, one file per version. What a person agreed to can always be shown again."""

import functools
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.data_files import BadDataFile, Bilingual, read_table

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentText:
    version: str
    since: date
    scope: Bilingual
    method: Bilingual
    effect: Bilingual
    records: Bilingual
    passcode: Bilingual


@functools.lru_cache
def all_texts() -> tuple[ConsentText, ...]:
    """Every version, oldest first. Raises BadDataFile."""
    texts = sorted((_read(path) for path in FOLDER.glob("*.toml")), key=lambda one: (one.since, one.version))
    if not texts:
        raise BadDataFile("consents: there is no consent text")
    return tuple(texts)


def current_text() -> ConsentText:
    return all_texts()[-1]


def find_text(version: str) -> ConsentText | None:
    return next((one for one in all_texts() if one.version == version), None)


def _read(path: Path) -> ConsentText:
    table = read_table(path)
    one = ConsentText(
        version=table.text("version"),
        since=date.fromisoformat(table.text("since")),
        scope=table.words("scope"),
        method=table.words("method"),
        effect=table.words("effect"),
        records=table.words("records"),
        passcode=table.words("passcode"),
    )
    table.done()
    if path.stem != one.version:
        raise table.wrong("version", f"must be the file's name, {path.stem}")
    return one
