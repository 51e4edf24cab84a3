"""Bars of kappa as SVG, drawn by the server: for the eye only, the table beside it says the same."""

from collections.abc import Sequence
from fractions import Fraction

from markupsafe import Markup, escape

from appraisal.agreement.rules import hundredths

LINE, LONG, WIDE = 44, 250, 320  # a bar's place, the length of 1, the whole picture
BOUNDS = (75, 90)  # hundredths: good, very good


def bars(rows: Sequence[tuple[str, Fraction | None]], title: str, none: str) -> Markup:
    """`rows`: (label, kappa from -1 to 1; below 0 the bar is empty); `none`: the word for what can't be said."""
    height = LINE * len(rows) + 20
    drawn = "".join(_bar(place, label, value, none) for place, (label, value) in enumerate(rows))
    bounds = "".join(_bound(one, height) for one in BOUNDS)
    return Markup(  # noqa: S704  (our own SVG, labels escaped)
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {WIDE} {height}" width="{WIDE}" height="{height}">'
        f"{drawn}{bounds}</svg>"
    )


def _bound(bound: int, height: int) -> str:
    x = LONG * bound // 100
    return (
        f'<line x1="{x}" x2="{x}" y1="18" y2="{height - 18}" stroke="currentColor" stroke-dasharray="3 3" opacity=".5"/>'
        f'<text x="{x}" y="{height - 4}" font-size="12" text-anchor="middle" fill="currentColor">0.{bound}</text>'
    )


def _bar(place: int, label: str, value: Fraction | None, none: str) -> str:
    y, said = place * LINE, hundredths(value) or none
    length = 0 if value is None else max(0, int(LONG * value))
    return (
        f'<text x="0" y="{y + 14}" font-size="13" fill="currentColor">{escape(label)}</text>'
        f'<rect x="0" y="{y + 20}" width="{length}" height="16" rx="3" fill="currentColor" opacity=".35"/>'
        f'<text x="{length + 6}" y="{y + 33}" font-size="12" fill="currentColor">{escape(said)}</text>'
    )
