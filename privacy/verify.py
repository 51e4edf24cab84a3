"""Checks papers of Xunshi without Xunshi: a certificate, a bundle or a whole exported log, with the network off.

    python verify.py FILE [--trust KEYS.json] [--checkpoint FILE] [--consistency FILE] [--json] [--lang zh|en]

ONE file on purpose: it runs copied alone, on Python 3.11 or newer, with nothing else installed (`cryptography` is used
where it is there). FILE is a certificate or report (JSON), a bundle (zip), a folder that `flask log export` wrote, or `-`.
KEYS.json is the key list you trust, from /keys.json or from paper; keys found only inside FILE prove nothing. CHECKPOINT
is one you kept. Exit 0 valid, 1 invalid or unknown, 2 unusable. The formats are told in docs/algorithms/public-log.md."""

import argparse
import base64
import functools
import hashlib
import io
import json
import os
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

try:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey as _Fast
except Exception:  # not installed, or broken: the arithmetic below does the same
    _Fast = None  # type: ignore[assignment, misc]

LARGEST = 256 * 1024 * 1024  # bytes of FILE
DEEPEST, LARGEST_INTEGER = 64, 2**53 - 1
PAPERS = {"wipe_certificate": (1,), "appraisal_report": (1,)}
STANDS = ("issued", "delivered")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


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
        keys = sorted(value, key=lambda key: str(key).encode("utf-16-be", "surrogatepass"))
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
    """`role`: certificate, person or log; `name`: a log's origin; `holder` tells two keys of one person."""

    key_id: str
    public: bytes
    role: str
    name: str
    holder: str
    since: str
    until: str
    revoked_at: str


def read_keys(data: bytes) -> dict[str, Key]:
    """A key list by key ids. Unusable when it isn't one, or an id isn't that of its key."""
    value = parse(data)
    rows = value.get("keys") if isinstance(value, dict) else None
    if not isinstance(rows, list) or value.get("kind") != "xunshi_keys" or not all(isinstance(row, dict) for row in rows):
        raise Unusable("bad_keys", "this is no key list of kind xunshi_keys")
    return {key.key_id: key for key in map(_key, rows) if key.role != "unused"}


def _key(row: dict[str, Any]) -> Key:
    def text(name: str) -> str:
        return row[name] if isinstance(row.get(name), str) else ""

    try:
        public = bytes.fromhex(text("public"))
    except ValueError:
        public = b""
    if len(public) != 32 or hashlib.sha256(public).hexdigest()[:16] != text("key_id") or row.get("alg") != "Ed25519":
        raise Unusable("bad_keys", f"the key {text('key_id')[:20]!r} isn't what it is named after")
    role = text("role") or "certificate"
    rest = [text(name) for name in ("name", "holder", "from", "until", "revoked_at")]
    return Key(text("key_id"), public, role, *rest)


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
    data = canonical(body)
    digest = hashlib.sha256(data).hexdigest()
    same = (body.get("kind"), body.get("version")) == (value.get("kind"), value.get("version"))
    checks = [Check("form", same), Check("digest", value.get("digest") == digest)]
    checks += _signers(body, data, signatures, trust)
    checks.append(_stands(value, body))
    log = value.get("log")
    if not isinstance(log, dict) or log.get("state") != "entered":
        return [*checks, Check("in_log", None)]
    return checks + _entered(log, value, body, digest, trust, outside)


def _signers(body: dict[str, Any], data: bytes, signatures: list[Any], trust: Trust) -> list[Check]:
    rows = [one if isinstance(one, dict) else {} for one in signatures]
    names = [str(one.get("key_id")) for one in rows]
    found = [trust.get(name) for name in names]
    holds = [_holds(one, key, data) for one, key in zip(rows, found, strict=True)]
    issued = str(body.get("issued_at"))
    known = [_fit(key, issued) if key else None for key in found]
    holders = [key.holder for key in found if key and key.holder]
    needed = body.get("requires_signatures", 1)
    enough = isinstance(needed, int) and len(set(names)) >= needed
    apart = enough and len(set(names)) == len(names) and len(set(holders)) == len(holders)
    by_person = any(key is not None and key.role == "person" for key in found)
    persons = None if apart and None in found else apart and (needed == 1 or by_person)
    if persons and body.get("kind") == "wipe_certificate" and "requires_signatures" not in body:
        persons = None  # so were papers before people had keys, and so would be one that the house alone made up
    checks = [Check("signature", worst(holds), ", ".join(names)), Check("signer", worst(known)), Check("two_persons", persons)]
    return checks + (_operation(body, set(names), set(holders), trust) if "operation" in body else [])


