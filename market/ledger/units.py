"""What amounts are counted in. Tickets and points are units of their own that never turn into money (no stored value, R-PAY)."""

import re

from core.i18n import N_
from core.money import Money, format_money

TICKETS = "XTK"  # exchange tickets for books: 换书券
POINTS = "XGP"  # green points: 绿色积分
# ISO 4217 keeps the codes that begin with X for things that are no country's money
NEVER_MONEY = {TICKETS: N_("%(n)s tickets"), POINTS: N_("%(n)s points")}


def is_money(unit: str) -> bool:
    """Is it a currency that people can be paid in?"""
    return bool(re.fullmatch(r"[A-WYZ][A-Z]{2}", unit))


def written(amount: Money, language: str) -> str:
    """An amount of any unit for readers: ¥19.90, 3 tickets."""
    from flask_babel import gettext as _

    if amount.currency in NEVER_MONEY:
        return str(_(NEVER_MONEY[amount.currency], n=amount.minor))
    return format_money(amount, language)
