"""Clothes on a hanger, shoes, bags, a school uniform."""

from market.demo.brush import Canvas, Point, darker, lighter

DYES = ("#b5654a", "#4e6a86", "#7d8a5f", "#8c6a8e", "#d8b06a", "#3c424c", "#c98f9c")


def _hanger(c: Canvas, top: float) -> None:
    c.box(250, 96, 950, 112, "#a57b50", "#7a5735", radius=8)
    c.arc(600, top - 34, 26, 150, 400, "#8e949c", 8)
    c.line([(604, top - 12), (600, top + 14)], "#8e949c", 8)
    c.line([(440, top + 66), (600, top + 12), (760, top + 66)], "#c99b68", 20)


def _both(points: list[Point]) -> list[Point]:
    """The right half's points, mirrored to a whole."""
    return [*points, *((1200 - x, y) for x, y in reversed(points))]


def coat(c: Canvas, n: int) -> None:
    dye = DYES[n % 7]
    c.shadow(400, 760, 800, 800, alpha=0.22, soft=26)
    _hanger(c, 152)
    c.shape(
        _both([(650, 196), (740, 226), (838, 270), (882, 620), (806, 636), (770, 430), (786, 770)]),
        lighter(dye, 0.12),
        darker(dye, 0.2),
    )
    c.shape([(560, 200), (640, 200), (626, 480), (600, 520), (574, 480)], darker(dye, 0.5))
    for side in (-1, 1):
        c.shape(
            [(600 + side * 44, 190), (600 + side * 104, 220), (600 + side * 96, 350), (600 + side * 2, 500)],
            lighter(dye, 0.24),
            darker(dye, 0.02),
        )
        c.line([(600 + side * 170, 430), (600 + side * 186, 764)], darker(dye, 0.3), 4)
        c.box(600 + side * 116 - 40, 588, 600 + side * 116 + 40, 606, darker(dye, 0.34), radius=8)
    c.line([(600, 500), (600, 770)], darker(dye, 0.4), 4)
    for row in range(4):
        for x in (566, 634):
            c.oval(x - 12, 528 + row * 60, x + 12, 552 + row * 60, darker(dye, 0.5), darker(dye, 0.3))


def down_jacket(c: Canvas, n: int) -> None:
    dye = DYES[(n + 1) % 7]
    c.shadow(380, 730, 820, 780, alpha=0.24, soft=26)
    _hanger(c, 152)
    for row in range(5):
        y = 300 + row * 68
        for side in (-1, 1):
            c.blob(
                [
                    (600 + side * 172, y),
                    (600 + side * (250 + row * 8), y - 6),
                    (600 + side * (276 + row * 8), y + 44),
                    (600 + side * 196, y + 66),
                ],
                lighter(dye, 0.14),
                darker(dye, 0.2),
            )
    c.shape(_both([(640, 204), (760, 240), (792, 300), (796, 700)]), dye, darker(dye, 0.12))
    for row in range(7):
        y = 240 + row * 68
        c.blob(
            _both(
                [
                    (600, y),
                    (700, y - 4),
                    (792 if row else 752, y + 10),
                    (800 if row else 776, y + 40),
                    (790, y + 68),
                    (600, y + 72),
                ]
            ),
            lighter(dye, 0.24),
            darker(dye, 0.14),
        )
    c.blob(_both([(600, 186), (660, 184), (704, 214), (690, 264), (600, 276)]), lighter(dye, 0.1), darker(dye, 0.24))
    c.line([(600, 214), (600, 720)], darker(dye, 0.45), 8)
    c.box(592, 280, 608, 316, "#d8dade", radius=5)


