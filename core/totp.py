"""The second factor: time-based codes (RFC 6238, six digits, 30 s) and recovery codes for a lost phone."""

import hmac
from collections.abc import Iterable
from datetime import datetime

import pyotp

from core import ids, secrets

STEP_SECONDS = 30
WINDOW = 1  # steps before and after: the phone's clock may be half a minute off
RECOVERY_CODES = 10
_RECOVERY_LENGTH = 12


def new_secret() -> str:
    """Return 160 random bits in base 32, as RFC 4226 recommends."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, account: str, issuer: str) -> str:
    """Return the otpauth: address for the QR code that an authenticator app reads."""
    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=account, issuer_name=issuer)


def accepted_step(secret: str, code: str, now: datetime, last_step: int | None) -> int | None:
    """Return the time step that the typed code belongs to, or None if it is wrong, too old or used before.

    The caller stores the step and hands it back as `last_step`: RFC 6238, 5.2, a code is accepted only once.
    The guarded UPDATE (`... WHERE last_step IS NULL OR last_step < :step`) is the caller's part of that.
    """
    digits = "".join(code.split())
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return None
    present = _step(now)
    found = None
    # All steps are always compared, so that the time taken doesn't tell which one was near.
    for step in range(present - WINDOW, present + WINDOW + 1):
        if hmac.compare_digest(_code_at(secret, step), digits):
            found = step
    return found if found is not None and (last_step is None or found > last_step) else None


def current_code(secret: str, now: datetime) -> str:
    """Return the code an app would show at this moment (demo and tests)."""
    return _code_at(secret, _step(now))


def new_recovery_codes(n: int = RECOVERY_CODES) -> list[str]:
    """Return single-use codes such as ABCD-EFGH-JKMN, 54 random bits each; they are shown once."""
    return [ids.grouped(ids.new_checked_code(_RECOVERY_LENGTH)) for _ in range(n)]


def recovery_digest(code: str) -> str:
    """Return what is stored of a recovery code: a digest under the deployment secret. Raises ids.BadCode."""
    return secrets.keyed_digest(ids.parse_code(code, _RECOVERY_LENGTH), "recovery_code")


def find_recovery(code: str, digests: Iterable[str]) -> str | None:
    """Return the stored digest that a typed recovery code belongs to, else None; the caller deletes it."""
    try:
        typed = recovery_digest(code)
    except ids.BadCode:
        return None
    found = [each for each in digests if hmac.compare_digest(each.encode(), typed.encode())]
    return found[0] if found else None


def _step(now: datetime) -> int:
    return int(now.timestamp()) // STEP_SECONDS


def _code_at(secret: str, step: int) -> str:
    return pyotp.TOTP(secret, interval=STEP_SECONDS).generate_otp(step)
