"""Identifiers for machines, codes and numbers for people.

Machine ids have the shape of a ULID: 48 bits of milliseconds, 80 random bits, 26 characters of lower-case
Crockford base 32, so that text order is time order. What people type carries a check character.
"""

import re
import secrets
from dataclasses import dataclass
from threading import Lock
from typing import NewType

from core import clock
from core.errors import Invalid
from core.i18n import N_

AccountId = NewType("AccountId", str)
OrgId = NewType("OrgId", str)
MembershipId = NewType("MembershipId", str)
ItemId = NewType("ItemId", str)
PhotoId = NewType("PhotoId", str)
WipeJobId = NewType("WipeJobId", str)
EvidenceId = NewType("EvidenceId", str)
ClearanceId = NewType("ClearanceId", str)
CertificateId = NewType("CertificateId", str)
AppraisalId = NewType("AppraisalId", str)
ListingId = NewType("ListingId", str)
OfferId = NewType("OfferId", str)
OrderId = NewType("OrderId", str)
PaymentId = NewType("PaymentId", str)
EntryId = NewType("EntryId", str)
CaseId = NewType("CaseId", str)
JobId = NewType("JobId", str)

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_ID = re.compile(r"[0-7][0-9a-hjkmnp-tv-z]{25}")

# No 0 O, no 1 I L. 31 symbols, and 31 is prime: one check character can catch every single wrong symbol.
READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
# In numbers, digits and letters have fixed places; within each of the two kinds all values differ.
_VALUES = {symbol: i for i, symbol in enumerate(READABLE)} | {"0": 8, "1": 9, "I": 0, "L": 1, "O": 2}
_NUMBER = re.compile(r"([A-Z]{2,4})-?([0-9OIL]{4})-?([0-9OIL]{6,9})-?([0-9A-Z])")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

_lock = Lock()
_last = (0, 0)

_SENTENCES = {
    "code_length": N_("This code has the wrong number of characters."),
    "code_symbol": N_("This code contains a character that our codes don't use."),
    "code_check": N_("This code has a typing mistake. Please compare it with the original."),
    "code_shape": N_("This is not a number of ours. It looks like XS-2026-000123-K."),
}


class BadCode(Invalid, ValueError):
    """A typed code or number that can't be ours: code_length, code_symbol, code_check or code_shape."""

    def __init__(self, code: str) -> None:
        super().__init__(code, _SENTENCES[code])


def new_id() -> str:
    """Return a fresh 26-character id; later ones of this process sort later, even within a millisecond."""
    global _last
    milliseconds = int(clock.now().timestamp() * 1000)
    with _lock:
        # Within one millisecond a random step keeps the order and leaves the next id unguessable.
        same = _last[0] == milliseconds
        tail = _last[1] + 1 + secrets.randbits(48) if same else secrets.randbits(79)
        _last = (milliseconds, tail)
    number = milliseconds << 80 | tail
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def is_id(text: str) -> bool:
    """Tell whether `text` has the shape of an id; whether such a thing exists is another question."""
    return _ID.fullmatch(text) is not None


def new_code(n: int, alphabet: str = READABLE) -> str:
    """Return `n` independent random symbols of an alphabet without look-alikes."""
    return "".join(secrets.choice(alphabet) for _ in range(n))


def new_checked_code(n: int = 8) -> str:
    """Return a code of `n` symbols for people to type, such as the receipt code; the last is the check."""
    body = new_code(n - 1)
    return body + check_character(body)


def grouped(code: str, size: int = 4) -> str:
    """Write a code in groups for reading aloud: ABCD-EFGH."""
    return "-".join(code[i : i + size] for i in range(0, len(code), size))


def parse_code(text: str, n: int = 8) -> str:
    """Read a checked code as people type it: any case, spaces, dashes, full-width. Raises BadCode."""
    code = _tidy(text).replace("-", "")
    if len(code) != n:
        raise BadCode("code_length")
    if any(symbol not in READABLE for symbol in code):
        raise BadCode("code_symbol")
    if check_character(code[:-1]) != code[-1]:
        raise BadCode("code_check")
    return code


def check_character(body: str) -> str:
    """Return the check symbol of letters and digits (at most 29 of them; dashes don't count).

    Sum of value times 3**place modulo 31. 3 generates all 30 residues, so the weights of two places differ:
    every single wrong symbol and every swap of two different ones is noticed. Own rule, no standard.
    """
    symbols = body.replace("-", "")
    if len(symbols) > 29 or any(symbol not in _VALUES for symbol in symbols):
        raise ValueError("not the body of a code")
    return READABLE[sum(_VALUES[symbol] * pow(3, i + 1, 31) for i, symbol in enumerate(symbols)) % 31]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A document number such as XS-2026-000123-K: prefix (2 to 4 capitals), year, running number, check."""

    prefix: str
    year: int
    serial: int

    def __str__(self) -> str:
        body = f"{self.prefix}-{self.year:04d}-{self.serial:06d}"
        return f"{body}-{check_character(body)}"


def numbered(prefix: str, year: int, serial: int) -> str:
    """Return the number of a document. Raises ValueError for what `parse_number` would not read back."""
    text = str(Numbered(prefix, year, serial))
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"not a document number: {text}")
    return text


def parse_number(text: str) -> Numbered:
    """Read a document number as people type it (any case, O for 0, I or L for 1). Raises BadCode."""
    found = _NUMBER.fullmatch(_tidy(text))
    if not found:
        raise BadCode("code_shape")
    prefix, year, serial, check = found.groups()
    digits = str.maketrans("OIL", "011")
    number = Numbered(prefix, int(year.translate(digits)), int(serial.translate(digits)))
    if str(number)[-1] != check:
        raise BadCode("code_check")
    return number


def _tidy(text: str) -> str:
    return re.sub(r"[\s\u3000]+", "", text.translate(_FULL_WIDTH)).upper()
