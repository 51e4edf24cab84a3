"""Phone, tablet, watch, band, earphones, camera, action camera, console, handheld console, e-reader."""

from market.demo.brush import Canvas, darker, lighter, mixed
from market.demo.motifs.computers import scene
from market.demo.signs import SIGNS

BODIES = ("#3b4a5a", "#e8e2d8", "#c98f7b", "#2b2d33", "#8fae9d", "#b5a6c9")


def phone(c: Canvas, n: int) -> None:
    """Front and back side by side, leaning on each other."""
    body = BODIES[n % len(BODIES)]
    c.shadow(310, 720, 910, 800, alpha=0.4)
    c.box(360, 170, 640, 762, lighter(body, 0.22), darker(body, 0.16), radius=46)
    c.box(360, 170, 420, 762, "#ffffff", radius=46, alpha=0.1)
    c.box(384, 196, 506, 352, mixed(body, "#ffffff", 0.16), darker(body, 0.1), radius=34)
    for x, y in ((420, 234), (420, 312), (472, 272)):
        c.oval(x - 27, y - 27, x + 27, y + 27, "#1b1d22", "#34373f")
        c.ring(x, y, 27, 4, lighter(body, 0.4))
        c.oval(x - 11, y - 11, x + 11, y + 11, "#27384f", "#0d1118")
        c.oval(x - 9, y - 10, x - 2, y - 3, "#8fb0d6")
    c.box(560, 196, 846, 778, "#26282d", "#111216", radius=46)
    c.box(566, 202, 840, 772, lighter(body, 0.1), darker(body, 0.3), radius=42)
    c.box(572, 208, 834, 766, "#0f1013", radius=38)
    c.box(580, 216, 826, 758, "#0f1013", radius=32)
    scene(c, 584, 232, 822, 742, n)
    c.box(664, 222, 742, 242, "#0b0c0e", radius=10)
    c.box(658, 748, 748, 754, "#d8dade", radius=3)
    c.shape([(584, 232), (700, 232), (620, 742), (584, 742)], "#ffffff", alpha=0.07)


def tablet(c: Canvas, n: int) -> None:
    body = BODIES[(n + 1) % len(BODIES)]
    c.shadow(230, 716, 980, 800, alpha=0.38)
    c.shape([(700, 480), (812, 470), (900, 760), (806, 760)], darker(body, 0.15), darker(body, 0.4))
    c.box(214, 226, 988, 748, lighter(body, 0.3), darker(body, 0.14), radius=36)
    c.box(224, 236, 978, 738, "#15161a", radius=28)
    scene(c, 252, 262, 950, 712, n + 2)
    c.shape([(252, 262), (600, 262), (420, 712), (252, 712)], "#ffffff", alpha=0.07)
    c.oval(597, 244, 605, 252, "#444852")
    if n % 2:
        c.line([(420, 778), (860, 768)], "#fbfaf7", 17)
        c.line([(836, 768), (880, 766)], "#d5d3ce", 13)


def watch(c: Canvas, n: int) -> None:
    strap = ("#2f3e46", "#b65d3f", "#d7c8b3", "#6a7b62")[n % 4]
    c.shadow(420, 736, 790, 796, alpha=0.4)
    c.shape([(510, 130), (690, 130), (712, 330), (488, 330)], lighter(strap, 0.06), darker(strap, 0.12))
    c.shape([(488, 600), (712, 600), (690, 780), (510, 780)], lighter(strap, 0.02), darker(strap, 0.22))
    for hole in range(4):
        c.oval(590, 644 + hole * 32, 610, 660 + hole * 32, darker(strap, 0.5))
    c.box(436, 300, 764, 632, "#d3d6da" if n % 2 else "#3d4047", "#8f949c" if n % 2 else "#1d1f24", radius=84)
    c.box(764, 424, 786, 486, "#9ea3aa", "#6b7078", radius=9)
    c.box(456, 320, 744, 612, "#0d0e11", radius=70)
    c.arc(600, 466, 108, -90, 150, "#e2735a", 16)
    c.arc(600, 466, 84, -90, 60, "#8ecf9f", 16)
    c.arc(600, 466, 60, -90, 200, "#7fc3dd", 16)
    c.words(600, 466, "10:09", 34, "#ffffff")
    c.shape([(480, 340), (590, 326), (500, 600), (466, 560)], "#ffffff", alpha=0.06)


