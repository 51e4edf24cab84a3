"""Furniture: chair, desk, sofa, lamp, shelf, bed, round table, chest of drawers."""

from market.demo.brush import Canvas, darker, lighter

WOODS = ("#b98a5a", "#8a5a3c", "#d8b98c")
CLOTHS = ("#6f8f7d", "#c7725a", "#51657f", "#d9b45f")


def chair(c: Canvas, n: int) -> None:
    wood, cloth = WOODS[n % 3], CLOTHS[n % 4]
    c.shadow(370, 740, 840, 800, alpha=0.36)
    c.line([(420, 120), (398, 770)], darker(wood, 0.28), 24)
    c.line([(780, 120), (802, 770)], darker(wood, 0.28), 24)
    c.blob([(420, 130), (600, 104), (780, 130), (776, 300), (600, 316), (424, 300)], lighter(cloth, 0.16), darker(cloth, 0.14))
    c.line([(418, 360), (782, 360)], wood, 16)
    c.shape([(410, 470), (790, 470), (850, 548), (350, 548)], lighter(cloth, 0.2), cloth)
    c.box(346, 546, 854, 586, lighter(wood, 0.1), darker(wood, 0.2), radius=12)
    c.line([(372, 586), (352, 776)], lighter(wood, 0.08), 28)
    c.line([(828, 586), (848, 776)], wood, 28)
    c.line([(366, 680), (834, 680)], darker(wood, 0.1), 14)


def office_chair(c: Canvas, n: int) -> None:
    cloth = ("#3a4048", "#7b8f9e", "#a5a79f")[n % 3]
    c.shadow(380, 740, 820, 800, alpha=0.42)
    c.line([(600, 560), (600, 700)], "#8e949c", 34)
    for x in (400, 500, 600, 700, 800):
        c.line([(600, 690), (x, 748 + abs(600 - x) * -0.06)], "#5a5f67", 20)
        c.oval(x - 17, 744 - abs(600 - x) * 0.06, x + 17, 778 - abs(600 - x) * 0.06, "#2a2c31")
    c.blob(
        [(456, 110), (600, 88), (744, 110), (766, 300), (738, 446), (600, 462), (462, 446), (434, 300)],
        lighter(cloth, 0.2),
        darker(cloth, 0.2),
    )
    for row in range(6):
        c.line([(476, 170 + row * 46), (600, 180 + row * 46), (724, 170 + row * 46)], darker(cloth, 0.14), 5, smooth=True)
    c.blob([(412, 496), (600, 472), (788, 496), (816, 560), (600, 592), (384, 560)], lighter(cloth, 0.24), darker(cloth, 0.1))
    for side in (-1, 1):
        c.line([(600 + side * 190, 540), (600 + side * 214, 430)], "#5a5f67", 20)
        c.box(600 + side * 214 - 56, 404, 600 + side * 214 + 56, 434, "#3a3d44", "#25272c", radius=14)


def desk(c: Canvas, n: int) -> None:
    wood = WOODS[n % 3]
    c.shadow(180, 736, 1020, 796, alpha=0.34)
    c.shape([(230, 380), (970, 380), (1040, 446), (160, 446)], lighter(wood, 0.3), lighter(wood, 0.1))
    c.box(160, 444, 1040, 476, wood, darker(wood, 0.2), radius=4)
    for x in (190, 960):
        c.shape([(x, 476), (x + 46, 476), (x + 38, 772), (x + 8, 772)], lighter(wood, 0.05), darker(wood, 0.25), across=True)
    c.box(680, 476, 944, 640, darker(wood, 0.05), darker(wood, 0.25), radius=4)
    for top in (486, 564):
        c.box(692, top, 932, top + 66, lighter(wood, 0.12), darker(wood, 0.05), radius=5)
        c.box(780, top + 28, 844, top + 40, darker(wood, 0.5), radius=6)
    pot(c, 330, 396, 0.62)
    c.box(560, 366, 740, 388, "#f3efe6", "#d8cfbd", radius=3)
    c.box(572, 346, 728, 366, "#b8614a", "#8e4433", radius=3)


