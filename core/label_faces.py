"""What stands on a label: a QR code at the left, words beside it, and Code 128 below where the paper is wide enough.

Words are set as large as they fit; where not all fit, those that matter least go first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from core import ids
from core.label_formats import Box
from core.paper import Paper

MM: Final = 25.4 / 72  # of a point
ADVANCE: Final = 1.25  # of a line, in letters' heights
SCALES: Final = (26, 68)  # fortieths of the sizes below: the smallest and the largest that are tried
WHOLE: Final = 36  # fortieths: down to this, words are set smaller rather than cut off
LEAST: Final = 5.0  # points: smaller print can't be read
PAD, GAP = 0.28, 0.28  # inside a mark's frame on either side, and after it, in letters' heights
BARS: Final = (0.2, 5.0, 9.0)  # their height: this part of the label, but within these mm


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line, or a row of framed marks. `points` at scale 1; `lines`: how many it may take; `whole`: set smaller rather than
    shortened; `last`: in which order rows are left out (0: never)."""

    texts: Sequence[str]
    points: float
    last: int = 0
    lines: int = 1
    bold: bool = False
    whole: bool = False
    marks: bool = False
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Face:
    """A label ready to be drawn. `qr`: what its QR code holds; `code`: what its Code 128 holds, "" for no bars."""

    qr: str
    code: str
    rows: tuple[Row, ...]
    title: str

    @property
    def letters(self) -> str:
        return "".join(text for row in self.rows for text in row.texts)


def life_label(*, code: str, address: str, title: str, marks: Sequence[str], lines: Sequence[str] = ()) -> Face:
    """For life, from the intake on. It never has a price: what is on it must stay true. `marks`: the used mark, and that it isn't
    wiped yet where that is so."""
    rows = (
        Row(texts=(ids.grouped(code),), points=13, bold=True, whole=True),
        Row(texts=(title,), points=7.5, lines=2, last=2),
        Row(texts=tuple(filter(None, marks)), points=7.5, marks=True),
        *(Row(texts=(line,), points=6.5, last=1) for line in lines if line),
    )
    return Face(address, code, rows, ids.grouped(code))


def price_tag(
    *, code: str, address: str, title: str, price: str, before: str = "", marks: Sequence[str] = (), lines: Sequence[str] = ()
) -> Face:
    """`before`: the former price, struck through. `marks`: the used mark, then the grade."""
    rows = (
        Row(texts=(price,), points=15, bold=True, whole=True),
        *([Row(texts=(before,), points=8, struck=True, whole=True, last=3)] if before else []),
        Row(texts=(title,), points=7.5, lines=2, last=4),
        Row(texts=tuple(filter(None, marks)), points=7.5, marks=True),
        Row(texts=(ids.grouped(code),), points=7.5),
        *(Row(texts=(line,), points=6.5, last=1) for line in lines if line),
    )
    return Face(address, code, rows, ids.grouped(code))


def paper_label(number: str, address: str, lines: Sequence[str] = ()) -> Face:
    """For a paper's number, such as a certificate's: up to four short lines beside its code."""
    rows = (Row(texts=(number,), points=11, bold=True, whole=True), *(Row(texts=(line,), points=7.5) for line in lines[:4]))
    return Face(address, "", rows, number)


def draw(paper: Paper, face: Face, box: Box, bars: bool = True) -> None:
    """Raises TooLong where the address doesn't fit into so small a code."""
    below = min(max(box.height * BARS[0], BARS[1]), BARS[2]) if bars and face.code else 0.0
    if below:
        paper.code128(face.code, box.x, box.y + box.height - below, box.width, below)
    high = box.height - below - (1.0 if below else 0.0)
    side = min(high, box.width * 0.45)
    paper.small_qr(face.qr, box.x, box.y + (high - side) / 2, side)
    _column(paper, face.rows, Box(box.x + side + 0.6, box.y, box.width - side - 0.6, high))


