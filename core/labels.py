"""QR and Code 128 for pages. No style attributes in SVG: the pages' CSP forbids them. Printed labels: core/label_sheets.py."""

import io
from html import escape

import segno

from core.paper import TooLong as TooLong
from core.paper import code128_runs


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
    runs, width = code128_runs(text)
    bars = "".join(f"M{x} 4h{wide}v40h-{wide}z" for x, wide in runs)
    return _described(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="code128" viewBox="0 0 {width} 60">'
        f'<path fill="#fff" d="M0 0h{width}v60H0z"/><path fill="#000" d="{bars}"/>'
        f'<text x="{width / 2:g}" y="56" font-size="10" text-anchor="middle">{escape(text)}</text></svg>',
        title or text,
    )


def _qr(text: str) -> segno.QRCode:
    try:
        return segno.make_qr(text, error="m")
    except segno.DataOverflowError as error:
        raise TooLong("this text is too long for a QR code") from error


def _described(svg: str, title: str) -> str:
    """Give the picture a name for people who don't see it."""
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)
