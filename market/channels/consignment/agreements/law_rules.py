"""What terms may not say, with the source: the law where it decides, sense where terms contradict themselves."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from core.data_files import Bilingual
from core.folding_rules import letters, numbers
from core.i18n import N_
from market.channels.consignment.agreements.terms import SERVICE_RULES, Terms
from market.ledger.fees.policy import Rule
from market.listings.away.number_rules import mobiles
from market.shops.void_rules import check

LONGEST_TERM, LONGEST_GRACE, LONGEST_HOLD, LONGEST_PAYING, LONGEST_NOTICE = 730, 180, 60, 60, 90
LEAST_NOTICE: Final = 7
"""Days of notice before a thing leaves its owner's hands for good, by trade custom."""
DEAREST: Final = {"storage_day": 10_000, "storage_cap": 500_000, "cleaning": 100_000, "appraisal": 100_000, "wiping": 100_000,
                  "return_freight": 100_000}  # fmt: skip
"""Fen: more than this is a slip of the pen."""
LARGEST_LEAST: Final = 50_000
"""A minimum payout above 500 yuan would keep people's money."""
VOID: Final = N_("“%(phrase)s” would be void: %(source)s.")
_497, _955, _957 = N_("Civil Code, article 497"), N_("Civil Code, article 955"), N_("Civil Code, articles 957 and 570")
_SENSE: Final = N_("the terms contradict themselves")


@dataclass(frozen=True, slots=True)
class Problem:
    """`place`: where in the JSON; `sentence` with `values`: English for gettext, the source among them."""

    code: str
    place: str
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def source(self) -> str:
        return str(self.values.get("source", ""))


def problems(terms: Terms) -> list[Problem]:
    """Everything that forbids these terms; none for those that may be agreed on."""
    parts = (_term, _price, _pay, _policy, _span, _markdown, _unsold, _charges, _liability, _paying, _words)
    return [one for part in parts for one in part(terms)]


def _no(code: str, place: str, sentence: str, **values: object) -> Problem:
    return Problem(code, place, sentence, values)


def _price(terms: Terms) -> Iterator[Problem]:
    price = terms.price
    if price.floor != "reserve":
        sentence = N_("The shop may not sell below the reserve without being asked, or it makes up the difference (%(source)s).")
        yield _no("below_reserve", "price.floor", sentence, source=_955)
    if price.authority == "lower" and not 1 <= price.percent <= 99:
        yield _no(
            "lower_percent", "price.percent", N_("The shop may lower the price by 1 to 99 percent (%(source)s)."), source=_955
        )
    if price.authority == "lower" and price.after_days > terms.term.days:
        yield _no("lower_late", "price.after_days", N_("This day comes after the term is over (%(source)s)."), source=_SENSE)


def _pay(terms: Terms) -> Iterator[Problem]:
    pay = terms.pay
    if pay.kind == "net" and pay.policy.rules:
        yield _no("net_and_commission", "remuneration.kind",
                  N_("A fixed net price leaves no commission beside it (%(source)s)."), source=_SENSE)  # fmt: skip
    if pay.kind == "net" and pay.policy.absorber != "shop":
        yield _no("net_discount", "remuneration.policy.discount_absorbed_by",
                  N_("With a fixed net price only the shop can bear a discount (%(source)s)."), source=_955)  # fmt: skip


def _policy(terms: Terms) -> Iterator[Problem]:
    policy, at = terms.pay.policy, "remuneration.policy"
    if policy.currency != "CNY":
        yield _no("currency", f"{at}.currency", N_("Terms are in yuan (CNY)."))
    if not policy.clamps:
        yield _no("may_owe", f"{at}.negative_payout", N_("A sale never leaves its consignor owing (%(source)s)."), source=_497)
    if not policy.pays_lost:
        yield _no("no_liability", f"{at}.lost_items", _EXCLUDED, source=_VOID_LIABILITY)
    for place, rule in enumerate(policy.rules):
        yield from _rule(rule, f"{at}.rules[{place}]")


