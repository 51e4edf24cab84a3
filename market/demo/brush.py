"""A small brush on top of Pillow: shapes with soft shading in a picture of 1200 x 900, drawn larger and brought down."""

from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageColor, ImageDraw, ImageFilter, ImageFont

from core.fonts import fonts

WIDTH: Final = 1200
HEIGHT: Final = 900
SCALE: Final = 2
Point = tuple[float, float]
Colour = tuple[int, int, int]


def colour(name: str) -> Colour:
    """Red, green, blue (0..255) of "#rrggbb"."""
    red, green, blue = ImageColor.getrgb(name)[:3]
    return red, green, blue


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
    """Coordinates are those of the finished picture. `fill` at the top (or left), `to` at the bottom (or right)."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        self.pen = ImageDraw.Draw(image)

    def box(
        self, x0: float, y0: float, x1: float, y1: float, fill: str, to: str = "", *, radius: float = 0,
        across: bool = False, alpha: float = 1,
    ) -> None:  # fmt: skip
        """A rectangle with rounded corners."""
        corners = [v * SCALE for v in (x0, y0, x1, y1)]
        if not to and alpha == 1:
            self.pen.rounded_rectangle(corners, radius * SCALE, fill)
            return
        size, at = _size(x0, y0, x1, y1)
        mask = Image.new("L", size)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius * SCALE, round(255 * alpha))
        self.image.paste(_shade(size, fill, to or fill, across), at, mask)

    def oval(
        self, x0: float, y0: float, x1: float, y1: float, fill: str, to: str = "", *, across: bool = False, alpha: float = 1
    ) -> None:
        corners = [v * SCALE for v in (x0, y0, x1, y1)]
        if not to and alpha == 1:
            self.pen.ellipse(corners, fill)
            return
        size, at = _size(x0, y0, x1, y1)
        mask = Image.new("L", size)
        ImageDraw.Draw(mask).ellipse((0, 0, size[0] - 1, size[1] - 1), round(255 * alpha))
        self.image.paste(_shade(size, fill, to or fill, across), at, mask)

    def ring(self, x: float, y: float, radius: float, width: float, fill: str) -> None:
        corners = [v * SCALE for v in (x - radius, y - radius, x + radius, y + radius)]
        self.pen.ellipse(corners, outline=fill, width=round(width * SCALE))

    def shape(
        self, points: Sequence[Point], fill: str, to: str = "", *, across: bool = False, alpha: float = 1
    ) -> None:
        """A polygon."""
        big = [(x * SCALE, y * SCALE) for x, y in points]
        if not to and alpha == 1:
            self.pen.polygon(big, fill)
            return
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        size, at = _size(min(xs), min(ys), max(xs), max(ys))
        mask = Image.new("L", size)
        ImageDraw.Draw(mask).polygon([(x - at[0], y - at[1]) for x, y in big], round(255 * alpha))
        self.image.paste(_shade(size, fill, to or fill, across), at, mask)

    def blob(
        self, points: Sequence[Point], fill: str, to: str = "", *, across: bool = False, alpha: float = 1
    ) -> None:
        """A closed smooth shape through the points."""
        self.shape(curved(points), fill, to, across=across, alpha=alpha)

    def line(self, points: Sequence[Point], fill: str, width: float = 4, *, smooth: bool = False) -> None:
        """A line with round ends."""
        path = curved(points, closed=False) if smooth else list(points)
        big = [(x * SCALE, y * SCALE) for x, y in path]
        self.pen.line(big, fill, round(width * SCALE), joint="curve")
        if width >= 3:
            for x, y in (big[0], big[-1]):
                half = width * SCALE / 2
                self.pen.ellipse((x - half, y - half, x + half, y + half), fill)

    def arc(self, x: float, y: float, radius: float, start: float, end: float, fill: str, width: float = 4) -> None:
        """Part of a circle, degrees clockwise from three o'clock."""
        corners = [v * SCALE for v in (x - radius, y - radius, x + radius, y + radius)]
        self.pen.arc(corners, start, end, fill, round(width * SCALE))

    def shadow(self, x0: float, y0: float, x1: float, y1: float, *, alpha: float = 0.3, soft: float = 22) -> None:
        """A soft dark oval on the floor, drawn small and stretched: blurring is dear."""
        self._haze((x0, y0, x1, y1), "#3a2a22", alpha, soft)

    def glow(self, x0: float, y0: float, x1: float, y1: float, fill: str, *, alpha: float = 0.5, soft: float = 40) -> None:
        self._haze((x0, y0, x1, y1), fill, alpha, soft)

    def _haze(self, area: tuple[float, float, float, float], fill: str, alpha: float, soft: float) -> None:
        x0, y0, x1, y1 = area
        room, part = soft * 2.5, 6
        width, height = x1 - x0 + 2 * room, y1 - y0 + 2 * room
        mask = Image.new("L", (max(2, round(width / part)), max(2, round(height / part))))
        inner = [v / part for v in (room, room, width - room, height - room)]
        ImageDraw.Draw(mask).ellipse(inner, round(255 * alpha))
        mask = mask.filter(ImageFilter.GaussianBlur(soft / part))
        mask = mask.resize((round(width * SCALE), round(height * SCALE)), Image.Resampling.BILINEAR)
        self.image.paste(fill, (round((x0 - room) * SCALE), round((y0 - room) * SCALE)), mask)

    def words(self, x: float, y: float, text: str, size: float, fill: str, *, upright: bool = False) -> bool:
        """Text around a middle point, top to bottom if `upright`. False when no font of this machine can write it."""
        found = fonts()
        if not found:
            return False
        font = ImageFont.truetype(found[0].path, round(size * SCALE), index=found[0].number)
        if not upright:
            self.pen.text((x * SCALE, y * SCALE), text, fill, font, anchor="mm")
            return True
        for place, letter in enumerate(text):
            self.pen.text((x * SCALE, (y + place * size * 1.18) * SCALE), letter, fill, font, anchor="mm")
        return True


def _size(x0: float, y0: float, x1: float, y1: float) -> tuple[tuple[int, int], tuple[int, int]]:
    at = round(x0 * SCALE), round(y0 * SCALE)
    return (max(1, round(x1 * SCALE) - at[0] + 1), max(1, round(y1 * SCALE) - at[1] + 1)), at


def _shade(size: tuple[int, int], fill: str, to: str, across: bool) -> Image.Image:
    if fill == to:
        return Image.new("RGB", size, fill)
    steps = 64
    strip = Image.new("RGB", (steps, 1) if across else (1, steps))
    strip.putdata([colour(mixed(fill, to, step / (steps - 1))) for step in range(steps)])
    return strip.resize(size, Image.Resampling.BILINEAR)
