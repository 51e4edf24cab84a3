"""Text files that people bring, such as lists and tables: read in one of three encodings, row by row, by their source's name."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Final

from core.i18n import N_

MOST_SOURCE: Final = 80
ENCODINGS: Final = ("utf-8-sig", "gb18030")  # with or without a mark; GB 18030 reads GBK and GB 2312 too


class BadFile(ValueError):
    """The file can't be used. `sentence`: English for gettext with `values`, naming lines and nothing of what stands in them."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence % values if values else sentence)
        self.sentence, self.values = sentence, values


def text_of(raw: bytes, most: int) -> str:
    """The text of a file of at most so many bytes. Raises BadFile: empty, too large, or no text of UTF-8, GB 18030, or UTF-16
    with its mark, as spreadsheets save "Unicode text"."""
    if len(raw) > most:
        raise BadFile(N_("The file is larger than %(most)s bytes."), most=most)
    if not raw.strip():
        raise BadFile(N_("The file is empty."))
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _utf_16(raw)
    if b"\0" in raw:
        raise BadFile(N_("The file is not text."))
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile(N_("The file is neither UTF-8 nor GB 18030."))


def _utf_16(raw: bytes) -> str:
    try:
        text = raw.decode("utf-16")
    except UnicodeDecodeError:
        raise BadFile(N_("The file is not text.")) from None
    if not text.strip():
        raise BadFile(N_("The file is empty."))
    if "\0" in text:
        raise BadFile(N_("The file is not text."))
    return text


def rows_of(text: str, delimiter: str = ",", *, strict: bool = False) -> Iterator[list[str]]:
    """The rows of a CSV file, with that of the names. Raises BadFile on the way, at the line that is none.

    `strict`: a quotation mark that is neither closed nor doubled is told, not guessed at; the line is then the one in which the
    row begins."""
    rows, begins = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict), 1
    try:
        for row in rows:
            yield row
            begins = rows.line_num + 1
    except csv.Error as no:
        raise BadFile(N_("Line %(line)s is no line of a CSV file."), line=begins if strict else rows.line_num) from no


def source_of(typed: str) -> str:
    """Whose file it is, as readers will see it. Raises BadFile."""
    name = " ".join(typed.split())
    if not name or len(name) > MOST_SOURCE or not name.isprintable():
        raise BadFile(N_("Name the source in up to %(most)s characters."), most=MOST_SOURCE)
    return name
