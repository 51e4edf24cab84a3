"""A CSV file as sales. Rows that can't be used are counted by reason; a file that can't is refused as a whole."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from appraisal.prices import cells
from appraisal.prices.columns import Columns
from appraisal.prices.sale import NO_MODEL, Sale, Thing

MOST_BYTES = 200_000_000
DELIMITERS = ",;\t"


class BadFile(ValueError):
    """The file can't be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Read:
    """Sales in the file's order, and how many rows were left out for which reason."""

    sales: tuple[Sale, ...]
    left_out: Mapping[str, int]


def read_sales(raw: bytes, columns: Columns) -> Read:
    """The sales in a CSV file with a line of names. UTF-8, with or without a mark, or GB 18030 (and so GBK).

    Raises BadFile: empty, not text, a column that is missing or stands twice, no row that can be used, a column
    without numbers where numbers were asked for.
    """
    sales: list[Sale] = []
    left: Counter[str] = Counter()
    for row in _rows(raw, columns.all_named()):
        if row is None:
            left["ragged"] += 1
            continue
        try:
            sales.append(_sale(row, columns))
        except cells.Unusable as no:
            left[str(no)] += 1
    if not sales:
        said = ", ".join(f"{reason} {count}" for reason, count in sorted(left.items()))
        raise BadFile(f"no row can be used{f' ({said})' if said else ': there is none below the names'}")
    _check_numbers(sales, columns)
    return Read(tuple(sales), dict(sorted(left.items())))


def read_things(raw: bytes, columns: Columns) -> list[Thing]:
    """The things in a CSV file; prices are not looked at. Every row must be usable. Raises BadFile."""
    found = []
    for at, row in enumerate(_rows(raw, columns.named()), 1):
        try:
            if row is None:
                raise cells.Unusable("ragged")
            found.append(thing_of(row, columns))
        except cells.Unusable as no:
            raise BadFile(f"row {at}: {no}") from None
    if not found:
        raise BadFile("there is no row below the names")
    return found


def thing_of(row: Mapping[str, str], columns: Columns) -> Thing:
    """A thing from texts by column. Raises cells.Unusable."""
    categories = tuple(row[name].strip() for name in columns.categories)
    return Thing(
        model=row[columns.model].strip() if columns.model else NO_MODEL,
        age=cells.age(row[columns.age]) if columns.age else None,
        grade=row[columns.grade].strip() if columns.grade else "",
        numbers=tuple(cells.number(row[name]) for name in columns.numbers),
        categories=categories,
        defects=cells.codes(row[columns.defects]) if columns.defects else (),
        accessories=cells.codes(row[columns.accessories]) if columns.accessories else (),
        kind=categories[0] if categories else "",
    )


def _sale(row: Mapping[str, str], columns: Columns) -> Sale:
    return Sale(
        thing=thing_of(row, columns),
        price=cells.price(row[columns.target], columns.minor),
        sold_on=cells.day(row[columns.date]) if columns.date else None,
        buyer=row[columns.buyer].strip() if columns.buyer else "",
        seller=row[columns.seller].strip() if columns.seller else "",
    )


def _rows(raw: bytes, wanted: list[str]) -> Iterator[Mapping[str, str] | None]:
    """Each row by column; None for one with too few or too many cells. Empty lines don't count."""
    text = text_of(raw)
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=lambda each: (sum(name in next(csv.reader([first], delimiter=each), []) for name in wanted)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = [name.strip() for name in next(reader, [])]
        places = {name: _place(name, names) for name in wanted}
        for row in reader:
            if any(row):
                whole = len(row) == len(names)
                yield {name: row[at] for name, at in places.items()} if whole else None
    except csv.Error as no:
        raise BadFile(f"line {reader.line_num}: {no}") from None


def _place(name: str, names: list[str]) -> int:
    count = names.count(name)
    if count != 1:
        there = ", ".join(names[:20]) or "none"
        raise BadFile(f"there is no column {name}; there are: {there}" if not count else f"the column {name} stands twice")
    return names.index(name)


def text_of(raw: bytes) -> str:
    """The text of a file. Raises BadFile: empty, too large, or no text of the two encodings."""
    if len(raw) > MOST_BYTES:
        raise BadFile(f"the file is larger than {MOST_BYTES} bytes")
    if not raw.strip():
        raise BadFile("the file is empty")
    if b"\0" in raw:
        raise BadFile("the file is not text")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile("the file is neither UTF-8 nor GB 18030")


def _check_numbers(sales: list[Sale], columns: Columns) -> None:
    if columns.age and all(sale.thing.age is None for sale in sales):
        raise BadFile(f"the column {columns.age} holds no numbers")
    for at, name in enumerate(columns.numbers):
        if all(sale.thing.numbers[at] is None for sale in sales):
            raise BadFile(f"the column {name} holds no numbers")
