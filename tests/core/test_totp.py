"""The second factor: right code, right half minute, once."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from core import ids, secrets, totp

NOON = datetime(2026, 6, 1, 4, 0, 0, tzinfo=UTC)
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setattr(secrets, "_vault", secrets.open_vault(tmp_path))


# RFC 6238, appendix B, SHA-1 rows; its 8 digits end in the 6 that apps show
@pytest.mark.parametrize(
    ("seconds", "digits"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_figures_of_rfc_6238(seconds, digits):
    now = datetime.fromtimestamp(seconds, UTC)
    assert totp.current_code(RFC_SECRET, now) == digits[-6:]
    assert totp.accepted_step(RFC_SECRET, digits[-6:], now, None) == seconds // 30


def test_a_code_is_accepted_once_and_the_next_one_again():
    secret = totp.new_secret()
    code = totp.current_code(secret, NOON)
    step = totp.accepted_step(secret, f" {code[:3]} {code[3:]} ", NOON, None)
    assert step is not None
    assert totp.accepted_step(secret, code, NOON, step) is None
    assert totp.accepted_step(secret, code, NOON + timedelta(seconds=29), step) is None
    later = NOON + timedelta(seconds=30)
    assert totp.accepted_step(secret, totp.current_code(secret, later), later, step) == step + 1


@pytest.mark.parametrize(("off", "accepted"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_phone_may_be_half_a_minute_off(off, accepted):
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # fixed: no chance of equal codes in neighbouring steps
    code = totp.current_code(secret, NOON + timedelta(seconds=off))
    assert (totp.accepted_step(secret, code, NOON, None) is not None) is accepted


def test_after_a_late_code_an_earlier_one_is_refused():
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    newest = totp.accepted_step(secret, totp.current_code(secret, NOON + timedelta(seconds=30)), NOON, None)
    assert totp.accepted_step(secret, totp.current_code(secret, NOON), NOON, newest) is None


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16", "-12345", "1" * 9999]
)
def test_what_is_no_code_is_refused(code):
    assert totp.accepted_step(RFC_SECRET, code, NOON, None) is None


def test_the_app_reads_the_address():
    secret = totp.new_secret()
    uri = totp.provisioning_uri(secret, "mei@example.com", "\u5faa\u5e02")
    assert uri.startswith("otpauth://totp/%E5%BE%AA%E5%B8%82:mei%40example.com?")
    assert f"secret={secret}" in uri
    assert len(base64.b32decode(secret)) == 20
    assert totp.new_secret() != secret


def test_a_recovery_code_opens_once(house):
    codes = totp.new_recovery_codes()
    stored = [totp.recovery_digest(code) for code in codes]
    assert len(set(codes)) == len(codes) == 10
    assert not any(code.replace("-", "") in digest for code in codes for digest in stored)
    used = totp.find_recovery(codes[3].lower().replace("-", " "), stored)
    assert used == stored[3]
    stored.remove(used)
    assert totp.find_recovery(codes[3], stored) is None
    assert totp.find_recovery(codes[4], stored) == stored[3]


@pytest.mark.parametrize("code", ["", "ABCD", "\u7269" * 12, "A" * 12])
def test_a_wrong_recovery_code_finds_nothing(house, code):
    stored = [totp.recovery_digest(each) for each in totp.new_recovery_codes(2)]
    assert totp.find_recovery(code, stored) is None
    assert totp.find_recovery(ids.new_checked_code(12), stored) is None
