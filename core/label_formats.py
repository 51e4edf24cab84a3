"""The papers that labels are printed on, in absolute millimetres from the upper left corner. Data only; nothing is scaled.

Sheets are those of the common office labels (24, 21 and 40 on A4); rolls and tags have one label a page. Sizes of jewellery tags
differ from maker to maker: 68 x 10 mm with a flag of 26 x 10 mm is our own assumption, to be compared with the tag at hand."""

from dataclasses import dataclass
from typing import Final

from core.i18n import N_

A4: Final = (210.0, 297.0)
EDGE: Final = 5.0  # mm that office printers leave white
PADDING: Final = 2.0  # mm inside a label: die-cut edges wander


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in mm from the upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """`page` and `size`: of the paper and of one label; `step`: from a label to the next; `start`: the first one's corner;
    `printable`: the part of a roll's or tag's label that the head reaches, None where it is `PADDING` inside all around."""

    code: str
    name: str
    page: tuple[float, float]
    size: tuple[float, float]
    across: int = 1
    down: int = 1
    start: tuple[float, float] = (0.0, 0.0)
    step: tuple[float, float] = (0.0, 0.0)
    printable: Box | None = None
    bars: bool = True

    @property
    def places(self) -> int:
        return self.across * self.down

    def frame(self, place: int) -> Box:
        """A label's own rectangle; places count from 0, along the rows."""
        column, row = place % self.across, place // self.across
        return Box(self.start[0] + column * self.step[0], self.start[1] + row * self.step[1], *self.size)

    def inside(self, place: int) -> Box:
        """Where it may be printed on: inside the label, and on a sheet not nearer to the paper's edge than printers reach."""
        frame = self.frame(place)
        if self.printable is not None:
            part = self.printable
            return Box(frame.x + part.x, frame.y + part.y, part.width, part.height)
        edge = EDGE if self.places > 1 else 0.0
        left, top = max(frame.x + PADDING, edge), max(frame.y + PADDING, edge)
        right = min(frame.x + frame.width - PADDING, self.page[0] - edge)
        bottom = min(frame.y + frame.height - PADDING, self.page[1] - edge)
        return Box(left, top, right - left, bottom - top)


_ALL = (
    Format(code="a4-24", name=N_("A4, 24 labels of 70 x 36 mm"), page=A4, size=(70.0, 36.0), across=3, down=8, start=(0.0, 4.5),
           step=(70.0, 36.0)),
    Format(code="a4-21", name=N_("A4, 21 labels of 63.5 x 38.1 mm"), page=A4, size=(63.5, 38.1), across=3, down=7,
           start=(7.21, 15.15), step=(66.04, 38.1)),
    Format(code="a4-40", name=N_("A4, 40 labels of 48.5 x 25.4 mm"), page=A4, size=(48.5, 25.4), across=4, down=10,
           start=(8.0, 21.5), step=(48.5, 25.4)),
    Format(code="roll-58", name=N_("Roll of 58 mm"), page=(58.0, 40.0), size=(58.0, 40.0), printable=Box(5.0, 2.0, 48.0, 36.0)),
    Format(code="roll-80", name=N_("Roll of 80 mm"), page=(80.0, 50.0), size=(80.0, 50.0), printable=Box(4.0, 2.0, 72.0, 46.0)),
    Format(code="roll-62x29", name=N_("Labels of 62 x 29 mm on a roll"), page=(62.0, 29.0), size=(62.0, 29.0),
           printable=Box(1.0, 1.0, 60.0, 27.0)),
    Format(code="tag-68x10", name=N_("Jewellery tags of 68 x 10 mm"), page=(68.0, 10.0), size=(68.0, 10.0),
           printable=Box(0.4, 0.2, 25.6, 9.6), bars=False),
)  # fmt: skip
FORMATS: Final = {one.code: one for one in _ALL}
DEVICE: Final = FORMATS["roll-62x29"]