def pot(c: Canvas, x: float, y: float, size: float) -> None:
    """A plant in a pot, standing on y."""
    for lean, up in ((-70, 150), (-30, 210), (20, 220), (66, 160), (96, 104), (-96, 96)):
        tip = (x + lean * size, y - (70 + up) * size)
        side = (x + (lean * 0.45 - 22) * size, y - (70 + up * 0.45) * size)
        other = (x + (lean * 0.45 + 22) * size, y - (60 + up * 0.45) * size)
        c.blob([(x, y - 60 * size), side, tip, other], "#6d9a76", "#3f6b52")
    c.shape(
        [(x - 52 * size, y - 84 * size), (x + 52 * size, y - 84 * size), (x + 38 * size, y + 4), (x - 38 * size, y + 4)],
        "#d99a78",
        "#b06a4c",
    )


def sofa(c: Canvas, n: int) -> None:
    cloth = CLOTHS[n % 4]
    c.shadow(150, 724, 1050, 796, alpha=0.38, soft=24)
    for x in (230, 950):
        c.shape([(x - 14, 720), (x + 14, 720), (x + 8, 778), (x - 8, 778)], "#7a5236", "#573722")
    c.blob(
        [(210, 350), (400, 318), (600, 312), (800, 318), (990, 350), (1000, 560), (600, 590), (200, 560)],
        lighter(cloth, 0.12),
        darker(cloth, 0.16),
    )
    c.line([(600, 330), (600, 540)], darker(cloth, 0.2), 5)
    c.box(186, 556, 1014, 732, darker(cloth, 0.06), darker(cloth, 0.26), radius=26)
    for left, right in ((252, 602), (598, 948)):
        c.box(left, 524, right, 628, lighter(cloth, 0.28), lighter(cloth, 0.02), radius=36)
    for left in (140, 946):
        c.box(left, 430, left + 114, 734, lighter(cloth, 0.2), darker(cloth, 0.16), radius=46)
    c.blob([(300, 420), (390, 400), (430, 500), (400, 560), (300, 540), (280, 470)], "#f1e2c3", "#d3b988")
    c.blob(
        [(800, 410), (880, 402), (912, 480), (880, 556), (790, 540), (776, 470)],
        lighter(CLOTHS[(n + 1) % 4], 0.2),
        CLOTHS[(n + 1) % 4],
    )


def lamp(c: Canvas, n: int) -> None:
    shade, stand = (("#f3e0b8", "#8a5a3c"), ("#e9ede8", "#4a4e57"), ("#e5b69c", "#b59a6a"))[n % 3]
    c.shadow(440, 744, 760, 800, alpha=0.4)
    c.glow(380, 110, 820, 420, "#fff0c4", alpha=0.55, soft=70)
    c.box(588, 380, 612, 750, lighter(stand, 0.3), darker(stand, 0.25), across=True)
    c.oval(470, 732, 730, 786, lighter(stand, 0.15), darker(stand, 0.3))
    c.shape([(478, 120), (722, 120), (820, 400), (380, 400)], lighter(shade, 0.6), shade)
    c.shape([(478, 120), (540, 120), (490, 400), (380, 400)], darker(shade, 0.2), alpha=0.25)
    c.oval(380, 384, 820, 416, lighter(shade, 0.75), lighter(shade, 0.3))
    c.oval(478, 110, 722, 130, darker(shade, 0.12))
    c.line([(700, 416), (700, 520)], "#c9b27a", 3)
    c.oval(692, 516, 708, 536, "#c9b27a")


