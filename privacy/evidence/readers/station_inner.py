"""The answers inside a station's file, each read by the reader of its own tool."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any

from privacy.evidence.model import Evidence, Finding, Unreadable
from privacy.evidence.readers import hdparm, nvme_json, smartctl
from privacy.evidence.readers.doc import Doc, Json, at, members, parse, word
from privacy.evidence.readers.marks import clash, gap, note
from privacy.evidence.readers.station_shape import MOST_OUTPUT, MOST_OUTPUTS, READERS
from privacy.evidence.readers.text import read_text

Inner = list[tuple[str, Evidence]]
_JSONS: Mapping[str, Any] = {"smartctl": smartctl, "nvme": nvme_json}


def inner_evidence(value: Mapping[str, object]) -> tuple[Inner, list[Finding]]:
    """(name, what it says) of every answer that could be read."""
    found: Inner = []
    marks: list[Finding] = []
    seen: set[str] = set()
    outputs = members(value, "outputs")
    if len(outputs) > MOST_OUTPUTS:
        marks.append(gap("too_many_outputs"))
    for output in outputs[:MOST_OUTPUTS]:
        name = word(output, "name") or ""
        if name not in READERS:
            marks.append(note("unknown_output", True, detail=name[:40] or None))
        elif name in seen:
            marks.append(clash("output_twice"))
        else:
            one, said = _read(name, output)
            found += [(name, one)] if one else []
            marks += said
        seen.add(name)
    return found, marks


def _read(name: str, output: Json) -> tuple[Evidence | None, list[Finding]]:
    raw, said = _bytes(name, output)
    if raw is None:
        return None, said
    if READERS[name] == "hdparm":
        raw += _stderr(output)  # it says what a drive can't do on stderr
    if not raw.strip():
        return None, [*said, note("not_answered", True, detail=name)]
    try:
        return _by_tool(name, raw), said
    except Unreadable:
        # a program that failed says so in words of its own
        failed = at(output, "exit") != 0
        return None, [*said, note("not_answered", True, detail=name) if failed else gap("output_unreadable")]


def _by_tool(name: str, raw: bytes) -> Evidence:
    """Raises Unreadable also for an answer of another tool than the one it is said to be of."""
    sha256 = hashlib.sha256(raw).hexdigest()
    if READERS[name] == "hdparm":
        text = read_text(raw)
        if not hdparm.recognises(text):
            raise Unreadable("unrecognised", "")
        return hdparm.read(text, sha256)
    reader = _JSONS[READERS[name]]
    doc = Doc(parse(raw.decode("utf-8", "replace")))
    if not reader.recognises(doc):
        raise Unreadable("unrecognised", "")
    found: Evidence = reader.read(doc, sha256)
    return found


def _bytes(name: str, output: Json) -> tuple[bytes | None, list[Finding]]:
    """The answer as it came, if its digest is right."""
    text, encoding = at(output, "stdout"), word(output, "encoding")
    if not isinstance(text, str) or encoding not in ("utf-8", "latin-1"):
        return None, [gap("output_shape")]
    try:
        raw = text.encode(encoding)
    except UnicodeEncodeError:
        return None, [gap("output_shape")]
    if len(raw) > MOST_OUTPUT or at(output, "cut") is not False:
        return None, [gap("output_cut")]
    if hashlib.sha256(raw).hexdigest() != word(output, "sha256"):
        return None, [clash("output_digest")]
    if at(output, "exit") is None:
        return None, [note("not_answered", True, detail=name)]
    return raw, []


def _stderr(output: Json) -> bytes:
    text = at(output, "stderr")
    return text[:8192].encode("utf-8", "replace") if isinstance(text, str) else b""


def wipe_evidence(value: Mapping[str, object]) -> tuple[Evidence | None, list[Finding]]:
    """The wipe's own log, if one was put in."""
    if "wipe" not in value:
        return None, []
    encoded = at(value, "wipe", "base64")
    try:
        raw = base64.b64decode(encoded, validate=True) if isinstance(encoded, str) else b""
    except (binascii.Error, ValueError):
        raw = b""
    if hashlib.sha256(raw).hexdigest() != word(value, "wipe", "sha256"):
        return None, [clash("wipe_digest")]
    try:
        return _wipe(raw), []
    except Unreadable:
        return None, [gap("wipe_unreadable")]


def _wipe(raw: bytes) -> Evidence:
    from privacy.evidence.readers import TEXTS, first_reader

    found = first_reader(TEXTS, read_text(raw), hashlib.sha256(raw).hexdigest(), None)
    if found is None or found.kind != "run":
        raise Unreadable("unrecognised", "")
    return found