def _column(paper: Paper, rows: Sequence[Row], box: Box) -> None:
    """As large as all rows fit; else titles on one line; else without the rows that go first."""
    kept = list(rows)
    while (laid := _largest(paper, kept, box)) is None:
        long = next((place for place, row in enumerate(kept) if row.lines > 1), None)
        going = min((row for row in kept if row.last), key=lambda row: row.last, default=None)
        if long is not None:
            kept[long] = replace(kept[long], lines=1)
        elif going is not None:
            kept.remove(going)
        else:
            laid = _laid(paper, kept, SCALES[0], box.width)
            break
    _write(paper, laid, box)


def _largest(paper: Paper, rows: Sequence[Row], box: Box) -> "list[_Laid] | None":
    """The rows in the largest size that fits, whole if a good size allows that; None where even the smallest doesn't fit."""
    return _search(paper, rows, box, WHOLE, whole=True) or _search(paper, rows, box, SCALES[0], whole=False)


def _search(paper: Paper, rows: Sequence[Row], box: Box, low: int, *, whole: bool) -> "list[_Laid] | None":
    high, best = SCALES[1], None
    while low <= high:
        step = (low + high) // 2
        laid = _laid(paper, rows, step, box.width)
        if sum(one.height for one in laid) <= box.height and not (whole and any(one.cut for one in laid)):
            low, best = step + 1, laid
        else:
            high = step - 1
    return best


def _laid(paper: Paper, rows: Sequence[Row], step: int, width: float) -> "list[_Laid]":
    return [_lay(paper, row, max(row.points * step / 40, LEAST), width) for row in rows]


@dataclass(frozen=True, slots=True)
class _Laid:
    row: Row
    points: float
    lines: list[list[str]]
    cut: bool = False

    @property
    def height(self) -> float:
        return len(self.lines) * self.points * MM * (ADVANCE + (0.35 if self.row.marks else 0.0))


def _lay(paper: Paper, row: Row, points: float, width: float) -> _Laid:
    if row.marks:
        return _Laid(row, points, _marks(paper, row.texts, points, width))
    text = row.texts[0]
    if row.whole:
        needed = paper.ink.width(text, points) * 1.02
        return _Laid(row, min(points, points * width / needed) if needed else points, [[text]])
    lines = paper.lines(text, points, width)
    cut = len(lines) > row.lines
    return _Laid(row, points, [[line] for line in _shortened(paper, lines, points, width, row.lines)], cut)


def _marks(paper: Paper, words: Sequence[str], points: float, width: float) -> list[list[str]]:
    """Framed words, as many beside one another as fit."""
    lines: list[list[str]] = []
    for word in words:
        if lines and sum(_framed(paper, one, points) for one in (*lines[-1], word)) - points * MM * GAP <= width:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _framed(paper: Paper, word: str, points: float) -> float:
    return paper.ink.width(word, points) + points * MM * (2 * PAD + GAP)


def _shortened(paper: Paper, lines: list[str], points: float, width: float, most: int) -> list[str]:
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], f"{paper.lines(lines[most - 1], points, width - points * MM)[0]}\u2026"]


def _write(paper: Paper, laid: Sequence[_Laid], box: Box) -> None:
    height = sum(one.height for one in laid)
    y = box.y + max(0.0, (box.height - height) / 2)
    for one in laid:
        each = one.height / len(one.lines) if one.lines else 0.0
        for words in one.lines:
            _line(paper, one, words, Box(box.x, y, box.width, each))
            y += each


def _line(paper: Paper, one: _Laid, words: Sequence[str], box: Box) -> None:
    letters = one.points * MM
    middle, x = box.y + box.height / 2, box.x
    for word in words:
        wide, at = paper.ink.width(word, one.points), x + (letters * PAD if one.row.marks else 0.0)
        paper.line_at(at, middle - letters * 0.75, word, one.points, width=wide, bold=one.row.bold)
        if one.row.marks:
            _frame(paper, Box(x, middle - letters * 0.68, wide + letters * 2 * PAD, letters * 1.36))
        if one.row.struck:
            paper.stroke([(x, middle), (x + wide, middle)], 0.3)
        x += wide + letters * (2 * PAD + GAP)


def _frame(paper: Paper, box: Box) -> None:
    right, bottom = box.x + box.width, box.y + box.height
    paper.stroke([(box.x, box.y), (right, box.y), (right, bottom), (box.x, bottom), (box.x, box.y)], 0.25)
