"""QR, Code 128 and the device label. No style attributes in SVG: the CSP of the pages forbids them."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

import segno

from core.paper import Paper, line_height

WIDTH, HEIGHT = 62.0, 29.0  # mm: the common roll of label printers
_ACROSS, _DOWN = 3, 10  # on an A4 sheet
_QUIET = 10  # modules of white on both sides of Code 128 (ISO/IEC 15417)


class TooLong(ValueError):
    """The text doesn't fit into a code of this kind."""


@dataclass(frozen=True, slots=True)
class Label:
    """One label: the number in large type, a QR code (usually an address), and up to four short lines."""

    number: str
    qr: str
    lines: Sequence[str] = ()


def qr_svg(text: str, title: str = "") -> str:
    """Return an <svg class="qr"> that scales with its place, black on white, quiet zone included."""
    code = _qr(text).svg_inline(
        omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff", border=4
    )
    return _described(code, title or text)


def qr_png(text: str, scale: int = 8) -> bytes:
    """Return the QR code as PNG, `scale` pixels a module."""
    out = io.BytesIO()
    _qr(text).save(out, kind="png", scale=scale, border=4)
    return out.getvalue()


def code128_svg(text: str, title: str = "") -> str:
    """Return an <svg class="code128"> of 1 to 48 printable ASCII characters, the text below the bars."""
    from barcode.codex import Code128

    if not re.fullmatch(r"[ -~]{1,48}", text):
        raise TooLong("Code 128 takes 1 to 48 printable ASCII characters")
    modules = Code128(text).build()[0]
    width = len(modules) + 2 * _QUIET
    runs = [(_QUIET + run.start(), len(run[0])) for run in re.finditer("1+", modules)]
    bars = "".join(f"M{x} 4h{wide}v40h-{wide}z" for x, wide in runs)
    return _described(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="code128" viewBox="0 0 {width} 60">'
        f'<path fill="#fff" d="M0 0h{width}v60H0z"/><path fill="#000" d="{bars}"/>'
        f'<text x="{width / 2:g}" y="56" font-size="10" text-anchor="middle">{escape(text)}</text></svg>',
        title or text,
    )


def label_pdf(labels: Iterable[Label], created: datetime, *, sheet: bool = False) -> bytes:
    """Return a PDF with one label a page (62 x 29 mm), or with 30 on an A4 sheet. Raises NoFont."""
    ready = list(labels)
    text = "\u2026" + "".join(label.number + "".join(label.lines) for label in ready)
    size = (210.0, 297.0) if sheet else (WIDTH, HEIGHT)
    paper = Paper(size, text, title=ready[0].number if ready else "", created=created, language="zh")
    places = _ACROSS * _DOWN if sheet else 1
    for index, label in enumerate(ready):
        place = index % places
        if place == 0:
            paper.add_page()
        left = (210 - _ACROSS * WIDTH) / 2 + place % _ACROSS * WIDTH if sheet else 0.0
        top = (297 - _DOWN * HEIGHT) / 2 + place // _ACROSS * HEIGHT if sheet else 0.0
        _draw(paper, label, left, top)
    return paper.finish()


def _draw(paper: Paper, label: Label, left: float, top: float) -> None:
    side = HEIGHT - 2
    paper.qr(label.qr, left + 1, top + 1, side)
    x, width = left + side + 1, WIDTH - side - 3
    y = top + 3
    points = next(
        size for size in (11, 10, 9, 8, 7, 6, 5) if size == 5 or _fits(paper, label.number, size, width)
    )
    paper.line_at(x, y, label.number, points, width=width, bold=True)
    y += line_height(11)
    for line in label.lines[:4]:
        paper.line_at(x, y, _shortened(paper, line, 7.5, width), 7.5, width=width)
        y += line_height(7.5)


def _fits(paper: Paper, text: str, points: float, width: float) -> bool:
    return len(paper.lines(text, points, width)) == 1


def _shortened(paper: Paper, text: str, points: float, width: float) -> str:
    first, *more = paper.lines(text, points, width)
    return f"{paper.lines(text, points, width - 3)[0]}\u2026" if more else first


def _qr(text: str) -> segno.QRCode:
    try:
        return segno.make_qr(text, error="m")
    except segno.DataOverflowError as error:
        raise TooLong("this text is too long for a QR code") from error


def _described(svg: str, title: str) -> str:
    """Give the picture a name for people who don't see it."""
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)
