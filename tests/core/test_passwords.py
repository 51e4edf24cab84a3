"""Passwords: long is good, known is bad, and the stored hash tells nothing."""

import pytest

from core import passwords
from core.passwords import hash_password, too_weak, verify_password

GOOD = "three blue kettles"


def test_a_password_fits_its_own_hash_only():
    stored = hash_password(GOOD)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert GOOD not in stored and hash_password(GOOD) != stored
    assert verify_password(stored, GOOD)
    assert not verify_password(stored, GOOD + " ")
    assert not verify_password(stored, "")
    assert not verify_password(stored, "\ud800")
    assert not passwords.needs_rehash(stored)


def test_full_width_typing_is_the_same_password():
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in GOOD)
    assert verify_password(hash_password(GOOD), wide)


@pytest.mark.parametrize("stored", ["", "plain", "$argon2id$v=19$m=1", "$2b$12$" + "a" * 53, "\u7269"])
def test_a_damaged_hash_fits_nothing_and_asks_for_a_new_one(stored):
    assert not verify_password(stored, GOOD)
    assert passwords.needs_rehash(stored)


def test_an_old_hash_still_fits_and_is_renewed():
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(GOOD)
    assert verify_password(old, GOOD)
    assert passwords.needs_rehash(old)


def test_an_account_that_is_not_there_takes_the_same_work(monkeypatch):
    asked = []
    genuine = passwords._hasher

    class Counting:
        hash = staticmethod(genuine.hash)

        @staticmethod
        def verify(stored, password):
            asked.append(stored.split("$")[3])
            return genuine.verify(stored, password)

    stored = hash_password(GOOD)
    monkeypatch.setattr(passwords, "_hasher", Counting)
    assert not verify_password(None, GOOD)
    assert not verify_password(None, "nobody has this password")
    assert verify_password(stored, GOOD)
    assert asked == ["m=19456,t=2,p=1"] * 3


def test_a_giant_password_costs_nothing():
    assert not verify_password(hash_password(GOOD), "a" * 5_000_000)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "too_short"),
        ("123456789", "too_short"),
        ("\u7269" * 9, "too_short"),
        ("x1y2z3" * 60, "too_long"),
        ("1234567890", "too_plain"),
        ("0987654321", "too_plain"),
        ("aaaaaaaaaaaa", "too_plain"),
        ("abababababab", "too_plain"),
        ("abcd" * 4, "too_plain"),
        ("qwertyuiop", "too_plain"),
        ("1qaz2wsx3edc", "too_plain"),
        ("abcdefghijkl", "too_plain"),
        ("password123", "too_common"),
        ("Password2026", "too_common"),
        ("P@ssw0rd1!!", "too_common"),
        ("qwerty123456", "too_common"),
        ("woaini1314520", "too_common"),
        ("admin@12345", "too_common"),
        ("5201314520!", "too_common"),
        ("Xunshi2026!", "too_common"),
        ("13800138000", "too_personal"),
        ("mei13800138000", "too_personal"),
        ("mei.lin2026", "too_personal"),
        ("mei.lin@example.com", "too_personal"),
    ],
)
def test_what_is_tried_first_is_refused(password, reason):
    assert too_weak(password, ["13800138000", "Mei.Lin@example.com", "+86 138 0013 8000"]) == reason
    assert passwords.REASONS[reason].endswith(".")


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "correct horse battery staple",
        "mei.lin but three blue kettles",
        "kV9#mPq2xW7r",
        "q7XfP2mLd9",
        "\u6211\u5bb6\u7684\u732b\u6bcf\u5929\u65e9\u4e0a\u516d\u70b9\u53eb\u6211",
        "passwordless kettles",
    ],
)
def test_a_long_or_random_one_may_stand(password):
    assert too_weak(password, ["13800138000", "mei.lin@example.com", "", "Li"]) is None