def shelf(c: Canvas, n: int) -> None:
    wood = WOODS[n % 3]
    c.shadow(320, 740, 890, 800, alpha=0.36)
    c.box(330, 70, 870, 774, darker(wood, 0.36), darker(wood, 0.5), radius=8)
    for top in (70, 246, 422, 598, 758):
        c.box(330, top, 870, top + 20, lighter(wood, 0.22), wood, radius=3)
    for left in (330, 850):
        c.box(left, 70, left + 20, 774, lighter(wood, 0.14), darker(wood, 0.12), radius=3, across=True)
    spines(c, 362, 246, n)
    spines(c, 560, 422, n + 2)
    spines(c, 372, 598, n + 1)
    pot(c, 760, 242, 0.46)
    c.box(380, 340, 500, 420, "#e8d6b6", "#c7ab7e", radius=8)
    c.oval(700, 650, 820, 758, "#d98a6a", "#a9583c")
    c.box(390, 660, 640, 756, "#f1ece0", "#cfc6b2", radius=10)


def spines(c: Canvas, x: float, y: float, n: int) -> None:
    """A row of books standing on y."""
    colours = ("#b4553f", "#3f6b73", "#dcb25c", "#6f5a86", "#e9e1d0", "#5d7f5f", "#a83f4a")
    for book in range(8):
        wide, high, fill = 20 + (book * 5 + n) % 12, 96 + (book * 23 + n * 7) % 42, colours[(book + n) % 7]
        c.box(x, y - high, x + wide, y, lighter(fill, 0.15), darker(fill, 0.15), radius=3)
        c.box(x + 4, y - high + 18, x + wide - 4, y - high + 24, lighter(fill, 0.5))
        x += wide + 2


def bed(c: Canvas, n: int) -> None:
    wood, cloth = WOODS[n % 3], CLOTHS[(n + 2) % 4]
    c.shadow(150, 734, 1050, 800, alpha=0.38)
    c.box(230, 220, 970, 620, lighter(wood, 0.16), darker(wood, 0.16), radius=30)
    for left in (300, 620):
        c.blob(
            [(left, 440), (left + 140, 410), (left + 280, 440), (left + 286, 530), (left + 140, 550), (left - 6, 530)],
            "#fbf9f4",
            "#ddd6c8",
        )
    c.shape([(260, 520), (940, 520), (1050, 690), (150, 690)], "#faf7f0", "#e3dccd")
    c.shape([(226, 570), (974, 570), (1050, 690), (150, 690)], lighter(cloth, 0.34), lighter(cloth, 0.08))
    c.box(150, 688, 1050, 752, lighter(cloth, 0.02), darker(cloth, 0.2), radius=14)
    c.box(150, 742, 1050, 766, wood, darker(wood, 0.3), radius=8)
    for x in (180, 1000):
        c.box(x, 764, x + 24, 788, darker(wood, 0.35))


def round_table(c: Canvas, n: int) -> None:
    wood = WOODS[n % 3]
    c.shadow(330, 736, 870, 800, alpha=0.38)
    for x, foot in ((430, 360), (770, 840), (560, 530), (650, 680)):
        c.line([(x, 440), (foot, 772)], darker(wood, 0.18), 26)
    c.oval(220, 340, 980, 490, darker(wood, 0.1), darker(wood, 0.35))
    c.oval(220, 324, 980, 470, lighter(wood, 0.32), lighter(wood, 0.04))
    c.oval(520, 350, 640, 396, "#f4efe4", "#d6cbb6")
    c.box(548, 286, 612, 376, "#f6f2ea", "#cfc5b3", radius=20)
    pot(c, 740, 392, 0.44)


def drawers(c: Canvas, n: int) -> None:
    wood = WOODS[n % 3]
    c.shadow(230, 740, 970, 800, alpha=0.38)
    for x in (280, 890):
        c.shape([(x, 724), (x + 34, 724), (x + 26, 782), (x + 8, 782)], darker(wood, 0.2), darker(wood, 0.4))
    c.box(236, 296, 964, 736, wood, darker(wood, 0.16), radius=12)
    c.box(220, 276, 980, 304, lighter(wood, 0.3), wood, radius=8)
    for row in range(3):
        for column in range(2):
            left, top = 258 + column * 348, 322 + row * 136
            c.box(left, top, left + 336, top + 122, lighter(wood, 0.2), lighter(wood, 0.02), radius=8)
            c.oval(left + 154, top + 48, left + 182, top + 76, "#e5cd94", "#9a7a3e")
    pot(c, 360, 280, 0.6)
