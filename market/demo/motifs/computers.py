"""Laptop, desktop with screen, all-in-one, mini PC, hard disk, solid-state drives."""

from market.demo.brush import Canvas, darker, lighter, mixed
from market.demo.signs import SIGNS

SHELLS = ("#c9ccd1", "#4a4e57", "#d9c9b4", "#31343c", "#b9c3cf")
SKIES = (("#f6b98a", "#7c5c8e"), ("#8fc6c3", "#2e5f7c"), ("#f3d9a4", "#c46a52"), ("#b8cdf0", "#5a62a8"))


def scene(c: Canvas, x0: float, y0: float, x1: float, y1: float, n: int) -> None:
    """A picture on a screen: a sky, a sun and hills; every third one greets as a new device does."""
    top, low = SKIES[n % len(SKIES)]
    wide, high = x1 - x0, y1 - y0
    c.box(x0, y0, x1, y1, top, low)
    if n % 3 == 0 and c.words((x0 + x1) / 2, y0 + high * 0.43, SIGNS["greeting"], high * 0.2, "#ffffff"):
        c.box(x0 + wide * 0.4, y0 + high * 0.68, x0 + wide * 0.6, y0 + high * 0.77, "#ffffff", radius=high * 0.045, alpha=0.4)
        return
    sun = high * 0.14
    c.oval(x0 + wide * 0.66 - sun, y0 + high * 0.3 - sun, x0 + wide * 0.66 + sun, y0 + high * 0.3 + sun, "#fff3d2", alpha=0.85)
    hills = ((0.62, 0.5, 0.72, 0.55, 0.25), (0.74, 0.8, 0.66, 0.78, 0.5), (0.9, 0.8, 0.92, 0.82, 0.75))
    for a, b, d, e, deep in hills:
        tops = [(0, a), (0.25, b), (0.55, d), (0.8, e), (1, a)]
        edge = [(x0 + wide * x, y0 + high * y) for x, y in tops]
        c.shape([*_smooth(edge), (x1, y1), (x0, y1)], mixed(low, "#20324a", deep))


