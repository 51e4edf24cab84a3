"""Profiles of wiping rules: dated, versioned data files beside this one, read strictly."""

import functools
from datetime import date
from pathlib import Path

from core.data_files import Table, read_table, twice
from privacy.clearance.profile import KNOWN, MEDIA, MediumRule, Profile, Source

FOLDER = Path(__file__).resolve().parent


class UnknownProfile(LookupError):
    """No profile file has this id."""


def _medium(table: Table) -> MediumRule:
    rule = MediumRule(
        kind=table.choice("kind", MEDIA),
        least_passes=table.whole("least_passes", least=1),
        least_random_passes=table.whole("least_random_passes", least=0),
        known=table.choice("known", KNOWN),
    )
    table.done()
    if rule.least_random_passes > rule.least_passes:
        raise table.wrong("least_random_passes", "can't be more than least_passes")
    return rule


def _source(table: Table) -> Source:
    source = Source(text=table.text("text"), known=table.choice("known", KNOWN))
    table.done()
    return source


def _day(table: Table, key: str) -> date:
    try:
        return date.fromisoformat(table.text(key))
    except ValueError:
        raise table.wrong(key, "must be a day like 2027-01-01") from None


def read_profile(path: Path) -> Profile:
    """Raises core.data_files.BadDataFile, naming file, place and remedy."""
    table = read_table(path)
    profile = Profile(
        id=table.choice("id", (path.stem,)),
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
    )
    table.done()
    if not profile.media or twice(rule.kind for rule in profile.media):
        raise table.wrong("media", "must name each kind of medium once")
    return profile


def profile_ids() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@functools.cache
def get_profile(id: str) -> Profile:
    """The profile of that id. Raises UnknownProfile; an id is never used as a path."""
    if id not in profile_ids():
        raise UnknownProfile(id)
    return read_profile(FOLDER / f"{id}.toml")
