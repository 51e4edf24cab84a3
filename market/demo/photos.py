"""Draws and stores the demo's photos, two at a time: drawing and encoding leave Python's lock free."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask

from core.goods.pictures import store_photo
from market.demo.drawing import draw
from market.demo.shelves import Shelved


def store_photos(app: Flask, things: Sequence[Shelved]) -> list[list[dict[str, Any]]]:
    """For each thing its stored photos, in the order they are shown."""

    def one(asked: tuple[str, int, int, str]) -> dict[str, Any]:
        motif, n, seed, words = asked
        with app.app_context():
            return store_photo(draw(motif, n, seed=seed, words=words))

    wanted = [(motif, thing.n, place * 3 + view, thing.a.get("title", ""))
              for place, thing in enumerate(things) for view, motif in enumerate(_motifs(thing))]  # fmt: skip
    with ThreadPoolExecutor(max_workers=2) as pool:
        done = iter(list(pool.map(one, wanted)))
    return [[next(done) for _ in _motifs(thing)] for thing in things]


def _motifs(thing: Shelved) -> list[str]:
    return [thing.motif, thing.more] if thing.more else [thing.motif]
