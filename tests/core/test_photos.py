"""A seller uploads what the phone gives; buyers see the picture and nothing else."""

import io
import random
import struct
import zlib
from itertools import pairwise

import pillow_heif
import pytest
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from core import decoding, photos
from core.errors import Invalid
from core.photos import BadPhoto

SECRETS = [
    b"SECRET",
    b"Exif",
    b"http://ns.adobe.com",
    b"XMP",
    b"ICC_PROFILE",
    b"A2158",
    b"PK\x03\x04",
    b"<script",
]
CORNERS = {"red": (250, 20, 20), "green": (20, 200, 20), "blue": (20, 20, 250), "white": (250, 250, 250)}
pillow_heif.register_heif_opener()
pytestmark = pytest.mark.filterwarnings("ignore:.*:UserWarning:PIL")  # Pillow grumbles about broken EXIF


def picture(width=64, height=48):
    """Red above left, green above right, blue below left, white below right."""
    drawn = Image.new("RGB", (width, height))
    pen = ImageDraw.Draw(drawn)
    half = (width // 2, height // 2)
    for colour, (x, y) in zip(CORNERS.values(), [(0, 0), (1, 0), (0, 1), (1, 1)], strict=True):
        pen.rectangle((x * half[0], y * half[1], (x + 1) * half[0], (y + 1) * half[1]), fill=colour)
    return drawn


def exif(orientation=1):
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F], tags[0x0110] = "SECRET maker", "A2158"
    tags.get_ifd(0x8825).update({1: "N", 2: (23.0, 7.0, 30.0), 3: "E", 4: (113.0, 15.0, 50.0)})
    return tags


def saved(drawn, kind="JPEG", **more):
    out = io.BytesIO()
    drawn.save(out, kind, **more)
    return out.getvalue()


def shown(rendition):
    return Image.open(io.BytesIO(rendition.data)).convert("RGB")


