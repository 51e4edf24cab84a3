"""What the pages say about prices, English for gettext: reasons, kinds of sellers, ages, and what a price here is not."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from appraisal.prices.words import REASON_WORDS
from core.i18n import N_
from core.people.rules import SELLER_KINDS

REASONS = {
    **REASON_WORDS,
    "not_graded": N_("too few things without a grade were sold here to compare it with"),
    "age_unknown": N_("its year isn't told, and too few such things were sold"),
}
NO_PROMISE = N_("A reference price from completed sales: no promise to pay it, and not a statutory valuation.")


def reasons_said(codes: Sequence[str]) -> str:
    """Why there is no number, as one part of a sentence."""
    return str(_("; ")).join(_(REASONS[code]) for code in codes)


def age_said(months: int | None) -> str:
    if months is None:
        return str(_("age not told"))
    if months < 24:
        return str(ngettext("%(num)d month old", "%(num)d months old", months))
    return str(_("%(years)s years old", years=f"{months / 12:.1f}".removesuffix(".0")))


def channel_said(code: str) -> str:
    return str(_(SELLER_KINDS[code]) if code in SELLER_KINDS else _("not told"))


def size_said(size: str) -> str:
    """Storage as it was typed, with its unit where it is a number alone."""
    return f"{size} GB" if size.isascii() and size.replace(".", "", 1).isdigit() else size
