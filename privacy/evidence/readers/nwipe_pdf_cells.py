"""The cells of an nwipe PDF report: each label with the text drawn beside it, by place and colour and never by what a text says.

A model or serial number is the device's own text and may be called `Status:` or `ERASED`. Labels are grey, at places of their
own; a device's text is drawn in one piece at one place, so it can't reach another cell.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from privacy.evidence.readers.pdf import Pdf, Piece

_LABELS = {
    "Make/Model:": "model",
    "Make:": "model",
    "Serial:": "serial",
    "S/N:": "serial",
    "Bus:": "bus",
    "Size(Apparent):": "size",
    "Size(Real):": "real_size",
    "Start time:": "started",
    "End time:": "finished",
    "Duration:": "duration",
    "Status:": "status",
    "Method:": "method",
    "PRNG algorithm:": "prng",
    "Final Pass(Zeros/Ones/None):": "blank",
    "Blanking Pass:": "blank",
    "Verify Pass(Last/All/None):": "verify",
    "Verify(Last/All/None):": "verify",
    "*Bytes Erased:": "erased",
    "Rounds(completed/requested):": "rounds",
    "HPA/DCO:": "hidden",
    "HPA/DCO Size:": "hidden_size",
    "Throughput:": "throughput",
    "Errors(pass/sync/verify):": "errors",
    "Errors(pass/sync/verify/retries):": "errors",
    "Information:": "information",
}
# cells whose text is the tool's own word or figure, drawn without a blank around it
_BARE = frozenset({
    "started", "finished", "duration", "status", "method", "prng", "blank", "verify", "erased", "rounds", "hidden",
    "hidden_size", "errors",
})  # fmt: skip
# what the operator and the station's settings fill in
_TYPED = ("Name/ID:", "Business Name:", "Business Address:", "Contact Name:", "Contact Phone:", "Name:", "Address:")
_GREY = range(30, 56)  # hundredths; PDFGen's grey was lighter once
_WARNINGS = ("Warning", "See Warning !")
TITLES = {"Disk Erasure Report": "disk", "System Erasure Report": "system"}
_SPEED = re.compile(r"(?:avg|min|max) [0-9.]{1,12}[A-Za-z/]{1,6}")
_FOOTER = re.compile(r"Disc Erasure by NWIPE version (\S{1,40})(?: .{0,100})?")


@dataclass(slots=True)
class Block:
    """What the report says about one disk. `double` are labels with two texts beside them: drawn over one another; `padded` are
    words of the tool's own with blanks around them, which it never draws; `colours` are those of the cells' texts; `speeds` are
    the figures of its speed profile (from 0.42)."""

    cells: dict[str, str] = field(default_factory=dict)
    colours: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    double: set[str] = field(default_factory=set)
    padded: set[str] = field(default_factory=set)
    typed: list[str] = field(default_factory=list)
    speeds: list[str] = field(default_factory=list)
    last_y: float = 0.0
    page: int = 0

    def put(self, label: str, piece: Piece) -> None:
        name, text = _LABELS.get(label, "status"), piece.text.strip()
        if label in _TYPED:
            self.typed.append(text)
        elif name in self.cells:
            self.double.add(name)
        else:
            self.cells[name], self.colours[name] = text, piece.colour
            if name in _BARE and text != piece.text:
                self.padded.add(name)


def report_of(pdf: Pdf) -> str | None:
    """`disk` or `system`, or None if it isn't nwipe's report: its title and its footer, each once, on the first page."""
    first = [piece for piece in pdf.pieces if piece.page == 1]
    titles = [TITLES[piece.text] for piece in first if piece.size == 24 and piece.text in TITLES]
    return titles[0] if len(titles) == 1 and version_of(pdf) is not None else None


def version_of(pdf: Pdf) -> str | None:
    """What the footers of all pages call the tool, if they agree."""
    found = {hit[1] for piece in pdf.pieces if piece.y == 30 and (hit := _FOOTER.fullmatch(piece.text.strip()))}
    return found.pop() if len(found) == 1 else None


def _is_label(piece: Piece) -> bool:
    grey = all(part in _GREY for part in piece.colour) and len(set(piece.colour)) == 1
    return grey and not piece.turned and piece.text.strip() in (*_LABELS, *_TYPED)


def _rows(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces on one line, from left to right; lines from the top down, page by page."""
    lines: dict[tuple[int, float], list[Piece]] = {}
    for piece in pieces:
        if not piece.turned:
            lines.setdefault((piece.page, -piece.y), []).append(piece)
    return [sorted(line, key=lambda piece: piece.x) for _, line in sorted(lines.items())]


def blocks_of(pdf: Pdf) -> list[Block]:
    """One block for each disk, in order. What a page of SMART or host data says isn't here."""
    found: list[Block] = [Block()]
    for row in _rows([piece for piece in pdf.pieces if piece.page in _status_pages(pdf)]):
        _take_row(found, row)
    disks = [block for block in found if "model" in block.cells or "serial" in block.cells]
    profiles = list(_profiles(pdf))
    if len(profiles) == len(disks):
        for disk, figures in zip(disks, profiles, strict=True):
            disk.speeds += figures
    for piece in pdf.pieces:
        if piece.turned and (block := _beside(disks, piece)) is not None:
            block.put("Status:", piece)
    return disks


def _profiles(pdf: Pdf) -> Iterator[list[str]]:
    """The figures of each speed profile: one page for each disk, in the disks' order."""
    pages = [piece.page for piece in pdf.pieces if piece.size == 14 and piece.text.strip().endswith("- Speed Profile")]
    for page in pages:
        yield [piece.text for piece in pdf.pieces if piece.page == page and piece.size == 8 and _SPEED.fullmatch(piece.text)]


def _status_pages(pdf: Pdf) -> set[int]:
    """Pages of the report's own table say so in their title."""
    return {piece.page for piece in pdf.pieces if piece.size == 14 and piece.text.strip().endswith("- Erasure Status")}


def _take_row(found: list[Block], row: list[Piece]) -> None:
    labels = [piece for piece in row if _is_label(piece)]
    names = {_LABELS.get(label.text.strip()) for label in labels}
    if "model" in names and "model" in found[-1].cells:
        found.append(Block())
    block = found[-1]
    if "rounds" in names:
        block.last_y, block.page = row[0].y, row[0].page
    for number, label in enumerate(labels):
        right = labels[number + 1].x if number + 1 < len(labels) else 10_000.0
        for piece in row:
            if label.x < piece.x < right and piece not in labels and not _is_warning(piece):
                block.put(label.text.strip(), piece)


def _is_warning(piece: Piece) -> bool:
    """The words beside a status and before an information; in the system report also alone."""
    return piece.text in _WARNINGS and piece.colour[0] == 100


def _beside(disks: list[Block], piece: Piece) -> Block | None:
    """The system report draws a disk's status upwards at its left, 20 points above its last line."""
    near = [block for block in disks if block.page == piece.page and abs(block.last_y + 20 - piece.y) < 6]
    return near[0] if len(near) == 1 else None


def free_texts(pdf: Pdf, blocks: list[Block]) -> tuple[str, ...]:
    """Fields that an operator fills: names, addresses and the report's tag."""
    typed = [text for block in blocks for text in block.typed]
    heads = (piece.text for piece in pdf.pieces if piece.page == 1 and piece.text.startswith(" Tag: "))
    tags = [head.strip().removeprefix("Tag: ") for head in heads]
    return tuple(text for text in (*typed, *tags) if text)
