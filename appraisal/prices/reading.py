"""A CSV file as sales. Rows that can't be used are counted by reason; a file that can't is refused as a whole."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from appraisal.prices import cells
from appraisal.prices.columns import Columns
from appraisal.prices.sale import NO_MODEL, Sale, Thing
from core.csv_files import BadFile, rows_of, text_of

MOST_BYTES = 200_000_000
DELIMITERS = ",;\t"


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
    text = text_of(raw, MOST_BYTES)
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=lambda each: sum(name in next(rows_of(first, each), []) for name in wanted))
    rows = rows_of(text, delimiter)
    names = [name.strip() for name in next(rows, [])]
    places = {name: _place(name, names) for name in wanted}
    for row in rows:
        if any(row):
            yield {name: row[at] for name, at in places.items()} if len(row) == len(names) else None


def _place(name: str, names: list[str]) -> int:
    count = names.count(name)
    if count != 1:
        there = ", ".join(names[:20]) or "none"
        raise BadFile(f"there is no column {name}; there are: {there}" if not count else f"the column {name} stands twice")
    return names.index(name)


def _check_numbers(sales: list[Sale], columns: Columns) -> None:
    if columns.age and all(sale.thing.age is None for sale in sales):
        raise BadFile(f"the column {columns.age} holds no numbers")
    for at, name in enumerate(columns.numbers):
        if all(sale.thing.numbers[at] is None for sale in sales):
            raise BadFile(f"the column {name} holds no numbers")
