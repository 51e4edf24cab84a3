"""Printer, multifunction copier, router, set of mesh routers, screen."""

from market.demo.brush import Canvas, darker, lighter
from market.demo.motifs.computers import scene


def printer(c: Canvas, n: int) -> None:
    body = ("#e9e7e2", "#3b3e45", "#d6dde2")[n % 3]
    c.shadow(200, 700, 1000, 796, alpha=0.4)
    c.shape([(390, 180), (810, 180), (830, 380), (370, 380)], "#fdfcf8", "#efece4")
    for row in range(4):
        c.line([(440, 224 + row * 34), (760 - row * 40, 224 + row * 34)], "#c9c5bb", 7)
    c.shape([(270, 360), (930, 360), (990, 450), (210, 450)], lighter(body, 0.35), lighter(body, 0.1))
    c.box(210, 446, 990, 752, lighter(body, 0.1), darker(body, 0.18), radius=26)
    c.box(300, 560, 900, 640, darker(body, 0.65), darker(body, 0.5), radius=10)
    c.shape([(340, 604), (860, 604), (900, 714), (300, 714)], "#ffffff", "#ece9e1")
    for row, wide in enumerate((300, 220, 340)):
        c.line([(390 - row * 8, 634 + row * 24), (390 + wide, 634 + row * 24)], "#b9b5ab", 6)
    c.box(760, 474, 944, 526, "#1c2127", "#31404c", radius=8)
    c.oval(280, 486, 312, 518, "#79c79a")
    c.oval(332, 486, 364, 518, darker(body, 0.3))


def copier(c: Canvas, n: int) -> None:
    """A multifunction printer with a scanner lid."""
    body = ("#d9dcdf", "#ece8e0", "#44474f")[n % 3]
    c.shadow(230, 716, 980, 796, alpha=0.4)
    c.box(250, 400, 950, 760, lighter(body, 0.15), darker(body, 0.2), radius=24)
    c.box(230, 300, 970, 400, lighter(body, 0.3), body, radius=22)
    c.box(230, 388, 970, 404, darker(body, 0.35))
    c.shape([(300, 220), (800, 220), (830, 302), (270, 302)], lighter(body, 0.4), darker(body, 0.05))
    c.box(600, 426, 920, 500, "#23272d", "#14161a", radius=10)
    c.box(620, 438, 760, 488, "#8fc6c3", "#4f8fa3", radius=4)
    for key in range(6):
        c.oval(784 + key % 3 * 40, 436 + key // 3 * 30, 806 + key % 3 * 40, 458 + key // 3 * 30, "#5d626a")
    c.box(310, 536, 890, 596, darker(body, 0.6), radius=8)
    c.shape([(350, 566), (850, 566), (880, 640), (320, 640)], "#ffffff", "#ece9e1")
    c.box(290, 668, 910, 736, darker(body, 0.08), darker(body, 0.2), radius=8)
    c.box(540, 688, 660, 704, darker(body, 0.45), radius=8)


def router(c: Canvas, n: int) -> None:
    body = ("#f3f2ee", "#26282d", "#e4e9ec")[n % 3]
    c.shadow(200, 700, 1000, 786, alpha=0.4)
    for x, lean in ((270, -50), (430, -16), (770, 16), (930, 50)):
        top = x + lean
        c.shape([(top - 15, 210), (top + 15, 210), (x + 19, 590), (x - 19, 590)], lighter(body, 0.2), darker(body, 0.22))
        c.oval(top - 15, 196, top + 15, 224, lighter(body, 0.2))
    c.shape([(270, 540), (930, 540), (1000, 620), (200, 620)], lighter(body, 0.4), lighter(body, 0.1))
    c.box(200, 616, 1000, 744, body, darker(body, 0.25), radius=30)
    for lamp in range(5):
        c.oval(500 + lamp * 46, 668, 516 + lamp * 46, 684, "#5fbf86" if lamp != 3 else "#e0a34a")


def mesh(c: Canvas, n: int) -> None:
    body = ("#f5f4f0", "#dfe5e2", "#3a3d44")[n % 3]
    for x, y, size in ((800, 640, 0.82), (470, 700, 1.0)):
        wide, high = 130 * size, 370 * size
        c.shadow(x - wide, y + 20, x + wide, y + 76, alpha=0.4, soft=18)
        c.box(x - wide, y - high, x + wide, y + 56, lighter(body, 0.3), darker(body, 0.16), radius=52 * size)
        c.oval(x - wide, y - high - 20, x + wide, y - high + 70 * size, lighter(body, 0.5), lighter(body, 0.05))
        c.box(x - 60 * size, y - 16, x + 60 * size, y - 8, "#7fc3dd", radius=4)


def screen(c: Canvas, n: int) -> None:
    """A plain monitor or television on its stand: it shows a scene."""
    c.shadow(330, 726, 870, 786, alpha=0.4)
    c.shape([(560, 630), (640, 630), (660, 740), (540, 740)], "#3a3d44", "#24262b")
    c.box(420, 732, 780, 756, "#4a4d55", "#2a2c31", radius=10)
    c.box(170, 196, 1030, 662, "#202228", "#0e0f12", radius=14)
    scene(c, 184, 210, 1016, 640, n + 1)
    c.shape([(184, 210), (560, 210), (370, 640), (184, 640)], "#ffffff", alpha=0.06)
