"""The one place that knows reportlab: where this machine has no Chinese font, the file names one that reader programs bring.

STSong-Light is one of the faces of Adobe's Asian font packs, which PDF programs know or replace by one of their own. Nothing is
embedded, so how the letters look depends on the reader; which letters they are does not. Latin letters are Helvetica, which
every reader has."""

import io
import re
from collections.abc import Sequence
from datetime import datetime

from reportlab.pdfbase import cidfonts, pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from core import clock

GREY, RULE_GREY = 95 / 255, 150 / 255
MM = 72 / 25.4
LATIN = "Helvetica"
MISSING = "\u3013"  # the geta mark: Chinese typesetters' sign for a character they don't have
_LATIN = r"\x20-\x7e\xa0-\xff\u2022\u20ac"
_RUN = re.compile(rf"[{_LATIN}]+|[^{_LATIN}]+")
_IS_LATIN = re.compile(rf"[{_LATIN}]").match


class ReaderInk:
    """`core.paper.Ink` by reportlab."""

    def __init__(
        self, size: tuple[float, float], face: str, *, title: str, subject: str, created: datetime, lang: str, exact: bool
    ) -> None:
        pdfmetrics.registerFont(cidfonts.UnicodeCIDFont(face))
        self._face, self._height, self._out, self._begun = face, size[1] * MM, io.BytesIO(), False
        at = f"D:{clock.utc(created):%Y%m%d%H%M%S}Z"
        self._canvas = Canvas(self._out, (size[0] * MM, self._height), pageCompression=1, invariant=1, lang=lang)
        self._canvas.setDateFormatter(lambda *_now: at)
        self._canvas.setTitle(title)
        self._canvas.setSubject(subject)
        self._canvas.setAuthor("")
        self._canvas.setCreator("Xunshi")
        if exact:
            self._canvas.setViewerPreference("PrintScaling", "None")

    def width(self, text: str, points: float) -> float:
        return float(sum(pdfmetrics.stringWidth(run, font, points) for run, font in self._runs(text))) / MM

    def page(self) -> None:
        if self._begun:
            self._canvas.showPage()
        self._begun = True

    def write(self, x: float, y: float, text: str, points: float, *, bold: bool, grey: bool) -> None:
        shade = GREY if grey else 0
        base = self._height - y * MM - points * (0.5 * 1.5 + 0.3)  # the middle of the line's height, and a little below
        self._canvas.saveState()  # the mode of bold letters would go on for all that follow
        self._canvas.setLineWidth(points * 0.008 * MM)
        line = self._canvas.beginText(x * MM, base)
        line.setFillGray(shade)
        line.setStrokeGray(shade)
        line.setTextRenderMode(2 if bold else 0)
        for run, font in self._runs(text):
            line.setFont(font, points)
            line.textOut(run)
        self._canvas.drawText(line)
        self._canvas.restoreState()

    def boxes(self, boxes: Sequence[tuple[float, float, float, float]]) -> None:
        self._canvas.setFillGray(0)
        for x, y, width, height in boxes:
            self._canvas.rect(x * MM, self._height - (y + height) * MM, width * MM, height * MM, stroke=0, fill=1)

    def rule(self, x: float, y: float, to: float, thickness: float) -> None:
        self._canvas.setStrokeGray(RULE_GREY)
        self._canvas.setLineWidth(thickness * MM)
        self._canvas.line(x * MM, self._height - y * MM, to * MM, self._height - y * MM)

    def stroke(self, points: Sequence[tuple[float, float]], thickness: float) -> None:
        self._canvas.setStrokeGray(0)
        self._canvas.setLineWidth(thickness * MM)
        path = self._canvas.beginPath()
        path.moveTo(points[0][0] * MM, self._height - points[0][1] * MM)
        for x, y in points[1:]:
            path.lineTo(x * MM, self._height - y * MM)
        self._canvas.drawPath(path, stroke=1, fill=0)

    def finish(self) -> bytes:
        self._canvas.save()
        return self._out.getvalue()

    def _runs(self, text: str) -> list[tuple[str, str]]:
        """Pieces with their font. What the face's Unicode map (UniGB-UCS2-H) may not have is shown as missing, never left out."""
        known = "".join(letter if _has(letter) else MISSING for letter in text)
        return [(run, LATIN if _IS_LATIN(run[0]) else self._face) for run in _RUN.findall(known)]


def _has(letter: str) -> bool:
    return bool(_IS_LATIN(letter)) or bool(letter.encode("gbk", "ignore"))
