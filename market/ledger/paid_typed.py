"""What somebody types who writes down a seller's payment: read once, and refused at its field."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from core.clock import LOCAL_ZONE
from core.errors import Invalid
from core.i18n import N_
from core.money import BadAmount, Money, parse_yuan

OLDEST = timedelta(days=366)  # a transfer that is older was booked long ago, or its day is mistyped


@dataclass(frozen=True, slots=True)
class Typed:
    """`reference`: the bank's, as written; `key`: under which it is booked, the same however it was spaced."""

    paid: Money
    reference: str
    received: date
    key: str


def read(now: datetime, amount: str, reference: str, received: str) -> Typed:
    """`amount`: yuan as typed; `reference`: 4 to 60 signs; `received`: a day, 2026-11-30. Raises Invalid at the field."""
    try:
        paid = parse_yuan(amount)
    except BadAmount as bad:
        raise Invalid(bad.code, bad.sentence, field="amount") from None
    if not paid.minor:
        raise Invalid("amount_zero", N_("Write more than nothing."), field="amount")
    number = " ".join(reference.split())
    if not 4 <= len(number) <= 60:
        raise Invalid("reference_missing", N_("Write the bank's reference: 4 to 60 signs."), field="reference")
    return Typed(paid, number, _day(now, received), _key(number))


def _key(number: str) -> str:
    """Full-width signs, small letters and spaces make no other reference."""
    plain = "".join(unicodedata.normalize("NFKC", number).upper().split())
    return f"debt_paid/{sha256(plain.encode()).hexdigest()[:40]}"


def _day(now: datetime, typed: str) -> date:
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        raise Invalid("bad_day", N_("A day is written like 2026-11-29."), field="received") from None
    moment = datetime.combine(day, time(), LOCAL_ZONE) if 2000 <= day.year <= 2999 else None
    if moment is None or not now - OLDEST <= moment <= now:
        raise Invalid("day_out_of_range", N_("The day lies within the last year, and not in the future."), field="received")
    return day
