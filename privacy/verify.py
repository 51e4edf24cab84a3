"""Checks papers of Xunshi without Xunshi: a certificate, a bundle or a whole exported log, with the network off.

    python verify.py FILE [--trust KEYS.json] [--checkpoint FILE] [--consistency FILE] [--witness VKEY] [--json] [--lang zh|en]

ONE file on purpose: it runs copied alone, on Python 3.11 or newer, with nothing else installed (`cryptography` is used
where it is there). FILE is a certificate or report (JSON), a bundle (zip), a folder that `flask log export` wrote, or `-`.
KEYS.json is the key list you trust, from /keys.json or from paper; keys found only inside FILE prove nothing. CHECKPOINT
is one you kept. VKEY is the key of a witness whose signature you ask for. Exit 0 valid, 1 invalid or unknown, 2 unusable.
The formats are told in docs/algorithms/public-log.md."""

import argparse
import base64
import functools
import hashlib
import io
import itertools
import json
import os
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

try:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey as _Fast
except Exception:  # not installed, or broken: the arithmetic below does the same
    _Fast = None  # type: ignore[assignment, misc]

LARGEST = 256 * 1024 * 1024  # bytes of FILE
DEEPEST, LARGEST_INTEGER = 64, 2**53 - 1
CERTIFICATE_KIND, AMENDMENT, REPORT = "wipe_certificate", "certificate_amendment", "appraisal_report"
PAPERS = {CERTIFICATE_KIND: (1,), REPORT: (1, 2)}
STANDS = {CERTIFICATE_KIND: ("issued", "delivered"), REPORT: ("valid",)}
REPORT_DAYS = 30  # an appraisal speaks of one day; longer than this it is not relied on
STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
SLACK = timedelta(minutes=1)  # two clocks of one house
AHEAD = timedelta(days=1)  # a reader's clock or zone may be set wrongly


class Unusable(ValueError):
    """The input is no paper, note, proof or key list of ours: exit 2. `code` for programs, the text for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


# --- canonical JSON: RFC 8785 without floats -------------------------------------------------------------------------


def parse(data: bytes) -> Any:
    """JSON of our restricted kind; Unusable for a repeated key, a float, a huge number, or what is no JSON."""
    try:
        value = json.loads(data.decode(), object_pairs_hook=_pairs, parse_float=_float, parse_constant=_float)
        canonical(value)
    except Unusable:
        raise
    except (ValueError, RecursionError) as fault:
        raise Unusable("not_json", "not JSON in UTF-8") from fault
    return value


def canonical(value: Any) -> bytes:
    text = json.dumps(_ordered(value, 0), ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError as fault:
        raise Unusable("not_canonical", "a text holds half a character") from fault


def _ordered(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise Unusable("not_canonical", "nested too deeply")
    if isinstance(value, dict):
        plain = "".join(value).isascii()  # then both orders are one
        keys = sorted(value, key=None if plain else lambda key: key.encode("utf-16-be", "surrogatepass"))
        return {key: _ordered(value[key], depth + 1) for key in keys}
    if isinstance(value, list):
        return [_ordered(one, depth + 1) for one in value]
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        raise Unusable("not_canonical", "a number is too large")
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unusable("not_canonical", "an object repeats a key")
    return found


def _float(text: str) -> NoReturn:
    raise Unusable("not_canonical", f"{text[:40]}: only whole numbers are used")


def unbase64(text: str) -> bytes:
    """Standard base 64, written the one canonical way; Unusable otherwise."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError as fault:
        raise Unusable("bad_base64", "not base 64") from fault
    if base64.b64encode(data).decode() != text:
        raise Unusable("bad_base64", "not base 64 in its one right form")
    return data


def moment(text: object) -> datetime | None:
    """The time that a stamp names (27 letters, UTC); None for all else, such as the 31st of June."""
    if not isinstance(text, str) or not STAMP.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


# --- Ed25519 (RFC 8032): only checking, only public values, so nothing has to take constant time -----------------------

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_Point = tuple[int, int, int, int]
_BASE = bytes.fromhex("58" + "66" * 31)


def ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Does the signature hold? Refuses s >= L and keys or points in any but their one right form, with both engines."""
    if len(public) != 32 or len(signature) != 64 or int.from_bytes(signature[32:], "little") >= _L:
        return False
    if not _powers(public):
        return False
    return _checked(public, message, signature)


@functools.lru_cache(maxsize=65536)  # one checkpoint stands under many proofs
def _checked(public: bytes, message: bytes, signature: bytes) -> bool:
    if _Fast is None:
        return ed25519_plain(public, message, signature)
    try:
        _Fast.from_public_bytes(public).verify(signature, message)
    except Exception:  # InvalidSignature; a library that fails is no proof either
        return False
    return True


def ed25519_plain(public: bytes, message: bytes, signature: bytes) -> bool:
    """The same in plain arithmetic: encode(sB - hA) must be the very bytes of R."""
    s, powers = int.from_bytes(signature[32:], "little"), _powers(public)
    if len(signature) != 64 or s >= _L or not powers:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _L
    x, y, z, t = _times(h, powers)
    return _encode(_add(_times(s, _powers(_BASE)), (_P - x, y, z, _P - t))) == signature[:32]


def _add(one: _Point, two: _Point) -> _Point:
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, two
    a, b = (y1 - x1) * (y2 - x2) % _P, (y1 + x1) * (y2 + x2) % _P
    c, d = 2 * t1 * t2 * _D % _P, 2 * z1 * z2 % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(factor: int, powers: Sequence[_Point]) -> _Point:
    total: _Point = (0, 1, 1, 0)
    for bit, point in enumerate(powers):
        if factor >> bit & 1:
            total = _add(total, point)
    return total


def _encode(point: _Point) -> bytes:
    inverse = pow(point[2], -1, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


@functools.lru_cache(maxsize=256)
def _powers(encoded: bytes) -> tuple[_Point, ...]:
    """A point doubled again and again; empty for what is no point in its one right form (RFC 8032, 5.1.3)."""
    number = int.from_bytes(encoded, "little")
    y, sign = number & (2**255 - 1), number >> 255
    if len(encoded) != 32 or y >= _P:
        return ()
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return ()
    x = _P - x if x & 1 != sign else x
    points = [(x, y, 1, x * y % _P)]
    while len(points) < 253:
        points.append(_add(points[-1], points[-1]))
    return tuple(points)


# --- the tree: RFC 9162, 2.1 (the same as RFC 6962) -------------------------------------------------------------------


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_by_proof(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes | None:
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2); None for a proof of the wrong length."""
    if not 0 <= index < size:
        return None
    at, last, found = index, size - 1, leaf
    for one in proof:
        if last == 0:
            return None
        if at & 1 or at == last:
            found = node_hash(one, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, one)
        at, last = at >> 1, last >> 1
    return found if last == 0 else None


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    return len(leaf) == len(root) == 32 and root_by_proof(index, size, leaf, proof) == root


def verify_consistency(first: int, second: int, proof: Sequence[bytes], root1: bytes, root2: bytes) -> bool:
    """Is the tree of size `first` the beginning of that of size `second` (RFC 9162, 2.1.4.2)? Nothing follows from an
    empty tree, so `first` = 0 is never a yes."""
    if first <= 0 or first > second:
        return False
    if first == second:
        return not proof and root1 == root2
    path = [root1, *proof] if first & (first - 1) == 0 else list(proof)
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    if not proof:
        return False
    old = new = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(one, old), node_hash(one, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, one)
        at, last = at >> 1, last >> 1
    return old == root1 and new == root2 and last == 0


