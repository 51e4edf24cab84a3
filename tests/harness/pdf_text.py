"""Reads the text back out of our own PDF files, with nothing but the standard library."""

import base64
import re
import zlib

_STEP = re.compile(rb"\(((?:\\.|[^\\)])*)\) Tj|/(F\d+) [\d.]+ Tf|\bBT\b", re.S)
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


def lines_by_reader(pdf: bytes) -> list[str]:
    """The same for a file whose letters nothing is embedded for: UniGB-UCS2-H is big-endian UTF-16, Helvetica Windows-1252."""
    fonts = {
        name: "utf-16-be" if b"UniGB-UCS2-H" in about else "cp1252"
        for about, name in re.findall(rb"/BaseFont(.*?)/Name /(F\d+)", pdf, re.S)
    }
    found: list[str] = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.S):
        font = b""
        for step in _STEP.finditer(zlib.decompress(base64.a85decode(stream.strip().removesuffix(b"~>")))):
            if step[0] == b"BT":
                found.append("")
            elif step[2]:
                font = step[2]
            else:
                found[-1] += _unescaped(step[1]).decode(fonts[font]).replace("\x7f", "\u2022")  # WinAnsi's bullet
    return [line for line in found if line]


def text(pdf: bytes) -> str:
    """Return all lines joined without gaps: what a reader would find by searching."""
    return "".join(lines(pdf))


def _plain(body: bytes) -> bytes:
    try:
        return zlib.decompress(body)
    except zlib.error:
        return body


def _unescaped(raw: bytes) -> bytes:
    def letter(found: re.Match[bytes]) -> bytes:
        return bytes([int(found[1], 8)]) if len(found[1]) == 3 else _ESCAPES.get(found[1], found[1])

    return re.sub(rb"\\([0-7]{3}|.)", letter, raw, flags=re.S)


def _pairs(raw: bytes) -> list[bytes]:
    return [raw[at : at + 2] for at in range(0, len(raw), 2)]
