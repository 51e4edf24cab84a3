"""Versioned texts (agreements, privacy notice): one file a version and language, never changed once
published.

`texts/<code>.<version>.<language>.md`; versions are dates, so that the order of names is the order of
time."""

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from core.errors import NotFound
from core.i18n import N_

FOLDER = Path(__file__).resolve().parent / "texts"
REQUIRED = ("service_agreement", "trading_rules", "privacy_notice")
TITLES = {
    "service_agreement": N_("Service agreement"),
    "trading_rules": N_("Trading rules"),
    "privacy_notice": N_("Privacy notice"),
}
_NAME = re.compile(r"([a-z_]+)\.(\d{4}-\d{2}-\d{2})\.(zh|en)\.md")


@dataclass(frozen=True, slots=True)
class Block:
    """kind: heading | paragraph | list. `lines` has one line, or one for each point of a list."""

    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VersionedText:
    code: str
    version: str
    language: str
    title: str
    blocks: tuple[Block, ...]


@functools.cache
def _versions() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for path in FOLDER.glob("*.md"):
        match = _NAME.fullmatch(path.name)
        if not match:
            raise ValueError(f"{path.name} is not named <code>.<date>.<zh|en>.md")
        found.setdefault(match[1], set()).add(match[2])
    return {code: tuple(sorted(versions, reverse=True)) for code, versions in found.items()}


def versions(code: str) -> tuple[str, ...]:
    """All versions, newest first. Raises NotFound."""
    if code not in _versions():
        raise NotFound()
    return _versions()[code]


def newest_version(code: str) -> str:
    return versions(code)[0]


@functools.cache
def get_text(code: str, version: str, language: str) -> VersionedText:
    """Raises NotFound for a text or version there isn't."""
    if version not in versions(code):
        raise NotFound()
    raw = (FOLDER / f"{code}.{version}.{language}.md").read_text(encoding="utf-8")
    head, _, body = raw.partition("\n")
    return VersionedText(code, version, language, head.removeprefix("# ").strip(), _blocks(body))


def _blocks(body: str) -> tuple[Block, ...]:
    parts = [part.strip() for part in re.split(r"\n\s*\n", body) if part.strip()]
    return tuple(_block(part) for part in parts)


def _block(part: str) -> Block:
    if part.startswith("## "):
        return Block("heading", (part[3:].strip(),))
    if part.startswith("- "):
        return Block(
            "list", tuple(" ".join(point.split()) for point in re.split(r"(?:^|\n)- ", part) if point.strip())
        )
    return Block("paragraph", (" ".join(part.split()),))
