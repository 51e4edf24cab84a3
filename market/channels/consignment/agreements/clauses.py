"""The text of an agreement, made from its terms in either language: numbered clauses, each with the article it rests on. The same
terms give the same text; what was shown at a signing is kept all the same, for sentences may change later."""

from core.data_files import text
from core.i18n import N_
from market.channels.consignment.agreements import duty_clauses as duty
from market.channels.consignment.agreements import trade_clauses as trade
from market.channels.consignment.agreements.terms import Terms
from market.channels.consignment.agreements.writer import Clause, Writer

__all__ = ["Clause", "clauses", "lines"]


def clauses(terms: Terms, language: str) -> list[Clause]:
    """All of them, in order."""
    w, weighs = Writer(language), True
    return [
        w.clause("nature", N_("What this agreement is"), "951", trade.nature(w)),
        w.clause("things", N_("The things"), "954", trade.things(w)),
        w.clause("price", N_("Price"), "955", trade.price(terms, w), weighs),
        w.clause("pay", N_("What the shop earns"), "955", trade.pay(terms, w), weighs),
        w.clause("term", N_("Term"), "", trade.term(terms, w)),
        w.clause("unsold", N_("What stays unsold"), "957", trade.unsold(terms, w), weighs),
        w.clause("charges", N_("Charges and costs"), "952", duty.charges(terms, w), weighs),
        w.clause("loss", N_("Care, loss and damage"), "953", duty.loss(terms, w), weighs),
        w.clause("paying", N_("When the consignor is paid"), "959", duty.paying(terms, w), weighs),
        w.clause("lien", N_("Lien"), "959", [duty.either(w, terms.lien, duty.LIEN)], terms.lien),
        w.clause("self", N_("The shop as buyer"), "956", [duty.either(w, terms.self_purchase, duty.SELF)]),
        w.clause("buyer", N_("When a buyer doesn't pay"), "958", [duty.either(w, terms.answers_for_buyer, duty.BUYER)]),
        w.clause("privacy", N_("Personal information"), duty.PIPL, duty.privacy(w)),
        w.clause("ending", N_("Ending the agreement"), "933", duty.ending(terms, w)),
        w.clause("signing", N_("Signing"), duty.SIGNATURES, duty.signing(w)),
        w.clause("dispute", N_("Disputes"), "", duty.dispute(terms, w)),
        *([w.clause("remarks", N_("Agreed besides"), "", [text(terms.remarks, language)])] if terms.remarks else []),
        w.clause("language", N_("Language"), "", [w(N_("The agreement is in Chinese and English. Where they differ, the "
                                                       "Chinese text governs."))]),
    ]  # fmt: skip


def lines(terms: Terms, language: str) -> list[list[object]]:
    """The text as it is kept and digested: [[title, law, [sentences], weighs], ...]."""
    return [[one.title, one.law, list(one.sentences), one.weighs] for one in clauses(terms, language)]
