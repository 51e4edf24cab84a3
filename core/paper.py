"""A page to draw on, whoever draws. Documents (core/pdf.py) and labels are made from it.

Two inks: fpdf2 with a font of this machine, cut down and embedded; without one, reportlab with a face the reader's program
brings. Both are imported late: most starts and requests draw nothing."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Literal, Protocol

from core.fonts import READER_FACE, NoFont, fonts, has_reader_face

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

Align = Literal["L", "C", "R"]


class Ink(Protocol):
    """What draws: millimetres from the upper left corner, sizes of letters in points."""

    def width(self, text: str, points: float) -> float: ...

    def page(self) -> None: ...

    def write(self, x: float, y: float, text: str, points: float, *, bold: bool, grey: bool) -> None: ...

    def boxes(self, boxes: Sequence[tuple[float, float, float, float]]) -> None: ...

    def rule(self, x: float, y: float, to: float, thickness: float) -> None: ...

    def stroke(self, points: Sequence[tuple[float, float]], thickness: float) -> None: ...

    def finish(self) -> bytes: ...


DOT = 25.4 / 203
"""mm: a dot of the coarsest label printers. A module of two of them or more can be read by any scanner."""
QUIET = 10  # modules of white on both sides of Code 128 (ISO/IEC 15417)


class TooLong(ValueError):
    """The text doesn't fit into a code of this kind."""


def qr_rows(text: str, error: str = "m", border: int = 4) -> list[bytes]:
    """The modules of a QR code, its quiet zone included; 1 is dark. Raises TooLong."""
    import segno

    try:
        return [bytes(row) for row in segno.make_qr(text, error=error).matrix_iter(border=border)]
    except segno.DataOverflowError as overflow:
        raise TooLong("this text is too long for a QR code") from overflow


def _code128(text: str) -> str:
    """The bars of a text as "1" and "0", a module each."""
    from barcode.codex import Code128

    class Whole(Code128):  # type: ignore[misc]  # python-barcode has no types
        def _try_to_optimize(self, encoded: list[int]) -> list[int]:
            # a text begins in code set C, where the value 99 is the pair "99" and can't be a switch to set C (ISO/IEC 15417):
            # python-barcode 0.16 takes it for one and leaves the pair out, and the label would be read as another's
            return encoded if encoded[1] == 99 else list(super()._try_to_optimize(encoded))

    return str(Whole(text).build()[0])


def code128_runs(text: str) -> tuple[list[tuple[int, int]], int]:
    """(start, width) of every bar in modules, quiet zone included, and the width of the whole. Raises TooLong."""
    if not re.fullmatch(r"[ -~]{1,48}", text):
        raise TooLong("Code 128 takes 1 to 48 printable ASCII characters")
    modules = _code128(text)
    runs = [(QUIET + run.start(), len(run[0])) for run in re.finditer("1+", modules)]
    return runs, len(modules) + 2 * QUIET


def _ink(size: tuple[float, float], letters: str, **about: object) -> Ink:
    """The best there is. Raises NoFont."""
    if fonts():
        from core.ink_embedded import EmbeddedInk

        return EmbeddedInk(size, letters, **about)  # type: ignore[arg-type]
    if has_reader_face():
        from core.ink_reader import ReaderInk

        return ReaderInk(size, READER_FACE, **about)  # type: ignore[arg-type]
    raise NoFont