def band(c: Canvas, n: int) -> None:
    strap = ("#31343b", "#d78a63", "#7d95b5")[n % 3]
    c.shadow(380, 730, 830, 796, alpha=0.38)
    c.arc(600, 480, 270, 108, 432, darker(strap, 0.3), 84)
    c.arc(600, 480, 262, 108, 432, strap, 70)
    c.arc(600, 480, 240, 150, 240, lighter(strap, 0.22), 12)
    c.box(528, 148, 672, 344, lighter(strap, 0.1), darker(strap, 0.4), radius=46)
    c.box(540, 162, 660, 330, "#0d0e11", radius=38)
    c.words(600, 226, "10:09", 34, "#ffffff")
    c.box(566, 272, 634, 282, "#8ecf9f", radius=5)
    c.box(566, 292, 612, 302, "#e2735a", radius=5)


def earphones(c: Canvas, n: int) -> None:
    shell = ("#f4f3f0", "#33363d", "#d9c7d0")[n % 3]
    c.shadow(330, 706, 880, 786, alpha=0.38)
    c.box(380, 470, 820, 752, lighter(shell, 0.3), darker(shell, 0.16), radius=110)
    c.box(380, 566, 820, 572, darker(shell, 0.3))
    c.oval(588, 610, 612, 634, "#8fd6a8")
    c.blob([(394, 470), (440, 320), (600, 290), (760, 320), (806, 470), (600, 490)], lighter(shell, 0.15), darker(shell, 0.1))
    c.box(420, 440, 780, 500, darker(shell, 0.45), darker(shell, 0.3), radius=26)
    for side, x in ((-1, 500), (1, 700)):
        c.box(x - 16, 376, x + 16, 488, lighter(shell, 0.35), darker(shell, 0.12), radius=16)
        c.oval(x - 46, 330, x + 46, 416, lighter(shell, 0.4), darker(shell, 0.1))
        c.oval(x - 20 + side * 12, 352, x + 12 + side * 12, 386, darker(shell, 0.55))


def camera(c: Canvas, n: int) -> None:
    skin, metal = (("#2a2b2f", "#3a3c42"), ("#6b4a35", "#cfd2d6"), ("#26303a", "#c4c8cd"))[n % 3]
    c.shadow(220, 700, 990, 796, alpha=0.42, soft=26)
    c.box(226, 316, 974, 752, metal, darker(metal, 0.3), radius=44)
    c.shape([(470, 318), (516, 232), (684, 232), (730, 318)], lighter(metal, 0.1), darker(metal, 0.1))
    c.box(226, 396, 974, 694, skin, darker(skin, 0.25), radius=8)
    c.box(276, 274, 382, 322, lighter(metal, 0.2), darker(metal, 0.25), radius=10)
    c.oval(830, 280, 916, 326, lighter(metal, 0.3), darker(metal, 0.2))
    c.oval(862, 274, 896, 298, "#b3372b")
    c.box(828, 350, 908, 384, "#20242b", "#3f4b5a", radius=6)
    c.oval(410, 340, 790, 720, "#17181b", "#2c2e33")
    for radius, fill, to in ((172, "#3b3d43", "#1a1b1e"), (140, "#101114", "#26282c"), (112, "#191d29", "#06070a")):
        c.oval(600 - radius, 530 - radius, 600 + radius, 530 + radius, fill, to)
    c.ring(600, 530, 158, 5, "#6d7078")
    c.oval(530, 460, 670, 600, "#243a5e", "#101a30")
    c.oval(556, 486, 644, 574, "#3d2f63", "#0e1224")
    c.oval(548, 470, 600, 512, "#bcd3f0", alpha=0.7)
    c.oval(632, 566, 654, 586, "#d3a6d8", alpha=0.6)
    c.words(600, 282, "35", 30, "#f2efe8" if n % 3 == 0 else "#3a3c42")
    c.line([(228, 380), (190, 300), (210, 210)], darker(skin, 0.2), 16, smooth=True)
    c.line([(972, 380), (1010, 300), (992, 210)], darker(skin, 0.2), 16, smooth=True)


def action_camera(c: Canvas, n: int) -> None:
    body = ("#33363c", "#d7d3cb", "#3e5a66")[n % 3]
    c.shadow(340, 706, 860, 786, alpha=0.4)
    c.box(336, 300, 864, 748, lighter(body, 0.16), darker(body, 0.25), radius=58)
    for row in range(9):
        c.line([(372, 520 + row * 22), (560, 520 + row * 22)], darker(body, 0.4), 8)
    c.box(372, 344, 560, 484, "#0d0e11", radius=18)
    c.words(466, 414, "4K", 58, "#e9e6df")
    c.box(588, 336, 836, 584, darker(body, 0.5), darker(body, 0.25), radius=60)
    for radius, fill, to in ((98, "#0f1013", "#2d3036"), (70, "#1b2d4b", "#080b14")):
        c.oval(712 - radius, 460 - radius, 712 + radius, 460 + radius, fill, to)
    c.oval(668, 412, 712, 446, "#c3d8f2", alpha=0.7)
    c.oval(396, 262, 500, 306, "#b3372b", "#8c2a20")
    c.oval(780, 640, 802, 662, "#d84d3d")


