"""Pieces of text with their places out of a PDF file, for the plain kind that a tool's own small PDF writer makes.

No library: evidence counts only in the form in which the tool wrote it, and that form is simple (PDF 1.3, one table of
objects, every text a stream of its own, nothing compressed). A file that is encrypted, compressed, changed after the fact
(a second revision) or printed anew is refused with the way on. So there is nothing here to inflate, to run or to loop over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.i18n import N_
from privacy.evidence.model import Unreadable
from privacy.evidence.readers.text import LARGEST, visible

MOST_PAGES = 50
MOST_OBJECTS = 50_000
LONGEST_TEXT = 512  # characters; nwipe's own buffers end there
LONGEST_STREAM = 64 * 1024  # bytes of one drawing; pictures are longer and are never looked at

_NUMBER = rb"(-?[0-9]{1,7}(?:\.[0-9]{1,9})?)"
_END = re.compile(rb"startxref\s{1,4}([0-9]{1,9})\s{1,4}%%EOF\s{0,4}\Z")
_TABLE = re.compile(rb"xref\s{1,4}0 ([0-9]{1,6})\s{1,4}")
_ROW = re.compile(rb"([0-9]{10}) [0-9]{5} ([nf])\s{2}")
_ROOT = re.compile(rb"/Root ([0-9]{1,6}) 0 R")
_PAGES = re.compile(rb"/Pages ([0-9]{1,6}) 0 R")
_KIDS = re.compile(rb"/Kids \[ ?((?:[0-9]{1,6} 0 R\s{1,4}){1,1000})\]")
_CONTENTS = re.compile(rb"/Contents \[\s{0,4}((?:[0-9]{1,6} 0 R\s{1,4}){0,50000})\]")
_OBJECT = re.compile(rb"([0-9]{1,6}) 0 obj\s{1,4}")
_STREAM = re.compile(rb"<< /Length ([0-9]{1,6}) >>stream\r?\n")
_REFERENCE = re.compile(rb"([0-9]{1,6}) 0 R")
_TEXT = re.compile(
    rb"BT /GS[0-9]{1,2} gs (?:%s %s TD|%s %s %s %s %s %s Tm) /F[0-9]{1,3} %s Tf %s %s %s rg %s Tc "
    rb"\(((?:[^()\\]|\\[()\\]){0,%d})\) Tj ET\s{0,4}" % (*(_NUMBER,) * 13, LONGEST_TEXT)
)
_CHANGED = (b"/Encrypt", b"/Prev", b"/XRefStm")


@dataclass(frozen=True, slots=True)
class Piece:
    """One text as it was drawn: where its line begins (points from the left and from the bottom), how large, in which colour
    (red, green, blue in hundredths), and whether it runs upwards."""

    page: int
    x: float
    y: float
    size: float
    colour: tuple[int, int, int]
    turned: bool
    text: str


@dataclass(frozen=True, slots=True)
class Pdf:
    """`pieces` are in the order in which they were drawn; pages count from 1."""

    pages: int
    pieces: tuple[Piece, ...]


class NotAsWritten(Unreadable):
    """A PDF, but not in the form in which a tool writes its report."""

    def __init__(self) -> None:
        super().__init__(
            "malformed",
            N_(
                "This PDF is not the report as the tool wrote it: it breaks off, is encrypted, or was printed or saved by another"
                " program. Send the tool's own file."
            ),
        )


def read_pdf(raw: bytes) -> Pdf:
    """Raises Unreadable: too_big, malformed. Time grows with the file's length only."""
    if len(raw) > LARGEST:
        raise Unreadable(
            "too_big",
            N_("The file is larger than %(limit)s MiB. Send the log of one run only."),
            {"limit": LARGEST // 1024 // 1024},
        )
    file = _File(raw)
    pages = file.pages()
    drawn = [number for page in pages for number in page]
    if len(set(drawn)) != len(drawn):
        raise NotAsWritten  # the writer draws each thing once
    return Pdf(len(pages), tuple(piece for number, page in enumerate(pages, 1) for piece in file.pieces(number, page)))


class _File:
    """The bytes and the table of where each object begins."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        end = _END.search(raw, max(0, len(raw) - 64))
        if end is None or not raw.startswith(b"%PDF-1.3"):
            raise NotAsWritten
        self._table_at = int(end[1])
        self._offsets = self._read_table()
        if not all(before < after for before, after in zip(self._offsets, self._offsets[1:], strict=False)):
            raise NotAsWritten  # the writer puts them one after the other

    def _read_table(self) -> list[int]:
        head = _TABLE.match(self._raw, self._table_at)
        rows = int(head[1]) if head else 0
        if head is None or not 1 < rows <= MOST_OBJECTS:
            raise NotAsWritten
        found = [_ROW.match(self._raw, head.end() + 20 * row) for row in range(rows)]
        offsets = [int(row[1]) for row in found[1:] if row is not None and row[2] == b"n"]
        if len(offsets) != rows - 1 or offsets[-1] >= self._table_at:
            raise NotAsWritten
        trailer = self._raw[head.end() + 20 * rows :]
        if not trailer.startswith(b"trailer") or len(trailer) > 1024 or any(word in trailer for word in _CHANGED):
            raise NotAsWritten
        self._root = self._one(_ROOT, trailer)
        return offsets

    @staticmethod
    def _one(pattern: re.Pattern[bytes], text: bytes) -> int:
        found = pattern.findall(text)
        if len(found) != 1:
            raise NotAsWritten
        return int(found[0])

    def _object(self, number: int) -> bytes:
        """What stands between `obj` and the next object."""
        if not 1 <= number <= len(self._offsets):
            raise NotAsWritten
        begin = self._offsets[number - 1]
        end = self._offsets[number] if number < len(self._offsets) else self._table_at
        head = _OBJECT.match(self._raw, begin)
        if head is None or int(head[1]) != number:
            raise NotAsWritten
        return self._raw[head.end() : end]

    def pages(self) -> list[list[int]]:
        """For each page the numbers of what is drawn on it."""
        tree = self._object(self._one(_PAGES, self._object(self._root)))
        kids = _KIDS.search(tree)
        numbers = [int(kid) for kid in _REFERENCE.findall(kids[1])] if kids else []
        if not 1 <= len(numbers) <= MOST_PAGES or len(set(numbers)) != len(numbers):
            raise NotAsWritten
        return [self._drawings(self._object(number)) for number in numbers]

    def _drawings(self, page: bytes) -> list[int]:
        contents = _CONTENTS.search(page)
        if contents is None or b"/Type /Page\r\n" not in page:
            raise NotAsWritten
        return [int(number) for number in _REFERENCE.findall(contents[1])]

    def pieces(self, page: int, numbers: list[int]) -> Iterator[Piece]:
        for number in numbers:
            found = self._object(number)
            head = _STREAM.match(found)
            length = int(head[1]) if head else 0
            if head is None or length > LONGEST_STREAM or not found[head.end() + length :].startswith(b"\r\nendstream"):
                raise NotAsWritten
            drawing = found[head.end() : head.end() + length]
            if drawing.startswith(b"BT"):
                yield _piece(page, drawing)
            elif b"BT" in drawing:
                raise NotAsWritten  # text drawn in some other way could be seen and not read


def _piece(page: int, drawing: bytes) -> Piece:
    found = _TEXT.fullmatch(drawing)
    if found is None:
        raise NotAsWritten
    straight_x, straight_y, _, upwards, _, _, turned_x, turned_y, size, red, green, blue, _, text = found.groups()
    turned = straight_x is None
    x, y = (turned_x, turned_y) if turned else (straight_x, straight_y)
    if turned and abs(float(upwards)) < 0.5:
        raise NotAsWritten
    plain = re.sub(rb"\\(.)", rb"\1", text, flags=re.S).decode("cp1252", "replace")
    colour = tuple(round(float(part) * 100) for part in (red, green, blue))
    return Piece(page, float(x), float(y), float(size), (colour[0], colour[1], colour[2]), turned, visible(plain))