def dress(c: Canvas, n: int) -> None:
    dye = ("#d98c7a", "#5f7f9e", "#e2c38a", "#7a6a97")[n % 4]
    c.shadow(400, 760, 800, 800, alpha=0.22, soft=26)
    _hanger(c, 152)
    c.blob(_both([(600, 252), (650, 214), (694, 214), (716, 300), (706, 420), (690, 460)]), lighter(dye, 0.2), darker(dye, 0.05))
    c.shape(
        _both([(642, 196), (682, 212), (716, 300), (694, 450), (792, 728), (700, 758), (600, 766)]),
        lighter(dye, 0.24),
        darker(dye, 0.14),
    )
    for x, foot in ((640, 690), (670, 746), (560, 510), (530, 454), (600, 600)):
        c.line([(x, 470), (foot, 742)], darker(dye, 0.16), 4)
    c.box(506, 440, 694, 470, darker(dye, 0.3), darker(dye, 0.4), radius=10)
    for row in range(5):
        for column in range(7 + row):
            dot = 600 + (column - (6 + row) / 2) * 40
            c.oval(dot - 5, 510 + row * 48, dot + 5, 520 + row * 48, lighter(dye, 0.6))


def shirt(c: Canvas, n: int) -> None:
    dye = ("#e9edf0", "#a9bfd6", "#d7c3a5", "#9db39a")[n % 4]
    c.shadow(400, 750, 800, 790, alpha=0.2, soft=26)
    _hanger(c, 152)
    c.shape(
        _both([(640, 196), (740, 224), (850, 420), (778, 466), (736, 390), (744, 730)]), lighter(dye, 0.25), darker(dye, 0.12)
    )
    c.shape([(560, 190), (640, 190), (600, 268)], darker(dye, 0.4))
    for side in (-1, 1):
        c.shape(
            [(600 + side * 42, 184), (600 + side * 74, 206), (600 + side * 40, 290), (600, 256)],
            lighter(dye, 0.5),
            darker(dye, 0.06),
        )
    c.line([(600, 262), (600, 730)], darker(dye, 0.2), 4)
    for row in range(6):
        c.oval(593, 300 + row * 72, 607, 314 + row * 72, darker(dye, 0.35))
    c.box(640, 360, 716, 444, darker(dye, 0.06), darker(dye, 0.1), radius=8)


def uniform(c: Canvas, n: int) -> None:
    """A school track suit: jacket in two colours."""
    dye = ("#2f5f9e", "#3f7f5f", "#a8404a")[n % 3]
    c.shadow(380, 740, 820, 780, alpha=0.22, soft=26)
    _hanger(c, 152)
    c.shape(_both([(640, 200), (748, 230), (842, 300), (872, 640), (800, 652), (764, 420), (768, 712)]), "#fbfaf7", "#d9d8d4")
    c.shape(
        _both([(640, 200), (748, 230), (842, 300), (846, 350), (760, 372), (600, 372)]), lighter(dye, 0.12), darker(dye, 0.12)
    )
    for side in (-1, 1):
        c.shape([(600 + side * 236, 330), (600 + side * 254, 336), (600 + side * 276, 636), (600 + side * 256, 640)], dye)
    c.box(430, 684, 770, 716, dye, darker(dye, 0.2), radius=8)
    c.blob(_both([(600, 190), (650, 186), (682, 208), (668, 246), (600, 258)]), lighter(dye, 0.2), darker(dye, 0.16))
    c.line([(600, 230), (600, 700)], "#8e949c", 6)
    c.oval(664, 400, 712, 448, lighter(dye, 0.1), darker(dye, 0.2))


def jeans(c: Canvas, n: int) -> None:
    dye = ("#4d6b94", "#2f3f5c", "#6d7f63")[n % 3]
    c.shadow(440, 764, 780, 800, alpha=0.22)
    _hanger(c, 152)
    c.shape(_both([(600, 206), (736, 206), (772, 766), (652, 772), (604, 380)]), lighter(dye, 0.16), darker(dye, 0.16))
    c.shape([(464, 206), (736, 206), (738, 242), (462, 242)], darker(dye, 0.12))
    c.line([(600, 242), (600, 380)], darker(dye, 0.35), 4)
    for side in (-1, 1):
        c.line([(600 + side * 130, 250), (600 + side * 96, 306), (600 + side * 60, 246)], "#d3a15c", 3, smooth=True)
        c.line([(600 + side * 90, 420), (600 + side * 110, 764)], lighter(dye, 0.22), 5)
    c.oval(588, 214, 612, 238, "#d8b26a", "#9a7434")


