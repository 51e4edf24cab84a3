"""The same picture saved anew, mirrored or cut is found; another one isn't. Pictures are drawn here, each from its number."""

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from core import picture_hash as hashes
from core.twins import rules
from core.twins.actions import hashed
from tests.soak import SOAKING


def drawn(number, size=(640, 480)):
    """A picture with things of many shapes on a ground with some light from one side, by its number."""
    dice = random.Random(number)
    wide, high = size
    slope = Image.linear_gradient("L").rotate(dice.randrange(360)).resize(size)
    lows = [dice.randrange(90, 170) for _ in range(3)]
    picture = Image.merge("RGB", [slope.point([low + v // 4 for v in range(256)]) for low in lows])
    pen = ImageDraw.Draw(picture)
    for _ in range(26):
        x, y = dice.randrange(wide), dice.randrange(high)
        box = (x, y, x + dice.randrange(20, wide // 3), y + dice.randrange(20, high // 3))
        colour = tuple(dice.randrange(256) for _ in range(3))
        (pen.ellipse if dice.random() < 0.5 else pen.rectangle)(box, fill=colour)
    return picture.filter(ImageFilter.GaussianBlur(1.2))


def found(copy, original):
    """Is the copy found among things' photos, and how?"""
    mine, other = hashed("copy", "a", copy), hashed("original", "b", original)
    for one in rules.candidates(mine, [other]):
        if one.box is None:
            return one.how
        wanted = mine.whole if one.inside else other.whole
        wanted = hashes.mirrored(wanted) if one.mirror else wanted
        if hashes.search(original if one.inside else copy, wanted, one.box, rules.NEAR) <= rules.NEAR:
            return one.how
    return ""


def again(picture, quality):
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return Image.open(io.BytesIO(out.getvalue()))


@settings(max_examples=12, deadline=None)
@given(number=st.integers(0, 10**6), quality=st.integers(30, 95), small=st.integers(1, 4), light=st.integers(85, 115))
def test_a_copy_is_found_however_it_was_saved(number, quality, small, light):
    original = drawn(number)
    copy = again(original.resize((640 // small, 480 // small)), quality)
    assert found(copy, original) == "same"
    assert found(ImageEnhance.Brightness(copy).enhance(light / 100), original) == "same"
    assert found(ImageOps.mirror(copy), original) == "mirror"


def cut(picture, dice, share):
    wide, high = picture.size
    left, top = dice.random() * (1 - share) * wide, dice.random() * (1 - share) * high
    return picture.crop((int(left), int(top), int(left + share * wide), int(top + share * high)))


def test_most_cut_outs_are_found_mirrored_or_not():
    """Nine in ten of those with four fifths of each side: the search isn't exhaustive, and says so."""
    dice, tried, hits = random.Random(5), 0, 0
    for number in range(10):
        original = drawn(number)
        for share in (0.95, 0.88, 0.8):
            copy = cut(original, dice, share)
            for one in (copy, ImageOps.mirror(copy)):
                tried, hits = tried + 1, hits + bool(found(again(one, 80), original))
    assert hits >= tried * 9 // 10, f"{hits} of {tried}"


def test_what_holds_the_other_is_found_as_well():
    original = drawn(77)
    assert found(original, cut(original, random.Random(1), 0.85)), "the whole is found where only a part was known"


@pytest.mark.soak
def test_different_pictures_are_not_taken_for_the_same():
    marks = [(hashed(str(n), str(n), drawn(n)), drawn(n)) for n in range(14 if SOAKING else 9)]
    for at, (mine, picture) in enumerate(marks):
        for other, known in marks[at + 1 :]:
            assert not [one for one in rules.candidates(mine, [other]) if one.box is None]
            assert found(picture, known) == ""


def test_one_thing_in_another_colour_on_the_same_ground_is_another_thing():
    ground = Image.new("RGB", (640, 480), (215, 210, 200))
    one, other = ground.copy(), ground.copy()
    ImageDraw.Draw(one).rectangle((200, 80, 330, 400), fill=(30, 30, 40))
    ImageDraw.Draw(other).rectangle((300, 60, 520, 380), fill=(30, 30, 40))
    assert found(one, other) == "" and found(one, one) == "same"


@pytest.mark.parametrize("size", [(200, 200), (1600, 200), (200, 1600)])
def test_every_shape_has_its_hash(size):
    mine = hashed("x", "x", drawn(3, size))
    assert mine.whole.bit_length() <= 256 and len(mine.rough) == len(hashes.windows()) + 1
    assert found(drawn(3, size), drawn(3, size)) == "same"


@given(bits=st.integers(0, 2**256 - 1))
def test_a_mirror_of_a_mirror_is_the_picture(bits):
    assert hashes.mirrored(hashes.mirrored(bits)) == bits != hashes.mirrored(bits)