def _operation(body: dict[str, Any], names: set[str], holders: set[str], trust: Trust) -> list[Check]:
    """The operator's own signature, which stands inside the certificate: over this very job, by somebody who signed
    nothing else of it."""
    act = body["operation"] if isinstance(body["operation"], dict) else {}
    said, row = act.get("statement"), act.get("signature")
    if not isinstance(said, dict) or not isinstance(row, dict):
        return [Check("operation", False)]
    about = all(said.get(name) == body.get(name) for name in ("job", "epoch")) and said.get("kind") == "wipe_operation"
    key = trust.get(str(row.get("key_id")))
    good = worst([about, _holds(row, key, canonical(said)), _fit(key, str(act.get("at"))) if key else None])
    if key is not None and key.role != "person":
        good = False
    same = str(row.get("key_id")) in names or (key is not None and key.holder in holders)
    return [Check("operation", good, str(row.get("key_id"))), Check("operator_apart", False if same else (True if key else None))]


def _holds(row: dict[str, Any], key: Key | None, data: bytes) -> bool | None:
    if key is None:
        return None
    try:
        value = unbase64(str(row.get("value_b64")))
    except Unusable:
        return False
    return row.get("alg") == "Ed25519" and ed25519(key.public, data, value)


def _fit(key: Key, at: str) -> bool | None:
    """Was this key, of a role that signs papers, in force then? With a key revoked later the paper may have been written
    after that and dated back: only its place in the log tells, so unknown."""
    if key.role not in ("certificate", "person"):
        return False
    return _in_force(key, at)


def _in_force(key: Key, at: str) -> bool | None:
    if not STAMP.fullmatch(at):
        return None
    if (key.since and at < key.since) or (key.until and at > key.until) or (key.revoked_at and at >= key.revoked_at):
        return False
    return None if key.revoked_at else True


def _stands(value: dict[str, Any], body: dict[str, Any]) -> Check:
    """What the (unsigned) state in the file says. It can only take away: a file that says `issued` may be old."""
    state, as_of = value.get("state"), str(value.get("as_of", ""))
    if not isinstance(state, str):
        return Check("stands", None)
    over = state == "issued" and STAMP.fullmatch(as_of) and as_of > str(body.get("valid_until", "9"))
    if state == "issued" and value.get("ended_at") is not None:
        return Check("stands", False, "ended")
    return Check("stands", state in STANDS and not over, "expired" if over else state[:30])


def _entered(
    log: dict[str, Any], value: dict[str, Any], body: dict[str, Any], digest: str, trust: Trust, outside: Outside | None
) -> list[Check]:
    try:
        text, proof = str(log["leaf"]), parse_proof(str(log["proof"]))
        leaf = parse(text.encode())
    except (KeyError, Unusable) as fault:
        return [Check("in_log", False, str(fault))]
    said = leaf.get("body") if isinstance(leaf, dict) else None
    matches = (
        isinstance(said, dict)
        and canonical(leaf) == text.encode()
        and (said.get("digest"), leaf.get("subject")) == (digest, body.get("number"))
        and leaf.get("type") in LEAF_OF.get(str(value.get("kind")), ())
        and _same_signers(said.get("keys"), value.get("signatures"))
        and log.get("index") == proof.index
    )
    checkpoint = proof.checkpoint
    there = verify_inclusion(proof.index, checkpoint.size, leaf_hash(text.encode()), proof.hashes, checkpoint.root)
    checks = [
        Check("leaf", matches),
        Check("dated", _dated(body, leaf)),
        Check("inclusion", there, str(proof.index)),
        _signed("checkpoint", checkpoint, trust),
    ]
    return checks + ([_agrees(checkpoint, outside), _signed("kept_checkpoint", outside.checkpoint, trust)] if outside else [])


def _same_signers(told: object, signatures: object) -> bool:
    """The log says whose signatures it had when it was entered: none can be left out or put in later."""
    if not isinstance(told, list) or not isinstance(signatures, list):
        return told is None
    return told == [one.get("key_id") if isinstance(one, dict) else None for one in signatures]


def _dated(body: dict[str, Any], leaf: Any) -> bool | None:
    """A paper is entered in the transaction that issues it: another time in its text is a lie (a minute is for slow clocks). One
    from before there was a log was entered later and says so: then nobody can tell."""
    issued, entered = str(body.get("issued_at")), str(leaf.get("created")) if isinstance(leaf, dict) else ""
    if not STAMP.fullmatch(issued) or not STAMP.fullmatch(entered):
        return False
    if isinstance(leaf.get("body"), dict) and leaf["body"].get("late") is True:
        return None
    return abs((datetime.fromisoformat(entered) - datetime.fromisoformat(issued)).total_seconds()) <= 60