def shoes(c: Canvas, n: int) -> None:
    dye, sole = (("#f1efea", "#d9d5cc"), ("#3f5f7f", "#f4f1ea"), ("#b8523f", "#f4efe4"), ("#4a4037", "#2a2420"))[n % 4]
    for x, y in ((-30, -118), (40, 40)):
        c.shadow(250 + x, 690 + y, 930 + x, 744 + y, alpha=0.36, soft=18)
        outline = [
            (270, 640),
            (262, 520),
            (300, 430),
            (390, 424),
            (430, 480),
            (540, 520),
            (690, 552),
            (860, 590),
            (916, 650),
            (890, 690),
            (290, 690),
        ]
        c.blob([(a + x, b + y) for a, b in outline], lighter(dye, 0.2), darker(dye, 0.16))
        c.box(262 + x, 668 + y, 924 + x, 714 + y, lighter(sole, 0.2), darker(sole, 0.18), radius=22)
        c.blob(
            [(300 + x, 446 + y), (346 + x, 424 + y), (400 + x, 440 + y), (396 + x, 470 + y), (320 + x, 476 + y)], darker(dye, 0.5)
        )
        c.blob(
            [(760 + x, 580 + y), (868 + x, 606 + y), (914 + x, 656 + y), (800 + x, 664 + y)],
            lighter(dye, 0.36),
            lighter(dye, 0.05),
        )
        for lace in range(4):
            c.line([(446 + lace * 56 + x, 500 + lace * 12 + y), (484 + lace * 56 + x, 560 + lace * 10 + y)], "#fffdf8", 9)
        c.line([(300 + x, 600 + y), (420 + x, 560 + y), (560 + x, 640 + y)], darker(dye, 0.25), 10, smooth=True)


def handbag(c: Canvas, n: int) -> None:
    hide = ("#a5673f", "#5f2f38", "#c9b79c", "#3f4a44")[n % 4]
    c.shadow(290, 720, 920, 796, alpha=0.4)
    c.arc(600, 400, 170, 180, 360, darker(hide, 0.3), 26)
    c.arc(600, 400, 164, 180, 360, lighter(hide, 0.1), 10)
    c.shape([(366, 380), (834, 380), (900, 752), (300, 752)], lighter(hide, 0.16), darker(hide, 0.2))
    c.blob(
        [(366, 380), (834, 380), (858, 520), (720, 586), (600, 596), (480, 586), (342, 520)],
        lighter(hide, 0.24),
        darker(hide, 0.06),
    )
    c.box(560, 562, 640, 632, "#e2c483", "#a8863f", radius=12)
    c.line([(330, 700), (870, 700)], darker(hide, 0.3), 3)


def backpack(c: Canvas, n: int) -> None:
    cloth = ("#486b7f", "#c8663f", "#4c4f57")[n % 3]
    c.shadow(350, 736, 850, 798, alpha=0.4)
    c.arc(600, 190, 60, 180, 360, darker(cloth, 0.4), 20)
    c.box(372, 180, 828, 770, lighter(cloth, 0.18), darker(cloth, 0.22), radius=130)
    c.box(416, 470, 784, 740, lighter(cloth, 0.28), darker(cloth, 0.12), radius=52)
    c.arc(600, 430, 190, 200, 340, darker(cloth, 0.35), 8)
    c.line([(430, 530), (770, 530)], darker(cloth, 0.4), 9)
    c.box(734, 522, 752, 570, "#e2c483", radius=6)
    c.box(540, 300, 660, 350, lighter(cloth, 0.45), lighter(cloth, 0.25), radius=8)
