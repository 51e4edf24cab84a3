"""Readers of wipe evidence. Which one reads a file is decided by what stands in it, never by its name."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any

from core.i18n import N_
from privacy.evidence.model import Evidence, Unreadable
from privacy.evidence.readers.doc import looks_like_json, read_json
from privacy.evidence.readers.text import read_text

Keys = Mapping[str, bytes]  # key id -> 32 raw bytes of the public half

# The readers of each shape, asked in this order; each module has FORMAT, PARSER, recognises(decoded) and
# read(decoded, sha256). Imported when first asked, so that a heavy one costs nobody else a start.
TEXTS = (
    "privacy.evidence.readers.nwipe",
    "privacy.evidence.readers.nvme_text",
    "privacy.evidence.readers.hdparm",
    "privacy.evidence.readers.manage_bde",
    "privacy.evidence.readers.seachest",
    "privacy.evidence.readers.killdisk",
    "privacy.evidence.readers.ideviceinfo",
    "privacy.evidence.readers.android",
)  # fmt: skip
JSONS: tuple[str, ...] = (
    "privacy.evidence.readers.station",
    "privacy.evidence.readers.nvme_json",
    "privacy.evidence.readers.smartctl",
    "privacy.evidence.readers.ereuse",
    "privacy.evidence.readers.blancco",
    "privacy.evidence.readers.android",
)  # fmt: skip
XMLS: tuple[str, ...] = (
    "privacy.evidence.readers.blancco",
    "privacy.evidence.readers.ideviceinfo",
)  # fmt: skip
PDFS: tuple[str, ...] = (
    "privacy.evidence.readers.nwipe_pdf",
)  # fmt: skip
# These verify a signature, and get the keys as a third argument.
SIGNED = frozenset({"privacy.evidence.readers.station"})


def read(raw: bytes, *, keys: Keys | None = None) -> Evidence:
    """The file as one value. `keys` are the stations' public keys by id; without them no signature counts.

    Raises Unreadable: empty, too_big, binary, not_text, malformed, unrecognised, too_many_devices. Time and memory grow with
    the file's length only; a file that is cut off or contradicts itself is read, and says so.
    """
    for names, decode in _shapes(raw):
        if (found := first_reader(names, decode(raw), hashlib.sha256(raw).hexdigest(), keys)) is not None:
            return found
    raise Unreadable(
        "unrecognised",
        N_("No known wipe tool wrote this file. Send the file that the tool itself wrote, unchanged and whole."),
    )


def _shapes(raw: bytes) -> Iterable[tuple[tuple[str, ...], Callable[[bytes], Any]]]:
    """By its first bytes: which readers could know it, and how it is decoded for them."""
    if raw.startswith(b"%PDF-") and PDFS:
        from privacy.evidence.readers.pdf import read_pdf

        yield PDFS, read_pdf
        return
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" and XMLS:
        from privacy.evidence.readers.xml import read_xml

        yield XMLS, read_xml
        return
    if looks_like_json(raw):
        yield JSONS, read_json
        return
    yield TEXTS, read_text


def first_reader(names: tuple[str, ...], decoded: object, sha256: str, keys: Keys | None) -> Evidence | None:
    """What the first reader that knows this text or document makes of it; None if none does."""
    for name in names:
        reader = import_module(name)
        if reader.recognises(decoded):
            found: Evidence = reader.read(decoded, sha256, keys) if name in SIGNED else reader.read(decoded, sha256)
            return found
    return None
