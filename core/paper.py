"""A page to draw on: the one place that knows fpdf2. Documents (core/pdf.py) and labels are made from it."""

import logging
import re
import unicodedata
from datetime import datetime
from typing import Literal

from fpdf import FPDF

from core import clock
from core.fonts import font_for

# Lines are broken around Chinese characters and between words, but a line doesn't begin with a closing mark
# or end with an opening one (GB/T 15834 and the usual practice of Chinese typesetting).
_CLOSING = (
    "\u3001\u3002\uff0c\uff0e\uff1a\uff1b\uff01\uff1f\uff09"
    "\u300b\u300d\u300f\u3011\u3009\u3015\u201d\u2019\u2026%"
)
_OPENING = "\uff08\u300a\u300c\u300e\u3010\u3008\u3014\u201c\u2018"
_CJK = (
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff10-\uff5a"
    "\U00020000-\U0003ffff"
)
_PIECE = re.compile(
    rf"\s+|[{_OPENING}]*(?:[{_CJK}]|[^\s{_CJK}{_OPENING}{_CLOSING}]+)[{_CLOSING}]*|[{_OPENING}{_CLOSING}]+"
)
_GREY = 95

logging.getLogger("fpdf").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)

Align = Literal["L", "C", "R"]


class Paper(FPDF):  # type: ignore[misc]  # fpdf2 is skipped by mypy
    """Pages in millimetres with one font that has Chinese. The same calls give the same bytes."""

    def __init__(
        self, size: tuple[float, float], letters: str, *, title: str, created: datetime, language: str
    ) -> None:
        super().__init__(unit="mm", format=size)
        font = font_for(tidy(letters + title))
        self.add_font("house", fname=font.path, collection_font_number=font.number)
        self.set_font("house", size=10)
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.c_margin = 0
        self.set_title(tidy(title))
        self.set_creation_date(clock.utc(created))
        self.set_lang("en" if language.startswith("en") else "zh-CN")
        self.footing = ""

    def footer(self) -> None:
        if self.footing:
            self.line_at(20, self.h - 14, self.footing, 8, grey=True)
            self.line_at(
                self.w - 40, self.h - 14, f"{self.page_no()} / {{nb}}", 8, width=20, align="R", grey=True
            )

    def line_at(
        self,
        x: float,
        y: float,
        text: str,
        points: float,
        *,
        width: float = 0,
        align: Align = "L",
        bold: bool = False,
        grey: bool = False,
    ) -> None:
        """Write one line; x, y and width in mm, y is its upper edge. Bold is drawn thicker."""
        self.set_font("house", size=points)
        self.set_text_color(_GREY if grey else 0)
        self.set_xy(x, y)
        mode = "FILL_STROKE" if bold else "FILL"
        with self.local_context(text_mode=mode, line_width=points * 0.008, draw_color=0):
            self.cell(width or self.w - x, line_height(points), text, align=align)

    def lines(self, text: str, points: float, width: float) -> list[str]:
        """Break a text into lines that fit into `width` mm; a new line in the text stays one."""
        self.set_font("house", size=points)
        broken: list[str] = []
        for paragraph in tidy(text).split("\n"):
            line = ""
            for piece in self._pieces(paragraph, width):
                if line and self.get_string_width(line + piece.rstrip()) > width:
                    broken.append(line.rstrip())
                    line = piece.lstrip()
                else:
                    line += piece
            broken.append(line.rstrip())
        return broken

    def _pieces(self, paragraph: str, width: float) -> list[str]:
        pieces: list[str] = []
        for piece in _PIECE.findall(paragraph):
            # A digest or an address without a gap is cut where the line ends.
            fitting = piece if piece.isspace() or self.get_string_width(piece) <= width else ""
            for letter in piece if not fitting else "":
                if fitting and self.get_string_width(fitting + letter) > width:
                    pieces.append(fitting)
                    fitting = ""
                fitting += letter
            pieces.append(fitting)
        return pieces

    def qr(self, text: str, x: float, y: float, side: float) -> None:
        """Draw a QR code with its quiet zone into a square of `side` mm."""
        import segno

        rows = segno.make_qr(text, error="m").matrix_iter(border=4)
        matrix = [bytes(row) for row in rows]
        dot = side / len(matrix)
        self.set_fill_color(0)
        for down, row in enumerate(matrix):
            for run in re.finditer(rb"\x01+", row):
                self.rect(x + run.start() * dot, y + down * dot, len(run[0]) * dot, dot, style="F")

    def finish(self) -> bytes:
        return bytes(self.output())


def line_height(points: float) -> float:
    """Return the height of a line in mm: one and a half times the letters."""
    return points * 25.4 / 72 * 1.5


def tidy(text: str) -> str:
    """Return the text without control and half characters; line breaks stay, tabs become spaces."""
    spaced = text.replace("\r\n", "\n").replace("\t", " ")
    return "".join(
        c for c in spaced if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs", "Cf", "Zl", "Zp"}
    )
