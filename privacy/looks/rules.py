"""What a second look says of a medium that was judged already. Pure.

Sources: read the log again, Global Data Erased still 1 (table row 3); sampling of wipe.md section 3, computed there; the offsets'
seed is SHA-256(nonce of the verifier ‖ root of the latest checkpoint after the wipe), so that neither can steer it alone."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from core.i18n import N_
from privacy.devices.rules import Usage, growth
from privacy.evidence.methods import RANDOM, find_method
from privacy.evidence.model import Counters, DeviceRow, Evidence
from privacy.readback.report import ReadBack

# 99 % to find residue that is spread over 0.1 % of the blocks (wipe.md section 3, computed)
SAMPLED: Final = 4603

REASONS: Final = {
    "other_medium": N_("The file is about another medium."),
    "no_serial": N_("The file doesn't say which medium it is about."),
    "says_nothing": N_("The file says nothing that could be compared."),
    "written_since": N_("Data was written to the medium after its wipe."),
    "counters_grew": N_("Its counters grew more than the bench explains: it was used."),
    "locked": N_("A drive password is set on it."),
    "contradiction": N_("The file contradicts itself."),
    "other_seed": N_("It was read at other places than this job's seed names."),
    "other_challenge": N_("It doesn't carry this job's code."),
    "other_size": N_("It is of another size than the wiped medium."),
    "not_signed": N_("It isn't signed by a station that is enrolled at this point."),
    "residue": N_("Data was found on it."),
    "bad_blocks": N_("Some blocks couldn't be read, so nobody knows what stands there."),
    "too_old": N_("It was read before the wipe's last file was attached. Read it again now."),
    "ahead": N_("It was read later than now: the bench's clock is wrong."),
    "image": N_("It was read from an image file, not from the medium itself."),
    "no_own_serial": N_(
        "The tool couldn't read the medium's own serial number; a typed one or a USB adapter's binds nothing. "
        "Connect it directly."
    ),
    "not_as_left": N_("What stands on it isn't what this wipe's last pass left: something was written since, or it never ran."),
    "random_tells_nothing": N_(
        "It looks random, and so does encrypted data that was never wiped. A final blanking pass or a keyed last pass can be "
        "told apart; random fill can't."
    ),
    "other_pattern": N_("It wasn't read with the key that this job's last pass was made with."),
}
# what shows that the wipe isn't what it claims to be; everything else leaves it open
AGAINST: Final = frozenset(
    {"other_medium", "written_since", "counters_grew", "locked", "contradiction", "other_size", "residue", "not_as_left"}
)


@dataclass(frozen=True, slots=True)
class Answer:
    """`result`: agrees, contradicts or unknown (never a yes). `grade`: what it adds, E3 or E4, where it agrees."""

    result: str
    reasons: tuple[str, ...]
    grade: str = ""


def seed_of(nonce: str, root: str) -> str:
    """64 hex digits: SHA-256 over the bytes of the verifier's nonce and of the checkpoint's root (both hex)."""
    return hashlib.sha256(bytes.fromhex(nonce) + bytes.fromhex(root)).hexdigest()


def _answer(reasons: list[str], grade: str) -> Answer:
    if any(reason in AGAINST for reason in reasons):
        return Answer("contradicts", tuple(reasons))
    return Answer("unknown", tuple(reasons)) if reasons else Answer("agrees", (), grade)


def state_read(evidence: Evidence, row: DeviceRow | None, before: Usage | None, *, when: str = "") -> Answer:
    """A file that the verifier read from the medium. `row`: what it says of this very medium, None if it names another or none;
    `before`: the counters right after the wipe; `when`: too_old or ahead where its own time says so."""
    if evidence.has("contradiction"):
        return _answer(["contradiction"], "E3")
    if row is None:
        named = any(one.serial for one in evidence.devices)
        return _answer(["other_medium" if named else "no_serial"], "E3")
    if when:
        return _answer([when], "E3")
    reasons, told = [], row.counters or Counters()
    if told.data_erased is False:
        reasons.append("written_since")
    if row.security_enabled:
        reasons.append("locked")
    grown = growth(before, _usage(told)) if before is not None else None
    if grown is not None and grown.used:
        reasons.append("counters_grew")
    if not reasons and told.data_erased is None and (grown is None or grown.used is None):
        reasons.append("says_nothing")
    return _answer(reasons, "E3")


def _usage(told: Counters) -> Usage:
    return Usage(
        power_on_hours=told.power_on_hours,
        power_cycles=told.power_cycles,
        bytes_written=told.bytes_written,
        boot_count=told.boot_count,
        data_erased=told.data_erased,
    )


def left_by(row: Mapping[str, Any] | None) -> str | None:
    """The class that the last pass of a judged run left on the medium: zero, ff or random; None where its row doesn't tell, as
    with a medium's own erase command. Source: the methods' passes as nwipe writes them (privacy.evidence.methods)."""
    told = row or {}
    if told.get("technique") != "overwrite":
        return None
    if told.get("final_blank") is True:
        return "zero"
    method = find_method(told.get("method"))
    if method is None or told.get("final_blank") is None:
        return None
    if method.ending == "random" or method.passes[-1:] == (RANDOM,):
        return "random"
    return {"zero": "zero", "one": "ff"}.get(method.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the server asked for: `seed` 64 hex digits, `challenge` without dashes, `size` in bytes (None: not known), `left`:
    what the judged run's last pass left on it (None: not known), `pattern`: id of the key of a keyed last pass, empty if none."""

    seed: str
    challenge: str
    same_serial: bool | None
    size: int | None
    left: str | None = None
    pattern: str = ""


def read_back(found: ReadBack, asked: Asked) -> Answer:
    """A read-back result held against what was asked for. A full read needs no seed: it read everything."""
    reasons = []
    if not found.signed:
        reasons.append("not_signed")
    if asked.same_serial is False:
        reasons.append("other_medium")
    elif asked.same_serial is None:
        reasons.append("no_own_serial")
    if asked.size is not None and found.size != asked.size:
        reasons.append("other_size")
    if (found.challenge or "").replace("-", "").upper() != asked.challenge:
        reasons.append("other_challenge")
    if found.mode == "sample" and (found.seed != asked.seed or (found.k or 0) < SAMPLED):
        reasons.append("other_seed")
    if not found.is_device:
        reasons.append("image")
    if found.verdict == "residue":
        reasons.append("residue")
    elif found.verdict == "unknown":
        reasons.append("bad_blocks")
    else:
        reasons += _as_left(found, asked)
    return _answer(reasons, "E4")


def _as_left(found: ReadBack, asked: Asked) -> list[str]:
    """Is what stands there what the last pass left? Nothing tells random fill from old ciphertext, but a keystream of our own."""
    if asked.pattern or found.expected == "keystream":
        same = found.expected == "keystream" and found.pattern_key == asked.pattern
        return [] if same else ["other_pattern"]
    reasons = ["not_as_left"] if asked.left is not None and found.expected != asked.left else []
    return [*reasons, "random_tells_nothing"] if found.expected == "random" else reasons