def _smooth(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    from market.demo.brush import curved

    return curved(points, closed=False)


def laptop(c: Canvas, n: int) -> None:
    shell = SHELLS[n % len(SHELLS)]
    c.shadow(170, 700, 1030, 800, alpha=0.38, soft=26)
    c.box(262, 208, 938, 660, lighter(shell, 0.1), darker(shell, 0.25), radius=22)
    c.box(270, 214, 930, 650, "#17181c", radius=16)
    scene(c, 290, 236, 910, 622, n)
    c.oval(595, 221, 605, 231, "#3d4048")
    c.shape([(290, 236), (560, 236), (400, 622), (290, 622)], "#ffffff", alpha=0.07)
    c.shape([(262, 655), (938, 655), (1040, 752), (160, 752)], lighter(shell, 0.18), shell)
    c.shape([(306, 664), (894, 664), (940, 716), (260, 716)], darker(shell, 0.35))
    for row in range(4):
        y, spread = 668 + row * 12, 302 - row * 11
        keys = 15
        step = (1200 - 2 * spread) / keys
        for key in range(keys):
            c.box(spread + key * step + 3, y, spread + (key + 1) * step - 3, y + 8.5, "#26282e", radius=2)
    c.shape([(512, 722), (688, 722), (700, 746), (500, 746)], mixed(shell, "#ffffff", 0.3), mixed(shell, "#000000", 0.04))
    c.box(160, 751, 1040, 769, darker(shell, 0.1), darker(shell, 0.4), radius=8)
    c.box(530, 751, 670, 759, darker(shell, 0.35), radius=4)
    c.line([(263, 655), (937, 655)], darker(shell, 0.55), 3)


def laptop_closed(c: Canvas, n: int) -> None:
    """The lid from above: the second photo of a laptop."""
    shell = SHELLS[n % len(SHELLS)]
    c.shadow(200, 560, 1010, 790, alpha=0.34, soft=30)
    c.shape([(250, 360), (950, 360), (1030, 740), (170, 740)], lighter(shell, 0.3), darker(shell, 0.06))
    c.shape([(170, 740), (1030, 740), (1022, 766), (178, 766)], darker(shell, 0.25), darker(shell, 0.5))
    c.shape([(250, 360), (610, 360), (420, 740), (170, 740)], "#ffffff", alpha=0.12)
    c.oval(562, 510, 638, 556, darker(shell, 0.18), darker(shell, 0.3))
    c.line([(480, 753), (720, 753)], lighter(shell, 0.35), 3)


def desktop(c: Canvas, n: int) -> None:
    case = ("#2f333b", "#e6e3dc", "#4b5563")[n % 3]
    c.shadow(180, 720, 720, 790, alpha=0.35)
    c.shadow(720, 730, 1040, 800, alpha=0.4)
    c.box(176, 206, 716, 560, "#22242a", "#101115", radius=16)
    scene(c, 190, 220, 702, 528, n + 1)
    c.shape([(190, 220), (430, 220), (300, 528), (190, 528)], "#ffffff", alpha=0.06)
    c.shape([(414, 560), (478, 560), (490, 706), (402, 706)], "#3a3d45", "#24262b")
    c.box(330, 700, 562, 724, "#44474f", "#27292e", radius=12)
    c.box(770, 270, 1012, 764, lighter(case, 0.12), darker(case, 0.22), radius=14)
    c.box(770, 270, 806, 764, "#ffffff", radius=14, alpha=0.08)
    for row in range(2):
        c.box(800, 304 + row * 52, 982, 342 + row * 52, darker(case, 0.35), darker(case, 0.2), radius=6)
    c.oval(874, 424, 908, 458, darker(case, 0.45))
    c.ring(891, 441, 11, 3, "#8fd6c3")
    for row in range(9):
        c.line([(806, 540 + row * 20), (976, 540 + row * 20)], darker(case, 0.4), 5)
    c.box(214, 742, 640, 776, lighter(case, 0.2), darker(case, 0.1), radius=9)
    for row in range(2):
        for key in range(18):
            c.box(224 + key * 23, 748 + row * 12, 242 + key * 23, 757 + row * 12, darker(case, 0.3), radius=2)
    c.blob([(672, 748), (700, 742), (716, 758), (712, 778), (676, 778), (664, 764)], lighter(case, 0.25), darker(case, 0.1))


def all_in_one(c: Canvas, n: int) -> None:
    shell = ("#d7dade", "#e9e6e0", "#3a3d44")[n % 3]
    c.shadow(360, 728, 840, 790, alpha=0.4)
    c.shape([(520, 600), (680, 600), (700, 744), (500, 744)], darker(shell, 0.05), darker(shell, 0.3))
    c.box(430, 736, 770, 760, lighter(shell, 0.2), darker(shell, 0.2), radius=10)
    c.box(196, 180, 1004, 664, lighter(shell, 0.25), darker(shell, 0.06), radius=20)
    c.box(210, 194, 990, 596, "#15161a", radius=12)
    scene(c, 226, 210, 974, 580, n)
    c.shape([(226, 210), (560, 210), (390, 580), (226, 580)], "#ffffff", alpha=0.06)
    c.oval(586, 616, 614, 644, darker(shell, 0.2))


def mini_pc(c: Canvas, n: int) -> None:
    case = ("#34373e", "#dcdad4", "#5b6a63")[n % 3]
    c.shadow(270, 700, 930, 790, alpha=0.42, soft=26)
    c.shape([(330, 470), (870, 470), (940, 560), (260, 560)], lighter(case, 0.3), lighter(case, 0.12))
    c.box(260, 556, 940, 752, lighter(case, 0.08), darker(case, 0.28), radius=22)
    c.oval(306, 632, 346, 672, darker(case, 0.4))
    c.ring(326, 652, 14, 4, "#8fd6c3")
    for port in range(3):
        c.box(410 + port * 96, 636, 478 + port * 96, 664, "#101114", "#2a2c31", radius=4)
        c.box(418 + port * 96, 648, 470 + port * 96, 658, "#4a78b8" if port else "#c8ccd2", radius=2)
    c.oval(716, 638, 742, 664, "#111216")
    for slot in range(8):
        c.line([(780 + slot * 16, 620), (780 + slot * 16, 690)], darker(case, 0.45), 6)


def hard_disk(c: Canvas, n: int) -> None:
    """A 3.5-inch disk, lid up, with a label that says nothing of anybody."""
    stripe = ("#2f6f9f", "#c0562f", "#3b7a57", "#7a4b8c")[n % 4]
    c.shadow(260, 690, 970, 800, alpha=0.42, soft=28)
    c.shape([(330, 230), (890, 230), (960, 730), (250, 730)], "#d5d8dc", "#a7acb3")
    c.shape([(250, 730), (960, 730), (954, 778), (258, 778)], "#6c7178", "#4a4e55")
    c.shape([(346, 246), (874, 246), (938, 714), (272, 714)], "#e3e5e8", "#bfc3c9")
    for x, y in ((366, 262), (854, 262), (300, 690), (910, 690), (322, 480), (888, 480)):
        c.oval(x - 13, y - 10, x + 13, y + 10, "#8a8f97", "#b5bac1")
        c.line([(x - 6, y), (x + 6, y)], "#5c6068", 3)
    c.oval(420, 470, 800, 690, "#cdd1d6", "#aeb3ba")
    c.oval(560, 548, 660, 612, "#dfe2e6", "#b7bcc3")
    c.shape([(392, 276), (828, 276), (850, 458), (370, 458)], "#fbfaf6", "#efece4")
    c.shape([(392, 276), (828, 276), (833, 322), (386, 322)], stripe)
    c.words(606, 300, ("1 TB", "500 GB", "2 TB")[n % 3], 30, "#ffffff")
    for row, wide in enumerate((260, 210, 300)):
        c.line([(410 - row * 4, 348 + row * 26), (410 + wide, 348 + row * 26)], "#8d8a84", 6)
    for bar in range(24):
        c.box(400 + bar * 17, 424, 404 + bar * 17 + (bar * 7 % 5), 448, "#3c3a37")


def sata_ssd(c: Canvas, n: int) -> None:
    body, accent = (("#26282d", "#c95b35"), ("#3d4a5c", "#d9b04c"), ("#d7d9dc", "#2f7f74"))[n % 3]
    c.shadow(290, 660, 930, 780, alpha=0.42, soft=26)
    c.shape([(370, 300), (850, 300), (930, 712), (280, 712)], lighter(body, 0.16), darker(body, 0.12))
    c.shape([(280, 712), (930, 712), (926, 742), (284, 742)], darker(body, 0.3), darker(body, 0.5))
    c.shape([(392, 322), (560, 322), (520, 690), (316, 690)], "#ffffff", alpha=0.06)
    c.words(614, 478, "SSD", 92, accent)
    c.line([(470, 560), (760, 560)], accent, 7)
    c.line([(500, 596), (728, 596)], mixed(body, "#9aa0a8", 0.6), 5)
    c.box(440, 742, 790, 758, "#1a1b1f", radius=3)
    for pin in range(22):
        c.box(450 + pin * 15, 745, 458 + pin * 15, 756, "#d6b25e")


def nvme(c: Canvas, n: int) -> None:
    """A short M.2 stick beside its little bag."""
    board = ("#1f3d34", "#1e2430", "#272a2e")[n % 3]
    c.shadow(180, 620, 1030, 730, alpha=0.32, soft=28)
    c.shape([(210, 470), (990, 430), (1000, 600), (220, 650)], lighter(board, 0.14), board)
    c.shape([(220, 650), (1000, 600), (1000, 614), (220, 666)], darker(board, 0.4))
    for place, wide in ((300, 150), (480, 190), (700, 190)):
        tilt = (place - 210) * 0.05
        c.shape(
            [(place, 492 - tilt), (place + wide, 484 - tilt), (place + wide + 4, 602 - tilt), (place + 4, 612 - tilt)],
            "#2e3136",
            "#17191c",
        )
        c.line([(place + 26, 540 - tilt), (place + wide - 30, 533 - tilt)], "#7d828a", 5)
    for pin in range(11):
        y = 466 + pin * 16
        c.box(205, y, 240, y + 9, "#d9b65f", radius=1)
    c.oval(966, 488, 1004, 536, "#d8c9a2")
