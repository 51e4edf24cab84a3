"""Reads the text back out of our own PDF files, with nothing but the standard library."""

import re
import zlib

_STRING = re.compile(rb"\(((?:\\.|[^\\)])*)\) Tj", re.S)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def lines(pdf: bytes) -> list[str]:
    """Return the text of every line that was written, page by page in writing order."""
    streams = [_plain(body) for body in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S)]
    letters: dict[bytes, str] = {}
    for stream in streams:
        for code, text in re.findall(
            rb"<([0-9A-F]{4})> <([0-9A-F]{4,})>", stream if b"beginbfchar" in stream else b""
        ):
            letters[bytes.fromhex(code.decode())] = bytes.fromhex(text.decode()).decode("utf-16-be")
    written = [raw for stream in streams if b" Tj" in stream for raw in _STRING.findall(stream)]
    return ["".join(letters[code] for code in _pairs(_unescaped(raw))) for raw in written]


def text(pdf: bytes) -> str:
    """Return all lines joined without gaps: what a reader would find by searching."""
    return "".join(lines(pdf))


def _plain(body: bytes) -> bytes:
    try:
        return zlib.decompress(body)
    except zlib.error:
        return body


def _unescaped(raw: bytes) -> bytes:
    return re.sub(rb"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), raw, flags=re.S)


def _pairs(raw: bytes) -> list[bytes]:
    return [raw[at : at + 2] for at in range(0, len(raw), 2)]
