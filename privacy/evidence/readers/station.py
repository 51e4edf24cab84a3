"""Reads the signed file of our own station tool: verifies it, reads the answers in it, and puts them together to one row.

So a sanitize log, which names no device, gets a serial: all answers came from one node within one minute, and the serials in
them agree."""

from collections.abc import Mapping

from privacy.evidence.model import Evidence, Finding
from privacy.evidence.readers.doc import Doc, word
from privacy.evidence.readers.marks import clash, gap, is_whole, note
from privacy.evidence.readers.station_inner import inner_evidence, wipe_evidence
from privacy.evidence.readers.station_join import joined
from privacy.evidence.readers.station_shape import KIND, MOST_CHALLENGE, SIGNATURE, VERSION, without_signature

FORMAT = "xunshi-station"
PARSER = "station 2"
_ABOUT_FILE = frozenset({"time_zone", "encoding_gbk", "encoding_utf16", "mixed_line_ends", "terminal_codes", "exact_version"})


def recognises(doc: Doc) -> bool:
    """Does it call itself by our tool's name?"""
    return isinstance(doc.value, dict) and doc.value.get("kind") == KIND


def read(doc: Doc, sha256: str, keys: Mapping[str, bytes] | None = None) -> Evidence:
    """One device. Only a signature by one of `keys` over the whole file counts."""
    value: dict[str, object] = doc.value
    signer, marks = _signer(value, keys or {})
    inner, inner_marks = inner_evidence(value)
    wipe, wipe_marks = wipe_evidence(value)
    row, join_marks = joined(value, inner, wipe)
    findings: list[Finding] = [*doc.findings, *marks, *_shape(value), *inner_marks, *wipe_marks, *join_marks]
    for name, one in (*inner, *((("wipe", wipe),) if wipe else ())):
        findings += [_carried(name, finding) for finding in one.findings if finding.code not in _ABOUT_FILE]
    used = [one for _, one in inner if any(row.technique or row.status for row in one.devices)]
    return Evidence(
        sha256=sha256,
        format=FORMAT,
        parser=PARSER,
        tool="xunshi-station",
        tool_version=word(value, "version"),
        complete=is_whole(findings),
        devices=(row,) if row else (),
        findings=tuple(findings),
        kind="run" if wipe is not None and wipe.kind == "run" else "state",
        locks=tuple(lock for _, one in inner for lock in one.locks if lock.on is not None),
        texts=tuple(text for text in (_challenge(value),) if text),
        signed_by=signer,
        real_seen=all(one.real_seen for one in (*used, *((wipe,) if wipe else ()))),
    )


def _challenge(value: Mapping[str, object]) -> str | None:
    text = value.get("challenge")
    return text if isinstance(text, str) and 0 < len(text) <= MOST_CHALLENGE and text.isprintable() else None


def _shape(value: Mapping[str, object]) -> list[Finding]:
    found = [gap(name) for name in ("taken", "host", "device", "outputs", "tools") if name not in value]
    if value.get("version") != VERSION:
        found.append(note("version_unknown", True, detail=word(value, "version")))
    if _challenge(value) is None:
        found.append(gap("challenge"))
    return found


def _signer(value: Mapping[str, object], keys: Mapping[str, bytes]) -> tuple[str | None, list[Finding]]:
    """The key's id if the signature holds; a signature that doesn't is a contradiction, one by a stranger is none."""
    from core import canonical, signing

    mark = value.get(SIGNATURE)
    if mark is None:
        return None, [note("unsigned", True)]
    parts = [word(mark, name) for name in ("alg", "key_id", "value_b64")]
    if None in parts:
        return None, [clash("signature")]
    try:
        data = canonical.encode(without_signature(value))
    except canonical.NotCanonical:
        return None, [clash("signature")]
    signature = signing.Signature(*(str(part) for part in parts))
    holds = signing.verify(keys, data, signature)
    if holds is None:
        return None, [note("signer_unknown", True, detail=signature.key_id[:16])]
    return (signature.key_id, []) if holds else (None, [clash("signature")])


def _carried(name: str, finding: Finding) -> Finding:
    """A finding about one answer: its lines count in that answer, not in this file."""
    detail = f"{name}: {finding.detail}" if finding.detail else name
    return Finding(code=finding.code, value=finding.value, node=None, detail=detail)