class Paper:
    """Pages in millimetres. The same calls give the same bytes. `footing` stands on each page, with its number; `exact`: programs
    are asked to print it in its own size."""

    def __init__(
        self,
        size: tuple[float, float],
        letters: str,
        *,
        title: str,
        created: datetime,
        language: str,
        subject: str = "",
        footing: str = "",
        exact: bool = False,
    ) -> None:
        self.w, self.h = size
        self.footing = footing
        lang = "en" if language.startswith("en") else "zh-CN"
        about = {"title": tidy(title), "subject": subject, "created": created, "lang": lang, "exact": exact}
        self.ink = _ink(size, tidy(letters + title), **about)
        self._pages: list[list[Callable[[], None]]] = []  # drawn at the end, when their number is known

    def add_page(self) -> None:
        self._pages.append([])

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
        room = (width or self.w - x) - self.ink.width(text, points)
        x += room * {"L": 0.0, "C": 0.5, "R": 1.0}[align]
        self._pages[-1].append(partial(self.ink.write, x, y, text, points, bold=bold, grey=grey))

    def lines(self, text: str, points: float, width: float) -> list[str]:
        """Break a text into lines that fit into `width` mm; a new line in the text stays one."""
        broken: list[str] = []
        for paragraph in tidy(text).split("\n"):
            line = ""
            for piece in self._pieces(paragraph, points, width):
                if line and self.ink.width(line + piece.rstrip(), points) > width:
                    broken.append(line.rstrip())
                    line = piece.lstrip()
                else:
                    line += piece
            broken.append(line.rstrip())
        return broken

    def _pieces(self, paragraph: str, points: float, width: float) -> list[str]:
        pieces: list[str] = []
        for piece in _PIECE.findall(paragraph):
            # A digest or an address without a gap is cut where the line ends.
            fitting = piece if piece.isspace() or self.ink.width(piece, points) <= width else ""
            for letter in piece if not fitting else "":
                if fitting and self.ink.width(fitting + letter, points) > width:
                    pieces.append(fitting)
                    fitting = ""
                fitting += letter
            pieces.append(fitting)
        return pieces

    def rule(self, x: float, y: float, to: float, thickness: float) -> None:
        """Draw a grey line from x to `to`."""
        self._pages[-1].append(partial(self.ink.rule, x, y, to, thickness))

    def stroke(self, points: Sequence[tuple[float, float]], thickness: float) -> None:
        """Draw a black line through these points."""
        self._pages[-1].append(partial(self.ink.stroke, points, thickness))

    def qr(self, text: str, x: float, y: float, side: float) -> None:
        """Draw a QR code with its quiet zone into a square of `side` mm."""
        self._modules(qr_rows(text), x, y, side)

    def small_qr(self, text: str, x: float, y: float, side: float) -> None:
        """Draw a QR code for a label: modules of whole printer's dots, at least two, in the middle of the square of `side` mm.
        Where else it doesn't fit it has less to spare for damage. Raises TooLong."""
        for error in ("m", "l"):
            rows = qr_rows(text, error)
            dots = int(side / len(rows) / DOT + 1e-9)
            if dots >= 2:
                edge = (side - dots * DOT * len(rows)) / 2
                return self._modules(rows, _on_dot(x + edge), _on_dot(y + edge), dots * DOT * len(rows))
        raise TooLong("this address is too long for so small a label")

    def _modules(self, rows: Sequence[bytes], x: float, y: float, side: float) -> None:
        dot = side / len(rows)
        runs = ((down, run) for down, row in enumerate(rows) for run in re.finditer(rb"\x01+", row))
        boxes = [(x + run.start() * dot, y + down * dot, len(run[0]) * dot, dot) for down, run in runs]
        self._pages[-1].append(partial(self.ink.boxes, boxes))

    def code128(self, text: str, x: float, y: float, width: float, height: float) -> None:
        """Draw Code 128 with its quiet zones into the middle of `width` mm: modules of two or three dots. Raises TooLong."""
        runs, modules = code128_runs(text)
        dots = min(3, int(width / modules / DOT + 1e-9))
        if dots < 2:
            raise TooLong("this label is too narrow for Code 128")
        left = _on_dot(x + (width - modules * dots * DOT) / 2)
        boxes = [(left + start * dots * DOT, y, wide * dots * DOT, height) for start, wide in runs]
        self._pages[-1].append(partial(self.ink.boxes, boxes))

    def finish(self) -> bytes:
        for number, strokes in enumerate(self._pages, start=1):
            self.ink.page()
            for stroke in strokes:
                stroke()
            if self.footing:
                self._foot(number)
        return self.ink.finish()

    def _foot(self, number: int) -> None:
        y, where = self.h - 14, f"{number} / {len(self._pages)}"
        self.ink.write(20, y, self.footing, 8, bold=False, grey=True)
        self.ink.write(self.w - 20 - self.ink.width(where, 8), y, where, 8, bold=False, grey=True)


def _on_dot(at: float) -> float:
    """The nearest place at which a dot of the coarsest printers begins: its small modules are as wide as one another then."""
    return round(at / DOT) * DOT


def line_height(points: float) -> float:
    """Return the height of a line in mm: one and a half times the letters."""
    return points * 25.4 / 72 * 1.5


def tidy(text: str) -> str:
    """Return the text without control and half characters; line breaks stay, tabs become spaces."""
    spaced = text.replace("\r\n", "\n").replace("\t", " ")
    return "".join(
        c for c in spaced if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs", "Cf", "Zl", "Zp"}
    )
