"""The drawn photos: each motif a JPEG of 1200 x 900, the same again from the same wish, and seen to be different."""

import io

import pytest
from PIL import Image

from core.photos import clean, distance
from market.demo import brush
from market.demo.drawing import FAMILIES, MOTIFS, draw, seal_bag
from market.demo.stage import ROOMS, room_of


def opened(raw: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(raw))
    assert image.format == "JPEG"
    return image


@pytest.mark.parametrize("motif", [family[0].__name__ for family in FAMILIES.values()])
def test_one_of_each_family(motif: str) -> None:
    raw = draw(motif, 1, seed=4)
    image = opened(raw)
    assert image.size == (1200, 900) and len(raw) < 120_000
    assert raw == draw(motif, 1, seed=4)
    assert len(image.resize((60, 45)).quantize(64).getcolors()) > 20  # something stands in the room


@pytest.mark.slow
@pytest.mark.parametrize("motif", MOTIFS)
def test_every_motif_in_its_colours(motif: str) -> None:
    drawn = [draw(motif, n, seed=2) for n in range(3)]
    assert len(set(drawn)) == 3
    assert all(clean(raw).sizes["large"].width == 1200 for raw in drawn)


def test_different_things_look_different() -> None:
    sofa, guitar = (clean(draw(motif, 0, seed=1)).dhash for motif in ("sofa", "guitar"))
    assert distance(sofa, guitar) > 5


def test_rooms_vary() -> None:
    assert len({room_of(seed) for seed in range(80)}) > len(ROOMS)


def test_a_cover_without_a_font_still_becomes_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    with_title = draw("cover", 0, words="围城")
    brush._font.cache_clear()
    monkeypatch.setattr(brush, "fonts", lambda: ())
    without = draw("cover", 0, words="围城")
    brush._font.cache_clear()
    assert opened(without).size == (1200, 900)
    assert with_title != without or not brush.fonts()


def test_the_bag_shows_its_number() -> None:
    assert seal_bag("HZ26-004187") != seal_bag("HZ26-004188")


def test_an_unknown_motif() -> None:
    with pytest.raises(KeyError):
        draw("dragon", 0)
