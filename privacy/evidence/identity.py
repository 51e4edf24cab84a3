"""Serial numbers: when two spellings mean one medium, and when a text isn't a serial number at all."""

import re
import unicodedata

from core.goods.placeholders import is_placeholder

# nwipe -q prints 20 times X, or 20 times ? where it found no serial; other tools print stars
_MASKED = re.compile(r"[Xx?*]{4,}")
_SPACES = re.compile(r"[\s_]+")
_MAKER = re.compile(r"^(?:WD-)+")  # Western Digital's label writes it, its firmware not always
_LEAST = 4  # letters and digits; the register takes no shorter ones either


def is_masked(serial: str | None) -> bool:
    """Was the serial hidden by the tool's own anonymising option?"""
    return bool(serial) and _MASKED.fullmatch(str(serial).strip()) is not None


def normalise_serial(serial: str | None) -> str | None:
    """One spelling for one medium, or None if the text identifies nothing.

    Full-width and lower-case letters, spaces, underscores and Western Digital's `WD-` prefix make no
    difference; every other character does, so a shortened serial never equals the whole one.
    """
    if serial is None or is_masked(serial):
        return None
    text = _SPACES.sub("", unicodedata.normalize("NFKC", serial)).upper()
    text = _MAKER.sub("", text)
    if sum(letter.isalnum() for letter in text) < _LEAST or is_placeholder(text):
        return None
    return text


def same_serial(one: str | None, other: str | None) -> bool:
    """Do both name the same medium? Two unknowns are never the same."""
    first = normalise_serial(one)
    return first is not None and first == normalise_serial(other)
