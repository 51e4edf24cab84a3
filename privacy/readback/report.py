"""A result as evidence: its shape, its own arithmetic and its signature are checked before anybody relies on it. Pure.

What can be worked out again is worked out again: the blocks that the seed names, the counts, the chances, the verdict
from hits and bad blocks. A result that contradicts itself, or that a known key didn't sign, is refused."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from core import canonical, signing
from core.i18n import N_
from privacy.evidence.identity import normalise_serial, same_serial
from privacy.evidence.model import Unreadable
from privacy.readback.classes import CLASSES, EXPECTED
from privacy.readback.plan import BLOCK, Plan, fixed_blocks, full, sample
from privacy.readback.result import KIND, VERSION
from privacy.readback.tally import MOST
from privacy.readback.verdict import probability

VERDICTS = ("clean", "residue", "unknown")
_FORGED = N_("The signature of this read-back result doesn't fit: it was changed or made with another key.")
MOST_CHECKED = 2_000_000  # drawn blocks that are worked out again: about two seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack:
    """One result. `signed`: True by a given key, False if nobody signed it, None if by a key that isn't among the given.
    `started` and `finished` are the bench's own clock. Sizes are bytes."""

    sha256: str
    verdict: str
    reasons: tuple[str, ...]
    size: int
    mode: str
    expected: str | None
    pattern_key: str | None
    blocks_read: int
    classes: Mapping[str, int]
    hits: tuple[tuple[int, str], ...]
    bad: tuple[int, ...]
    bad_total: int
    seed: str | None
    k: int | None
    chance: str
    smallest_run: int | None
    identity: Mapping[str, str] | None
    is_device: bool
    cache: str
    serial: str | None
    serial_agrees: bool | None
    challenge: str | None
    started: datetime
    finished: datetime
    resumed: int
    tool_version: str
    key_id: str | None
    signed: bool | None

    @property
    def grade(self) -> str:
        """E1: an unbound file; E4: seeded or full read-back signed by an enrolled station over a server's challenge."""
        return "E4" if self.signed and self.challenge else "E1"


def is_readback(obj: object) -> bool:
    """Does a JSON value claim to be such a result?"""
    return isinstance(obj, Mapping) and obj.get("kind") == KIND


def read_readback(obj: object, raw: bytes, public_keys: Mapping[str, bytes] | None = None) -> ReadBack:
    """Check a parsed result and return its value. `raw`: the file's bytes; `public_keys`: 32 bytes by key id, of stations
    that were enrolled and not revoked when it was made. Raises Unreadable: not_readback, version, shape, contradiction,
    forged."""
    if not isinstance(obj, dict) or obj.get("kind") != KIND:
        raise Unreadable("not_readback", N_("This is no read-back result."))
    if obj.get("version") != VERSION:
        raise Unreadable("version", N_("This read-back result has a version that isn't known here."))
    try:
        found = _read(obj, raw, _signature(obj, public_keys or {}))
        _check_sums(obj, found)
        _check_verdict(obj, found)
        _check_sample(obj, found)
    except Unreadable:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as problem:
        raise Unreadable("shape", N_("This read-back result lacks something or is damaged.")) from problem
    return found


def _signature(obj: Mapping[str, Any], trusted: Mapping[str, bytes]) -> bool | None:
    signature, name = obj["signature"], obj["key"]
    if signature is None and name is None:
        return False
    body = {key: value for key, value in obj.items() if key != "signature"}
    claimed = signing.Signature(_text(signature["alg"]), _text(signature["key_id"]), _text(signature["value_b64"]))
    if claimed.key_id != name:
        _contradicts()
    answer = signing.verify(trusted, canonical.encode(body), claimed)
    if answer is False:
        raise Unreadable("forged", _FORGED)
    return answer