def corners(drawn):
    """Name the colours of the corners: above left, above right, below left, below right."""
    w, h = drawn.size
    places = [
        (w // 8, h // 8),
        (w - 1 - w // 8, h // 8),
        (w // 8, h - 1 - h // 8),
        (w - 1 - w // 8, h - 1 - h // 8),
    ]
    seen = [drawn.getpixel(place) for place in places]
    return [
        min(CORNERS, key=lambda n: sum(abs(a - b) for a, b in zip(CORNERS[n], p, strict=True))) for p in seen
    ]


def segments(jpeg):
    """Return the markers of a JPEG up to the picture data."""
    found, at = [], 2
    while jpeg[at + 1] != 0xDA:
        found.append(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found


def assert_bare(photo):
    for rendition in photo.sizes.values():
        data = rendition.data
        assert data.startswith(b"\xff\xd8") and data.endswith(b"\xff\xd9")
        assert not [secret for secret in SECRETS if secret in data]
        # start of frame, tables, restart interval and the 16-byte JFIF header: nothing that could hold a text
        assert set(segments(data)) <= {0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDD}
        opened = Image.open(io.BytesIO(data))
        assert not dict(opened.getexif())
        assert not {"comment", "icc_profile", "exif", "xmp", "photoshop"} & set(opened.info)


XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SECRET</x:xmpmeta>"
TEXTS = PngImagePlugin.PngInfo()
TEXTS.add_text("Comment", "SECRET")
TEXTS.add_text("Location", "SECRET " * 99, zip=True)
TEXTS.add_itxt("XML:com.adobe.xmp", XMP.decode())
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
UPLOADS = {
    "JPEG": saved(picture(), exif=exif(), comment=b"SECRET comment", xmp=XMP, icc_profile=SRGB),
    "progressive JPEG": saved(picture(), progressive=True, exif=exif()),
    "PNG": saved(picture(), "PNG", pnginfo=TEXTS, exif=exif(), icc_profile=SRGB),
    "WebP": saved(picture(), "WEBP", exif=exif(), xmp=XMP, icc_profile=SRGB, quality=90),
    "lossless WebP": saved(picture(), "WEBP", lossless=True),
    "plain WebP": saved(picture(), "WEBP", quality=90),
    "HEIC": saved(picture(), "HEIF", exif=exif().tobytes(), xmp=XMP, quality=90),
}


@pytest.mark.parametrize("name", UPLOADS)
def test_only_the_picture_goes_on(name):
    photo = photos.clean(UPLOADS[name])
    assert_bare(photo)
    assert list(photo.sizes) == ["large", "medium", "small"]
    assert corners(shown(photo.sizes["large"])) == ["red", "green", "blue", "white"]


def test_the_uploads_of_these_tests_do_hold_secrets():
    assert all(b"SECRET" in UPLOADS[name] for name in ("JPEG", "PNG", "WebP", "HEIC"))
    assert dict(Image.open(io.BytesIO(UPLOADS["JPEG"])).getexif().get_ifd(0x8825))


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [
        (1, "red green blue white"),
        (2, "green red white blue"),
        (3, "white blue green red"),
        (4, "blue white red green"),
        (5, "red blue green white"),
        (6, "blue red white green"),
        (7, "white green blue red"),
        (8, "green white red blue"),
        (0, "red green blue white"),
        (9, "red green blue white"),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_photo_stands_upright(kind, orientation, expected):
    photo = photos.clean(saved(picture(), kind, exif=exif(orientation)))
    large = photo.sizes["large"]
    assert corners(shown(large)) == expected.split()
    assert (large.width, large.height) == ((48, 64) if orientation in range(5, 9) else (64, 48))


def test_a_heic_is_turned_once_only():
    photo = photos.clean(saved(picture(), "HEIF", exif=exif(6).tobytes(), quality=90))
    assert corners(shown(photo.sizes["large"])) == ["blue", "red", "white", "green"]


def test_broken_exif_does_not_cost_the_photo():
    broken = saved(picture(), exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff" + b"\xff" * 40)
    assert_bare(photos.clean(broken))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((4000, 3000), [(1600, 1200), (800, 600), (320, 240)]),
        ((3000, 4000), [(1200, 1600), (600, 800), (240, 320)]),
        ((1000, 500), [(1000, 500), (800, 400), (320, 160)]),
        ((100, 40), [(100, 40)] * 3),
        ((9000, 3), [(1600, 1), (800, 1), (320, 1)]),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_three_sizes_never_enlarged(kind, size, expected):
    photo = photos.clean(saved(picture(*size), kind))
    assert [(each.width, each.height) for each in photo.sizes.values()] == expected
    assert [shown(each).size for each in photo.sizes.values()] == expected


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("L", "JPEG"),
        ("CMYK", "JPEG"),
        ("1", "PNG"),
        ("L", "PNG"),
        ("P", "PNG"),
        ("LA", "PNG"),
        ("RGBA", "PNG"),
        ("I;16", "PNG"),
        ("RGBA", "WEBP"),
        ("RGBA", "HEIF"),
    ],
)
def test_every_colour_mode_becomes_an_rgb_jpeg(mode, kind):
    source = (
        picture().convert("L").point(lambda v: v * 257, "I").convert("I;16") if mode == "I;16" else picture()
    )
    photo = photos.clean(saved(source.convert(mode), kind))
    assert_bare(photo)
    before = (
        picture()
        .convert("1" if mode == "1" else "L" if mode in {"L", "LA", "I;16"} else "RGB")
        .convert("RGB")
    )
    after = shown(photo.sizes["large"])
    for place in [(8, 8), (56, 8), (8, 40), (56, 40)]:
        if mode != "1":  # dithered
            assert (
                max(abs(a - b) for a, b in zip(before.getpixel(place), after.getpixel(place), strict=True))
                < 40
            )


def test_glass_is_shown_on_white():
    glass = Image.new("RGBA", (32, 32), (0, 0, 0, 0))
    for data in (
        saved(glass, "PNG"),
        saved(glass, "WEBP", lossless=True),
        saved(Image.new("L", (32, 32)), "PNG", transparency=0),
    ):
        assert min(shown(photos.clean(data).sizes["large"]).getpixel((16, 16))) > 250


def test_colours_of_a_wide_screen_are_converted():
    # A profile whose red and green are exchanged: only a real conversion turns the corner red again.
    swapped = bytearray(SRGB)
    tags = {swapped[at : at + 4].decode(): at + 4 for at in range(132, 132 + 12 * swapped[131], 12)}
    red, green = (bytes(swapped[tags[name] : tags[name] + 8]) for name in ("rXYZ", "gXYZ"))
    swapped[tags["rXYZ"] : tags["rXYZ"] + 8], swapped[tags["gXYZ"] : tags["gXYZ"] + 8] = green, red
    at = swapped.find("sRGB".encode("utf-16-be"))
    swapped[at : at + 8] = "swap".encode("utf-16-be")
    photo = photos.clean(saved(picture(), icc_profile=bytes(swapped)))
    assert corners(shown(photo.sizes["large"])) == ["green", "red", "blue", "white"]
    assert_bare(photo)
    assert_bare(photos.clean(saved(picture(), icc_profile=b"SECRET no profile at all")))


def test_the_first_picture_of_a_camera_file_with_two_is_taken():
    two = saved(picture(), "MPO", save_all=True, append_images=[Image.new("RGB", (64, 48))])
    photo = photos.clean(two)
    assert corners(shown(photo.sizes["large"])) == ["red", "green", "blue", "white"]
    assert_bare(photo)


def refusal(data):
    with pytest.raises(BadPhoto) as refused:
        photos.clean(data)
    assert isinstance(refused.value, Invalid) and refused.value.status == 422
    assert refused.value.sentence.endswith(".")
    return refused.value.code


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg/>",
        b"%PDF-1.7",
        saved(picture(), "GIF"),
        saved(picture(), "TIFF"),
        saved(picture(), "BMP"),
        saved(picture(), "JPEG2000"),
        saved(picture(), "AVIF"),
        b"8BPS",
        b"%!PS-Adobe-3.0 EPSF",
        b"<html>" + saved(picture()),
        b"\x00" * 64,
        b"GIF89a",
        b"MZ",
        "\u7167\u7247".encode(),
        b"\xff",
    ],
)
def test_other_kinds_are_refused_whatever_their_name(data):
    assert refusal(data) == "photo_kind"


def test_nothing_and_too_much():
    assert refusal(b"") == "photo_empty"
    padded = saved(picture()) + b"\x00" * decoding.LARGEST_BYTES
    assert refusal(padded) == "photo_too_many_bytes"
    assert_bare(photos.clean(padded[: decoding.LARGEST_BYTES]))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_moving_pictures_are_refused_and_still_ones_pass(kind):
    frames = [Image.new("RGB", (16, 16), (shade, 0, 0)) for shade in range(0, 250, 25)]
    assert refusal(saved(frames[0], kind, save_all=True, append_images=frames[1:])) == "photo_animated"
    assert_bare(photos.clean(saved(frames[0], kind, save_all=True)))


def png_header(width, height):
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    data = zlib.compress(b"\x00" * 1000)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def bombs():
    small = {"JPEG": UPLOADS["JPEG"], "WebP": UPLOADS["WebP"], "VP8": UPLOADS["plain WebP"]}
    at = small["JPEG"].index(b"\xff\xc0")
    yield small["JPEG"][: at + 5] + struct.pack(">HH", 60000, 60000) + small["JPEG"][at + 9 :]
    yield small["WebP"][:24] + (16383).to_bytes(3, "little") * 2 + small["WebP"][30:]
    yield small["VP8"][:26] + struct.pack("<HH", 16383, 16383) + small["VP8"][30:]
    lossless = UPLOADS["lossless WebP"]
    yield lossless[:21] + struct.pack("<I", 16383 | 16383 << 14) + lossless[25:]
    yield from (
        png_header(*size) for size in [(20000, 20000), (10000, 10000), (7072, 7072), (2**31 - 1, 2**31 - 1)]
    )
    heic = saved(picture(64, 64), "HEIF")
    at = heic.index(b"ispe")
    yield heic[: at + 8] + struct.pack(">II", 20000, 20000) + heic[at + 16 :]


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("data", list(bombs()))
def test_a_bomb_is_known_by_its_header(data, monkeypatch):
    def decoded(self):
        pytest.fail("the picture was decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", decoded)
    assert refusal(data) == "photo_too_many_pixels"


@pytest.mark.slow
def test_fifty_million_pixels_are_still_fine():
    photo = photos.clean(saved(Image.new("1", (10000, 5000)), "PNG"))
    assert (photo.sizes["large"].width, photo.sizes["large"].height) == (1600, 800)


@pytest.mark.parametrize("name", UPLOADS)
def test_half_a_file_is_no_photo(name):
    data = saved(picture(400, 300), "JPEG") if name == "JPEG" else UPLOADS[name]
    for part in (len(data) // 2, len(data) * 4 // 5, 30, 12):
        assert refusal(data[:part]) == "photo_damaged"


@pytest.mark.parametrize("name", UPLOADS)
def test_random_damage_never_breaks_the_door(name):
    rng = random.Random(name)
    for _ in range(60):
        bent = bytearray(UPLOADS[name])
        for _ in range(rng.choice([1, 3, 30])):
            bent[rng.randrange(len(bent))] = rng.randrange(256)
        try:
            assert_bare(photos.clean(bytes(bent)))
        except BadPhoto as refused:
            assert refused.code.startswith("photo_")


@pytest.mark.parametrize(
    "tail", [b"PK\x03\x04 SECRET", b"<script>SECRET</script>", saved(picture()), b"<?php SECRET ?>"]
)
def test_what_rides_behind_the_picture_stays_behind(tail):
    for name in ("JPEG", "PNG", "WebP"):
        assert_bare(photos.clean(UPLOADS[name] + tail))
    assert_bare(photos.clean(saved(picture(), comment=tail[:60000])))


def test_the_digest_names_the_bytes_and_the_hash_knows_copies():
    rng = random.Random(1)
    drawn = Image.new("RGB", (640, 480))
    pen = ImageDraw.Draw(drawn)
    for _ in range(60):
        x, y = rng.randrange(600), rng.randrange(440)
        pen.ellipse(
            (x, y, x + 150, y + 90), fill=(rng.randrange(256), rng.randrange(256), rng.randrange(256))
        )
    first = photos.clean(saved(drawn, quality=95))
    assert first == photos.clean(saved(drawn, quality=95))
    copies = [
        saved(drawn, quality=40),
        saved(drawn.resize((320, 240)), "PNG"),
        saved(drawn.convert("L"), "WEBP"),
    ]
    assert all(photos.distance(first.dhash, photos.clean(copy).dhash) <= 4 for copy in copies)
    assert photos.distance(first.dhash, photos.clean(saved(drawn.transpose(0))).dhash) > 12
    assert len(first.dhash) == 16


def test_the_bits_of_the_hash_are_neighbours_compared():
    ramp = Image.new("L", (9, 8))
    ramp.putdata([x * 20 for _ in range(8) for x in range(9)])
    assert photos.dhash(ramp) == "f" * 16
    assert photos.dhash(ramp.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) == "0" * 16
    assert photos.distance("0" * 15 + "1", "8" + "0" * 15) == 2


def test_sizes_are_listed_largest_first():
    assert all(a > b for a, b in pairwise(photos.SIDES.values()))
