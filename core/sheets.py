"""Rows for a spreadsheet: what people typed can't become a formula there."""

import csv
import io
from collections.abc import Iterable

MARK = "\ufeff"  # tells spreadsheets that the text is UTF-8
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def cell(value: object) -> str:
    """A value as text; a text that a spreadsheet would calculate gets an apostrophe before it (OWASP, CSV injection). A whole
    number of ours stays a number, below nothing too."""
    if isinstance(value, int):
        return str(value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_BEGINS_A_FORMULA) else text


def row(values: Iterable[object]) -> str:
    """One line of CSV (RFC 4180), with its line end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([cell(value) for value in values])
    return out.getvalue()
