"""Draws what the PDF maker would draw as SVG, for a look at it before it is printed. Letters are the browser's own, set to the
width that they have on paper; no style attributes: the pages' policy forbids them."""

from collections.abc import Sequence
from html import escape
from typing import Final

from core.paper import Ink

GREY: Final = "#5f5f5f"
MM: Final = 25.4 / 72  # of a point


class SvgInk:
    """`core.paper.Ink`. `measure`: the ink that the same paper is printed with; it knows how wide letters are."""

    def __init__(self, size: tuple[float, float], measure: Ink) -> None:
        self._size, self._measure = size, measure
        self._pages: list[list[str]] = []

    def width(self, text: str, points: float) -> float:
        return self._measure.width(text, points)

    def page(self) -> None:
        self._pages.append([])

    def write(self, x: float, y: float, text: str, points: float, *, bold: bool, grey: bool) -> None:
        base = y + points * MM * (0.75 + 0.3)  # as the embedded face stands in a line of one and a half times its size
        weight = ' font-weight="700"' if bold else ""
        self._pages[-1].append(
            f'<text x="{x:.2f}" y="{base:.2f}" font-size="{points * MM:.2f}"{weight} fill="{GREY if grey else "#000"}" '
            f'textLength="{self.width(text, points):.2f}" lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
        )

    def boxes(self, boxes: Sequence[tuple[float, float, float, float]]) -> None:
        shape = "".join(f"M{x:.3f} {y:.3f}h{width:.3f}v{height:.3f}h-{width:.3f}z" for x, y, width, height in boxes)
        self._pages[-1].append(f'<path fill="#000" d="{shape}"/>')

    def rule(self, x: float, y: float, to: float, thickness: float) -> None:
        self._line([(x, y), (to, y)], thickness, GREY)

    def stroke(self, points: Sequence[tuple[float, float]], thickness: float) -> None:
        self._line(points, thickness, "#000")

    def finish(self) -> bytes:
        return "\n".join(map(self._whole, self._pages)).encode()

    def _line(self, points: Sequence[tuple[float, float]], thickness: float, colour: str) -> None:
        way = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
        self._pages[-1].append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="{thickness:.2f}"/>')

    def _whole(self, parts: list[str]) -> str:
        width, height = self._size
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="label-picture" viewBox="0 0 {width:g} {height:g}">'
            f'<rect width="{width:g}" height="{height:g}" fill="#fff"/>{"".join(parts)}</svg>'
        )
