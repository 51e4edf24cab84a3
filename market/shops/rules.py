"""What can be said of a shop's file without looking anything up: kinds of points and sites, a position as people type it, an
estate as it is compared, the first day on which a shop may end. Pure.

Site types as the city plans name them (Hangzhou's plan for second-hand goods, 12: 居民区、办公区; Lishui's: 旧货市场)."""

import datetime
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from core.errors import Invalid
from core.folding_rules import DIGITS, letters
from core.i18n import N_

KINDS: Final = {
    "consignment": N_("Consignment point"),
    "zone": N_("A retailer's second-hand zone"),
}
SITES: Final = {
    "residential": N_("Residential area"),
    "office": N_("Office area"),
    "market": N_("Used-goods market"),
    "campus": N_("Campus"),
    "mall": N_("Shopping centre"),
    "village": N_("Urban village"),
}
# kinds of organisations that keep a shop's file
SHOP_KINDS: Final = ("shop", "community", "school", "platform")
MOST_POINTS: Final = 50
CLOSE_NOTICE_DAYS: Final = 30  # E-commerce Law 16
FARTHEST: Final = 365  # days: no end is announced for later
REMIND_DAYS: Final = (30, 7)  # so many days before a permit ends its manager is told
MOST_RULES: Final = 12_000

# mainland China with Hainan and its sea: wide enough for every point, narrow enough to tell the two numbers apart
_SOUTH, _NORTH, _WEST, _EAST = 3, 54, 73, 136
_NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,10})?")
_POSITION = N_("Write latitude and longitude in decimal degrees, like 30.27415, 120.15515.")
_ELSEWHERE = N_("This position lies outside the country. Latitude comes first, like 30.27415, 120.15515.")

_TOO_SOON = N_("Customers have to know it %(days)s days before: choose %(day)s or a later day.")
_TOO_FAR = N_("Announce the end when it is less than a year away.")


@dataclass(frozen=True, slots=True)
class Position:
    """Millionths of a degree, WGS 84."""

    latitude: int
    longitude: int


def read_position(typed: str) -> Position | None:
    """`30.27415, 120.15515`, in either order, also as a geo: link or with N and E; "" is none. Raises Invalid(position)."""
    plain = unicodedata.normalize("NFKC", typed).strip().lower()
    if not plain:
        return None
    parts = [one for one in re.split(r"[\s,;、/]+", re.sub(r"^geo:|[°ne北纬东经度:]", " ", plain).split("?")[0]) if one]
    if len(parts) != 2 or not all(_NUMBER.fullmatch(one) for one in parts):
        raise Invalid("position_form", _POSITION, field="position")
    first, second = (Decimal(one) for one in parts)
    if _WEST <= first <= _EAST and _SOUTH <= second <= _NORTH:
        first, second = second, first  # Chinese map sites give the longitude first
    if not (_SOUTH <= first <= _NORTH and _WEST <= second <= _EAST):
        raise Invalid("position_elsewhere", _ELSEWHERE, field="position")
    return Position(*(int((one * 1_000_000).to_integral_value()) for one in (first, second)))


def show_position(latitude: int, longitude: int) -> str:
    """`30.274150, 120.155150`, as `read_position` takes it."""
    return ", ".join(f"{one // 1_000_000}.{one % 1_000_000:06d}" for one in (latitude, longitude))


def geo_link(latitude: int, longitude: int) -> str:
    """A geo: URI (RFC 5870), which a phone opens with its own map."""
    return "geo:" + show_position(latitude, longitude).replace(" ", "")


def estate_key(name: str) -> str:
    """An estate as it is compared: 翠苑一区, 翠苑1区 and 翠苑 一区（小区） are one."""
    signs = "".join(DIGITS.get(sign, sign) for sign in letters(name).text if sign.isalnum())
    return signs.removesuffix("小区")[:40] or signs[:40]


def first_closing_day(today: datetime.date, notice_days: int) -> datetime.date:
    """The first day that may be announced now; never fewer days than the law asks for."""
    return today + datetime.timedelta(days=max(notice_days, CLOSE_NOTICE_DAYS))


def check_closing_day(day: datetime.date, today: datetime.date, notice_days: int) -> None:
    """Raises Invalid(closes_on)."""
    first = first_closing_day(today, notice_days)
    if day < first:
        values = {"days": (first - today).days, "day": first.isoformat()}
        raise Invalid("closing_too_soon", _TOO_SOON, field="closes_on", values=values)
    if day > today + datetime.timedelta(days=FARTHEST):
        raise Invalid("closing_too_far", _TOO_FAR, field="closes_on")


def reminders_due(valid_until: datetime.date, today: datetime.date) -> int:
    """How many reminders of a permit's end should have been given by now."""
    left = (valid_until - today).days
    return sum(left <= days for days in REMIND_DAYS)