LEAF_OF = {
    "wipe_certificate": ("privacy:certificate:issued",),
    "appraisal_report": ("appraisal:report:issued",),
}


def _signed(code: str, checkpoint: Checkpoint, trust: Trust) -> Check:
    """Signed by a trusted key of this log? A key that was revoked makes it unknown."""
    logs = [key for key in trust.values() if key.role == "log" and key.name == checkpoint.origin]
    answers = [(signed_by(checkpoint.note, key.name, key.public), key) for key in logs]
    if any(answer is False for answer, _ in answers):
        return Check(code, False, checkpoint.origin)
    good = any(answer and not key.revoked_at for answer, key in answers)
    return Check(code, True if good else None, checkpoint.origin)


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
    listed = manifest.get("files")
    there = {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "manifest.json"}
    checkpoint = parse_checkpoint(files.get("checkpoint", b""))
    checks = [Check("files", listed == there, ", ".join(_differing(listed, there)))]
    leaves, entered = _bundle_leaves(files, checkpoint)
    checks += [Check("inclusion", entered, str(len(leaves))), _signed("checkpoint", checkpoint, trust)]
    known = _bundle_outside(files, outside)
    if known:
        checks += [_agrees(checkpoint, known), _signed("kept_checkpoint", known.checkpoint, trust)]
    return checks + _bundle_papers(files, leaves, trust) + _bundle_evidence(files, leaves), str(manifest.get("as_of", ""))


def _differing(listed: object, there: Mapping[str, str]) -> list[str]:
    said = listed if isinstance(listed, dict) else {}
    return sorted(name for name in {*said, *there} if said.get(name) != there.get(name))[:10]


def _bundle_leaves(files: Mapping[str, bytes], checkpoint: Checkpoint) -> tuple[dict[int, str], bool | None]:
    leaves: dict[int, str] = {}
    answers: list[bool | None] = []
    for line in files.get("leaves.jsonl", b"").splitlines():
        row = parse(line)
        index, text = (row.get("index"), row.get("leaf")) if isinstance(row, dict) else (None, None)
        if not isinstance(index, int) or not isinstance(text, str) or index in leaves:
            raise Unusable("bad_bundle", "leaves.jsonl holds a line that is no leaf")
        proof = parse_proof(files.get(f"proofs/{index}.tlog-proof", b"").decode(errors="replace"))
        same = proof.index == index and proof.checkpoint.note.text == checkpoint.note.text
        data = leaf_hash(text.encode(errors="replace"))
        answers.append(same and verify_inclusion(index, checkpoint.size, data, proof.hashes, checkpoint.root))
        leaves[index] = text
    return leaves, worst(answers)


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


def _bundle_papers(files: Mapping[str, bytes], leaves: Mapping[int, str], trust: Trust) -> list[Check]:
    """The checks of all papers, one line for each kind of check; the numbers of those that fail stand beside it."""
    answers: dict[str, list[tuple[bool | None, str]]] = {}
    texts = frozenset(leaves.values())
    for name in sorted(files):
        if not name.startswith("certificates/"):
            continue
        value = parse(files[name])
        if not is_paper(value):
            raise Unusable("bad_bundle", f"{name[:80]!r} is no certificate")
        for one in check_paper(value, trust, None):
            code = "own_" + one.code if one.code in ("inclusion", "checkpoint") else one.code
            answers.setdefault(code, []).append((one.ok, name[13:].removesuffix(".json")))
        log = value.get("log")
        text = log.get("leaf") if isinstance(log, dict) else None
        answers.setdefault("same_leaf", []).append((text in texts, name))
    return [_joined(code, found) for code, found in answers.items()] or [Check("form", None, "0")]


def _joined(code: str, found: Sequence[tuple[bool | None, str]]) -> Check:
    answer = worst(ok for ok, _ in found)
    return Check(code, answer, ", ".join(name for ok, name in found if ok is answer and not answer)[:200])


