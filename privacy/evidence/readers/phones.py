"""What the readers of phones share: names of a phone, and the words that mean yes and no."""

from collections.abc import Iterable

from stdnum import luhn

from privacy.evidence.model import Finding

_YES = frozenset({"1", "true", "yes", "on", "enabled", "locked", "enrolled"})
_NO = frozenset({"0", "false", "no", "off", "disabled", "unlocked", "not enrolled"})


def yes_or_no(text: str | None) -> bool | None:
    """True or false for the words that plainly mean it, None for every other."""
    said = (text or "").strip().lower()
    return True if said in _YES else False if said in _NO else None


def imeis(texts: Iterable[str | None]) -> tuple[tuple[tuple[str, str], ...], tuple[Finding, ...]]:
    """The IMEIs among the texts (spaces and hyphens taken out), and a finding for each whose check digit is wrong."""
    digits = ["".join(part for part in text if part not in " -/") for text in texts if text]
    found = dict.fromkeys(one for one in digits if one.isascii() and one.isdigit() and len(one) == 15 and set(one) != {"0"})
    good = tuple(("imei", one) for one in found if luhn.is_valid(one))
    bad = len(found) - len(good)
    return good, (Finding(code="imei_check_digit", value=True),) if bad else ()
