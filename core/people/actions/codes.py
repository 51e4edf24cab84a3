"""One-time codes to a contact: six digits, ten minutes, five tries, only the newest counts; kept as
keyed digests.

Whether a contact has an account must not show: for one that can't get a code a row is kept all the
same, whose code
nobody knows, so that answers, limits and tries are the same."""

import hmac
import secrets as random

from sqlalchemy import select

from core import ids, mail, secrets
from core.errors import Invalid, Refused
from core.i18n import N_, say
from core.people.models import Code
from core.people.queries import digest_of, sent_codes
from core.people.rules import CODE_LIVES, CODE_TRIES, Address, TooManyTries, sends_left
from core.work import Work

CODE_SUBJECT = N_("Your Xunshi code")
CODE_TEXT = N_("%(code)s is your code for Xunshi. It is valid for 10 minutes. Never tell it to anybody.")


def send_code(w: Work, purpose: str, address: Address, language: str) -> None:
    """Send a fresh code. Raises TooManyTries when the contact got too many."""
    code = f"{random.randbelow(10**6):06d}"
    _keep(w, purpose, address, code)
    mail.send(
        w,
        address.channel,
        address.value,
        address.masked,
        say(CODE_SUBJECT, language),
        say(CODE_TEXT, language, code=code),
    )


def send_no_code(w: Work, purpose: str, address: Address) -> None:
    """Keep a code that nobody gets, under the same limits."""
    _keep(w, purpose, address, random.token_hex(16))


def spend_code(w: Work, purpose: str, address: Address, typed: str) -> Refused | None:
    """Use up the newest code. None: it was right. Else the refusal, which the caller must raise
    *after* the Work, so
    that the counted try is saved."""
    digits = "".join(typed.split())
    contact = digest_of(address)
    row = w.session.scalars(
        select(Code)
        .where(Code.purpose == purpose, Code.contact_digest == contact)
        .order_by(Code.expires_at.desc(), Code.id.desc())
        .limit(1)
        .with_for_update()
    ).first()
    if row is None or row.used_at is not None or row.expires_at <= w.now:
        return Invalid(
            "code_over", N_("This code is no longer valid. Please ask for a new one."), field="code"
        )
    if row.tries >= CODE_TRIES:
        return TooManyTries(
            "code_tries", N_("Five wrong tries have ended this code. Please ask for a new one."), field="code"
        )
    if not hmac.compare_digest(row.code_digest, _digest(purpose, contact, digits)):
        row.tries += 1
        return Invalid("code_wrong", N_("This is not the code that we sent."), field="code")
    row.used_at = w.now
    return None


def _keep(w: Work, purpose: str, address: Address, code: str) -> None:
    mail.demand(address.channel)
    contact = digest_of(address)
    sends_left(sent_codes(w.session, contact, w.now), w.now)
    w.session.add(
        Code(
            id=ids.new_id(),
            purpose=purpose,
            contact_digest=contact,
            code_digest=_digest(purpose, contact, code),
            expires_at=w.now + CODE_LIVES,
            tries=0,
            used_at=None,
        )
    )


def _digest(purpose: str, contact: str, code: str) -> str:
    return secrets.keyed_digest(f"{purpose}:{contact}:{code}", "one_time_code")
