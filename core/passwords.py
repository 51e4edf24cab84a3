"""Passwords: argon2id hashes, and a check for the ones that are tried first."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from argon2.low_level import Type

from core.i18n import N_

SHORTEST, LONGEST = 10, 256

# 19 MiB, 2 passes, 1 lane: the first choice of the OWASP Password Storage Cheat Sheet; about 20 ms here.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)

# Own short list of what is tried first; `_is_common` looks behind capitals, digits and signs.
_COMMON = frozenset(
    [
        "password",
        "passwort",
        "passw0rd",
        "qwertyuiop",
        "asdfghjkl",
        "zxcvbnm",
        "letmein",
        "welcome",
        "iloveyou",
        "woaini",
        "admin",
        "administrator",
        "abc",
        "abcd",
        "abcde",
        "qwerty",
        "asdf",
        "zxcv",
        "qazwsx",
        "qazwsxedc",
        "q1w2e3r4",
        "q1w2e3r4t5",
        "1q2w3e4r",
        "1q2w3e4r5t",
        "a1b2c3d4",
        "monkey",
        "dragon",
        "football",
        "baseball",
        "sunshine",
        "princess",
        "master",
        "superman",
        "xunshi",
        "xianyu",
        "taobao",
        "alipay",
        "weixin",
        "wechat",
        "changeme",
        "secret",
        "test",
        "user",
        "guest",
        "root",
        "nihao",
        "mima",
        "wodemima",
        "qwe",
        "asd",
        "zxc",
        "aini",
        "woaiwojia",
        "woaibaobei",
        "5201314",
        "1314520",
        "7758521",
    ]
)
_RUNS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb",
)

REASONS = {
    "too_short": N_("Please use at least 10 characters."),
    "too_long": N_("Please use at most 256 characters."),
    "too_common": N_("This password is among the first ones that are tried. Please choose another."),
    "too_plain": N_("Please don't use only a run or a repetition of characters."),
    "too_personal": N_("Please don't use your name, phone number or e-mail address as the password."),
}


def hash_password(password: str) -> str:
    """Return the argon2id hash, parameters and salt included, about 100 characters."""
    return _hasher.hash(_bytes(password))


def verify_password(stored: str | None, password: str) -> bool:
    """Tell whether the password belongs to a hash; for None (no such account) take as long and say no."""
    if len(password) > 4 * LONGEST:
        return False
    try:
        return (
            _hasher.verify(_nobody() if stored is None else stored, _bytes(password)) and stored is not None
        )
    except (VerificationError, ValueError):  # ValueError: what is stored is no hash at all
        return False


def needs_rehash(stored: str) -> bool:
    """Tell whether a hash was made with other parameters than today's; make it anew at the next sign-in."""
    try:
        return _hasher.check_needs_rehash(stored)
    except ValueError:
        return True


def too_weak(password: str, hints: Iterable[str] = ()) -> str | None:
    """Return a key of REASONS, or None if it may stand. `hints`: phone, e-mail, names of its owner.

    Length and a list of known ones, no rules about kinds of characters: NIST SP 800-63B, 3.1.1.2.
    """
    word = _normal(password)
    if len(word) < SHORTEST:
        return "too_short"
    if len(word) > LONGEST:
        return "too_long"
    if len(set(word.lower())) < 4 or _is_run(word.lower()):
        return "too_plain"
    if _names_owner(word.lower(), hints):
        return "too_personal"
    return "too_common" if _is_common(word.lower()) else None


def _normal(password: str) -> str:
    """The same password typed on two keyboards is one password (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return _normal(password).encode(errors="surrogatepass")


def _is_run(word: str) -> bool:
    period = next((n for n in range(1, 5) if word == (word[:n] * len(word))[: len(word)]), 0)
    return period > 0 or any(word in run or word[::-1] in run for run in _RUNS)


def _is_common(word: str) -> bool:
    """A known word alone, written with 0 for o and 3 for e, or with digits and signs around it."""
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", word)
    plain = [word, bare, re.sub(r"\W", "", word)]
    plain += [each.translate(str.maketrans("013457@$", "oieastas")) for each in plain]
    return any(each in _COMMON or each == "" for each in plain)


def _names_owner(word: str, hints: Iterable[str]) -> bool:
    for hint in hints:
        known = _normal(hint).lower().strip()
        for part in {known, known.split("@")[0], re.sub(r"\D", "", known)[-11:]}:
            # What is left beside the known part has to carry the password by itself.
            if len(part) >= 4 and part in word and len(word.replace(part, "")) < SHORTEST - 2:
                return True
    return False


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
