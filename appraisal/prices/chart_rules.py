"""Where the points of a chart stand, in whole units of its own grid; templates draw it. Left is older, up is dearer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

WIDE, HIGH = 360, 230  # as wide as a phone, so that its words are as large as the page's
LEFT, RIGHT, TOP, BOTTOM = 64, 10, 12, 26  # room for the words at the edges
LINES = 4
ROW, LABELS = 40, 96  # of a bar: its height, and the room for its grade


@dataclass(frozen=True, slots=True)
class Dot:
    """`kind`: here | imported | mine | asked."""

    x: int
    y: int
    kind: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A range by grade: from P10 to P90 with P50 between them; `y` is its middle."""

    label: str
    y: int
    x10: int
    x50: int
    x90: int


@dataclass(frozen=True, slots=True)
class Chart:
    """`rows`: (y, minor units) of the lines across; `columns`: (x, minor units or day) of the marks below. `line`: points of the
    middle, as SVG writes them. `band`: (top, height, middle) of a range over the whole width."""

    width: int
    height: int
    rows: Sequence[tuple[int, int]] = ()
    columns: Sequence[tuple[int, int | date]] = ()
    dots: Sequence[Dot] = ()
    bars: Sequence[Bar] = ()
    line: str = ""
    band: tuple[int, int, int] | None = None
    left: int = LEFT
    right: int = WIDE - RIGHT
    kinds: Sequence[str] = field(default=())


def steps(low: int, high: int, lines: int = LINES) -> list[int]:
    """Round amounts (1, 2 or 5 of a power of ten) from at most `low` to at least `high`, about `lines` of them."""
    span = max(high - low, 1)
    step = 1
    while step * lines < span:
        step = step * 2 if str(step)[0] in "15" else step // 2 * 5
    first = low // step * step
    last = -(-high // step) * step
    return list(range(first, max(last, first + step) + 1, step))


def scaled(value: int, low: int, high: int, start: int, end: int) -> int:
    """Where a value between low and high stands between start and end; rounded to the nearest unit."""
    if high == low:
        return (start + end) // 2
    return start + round((value - low) * (end - start) / (high - low))


Point = tuple[date, int, str]  # day, minor units, kind of dot


def history(points: Sequence[Point], months: Sequence[tuple[date, int]], band: tuple[int, int, int] | None = None) -> Chart:
    """Sales as dots over time with the middle of each month as a line. `band`: (P10, P50, P90) across, for one thing's chart."""
    prices = [price for _, price, _ in points] + [price for _, price in months] + list(band or ())
    rows = steps(min(prices), max(prices))
    days = [day for day, _, _ in points] + [day for day, _ in months]
    first, last = min(days), max(max(days), min(days) + timedelta(days=30))

    def at(day: date) -> int:
        return scaled((day - first).days, 0, (last - first).days, LEFT, WIDE - RIGHT)

    def up(price: int) -> int:
        return scaled(price, rows[0], rows[-1], HIGH - BOTTOM, TOP)

    middle = first + (last - first) / 2
    return Chart(
        WIDE, HIGH, rows=[(up(price), price) for price in rows],
        columns=[(at(day), day) for day in (first, middle, last)],
        dots=[Dot(at(day), up(price), kind) for day, price, kind in points],
        line=" ".join(f"{at(day)},{up(price)}" for day, price in months) if len(months) > 1 else "",
        band=(up(band[2]), max(up(band[0]) - up(band[2]), 1), up(band[1])) if band else None,
        kinds=sorted({kind for _, _, kind in points}),
    )  # fmt: skip


def spread(ranges: Sequence[tuple[str, int, int, int]]) -> Chart:
    """One bar a grade: (label, P10, P50, P90), the best grade on top."""
    amounts = steps(min(one[1] for one in ranges), max(one[3] for one in ranges))
    def at(price: int) -> int:
        return scaled(price, amounts[0], amounts[-1], LABELS, WIDE - RIGHT - 16)

    bars = [Bar(label, TOP + ROW // 2 + ROW * place, at(a), at(b), at(c)) for place, (label, a, b, c) in enumerate(ranges)]
    return Chart(
        WIDE, TOP + ROW * len(ranges) + BOTTOM, columns=[(at(price), price) for price in amounts], bars=bars, left=LABELS,
        right=WIDE - RIGHT,
    )  # fmt: skip
