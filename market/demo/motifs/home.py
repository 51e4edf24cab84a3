"""Household appliances: rice cooker, fan, washing machine, microwave, kettle, fridge, vacuum, sewing machine."""

from market.demo.brush import Canvas, darker, lighter, mixed


def rice_cooker(c: Canvas, n: int) -> None:
    body = ("#f4f1ea", "#e7b9a4", "#3f444c")[n % 3]
    c.shadow(260, 706, 940, 796, alpha=0.42, soft=24)
    c.blob(
        [(300, 440), (290, 600), (340, 750), (600, 772), (860, 750), (910, 600), (900, 440), (600, 400)],
        lighter(body, 0.3),
        darker(body, 0.2),
    )
    c.blob([(296, 446), (340, 330), (600, 280), (860, 330), (904, 446), (600, 474)], lighter(body, 0.5), darker(body, 0.04))
    c.line([(300, 448), (600, 476), (900, 448)], darker(body, 0.35), 6, smooth=True)
    c.box(520, 256, 680, 300, "#3b3e45", "#202227", radius=20)
    c.box(440, 540, 760, 690, "#22252b", "#33373f", radius=40)
    c.box(506, 560, 694, 614, "#0f1215", radius=12)
    c.words(600, 587, "00:28", 40, "#8fe0c8")
    for key in range(4):
        c.oval(490 + key * 62, 634, 526 + key * 62, 670, "#e0724f" if key == 1 else "#5b616b")


def fan(c: Canvas, n: int) -> None:
    body, blade = (("#eef0ee", "#a9cfd0"), ("#f3e3d3", "#e4a27f"), ("#3d434b", "#8fa3b5"))[n % 3]
    c.shadow(420, 736, 780, 800, alpha=0.42)
    c.box(584, 520, 616, 750, lighter(body, 0.1), darker(body, 0.25))
    c.blob([(440, 770), (470, 736), (600, 724), (730, 736), (760, 770), (600, 786)], lighter(body, 0.3), darker(body, 0.2))
    c.oval(360, 80, 840, 560, darker(body, 0.14), darker(body, 0.3))
    c.oval(374, 94, 826, 546, lighter(body, 0.55), lighter(body, 0.25))
    for turn in range(5):
        c.blob(_blade(turn * 72 + n * 20), blade, darker(blade, 0.2))
    for radius in (70, 114, 158, 200):
        c.ring(600, 320, radius, 2.4, darker(body, 0.22))
    c.oval(556, 276, 644, 364, lighter(body, 0.2), darker(body, 0.2))
    c.box(572, 640, 628, 654, darker(body, 0.3), radius=6)


def _blade(turn: float) -> list[tuple[float, float]]:
    from math import cos, radians, sin

    points = ((30, -10), (90, -46), (170, -64), (205, -20), (180, 34), (100, 30), (34, 18))
    a = radians(turn)
    return [(600 + x * cos(a) - y * sin(a), 320 + x * sin(a) + y * cos(a)) for x, y in points]


def washer(c: Canvas, n: int) -> None:
    body = ("#f1f2f1", "#8e959d", "#e9e4da")[n % 3]
    c.shadow(280, 736, 920, 806, alpha=0.42, soft=24)
    c.box(290, 110, 910, 772, lighter(body, 0.3), darker(body, 0.14), radius=26, across=True)
    c.box(290, 110, 910, 236, lighter(body, 0.4), darker(body, 0.05), radius=26)
    c.box(290, 226, 910, 236, darker(body, 0.2))
    c.box(322, 142, 486, 204, darker(body, 0.08), darker(body, 0.18), radius=10)
    c.box(700, 146, 876, 202, "#1d2228", "#2d343d", radius=10)
    c.words(788, 174, "0:45", 36, "#9fdccc")
    c.oval(560, 136, 634, 210, lighter(body, 0.3), darker(body, 0.3))
    c.line([(597, 146), (597, 166)], darker(body, 0.6), 5)
    c.oval(374, 272, 826, 724, lighter(body, 0.2), darker(body, 0.35))
    c.oval(404, 302, 796, 694, "#2b3037", "#4a525c")
    c.oval(436, 334, 764, 662, "#5f7684", "#22303b")
    c.blob([(452, 560), (520, 516), (610, 546), (690, 506), (752, 548), (700, 630), (600, 656), (500, 632)], "#e9b49a", "#b9705c")
    c.blob([(470, 590), (560, 560), (640, 600), (600, 650), (520, 640)], "#f2ead9", "#cfc4ac")
    c.blob([(470, 420), (520, 366), (600, 350), (560, 400), (500, 470)], "#ffffff", alpha=0.22)
    c.box(806, 470, 840, 530, lighter(body, 0.1), darker(body, 0.3), radius=14)


