"""A 256-bit perceptual hash: the same picture saved anew, made smaller, brighter, mirrored or cut gives nearly the same bits.

The usual DCT hash: 64 x 64 grey, its cosine transform, of that the 16 x 16 lowest frequencies; a bit says whether a frequency
is above the median of all. Sixteen frequencies either way tell two phones on plain ground apart, eight don't
(appraisal.md 0.8: unrelated pictures differ by 54 bits or more there, ordinary edits by 28 at most).

A cut-out is found in two steps: the 64 lowest bits of windows over the whole picture lead to candidates, and a search around the
best window decides by all 256."""

import math
from collections.abc import Iterator
from operator import mul
from typing import Final

from PIL import Image

SIDE, LOW = 64, 16  # of the hash that decides
ROUGH_SIDE, ROUGH = 32, 8  # of the one that leads there, which is worked out for many windows
# of a cut-out of less than half the area little of the picture is left
SHARES: Final = (0.95, 0.9, 0.85, 0.8, 0.75, 0.7)
STEPS: Final = 3
Box = tuple[float, float, float]  # left and top and size, as shares of the picture


def _cosines(side: int, low: int) -> list[list[float]]:
    return [[math.cos(math.pi * (2 * at + 1) * wave / (2 * side)) for at in range(side)] for wave in range(low)]


_FINE_WAVES: Final = _cosines(SIDE, LOW)
_ROUGH_WAVES: Final = _cosines(ROUGH_SIDE, ROUGH)


def whole(picture: Image.Image, box: Box = (0.0, 0.0, 1.0)) -> int:
    """The 256 bits of a picture, or of a window of it; the first bits are the lowest frequencies down, in each row across."""
    return _bits(_transformed(picture, box, SIDE, _FINE_WAVES))


def coarse(picture: Image.Image, box: Box = (0.0, 0.0, 1.0)) -> int:
    """64 bits of a window: enough to be led to a candidate."""
    return _bits(_transformed(picture, box, ROUGH_SIDE, _ROUGH_WAVES))


def windows() -> list[Box]:
    """The windows in which cut-outs are looked for: each share at nine places."""
    spots = [at / (STEPS - 1) for at in range(STEPS)]
    return [((1 - share) * across, (1 - share) * down, share) for share in SHARES for down in spots for across in spots]


def _transformed(picture: Image.Image, box: Box, side: int, waves: list[list[float]]) -> list[float]:
    """The lowest frequencies of a window, row by row."""
    grey = picture if picture.mode == "L" else picture.convert("L")
    left, top, share = box[0] * grey.width, box[1] * grey.height, box[2]
    edges = (left, top, min(left + grey.width * share, grey.width), min(top + grey.height * share, grey.height))
    pixels = grey.resize((side, side), Image.Resampling.BOX, box=edges).tobytes()
    lines = [pixels[at : at + side] for at in range(0, side * side, side)]
    across = [[sum(map(mul, line, wave)) for line in lines] for wave in waves]
    return [sum(map(mul, column, wave)) for wave in waves for column in across]


def _bits(values: list[float]) -> int:
    middle = sorted(values[1:])[(len(values) - 1) // 2]  # without the mean brightness, which says nothing
    bits = 0
    for value in values:
        bits = bits << 1 | (value > middle)
    return bits


def _odd(low: int) -> int:
    return int("".join("1" if across % 2 else "0" for _ in range(low) for across in range(low)), 2)


_ODD: Final = {LOW: _odd(LOW), ROUGH: _odd(ROUGH)}


def mirrored(bits: int, low: int = LOW) -> int:
    """The hash of the mirror image: a mirror turns the sign of each odd frequency across, and the median is near nought."""
    return bits ^ _ODD[low]


def distance(one: int, other: int) -> int:
    """In how many bits two hashes differ."""
    return (one ^ other).bit_count()


def search(picture: Image.Image, wanted: int, start: Box, enough: int) -> int:
    """The least distance of a hash to windows of a picture around `start`; stops where it is `enough`."""
    grey = picture.convert("L")
    best, at = distance(whole(grey, start), wanted), start
    step = 0.04
    while best > enough and step > 0.002:
        nearer = min(((distance(whole(grey, box), wanted), box) for box in _around(at, step)), default=(best, at))
        if nearer[0] < best:
            best, at = nearer
        else:
            step /= 2
    return best


def _around(box: Box, step: float) -> Iterator[Box]:
    left, top, share = box
    for across, down, wider in (
        (step, 0, 0), (-step, 0, 0), (0, step, 0), (0, -step, 0), (-step / 2, -step / 2, step), (step / 2, step / 2, -step),
    ):  # fmt: skip
        size = min(1.0, max(0.5, share + wider))
        yield min(max(0.0, left + across), 1 - size), min(max(0.0, top + down), 1 - size), size