def _rule(rule: Rule, at: str) -> Iterator[Problem]:
    percents = [rule.percent] if rule.kind == "percent" else [band.percent for band in rule.bands if band.percent]
    if any(one.share > 1 for one in percents):
        yield _no("over_100", f"{at}.percent", N_("A commission can't be more than 100 percent (%(source)s)."), source=_497)
    if rule.name in SERVICE_RULES:
        yield _no("name_taken", f"{at}.name", N_("This fee is named among the charges already."))
    if rule.match.dated or rule.match.seller:
        yield _no(
            "not_in_terms", f"{at}.match", N_("Terms hold for all days and for whoever signs them (%(source)s)."), source=_SENSE
        )


def plain_rule(terms: Terms) -> Rule | None:
    """The percentage that an agreement may choose within the span: the commission's for all things."""
    rules = [
        one for one in terms.pay.policy.rules if one.kind == "percent" and one.name == "commission" and not one.match.category
    ]
    return rules[0] if rules else None


def _span(terms: Terms) -> Iterator[Problem]:
    if terms.pay.span is None:
        return
    least, most = (Fraction(one) for one in terms.pay.span)
    rule = plain_rule(terms)
    if most > 100:
        yield _no(
            "over_100", "remuneration.span.most", N_("A commission can't be more than 100 percent (%(source)s)."), source=_497
        )
    if rule is None or not least <= rule.percent.share * 100 <= most:
        yield _no("span", "remuneration.span.least",
                  N_("The commission lies between the least and the most that may be agreed on (%(source)s)."),
                  source=_SENSE)  # fmt: skip


def _term(terms: Terms) -> Iterator[Problem]:
    term, custom = terms.term, N_("trade custom is 30 to 90 days")
    days = N_("A term is 1 to %(most)s days (%(source)s).")
    for place, value in (("days", term.days), ("least", term.least), ("most", term.most)):
        if not 1 <= value <= LONGEST_TERM:
            yield _no("term", f"term.{place}", days, most=LONGEST_TERM, source=custom)
    if not term.least <= term.days <= term.most:
        yield _no("term_span", "term.least", N_("The term lies between the least and the most days (%(source)s)."), source=_SENSE)
    yield from _within(terms, "term.grace_days", term.grace_days, LONGEST_GRACE)
    yield from _within(terms, "notice_days", terms.notice_days, LONGEST_NOTICE)


def _within(terms: Terms, place: str, value: int, most: int) -> Iterator[Problem]:
    if value > most:
        yield _no("too_long", place, N_("At most %(most)s days (%(source)s)."), most=most, source=_497)


def _markdown(terms: Terms) -> Iterator[Problem]:
    plan, price = terms.markdown, terms.price
    if plan and price.authority in ("fixed", "ask"):
        sentence = N_("A plan of markdowns doesn't fit a price that only the consignor may change (%(source)s).")
        yield _no("plan_unasked", "markdown[0].day", sentence, source=_955)
    for nth, one in enumerate(plan):
        at = f"markdown[{nth}]"
        if one.percent > 99:
            yield _no("over_100", f"{at}.percent", N_("A markdown takes off 1 to 99 percent: nothing is sold for nothing."))
        if nth and (one.day <= plan[nth - 1].day or one.percent <= plan[nth - 1].percent):
            yield _no("not_rising", f"{at}.percent", N_("Each step comes later and takes off more than the one before."))
        if one.percent < 1:
            yield _no("no_markdown", f"{at}.percent", N_("A markdown takes off 1 to 99 percent: nothing is sold for nothing."))
        if not 1 <= one.day <= terms.term.days + terms.term.grace_days:
            yield _no(
                "day_outside", f"{at}.day", N_("A step lies within the term and its grace days (%(source)s)."), source=_SENSE
            )
        if price.authority == "lower" and (one.percent > price.percent or one.day < price.after_days):
            limit = N_(
                "The plan goes further than the shop may lower the price: %(percent)s percent after %(days)s days (%(source)s)."
            )
            yield _no("beyond_limit", f"{at}.percent", limit, percent=price.percent, days=price.after_days, source=_955)


