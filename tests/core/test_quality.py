"""What a photo may lack is said, and a good one is left alone."""

import pytest
from PIL import Image, ImageEnhance, ImageFilter

from core.quality import hints
from tests.core.test_picture_hash import drawn

GOOD = drawn(4, (900, 700))


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (GOOD, []),
        (ImageEnhance.Brightness(GOOD).enhance(0.12), ["dark"]),
        (ImageEnhance.Brightness(GOOD).enhance(6), ["bright"]),
        (GOOD.filter(ImageFilter.GaussianBlur(14)), ["blurred"]),
        (GOOD.resize((300, 233)), ["small"]),
        (Image.new("RGB", (2, 2), "black"), ["dark", "blurred", "small"]),
    ],
    ids=["good", "dark", "bright", "blurred", "small", "tiny"],
)  # fmt: skip
def test_hints(picture, said):
    found = hints(picture)
    assert set(said) <= set(found) and (said or found == [])
    if said == ["small"]:
        assert found == ["small"]
