"""A time of day for people, short: day, weekday, hour, in the reader's language and the market's zone."""

from collections.abc import Mapping
from datetime import datetime

from babel.dates import format_skeleton
from babel.units import format_unit
from flask_babel import get_locale

from core.clock import local
from core.i18n import listed
from core.slot_rules import read_hours, show_hours


def exact(moment: datetime) -> str:
    """`2026-11-23 10:00` in the market's zone, the same in any language."""
    return f"{local(moment):%Y-%m-%d %H:%M}"


def slot_words(moment: datetime, *, long: bool = False) -> str:
    """`Mon, Nov 23 10:00`; with `long` the weekday is written out."""
    return f"{day_words(moment, long=long)} {local(moment):%H:%M}"


def day_words(moment: datetime, *, long: bool = False) -> str:
    """`Mon, Nov 23`; with `long` the weekday is written out."""
    return str(format_skeleton("MMMMEEEEd" if long else "MMMEd", local(moment), locale=get_locale()))


def hours_words(hours: Mapping[str, str], day: int, language: str) -> str:
    """`09:00-12:00, 13:30-18:00`: a weekday of a desk's hours ({"0".."6": text}) as they count, however typed; "" for closed."""
    return listed(show_hours(read_hours(day, hours.get(str(day), "")), day).split(", "), language)


def duration_words(seconds: int) -> str:
    """`2 min 5 sec`, `2分钟 5秒`: whole minutes and what is left, for times up to some hours."""
    minutes, left = divmod(seconds, 60)
    told = [(minutes, "minute")] if minutes else []
    told += [(left, "second")] if left or not minutes else []
    return " ".join(format_unit(count, f"duration-{unit}", "short", locale=get_locale()) for count, unit in told)
