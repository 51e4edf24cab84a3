"""Which accepted wipes are drawn, who may try to recover data, with what tool, and how sure a failure rate is. Pure."""

import math
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from core import draw_rules
from core.i18n import N_

# why a pair's share is raised
REASONS: Final = {
    "family": N_("the two are of one family"),
    "same_employer": N_("the two work for the same organisation"),
    "shared_device": N_("both signed in the same browser"),
    "failed_before": N_("a recovery try found data after a wipe of this operator lately"),
}
# reasons for which the third person comes from another organisation
CLOSE: Final = frozenset({"family", "same_employer"})
SEARCHED: Final = {
    "structures": N_("Partition tables, file systems and their backups"),
    "carving": N_("Files by their beginnings (photos, documents, videos, databases)"),
    "text": N_("Text: names, numbers, addresses, messages"),
    "all": N_("Every sector was read, also what no partition covers"),
    "apps": N_("What a phone's set-up, recovery mode or maker's tool still shows"),
}
RESULTS: Final = {
    "nothing": N_("Nothing was found"),
    "found": N_("Data was found"),
    "not_done": N_("It could not be done"),
}
NOT_DONE: Final = {
    "no_tool": N_("No other tool here can read this kind of medium."),
    "no_access": N_("The medium can't be reached without damage."),
    "broken": N_("The device doesn't start or is damaged."),
    "stopped": N_("The try was stopped before its end."),
}
# other names under which a tool goes, so that the same one isn't taken for a different one
_SAME: Final = {"shredos": "nwipe", "nvmecli": "nvme", "hdparmsanitize": "hdparm", "hdat": "hdparm"}
# these only read a device: wiped was it by its maker's own function
_READERS: Final = frozenset({"android", "ideviceinfo", "smartctl", "checklist", "managebde"})
_APART: Final = re.compile(r"[^0-9a-z]+")
DOMAIN: Final = b"xunshi-sample-1\n"
SPACE: Final = draw_rules.SPACE


def ticket(root: str, number: str) -> int:
    """The number drawn for a wipe job, from 0 up to, not including, 2^64: the first 8 bytes of
    SHA-256("xunshi-sample-1", line end, 32 bytes of root, line end, job number).

    `root`: 64 hex digits, the root of the first checkpoint of the public log that covers the acceptance. It hangs on salts that
    nobody knows before the certificate is signed, and on whatever else is accepted just then. Raises ValueError."""
    return draw_rules.ticket(DOMAIN, root, number)


is_drawn = draw_rules.is_drawn


def percent(reasons: Collection[str], base: int, raised: int) -> int:
    return raised if reasons else base


def tool_key(name: str) -> str:
    """A tool's name without version, case and signs: `nwipe-pdf 1` and `ShredOS` are both nwipe."""
    plain = _APART.sub("", re.sub(r"[\s_-]+v?[0-9][0-9a-z.]*$", "", name.strip().lower()))
    plain = re.sub(r"(pdf|json|text|log)$", "", plain) or plain
    return _SAME.get(plain, plain)


def is_other_tool(name: str, wiped_with: Iterable[str]) -> bool:
    """Is it a different product than those that wiped? (HKSAR guide [seen].) Names that contain one another count as one."""
    key, used = tool_key(name), {tool_key(one) for one in wiped_with}
    return len(key) > 1 and key not in used and not any(one in key or key in one for one in used - _READERS if one)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """Who had a hand in a wipe. `others`: who attached its files; `lookers`: who confirmed it, looked at its media, or at the
    device after later work. `close_to`: everybody in a declared family relation to one of them now; `colleagues`: everybody
    who works in an organisation of operator or verifier."""

    operator: str
    verifier: str
    owner: str
    others: frozenset[str] = frozenset()
    lookers: frozenset[str] = frozenset()
    close_to: frozenset[str] = frozenset()
    colleagues: frozenset[str] = frozenset()
    elsewhere: bool = False


def may_try(hands: Hands, checker: str) -> str | None:
    """Why this person may not try to recover data, or None. Neither wiped, verified nor owns it (R2v3 appendix B [press], HKSAR
    guide [seen]), isn't of their family, and where the pair was close comes from elsewhere (house rules)."""
    if checker == hands.owner:
        return "checker_owns"
    if checker == hands.operator or checker in hands.others:
        return "checker_wiped"
    if checker == hands.verifier or checker in hands.lookers:
        return "checker_verified"
    if checker in hands.close_to:
        return "checker_family"
    if hands.elsewhere and checker in hands.colleagues:
        return "checker_colleague"
    return None


def wilson(found: int, tried: int) -> tuple[int, int]:
    """The 95 % confidence interval of a rate (Wilson's score, z = 1.96) in ten thousandths, both ends rounded outwards.

    With whole numbers only: the square root is taken of a scaled integer (math.isqrt). Nothing tried: 0 to 10000."""
    if not 0 <= found <= tried:
        raise ValueError("found is from 0 to tried")
    if tried == 0:
        return 0, 10_000
    z2, scale = 38_416, 10**6  # 1.96^2 in ten thousandths
    inside = (z2 * z2 * tried + 4 * z2 * 10_000 * found * (tried - found)) * scale * scale
    root = math.isqrt(inside // tried) + 1
    middle, under = (2 * found * 10_000 + z2) * scale, 2 * (tried * 10_000 + z2) * scale
    low = max(0, (middle - root) * 10_000 // under) if found else 0
    high = min(10_000, -(-(middle + root) * 10_000 // under)) if found < tried else 10_000
    return low, high


def rate(found: int, tried: int) -> int | None:
    """In ten thousandths, rounded to the nearest; None when nothing was tried."""
    return (20_000 * found + tried) // (2 * tried) if tried else None


def missing(result: str, searched: Sequence[str], tool: str, version: str, *, report: bool, why: str) -> str | None:
    """The field that lacks something, or None. What was done is told in full; what wasn't is told why."""
    if result not in RESULTS:
        return "result"
    if result == "not_done":
        return None if why in NOT_DONE else "why"
    if not tool_key(tool):
        return "tool"
    if not version.strip():
        return "version"
    if not searched or any(code not in SEARCHED for code in searched):
        return "searched"
    return None if report else "report"
