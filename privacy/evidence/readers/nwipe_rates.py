"""A speed as nwipe prints it, held against bytes and seconds.

Source: nwipe's own source text, 0.33 to 0.42 (Determine_C_B_nomenclature; gui.c, compute_stats; method.c of 0.42). The figure is
cut off, not rounded, and is all bytes written and read divided by the time. From 0.42 on each method works it out at its end from
a clock finer than a second; before, only the screen did while the wipe ran, so that without a screen it stayed 0."""

import re

_FIGURE = re.compile(r"\s{0,4}([0-9]{1,19}) (B|KB|MB|GB|TB)")
_UNITS = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
EXACT = (0, 42)
_TICK = 1.02  # seconds: start and end are whole seconds, the figure's own time is not
_STEP = 6.0  # seconds that a clock may be set while a long wipe runs
_LONG = 60
# before 0.42: the screen works the figure out for the last time some seconds before the end
_ABOUT, _BLINK = 1.15, 10.0


def figures(text: str) -> tuple[int, int] | None:
    """The least and the first impossible number of bytes per second that are printed so; None for what isn't."""
    found = _FIGURE.fullmatch(text)
    if found is None:
        return None
    return int(found[1]) * _UNITS[found[2]], (int(found[1]) + 1) * _UNITS[found[2]]


def plausible(moved: int, text: str, seconds: int, version: tuple[int, int] | None) -> bool:
    """Can so many bytes at this speed have taken so long? True where the version isn't known: that is told elsewhere."""
    found = figures(text)
    if found is None:
        return False
    if version is None:
        return True
    if found[0] == 0 and text.strip() == "0 B":
        return version < EXACT
    shortest, longest = moved / found[1], moved / max(found[0], 1)
    if version >= EXACT:
        slack = _TICK if seconds < _LONG else _STEP
        # a clock set forward while the wipe ran makes it look longer than it was
        return shortest <= seconds + slack and longest >= seconds / 2 - _BLINK
    return shortest <= seconds * _ABOUT + _BLINK and longest >= seconds / _ABOUT - _BLINK


def adds_up(parts: list[str], total: str) -> bool:
    """Is the last line's figure the sum of the rows' ones?"""
    known, whole = [figures(part) for part in parts], figures(total.removesuffix("/s"))
    if whole is None or None in known:
        return False
    sums = [sum(part[at] for part in known if part) for at in (0, 1)]
    return sums[0] < whole[1] and whole[0] < max(sums[1], 1)
