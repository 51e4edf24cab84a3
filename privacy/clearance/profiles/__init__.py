"""Profiles of wiping rules: dated, versioned data files beside this one, read strictly."""

import functools
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from core.data_files import Table, read_table, twice
from privacy.clearance.profile import (
    KNOWN,
    LEVELS,
    MEDIA,
    OVERWRITING,
    PLATFORMS,
    ROUTES,
    TECHNIQUES,
    DeviceRule,
    Example,
    MediumRule,
    Profile,
    Source,
)

FOLDER = Path(__file__).resolve().parent
# a version that was replaced stays beside the present one: verdicts name the version they were made by
_OLDER = re.compile(r"(?P<id>.+)\.v(?P<version>[0-9]+)")


class UnknownProfile(LookupError):
    """No profile file has this id."""


def _medium(table: Table) -> MediumRule:
    rule = MediumRule(
        kind=table.choice("kind", MEDIA),
        least_passes=table.whole("least_passes", least=1),
        least_random_passes=table.whole("least_random_passes", least=0),
        known=table.choice("known", KNOWN),
        accepts=_accepts(table) or OVERWRITING,
    )
    table.done()
    if rule.least_random_passes > rule.least_passes:
        raise table.wrong("least_random_passes", "can't be more than least_passes")
    return rule


def _accepts(table: Table) -> Mapping[str, str] | None:
    """`accepts = { overwrite = "clear", block_erase = "purge" }`: technique and the level it reaches."""
    if not table.has("accepts"):
        return None
    inner = table.table("accepts")
    for name in inner.every_key():
        if name not in TECHNIQUES:
            raise inner.wrong(name, f"must be one of {', '.join(TECHNIQUES)}")
    found = {name: inner.choice(name, LEVELS) for name in inner.every_key()}
    if not found:
        raise table.wrong("accepts", "must name a technique, or not stand there")
    return MappingProxyType(found)


def _source(table: Table) -> Source:
    source = Source(
        id=table.text("id", ""), text=table.text("text"), known=table.choice("known", KNOWN), zh=table.text("zh", "")
    )
    table.done()
    return source


def _example(table: Table) -> Example:
    answers = table.table("answers") if table.has("answers") else None
    example = Example(
        verdict=table.choice("verdict", ("pass", "fail", "unknown")),
        reasons=table.texts("reasons", []),
        file=table.text("file", ""),
        serial=table.text("serial", ""),
        medium=table.text("medium", ""),
        platform=table.text("platform", ""),
        as_if_seen=table.flag("as_if_seen", False),
        answers=MappingProxyType({key: answers.anything(key) for key in answers.every_key()} if answers else {}),
    )
    table.done()
    if bool(example.reasons) == (example.verdict == "pass"):
        raise table.wrong("reasons", "a pass has none, everything else has some")
    return example


def _row(table: Table) -> DeviceRule:
    row = DeviceRule(
        id=table.code("id"),
        number=table.whole("number", least=1),
        title=table.words("title"),
        categories=table.texts("categories", []),
        media=table.texts("media", []),
        platforms=table.choices("platforms", PLATFORMS, []),
        route=table.choice("route", ROUTES),
        minimum=table.words("minimum"),
        not_enough=table.words("not_enough"),
        evidence=table.words("evidence"),
        verification=table.words("verification"),
        third_person=table.flag("third_person", False),
        sources=table.texts("sources"),
        known=table.choice("known", KNOWN),
        accepts=_accepts(table),
        examples=tuple(_example(one) for one in table.tables("examples")),
    )
    table.done()
    return row


def _day(table: Table, key: str) -> date:
    try:
        return date.fromisoformat(table.text(key))
    except ValueError:
        raise table.wrong(key, "must be a day like 2027-01-01") from None


def read_profile(path: Path) -> Profile:
    """Raises core.data_files.BadDataFile, naming file, place and remedy."""
    table, older = read_table(path), _OLDER.fullmatch(path.stem)
    profile = Profile(
        id=table.choice("id", (older["id"] if older else path.stem,)),
        version=table.text("version"),
        standard=table.text("standard"),
        title=table.words("title"),
        claim=table.words("claim"),
        issued=_day(table, "issued"),
        in_force=_day(table, "in_force"),
        verification=table.flag("verification"),
        records_kept_years=table.whole("records_kept_years", least=0),
        media=tuple(_medium(one) for one in table.tables("media")),
        sources=tuple(_source(one) for one in table.tables("sources")),
        rows=tuple(_row(one) for one in table.tables("rows")),
    )
    table.done()
    _check_rows(table, profile)
    if not profile.media or twice(rule.kind for rule in profile.media):
        raise table.wrong("media", "must name each kind of medium once")
    return profile


def _check_rows(table: Table, profile: Profile) -> None:
    known = {source.id for source in profile.sources}
    for row in profile.rows:
        if not set(row.sources) <= known:
            raise table.wrong("rows", f"{row.id} names a source that the file doesn't list")
    if twice(row.id for row in profile.rows):
        raise table.wrong("rows", "names one row twice")


def profile_ids() -> tuple[str, ...]:
    """The present version of each."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if not _OLDER.fullmatch(path.stem)))


def versions(id: str) -> tuple[str, ...]:
    """All versions of a profile that this house has ever judged by, oldest first. Raises UnknownProfile."""
    return (*sorted(_older_files(id), key=int), get_profile(id).version)


def _older_files(id: str) -> dict[str, Path]:
    found = ((_OLDER.fullmatch(path.stem), path) for path in FOLDER.glob("*.v*.toml"))
    return {match["version"]: path for match, path in found if match and match["id"] == id}


@functools.cache
def get_profile(id: str, version: str | None = None) -> Profile:
    """The profile of that id, at present or as it was in `version`. Raises UnknownProfile; an id is never used as a path."""
    if id not in profile_ids():
        raise UnknownProfile(id)
    present = read_profile(FOLDER / f"{id}.toml")
    if version in (None, present.version):
        return present
    older = _older_files(id)
    if version not in older:
        raise UnknownProfile(f"{id} {version}")
    return read_profile(older[version])
