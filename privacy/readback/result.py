"""The result as a JSON value: what was asked, what was read, what stands there, what it proves; signed by a station's key."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from privacy.readback.classes import family
from privacy.readback.medium import Medium
from privacy.readback.plan import BLOCK, Plan, fixed_blocks
from privacy.readback.tally import Tally, cell_size
from privacy.readback.verdict import classes, judge, probability

if TYPE_CHECKING:
    from core.signing import SigningKey

KIND, VERSION = "xunshi_readback", 1
TOOL = {"name": "xunshi-readback", "version": "1.0"}
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options that stand in the result."""

    expect: str | None = None
    serial: str | None = None
    challenge: str | None = None
    pattern_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    started: str
    finished: str
    resumed: int = 0


def result(medium: Medium, plan: Plan, tally: Tally, asked: Asked, times: Times) -> Json:
    """All but key and signature."""
    judged = judge(tally, asked.expect)
    return {
        "kind": KIND, "version": VERSION, "tool": TOOL, "verdict": judged.verdict, "reasons": list(judged.reasons),
        "file": medium.path.encode("utf-8", "backslashreplace").decode(), "size": medium.size, "block": BLOCK, "n": plan.n,
        "tail": medium.size % BLOCK, "mode": "full" if plan.blocks is None else "sample",
        "expect": asked.expect, "expected": family(judged.expected) if judged.expected else None,
        "pattern": (judged.expected or "").partition(":")[2] or None, "pattern_key": asked.pattern_key,
        "blocks_read": tally.blocks_read, "blocks_dirty": judged.blocks_dirty, "classes": classes(tally),
        "hits": list(judged.hits), "signatures_total": tally.signs_total,
        "bad": tally.bad, "bad_total": tally.bad_total, "bad_sectors": tally.bad_sectors,
        "map": {"cell": cell_size(medium.size), "cells": tally.letters(judged.expected)},
        "probability": probability(plan, tally.bad_total, judged.expected),
        "sample": _sample(plan),
        "identity": asdict(medium.identity) if medium.identity else None, "device": medium.is_device, "cache": medium.cache,
        "serial": asked.serial, "serial_agrees": _agrees(medium, asked.serial), "challenge": asked.challenge,
        "started": times.started, "finished": times.finished, "resumed": times.resumed,
    }  # fmt: skip


def _sample(plan: Plan) -> Json | None:
    """`distinct`: how many different blocks the seed drew; `fixed`: offsets that are always read, ascending."""
    if plan.blocks is None:
        return None
    fixed = [one * BLOCK for one in sorted(fixed_blocks(plan.size))]
    return {"seed": plan.seed.hex(), "k": plan.k, "distinct": plan.drawn, "fixed": fixed}


def _agrees(medium: Medium, serial: str | None) -> bool | None:
    """Is the typed serial number the drive's own? None if either is unknown."""
    own = medium.identity.serial if medium.identity else ""
    if not own or not serial:
        return None
    from privacy.evidence.identity import normalise_serial, same_serial

    return same_serial(own, serial) if normalise_serial(own) and normalise_serial(serial) else None


def signed(value: Json, key: "SigningKey | None") -> Json:
    """The value with the id of the key and an Ed25519 signature over its canonical JSON without `signature`; both null
    without a key."""
    value = value | {"key": key.key_id if key else None}
    if key is None:
        return value | {"signature": None}
    from core import canonical, signing

    made = signing.sign(key, canonical.encode(value))
    return value | {"signature": {"alg": made.alg, "key_id": made.key_id, "value_b64": made.value_b64}}


