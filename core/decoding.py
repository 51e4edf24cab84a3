"""Decoding files from strangers: told by content, limited before decoding, upright and in sRGB afterwards."""

import io
from threading import BoundedSemaphore
from typing import Any

from PIL import Image, ImageCms

from core.errors import Invalid
from core.i18n import N_

LARGEST_BYTES = 20 * 1024 * 1024
LARGEST_PIXELS = 50_000_000
_THUMBNAIL = 400

# Two at once fill two cores and bound the memory: 50 million pixels are 200 MB while they are decoded.
_desks = BoundedSemaphore(2)

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_SENTENCES = {
    "photo_empty": N_("This file is empty."),
    "photo_too_many_bytes": N_("This photo is larger than 20 MB. Please choose a smaller one."),
    "photo_kind": N_("This is not a photo we can read. Please use JPEG, PNG, WebP or HEIC."),
    "photo_animated": N_("Moving pictures are not accepted. Please use a still photo."),
    "photo_too_many_pixels": N_("This photo has more than 50 million pixels. Please choose a smaller one."),
    "photo_damaged": N_("This photo is damaged or incomplete. Please send it again."),
}


class BadPhoto(Invalid, ValueError):
    """A file that can't become a photo; the codes are the keys of the table above."""

    def __init__(self, code: str) -> None:
        super().__init__(code, _SENTENCES[code])


def decode(data: bytes, longest: int) -> Image.Image:
    """Return the picture of an uploaded file, upright, RGB in sRGB, within `longest` pixels. Raises BadPhoto.

    JPEG, PNG, WebP and HEIC are read, the first picture of a JPEG or HEIC file. Metadata may still hang on
    what is returned: whoever saves it clears `info` first.
    """
    if not data:
        raise BadPhoto("photo_empty")
    if len(data) > LARGEST_BYTES:
        raise BadPhoto("photo_too_many_bytes")
    kind = kind_of(data)
    if kind is None:
        raise BadPhoto("photo_kind")
    with _desks:
        try:
            return _upright(_open(data, kind, longest), longest)
        except BadPhoto:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise BadPhoto("photo_too_many_pixels") from error
        # Decoders fed with damaged files raise nearly anything; whatever it is, it is the file's fault.
        except Exception as error:
            raise BadPhoto("photo_damaged") from error


def kind_of(data: bytes) -> str | None:
    """Return JPEG, PNG, WEBP or HEIF by the first bytes, or None; file names don't count."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"heim", b"heis", b"mif1"}:
        return "HEIF"
    return None


def _open(data: bytes, kind: str, longest: int) -> Image.Image:
    """Open the file, and refuse by its header what is too large, before any pixel is decoded."""
    if kind == "WEBP":  # Pillow makes room for the whole canvas on opening
        _check_pixels(*_webp_size(data))
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
    image = Image.open(io.BytesIO(data), formats=[kind])
    _check_pixels(*image.size)
    # Some cameras put a second picture behind a JPEG (MPO) or a HEIC: the first one is the photo.
    if kind in {"PNG", "WEBP"} and getattr(image, "is_animated", False):
        raise BadPhoto("photo_animated")
    if kind == "JPEG":
        # Decode at 1/2, 1/4, 1/8 where that is enough. The box needs the picture's aspect: a square box
        # makes Pillow decode everything.
        image.draft(None, fitting(image.size, longest))
    return image


def _upright(image: Image.Image, longest: int) -> Image.Image:
    """Return the decoded picture within `longest` pixels, as RGB in sRGB, turned as its EXIF says."""
    image.load()
    _check_pixels(*image.size)
    turn, profile = _turn(image), image.info.get("icc_profile")
    small = shrunk(_flat(image), longest)
    coloured = _srgb(small, profile) if profile else small.convert("RGB")
    return coloured if turn is None else coloured.transpose(turn)


def _turn(image: Image.Image) -> Image.Transpose | None:
    """Return what the EXIF orientation (tag 0x0112, values 1 to 8) asks for; broken EXIF asks for nothing."""
    try:
        return _TURNS.get(image.getexif().get(0x0112, 1))
    except Exception:  # EXIF is not the picture: a camera's slip there must not cost the seller the photo
        return None


def _flat(image: Image.Image) -> Image.Image:
    """Return the picture without transparency (on white), palette or 16-bit depth, colours unchanged."""
    if image.mode.startswith("I"):  # 16-bit grey: Pillow's own convert() cuts off instead of scaling
        return image.convert("I").point([value // 256 for value in range(65536)], "L")
    if image.mode in {"LA", "PA", "La", "RGBA", "RGBa"} or "transparency" in image.info:
        drawn = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(drawn, mask=drawn.getchannel("A"))
        return paper
    return image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")


def _srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert from the embedded profile; a profile that can't be used is left out, as most viewers do."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if image.mode == "RGB" and "srgb" in ImageCms.getProfileDescription(source).lower():
            return image
        target = ImageCms.createProfile("sRGB")
        converted: Any = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
        return converted if isinstance(converted, Image.Image) else image.convert("RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image.convert("RGB")


def shrunk(picture: Image.Image, side: int) -> Image.Image:
    """Return the picture with its longest side at most `side` pixels; a small one stays as it is."""
    size = fitting(picture.size, side)
    if size == picture.size:
        return picture
    if side <= _THUMBNAIL:
        return picture.resize(size, Image.Resampling.LANCZOS)  # few pixels: the sharpest filter costs little
    # Each step starts from the size before. HAMMING costs what BILINEAR does and is sharper when shrinking;
    # gap 1 takes whole factors of two by averaging first.
    return picture.resize(size, Image.Resampling.HAMMING, reducing_gap=1.0)


def fitting(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Return the size in the same aspect whose longest side is at most `side`, never larger, never 0."""
    longest = max(size)
    if longest <= side:
        return size
    return max(1, round(size[0] * side / longest)), max(1, round(size[1] * side / longest))


def _check_pixels(width: int, height: int) -> None:
    if width * height > LARGEST_PIXELS:
        raise BadPhoto("photo_too_many_pixels")


def _webp_size(data: bytes) -> tuple[int, int]:
    """Return the canvas size from a WebP header (RFC 9649, 2.5 to 2.7)."""
    chunk, body = data[12:16], data[20:30]
    if len(body) < 10:
        raise BadPhoto("photo_damaged")
    if chunk == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    raise BadPhoto("photo_damaged")
