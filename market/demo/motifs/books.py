"""Books: one cover with its title, a stack, a boxed set."""

from market.demo.brush import Canvas, darker, lighter
from market.demo.signs import SIGNS

CLOTH = ("#7f3f3a", "#2f5560", "#c99a4a", "#4f5a43", "#5b4a72", "#b8604a", "#e6dcc6")


def cover(c: Canvas, n: int, title: str = "") -> None:
    """One book upright, its title top to bottom if a font can write it."""
    cloth = CLOTH[n % 7]
    ink = "#3a322a" if n % 7 == 6 else "#f7efdd"
    c.shadow(380, 730, 850, 796, alpha=0.42)
    c.shape([(808, 150), (842, 176), (842, 776), (808, 764)], "#f6f1e4", "#d3c8b0")
    c.box(372, 140, 814, 768, lighter(cloth, 0.14), darker(cloth, 0.16), radius=8)
    c.box(372, 140, 408, 768, darker(cloth, 0.22), darker(cloth, 0.35), radius=8)
    c.box(440, 180, 784, 728, lighter(cloth, 0.3), radius=4)
    c.box(446, 186, 778, 722, lighter(cloth, 0.08), darker(cloth, 0.1), radius=3)
    _picture(c, n, ink, cloth)
    c.box(462, 214, 548, 590, "#f6f0e0", radius=4)
    letters = "".join(letter for letter in title if letter.isalnum())[:7]
    size = min(50.0, 350 / (1.18 * max(len(letters), 1)))
    if not letters or not c.words(
        505, 222 + size / 2 + (350 - len(letters) * size * 1.18) / 2, letters, size, "#2d2620", upright=True
    ):
        c.box(496, 250, 514, 550, "#2d2620", radius=6)


def _picture(c: Canvas, n: int, ink: str, cloth: str) -> None:
    if n % 3 == 0:
        c.oval(600, 240, 740, 380, ink, alpha=0.9)
        for row in range(3):
            c.blob(
                [
                    (570, 600 + row * 40),
                    (640, 540 + row * 40),
                    (700, 580 + row * 40),
                    (774, 520 + row * 40),
                    (774, 718),
                    (470, 718),
                    (470, 640 + row * 20),
                ],
                darker(cloth, 0.15 + row * 0.15),
            )
    elif n % 3 == 1:
        for ring in range(6):
            c.ring(672, 470, 40 + ring * 26, 5, ink if ring % 2 else lighter(cloth, 0.45))
    else:
        for row in range(6):
            for column in range(3):
                x, y = 600 + column * 60, 240 + row * 80
                c.blob(
                    [(x, y + 34), (x + 22, y), (x + 44, y + 34), (x + 22, y + 60)],
                    ink if (row + column) % 2 else lighter(cloth, 0.4),
                )


def stack(c: Canvas, n: int) -> None:
    c.shadow(250, 716, 960, 800, alpha=0.42, soft=24)
    left, y = 290, 764
    for book in range(6):
        cloth, high = CLOTH[(book + n) % 7], 66 + (book * 17 + n * 5) % 26
        x, wide = left + (book * 37 + n * 13) % 46, 560 + (book * 61 + n * 29) % 110
        y -= high
        c.box(x, y, x + wide, y + high - 2, lighter(cloth, 0.12), darker(cloth, 0.2), radius=7)
        c.box(x + wide - 24, y + 8, x + wide + 2, y + high - 10, "#f5efe0", "#cfc4ab", radius=2)
        c.box(x + 36, y + 10, x + 46, y + high - 12, lighter(cloth, 0.5))
        c.box(x + 130, y + high / 2 - 9, x + 130 + 190 + book * 14, y + high / 2 + 5, lighter(cloth, 0.6), radius=5)
    if n % 2 == 0:
        c.blob([(430, y - 4), (520, y - 30), (640, y - 8), (760, y - 34), (800, y - 4), (620, y + 4)], "#fbf7ec", "#e0d6c0")
        c.line([(470, y - 14), (580, y - 18)], "#b5ab96", 4)
        c.line([(660, y - 18), (750, y - 24)], "#b5ab96", 4)


def boxed_set(c: Canvas, n: int) -> None:
    case = CLOTH[(n + 1) % 7]
    c.shadow(250, 730, 960, 796, alpha=0.42)
    c.box(270, 210, 930, 768, darker(case, 0.3), darker(case, 0.45), radius=10)
    for book in range(6):
        cloth = CLOTH[(book + n) % 7] if n % 2 else lighter(CLOTH[(n + 4) % 7], 0.1 + book * 0.05)
        x = 292 + book * 104
        c.box(x, 230, x + 98, 756, lighter(cloth, 0.16), darker(cloth, 0.14), radius=6, across=True)
        c.box(x + 20, 282, x + 78, 430, "#f4ecd9", radius=4)
        c.words(x + 49, 330, SIGNS["volumes"][book], 44, "#3a322a")
        c.box(x + 14, 660, x + 84, 668, lighter(cloth, 0.5))
        c.box(x + 14, 684, x + 84, 690, lighter(cloth, 0.5))
    c.box(262, 750, 938, 776, case, darker(case, 0.3), radius=8)
