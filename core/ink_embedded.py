"""The one place that knows fpdf2: draws with a font of this machine, of which the file carries what it uses."""

import logging
from collections.abc import Sequence
from datetime import datetime

from fpdf import FPDF, ViewerPreferences

from core import clock
from core.fonts import font_for

GREY, RULE_GREY = 95, 150
MEASURED = 100  # points at which letters are measured

logging.getLogger("fpdf").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)


class EmbeddedInk:
    """`core.paper.Ink` by fpdf2."""

    def __init__(
        self, size: tuple[float, float], letters: str, *, title: str, subject: str, created: datetime, lang: str, exact: bool
    ) -> None:
        font = font_for(letters)
        self._pdf = FPDF(unit="mm", format=size)
        self._widths: dict[str, float] = {}  # mm a point: labels are tried in many sizes
        self._pdf.add_font("house", fname=font.path, collection_font_number=font.number)
        self._pdf.set_font("house", size=10)
        self._pdf.set_auto_page_break(False)
        self._pdf.set_margin(0)
        self._pdf.c_margin = 0
        self._pdf.alias_nb_pages(None)  # nothing in a text stands for the number of pages
        self._pdf.set_title(title)
        self._pdf.set_creation_date(clock.utc(created))
        self._pdf.set_lang(lang)
        if exact:
            self._pdf.viewer_preferences = ViewerPreferences(print_scaling="None")
        if subject:
            self._pdf.set_subject(subject)
            self._pdf.set_creator("Xunshi")

    def width(self, text: str, points: float) -> float:
        if text not in self._widths:
            self._pdf.set_font("house", size=MEASURED)
            self._widths[text] = float(self._pdf.get_string_width(text)) / MEASURED
        return self._widths[text] * points

    def page(self) -> None:
        self._pdf.add_page()

    def write(self, x: float, y: float, text: str, points: float, *, bold: bool, grey: bool) -> None:
        self._pdf.set_font("house", size=points)
        self._pdf.set_text_color(GREY if grey else 0)
        self._pdf.x, self._pdf.y = x, y  # set_xy would count a line that begins above the paper's edge from below
        mode = "FILL_STROKE" if bold else "FILL"
        with self._pdf.local_context(text_mode=mode, line_width=points * 0.008, draw_color=0):
            self._pdf.cell(self._pdf.w - x, points * 25.4 / 72 * 1.5, text)

    def boxes(self, boxes: Sequence[tuple[float, float, float, float]]) -> None:
        """As one shape: a tenth of the time of as many rectangles, and programs show no hair lines between them."""
        self._pdf.set_fill_color(0)
        k, high = self._pdf.k, self._pdf.h
        shape = "".join(f"{x * k:.3f} {(high - y - h) * k:.3f} {w * k:.3f} {h * k:.3f} re\n" for x, y, w, h in boxes)
        self._pdf._out(f"{shape}f")  # fpdf has no public call for a shape of many rectangles

    def rule(self, x: float, y: float, to: float, thickness: float) -> None:
        self._pdf.set_draw_color(RULE_GREY)
        self._pdf.set_line_width(thickness)
        self._pdf.line(x, y, to, y)

    def stroke(self, points: Sequence[tuple[float, float]], thickness: float) -> None:
        self._pdf.set_draw_color(0)
        self._pdf.set_line_width(thickness)
        self._pdf.polyline(list(points))

    def finish(self) -> bytes:
        return bytes(self._pdf.output())
