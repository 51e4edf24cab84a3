"""The one PDF maker: certificates, reports and receipts are documents of a title, a number and blocks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.fonts import FontStatus, NoFont, font_status
from core.paper import Align, Paper, line_height

__all__ = [
    "Document",
    "Drawing",
    "Facts",
    "FontStatus",
    "Heading",
    "NoFont",
    "Paragraph",
    "Qr",
    "SmallPrint",
    "Table",
    "font_status",
    "letters",
    "render",
]

_WIDTH, _HEIGHT, _EDGE, _BOTTOM = 210.0, 297.0, 20.0, 275.0
_INNER = _WIDTH - 2 * _EDGE
_LABEL = 45.0
_QR = 32.0


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and values, one pair a line."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """A head and rows of equal length. `shares`: relative widths, else equal; `right`: columns of numbers."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    shares: Sequence[int] = ()
    right: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code (usually of an address) and what it is for, written beside it."""

    text: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines drawn by hand, each through its points in a box of `size`, set `width` mm wide; what it is, written above it."""

    strokes: Sequence[Sequence[tuple[int, int]]]
    size: tuple[int, int]
    caption: str
    width: float = 60.0


@dataclass(frozen=True, slots=True)
class SmallPrint:
    text: str


Block = Heading | Paragraph | Facts | Table | Qr | Drawing | SmallPrint


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is printed. `number` stands on every page; `created` (aware) goes into the file."""

    title: str
    number: str
    created: datetime
    language: str = "zh"
    blocks: Sequence[Block] = field(default_factory=tuple)


def render(document: Document) -> bytes:
    """Return the PDF (A4). The same document gives the same bytes on the same machine. Raises NoFont."""
    return _Layout(document).finish()


def letters(block: Block) -> str:
    """Return every text of a block that is set in type."""
    match block:
        case Facts(rows):
            return "".join(label + value for label, value in rows)
        case Table(head, rows):
            return "".join(head) + "".join(cell for row in rows for cell in row)
        case Qr(_, caption) | Drawing(_, _, caption):
            return caption
        case _:
            return block.text


class _Layout:
    """Puts blocks below each other and begins a new page where one is full."""

    def __init__(self, document: Document) -> None:
        text = document.number + "0123456789/ " + "".join(map(letters, document.blocks))
        self.paper = Paper(
            (_WIDTH, _HEIGHT),
            text,
            title=document.title,
            created=document.created,
            language=document.language,
            subject=document.number,
            footing=document.number,
        )
        self._new_page()
        self._flow(document.title, 20, align="C", bold=True)
        self._flow(document.number, 10, align="C", grey=True)
        self.y += 5
        for block in document.blocks:
            self._block(block)

    def finish(self) -> bytes:
        return self.paper.finish()

    def _new_page(self) -> None:
        self.paper.add_page()
        self.y = _EDGE

    def _room(self, height: float) -> bool:
        """Make room; tell whether a new page was begun for it."""
        if self.y + height <= _BOTTOM:
            return False
        self._new_page()
        return True

    def _block(self, block: Block) -> None:
        match block:
            case Heading(text):
                self._room(30)  # a heading stays with what follows
                self.y += 4
                self._flow(text, 13, bold=True)
                self.y += 1
            case Paragraph(text):
                self._flow(text, 10.5)
                self.y += 2
            case SmallPrint(text):
                self.y += 2
                self._flow(text, 8, grey=True)
            case Facts(rows):
                for label, value in rows:
                    self._row([label, value], [_LABEL, _INNER - _LABEL], grey_first=True)
                self.y += 3
            case Table():
                self._table(block)
            case Qr(text, caption):
                self._qr(text, caption)
            case Drawing():
                self._drawing(block)

    def _flow(
        self, text: str, points: float, *, align: Align = "L", bold: bool = False, grey: bool = False
    ) -> None:
        for line in self.paper.lines(text, points, _INNER):
            self._room(line_height(points))
            self.paper.line_at(_EDGE, self.y, line, points, width=_INNER, align=align, bold=bold, grey=grey)
            self.y += line_height(points)

    def _table(self, table: Table) -> None:
        columns = max([len(table.head), *(len(row) for row in table.rows)])
        shares = list(table.shares) or [1] * columns
        widths = [_INNER * share / sum(shares) for share in shares]
        if table.head:
            self._room(20)
            self._row(table.head, widths, right=table.right, bold=True)
        for row in table.rows:
            if self._room(line_height(10) + 2) and table.head:
                self._row(table.head, widths, right=table.right, bold=True)
            self._row(row, widths, right=table.right)
        self.y += 3

    def _row(
        self,
        cells: Sequence[str],
        widths: Sequence[float],
        *,
        right: frozenset[int] = frozenset(),
        bold: bool = False,
        grey_first: bool = False,
    ) -> None:
        broken = [self.paper.lines(cell, 10, width - 3) for cell, width in zip(cells, widths, strict=True)]
        self.y += 1
        for number in range(max(map(len, broken))):
            self._room(line_height(10))
            x = _EDGE
            for column, (lines, width) in enumerate(zip(broken, widths, strict=True)):
                if number < len(lines):
                    self.paper.line_at(
                        x,
                        self.y,
                        lines[number],
                        10,
                        width=width - 3,
                        align="R" if column in right else "L",
                        bold=bold,
                        grey=grey_first and column == 0,
                    )
                x += width
            self.y += line_height(10)
        self.y += 1
        self.paper.rule(_EDGE, self.y, _WIDTH - _EDGE, 0.35 if bold else 0.15)

    def _drawing(self, drawing: Drawing) -> None:
        scale = drawing.width / drawing.size[0]
        height = drawing.size[1] * scale
        self._room(height + line_height(9) + 2)  # a signature stays with what it is
        self._flow(drawing.caption, 9, grey=True)
        for stroke in drawing.strokes:
            points = [(_EDGE + x * scale, self.y + y * scale) for x, y in stroke]
            self.paper.stroke(points if len(points) > 1 else [*points, (points[0][0] + 0.3, points[0][1])], 0.5)
        self.y += height
        self.paper.rule(_EDGE, self.y, _EDGE + drawing.width, 0.15)
        self.y += 2

    def _qr(self, text: str, caption: str) -> None:
        lines = self.paper.lines(caption, 9, _INNER - _QR - 4)
        height = max(_QR, len(lines) * line_height(9)) + 2
        self._room(height)
        self.paper.qr(text, _EDGE - 3, self.y, _QR)
        top = self.y + max(0.0, (_QR - len(lines) * line_height(9)) / 2)
        for number, line in enumerate(lines):
            self.paper.line_at(_EDGE + _QR + 2, top + number * line_height(9), line, 9, grey=True)
        self.y += height
