"""The text of an agreement, made from its terms in either language: numbered clauses, each with the article it rests on. The same
terms give the same text; what was shown at a signing is kept all the same, for sentences may change later."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.data_files import text
from core.i18n import N_, listed, say
from core.money import CNY, Money, format_money
from market.channels.consignment.agreements.terms import Terms
from market.channels.consignment.agreements.wording import LOSS_WORDS, UNSOLD_WORDS
from market.ledger.fees.describe import RuleShown, describe
from market.ledger.fees.words import MODES


@dataclass(frozen=True, slots=True)
class Clause:
    """`law`: the article, "" where there is none; `weighs`: what takes something from the consignor, shown plainly (496)."""

    code: str
    title: str
    law: str
    sentences: tuple[str, ...]
    weighs: bool = False


class _Writer:
    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, sentence: str, /, **values: object) -> str:
        return say(sentence, self.language, **values)

    def money(self, minor: int) -> str:
        return format_money(Money(minor, CNY), self.language)

    def clause(self, code: str, title: str, law: str, sentences: Iterable[str], weighs: bool = False) -> Clause:
        article = self(N_("Civil Code, article %(number)s"), number=law) if law and law[0].isdigit() else self(law)
        return Clause(code, self(title), article, tuple(sentences), weighs)


def clauses(terms: Terms, language: str) -> list[Clause]:
    """All of them, in order."""
    w, weighs = _Writer(language), True
    return [
        w.clause("nature", N_("What this agreement is"), "951", _nature(w)),
        w.clause("things", N_("The things"), "954", _things(w)),
        w.clause("price", N_("Price"), "955", _price(terms, w), weighs),
        w.clause("pay", N_("What the shop earns"), "955", _pay(terms, w), weighs),
        w.clause("term", N_("Term"), "", _term(terms, w)),
        w.clause("unsold", N_("What stays unsold"), "957", _unsold(terms, w), weighs),
        w.clause("charges", N_("Charges and costs"), "952", _charges(terms, w), weighs),
        w.clause("loss", N_("Care, loss and damage"), "953", _loss(terms, w), weighs),
        w.clause("paying", N_("When the consignor is paid"), "959", _paying(terms, w), weighs),
        w.clause("lien", N_("Lien"), "959", [_either(w, terms.lien, _LIEN)], terms.lien),
        w.clause("self", N_("The shop as buyer"), "956", [_either(w, terms.self_purchase, _SELF)]),
        w.clause("buyer", N_("When a buyer doesn't pay"), "958", [_either(w, terms.answers_for_buyer, _BUYER)]),
        w.clause("privacy", N_("Personal information"), _PIPL, _privacy(w)),
        w.clause("ending", N_("Ending the agreement"), "933", _ending(terms, w)),
        w.clause("signing", N_("Signing"), _SIGNATURES, _signing(w)),
        w.clause("dispute", N_("Disputes"), "", _dispute(terms, w)),
        *([w.clause("remarks", N_("Agreed besides"), "", [text(terms.remarks, language)])] if terms.remarks else []),
        w.clause("language", N_("Language"), "", [w(N_("The agreement is in Chinese and English. Where they differ, the "
                                                       "Chinese text governs."))]),
    ]  # fmt: skip


_SIGNATURES = N_("Electronic Signature Law, articles 3 and 14")
_PIPL = N_("Personal Information Protection Law, articles 13 and 17")
_LIEN = (
    N_("While the consignor owes the shop what is agreed here, the shop may keep the unsold things back until it is paid."),
    N_("The shop has no right to keep things back for what it is owed."),
)
_SELF = (
    N_("The shop may buy a thing with a market price itself, at no less than the price of the day, and still earn its "
       "commission; "
       "it tells the consignor so."),
    N_("The shop may not buy the things itself."),
)  # fmt: skip
_BUYER = (
    N_("When a buyer of the shop doesn't pay or doesn't take the thing, the shop answers to the consignor for it."),
    N_("When a buyer of the shop doesn't pay, the shop doesn't answer for it: the thing goes on sale again, and the shop tells "
       "the "
       "consignor who can be asked to pay."),
)  # fmt: skip


def _either(w: _Writer, yes: bool, sentences: tuple[str, str]) -> str:
    return w(sentences[0] if yes else sentences[1])


def _nature(w: _Writer) -> Iterator[str]:
    yield w(
        N_(
            "The shop sells the consignor's things in its own name and for the consignor's account (a contract of commission "
            "agency)."
        )
    )
    yield w(N_("A thing stays the consignor's until it is sold. The consignor says that it is theirs to sell."))


def _things(w: _Writer) -> Iterator[str]:
    yield w(
        N_(
            "Each thing taken in stands on a consignment receipt with its flaws, its asking price and its reserve. The "
            "receipts are part of this agreement."
        )
    )
    yield w(N_("Things that hold data are wiped and cleared before they are priced or shown."))


def _price(terms: Terms, w: _Writer) -> Iterator[str]:
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


def _pay(terms: Terms, w: _Writer) -> Iterator[str]:
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


def _rule(rule: RuleShown, w: _Writer) -> str:
    name = rule.name
    if rule.only:
        name = w(N_("%(name)s (%(only)s)"), name=rule.name, only=listed(rule.only, w.language))
    charges = listed([rule.charges, *rule.bands], w.language)
    return w(N_("%(name)s: %(value)s."), name=name, value=charges)


def _term(terms: Terms, w: _Writer) -> Iterator[str]:
    term = terms.term
    yield w(N_("A thing is on sale for %(days)s days from the day it is taken in."), days=term.days)
    if term.grace_days:
        yield w(
            N_("Then follow %(days)s days of grace: it can still be sold, and it can be fetched without any charge."),
            days=term.grace_days,
        )


def _unsold(terms: Terms, w: _Writer) -> Iterator[str]:
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


def _charges(terms: Terms, w: _Writer) -> Iterator[str]:
    charges, named = terms.charges, []
    if charges.storage_day:
        yield w(N_("Storage after the days of grace: %(amount)s a day for each thing, at most %(cap)s."),
                amount=w.money(charges.storage_day), cap=w.money(charges.storage_cap))  # fmt: skip
    for sentence, minor in ((N_("cleaning %(amount)s"), charges.cleaning), (N_("appraisal %(amount)s"), charges.appraisal),
                            (N_("wiping of data %(amount)s"), charges.wiping),
                            (N_("sending it back %(amount)s"), charges.return_freight)):  # fmt: skip
        if minor:
            named.append(w(sentence, amount=w.money(minor)))
    if named:
        yield w(N_("For each thing for which the consignor asked it: %(charges)s."), charges=listed(named, w.language))
    if not named and not charges.storage_day:
        yield w(N_("There are no charges beside what the shop earns."))
    if terms.costs == "shop":
        yield w(N_("All other costs of selling are the shop's."))
    else:
        yield w(N_("Other costs of selling that the consignor agreed to in writing before are the consignor's."))


def _loss(terms: Terms, w: _Writer) -> Iterator[str]:
    yield w(
        N_("The shop keeps the things with care. For a thing that is lost or damaged in its keeping it pays %(what)s."),
        what=w(LOSS_WORDS[terms.loss]),
    )
    yield w(N_("Natural wear and decay, and flaws that the receipt names, are not damage."))


def _paying(terms: Terms, w: _Writer) -> Iterator[str]:
    paying = terms.paying
    yield w(N_("The proceeds of a sale are held for %(days)s days, so that a buyer's return can be settled, and paid within "
               "%(within)s days after that."),
            days=paying.hold_days, within=paying.within_days)  # fmt: skip
    if paying.least:
        yield w(
            N_(
                "Less than %(amount)s is paid with the next sale, or at once when the consignor asks for it or the agreement "
                "ends."
            ),
            amount=w.money(paying.least),
        )
    yield w(N_("Each payment comes with a statement that shows price, fees and rounding of every thing."))


def _privacy(w: _Writer) -> Iterator[str]:
    yield w(
        N_(
            "The shop asks for name, identity paper, contact and payout account in order to keep its register, to pay and to "
            "reach the consignor; it shows them to nobody but those whom the law names."
        )
    )
    yield w(
        N_(
            "They are kept for three years after the last thing is settled and then erased. Nothing on a label, a tag or a "
            "public page names the consignor."
        )
    )


def _ending(terms: Terms, w: _Writer) -> Iterator[str]:
    yield w(
        N_("Either side can end the agreement with %(days)s days of notice. Sold things are settled, unsold ones are fetched."),
        days=terms.notice_days,
    )
    yield w(N_("A shop that closes tells its consignors 30 days before."))


def _signing(w: _Writer) -> Iterator[str]:
    yield w(N_("Both sides may sign on the screen or with their own account. Each gets the agreement as a paper or file, with "
               "its digest."))
    yield w(N_("It counts once both have signed. Changes are agreed on in a new agreement."))


def _dispute(terms: Terms, w: _Writer) -> Iterator[str]:
    court = N_(
        "Both sides talk first. If that doesn't help, the court decides: %(place)s. Complaints to the authorities stay open."
    )
    other = N_(
        "Both sides talk first. If that doesn't help, arbitration decides: %(place)s. Complaints to the authorities stay open."
    )
    yield w(court if terms.dispute.way == "court" else other, place=text(terms.dispute.place, w.language))


def lines(terms: Terms, language: str) -> list[list[object]]:
    """The text as it is kept and digested: [[title, law, [sentences], weighs], ...]."""
    return [[one.title, one.law, list(one.sentences), one.weighs] for one in clauses(terms, language)]
