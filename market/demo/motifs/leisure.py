"""What goes under other: bicycle, guitar, buggy, tent, board game, suitcase, tea set, racket, bicycle seat, lens, easel."""

from math import cos, radians, sin

from market.demo.brush import Canvas, darker, lighter
from market.demo.signs import SIGNS

PAINTS = ("#c4513f", "#3f6f8f", "#5f8f72", "#e0a53f", "#6b5b95")


def bicycle(c: Canvas, n: int) -> None:
    paint = PAINTS[n % 5]
    c.shadow(200, 736, 1000, 796, alpha=0.32, soft=18)
    for x in (370, 830):
        c.ring(x, 590, 178, 20, "#2b2d32")
        c.ring(x, 590, 160, 6, "#b9bec5")
        for spoke in range(12):
            a = radians(spoke * 30)
            c.line([(x, 590), (x + 156 * cos(a), 590 + 156 * sin(a))], "#c3c7cc", 2)
        c.oval(x - 18, 572, x + 18, 608, "#8e949c")
    for points in (
        [(370, 590), (500, 370), (740, 370), (590, 600), (370, 590)],
        [(500, 370), (590, 600)],
        [(740, 370), (830, 590)],
    ):
        c.line(points, darker(paint, 0.12), 22)
        c.line(points, lighter(paint, 0.1), 12)
    c.line([(500, 372), (482, 310)], "#6d7178", 14)
    c.blob([(416, 300), (480, 284), (560, 296), (540, 318), (440, 322)], "#4a3226", "#2a1a12")
    c.line([(740, 370), (722, 280), (770, 262), (820, 288)], "#6d7178", 15, smooth=True)
    c.line([(806, 280), (838, 300)], "#3a281d", 22)
    c.oval(548, 560, 632, 640, "#5b6068", "#3a3d43")
    c.line([(590, 600), (630, 670)], "#8e949c", 10)
    c.box(604, 664, 668, 680, "#2a2c31", radius=5)
    c.box(782, 330, 920, 430, "#c9a06a", "#9a7240", radius=12)
    for row in range(4):
        c.line([(790, 352 + row * 20), (912, 352 + row * 20)], "#85602f", 3)


def guitar(c: Canvas, n: int) -> None:
    wood, rim = (("#d9a25f", "#7a4a24"), ("#8f4a2c", "#3f1f12"), ("#3f5f7a", "#1e2f3f"))[n % 3]
    c.shadow(420, 740, 790, 800, alpha=0.42)
    half = [(600, 372), (690, 384), (724, 448), (692, 516), (742, 590), (748, 690), (690, 764), (600, 776)]
    body = [*half, *((1200 - x, y) for x, y in reversed(half))]
    c.blob([(x + (x - 600) * 0.05, y + 4) for x, y in body], darker(rim, 0.1), rim)
    c.blob(body, lighter(wood, 0.24), darker(wood, 0.18), across=True)
    c.box(572, 130, 628, 470, "#4a2f1e", "#2f1c10", radius=5, across=True)
    for fret in range(10):
        c.line([(574, 160 + fret * 29), (626, 160 + fret * 29)], "#c9b27a", 2.4)
    c.shape([(560, 40), (640, 40), (630, 134), (570, 134)], lighter(rim, 0.1), darker(rim, 0.2))
    for peg in range(3):
        c.oval(540, 52 + peg * 28, 562, 70 + peg * 28, "#d8d3c6")
        c.oval(638, 52 + peg * 28, 660, 70 + peg * 28, "#d8d3c6")
    c.oval(546, 480, 654, 588, "#20140c", "#3a2616")
    c.ring(600, 534, 62, 7, darker(wood, 0.5))
    c.box(530, 660, 670, 682, "#4a2f1e", radius=6)
    for string in range(6):
        x = 582 + string * 7.2
        c.line([(x, 120), (x, 668)], "#efe9dc", 1.6)