def console(c: Canvas, n: int) -> None:
    """A console lying down, and its pad in front."""
    shell, dark, accent = (
        ("#f2f1ee", "#1c1d22", "#4f7fd0"),
        ("#2b2d33", "#101114", "#7cc26a"),
        ("#ece7df", "#3b4049", "#d9654f"),
    )[n % 3]
    c.shadow(190, 590, 1010, 690, alpha=0.36)
    c.shape([(250, 380), (950, 380), (1010, 470), (190, 470)], lighter(shell, 0.4), shell)
    c.box(190, 466, 1010, 626, shell, darker(shell, 0.2), radius=24)
    c.box(190, 534, 1010, 560, dark)
    c.box(270, 580, 560, 588, dark, radius=4)
    c.oval(910, 578, 938, 606, accent)
    pad(c, 600, 690, shell, dark, accent)


def pad(c: Canvas, x: float, y: float, shell: str, dark: str, accent: str) -> None:
    """A game pad around a middle point."""
    c.shadow(x - 210, y + 60, x + 210, y + 120, alpha=0.45, soft=16)
    half = [(0, -78), (110, -84), (190, -58), (232, 30), (240, 100), (206, 118), (160, 62), (80, 40)]
    outline = [(x + a, y + b) for a, b in half] + [(x - a, y + b) for a, b in reversed(half[1:])]
    c.blob(outline, lighter(shell, 0.3), darker(shell, 0.14))
    c.box(x - 70, y - 74, x + 70, y - 12, dark, lighter(dark, 0.15), radius=16)
    for side in (-1, 1):
        c.oval(x + side * 82 - 34, y - 8, x + side * 82 + 34, y + 56, darker(dark, 0.1), lighter(dark, 0.2))
        c.oval(x + side * 82 - 20, y + 4, x + side * 82 + 20, y + 40, lighter(dark, 0.25), dark)
    c.box(x - 172, y - 28, x - 116, y - 12, dark, radius=4)
    c.box(x - 152, y - 48, x - 136, y + 8, dark, radius=4)
    for a, b, fill in ((144, -50, "#5da77e"), (144, 6, "#5b86c9"), (116, -22, "#cf6a9b"), (172, -22, accent)):
        c.oval(x + a - 13, y + b - 13, x + a + 13, y + b + 13, fill)


def handheld_console(c: Canvas, n: int) -> None:
    left, right, body = (("#e2574c", "#3fa7c4", "#2b2d32"), ("#f0c64e", "#7a6bc0", "#33353b"), ("#efeee9", "#efeee9", "#efeee9"))[
        n % 3
    ]
    c.shadow(170, 700, 1030, 780, alpha=0.4)
    c.box(156, 300, 344, 730, lighter(left, 0.12), darker(left, 0.14), radius=84)
    c.box(856, 300, 1044, 730, lighter(right, 0.12), darker(right, 0.14), radius=84)
    c.box(290, 296, 910, 734, lighter(body, 0.1), darker(body, 0.2), radius=20)
    c.box(312, 320, 888, 710, "#0f1013", radius=10)
    scene(c, 340, 346, 860, 684, n + 1)
    for x, y in ((222, 424), (978, 566)):
        c.oval(x - 42, y - 42, x + 42, y + 42, "#1c1d21", "#34363c")
        c.oval(x - 26, y - 28, x + 26, y + 24, "#45484f", "#24262b")
    for x, y in ((222, 566), (978, 424)):
        for a, b in ((0, -38), (0, 38), (-38, 0), (38, 0)):
            c.oval(x + a - 18, y + b - 18, x + a + 18, y + b + 18, "#24262b", "#3d4047")
    c.box(208, 336, 248, 346, mixed(left, "#000000", 0.5), radius=3)


def reader(c: Canvas, n: int) -> None:
    """An e-reader showing a page."""
    body = ("#34363c", "#e7e3da", "#5a6b62")[n % 3]
    c.shadow(380, 730, 830, 796, alpha=0.4)
    c.box(366, 150, 834, 772, lighter(body, 0.18), darker(body, 0.2), radius=34)
    c.box(402, 190, 798, 700, "#f3f0e6", "#e6e2d5", radius=6)
    c.words(600, 248, SIGNS["chapter"], 36, "#3a3833")
    for row in range(13):
        c.line([(438, 306 + row * 28), (760 - (170 if row in (4, 12) else row * 7 % 12), 306 + row * 28)], "#8e8a80", 6)
    c.oval(586, 722, 614, 750, darker(body, 0.25))