def microwave(c: Canvas, n: int) -> None:
    body = ("#33373e", "#ece8df", "#a6443a")[n % 3]
    c.shadow(200, 700, 1000, 790, alpha=0.42, soft=24)
    c.box(196, 330, 1004, 748, lighter(body, 0.18), darker(body, 0.2), radius=26)
    c.box(220, 356, 780, 722, darker(body, 0.4), darker(body, 0.55), radius=16)
    c.box(262, 398, 738, 680, "#181b20", "#323841", radius=14)
    c.oval(360, 600, 640, 664, "#4c545e", "#2a2f36")
    c.blob([(430, 612), (440, 540), (560, 540), (570, 612), (500, 630)], "#f1e4cf", "#d3b791")
    c.glow(400, 470, 600, 560, "#ffd9a0", alpha=0.25, soft=40)
    c.shape([(262, 398), (470, 398), (350, 680), (262, 680)], "#ffffff", alpha=0.06)
    c.box(750, 376, 774, 702, lighter(body, 0.4), darker(body, 0.1), radius=12)
    c.box(812, 372, 976, 430, "#101317", radius=10)
    c.words(894, 401, "1:30", 38, "#ffb56b")
    for row in range(3):
        for column in range(3):
            c.oval(822 + column * 56, 456 + row * 54, 856 + column * 56, 490 + row * 54, mixed(body, "#9aa0a8", 0.5))
    c.box(826, 640, 962, 690, "#d9694a", "#b04a30", radius=16)


def kettle(c: Canvas, n: int) -> None:
    body = ("#d8dbde", "#7fa08f", "#e8d9c4")[n % 3]
    c.shadow(330, 720, 880, 796, alpha=0.42)
    c.box(400, 738, 800, 772, "#3b3e45", "#202227", radius=16)
    c.arc(784, 480, 128, -86, 84, "#33363c", 40)
    c.shape([(452, 250), (400, 300), (376, 290), (430, 214)], lighter(body, 0.1), darker(body, 0.2))
    c.shape([(452, 220), (748, 220), (804, 740), (396, 740)], lighter(body, 0.45), darker(body, 0.28), across=True)
    c.shape([(500, 236), (548, 236), (530, 726), (466, 726)], "#ffffff", alpha=0.3)
    c.blob([(452, 226), (500, 180), (600, 166), (700, 180), (748, 226), (600, 238)], "#3f434a", "#26282d")
    c.oval(574, 140, 626, 176, "#4a4e56", "#25272c")
    c.box(690, 560, 714, 700, "#cfe6ea", radius=12)


def fridge(c: Canvas, n: int) -> None:
    body = ("#cfd4d6", "#e9e3d7", "#5a6169")[n % 3]
    c.shadow(370, 744, 840, 806, alpha=0.44, soft=22)
    c.box(376, 40, 824, 776, lighter(body, 0.35), darker(body, 0.18), radius=22, across=True)
    c.box(376, 326, 824, 334, darker(body, 0.4))
    c.box(376, 548, 824, 554, darker(body, 0.3))
    for top, low in ((150, 300), (366, 510), (590, 690)):
        c.box(404, top, 422, low, lighter(body, 0.5), darker(body, 0.35), radius=9)
    c.shape([(640, 50), (740, 50), (660, 766), (560, 766)], "#ffffff", alpha=0.1)
    c.box(700, 110, 760, 132, darker(body, 0.3), radius=8)


def vacuum(c: Canvas, n: int) -> None:
    """A stick vacuum cleaner with a cable, standing."""
    body, cup = (("#5a4f8a", "#c9d7e2"), ("#c4513f", "#e3e0da"), ("#3f7f77", "#e9e3d2"))[n % 3]
    c.shadow(420, 738, 830, 800, alpha=0.4)
    c.line([(560, 740), (640, 250)], "#b8bdc4", 26)
    c.line([(552, 736), (632, 250)], "#e4e7ea", 7)
    c.blob([(430, 740), (500, 716), (660, 716), (730, 742), (720, 778), (440, 778)], "#43474f", "#24262b")
    c.box(440, 760, 720, 780, body, radius=8)
    c.blob(
        [(580, 330), (620, 210), (720, 170), (800, 220), (790, 330), (700, 400), (610, 400)],
        lighter(body, 0.2),
        darker(body, 0.2),
    )
    c.box(630, 250, 760, 420, lighter(cup, 0.4), darker(cup, 0.12), radius=30)
    c.oval(640, 350, 750, 416, "#8a8f97", alpha=0.5)
    c.arc(760, 190, 92, 170, 330, darker(body, 0.25), 30)


def sewing_machine(c: Canvas, n: int) -> None:
    body, band = (("#f2efe8", "#d9886b"), ("#2f333a", "#d7b45e"), ("#b9cfc6", "#f4f1ea"))[n % 3]
    c.shadow(200, 700, 1000, 790, alpha=0.42)
    c.box(196, 660, 1004, 756, lighter(body, 0.1), darker(body, 0.25), radius=18)
    c.box(780, 300, 960, 680, lighter(body, 0.2), darker(body, 0.12), radius=30)
    c.blob(
        [(250, 330), (300, 276), (560, 262), (900, 270), (962, 320), (950, 440), (560, 448), (380, 440), (360, 520), (262, 520)],
        lighter(body, 0.3),
        darker(body, 0.1),
    )
    c.box(420, 340, 770, 366, band, radius=12)
    c.line([(306, 520), (306, 640)], "#9aa0a8", 9)
    c.box(270, 636, 346, 652, "#7d838b", radius=5)
    c.oval(942, 330, 1012, 480, "#9aa0a8", "#5b6068")
    c.oval(834, 430, 896, 492, lighter(body, 0.5), darker(body, 0.3))
    c.oval(834, 530, 896, 592, lighter(body, 0.5), darker(body, 0.3))
    c.box(560, 196, 610, 272, band, darker(band, 0.25), radius=8)
    c.line([(585, 210), (430, 256), (306, 420), (306, 640)], "#c85b50", 2.5)
    c.blob([(210, 664), (330, 640), (520, 660), (500, 700), (240, 706)], "#8fb3c9", "#5f87a3")
