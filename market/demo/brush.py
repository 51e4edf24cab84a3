"""A small brush on top of Pillow: shapes with soft shading in a picture of 1200 x 900, drawn larger and brought down."""

import functools
from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageColor, ImageDraw, ImageFilter, ImageFont

from core.fonts import fonts

WIDTH: Final = 1200
HEIGHT: Final = 900
ANCHOR: Final = 720  # the height towards which a zoom below 1 shrinks: about where things stand
SCALE: Final = 2
STEPS: Final = 32  # shades in a run of colours
Point = tuple[float, float]
Colour = tuple[int, int, int]


@functools.cache
def colour(name: str) -> Colour:
    """Red, green, blue (0..255) of "#rrggbb"."""
    red, green, blue = ImageColor.getrgb(name)[:3]
    return red, green, blue


@functools.cache
def mixed(one: str, other: str, share: float) -> str:
    """`one` with `share` (0..1) of `other` in it."""
    pairs = zip(colour(one), colour(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def lighter(name: str, share: float = 0.2) -> str:
    return mixed(name, "#ffffff", share)


def darker(name: str, share: float = 0.2) -> str:
    return mixed(name, "#1c1a22", share)


def curved(points: Sequence[Point], *, closed: bool = True, steps: int = 10) -> list[Point]:
    """A smooth line through the points (Catmull-Rom)."""
    count = len(points)
    found: list[Point] = []
    for at in range(count if closed else count - 1):
        near = [points[(at + k) % count] if closed else points[min(max(at + k, 0), count - 1)] for k in (-1, 0, 1, 2)]
        found += [_between(near, step / steps) for step in range(steps)]
    return found if closed else [*found, points[-1]]


def _between(near: Sequence[Point], t: float) -> Point:
    weights = (-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, -(t**2) + t**3)
    x, y = (sum(w * p[axis] for w, p in zip(weights, near, strict=True)) / 2 for axis in (0, 1))
    return x, y


class Canvas:
    """Coordinates are those of the finished picture. `fill` at the top (or left), `to` at the bottom (or right).

    `zoom` below 1 leaves air around what is drawn: everything shrinks towards a point low in the middle."""

    def __init__(self, image: Image.Image, zoom: float = 1) -> None:
        self.image, self.unit = image, zoom * SCALE
        self.pen = ImageDraw.Draw(image)
        self._left, self._top = (1 - zoom) * WIDTH / 2 * SCALE, (1 - zoom) * ANCHOR * SCALE

    def _at(self, *values: float) -> list[float]:
        """x, y, x, y ... of the finished picture as pixels of the large one."""
        return [v * self.unit + (self._top if place % 2 else self._left) for place, v in enumerate(values)]

    def box(
        self, x0: float, y0: float, x1: float, y1: float, fill: str, to: str = "", *, radius: float = 0,
        across: bool = False, alpha: float = 1,
    ) -> None:  # fmt: skip
        """A rectangle with rounded corners."""
        area, round_ = self._at(x0, y0, x1, y1), radius * self.unit
        if not to and alpha == 1:
            self.pen.rounded_rectangle(area, round_, fill)
            return
        mask, inner = _mask(area)
        ImageDraw.Draw(mask).rounded_rectangle(inner, round_, round(255 * alpha))
        self._pour(mask, area, fill, to, across)

    def oval(
        self, x0: float, y0: float, x1: float, y1: float, fill: str, to: str = "", *, across: bool = False, alpha: float = 1
    ) -> None:
        area = self._at(x0, y0, x1, y1)
        if not to and alpha == 1:
            self.pen.ellipse(area, fill)
            return
        mask, inner = _mask(area)
        ImageDraw.Draw(mask).ellipse(inner, round(255 * alpha))
        self._pour(mask, area, fill, to, across)

    def shape(
        self, points: Sequence[Point], fill: str, to: str = "", *, across: bool = False, alpha: float = 1
    ) -> None:
        """A polygon."""
        flat = self._at(*(value for point in points for value in point))
        if not to and alpha == 1:
            self.pen.polygon(flat, fill)
            return
        xs, ys = flat[::2], flat[1::2]
        area = [min(xs), min(ys), max(xs), max(ys)]
        mask, _ = _mask(area)
        left, top = round(area[0]), round(area[1])
        moved = [(x - left, y - top) for x, y in zip(xs, ys, strict=True)]
        ImageDraw.Draw(mask).polygon(moved, round(255 * alpha))
        self._pour(mask, area, fill, to, across)

    def blob(
        self, points: Sequence[Point], fill: str, to: str = "", *, across: bool = False, alpha: float = 1
    ) -> None:
        """A closed smooth shape through the points."""
        self.shape(curved(points), fill, to, across=across, alpha=alpha)

    def _pour(self, mask: Image.Image, area: Sequence[float], fill: str, to: str, across: bool) -> None:
        self.image.paste(_shade(mask.size, fill, to or fill, across), (round(area[0]), round(area[1])), mask)

    def ring(self, x: float, y: float, radius: float, width: float, fill: str) -> None:
        area = self._at(x - radius, y - radius, x + radius, y + radius)
        self.pen.ellipse(area, outline=fill, width=round(width * self.unit))

    def arc(self, x: float, y: float, radius: float, start: float, end: float, fill: str, width: float = 4) -> None:
        """Part of a circle, degrees clockwise from three o'clock."""
        area = self._at(x - radius, y - radius, x + radius, y + radius)
        self.pen.arc(area, start, end, fill, round(width * self.unit))

    def line(self, points: Sequence[Point], fill: str, width: float = 4, *, smooth: bool = False) -> None:
        """A line with round ends."""
        path = curved(points, closed=False) if smooth else points
        flat = self._at(*(value for point in path for value in point))
        self.pen.line(flat, fill, max(1, round(width * self.unit)), joint="curve")
        half = width * self.unit / 2
        for x, y in (flat[:2], flat[-2:]) if width >= 3 else ():
            self.pen.ellipse((x - half, y - half, x + half, y + half), fill)

    def shadow(self, x0: float, y0: float, x1: float, y1: float, *, alpha: float = 0.3, soft: float = 22) -> None:
        """A soft dark oval on the floor."""
        self.glow(x0, y0, x1, y1, "#3a2a22", alpha=alpha, soft=soft)

    def glow(self, x0: float, y0: float, x1: float, y1: float, fill: str, *, alpha: float = 0.5, soft: float = 40) -> None:
        """A soft oval of any colour, drawn small and stretched: blurring is dear."""
        room, part = soft * 2.5, 8
        left, top, right, bottom = self._at(x0 - room, y0 - room, x1 + room, y1 + room)
        wide, high = round(right - left), round(bottom - top)
        mask = Image.new("L", (max(2, wide // part), max(2, high // part)))
        edge = room * self.unit / part
        ImageDraw.Draw(mask).ellipse((edge, edge, mask.width - edge, mask.height - edge), round(255 * alpha))
        mask = mask.filter(ImageFilter.GaussianBlur(soft * self.unit / 2 / part))
        self.image.paste(fill, (round(left), round(top)), mask.resize((wide, high), Image.Resampling.BILINEAR))

    def words(self, x: float, y: float, text: str, size: float, fill: str, *, upright: bool = False) -> bool:
        """Text around a middle point, top to bottom if `upright`. False when no font of this machine can write it."""
        font = _font(round(size * self.unit))
        if font is None:
            return False
        parts = list(text) if upright else [text]
        for place, part in enumerate(parts):
            left, top = self._at(x, y + place * size * 1.18)
            self.pen.text((left, top), part, fill, font, anchor="mm")
        return True


@functools.lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont | None:
    found = fonts()
    return ImageFont.truetype(found[0].path, size, index=found[0].number) if found else None


def _mask(area: Sequence[float]) -> tuple[Image.Image, tuple[int, int, int, int]]:
    """An empty mask for an area of pixels, and the area's corners within it."""
    left, top, right, bottom = (round(value) for value in area)
    wide, high = max(1, right - left), max(1, bottom - top)
    return Image.new("L", (wide + 1, high + 1)), (0, 0, wide, high)


def _shade(size: tuple[int, int], fill: str, to: str, across: bool) -> Image.Image:
    """A run of colours: made as one line, then repeated, which costs least."""
    if fill == to:
        return Image.new("RGB", size, fill)
    strip = Image.frombytes("RGB", (STEPS, 1) if across else (1, STEPS), _shades(fill, to))
    line = strip.resize((size[0], 1) if across else (1, size[1]), Image.Resampling.BILINEAR)
    return line.resize(size, Image.Resampling.NEAREST)


@functools.cache
def _shades(fill: str, to: str) -> bytes:
    return bytes(part for step in range(STEPS) for part in colour(mixed(fill, to, step / (STEPS - 1))))
