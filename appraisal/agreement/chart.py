"""Bars of kappa as SVG, drawn by the server: for the eye only, the table beside it says the same."""

from collections.abc import Sequence
from fractions import Fraction

from markupsafe import Markup, escape

LINE, LEFT, WIDE = 28, 150, 250
BOUNDS = (75, 90)  # hundredths: good, very good


def bars(rows: Sequence[tuple[str, Fraction | None]], title: str, none: str) -> Markup:
    """`rows`: (label, kappa from -1 to 1; below 0 the bar is empty); `none`: the word for what can't be said."""
    height = LINE * len(rows) + 20
    lines = [_bound(one, height) for one in BOUNDS]
    drawn = "".join(_bar(place, label, value, none) for place, (label, value) in enumerate(rows))
    return Markup(  # noqa: S704  (our own SVG, labels escaped)
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {LEFT + WIDE + 50} {height}" width="100%">'
        f"{drawn}{''.join(lines)}</svg>"
    )


def _bound(hundredths: int, height: int) -> str:
    x = LEFT + WIDE * hundredths // 100
    return (
        f'<line x1="{x}" x2="{x}" y1="0" y2="{height - 18}" stroke="currentColor" stroke-dasharray="3 3" opacity=".5"/>'
        f'<text x="{x}" y="{height - 4}" font-size="11" text-anchor="middle" fill="currentColor">0.{hundredths}</text>'
    )


def _bar(place: int, label: str, value: Fraction | None, none: str) -> str:
    y, said = place * LINE, none if value is None else f"{float(value):.2f}"
    length = 0 if value is None else max(0, int(WIDE * value))
    return (
        f'<text x="0" y="{y + 18}" font-size="13" fill="currentColor">{escape(label)}</text>'
        f'<rect x="{LEFT}" y="{y + 5}" width="{length}" height="17" rx="3" fill="currentColor" opacity=".35"/>'
        f'<text x="{LEFT + length + 6}" y="{y + 18}" font-size="12" fill="currentColor">{escape(said)}</text>'
    )
