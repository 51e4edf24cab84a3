"""The demo's photos, drawn by the program itself: `draw("sofa", 1, seed=7)` gives the bytes of a JPEG of 1200 x 900."""

import io
from collections.abc import Callable

from market.demo.brush import SCALE, Canvas
from market.demo.motifs import books, clothes, computers, furniture, handhelds, home, leisure, office
from market.demo.stage import set_stage

Motif = Callable[[Canvas, int], None]
FAMILIES: dict[str, tuple[Motif, ...]] = {
    "computers": (
        computers.laptop, computers.laptop_closed, computers.desktop, computers.all_in_one, computers.mini_pc,
        computers.hard_disk, computers.sata_ssd, computers.nvme,
    ),
    "handhelds": (
        handhelds.phone, handhelds.tablet, handhelds.watch, handhelds.band, handhelds.earphones, handhelds.camera,
        handhelds.action_camera, handhelds.console, handhelds.handheld_console, handhelds.reader,
    ),
    "office": (office.printer, office.copier, office.router, office.mesh, office.screen),
    "home": (
        home.rice_cooker, home.fan, home.washer, home.microwave, home.kettle, home.fridge, home.vacuum,
        home.sewing_machine,
    ),
    "furniture": (
        furniture.chair, furniture.office_chair, furniture.desk, furniture.sofa, furniture.lamp, furniture.shelf,
        furniture.bed, furniture.round_table, furniture.drawers,
    ),
    "clothes": (
        clothes.coat, clothes.down_jacket, clothes.dress, clothes.shirt, clothes.uniform, clothes.jeans,
        clothes.shoes, clothes.handbag, clothes.backpack,
    ),
    "books": (books.cover, books.stack, books.boxed_set),
    "leisure": (
        leisure.bicycle, leisure.guitar, leisure.buggy, leisure.tent, leisure.board_game, leisure.suitcase,
        leisure.tea_set, leisure.racket, leisure.lens, leisure.keyboard_piano, leisure.toy_blocks,
    ),
}  # fmt: skip
MOTIFS: dict[str, Motif] = {one.__name__: one for family in FAMILIES.values() for one in family}
QUALITY = 86


def draw(motif: str, n: int, *, seed: int = 0, words: str = "") -> bytes:
    """A picture of `motif` in its n-th colours, in the room that `seed` chooses. `words`: the title of a book's cover.

    Raises KeyError for a motif there is none of."""
    step = MOTIFS[motif]
    canvas = set_stage(seed)
    if step is books.cover:
        books.cover(canvas, n, words)
    else:
        step(canvas, n)
    return _jpeg(canvas)


def _jpeg(canvas: Canvas) -> bytes:
    out = io.BytesIO()
    canvas.image.reduce(SCALE).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def with_code(motif: str, n: int, code: str) -> bytes:
    """The photo that a verifier takes: the thing with a slip of paper beside it, the job's code on the slip. No two are alike."""
    canvas = set_stage(5)
    MOTIFS[motif](canvas, n)
    canvas.box(60, 690, 470, 850, "#fffdf4", radius=8)
    canvas.words(265, 772, code, 58, "#23262b")
    return _jpeg(canvas)


def seal_bag(number: str) -> bytes:
    """The photo of a closed tamper-evident bag that shows its number."""
    canvas = set_stage(3)
    canvas.shadow(240, 700, 960, 790, alpha=0.4)
    canvas.box(250, 200, 950, 760, "#e8eef0", "#b9c6cc", radius=18)
    canvas.shape([(250, 260), (520, 260), (380, 760), (250, 760)], "#ffffff", alpha=0.35)
    canvas.box(330, 430, 870, 700, "#8d959c", "#6b737b", radius=16, alpha=0.55)
    canvas.box(250, 200, 950, 290, "#c4432f", "#a33524", radius=18)
    canvas.words(600, 245, "SEALED", 44, "#fff4e8")
    canvas.box(400, 320, 800, 396, "#ffffff", radius=8)
    canvas.words(600, 358, number, 46, "#23262b")
    return _jpeg(canvas)
