"""A time of day for people, short: day, weekday, hour, in the reader's language and the market's zone."""

from datetime import datetime

from babel.dates import format_skeleton
from flask_babel import get_locale

from core.clock import local


def slot_words(moment: datetime, *, long: bool = False) -> str:
    """`Mon, Nov 23 10:00`; with `long` the weekday is written out."""
    at = local(moment)
    day = format_skeleton("MMMMEEEEd" if long else "MMMEd", at, locale=get_locale())
    return f"{day} {at:%H:%M}"