def buggy(c: Canvas, n: int) -> None:
    cloth = ("#6f8f9e", "#4a4f58", "#b98a76")[n % 3]
    c.shadow(280, 742, 960, 800, alpha=0.36)
    c.line([(330, 300), (470, 470), (800, 700)], "#8e949c", 18)
    c.line([(330, 300), (262, 280)], "#3a2a20", 26)
    c.line([(700, 470), (440, 700)], "#a7acb3", 18)
    c.blob([(430, 470), (452, 300), (590, 190), (760, 230), (560, 470)], lighter(cloth, 0.24), darker(cloth, 0.12))
    for x, y in ((640, 206), (700, 214)):
        c.line([(x, y), (540, 468)], darker(cloth, 0.2), 4)
    c.blob(
        [(440, 460), (600, 470), (760, 440), (830, 480), (780, 600), (620, 640), (480, 610)],
        lighter(cloth, 0.08),
        darker(cloth, 0.24),
    )
    c.blob([(500, 470), (620, 490), (740, 460), (700, 530), (560, 540)], "#f3ead9", "#d7c8ab")
    c.line([(780, 560), (868, 640), (930, 636)], "#8e949c", 14)
    for x, radius in ((438, 66), (800, 66)):
        c.oval(x - radius, 714 - radius, x + radius, 714 + radius, "#34373d", "#1b1d21")
        c.oval(x - 40, 674, x + 40, 754, "#d5d8dc", "#9ea3aa")
        c.oval(x - 14, 700, x + 14, 728, "#5b6068")
    c.box(500, 640, 700, 690, darker(cloth, 0.3), darker(cloth, 0.45), radius=14)


def tent(c: Canvas, n: int) -> None:
    cloth = ("#d98a4a", "#5f8a72", "#8ba7b8")[n % 3]
    c.shadow(160, 716, 1040, 786, alpha=0.36, soft=24)
    c.blob(
        [(170, 740), (260, 520), (420, 330), (600, 262), (780, 330), (940, 520), (1030, 740), (600, 762)],
        lighter(cloth, 0.24),
        darker(cloth, 0.14),
    )
    c.shape([(600, 262), (780, 330), (940, 520), (1030, 744), (760, 756)], darker(cloth, 0.35), alpha=0.35)
    c.blob([(470, 752), (500, 560), (600, 420), (700, 560), (730, 752), (600, 760)], "#3a322c", "#57493c")
    c.blob([(470, 752), (500, 560), (596, 424), (560, 600), (520, 750)], lighter(cloth, 0.45), lighter(cloth, 0.1))
    c.line([(180, 738), (420, 330), (600, 258), (780, 330), (1020, 738)], darker(cloth, 0.4), 6, smooth=True)
    c.line([(260, 520), (130, 752)], "#f2e9d5", 3)
    c.line([(940, 520), (1070, 752)], "#f2e9d5", 3)
    c.glow(560, 640, 640, 720, "#ffd58a", alpha=0.7, soft=30)


def board_game(c: Canvas, n: int) -> None:
    lid = ("#3f5f7f", "#a5443f", "#4f7f68")[n % 3]
    c.shadow(180, 700, 1020, 796, alpha=0.4)
    c.shape([(260, 430), (820, 430), (900, 700), (180, 700)], "#f3e6c8", "#dcc89a")
    for row in range(6):
        for column in range(8):
            if (row + column) % 2:
                top, low = 440 + row * 42, 440 + (row + 1) * 42
                a, b = 262 - row * 12, 262 - (row + 1) * 12
                wa, wb = (818 - 262 + row * 25) / 8, (818 - 262 + (row + 1) * 25) / 8
                c.shape(
                    [(a + column * wa, top), (a + (column + 1) * wa, top), (b + (column + 1) * wb, low), (b + column * wb, low)],
                    lighter(lid, 0.3),
                )
    c.shape([(180, 700), (900, 700), (896, 722), (184, 722)], "#b89f6c")
    c.shape([(640, 250), (1000, 300), (960, 560), (600, 510)], lighter(lid, 0.16), darker(lid, 0.16))
    c.shape([(600, 510), (960, 560), (958, 592), (598, 540)], darker(lid, 0.4))
    c.oval(720, 330, 880, 480, "#f2d58a", "#d9a94a")
    c.words(800, 404, SIGNS["game"], 80, darker(lid, 0.2))
    for x, y, fill in ((330, 560, "#c4513f"), (440, 640, "#3f6f8f"), (540, 590, "#e0a53f"), (660, 650, "#5f8f72")):
        c.shadow(x - 22, y + 16, x + 26, y + 32, alpha=0.4, soft=6)
        c.shape([(x - 20, y + 24), (x, y - 34), (x + 20, y + 24)], lighter(fill, 0.2), darker(fill, 0.15))
        c.oval(x - 15, y - 58, x + 15, y - 28, lighter(fill, 0.3), darker(fill, 0.1))
    c.box(780, 640, 836, 696, "#fbf8f0", "#d9d2c0", radius=10)
    for x, y in ((796, 656), (820, 680), (808, 668)):
        c.oval(x - 5, y - 5, x + 5, y + 5, "#2d2620")


