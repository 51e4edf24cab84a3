"""A page to measure before the first labels: rulers in millimetres, the frame of every label, and what to set."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from core.i18n import N_, say
from core.label_formats import Box, Format
from core.paper import Paper, line_height

HAIR: Final = 0.1  # mm
WORDS: Final = (
    N_("Print this page at 100 % (actual size). Choose nothing that fits or shrinks it to the page."),
    N_("Measure the long ruler with a steel ruler: from 0 to the last figure it must be as long as it says."),
    N_("Lay the page on a sheet of labels against a light: every frame must lie on its label."),
    N_("If all frames are off by the same way, move the paper in the tray, or set the printer's offset by that much."),
    N_("If they drift apart from label to label, the page was scaled: look for the scaling in the printer's settings."),
)


def calibration_pdf(form: Format, created: datetime, language: str = "zh") -> bytes:
    """Return one page of this paper. Raises NoFont."""
    name, told = say(form.name, language), [say(one, language) for one in WORDS]
    paper = Paper(form.page, name + "".join(told), title=name, created=created, language=language, exact=True)
    paper.add_page()
    for place in range(form.places):
        _frame(paper, form.frame(place), str(place + 1) if form.places > 1 else "")
    if form.places > 1:
        _ruler(paper, 10, 10, form.page[0] - 20)
        _ruler(paper, 10, 10, form.page[1] - 20, down=True)
        _say(paper, [f"{name} ({form.code})", *told], form)
    else:
        inside = form.inside(0)
        _frame(paper, inside, "")
        _ruler(paper, inside.x + 2, inside.y + 0.4, inside.width - 4)
        if inside.height > 20:
            below = Box(inside.x + 1.5, inside.y + 6, inside.width - 3, inside.height - 6)
            _words(paper, [f"{name} ({form.code})", *told[:2]], below, 6.5)
    return paper.finish()


def _frame(paper: Paper, box: Box, number: str) -> None:
    right, bottom = box.x + box.width, box.y + box.height
    paper.stroke([(box.x, box.y), (right, box.y), (right, bottom), (box.x, bottom), (box.x, box.y)], HAIR)
    if number:
        paper.line_at(box.x, bottom - line_height(8), number, 8, width=box.width - 2, align="R", grey=True)


def _ruler(paper: Paper, x: float, y: float, length: float, *, down: bool = False) -> None:
    """Whole tens of millimetres from (x, y): a tick each, longer ones at five and ten."""
    most = int(length) // 10 * 10
    paper.stroke([(x, y), (x, y + most) if down else (x + most, y)], HAIR)
    for at in range(most + 1):
        tick = 3.5 if at % 10 == 0 else 2.5 if at % 5 == 0 else 1.5
        ends = [(x, y + at), (x + tick, y + at)] if down else [(x + at, y), (x + at, y + tick)]
        paper.stroke(ends, HAIR)
        if at % 10 == 0 and at:
            where = (x + 4, y + at - line_height(6) / 2) if down else (x + at - 5, y + 3)
            paper.line_at(*where, str(at), 6, width=10, align="L" if down else "C")


def _say(paper: Paper, told: Sequence[str], form: Format) -> None:
    """A sentence a label, down the second column from the second row on: away from both rulers."""
    for row, sentence in enumerate(told, start=1):
        box = form.inside(row * form.across + 1)
        _words(paper, [sentence], box, 8.5 if box.height > 25 else 7.5)


def _words(paper: Paper, told: Sequence[str], box: Box, points: float) -> None:
    y = box.y
    for line in (line for sentence in told for line in paper.lines(sentence, points, box.width)):
        if y + line_height(points) * 0.85 > box.y + box.height:
            return
        paper.line_at(box.x, y, line, points, width=box.width)
        y += line_height(points) * 0.85
