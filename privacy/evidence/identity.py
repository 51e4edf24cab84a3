"""Serial numbers: when two spellings mean one medium, and when a text isn't a serial number at all."""

import re
import unicodedata

# nwipe -q prints 20 times X, or 20 times ? where it found no serial; other tools print stars
_MASKED = re.compile(r"[Xx?*]{4,}")
_SPACES = re.compile(r"[\s_]+")
_MAKER = re.compile(r"^(?:WD-)+")  # Western Digital's label writes it, its firmware not always
# what bridges, virtual disks and careless makers put where a serial should stand
_PLACEHOLDERS = frozenset(
    {
        "NONE",
        "N/A",
        "NA",
        "NULL",
        "UNKNOWN",
        "NOTSPECIFIED",
        "NOTAVAILABLE",
        "NOTSETTABLE",
        "DEFAULTSTRING",
        "TOBEFILLEDBYO.E.M.",
        "SERIALNUMBER",
        "0123456789ABCDEF",
        "123456789ABCDEF",
        "1234567890",
        "123456789",
        "0123456789",
        "12345678",
    }
)


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
    if len(set(text)) < 2 or text in _PLACEHOLDERS:
        return None
    return text


def same_serial(one: str | None, other: str | None) -> bool:
    """Do both name the same medium? Two unknowns are never the same."""
    first = normalise_serial(one)
    return first is not None and first == normalise_serial(other)
