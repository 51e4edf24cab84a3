"""Where the PDF maker's Chinese font comes from: found on the machine, never shipped with the program."""

import hashlib
import importlib.util
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.errors import Refused
from core.i18n import N_

# Debian's fonts-wqy-microhei and fonts-noto-cjk; the number picks the mainland face of the collection.
_KNOWN = (
    (Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"), 0),
    (Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"), 2),
    (Path("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc"), 2),
)
# where `make setup` puts the font of the npm package when Debian's can't be had (core/font_setup.py)
IN_ENVIRONMENT = Path(sys.prefix) / "share" / "xunshi-fonts" / "NotoSansSC-Regular.ttf"
# Adobe's name of a Chinese face that PDF programs bring themselves; core/ink_reader.py draws with it where nothing else is
READER_FACE = "STSong-Light"
_PROBE = "\u5faa\u5e02\u4fe1\u606f\u6e05\u9664A9"


class NoFont(Refused):
    """No font on this machine can write Chinese into a PDF."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "no_font",
            N_("PDF files need a Chinese font. Install fonts-wqy-microhei or set XUNSHI_FONT to a font."),
        )


@dataclass(frozen=True, slots=True)
class Font:
    """A font file and the number of the face in it (0 unless it is a collection)."""

    path: Path
    number: int = 0


@dataclass(frozen=True, slots=True)
class FontStatus:
    """What the start-up message says about fonts."""

    ok: bool
    message: str

    def __str__(self) -> str:
        return self.message


def font_status(environ: Mapping[str, str] = os.environ) -> FontStatus:
    """Tell which font PDF files will use, or what to do if there is none."""
    wish, found = environ.get("XUNSHI_FONT", ""), fonts(environ)
    if not found and has_reader_face():
        return FontStatus(
            False,
            f"PDF files use {READER_FACE} of whatever program opens them: no Chinese font is here to put into the file. "
            "Install fonts-wqy-microhei or set XUNSHI_FONT to a font.",
        )
    if not found:
        return FontStatus(False, NoFont().sentence)
    if wish and not found[0].path.is_relative_to(Path(wish)):
        return FontStatus(
            False, f"XUNSHI_FONT={wish} holds no font with Chinese; PDF files use {found[0].path}"
        )
    return FontStatus(True, f"PDF files use {found[0].path}")


def fonts(environ: Mapping[str, str] = os.environ) -> tuple[Font, ...]:
    """Return the usable fonts, best first: XUNSHI_FONT (file or folder), WenQuanYi, Noto Sans CJK."""
    candidates = _wished(environ.get("XUNSHI_FONT", "")) + [Font(*each) for each in _KNOWN] + [Font(IN_ENVIRONMENT)]
    return tuple(font for font in candidates if set(map(ord, _PROBE)) <= covered(font))


def has_reader_face() -> bool:
    """Can PDF files do with a face that isn't embedded?"""
    return importlib.util.find_spec("reportlab") is not None


def font_for(text: str, environ: Mapping[str, str] = os.environ) -> Font:
    """Return the first font that has all characters of the text, or most of them. Raises NoFont.

    For everyday Chinese it is an extract of the font, which fpdf2 reads several times as fast.
    """
    found = fonts(environ)
    if not found:
        raise NoFont
    letters = {ord(letter) for letter in text if letter != "\n"}
    best = max(found, key=lambda font: len(letters & covered(font)))  # the first of equals
    return _extract(best) if letters <= _everyday_letters() else best


@cache
def covered(font: Font) -> frozenset[int]:
    """Return the code points a font file has; none for a file that is missing or no font."""
    try:
        return frozenset(_opened(font).getBestCmap())
    except Exception:  # a file from outside: whatever is wrong with it, it can't be used
        return frozenset()


def _wished(wish: str) -> list[Font]:
    path = Path(wish)
    files = list(path.glob("*")) if wish and path.is_dir() else [path] if wish else []
    fitting = [each for each in files if each.suffix.lower() in {".ttf", ".otf", ".ttc"}]
    fitting.sort(key=lambda each: ("regular" not in each.name.lower(), each.name))
    return [Font(each, 2 if each.name.endswith("CJK-Regular.ttc") else 0) for each in fitting]


@cache
def _everyday_letters() -> frozenset[int]:
    """Latin-1, signs and arrows, and the 7,445 characters of GB/T 2312: modern texts rarely leave them."""
    pairs = (bytes([high, low]) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF))
    chinese = "".join(pair.decode("gb2312", "ignore") for pair in pairs)
    return frozenset([*map(ord, chinese), *range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x2010, 0x2800)])


@cache
def _extract(font: Font) -> Font:
    """Return an extract of a TrueType font, made once (3 s) and kept in the user's cache folder.

    What is missing there is missing in the font, too. Other fonts and read-only homes do without.
    """
    file = font.path.stat()
    mark = f"{font.path} {font.number} {file.st_size} {file.st_mtime_ns} 2"
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "xunshi"
    kept = folder / f"font-{hashlib.sha256(mark.encode()).hexdigest()[:16]}.ttf"
    try:
        if not kept.exists():
            source = _opened(font)
            if "glyf" not in source:
                return font
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _cut(source, kept)
    except OSError:
        return font
    return Font(kept)


def _cut(source: Any, target: Path) -> None:
    from fontTools import subset  # type: ignore[import-untyped]

    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, glyph_names=False)
    options.drop_tables += ["FFTM"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=_everyday_letters())
    subsetter.subset(source)
    draft = target.with_suffix(f".{os.getpid()}")
    source.save(draft)
    draft.replace(target)


def _opened(font: Font) -> Any:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    return TTFont(font.path, fontNumber=font.number, lazy=True, recalcTimestamp=False)