def _read(obj: Mapping[str, Any], raw: bytes, signed: bool | None) -> ReadBack:
    sample_, identity, chance = obj["sample"], obj["identity"], obj["probability"]
    return ReadBack(
        sha256=hashlib.sha256(raw).hexdigest(),
        verdict=_one_of(obj["verdict"], VERDICTS),
        reasons=tuple(map(_text, obj["reasons"])),
        size=_count(obj["size"]),
        mode=_one_of(obj["mode"], ("full", "sample")),
        expected=None if obj["expected"] is None else _one_of(obj["expected"], EXPECTED),
        pattern_key=_text_or_none(obj["pattern_key"]),
        blocks_read=_count(obj["blocks_read"]),
        classes={name: _count(obj["classes"][name]) for name in CLASSES},
        hits=tuple((_count(hit["offset"]), _text(hit["kind"])) for hit in obj["hits"]),
        bad=tuple(map(_count, obj["bad"])),
        bad_total=_count(obj["bad_total"]),
        seed=None if sample_ is None else _text(sample_["seed"]),
        k=None if sample_ is None else _count(sample_["k"]),
        chance=_text(chance["found"]),
        smallest_run=None if chance["smallest_run"] is None else _count(chance["smallest_run"]),
        identity=None if identity is None else {name: _text(identity[name]) for name in ("model", "serial", "wwid", "bus")},
        is_device=_bool(obj["device"]),
        cache=_one_of(obj["cache"], ("dropped", "kept", "file")),
        serial=_text_or_none(obj["serial"]),
        serial_agrees=None if obj["serial_agrees"] is None else _bool(obj["serial_agrees"]),
        challenge=_text_or_none(obj["challenge"]),
        started=_moment(obj["started"]),
        finished=_moment(obj["finished"]),
        resumed=_count(obj["resumed"]),
        tool_version=_text(obj["tool"]["version"]),
        key_id=_text_or_none(obj["key"]),
        signed=signed,
    )


def _check_sums(obj: Mapping[str, Any], found: ReadBack) -> None:
    read = sum(count for name, count in found.classes.items() if name != "bad")
    whole = -(-found.size // BLOCK)
    tells = (
        read == found.blocks_read,
        found.classes["bad"] == found.bad_total,
        len(found.bad) == min(found.bad_total, MOST),
        _count(obj["n"]) == found.size // BLOCK and _count(obj["tail"]) == found.size % BLOCK and obj["block"] == BLOCK,
        found.blocks_read + found.bad_total <= whole,
        all(at < found.size and at % BLOCK == 0 for at in (*found.bad, *(at for at, _ in found.hits))),
        found.finished >= found.started,
        found.mode == "sample" or found.blocks_read + found.bad_total == whole,
        found.serial_agrees == _agrees(found),
        found.expected != "keystream" or found.pattern_key is not None,
        (found.mode == "sample") == (found.seed is not None),
    )
    if not all(tells):
        _contradicts()


def _agrees(found: ReadBack) -> bool | None:
    """Is the typed serial number the drive's own? None if either is unknown."""
    own, typed = normalise_serial((found.identity or {}).get("serial")), normalise_serial(found.serial)
    return same_serial(own, typed) if own and typed else None


def _check_verdict(obj: Mapping[str, Any], found: ReadBack) -> None:
    """The verdict follows from the counts; `short` scraps are no residue among random-looking blocks."""
    usual = found.classes[found.expected] if found.expected else 0
    odd = found.blocks_read - usual - (found.classes["short"] if found.expected in (None, "random") else 0)
    dirty = _count(obj["blocks_dirty"])
    several = found.expected == "pattern" and dirty > odd
    residue = bool(found.hits or dirty)
    unclear = bool(found.bad_total or not found.blocks_read or found.classes["short"] and found.expected in (None, "random"))
    verdict = "residue" if residue else "unknown" if unclear else "clean"
    asked = obj["expect"]
    if verdict != found.verdict or (dirty != odd and not several) or asked not in (None, found.expected):
        _contradicts()


def _check_sample(obj: Mapping[str, Any], found: ReadBack) -> None:
    plan: Plan = full(found.size)
    if found.mode == "sample":
        if found.k is None or not found.k or found.k > MOST_CHECKED:
            raise Unreadable("shape", N_("This read-back result names more sampled blocks than can be checked."))
        plan = sample(found.size, found.k, bytes.fromhex(found.seed or ""))
        fixed = [one * BLOCK for one in sorted(fixed_blocks(found.size))]
        if plan.drawn != obj["sample"]["distinct"] or fixed != obj["sample"]["fixed"] or not plan.seed:
            _contradicts()
        if plan.total != found.blocks_read + found.bad_total or not _within(plan, found):
            _contradicts()
    if dict(obj["probability"]) != probability(plan, found.bad_total, found.expected):
        _contradicts()


def _within(plan: Plan, found: ReadBack) -> bool:
    read = {block * BLOCK for block in plan.blocks or ()}
    return all(at in read for at in (*found.bad, *(at for at, _ in found.hits)))


def _contradicts() -> NoReturn:
    raise Unreadable("contradiction", N_("This read-back result contradicts itself."))


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= canonical.LARGEST_INTEGER:
        raise ValueError("not a count")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 4096:
        raise ValueError("not a text")
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not yes or no")
    return value


def _one_of(value: object, known: tuple[str, ...]) -> str:
    if value not in known:
        raise ValueError("not a known word")
    return str(value)


def _moment(value: object) -> datetime:
    text = _text(value)
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text):
        raise ValueError("not a time with a zone")
    return datetime.fromisoformat(text)
