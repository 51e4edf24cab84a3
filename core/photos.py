"""Photos for pages: three sizes drawn anew from what was uploaded, so that only the picture goes on.

A photo from a phone says where it was taken, when, and with which device; nothing of that leaves this module.
"""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field

from PIL import Image

from core.decoding import BadPhoto, decode, shrunk

__all__ = ["SIDES", "BadPhoto", "Photo", "Rendition", "clean", "dhash", "distance"]

SIDES = {"large": 1600, "medium": 800, "small": 320}  # longest side in pixels, largest first
QUALITY = 82


@dataclass(frozen=True, slots=True)
class Rendition:
    """One size of a photo as JPEG bytes in sRGB without any metadata."""

    data: bytes = field(repr=False)
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Photo:
    """A cleaned photo. `digest`: SHA-256 of the large rendition; `dhash`: 64 bits as 16 hex digits."""

    digest: str
    sizes: Mapping[str, Rendition]
    dhash: str


def clean(data: bytes) -> Photo:
    """Return an upload in three sizes (never enlarged), upright, without metadata. Raises BadPhoto."""
    picture = decode(data, SIDES["large"])
    sizes = {}
    for name, side in SIDES.items():
        picture = shrunk(picture, side)
        picture.info.clear()
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=QUALITY)
        sizes[name] = Rendition(out.getvalue(), *picture.size)
    return Photo(hashlib.sha256(sizes["large"].data).hexdigest(), sizes, dhash(picture))


def dhash(picture: Image.Image) -> str:
    """Return 64 bits, row by row: is each pixel of a 9 x 8 grey picture brighter than its left neighbour?"""
    grey = picture.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (grey[row * 9 + column + 1] > grey[row * 9 + column])
    return f"{bits:016x}"


def distance(one: str, other: str) -> int:
    """Return in how many of 64 bits two dhashes differ.

    Copies differ in 0 to 2 bits, so may different phones on plain ground: a near hit asks for a second look.
    """
    return (int(one, 16) ^ int(other, 16)).bit_count()
