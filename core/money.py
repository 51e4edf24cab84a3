"""Money in one shape: an integer of minor units and a currency. No floats; whoever rounds says how."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal, Self, get_args

from core.errors import Invalid
from core.i18n import N_

Rounding = Literal["half_up", "half_even", "down", "up"]

CNY = "CNY"
# Ten thousand million yuan: above any trade here, far below the 64 bits of a database integer.
LARGEST = 10**12

# The yuan sign, the half- and full-width comma and point, and the Chinese full stop an input method may give.
_TYPED = {0xFF10 + i: str(i) for i in range(10)} | {
    0xFFE5: "\u00a5",
    0xFF0C: ",",
    0xFF0E: ".",
    0x3002: ".",
    0xFF0D: "-",
    0x2212: "-",
    0x3000: " ",
    0xA0: " ",
}
_MARK = r"(?:\u00a5|RMB|CNY)"
_YUAN = re.compile(
    rf"{_MARK}?\s*(?P<sign>-?)\s*{_MARK}?\s*"
    r"(?P<whole>[0-9]+|[0-9]{1,3}(?:[, ][0-9]{3})+)(?:\.(?P<part>[0-9]*))?"
    r"\s*(?:\u5143|\u5757|RMB|CNY)?",
    re.IGNORECASE,
)

_SENTENCES = {
    "amount_empty": N_("Please enter an amount."),
    "amount_unreadable": N_("This is not an amount of money. Please write it like 1299.50."),
    "amount_negative": N_("The amount must not be negative."),
    "amount_too_fine": N_("Amounts have at most two decimal places (fen)."),
    "amount_too_large": N_("This amount is too large."),
}


class BadAmount(Invalid, ValueError):
    """A typed amount that can't be read; the codes are the keys of the table above."""

    def __init__(self, code: str) -> None:
        super().__init__(code, _SENTENCES[code])


class MixedUnits(TypeError):
    """Two currencies met in one sum or comparison."""


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: `minor` units (fen for CNY) of an ISO 4217 `currency`. A float is a TypeError."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        _whole(self.minor)
        if not isinstance(self.currency, str) or not re.fullmatch(r"[A-Z]{3}", self.currency):
            raise ValueError(f"not a currency: {self.currency!r}")

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls(0, currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __abs__(self) -> "Money":
        return Money(abs(self.minor), self.currency)

    def __mul__(self, pieces: int) -> "Money":
        return Money(self.minor * _whole(pieces), self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other)

    def _same(self, other: "Money") -> int:
        if not isinstance(other, Money):
            raise TypeError(f"money and {type(other).__name__} don't mix")
        if other.currency != self.currency:
            raise MixedUnits(f"{self.currency} and {other.currency} don't mix")
        return other.minor

    def allocate(self, weights: Sequence[int]) -> list["Money"]:
        """Split by integer weights >= 0, exactly, by largest remainder; equal remainders favour the earlier.

        A negative amount splits like its opposite, so that a refund mirrors the sale. Raises ValueError if no
        weight is positive, TypeError for a weight that is no integer.
        """
        total = sum(_whole(weight) for weight in weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("weights must not be negative and not all zero")
        sign, amount = (-1, -self.minor) if self.minor < 0 else (1, self.minor)
        shares = [amount * weight // total for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % total), i))
        for i in by_remainder[: amount - sum(shares)]:
            shares[i] += 1
        return [Money(sign * share, self.currency) for share in shares]

    def percent(self, numerator: int, denominator: int, rounding: Rounding) -> "Money":
        """Return a fraction of this amount, rounded as named; 12.5 % is `percent(125, 1000, "half_up")`."""
        return Money(round_ratio(self.minor * _whole(numerator), denominator, rounding), self.currency)

    def plain(self) -> str:
        """Write the amount for machines: 1299.50, -0.05, and 500 in a currency without minor units."""
        digits = minor_digits(self.currency)
        text = f"{abs(self.minor):0{digits + 1}d}"
        point = f"{text[:-digits]}.{text[-digits:]}" if digits else text
        return f"-{point}" if self.minor < 0 else point

    def __str__(self) -> str:
        return f"{self.plain()} {self.currency}"


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Add amounts up; the currency makes the sum of nothing a sum of something."""
    return sum(amounts, start=Money.zero(currency))


def round_ratio(numerator: int, denominator: int, rounding: Rounding) -> int:
    """Return the ratio as an integer. down: towards zero, up: away from it; half_*: the nearest one."""
    if rounding not in get_args(Rounding):
        raise ValueError(f"not a rounding: {rounding}")
    if _whole(denominator) <= 0:
        raise ValueError("the denominator must be positive")
    quotient, rest = divmod(abs(_whole(numerator)), denominator)
    up = {
        "down": False,
        "up": rest > 0,
        "half_up": 2 * rest >= denominator,
        "half_even": 2 * rest > denominator or (2 * rest == denominator and quotient % 2 == 1),
    }[rounding]
    return (quotient + up) * (-1 if numerator < 0 else 1)


def parse_yuan(text: str) -> Money:
    """Read what people type: "1,299", "1299.5", yuan signs, full-width digits. Raises BadAmount."""
    tidy = text.translate(_TYPED).strip()
    if not tidy:
        raise BadAmount("amount_empty")
    found = _YUAN.fullmatch(tidy)
    if not found:
        raise BadAmount("amount_unreadable")
    whole, part = re.sub("[, ]", "", found["whole"]), found["part"] or ""
    if len(part.rstrip("0")) > 2:
        raise BadAmount("amount_too_fine")
    # Length first: int() of a very long text is slow and then refused by Python itself.
    if len(whole.lstrip("0")) > 12 or (minor := int(whole) * 100 + int(part[:2].ljust(2, "0"))) > LARGEST:
        raise BadAmount("amount_too_large")
    if found["sign"] and minor:
        raise BadAmount("amount_negative")
    return Money(minor, CNY)


@lru_cache(maxsize=4096)
def format_money(money: Money, language: str) -> str:
    """Write an amount for readers of a language ("zh", "en", "zh-CN"): with sign and all minor digits."""
    from babel.numbers import format_currency

    amount = Decimal(money.minor).scaleb(-minor_digits(money.currency))
    written = format_currency(amount, money.currency, locale=language.replace("-", "_"))
    return written.replace("CN¥", "¥")  # on a site in China nobody takes it for yen


@cache
def minor_digits(currency: str) -> int:
    """Return how many decimal digits the currency's minor unit has (CNY 2, JPY 0; CLDR through Babel)."""
    if currency == CNY:  # the everyday case needs no Babel, which is slow to import
        return 2
    from babel.numbers import get_currency_precision

    return get_currency_precision(currency)


def _whole(number: int) -> int:
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(f"money counts in whole minor units, not in {type(number).__name__}")
    return number
