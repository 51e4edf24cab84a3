"""The price range of a graded thing on the day of grading: what the price guide says of it then, or that it can't say.

Whole fen. There is a number only where the guide would show one (five comparables, a range no wider than P50); what isn't graded
has none, because nothing comparable was sold."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from appraisal.prices.goods_rules import GRADES, Goods
from appraisal.prices.hints import hint
from appraisal.prices.page_words import REASONS
from appraisal.prices.queries import newest_fit
from core import clock, i18n
from core.goods.cards import get_card
from core.goods.models import Item
from core.goods.rules import told_defects
from core.i18n import N_
from core.money import CNY, Money, format_money

METHOD: Final = "market_price_method"
METHODS: Final = {METHOD: N_("Market-price method: comparable completed sales and a regression over all sales")}
VALUED, INSUFFICIENT, NOT_PRICED = "valued", "insufficient_evidence", "not_priced"
COVERAGE: Final = 80
NO_MODEL: Final = "no_model"
SAYS: Final = {
    VALUED: N_("Half of such things are sold below P50 and half above; eight of ten between P10 and P90."),
    INSUFFICIENT: N_("Insufficient evidence"),
}
WHY: Final = REASONS | {NO_MODEL: N_("no model is told that it could be compared by")}


def price_told(session: Session, item: Item, grade: str, now: datetime) -> dict[str, Any]:
    """For the signed text. `verdict`: valued, insufficient_evidence or not_priced; amounts null unless valued. `day` and `fit`:
    of the learning from sales that was asked, null where there was none."""
    if grade not in GRADES:
        return _told(NOT_PRICED)
    fit = newest_fit(session)
    made_by = {"day": fit.day if fit else None, "fit": (fit.digest or None) if fit else None}
    found = hint(session, _goods(item, grade), clock.local(now).date())
    if found is None:
        return _told(INSUFFICIENT, reasons=[NO_MODEL]) | made_by
    if found.p50 is None:
        return _told(INSUFFICIENT, reasons=list(found.reasons), comparables=found.comparables) | made_by
    amounts = {"p10": found.p10, "p50": found.p50, "p90": found.p90}
    return _told(VALUED, comparables=found.comparables) | amounts | made_by


def _told(verdict: str, reasons: list[str] | None = None, comparables: int = 0) -> dict[str, Any]:
    return {
        "verdict": verdict, "reasons": reasons or [], "p10": None, "p50": None, "p90": None, "currency": CNY,
        "coverage": COVERAGE, "method": METHOD, "comparables": comparables, "day": None, "fit": None,
    }  # fmt: skip


def _goods(item: Item, grade: str) -> Goods:
    attributes = {code: str(value) for code, value in item.attributes.items()}
    disclosures = {code: str(value) for code, value in item.disclosures.items()}
    return Goods(
        category=item.category, brand=item.brand, model=item.model, attributes=attributes,
        told=tuple(told_defects(get_card(item.category), disclosures)), grade=grade,
    )  # fmt: skip


def price_rows(told: Mapping[str, Any] | None, language: str) -> list[tuple[str, str]]:
    """(name, words) of what page and paper say; nothing for what isn't graded, and for papers from before."""
    if not told or told["verdict"] == NOT_PRICED:
        return []
    rows = []
    if told["verdict"] == VALUED:
        rows += [(name.upper(), format_money(Money(told[name], told["currency"]), language)) for name in ("p10", "p50", "p90")]
    else:
        why = i18n.say(N_("; "), language).join(i18n.say(WHY[code], language) for code in told["reasons"])
        rows.append((i18n.say(SAYS[INSUFFICIENT], language), why))
    rows.append((i18n.say(N_("Comparable sales"), language), str(told["comparables"])))
    rows.append((i18n.say(N_("Pricing method"), language), i18n.say(METHODS[told["method"]], language)))
    if told["day"]:
        rows.append((i18n.say(N_("Learned from sales on"), language), told["day"]))
    if told["fit"]:
        rows.append((i18n.say(N_("SHA-256 of what was learned"), language), told["fit"]))
    return rows
