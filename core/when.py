"""A time of day for people, short: day, weekday, hour, in the reader's language and the market's zone."""

from datetime import datetime

from babel.dates import format_skeleton
from babel.units import format_unit
from flask_babel import get_locale

from core.clock import local


def exact(moment: datetime) -> str:
    """`2026-11-23 10:00` in the market's zone, the same in any language."""
    return f"{local(moment):%Y-%m-%d %H:%M}"


def slot_words(moment: datetime, *, long: bool = False) -> str:
    """`Mon, Nov 23 10:00`; with `long` the weekday is written out."""
    return f"{day_words(moment, long=long)} {local(moment):%H:%M}"


def day_words(moment: datetime, *, long: bool = False) -> str:
    """`Mon, Nov 23`; with `long` the weekday is written out."""
    return str(format_skeleton("MMMMEEEEd" if long else "MMMEd", local(moment), locale=get_locale()))


def duration_words(seconds: int) -> str:
    """`2 min 5 sec`, `2分钟 5秒`: whole minutes and what is left, for times up to some hours."""
    minutes, left = divmod(seconds, 60)
    told = [(minutes, "minute")] if minutes else []
    told += [(left, "second")] if left or not minutes else []
    return " ".join(format_unit(count, f"duration-{unit}", "short", locale=get_locale()) for count, unit in told)