def _unsold(terms: Terms) -> Iterator[Problem]:
    ways = [one.way for one in terms.unsold]
    if "return" not in ways:
        owner = N_("Civil Code, articles 235 and 240: the thing is the consignor's")
        yield _no("no_return", "unsold", N_("Fetching a thing back must be among the ways (%(source)s)."), source=owner)
    for nth, one in enumerate(terms.unsold):
        at = f"unsold[{nth}]"
        if one.way in ways[:nth]:
            yield _no("way_twice", f"{at}.way", N_("This way stands there already."))
        if one.way == "deposit" and one.notice_days < 1:
            sentence = N_("A thing is deposited only after its consignor was called upon to fetch it (%(source)s).")
            yield _no("deposit_unannounced", f"{at}.notice_days", sentence, source=_957)
        if one.way in ("donate", "recycle") and one.notice_days < LEAST_NOTICE:
            sentence = N_("Giving a thing away for good needs at least %(days)s days of notice (%(source)s).")
            yield _no("given_away_unannounced", f"{at}.notice_days", sentence, days=LEAST_NOTICE, source=_497)
        if one.notice_days > LONGEST_NOTICE:
            yield _no(
                "too_long", f"{at}.notice_days", N_("At most %(most)s days (%(source)s)."), most=LONGEST_NOTICE, source=_497
            )
    if "renew" in ways[1:] or "deposit" in ways[:-1]:
        yield _no("ways_order", "unsold[0].way", N_("Renewing comes first, a deposit last (%(source)s)."), source=_957)


def _charges(terms: Terms) -> Iterator[Problem]:
    charges = terms.charges
    for name, most in DEAREST.items():
        if getattr(charges, name) > most:
            sentence = N_("At most %(amount)s yuan (%(source)s).")
            yield _no("too_dear", f"charges.{name}", sentence, amount=most // 100, source=_497)
    if charges.storage_day and charges.storage_cap < charges.storage_day:
        yield _no("no_cap", "charges.storage_cap", N_("Storage needs a most that it may come to (%(source)s)."), source=_497)


_EXCLUDED = N_("Paying nothing for what is lost or damaged in the shop's keeping is void (%(source)s).")
_VOID_LIABILITY = N_("Civil Code, articles 497 and 506")


def _liability(terms: Terms) -> Iterator[Problem]:
    if terms.loss == "none":
        yield _no("no_liability", "loss", _EXCLUDED, source=_VOID_LIABILITY)


def _paying(terms: Terms) -> Iterator[Problem]:
    paying = terms.paying
    yield from _within(terms, "payment.hold_days", paying.hold_days, LONGEST_HOLD)
    yield from _within(terms, "payment.within_days", paying.within_days, LONGEST_PAYING)
    if paying.least > LARGEST_LEAST:
        sentence = N_("At most %(amount)s yuan (%(source)s).")
        yield _no("too_dear", "payment.least", sentence, amount=LARGEST_LEAST // 100, source=_497)


def _words(terms: Terms) -> Iterator[Problem]:
    policy = terms.pay.policy
    said = (("title", terms.title), ("remarks", terms.remarks), ("dispute.place", terms.dispute.place))
    labels = [(f"remuneration.policy.rules[{place}].label", rule.label) for place, rule in enumerate(policy.rules)]
    for place, words in (*said, ("remuneration.policy.note", policy.note), *labels):
        yield from _void(place, words)
    for language, text in (("zh", terms.remarks.zh), ("en", terms.remarks.en)) if terms.remarks else ():
        if names_person(text):
            yield _no("personal", f"remarks.{language}", PERSONAL)


_IDENTITY = re.compile(r"(?<!\d)\d{6}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx](?!\d)")
PERSONAL: Final = N_("No mobile numbers and no identity-card numbers here: they stand in the consignor's file.")


def names_person(text: str) -> bool:
    """Is there a mobile number in it, or what looks like an identity card's (GB 11643: 18 characters with a birthday)?"""
    digits = numbers(letters(text))
    return bool(_IDENTITY.search(digits.text)) or any(True for _ in mobiles(digits))


def _void(place: str, words: Bilingual | None) -> Iterator[Problem]:
    for language, text in (("zh", words.zh), ("en", words.en)) if words else ():
        for one in check(text):
            yield _no(one.code, f"{place}.{language}", VOID, phrase=one.phrase, source=one.source)
