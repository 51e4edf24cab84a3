"""A second reading of the public log and its papers, from docs/algorithms/public-log.md, RFC 9162 and the C2SP texts alone:
signed-note, tlog-checkpoint, tlog-proof, tlog-tiles, tlog-cosignature. Nothing of the program is used."""

import base64
import hashlib
import json
import struct
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tests.independent.own_readback import canonical


class Bad(Exception):
    """Not of the form that the description asks for, or not true."""


# --- RFC 9162, 2.1


def H(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def leaf_hash(entry: bytes) -> bytes:
    return H(b"\0" + entry)


def root_of(leaves: list[bytes]) -> bytes:
    """MTH over leaf hashes."""
    if not leaves:
        return H(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = _split(len(leaves))
    return H(b"\1" + root_of(leaves[:k]) + root_of(leaves[k:]))


def _split(n: int) -> int:
    return 1 << (n - 1).bit_length() - 1


def path_of(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH(m, D[n])."""
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if m < k:
        return [*path_of(m, leaves[:k]), root_of(leaves[k:])]
    return [*path_of(m - k, leaves[k:]), root_of(leaves[:k])]


def consistency_of(m: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF(m, D[n], b)."""
    n = len(leaves)
    if m == n:
        return [] if whole else [root_of(leaves)]
    k = _split(n)
    if m <= k:
        return [*consistency_of(m, leaves[:k], whole), root_of(leaves[k:])]
    return [*consistency_of(m - k, leaves[k:], False), root_of(leaves[:k])]


def included(leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """2.1.3.2, step by step."""
    if index >= size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = H(b"\1" + p + r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = H(b"\1" + r + p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


# --- signed notes


@dataclass(frozen=True)
class Note:
    text: bytes
    lines: list[tuple[str, bytes, bytes]]  # name, key id, signature


def note(raw: bytes) -> Note:
    words = raw.decode("utf-8")
    if any(ord(sign) < 32 and sign != "\n" for sign in words) or "\n\n" not in words:
        raise Bad("no note")
    text, lines = words.rsplit("\n\n", 1)
    if not lines.endswith("\n"):
        raise Bad("no end")
    found = []
    for line in lines[:-1].split("\n"):
        dash, name, value = line.split(" ")
        if dash != "—" or not name or "+" in name:
            raise Bad(line)
        whole = _b64(value)
        if len(whole) < 5:
            raise Bad("short")
        found.append((name, whole[:4], whole[4:]))
    return Note(text.encode("utf-8") + b"\n", found)


def _b64(text: str) -> bytes:
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode() != text:
        raise Bad("not its one spelling")
    return raw


def key_id(name: str, kind: int, public: bytes) -> bytes:
    return H(name.encode() + b"\n" + bytes([kind]) + public)[:4]


def vkey(name: str, kind: int, public: bytes) -> str:
    return f"{name}+{key_id(name, kind, public).hex()}+{base64.b64encode(bytes([kind]) + public).decode()}"


def holds(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def signed_note(text: bytes, name: str, key: Ed25519PrivateKey) -> bytes:
    public = key.public_key().public_bytes_raw()
    value = base64.b64encode(key_id(name, 1, public) + key.sign(text)).decode()
    return text + f"\n— {name} {value}\n".encode()


def cosigned(checkpoint: bytes, name: str, key: Ed25519PrivateKey, time: int, *, stated: int | None = None) -> str:
    """A cosignature/v1 line."""
    public = key.public_key().public_bytes_raw()
    body = note(checkpoint).text
    signature = key.sign(b"cosignature/v1\ntime %d\n" % time + body)
    stamp = struct.pack(">Q", time if stated is None else stated)
    return f"— {name} {base64.b64encode(key_id(name, 4, public) + stamp + signature).decode()}\n"


@dataclass(frozen=True)
class Head:
    origin: str
    size: int
    root: bytes


def head(raw: bytes, name: str, public: bytes) -> Head:
    """A checkpoint signed by that key, or Bad."""
    read = note(raw)
    mine = [signature for who, short, signature in read.lines if who == name and short == key_id(name, 1, public)]
    if len(mine) != 1 or not holds(public, mine[0], read.text):
        raise Bad("not signed by the log")
    lines = read.text.decode().split("\n")
    if len(lines) != 4 or lines[3] or lines[0] != name:
        raise Bad("three lines and nothing else")
    size = int(lines[1])
    root = _b64(lines[2])
    if str(size) != lines[1] or len(root) != 32:
        raise Bad("size or root")
    return Head(lines[0], size, root)


def proof(text: str, leaf: bytes, name: str, public: bytes) -> tuple[int, Head]:
    """A tlog-proof of that leaf; its index and its checkpoint, or Bad."""
    first, _, checkpoint = text.partition("\n\n")
    lines = first.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("index "):
        raise Bad("no tlog-proof")
    index = int(lines[1][6:])
    if f"index {index}" != lines[1]:
        raise Bad("index")
    found = head(checkpoint.encode(), name, public)
    hashes = [_b64(line) for line in lines[2:]]
    if any(len(one) != 32 for one in hashes) or not included(leaf_hash(leaf), index, found.size, hashes, found.root):
        raise Bad("not in the tree")
    return index, found


def bundle_of(raw: bytes) -> list[bytes]:
    """An entry bundle of tlog-tiles."""
    found = []
    while raw:
        (length,) = struct.unpack(">H", raw[:2])
        if len(raw) < 2 + length:
            raise Bad("cut off")
        found.append(raw[2 : 2 + length])
        raw = raw[2 + length :]
    return found


# --- papers


def certificate(raw: bytes, keys: dict[str, Any]) -> str:
    """valid, unknown or invalid: as public-log.md's “The checker” tells it."""
    try:
        paper = json.loads(raw, object_pairs_hook=_once)
        return _judged(paper, {key["key_id"]: key for key in keys["keys"]})
    except (Bad, ValueError, KeyError, TypeError, IndexError, AttributeError, UnicodeDecodeError):
        return "invalid"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise Bad("a name twice")
    return dict(pairs)


# docs/algorithms/public-log.md: the names that stand beside the signed text, and in its place in the log
_BESIDE = {"kind", "version", "body", "signatures", "digest", "state", "as_of", "delivered_at", "ended_at", "ended_why", "reason", "log", "amendments"}
_PLACE = {"state", "index", "since", "leaf", "proof"}


def _judged(paper: dict[str, Any], keys: dict[str, Any]) -> str:
    if not set(paper) <= _BESIDE or not set(paper["log"]) <= _PLACE:
        raise Bad("a name that isn't told")
    body = paper["body"]
    text = canonical(body).encode("utf-8")
    if (paper["kind"], paper["version"], body["kind"]) != ("wipe_certificate", 1, "wipe_certificate"):
        raise Bad("kind")
    if hashlib.sha256(text).hexdigest() != paper["digest"]:
        raise Bad("digest")
    if paper["state"] != "issued" or paper.get("ended_at") is not None:
        raise Bad("it doesn't stand")
    if not body["issued_at"] <= paper.get("as_of", body["issued_at"]) <= body["valid_until"]:
        raise Bad("it doesn't stand on that day")
    statement = body["operation"]["statement"]
    wanted = [(one, text, body["issued_at"]) for one in paper["signatures"]]
    wanted.append((body["operation"]["signature"], canonical(statement).encode("utf-8"), body["operation"]["at"]))
    known = [_signature(one, message, at, keys) for one, message, at in wanted]
    persons = {keys[one["key_id"]].get("holder") for one, _, _ in wanted if one["key_id"] in keys} - {None}
    roles = {keys[one["key_id"]]["role"] for one in paper["signatures"] if one["key_id"] in keys}
    entered = _entered(paper, keys)
    if not all(known) or not entered:
        return "unknown"
    if len(persons) < body["requires_signatures"] or "certificate" not in roles:
        raise Bad("too few persons")
    return "valid"


def _signature(one: dict[str, Any], message: bytes, at: str, keys: dict[str, Any]) -> bool:
    """True: by a trusted key in force then. False: nobody can tell. Bad: wrong."""
    key = keys.get(one["key_id"])
    if key is None:
        return False
    if one["alg"] != "Ed25519" or key["role"] not in ("person", "certificate"):
        raise Bad("role")
    if not holds(bytes.fromhex(key["public"]), _b64(one["value_b64"]), message):
        raise Bad("signature")
    if at < key["from"] or (key["until"] and at > key["until"]):
        raise Bad("not in force")
    if key["revoked_at"] and key["revoked_at"] <= at:
        raise Bad("revoked before")
    return key["revoked_at"] is None


def _entered(paper: dict[str, Any], keys: dict[str, Any]) -> bool:
    entry = paper.get("log")
    logs = [key for key in keys.values() if key["role"] == "log"]
    if not entry or not entry.get("proof") or entry["state"] != "entered" or not logs:
        return False
    leaf = json.loads(entry["leaf"])
    if canonical(leaf) != entry["leaf"] or leaf["type"] != "privacy:certificate:issued":
        raise Bad("leaf")
    if (leaf["subject"], leaf["body"]["digest"], leaf["body"]["certificate"]) != (
        paper["body"]["number"],
        paper["digest"],
        paper["body"]["number"],
    ):
        raise Bad("another paper's leaf")
    proof(entry["proof"], entry["leaf"].encode("utf-8"), logs[0]["name"], bytes.fromhex(logs[0]["public"]))
    return logs[0]["revoked_at"] is None