class Growing:
    """A tree that leaves are added to: holds only the hashes of its largest whole parts, left to right."""

    def __init__(self, size: int = 0, parts: Iterable[bytes] = ()) -> None:
        self.size, self.parts = size, list(parts)

    def add(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf hash; returns (level, index, hash) of every subtree that is whole now."""
        level, index, found = 0, self.size, leaf
        made = [(0, index, leaf)]
        while index & 1:
            found, level, index = node_hash(self.parts.pop(), found), level + 1, index >> 1
            made.append((level, index, found))
        self.parts.append(found)
        self.size += 1
        return made

    def root(self) -> bytes:
        if not self.parts:
            return hashlib.sha256(b"").digest()
        return functools.reduce(lambda right, left: node_hash(left, right), reversed(self.parts))


# --- signed notes, checkpoints, proofs: C2SP signed-note, tlog-checkpoint, tlog-proof ----------------------------------

ED25519, COSIGNATURE = 1, 4  # signature types
_NAME = re.compile(r"[^\s+]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Note:
    """Text and its signature lines: (key name, 4 bytes of key id, signature bytes). `raw` is the whole."""

    raw: str
    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes
    note: Note


@dataclass(frozen=True, slots=True)
class Proof:
    index: int
    hashes: tuple[bytes, ...]
    checkpoint: Checkpoint
    extra: bytes


def parse_note(raw: str | bytes) -> Note:
    try:
        whole = raw.decode() if isinstance(raw, bytes) else raw
    except UnicodeDecodeError as fault:
        raise Unusable("bad_note", "a note is UTF-8") from fault
    if len(whole) > 200_000 or re.search(r"[\x00-\x09\x0b-\x1f]", whole) or not whole.endswith("\n"):
        raise Unusable("bad_note", "a note is lines of text, at most 200,000 letters")
    text, gap, lines = whole.rpartition("\n\n")
    if not gap or not lines or lines.count("\n") > 100:
        raise Unusable("bad_note", "a note has an empty line and up to 100 signatures")
    return Note(whole, text + "\n", tuple(_signature(line) for line in lines[:-1].split("\n")))


def _signature(line: str) -> tuple[str, bytes, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, value = rest.partition(" ")
    data = unbase64(value)
    if dash != "\u2014" or not _NAME.fullmatch(name) or len(data) < 5:
        raise Unusable("bad_note", "this is no signature line")
    return name, data[:4], data[4:]


def note_key_id(name: str, kind: int, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def signed_by(note: Note, name: str, public: bytes) -> bool | None:
    """None when this key hasn't signed; False when a signature in its name doesn't hold."""
    wanted = (name, note_key_id(name, ED25519, public))
    mine = [value for who, key_id, value in note.signatures if (who, key_id) == wanted]
    return all(ed25519(public, note.text.encode(), value) for value in mine) if mine else None


def cosigned_by(note: Note, name: str, public: bytes) -> int | None:
    """The POSIX time at which this witness cosigned (cosignature/v1), or None; a bad one counts as none."""
    wanted = (name, note_key_id(name, COSIGNATURE, public))
    for who, key_id, value in note.signatures:
        if (who, key_id) == wanted and len(value) == 72:
            time = int.from_bytes(value[:8], "big")
            if time < 2**63 and ed25519(public, f"cosignature/v1\ntime {time}\n{note.text}".encode(), value[8:]):
                return time
    return None


def parse_checkpoint(raw: str | bytes) -> Checkpoint:
    note = parse_note(raw)
    lines = note.text[:-1].split("\n")
    if len(lines) < 3 or not all(lines) or not _SIZE.fullmatch(lines[1]):
        raise Unusable("bad_checkpoint", "a checkpoint has an origin, a size and a root")
    root = unbase64(lines[2])
    if len(root) != 32:
        raise Unusable("bad_checkpoint", "a root has 32 bytes")
    return Checkpoint(lines[0], int(lines[1]), root, note)


def parse_proof(raw: str) -> Proof:
    head, gap, checkpoint = raw.partition("\n\n")
    lines = head.split("\n")
    extra = b""
    if len(lines) > 1 and lines[1].startswith("extra "):
        extra = unbase64(lines.pop(1)[6:])
    if not gap or lines[0] != "c2sp.org/tlog-proof@v1" or len(lines) < 2 or len(lines) > 66:
        raise Unusable("bad_proof", "this is no c2sp.org/tlog-proof@v1")
    word, _, index = lines[1].partition(" ")
    hashes = tuple(unbase64(line) for line in lines[2:])
    if word != "index" or not _SIZE.fullmatch(index) or any(len(one) != 32 for one in hashes):
        raise Unusable("bad_proof", "a proof has an index and hashes of 32 bytes")
    return Proof(int(index), hashes, parse_checkpoint(checkpoint), extra)


# --- keys that the reader trusts --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Key:
    """`role`: certificate (the house's own), person, log, witness, or one that signs no papers; `name`: a log's origin or a
    witness's name; `holder`: the same for all keys of one person. Times are stamps or "". `asked`: it must have signed."""

    key_id: str
    public: bytes
    role: str
    name: str = ""
    holder: str = ""
    since: str = ""
    until: str = ""
    revoked_at: str = ""
    asked: bool = False


def read_keys(data: bytes) -> dict[str, Key]:
    """A key list by key ids. Unusable when it isn't one, when an id isn't that of its key or stands there twice, or when a time
    or role can't be read: what is misread would be trusted too long."""
    value = parse(data)
    rows = value.get("keys") if isinstance(value, dict) else None
    if not isinstance(rows, list) or (value.get("kind"), value.get("version")) != ("xunshi_keys", 1):
        raise Unusable("bad_keys", "this is no key list of kind xunshi_keys, version 1")
    found = {key.key_id: key for key in map(_key, rows)}
    if len(found) != len(rows):
        raise Unusable("bad_keys", "a key stands in the list twice")
    return found


def _key(row: Any) -> Key:
    def text(name: str) -> str:
        value = row.get(name)
        if value is not None and not isinstance(value, str):
            raise Unusable("bad_keys", f"{name} of a key is no text")
        return value or ""

    if not isinstance(row, dict):
        raise Unusable("bad_keys", "a key of the list is no object")
    since, until, revoked_at = (text(name) for name in ("from", "until", "revoked_at"))
    if not text("role") or any(one and moment(one) is None for one in (since, until, revoked_at)):
        raise Unusable("bad_keys", f"the key {text('key_id')[:20]!r} has no role, or a time that is none")
    try:
        public = bytes.fromhex(text("public"))
    except ValueError:
        public = b""
    if len(public) != 32 or hashlib.sha256(public).hexdigest()[:16] != text("key_id") or row.get("alg") != "Ed25519":
        raise Unusable("bad_keys", f"the key {text('key_id')[:20]!r} isn't what it is named after")
    return Key(text("key_id"), public, text("role"), text("name"), text("holder"), since, until, revoked_at)


def asked_witness(vkey: str) -> Key:
    """A witness as its verifier key names it, `name+id+base64`; Unusable for all else."""
    name, _, rest = vkey.partition("+")
    key_id, _, body = rest.partition("+")
    data = unbase64(body)
    fits = len(data) == 33 and data[0] == COSIGNATURE and note_key_id(name, data[0], data[1:]).hex() == key_id
    if not fits or not _NAME.fullmatch(name):
        raise Unusable("bad_vkey", "a witness's key looks like name+1a2b3c4d+base64, of type 4")
    return Key(hashlib.sha256(data[1:]).hexdigest()[:16], data[1:], "witness", name, asked=True)


# --- the checks -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Check:
    """`ok` None is unknown, which is never a pass."""

    code: str
    ok: bool | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Outside:
    """A checkpoint that the reader kept, and, if sizes differ, the proof that links it with the paper's."""

    checkpoint: Checkpoint
    proof: Mapping[tuple[int, int], tuple[bytes, ...]] = field(default_factory=dict)


Trust = Mapping[str, Key]


def worst(answers: Iterable[bool | None]) -> bool | None:
    """False beats unknown, unknown beats true; of nothing: unknown."""
    found = list(answers)
    return False if False in found else (None if None in found or not found else True)


def check_paper(value: dict[str, Any], trust: Trust, outside: Outside | None) -> list[Check]:
    """All checks of one certificate or report, as downloaded."""
    body, signatures = value.get("body"), value.get("signatures")
    if not isinstance(body, dict) or not isinstance(signatures, list):
        raise Unusable("bad_paper", "a paper has a body and signatures")
    digest = hashlib.sha256(canonical(body)).hexdigest()
    checks = [Check("form", _outside_known(value) and _form(value, body)), Check("digest", value.get("digest") == digest)]
    checks += check_signatures(body, signatures, trust)
    checks.append(_stands(value, body))
    slips = check_amendments(value, body, digest, trust)
    log = value.get("log")
    if not isinstance(log, dict) or log.get("state") != "entered":
        return [*checks, Check("in_log", None), *slips]
    return checks + _entered(log, value, body, digest, trust, outside) + slips


# what stands beside the signed text; a name that isn't one of these is a name that somebody changed
BESIDE = frozenset(
    {"kind", "version", "body", "signatures", "digest", "state", "as_of", "delivered_at", "ended_at", "ended_why", "reason"}
    | {"log", "amendments", "keys"}  # keys inside a file are let stand and prove nothing
)
PLACE = frozenset({"state", "index", "since", "leaf", "proof"})


def _outside_known(value: dict[str, Any]) -> bool:
    log = value.get("log")
    beside = REPORT_BESIDE if value.get("kind") == REPORT else BESIDE
    return set(value) <= beside and (not isinstance(log, dict) or set(log) <= PLACE)


# --- the form of a certificate: what stands in every one, and of what kind. More may stand beside it. --------------------------


def _text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _words(value: object) -> bool:
    return isinstance(value, str)


def _time(value: object) -> bool:
    return moment(value) is not None


def _number(value: object) -> bool:
    return type(value) is int and value >= 0


def _counted(value: object) -> bool:
    return type(value) is int and value >= 1


def _numbered(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch("[A-Z]{1,4}-[0-9]{4}-[0-9]{6,9}-[0-9A-Z]", value) is not None


def _hex(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


def _or_null(shape: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: value is None or shape(value)


def _any_of(*known: str) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and value in known


def _shaped(value: Any, shape: Any) -> bool:
    """Has it this shape? A dict names what must be in an object, a list of one what every member is, a function decides."""
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(_shaped(value.get(name), one) for name, one in shape.items())
    if isinstance(shape, list):
        return isinstance(value, list) and all(_shaped(one, shape[0]) for one in value)
    return bool(shape(value))


def _person(role: str) -> dict[str, Any]:
    return {"role": _any_of(role), "at": _time, "commitment": _hex}


STATEMENT = {
    "kind": _any_of("wipe_operation"), "version": _counted, "job": _text, "epoch": _counted,
    "media": [{"medium": _text, "state": _any_of("present", "destroyed", "returned")}],
    "judged": [{"medium": _text, "profile": _text, "version": _text, "parser": _text, "evidence": _hex}],
}  # fmt: skip
CERTIFICATE = {
    "number": _numbered, "job": _numbered, "epoch": _counted, "issued_at": _time, "valid_until": _time,
    "requires_signatures": _counted,
    "item": {
        "category": _text, "device_class": _text, "brand": _words, "model": _words,
        "serials": [{"kind": _text, "masked": _words, "commitment": _hex}],
    },
    "media": [
        {
            "id": _text, "kind": _text, "medium": _text, "model": _words, "capacity_bytes": _or_null(_number), "parser": _text,
            "serial": {"masked": _words, "commitment": _hex},
            "file": {"format": _text, "size": _number, "commitment": _hex},
            "rule": _words, "level": _words, "grade": _words, "technique": _or_null(_words),
        }
    ],
    "removed": [{"id": _text, "kind": _text, "medium": _text, "outcome": _any_of("destroyed", "returned")}],
    "profile": {"id": _text, "version": _text, "standard": _text},
    "wiped": _person("wipe_operator"), "verified": _person("wipe_verifier"),
    "after_work": [{"purpose": _text, "begun_at": _time, "ended_at": _time}],
    "checks": [_text], "consent": {"text": _text, "at": _time},
    "kept": _any_of("at_point", "sealed_bag"), "seal_number": _words,
    "operation": {"at": _time, "signature": {"alg": _text, "key_id": _text, "value_b64": _text}, "statement": STATEMENT},
}  # fmt: skip


def _form(value: dict[str, Any], body: dict[str, Any]) -> bool:
    if not is_paper(body) or (body["kind"], body["version"]) != (value.get("kind"), value.get("version")):
        return False
    if body["kind"] == REPORT:
        return _report_form(value, body)
    third = {"confirmed": _person("wipe_validator")} if "confirmed" in body else {}
    whole = _shaped(body, {**CERTIFICATE, **third}) and bool(body["media"] or body["removed"]) and bool(body["checks"])
    return whole and _in_order(body)


def _named(value: Any, shape: Any) -> bool:
    """Every name that stands there is one of the shape's, at each level: one that isn't was put in by somebody."""
    if isinstance(shape, dict):
        same = isinstance(value, dict) and set(value) == set(shape)
        return same and all(_named(value[name], one) for name, one in shape.items())
    if isinstance(shape, list):
        return isinstance(value, list) and all(_named(one, shape[0]) for one in value)
    return True


def _codes(shape: Callable[[object], bool]) -> Callable[[object], bool]:
    """An object of a standard's own codes, each with a value of this shape."""
    return lambda value: isinstance(value, dict) and all(_text(name) and shape(one) for name, one in value.items())


def _object(shape: Any) -> Callable[[object], bool]:
    """An object of this very shape, each name and no other: for what may also be null."""
    return lambda value: _shaped(value, shape) and _named(value, shape)


def _answer(value: object) -> bool:
    return value is None or isinstance(value, str) or type(value) is int


BOTH = {"zh": _text, "en": _text}
REASON = {"code": _text, "kind": _text, "axis": _text, "limit": _or_null(_words), "text": BOTH}
REPORT_TEXT = {
    "kind": _text, "version": _counted, "number": _numbered, "issued_at": _time, "expires_at": _time,
    "supersedes": _or_null(_numbered), "epoch": _counted,
    "item": {"key": _hex, "category": _text, "brand": _words, "model": _words, "serials": [{"kind": _text, "masked": _words}]},
    "standard": {"id": _text, "version": _counted, "digest": _hex},
    "grade": _text, "axes": _codes(_answer), "caps": [REASON], "gates": [REASON], "reasons": [REASON],
    "disclosures": [_text], "untested": [_text], "answers": _codes(_answer),
    "appraiser": {"number": _text, "organisation": {"id": _text, "name": _text}, "body_type": _or_null(_any_of("A", "B", "C"))},
    "says": BOTH,
}  # fmt: skip
IDENTITY = {
    "state": _any_of("agree", "differ", "unknown", "not_read", "not_needed"), "registered": _any_of("agree", "differ", "none"),
    "read": [_text], "unread": [{"place": _text, "why": _text}], "model": _any_of("agrees", "differs", "unknown"),
    "lists": {
        "states": _codes(_any_of("clear", "listed", "unknown")),
        "of": [
            {
                "kind": _text, "source": _words, "version": _number, "day": _or_null(_text), "lines": _number,
                "state": _any_of("clear", "listed", "unknown"), "why": _or_null(_text),
            }
        ],
    },
    "own_look": _or_null(_object({"how": _text, "day": _text})),
}  # fmt: skip
PRICE = {
    "verdict": _any_of("valued", "insufficient_evidence", "not_priced"), "reasons": [_text], "p10": _or_null(_number),
    "p50": _or_null(_number), "p90": _or_null(_number), "currency": _text, "coverage": _number, "method": _text,
    "comparables": _number, "day": _or_null(_text), "fit": _or_null(_hex),
}  # fmt: skip
# since version 2: how it stood with its wipe, what was read of its numbers, what it may be worth, and its photos by their SHA-256
REPORT_TEXTS = {
    1: REPORT_TEXT,
    2: {
        **REPORT_TEXT,
        "wipe": {"state": _any_of("clear", "missing", "unknown", "not_needed"), "certificate": _or_null(_numbered)},
        "identity": IDENTITY,
        "price": PRICE,
        "photos": {"code": _or_null(_text), "list": [{"view": _text, "sha256": _hex}]},
    },
}
REPORT_BESIDE = {
    "kind", "version", "body", "signatures", "digest", "state", "as_of", "ended_at", "ended_why", "reason", "log",
    "under_appeal_since",
}  # fmt: skip


def _report_form(value: dict[str, Any], body: dict[str, Any]) -> bool:
    """Each name that a report has, and no other; it runs out, and no later than an appraisal may."""
    text = REPORT_TEXTS[body["version"]]
    if not _shaped(body, text) or not _named(body, text):
        return False
    if "under_appeal_since" in value and not _time(value["under_appeal_since"]):
        return False
    issued, until = (datetime.fromisoformat(body[name]) for name in ("issued_at", "expires_at"))
    return issued < until <= issued + timedelta(days=REPORT_DAYS)


def _in_order(body: dict[str, Any]) -> bool:
    """Agreed to, wiped, signed by the operator, verified, issued, one after the other, for a time that isn't over at once."""
    acts = ("consent", "wiped", "operation", "verified", *(["confirmed"] if "confirmed" in body else []))
    told = [body[name]["at"] for name in acts] + [body["issued_at"], body["valid_until"]]
    times = [datetime.fromisoformat(one) for one in told]
    return all(one - two <= SLACK for one, two in itertools.pairwise(times)) and times[-2] < times[-1]


# --- who signed -------------------------------------------------------------------------------------------------------


def check_signatures(body: dict[str, Any], signatures: Sequence[Any], trust: Trust) -> list[Check]:
    """Do the signatures hold, by keys in force, of as many people as a paper of this kind needs? A certificate is signed by a
    person and by the house, and holds the operator's signature over the wipe: whoever has one key makes none."""
    data, rows = canonical(body), [one if isinstance(one, dict) else {} for one in signatures]
    names = [str(one.get("key_id")) for one in rows]
    found = [trust.get(name) for name in names]
    issued, report = str(body.get("issued_at")), body.get("kind") == REPORT
    checks = [
        Check("signature", worst(_holds(one, key, data) for one, key in zip(rows, found, strict=True)), ", ".join(names)),
        Check("signer", worst(_fit(key, issued) if key else None for key in found)),
        Check("house_signed", _house(names, found)) if report else Check("two_persons", _enough(body, names, found)),
    ]
    if not report:
        checks += _operation(body, set(names), {key.holder for key in found if key}, trust)
    return checks


def _house(names: Sequence[str], found: Sequence[Key | None]) -> bool | None:
    """An appraisal report: signed once, by a key of the house. No person's key makes one."""
    if len(names) != 1:
        return False
    return None if found[0] is None else found[0].role == "certificate"


def _enough(body: dict[str, Any], names: Sequence[str], found: Sequence[Key | None]) -> bool | None:
    """As many different signers as the text asks for, one of them a person, nobody with two keys. A certificate asks for two at
    least, a person's and the house's, whatever stands in it."""
    needed = body.get("requires_signatures", 0)
    if type(needed) is not int or needed < 2 or not len(set(names)) == len(names) >= needed:
        return False
    persons = [key.holder for key in found if key and key.role == "person"]
    if len(set(filter(None, persons))) != len(list(filter(None, persons))):
        return False
    if None in found or "" in persons:
        return None  # somebody we don't know, or don't know to be somebody else
    return bool(persons) and any(key is not None and key.role == "certificate" for key in found)


def _operation(body: dict[str, Any], names: set[str], holders: set[str], trust: Trust) -> list[Check]:
    """The operator's own signature, which stands inside the certificate: over this very wipe, by somebody who signed nothing
    else of it. In the same way whoever proposed a correction stands inside the amendment."""
    inner, covers = ("proposal", _proposes) if body.get("kind") == AMENDMENT else ("operation", _covers)
    act = body[inner] if isinstance(body.get(inner), dict) else {}
    said, row = act.get("statement"), act.get("signature")
    if not isinstance(said, dict) or not isinstance(row, dict):
        return [Check("operation", False), Check("operator_apart", None)]
    name = str(row.get("key_id"))
    key = trust.get(name)
    good = worst([covers(said, body), _holds(row, key, canonical(said)), _fit(key, str(act.get("at"))) if key else None])
    if key is not None and key.role != "person":
        good = False
    same = name in names or (key is not None and key.holder != "" and key.holder in holders)
    known = key is not None and key.holder != ""
    return [Check("operation", good, name), Check("operator_apart", False if same else True if known else None)]


def _covers(said: dict[str, Any], body: dict[str, Any]) -> bool:
    """Is the operator's statement about this wipe: its job and epoch, every medium of the paper and no other, and for each that
    was wiped by which file and under which rules it passed?"""
    parts = {name: CERTIFICATE[name] for name in ("job", "epoch", "media", "removed", "profile")}
    if not _shaped(said, STATEMENT) or not _shaped(body, parts) or said["version"] != 2:
        return False
    states = [(one["medium"], one["state"]) for one in said["media"]]
    told = {(one["id"], "present") for one in body["media"]} | {(one["id"], one["outcome"]) for one in body["removed"]}
    inside = {medium for medium, state in states if state == "present"}
    passed = sorted((one["medium"], one["parser"]) for one in said["judged"] if one["medium"] in inside)
    last = [(one["profile"], one["version"]) for one in said["judged"][-1:]]
    return (
        (said["job"], said["epoch"]) == (body["job"], body["epoch"])
        and len(dict(states)) == len(states)
        and set(states) == told
        and passed == sorted((one["id"], one["parser"]) for one in body["media"])
        and last in ([], [(body["profile"]["id"], body["profile"]["version"])])
    )


def _proposes(said: dict[str, Any], body: dict[str, Any]) -> bool:
    """Is the proposal about this very correction: the same paper, field, reason and words, or commitments to them?"""
    rest = {name: one for name, one in said.items() if name not in ("kind", "version", "at")}
    words = [{"before", "after"}, {"before_commitment", "after_commitment"}]
    whole = set(rest) - {"certificate", "certificate_digest", "field", "reason"} in words and len(rest) == 6
    return whole and said.get("kind") == "certificate_correction" and rest == {name: body.get(name) for name in rest}


def _holds(row: dict[str, Any], key: Key | None, data: bytes) -> bool | None:
    if key is None:
        return None if _text(row.get("key_id")) else False
    try:
        value = unbase64(str(row.get("value_b64")))
    except Unusable:
        return False
    return row.get("alg") == "Ed25519" and ed25519(key.public, data, value)


def _fit(key: Key, at: str) -> bool | None:
    """Was this key, of a role that signs papers, in force then? With a key revoked later the paper may have been written
    after that and dated back: only its place in the log tells, so unknown."""
    if key.role not in ("certificate", "person") or moment(at) is None:
        return False
    return False if key.since and at < key.since else _not_over(key, at)


def _not_over(key: Key, at: str) -> bool | None:
    if (key.until and at > key.until) or (key.revoked_at and at >= key.revoked_at):
        return False
    return None if key.revoked_at else True


# --- what the file says of itself, which nobody signed ----------------------------------------------------------------------


def possible(as_of: object) -> bool:
    """A moment, and none of the future."""
    said = moment(as_of)
    return said is not None and said <= datetime.now(UTC) + AHEAD


def _stands(value: dict[str, Any], body: dict[str, Any]) -> Check:
    """The state in the file can only take away. One that says `issued` may be old, and anybody may have written its as_of: only
    what can't be is refused."""
    state, as_of, report = value.get("state"), str(value.get("as_of")), body.get("kind") == REPORT
    last = body.get("expires_at" if report else "valid_until")
    issued, until, delivered = (str(one) for one in (body.get("issued_at"), last, value.get("delivered_at")))
    if not isinstance(state, str):
        return Check("stands", None)
    if state not in STANDS[REPORT if report else CERTIFICATE_KIND]:
        return Check("stands", False, f"{state[:30]} {str(value.get('reason') or '')[:40]}".rstrip())
    if not possible(as_of) or not _time(issued) or as_of < issued:
        return Check("stands", False, "as_of")
    if value.get("ended_at") is not None:
        return Check("stands", False, "ended")
    if not _time(until):
        until = ""
    if state == "delivered":
        return Check("stands", _time(delivered) and issued <= delivered <= min(as_of, until), state)
    if value.get("delivered_at") is not None:
        return Check("stands", False, "delivered_at")
    appealed = f"; under appeal since {value['under_appeal_since']}" if report and "under_appeal_since" in value else ""
    return Check("stands", as_of <= until, f"{state}{appealed}" if as_of <= until else "expired")


# --- its place in the log -------------------------------------------------------------------------------------------------

LEAF_OF = {CERTIFICATE_KIND: "privacy:certificate:issued", REPORT: "appraisal:report:issued"}


def _entered(
    log: dict[str, Any], value: dict[str, Any], body: dict[str, Any], digest: str, trust: Trust, outside: Outside | None
) -> list[Check]:
    text, told = log.get("leaf"), log.get("proof")
    if not isinstance(text, str) or not isinstance(told, str):
        return [Check("in_log", False, "no entry or no proof")]
    try:
        leaf, proof = parse(text.encode()), parse_proof(told)
    except (Unusable, UnicodeEncodeError) as fault:
        return [Check("in_log", False, str(fault))]
    leaf = leaf if isinstance(leaf, dict) else {}
    right = type(log.get("index")) is int and log["index"] == proof.index and canonical(leaf) == text.encode()
    checkpoint, created = proof.checkpoint, str(leaf.get("created"))
    there = verify_inclusion(proof.index, checkpoint.size, leaf_hash(text.encode()), proof.hashes, checkpoint.root)
    checks = [
        Check("leaf", right and _about(leaf, value, body, digest)),
        Check("dated", _dated(leaf, log, value, body)),
        Check("inclusion", there, str(proof.index)),
        _signed("checkpoint", checkpoint, trust, created),
        *_witnessed(checkpoint, trust),
    ]
    return checks + ([_agrees(checkpoint, outside), _signed("kept_checkpoint", outside.checkpoint, trust)] if outside else [])


def _about(leaf: dict[str, Any], value: dict[str, Any], body: dict[str, Any], digest: str) -> bool:
    """Is the entry about this very text: its number, digest, signers in their order, and each of its commitments? So none can be
    left out or put in later."""
    kind, said = value.get("kind"), leaf.get("body")
    if leaf.get("type") != LEAF_OF.get(str(kind)) or leaf.get("subject") != body.get("number") or not isinstance(said, dict):
        return False
    names = [one.get("key_id") if isinstance(one, dict) else None for one in value["signatures"]]
    if kind == REPORT:
        told = {"report": body.get("number"), "digest": digest, "keys": names}
        return canonical(said) == canonical(told) and canonical(leaf.get("v")) == b"1" and leaf.get("commitments") == []
    wanted = {"certificate": body.get("number"), "digest": digest, "epoch": body.get("epoch"), "keys": names}
    late = {"late": True} if said.get("late") is True else {}
    rows = leaf.get("commitments")
    committed = [one.get("commitment") for one in rows if isinstance(one, dict)] if isinstance(rows, list) else None
    same = committed is not None and (late and not rows or sorted(map(str, committed)) == sorted(_commitments(body)))
    return canonical(said) == canonical({**wanted, **late}) and canonical(leaf.get("v")) == b"1" and bool(same)


def _commitments(value: Any) -> list[str]:
    """All commitments that stand in a text."""
    if isinstance(value, list):
        return [one for inner in value for one in _commitments(inner)]
    if not isinstance(value, dict):
        return []
    mine = [str(value["commitment"])] if "commitment" in value else []
    return mine + [one for inner in value.values() for one in _commitments(inner)]


def _dated(leaf: dict[str, Any], log: dict[str, Any], value: dict[str, Any], body: dict[str, Any]) -> bool | None:
    """A paper is entered in the transaction that issues it: another time in its text is a lie. One from before there was a log
    was entered later and says so: then nobody can tell."""
    told = [moment(one) for one in (body.get("issued_at"), leaf.get("created"), log.get("since"))]
    issued, created, since = told
    if issued is None or created is None or since is None or created - since > SLACK:
        return False
    if _time(value.get("as_of")) and since - datetime.fromisoformat(value["as_of"]) > SLACK:
        return False
    if isinstance(leaf.get("body"), dict) and leaf["body"].get("late") is True:
        return None
    return abs(created - issued) <= SLACK


# --- slips of the pen that two people corrected: each a signed text of its own beside the certificate's, which stays ---------

AMENDED = "privacy:certificate:amended"
# the only fields that can be corrected, and where they stand in the text (nowhere: they are on paper, or hidden)
CLERICAL: dict[str, tuple[str, ...]] = {
    "brand": ("item", "brand"),
    "model": ("item", "model"),
    "wiped_point": ("wiped", "organisation", "name"),
    "verified_point": ("verified", "organisation", "name"),
    "hand_date": (),
    "owner_words": (),
}
_ACT = {"role": _text, "at": _time, "commitment": _hex, "organisation": {"id": _text, "name": _text}}
SLIP = {
    "kind": _any_of(AMENDMENT), "certificate": _text, "certificate_digest": _hex, "n": _counted,
    "field": _any_of(*CLERICAL), "reason": _text, "proposed": _ACT, "approved": _ACT, "issued_at": _time,
    "proposal": {"at": _time, "signature": {"alg": _text, "key_id": _text, "value_b64": _text}, "statement": {"kind": _text}},
}  # fmt: skip


def check_amendments(value: dict[str, Any], body: dict[str, Any], digest: str, trust: Trust) -> list[Check]:
    """What two people corrected, if anything: about this very text, in clerical fields only, signed by both and by the house, and
    entered in the log by itself. A correction that was left out of the file can't be missed here: its page shows it."""
    rows = value.get("amendments")
    if rows is None or rows == []:
        return []
    if not isinstance(rows, list) or body.get("kind") == REPORT:
        return [Check("amended", False)]
    found: dict[str, list[tuple[bool | None, str]]] = {}
    stands: dict[str, str] = {}
    for n, row in enumerate(rows, 1):
        for one in _amendment(n, row if isinstance(row, dict) else {}, body, digest, stands, trust):
            found.setdefault(one.code, []).append((one.ok, one.detail))
    return [Check(code, worst(ok for ok, _ in told), "; ".join(word for _, word in told if word)) for code, told in found.items()]


def _amendment(
    n: int, row: dict[str, Any], body: dict[str, Any], digest: str, stands: dict[str, str], trust: Trust
) -> Iterator[Check]:
    """The nth of a certificate. `stands`: what fields read after the ones before it."""
    told, signatures = row.get("body"), row.get("signatures")
    if not isinstance(told, dict) or not isinstance(signatures, list) or not _shaped(told, SLIP):
        yield Check("amended", False, str(n))
        return
    own = hashlib.sha256(canonical(told)).hexdigest()
    about = (told["certificate"], told["certificate_digest"], told["n"]) == (body.get("number"), digest, n)
    yield Check("amended", row.get("digest") == own and about and _reads_on(told, body, stands), _said(told))
    # the approver and the house over it, and within it another person over what was proposed
    yield Check("amended_signed", worst(one.ok for one in check_signatures(told, signatures, trust)))
    yield Check("amended_log", _amended_log(row.get("log"), told, signatures, own, trust))


def _said(told: dict[str, Any]) -> str:
    return f"{told['field']}: {told.get('before')} -> {told['after']}" if "after" in told else str(told["field"])


def _reads_on(told: dict[str, Any], body: dict[str, Any], stands: dict[str, str]) -> bool:
    """Does it begin with what the text, as corrected so far, says in this field?"""
    field, shown = told["field"], ("before", "after")
    if field == "owner_words":
        return all(_hex(told.get(f"{name}_commitment")) and name not in told for name in shown)
    if not all(_text(told.get(name)) for name in shown) or told["before"] == told["after"]:
        return False
    value: Any = body
    for name in CLERICAL[field]:
        value = value.get(name) if isinstance(value, dict) else None
    before, stands[field] = stands.get(field, value), told["after"]
    return not CLERICAL[field] or before == told["before"]


def _amended_log(log: object, told: dict[str, Any], signatures: list[Any], digest: str, trust: Trust) -> bool | None:
    if not isinstance(log, dict) or log.get("state") != "entered":
        return None
    try:
        leaf, proof = parse(str(log.get("leaf")).encode()), parse_proof(str(log.get("proof")))
    except (Unusable, UnicodeEncodeError):
        return False
    leaf = leaf if isinstance(leaf, dict) else {}
    names = [one.get("key_id") if isinstance(one, dict) else None for one in signatures]
    wanted = {
        "certificate": told["certificate"], "of": told["certificate_digest"], "n": told["n"], "digest": digest,
        "area": told["field"], "keys": names,
    }  # fmt: skip
    hidden = [told[name] for name in ("before_commitment", "after_commitment") if name in told]
    mine = sorted([told["proposed"]["commitment"], told["approved"]["commitment"], *map(str, hidden)])
    rows = leaf.get("commitments")
    committed = sorted(str(one.get("commitment")) for one in rows if isinstance(one, dict)) if isinstance(rows, list) else []
    right = (
        (leaf.get("type"), leaf.get("subject")) == (AMENDED, f"{told['certificate']}/{told['n']}")
        and canonical(leaf.get("body")) == canonical(wanted)
        and committed == mine
        and type(log.get("index")) is int
        and log["index"] == proof.index
        and canonical(leaf) == str(log.get("leaf")).encode()
    )
    checkpoint, created = proof.checkpoint, moment(leaf.get("created"))
    there = verify_inclusion(proof.index, checkpoint.size, leaf_hash(canonical(leaf)), proof.hashes, checkpoint.root)
    dated = created is not None and abs(created - datetime.fromisoformat(told["issued_at"])) <= SLACK
    return worst([right, there, dated, _signed("checkpoint", checkpoint, trust, str(leaf.get("created"))).ok])


def _signed(code: str, checkpoint: Checkpoint, trust: Trust, at: str = "") -> Check:
    """Signed by a trusted key of this log? `at`: when its newest entry that we know was written; a key that had ended by then
    didn't sign in time, and one that was revoked makes it unknown."""
    logs = [key for key in trust.values() if key.role == "log" and key.name == checkpoint.origin]
    answers = [(signed_by(checkpoint.note, key.name, key.public), _not_over(key, at)) for key in logs]
    if any(holds is False for holds, _ in answers):
        return Check(code, False, checkpoint.origin)
    good = [in_force for holds, in_force in answers if holds]
    return Check(code, True if True in good else worst(good), checkpoint.origin)


def _witnessed(checkpoint: Checkpoint, trust: Trust) -> list[Check]:
    """Signatures of witnesses you trust: one that doesn't hold is a lie; a missing one is no fault, unless you asked for it."""
    found: list[tuple[bool | None, str]] = []
    for key in (key for key in trust.values() if key.role == "witness"):
        mine = (key.name, note_key_id(key.name, COSIGNATURE, key.public))
        there = any((name, key_id) == mine for name, key_id, _ in checkpoint.note.signatures)
        if there or key.asked:
            found.append((_cosigned(checkpoint.note, key) if there else None, key.name))
    return [_joined("witnessed", found)] if found else []


def _cosigned(note: Note, key: Key) -> bool | None:
    time = cosigned_by(note, key.name, key.public)
    if time is None or time > 2**40:
        return False
    return _not_over(key, datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")) or None


def _agrees(checkpoint: Checkpoint, outside: Outside) -> Check:
    kept = outside.checkpoint
    if kept.origin != checkpoint.origin:
        return Check("consistency", None, f"{kept.origin} != {checkpoint.origin}")
    if kept.size == checkpoint.size:
        return Check("consistency", kept.root == checkpoint.root, str(kept.size))
    small, large = sorted((kept, checkpoint), key=lambda one: one.size)
    detail = f"{small.size} -> {large.size}"
    if small.size == 0:
        return Check("consistency", None, detail)
    proof = outside.proof.get((small.size, large.size))
    if proof is None:
        return Check("consistency", None, f"/log/consistency?from={small.size}&to={large.size}")
    return Check("consistency", verify_consistency(small.size, large.size, proof, small.root, large.root), detail)


# --- bundles ----------------------------------------------------------------------------------------------------------

MOST_FILES, LARGEST_FILE, LARGEST_WHOLE = 50_000, 64 * 1024 * 1024, 512 * 1024 * 1024
_PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,3}")


def read_zip(data: bytes) -> dict[str, bytes]:
    """The files of a bundle. Unusable for odd names, too many or too large files, and what swells like a zip bomb."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if len(entries) > MOST_FILES or len(set(names)) != len(names):
                raise Unusable("bad_bundle", "too many files, or two of one name")
            if sum(entry.file_size for entry in entries) > LARGEST_WHOLE:
                raise Unusable("bad_bundle", "the bundle is too large")
            for entry in entries:
                swells = entry.file_size > 1_000_000 and entry.file_size > 200 * max(entry.compress_size, 1)
                if not _PATH.fullmatch(entry.filename) or entry.flag_bits & 1 or swells or entry.file_size > LARGEST_FILE:
                    raise Unusable("bad_bundle", f"{entry.filename[:80]!r} can't be part of a bundle")
            return {entry.filename: _whole(archive, entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError, zlib.error) as fault:
        raise Unusable("bad_bundle", "this zip file is damaged") from fault


def _whole(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as stream:
        data = stream.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise Unusable("bad_bundle", f"{entry.filename[:80]!r} is not as long as it says")
    return data


def check_bundle(files: Mapping[str, bytes], trust: Trust, outside: Outside | None) -> tuple[list[Check], str]:
    """Every file against the manifest, every certificate, every leaf against the one checkpoint. Returns (checks, as_of)."""
    manifest = parse(files.get("manifest.json", b""))
    if not isinstance(manifest, dict) or (manifest.get("kind"), manifest.get("version")) != ("xunshi_bundle", 1):
        raise Unusable("bad_bundle", "this zip holds no manifest of kind xunshi_bundle, version 1")
    listed, as_of = manifest.get("files"), str(manifest.get("as_of", ""))
    there = {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "manifest.json"}
    checkpoint = parse_checkpoint(files.get("checkpoint", b""))
    checks = [Check("files", listed == there, ", ".join(_differing(listed, there))), Check("as_of", possible(as_of))]
    leaves, entered, heads = _bundle_leaves(files, checkpoint)
    told = [leaf for leaf in map(_told, leaves.values()) if leaf]
    newest = max((str(leaf.get("created")) for leaf in told if _time(leaf.get("created"))), default="")
    trust = _with_ends(trust, told)
    good = worst(_signed("checkpoint", one, trust, newest).ok for one in heads)
    checks += [Check("inclusion", entered, str(len(leaves))), Check("checkpoint", good, checkpoint.origin)]
    checks += _witnessed(checkpoint, trust)
    known = _bundle_outside(files, outside)
    if known:
        checks += [_agrees(checkpoint, known), _signed("kept_checkpoint", known.checkpoint, trust)]
    return checks + _bundle_papers(files, frozenset(leaves.values()), told, as_of, trust) + _bundle_evidence(files, told), as_of


def _told(text: str) -> dict[str, Any]:
    value = parse(text.encode())
    return value if isinstance(value, dict) else {}


def _with_ends(trust: Trust, leaves: Iterable[dict[str, Any]]) -> Trust:
    """The keys as the log itself ends them: a list may be older than the bundle."""
    known = dict(trust)
    for leaf in leaves:
        key, said, at = known.get(str(leaf.get("subject"))), leaf.get("body"), str(leaf.get("created"))
        if leaf.get("type") == "privacy:key:revoked" and key and isinstance(said, dict) and _time(at):
            if said.get("reason") == "retired":
                known[key.key_id] = replace(key, until=min(key.until or at, at))
            else:
                known[key.key_id] = replace(key, revoked_at=min(key.revoked_at or at, at))
    return known


def _differing(listed: object, there: Mapping[str, str]) -> list[str]:
    said = listed if isinstance(listed, dict) else {}
    return sorted(name for name in {*said, *there} if said.get(name) != there.get(name))[:10]


def _bundle_leaves(
    files: Mapping[str, bytes], checkpoint: Checkpoint
) -> tuple[dict[int, str], bool | None, list[Checkpoint]]:
    """The leaves by their numbers; whether the proof of each leads to the checkpoint's root; the checkpoint, and those of proofs
    that are written otherwise, as each may be shown alone."""
    leaves: dict[int, str] = {}
    answers: list[bool | None] = []
    heads = {checkpoint.note.raw: checkpoint}
    for line in files.get("leaves.jsonl", b"").splitlines():
        row = parse(line)
        index, text = (row.get("index"), row.get("leaf")) if isinstance(row, dict) else (None, None)
        if type(index) is not int or not isinstance(text, str) or index in leaves:
            raise Unusable("bad_bundle", "leaves.jsonl holds a line that is no leaf")
        proof = parse_proof(files.get(f"proofs/{index}.tlog-proof", b"").decode(errors="replace"))
        same = proof.index == index and proof.checkpoint.note.text == checkpoint.note.text
        data = leaf_hash(text.encode(errors="replace"))
        answers.append(same and verify_inclusion(index, checkpoint.size, data, proof.hashes, checkpoint.root))
        leaves[index] = text
        heads[proof.checkpoint.note.raw] = proof.checkpoint
    return leaves, worst(answers), list(heads.values())


def _bundle_outside(files: Mapping[str, bytes], outside: Outside | None) -> Outside | None:
    if outside is None or "consistency.jsonl" not in files:
        return outside
    proofs = dict(outside.proof)
    for line in files["consistency.jsonl"].splitlines():
        proofs.update(read_consistency(line))
    return Outside(outside.checkpoint, proofs)


def read_consistency(data: bytes) -> dict[tuple[int, int], tuple[bytes, ...]]:
    """What /log/consistency answers: {from, to, proof}."""
    value = parse(data)
    if not isinstance(value, dict) or not isinstance(value.get("proof"), list):
        raise Unusable("bad_consistency", "a consistency proof has from, to and proof")
    first, second = value.get("from"), value.get("to")
    if not isinstance(first, int) or not isinstance(second, int):
        raise Unusable("bad_consistency", "a consistency proof has two sizes")
    return {(first, second): tuple(unbase64(str(one)) for one in value["proof"])}


def _bundle_papers(
    files: Mapping[str, bytes], texts: frozenset[str], told: Sequence[dict[str, Any]], as_of: str, trust: Trust
) -> list[Check]:
    """The checks of all papers, one line for each kind of check; the numbers of those that fail stand beside it."""
    answers: dict[str, list[tuple[bool | None, str]]] = {}
    for name in sorted(files):
        if not name.startswith("certificates/"):
            continue
        value, number = parse(files[name]), name[13:].removesuffix(".json")
        if not is_paper(value):
            raise Unusable("bad_bundle", f"{name[:80]!r} is no certificate")
        checks = [*check_paper(value, trust, None), *_beside(value, number, texts, told, as_of)]
        for one in checks:
            code = "own_" + one.code if one.code in ("inclusion", "checkpoint") else one.code
            answers.setdefault(code, []).append((one.ok, number))
    return [_joined(code, found) for code, found in answers.items()] or [Check("form", None, "0")]


def _beside(
    value: dict[str, Any], number: str, texts: frozenset[str], told: Sequence[dict[str, Any]], as_of: str
) -> Iterator[Check]:
    """What the rest of the bundle says of one of its papers: it is of the same moment and under its own name, its entry is here,
    no entry ended it, and the files that its operator signed for were entered for this very wipe."""
    body, log = value["body"], value.get("log")
    mine = [leaf for leaf in told if number in (leaf.get("subject"), _inside(leaf, "certificate"))]
    files = {_inside(leaf, "digest") for leaf in told if _is(leaf, "privacy:evidence:attached", body.get("job"))}
    yield Check("own_as_of", value.get("as_of") == as_of)
    yield Check("same_leaf", number == body.get("number") and (log.get("leaf") if isinstance(log, dict) else None) in texts)
    yield Check("not_ended", not any(_ends(leaf, value) for leaf in mine))
    logged = sorted(str(_inside(leaf, "digest")) for leaf in mine if leaf.get("type") == AMENDED)
    rows = value.get("amendments")
    there = sorted(str(one.get("digest")) for one in rows if isinstance(one, dict)) if isinstance(rows, list) else []
    if logged or there:
        yield Check("amended_all", logged == there)
    if body.get("kind") != REPORT:
        yield Check("signed_files", {str(one.get("evidence")) for one in _judged(body)} <= files)


def _inside(leaf: dict[str, Any], name: str) -> object:
    said = leaf.get("body")
    return said.get(name) if isinstance(said, dict) else None


def _is(leaf: dict[str, Any], kind: str, subject: object) -> bool:
    return leaf.get("type") == kind and leaf.get("subject") == subject == _inside(leaf, "job")


def _ends(leaf: dict[str, Any], value: dict[str, Any]) -> bool:
    """An entry that the paper was revoked, or has ended in another way than it says itself."""
    if leaf.get("type") == "privacy:certificate:ended":
        return (_inside(leaf, "state"), value.get("state")) != ("delivered", "delivered")
    return leaf.get("type") in ("privacy:certificate:revoked", "appraisal:report:ended", "appraisal:report:revoked")


def _judged(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of the operator's statement: which medium passed by which file."""
    act = body.get("operation")
    said = act.get("statement") if isinstance(act, dict) else None
    rows = said.get("judged") if isinstance(said, dict) else None
    return [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []


def _joined(code: str, found: Sequence[tuple[bool | None, str]]) -> Check:
    answer = worst(ok for ok, _ in found)
    return Check(code, answer, ", ".join(name for ok, name in found if ok is answer and not answer)[:200])


def _bundle_evidence(files: Mapping[str, bytes], told: Iterable[dict[str, Any]]) -> list[Check]:
    """Each tool's file has the digest it is named after, and a leaf says that this very file was attached."""
    said = {_inside(leaf, "digest") for leaf in told if leaf.get("type") == "privacy:evidence:attached"}
    found = [(name[9:], data) for name, data in files.items() if name.startswith("evidence/")]
    answers = [(hashlib.sha256(data).hexdigest() == name and name in said, name) for name, data in found]
    return [_joined("evidence", answers)] if answers else []


# --- a whole exported log, laid out as C2SP tlog-tiles ------------------------------------------------------------------


def tile_path(number: int) -> str:
    """1234067 -> x001/x234/067"""
    parts = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        parts.insert(0, f"x{number % 1000:03d}")
    return "/".join(parts)


def entries(read: Callable[[str], bytes], size: int) -> Iterator[bytes]:
    """The leaves of a log of `size`, from its entry bundles. `read` takes a path such as tile/entries/000.p/7."""
    for number in range(-(-size // 256)):
        wanted = min(256, size - number * 256)
        data = read(f"tile/entries/{tile_path(number)}" + ("" if wanted == 256 else f".p/{wanted}"))
        at = 0
        for _ in range(wanted):
            length = int.from_bytes(data[at : at + 2], "big")
            if at + 2 + length > len(data):
                raise Unusable("bad_log", f"the entry bundle {number} is cut off")
            yield data[at + 2 : at + 2 + length]
            at += 2 + length
        if at != len(data):
            raise Unusable("bad_log", f"the entry bundle {number} is too long")


def check_log(folder: Path, trust: Trust, outside: Outside | None) -> list[Check]:
    """Hashes every leaf of an export; compares with its tiles, its checkpoints, the older ones too, and the one that was kept."""

    def read(name: str) -> bytes:
        try:
            return folder.joinpath(name).read_bytes()
        except OSError as fault:
            raise Unusable("bad_log", f"{name} can't be read") from fault

    checkpoint = parse_checkpoint(read("checkpoint"))
    if checkpoint.size > 10**9:
        raise Unusable("bad_log", "this log is too large for this program")
    kept = outside.checkpoint if outside else None
    older = [parse_checkpoint(read(f"checkpoints/{name}")) for name in _older(folder)]
    wanted, roots = {one.size for one in (*older, *([kept] if kept else []))}, dict[int, bytes]()
    tree, tiles, last = Growing(), _Tiles(folder), b""
    for last in entries(read, checkpoint.size):
        tiles.add(tree.add(leaf_hash(last)))
        if tree.size in wanted:
            roots[tree.size] = tree.root()
    newest = str(_told(last.decode(errors="replace")).get("created")) if last else ""
    checks = [
        Check("leaves", tree.root() == checkpoint.root, str(tree.size)),
        _signed("checkpoint", checkpoint, trust, newest if _time(newest) else ""),
        *_witnessed(checkpoint, trust),
        Check("tiles", not tiles.finish(), ", ".join(tiles.wrong[:10])),
    ]
    if older:
        checks.append(Check("older", worst(_earlier(one, roots, trust) for one in older), str(len(older))))
    if kept:
        same = kept.origin == checkpoint.origin
        agrees = roots.get(kept.size) == kept.root if kept.size else None
        checks.append(Check("consistency", agrees if same else None, f"{kept.size} -> {tree.size}"))
        checks.append(_signed("kept_checkpoint", kept, trust))
    return checks


def _earlier(one: Checkpoint, roots: Mapping[int, bytes], trust: Trust) -> bool | None:
    """Is an earlier checkpoint of this very tree, and signed by a key of this log, whether that has ended since or not?"""
    logs = [key for key in trust.values() if key.role == "log" and key.name == one.origin]
    answers = [signed_by(one.note, key.name, key.public) for key in logs]
    if roots.get(one.size) != one.root or False in answers:
        return False
    return True if True in answers else None


def _older(folder: Path) -> list[str]:
    """Names of the earlier checkpoints that lie in the folder, which are their sizes."""
    place = folder / "checkpoints"
    names = sorted(one.name for one in place.iterdir()) if place.is_dir() else []
    if len(names) > MOST_FILES or not all(_SIZE.fullmatch(name) for name in names):
        raise Unusable("bad_log", "checkpoints holds what is no checkpoint")
    return names


class _Tiles:
    """Compares the hash tiles of an export, where they lie in it, with the hashes of its entries, as they come."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.open, self.wrong = folder, dict[int, tuple[int, bytearray]](), list[str]()

    def add(self, made: Iterable[tuple[int, int, bytes]]) -> None:
        for level, index, found in made:
            if level % 8 == 0:
                number, row = self.open.setdefault(level // 8, (index // 256, bytearray()))
                row += found
                if len(row) == 256 * 32:
                    self._compare(level // 8, number, row)
                    del self.open[level // 8]

    def finish(self) -> bool:
        """Compare the tiles that aren't full; was any of them all wrong?"""
        for level, (number, row) in self.open.items():
            self._compare(level, number, row)
        return bool(self.wrong)

    def _compare(self, level: int, number: int, row: bytearray) -> None:
        width = len(row) // 32
        name = f"tile/{level}/{tile_path(number)}" + ("" if width == 256 else f".p/{width}")
        path = self.folder / name
        if path.is_file() and path.read_bytes() != row:
            self.wrong.append(name)


# --- the answer -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found: kind of FILE, checks, the moment FILE speaks of (by its own words), and whether keys were given."""

    kind: str
    checks: Sequence[Check]
    as_of: str
    confirmed: bool

    @property
    def verdict(self) -> str:
        return {True: "valid", False: "invalid", None: "unknown"}[worst(check.ok for check in self.checks)]

    def as_json(self) -> dict[str, Any]:
        rows = [{"code": one.code, "ok": one.ok, "detail": one.detail} for one in self.checks]
        notes = ["revocation_after_as_of"] + ([] if self.confirmed else ["signer_not_confirmed"])
        notes += [] if any(one.code == "witnessed" for one in self.checks) else ["no_witness"]
        return {"verdict": self.verdict, "checks": rows, "as_of": self.as_of or None, "kind": self.kind, "notes": notes}


def is_paper(value: Any) -> bool:
    versions = PAPERS.get(str(value.get("kind")), ()) if isinstance(value, dict) else ()
    return type(value.get("version")) is int and value["version"] in versions if versions else False


def examine(data: bytes, trust: Trust | None = None, outside: Outside | None = None) -> Answer:
    """Check the bytes of a certificate, report or bundle. Unusable for anything else."""
    keys = trust or {}
    if data[:2] == b"PK":
        checks, as_of = check_bundle(read_zip(data), keys, outside)
        return Answer("xunshi_bundle", checks, as_of, _confirmed(trust))
    value = parse(data)
    if not is_paper(value):
        raise Unusable("unknown_kind", "this is no certificate, report or bundle that this program knows")
    return Answer(str(value["kind"]), check_paper(value, keys, outside), str(value.get("as_of", "")), _confirmed(trust))


def _confirmed(trust: Trust | None) -> bool:
    """Was a key list given? A witness's key alone says nothing of who signs papers."""
    return trust is not None and not (trust and all(key.asked for key in trust.values()))


WORDS = {
    "form": ("The signed text has the form of its kind", "签名正文的格式与其类型相符"),
    "digest": ("The digest is that of the signed text", "摘要与签名正文一致"),
    "signature": ("Every signature holds", "所有签名有效"),
    "signer": ("Signed by a key you trust, in force on that day", "签名密钥是您信任的，且当日有效"),
    "two_persons": ("As many signed as it needs, a person and the house, nobody twice", "个人与机构均已签名，人数足够且无人重复"),
    "house_signed": ("The house signed it, and nobody else", "由机构签名，且仅由机构签名"),
    "operation": ("Its operator signed for this wipe, its media and their files", "操作员已对本次清除、其存储介质及文件签名"),
    "operator_apart": ("The operator signed nothing else of it", "操作员与验证人不是同一人"),
    "stands": ("The paper stands (by its own word, which nobody signed)", "证明仍然有效（仅为文件自述，该状态未经签名）"),
    "in_log": ("It is entered in the public log", "已登记入公开日志"),
    "leaf": ("The log's entry is about this very text", "日志条目对应的正是这份正文"),
    "dated": ("The paper is dated as the log entered it", "证明的日期与日志登记的时间一致"),
    "inclusion": ("The entry is in the log's tree", "条目在日志的树中"),
    "checkpoint": ("The log's checkpoint is signed by a key you trust", "日志检查点由您信任的密钥签名"),
    "kept_checkpoint": ("The checkpoint you kept is signed by the log", "您保存的检查点确由该日志签名"),
    "consistency": ("The log agrees with the checkpoint you kept", "日志与您保存的检查点一致"),
    "files": ("Every file is the one in the manifest", "所有文件与清单一致"),
    "same_leaf": ("Each certificate's entry is in the bundle", "每份证明的日志条目都在包内"),
    "own_inclusion": ("Each certificate's own proof holds", "每份证明自带的包含证明成立"),
    "own_checkpoint": ("Each certificate's own checkpoint is signed", "每份证明自带的检查点签名有效"),
    "evidence": ("Each tool's file is the one that was logged", "每个工具文件都与登记的一致"),
    "signed_files": ("The files that the operator signed for were logged for this wipe", "操作员签名依据的文件均已登记"),
    "not_ended": ("No entry in the bundle ends or revokes it", "包内没有终止或撤销它的日志条目"),
    "as_of": ("The bundle says of when it is, and not of the future", "包内写明截至时间，且不晚于现在"),
    "own_as_of": ("Each certificate is of the same moment", "每份证明的截至时间与包一致"),
    "witnessed": ("The witnesses you know signed the checkpoint", "您认识的见证方已联署检查点"),
    "amended": ("Two people corrected a slip of the pen in it", "两人更正了其中的笔误"),
    "amended_signed": ("Both of them and the house signed each correction", "每项更正均由两人和机构签名"),
    "amended_log": ("Each correction is entered in the public log", "每项更正均已登记入公开日志"),
    "amended_all": ("Every correction that the bundle's log tells of is in the paper", "包内日志提到的更正都在证明里"),
    "leaves": ("All leaves together give the signed root", "全部条目的计算结果与签名的根一致"),
    "tiles": ("The hash tiles are those of the leaves", "散列瓦片与条目一致"),
    "older": ("The earlier checkpoints are signed, and of the same log", "以往检查点签名有效，且属于同一日志"),
    "valid": ("VALID: every check passed.", "有效：全部检查通过。"),
    "invalid": ("INVALID: don't rely on it.", "无效：请勿采信。"),
    "unknown": ("UNKNOWN: not everything could be checked, and unknown is not a pass.", "未知：有检查无法完成，未知不等于通过。"),
    "revocation_after_as_of": (
        "It says it is of %s, and nobody signed that. Whether it was revoked since can't be seen offline: look at its page.",
        "文件自称截至 %s（该时间未经签名）。此后是否被撤销，离线无法得知，请查看其网页。",
    ),
    "no_witness": (
        "No witness you know signed the log's checkpoint: only checkpoints that others kept can show a second log.",
        "没有您认识的见证方联署该日志检查点：只有他人保存的检查点才能揭露另一份日志。",
    ),
    "signer_not_confirmed": (
        "Signer not confirmed: give the key list you trust with --trust. Keys inside the file prove nothing.",
        "签名人未确认：请用 --trust 给出您信任的密钥列表。文件自带的密钥不能作为依据。",
    ),
}


def told(answer: Answer, lang: str) -> str:
    """The answer in sentences, one check a line."""
    zh = 1 if lang == "zh" else 0
    marks = {True: "+", False: "X", None: "?"}
    lines = [WORDS[answer.verdict][zh]]
    lines += [f"[{marks[one.ok]}] {WORDS[one.code][zh]}{_aside(one)}" for one in answer.checks]
    notes = [WORDS[note][zh] for note in answer.as_json()["notes"]]
    return "\n".join([*lines, *(note.replace("%s", _clean(answer.as_of)[:40] or "—") for note in notes)])


def _clean(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _aside(one: Check) -> str:
    clean = _clean(one.detail)
    return f" ({clean})" if clean and one.code != "signature" else ""


def _bytes(name: str) -> bytes:
    try:
        if name == "-":
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(LARGEST + 1)
    except (OSError, ValueError) as fault:
        raise Unusable("missing", f"{name!r} can't be read: {fault}") from fault
    if len(data) > LARGEST:
        raise Unusable("too_large", f"{name!r} is larger than {LARGEST} bytes")
    return data


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Unusable("usage", message)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    parser = _Parser(prog="python -m privacy.verify", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--trust", metavar="KEYS.json", help="the key list you trust")
    parser.add_argument("--checkpoint", metavar="FILE", help="a checkpoint you kept")
    parser.add_argument("--consistency", metavar="FILE", help="what /log/consistency answered")
    parser.add_argument("--witness", metavar="VKEY", action="append", default=[], help="a witness that has to have signed, too")
    parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON value instead of words")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh" if spoken.lower().startswith("zh") else "en")
    return parser.parse_args(arguments)


def _examined(asked: argparse.Namespace) -> Answer:
    trust = read_keys(_bytes(asked.trust)) if asked.trust else None
    if asked.witness:
        trust = {**(trust or {}), **{key.key_id: key for key in map(asked_witness, asked.witness)}}
    proof = read_consistency(_bytes(asked.consistency)) if asked.consistency else {}
    outside = Outside(parse_checkpoint(_bytes(asked.checkpoint)), proof) if asked.checkpoint else None
    if asked.file != "-" and Path(asked.file).is_dir():
        return Answer("xunshi_log", check_log(Path(asked.file), trust or {}, outside), "", _confirmed(trust))
    return examine(_bytes(asked.file), trust, outside)


def main(arguments: Sequence[str] | None = None) -> int:
    try:
        asked = _arguments(arguments)
        answer = _examined(asked)
    except Unusable as no:
        said = json.dumps({"error": no.code, "message": str(no)}, ensure_ascii=False)
        sys.stderr.buffer.write(said.encode("utf-8", "backslashreplace") + b"\n")
        return 2
    said = json.dumps(answer.as_json(), ensure_ascii=False) if asked.as_json else told(answer, asked.lang)
    sys.stdout.buffer.write(said.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()
    return 0 if answer.verdict == "valid" else 1


if __name__ == "__main__":
    sys.exit(main())
