"""Draws and stores the demo's photos, two at a time: drawing and encoding leave Python's lock free."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask

from core.goods.pictures import store_photo
from market.demo.drawing import draw
from market.demo.shelves import Shelved
from market.demo.stage import room_of


def store_photos(app: Flask, things: Sequence[Shelved]) -> list[list[dict[str, Any]]]:
    """For each thing its stored photos, in the order they are shown."""

    def one(asked: tuple[Shelved, str, int]) -> dict[str, Any]:
        thing, motif, seed = asked
        with app.app_context():
            return store_photo(draw(motif, thing.n, seed=seed, words=thing.a.get("title", "")))

    wanted = [(thing, motif, place * 3 + view) for place, thing in enumerate(things)
              for view, motif in enumerate(thing.motifs)]  # fmt: skip
    by_room = sorted(wanted, key=lambda asked: room_of(asked[2]))
    with ThreadPoolExecutor(max_workers=2) as pool:
        done = {asked[2]: stored for asked, stored in zip(by_room, pool.map(one, by_room), strict=True)}
    return [[done[place * 3 + view] for view in range(len(thing.motifs))] for place, thing in enumerate(things)]