def _bundle_evidence(files: Mapping[str, bytes], leaves: Mapping[int, str]) -> list[Check]:
    """Each tool's file has the digest it is named after, and a leaf says that this very file was attached."""
    said = set()
    for text in leaves.values():
        leaf = parse(text.encode())
        if isinstance(leaf, dict) and leaf.get("type") == "privacy:evidence:attached" and isinstance(leaf.get("body"), dict):
            said.add(leaf["body"].get("digest"))
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
    """Hashes every leaf of an export and compares with its checkpoint and the one that was kept."""

    def read(name: str) -> bytes:
        try:
            return folder.joinpath(name).read_bytes()
        except OSError as fault:
            raise Unusable("bad_log", f"{name} can't be read") from fault

    checkpoint = parse_checkpoint(read("checkpoint"))
    if checkpoint.size > 10**9:
        raise Unusable("bad_log", "this log is too large for this program")
    kept = outside.checkpoint if outside else None
    tree, then = Growing(), None
    for data in entries(read, checkpoint.size):
        tree.add(leaf_hash(data))
        if kept and tree.size == kept.size:
            then = tree.root()
    checks = [Check("leaves", tree.root() == checkpoint.root, str(tree.size)), _signed("checkpoint", checkpoint, trust)]
    if kept:
        same = kept.origin == checkpoint.origin
        agrees = then == kept.root if kept.size else None
        checks.append(Check("consistency", agrees if same else None, f"{kept.size} -> {tree.size}"))
        checks.append(_signed("kept_checkpoint", kept, trust))
    return checks


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
        return {"verdict": self.verdict, "checks": rows, "as_of": self.as_of or None, "kind": self.kind, "notes": notes}


def is_paper(value: Any) -> bool:
    return isinstance(value, dict) and value.get("version") in PAPERS.get(str(value.get("kind")), ())


def examine(data: bytes, trust: Trust | None = None, outside: Outside | None = None) -> Answer:
    """Check the bytes of a certificate, report or bundle. Unusable for anything else."""
    keys = trust or {}
    if data[:2] == b"PK":
        checks, as_of = check_bundle(read_zip(data), keys, outside)
        return Answer("xunshi_bundle", checks, as_of, trust is not None)
    value = parse(data)
    if not is_paper(value):
        raise Unusable("unknown_kind", "this is no certificate, report or bundle that this program knows")
    return Answer(str(value["kind"]), check_paper(value, keys, outside), str(value.get("as_of", "")), trust is not None)


WORDS = {
    "form": ("The signed text has the form of its kind", "签名正文的格式与其类型相符"),
    "digest": ("The digest is that of the signed text", "摘要与签名正文一致"),
    "signature": ("Every signature holds", "所有签名有效"),
    "signer": ("Signed by a key you trust, in force on that day", "签名密钥是您信任的，且当日有效"),
    "two_persons": ("As many different people signed as the text demands", "签名人数符合正文要求，且不是同一人"),
    "operation": ("Its operator signed this very wipe", "操作员已对本次清除签名"),
    "operator_apart": ("The operator signed nothing else of it", "操作员与验证人不是同一人"),
    "stands": ("The paper stands (by its own word)", "证明仍然有效（以文件自述为准）"),
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
    "leaves": ("All leaves together give the signed root", "全部条目的计算结果与签名的根一致"),
    "valid": ("VALID: every check passed.", "有效：全部检查通过。"),
    "invalid": ("INVALID: don't rely on it.", "无效：请勿采信。"),
    "unknown": ("UNKNOWN: not everything could be checked, and unknown is not a pass.", "未知：有检查无法完成，未知不等于通过。"),
    "revocation_after_as_of": (
        "It speaks of %s. Whether it was revoked after that can't be seen offline: look at its page.",
        "以上结果截至 %s。此后是否被撤销，离线无法得知，请查看其网页。",
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
    lines.append(WORDS["revocation_after_as_of"][zh] % (answer.as_of[:40] or "?"))
    return "\n".join(lines if answer.confirmed else [*lines, WORDS["signer_not_confirmed"][zh]])


def _aside(one: Check) -> str:
    clean = "".join(letter if letter.isprintable() else "?" for letter in one.detail)
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
    parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON value instead of words")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh" if spoken.lower().startswith("zh") else "en")
    return parser.parse_args(arguments)


def _examined(asked: argparse.Namespace) -> Answer:
    trust = read_keys(_bytes(asked.trust)) if asked.trust else None
    proof = read_consistency(_bytes(asked.consistency)) if asked.consistency else {}
    outside = Outside(parse_checkpoint(_bytes(asked.checkpoint)), proof) if asked.checkpoint else None
    if asked.file != "-" and Path(asked.file).is_dir():
        return Answer("xunshi_log", check_log(Path(asked.file), trust or {}, outside), "", trust is not None)
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