def suitcase(c: Canvas, n: int) -> None:
    shell = ("#7fa3a8", "#3f4650", "#d9a58f")[n % 3]
    c.shadow(380, 740, 830, 800, alpha=0.4)
    c.line([(530, 250), (530, 90), (670, 90), (670, 250)], "#a7acb3", 14)
    c.box(510, 74, 690, 104, "#3a3d44", radius=12)
    for x in (440, 740):
        c.oval(x - 8, 744, x + 36, 788, "#2a2c31")
    c.box(390, 230, 810, 764, lighter(shell, 0.24), darker(shell, 0.14), radius=54, across=True)
    for rib in range(7):
        x = 440 + rib * 53
        c.line([(x, 266), (x, 728)], darker(shell, 0.14), 6)
        c.line([(x + 7, 266), (x + 7, 728)], lighter(shell, 0.4), 3)
    c.box(560, 214, 640, 244, "#3a3d44", radius=12)
    c.box(774, 460, 808, 520, "#4a4e56", radius=6)


def tea_set(c: Canvas, n: int) -> None:
    clay = ("#9a5a40", "#e9efe9", "#6f8f86")[n % 3]
    c.shadow(180, 706, 1030, 786, alpha=0.4)
    c.shape([(210, 650), (990, 650), (1040, 730), (160, 730)], "#b78a5a", "#96683e")
    c.box(160, 728, 1040, 762, "#8a5e36", "#68431f", radius=6)
    c.arc(730, 500, 84, -110, 100, darker(clay, 0.15), 26)
    c.blob([(330, 470), (236, 420), (250, 400), (380, 470), (360, 540)], lighter(clay, 0.1), darker(clay, 0.2))
    c.blob(
        [(330, 540), (360, 430), (460, 380), (620, 380), (716, 430), (740, 540), (680, 640), (540, 664), (400, 640)],
        lighter(clay, 0.26),
        darker(clay, 0.24),
    )
    c.blob([(420, 396), (540, 350), (660, 396), (540, 416)], lighter(clay, 0.34), darker(clay, 0.05))
    c.oval(512, 318, 568, 362, lighter(clay, 0.3), darker(clay, 0.15))
    for x, y in ((820, 660), (920, 640), (880, 700)):
        c.blob([(x - 46, y - 40), (x + 46, y - 40), (x + 30, y + 22), (x - 30, y + 22)], lighter(clay, 0.36), darker(clay, 0.16))
        c.oval(x - 44, y - 52, x + 44, y - 28, lighter(clay, 0.5))
        c.oval(x - 36, y - 47, x + 36, y - 32, "#b5702f", "#7a4518")


