"""What the clauses about the things themselves say: what is handed over, at what price, for what pay, and what becomes of it."""

from collections.abc import Iterator

from core.i18n import N_, listed
from market.channels.consignment.agreements.terms import Terms
from market.channels.consignment.agreements.wording import UNSOLD_WORDS
from market.channels.consignment.agreements.writer import Writer
from market.ledger.fees.describe import RuleShown, describe
from market.ledger.fees.words import MODES


def nature(w: Writer) -> Iterator[str]:
    yield w(
        N_(
            "The shop sells the consignor's things in its own name and for the consignor's account (a contract of commission "
            "agency)."
        )
    )
    yield w(N_("A thing stays the consignor's until it is sold. The consignor says that it is theirs to sell."))


def things(w: Writer) -> Iterator[str]:
    yield w(
        N_(
            "Each thing taken in stands on a consignment receipt with its flaws, its asking price and its reserve. The "
            "receipts are part of this agreement."
        )
    )
    yield w(N_("Things that hold data are wiped and cleared before they are priced or shown."))


def price(terms: Terms, w: Writer) -> Iterator[str]:
    price = terms.price
    yield w(_AUTHORITY_SAID[price.authority], percent=price.percent, days=price.after_days)
    yield w(N_("No thing is sold below its reserve unless the consignor agrees to it or the shop pays the difference."))
    if terms.markdown:
        steps = listed(
            (w(N_("from day %(day)s %(percent)s %% off"), day=one.day, percent=one.percent) for one in terms.markdown), w.language
        )
        yield w(N_("Plan of markdowns, each counted off the asking price and not on top of each other: %(steps)s."), steps=steps)
        yield w(N_("A thing that is marked “no markdowns” keeps its price."))


_AUTHORITY_SAID = {
    "fixed": N_("The consignor sets the price. The shop may not change it."),
    "lower": N_(
        "The consignor sets the asking price. After %(days)s days the shop may lower it by itself, by %(percent)s %% at most."
    ),
    "reserve": N_(
        "The consignor sets the asking price and a reserve. The shop decides on the price down to the reserve; a thing without "
        "a reserve keeps its price and its plan."
    ),
    "ask": N_("The consignor sets the price. The shop asks before each change."),
}


def pay(terms: Terms, w: Writer) -> Iterator[str]:
    pay = terms.pay
    if pay.kind == "net":
        yield w(
            N_(
                "For each thing a net price is agreed on. The consignor gets this net price, whatever it sells for; what the "
                "buyer pays above it is the shop's."
            )
        )
        yield w(N_("The charges named below come off the net price."))
    else:
        if not pay.policy.rules:
            yield w(N_("The shop takes no commission."))
        for rule in describe(pay.policy, w.language):
            yield _rule(rule, w)
        yield w(N_("What is sold above the asking price is divided in the same way."))
    yield w(_DISCOUNTS[pay.policy.absorber])
    rounded = N_("Amounts are reckoned to the fen (%(mode)s): the commission is rounded, the consignor gets the rest.")
    rest = N_("Amounts are reckoned to the fen (%(mode)s): what the consignor gets is rounded, the commission is the rest.")
    yield w(rounded if pay.policy.rounding.on == "commission" else rest, mode=w(MODES[pay.policy.rounding.mode]))
    yield w(N_("A sale never leaves the consignor owing: what it doesn't bring in isn't charged."))


_DISCOUNTS = {
    "shop": N_("A discount below the price of the day is the shop's: the consignor gets as much as without it."),
    "seller": N_("A discount below the price of the day comes off the consignor's part, but never goes below the reserve."),
    "shared": N_("A discount below the price of the day is borne by both, half each, but never goes below the reserve."),
}


def _rule(rule: RuleShown, w: Writer) -> str:
    name = rule.name
    if rule.only:
        name = w(N_("%(name)s (%(only)s)"), name=rule.name, only=listed(rule.only, w.language))
    charges = listed([rule.charges, *rule.bands], w.language)
    return w(N_("%(name)s: %(value)s."), name=name, value=charges)


def term(terms: Terms, w: Writer) -> Iterator[str]:
    term = terms.term
    yield w(N_("A thing is on sale for %(days)s days from the day it is taken in."), days=term.days)
    if term.grace_days:
        yield w(
            N_("Then follow %(days)s days of grace: it can still be sold, and it can be fetched without any charge."),
            days=term.grace_days,
        )


def unsold(terms: Terms, w: Writer) -> Iterator[str]:
    yield w(
        N_(
            "The consignor can fetch an unsold thing at any time. What is not fetched when term and grace are over goes, in "
            "this order:"
        )
    )
    for nth, one in enumerate(terms.unsold, 1):
        what = w(UNSOLD_WORDS[one.way])
        if one.notice_days:
            yield w(N_("(%(nth)s) %(what)s, after a notice of %(days)s days"), nth=nth, what=what, days=one.notice_days)
        else:
            yield w(N_("(%(nth)s) %(what)s"), nth=nth, what=what)
    if any(one.way == "deposit" for one in terms.unsold):
        yield w(
            N_(
                "A deposit is made with the notary's or another deposit office; the consignor is told where, and can fetch the "
                "thing or its proceeds there."
            )
        )
