"""The room every demo photo is taken in: a warm wall, a table or floor, and light from a window."""

import functools
import random
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter

from market.demo.brush import HEIGHT, SCALE, WIDTH, Canvas, lighter, mixed

FLOOR = 610  # where wall and floor meet
AIR = 0.93  # things fill the middle square, with some air around them


@dataclass(frozen=True, slots=True)
class Room:
    wall: str
    floor: str


ROOMS = (
    Room("#efe4d2", "#dcc7a6"),  # cream and oak
    Room("#dfe6da", "#c9bfa5"),  # sage and sand
    Room("#f1ddd1", "#d8b79f"),  # blush and clay
    Room("#dce4e8", "#c5c0b6"),  # haze and stone
    Room("#ece6dd", "#cfc4b4"),  # linen
    Room("#f3e6c4", "#dcc08c"),  # straw
    Room("#e2dce6", "#c6b9bd"),  # lilac grey
    Room("#d5e2dd", "#b8b79c"),  # eucalyptus
)


@functools.lru_cache(maxsize=3)  # 13 MB each: who draws many draws them room by room
def _empty(room: int, light: int) -> Image.Image:
    """The room before anything stands in it, drawn once."""
    look = ROOMS[room]
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), look.wall)
    c = Canvas(image)
    c.box(0, 0, WIDTH, FLOOR, lighter(look.wall, 0.35), mixed(look.wall, look.floor, 0.18))
    _light(c, light)
    c.box(0, FLOOR - 26, WIDTH, FLOOR, lighter(look.wall, 0.45), lighter(look.wall, 0.2))
    c.box(0, FLOOR - 2, WIDTH, FLOOR + 4, mixed(look.floor, "#4a3524", 0.25))
    c.box(0, FLOOR + 2, WIDTH, HEIGHT, mixed(look.floor, "#5a4230", 0.06), lighter(look.floor, 0.3))
    return image


def _light(c: Canvas, light: int) -> None:
    """Window panes of light on the wall, at one of three places; softly drawn small and stretched."""
    part = 8
    mask = Image.new("L", (WIDTH // part, FLOOR // part))
    pen = ImageDraw.Draw(mask)
    left = (90, 520, 760)[light]
    for row in range(2):
        for column in range(2):
            x, y = left + column * 170 + row * -60, 60 + row * 220
            corners = [(x, y), (x + 145, y - 34), (x + 145 - 52, y + 164), (x - 52, y + 198)]
            pen.polygon([(a / part, b / part) for a, b in corners], 120)
    mask = mask.filter(ImageFilter.GaussianBlur(1.1)).resize((WIDTH * SCALE, FLOOR * SCALE), Image.Resampling.BICUBIC)
    c.image.paste("#fff8e6", (0, 0), mask)


def room_of(seed: int) -> tuple[int, int]:
    """Which room and light a seed chooses; the same seed gives the same."""
    dice = random.Random(seed * 7919 + 17)  # noqa: S311 - a picture, no secret
    return dice.randrange(len(ROOMS)), dice.randrange(3)


def set_stage(seed: int) -> Canvas:
    """A canvas with the room of this seed, empty."""
    return Canvas(_empty(*room_of(seed)).copy(), zoom=AIR)