def racket(c: Canvas, n: int) -> None:
    """Two badminton rackets and a shuttlecock."""
    for side, paint in ((-1, PAINTS[n % 5]), (1, PAINTS[(n + 2) % 5])):
        c.shadow(600 + side * 190 - 80, 740, 600 + side * 190 + 80, 778, alpha=0.25, soft=16)
        top = 600 + side * 116
        c.line([(top - side * 8, 420), (600 + side * 30 - side * 200, 770)], "#3a3d44", 14)
        c.line([(600 - side * 118, 668), (600 - side * 170, 770)], paint, 30)
        for string in range(-4, 5):
            c.line([(top + string * 24, 170 + abs(string) * 18), (top + string * 24, 440 - abs(string) * 18)], "#f7f4ec", 2)
            c.line(
                [(top - 116 + abs(string) * 12, 305 + string * 28), (top + 116 - abs(string) * 12, 305 + string * 28)],
                "#f7f4ec",
                2,
            )
        area_top, area_low = 150, 460
        c.pen.ellipse(c._at(top - 126, area_top, top + 126, area_low), outline=paint, width=round(16 * c.unit))
    c.shape([(560, 640), (650, 620), (634, 716), (590, 722)], "#ffffff", "#dcd8cd")
    c.blob([(588, 718), (636, 712), (634, 748), (600, 752)], "#f2e0bf", "#c9aa74")


def lens(c: Canvas, n: int) -> None:
    metal = ("#2e3036", "#c9ccd1", "#3f3a36")[n % 3]
    c.shadow(300, 716, 900, 796, alpha=0.44)
    c.box(400, 230, 800, 752, lighter(metal, 0.3), darker(metal, 0.4), radius=26, across=True)
    for row in range(2):
        top = 360 + row * 160
        c.box(388, top, 812, top + 104, lighter(metal, 0.16), darker(metal, 0.5), radius=10, across=True)
        for rib in range(16):
            c.line([(404 + rib * 26, top + 10), (404 + rib * 26, top + 94)], darker(metal, 0.5), 5)
    c.box(400, 690, 800, 706, "#c1492f")
    c.oval(380, 150, 820, 320, "#1a1b1f", "#33363d")
    c.oval(430, 172, 770, 298, "#101626", "#2b2350")
    c.oval(480, 186, 640, 240, "#a9c6ec", alpha=0.6)
    c.words(600, 644, "50 mm", 34, "#f2efe6" if n % 3 != 1 else "#2b2d31")


def keyboard_piano(c: Canvas, n: int) -> None:
    body = ("#2f3238", "#f0ede6", "#6a4a3a")[n % 3]
    c.shadow(170, 660, 1030, 740, alpha=0.38)
    c.shape([(210, 430), (990, 430), (1040, 520), (160, 520)], lighter(body, 0.26), body)
    c.box(160, 516, 1040, 692, darker(body, 0.1), darker(body, 0.35), radius=12)
    c.box(190, 540, 1010, 664, "#fdfbf6", "#e2dccf", radius=4)
    for key in range(1, 21):
        c.line([(190 + key * 39, 540), (190 + key * 39, 664)], "#bdb6a8", 2)
    for key in range(20):
        if key % 7 not in (2, 6):
            c.box(217 + key * 39, 540, 241 + key * 39, 618, "#17181b", "#34363c", radius=3)
    for knob in range(6):
        c.oval(300 + knob * 50, 456, 326 + knob * 50, 476, darker(body, 0.4))
    c.box(640, 448, 860, 488, "#26333a", "#4d7280", radius=6)


def toy_blocks(c: Canvas, n: int) -> None:
    c.shadow(240, 716, 960, 796, alpha=0.4)
    tops = (
        (280, 640),
        (440, 640),
        (600, 640),
        (760, 640),
        (360, 520),
        (520, 520),
        (680, 520),
        (440, 400),
        (600, 400),
        (520, 280),
    )
    for place, (x, y) in enumerate(tops):
        paint = PAINTS[(place + n) % 5]
        c.box(x, y, x + 152, y + 118, lighter(paint, 0.24), darker(paint, 0.1), radius=14)
        for stud in range(3):
            c.box(x + 16 + stud * 44, y - 14, x + 48 + stud * 44, y + 6, lighter(paint, 0.34), paint, radius=6)
