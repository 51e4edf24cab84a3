"""Terms as JSON: reading it again gives the same terms, and its canonical bytes give the digest."""

from typing import Any

from core import canonical
from core.data_files import Bilingual
from market.channels.consignment.agreements.reading import FORMAT
from market.channels.consignment.agreements.terms import KIND, Remuneration, Terms
from market.ledger.fees.shape import policy_data


def terms_data(terms: Terms) -> dict[str, Any]:
    price, term, charges = terms.price, terms.term, terms.charges
    limit = {"percent": price.percent, "after_days": price.after_days} if price.authority == "lower" else {}
    return {
        "kind": KIND, "format": FORMAT, "title": _both(terms.title), "custom": terms.custom,
        "price": {"authority": price.authority, **limit, "floor": price.floor}, "remuneration": _pay(terms.pay),
        "term": {"days": term.days, "least": term.least, "most": term.most, "grace_days": term.grace_days},
        "markdown": [{"day": one.day, "percent": one.percent} for one in terms.markdown],
        "unsold": [{"way": one.way, "notice_days": one.notice_days} for one in terms.unsold],
        "charges": {
            "storage_day": charges.storage_day, "storage_cap": charges.storage_cap, "cleaning": charges.cleaning,
            "appraisal": charges.appraisal, "wiping": charges.wiping, "return_freight": charges.return_freight,
        },
        "loss": terms.loss,
        "payment": {"hold_days": terms.paying.hold_days, "within_days": terms.paying.within_days, "least": terms.paying.least},
        "lien": terms.lien, "self_purchase": terms.self_purchase, "answers_for_buyer": terms.answers_for_buyer,
        "costs": terms.costs, "notice_days": terms.notice_days,
        "dispute": {"way": terms.dispute.way, "place": _both(terms.dispute.place)},
        **({"remarks": _both(terms.remarks)} if terms.remarks else {}),
    }  # fmt: skip


def terms_digest(terms: Terms) -> str:
    """SHA-256 of the canonical bytes."""
    return canonical.digest(terms_data(terms))


def _pay(pay: Remuneration) -> dict[str, Any]:
    span = {"span": {"least": pay.span[0], "most": pay.span[1]}} if pay.span else {}
    return {"kind": pay.kind, "policy": policy_data(pay.policy), **span}


def _both(words: Bilingual) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}
