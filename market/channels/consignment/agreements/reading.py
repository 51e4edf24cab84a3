"""Terms from JSON, strictly: known keys, whole numbers, nothing guessed. What they may say is law_rules.py's question."""

from typing import Any

from core.data_files import Bilingual
from core.i18n import N_
from market.channels.consignment.agreements.law_rules import problems
from market.channels.consignment.agreements.terms import (
    AUTHORITIES,
    KIND,
    LOSSES,
    WAYS,
    Charges,
    Dispute,
    Markdown,
    Paying,
    PriceAuthority,
    Remuneration,
    Term,
    Terms,
    Unsold,
)
from market.ledger.fees.reading import read_policy
from market.ledger.fees.strict import Reader, Unreadable

FORMAT = 1
MOST_DAYS, MOST_FEN, MOST_STEPS, MOST_WORDS = 10_000, 10**9, 12, 600


def read_lawful(raw: Any) -> Terms:
    """Terms that may be agreed on. Raises Unreadable, also with the first thing that law or sense forbids, and its source."""
    terms = read_terms(raw)
    for one in problems(terms):
        raise Unreadable(one.place, one.code, one.sentence, **one.values)
    return terms


def read_terms(raw: Any) -> Terms:
    """Terms from their JSON value, lawful or not. Raises Unreadable."""
    top = Reader(raw)
    top.choice("kind", (KIND,))
    top.whole("format", least=FORMAT, most=FORMAT)
    found = Terms(
        title=_words(top, "title", 60), price=_price(top.inner("price")), pay=_pay(top.inner("remuneration")),
        term=_term(top.inner("term")),
        markdown=tuple(_markdown(one) for one in top.items("markdown", most=MOST_STEPS)),
        unsold=tuple(_unsold(one) for one in top.items("unsold", most=len(WAYS))),
        charges=_charges(top.inner("charges")), loss=top.choice("loss", LOSSES), paying=_paying(top.inner("payment")),
        lien=top.flag("lien"), self_purchase=top.flag("self_purchase"), answers_for_buyer=top.flag("answers_for_buyer"),
        costs=top.choice("costs", ("shop", "consignor")), notice_days=_days(top, "notice_days"),
        dispute=_dispute(top.inner("dispute")), custom=top.flag("custom"), remarks=_remarks(top),
    )  # fmt: skip
    top.done()
    return found


def _days(reader: Reader, key: str) -> int:
    return reader.whole(key, most=MOST_DAYS) or 0


def _fen(reader: Reader, key: str) -> int:
    return reader.whole(key, most=MOST_FEN) or 0


def _words(reader: Reader, key: str, most: int) -> Bilingual:
    inner = reader.inner(key)
    both = Bilingual(zh=inner.name("zh", most=most), en=inner.name("en", most=most))
    inner.done()
    return both


def _remarks(top: Reader) -> Bilingual | None:
    """The Chinese words govern; English ones may be left out."""
    inner = top.find_inner("remarks")
    if inner is None:
        return None
    zh = inner.name("zh", most=MOST_WORDS)
    both = Bilingual(zh=zh, en=inner.text("en", needed=False, most=MOST_WORDS) or zh)
    inner.done()
    return both


def _price(reader: Reader) -> PriceAuthority:
    authority = reader.choice("authority", AUTHORITIES)
    lower = authority == "lower"
    found = PriceAuthority(
        authority, (reader.whole("percent", needed=lower, most=1000) or 0),
        (reader.whole("after_days", needed=lower, most=MOST_DAYS) or 0),
        reader.choice("floor", ("reserve", "none"), otherwise="reserve"),
    )  # fmt: skip
    reader.done()
    if not lower and (found.percent or found.after_days):
        raise reader.wrong(
            "percent", "not_of_authority", N_("Only where the shop may lower the price by itself is there a limit to it.")
        )
    return found


def _pay(reader: Reader) -> Remuneration:
    kind = reader.choice("kind", ("commission", "net"))
    inner = reader.inner("policy")
    try:
        policy = read_policy(reader.look("policy"))
    except Unreadable as no:
        raise Unreadable(f"{inner.place}.{no.field}", no.code, no.sentence, **no.values) from None
    span = reader.find_inner("span")
    limits = (span.percent("least"), span.percent("most")) if span is not None else None
    if span is not None:
        span.done()
    reader.done()
    return Remuneration(kind, policy, limits)


def _term(reader: Reader) -> Term:
    days = _days(reader, "days")
    least, most = (reader.whole(key, needed=False, most=MOST_DAYS) for key in ("least", "most"))
    found = Term(days, days if least is None else least, days if most is None else most, _days(reader, "grace_days"))
    reader.done()
    return found


def _markdown(reader: Reader) -> Markdown:
    found = Markdown(_days(reader, "day"), reader.whole("percent", most=1000) or 0)
    reader.done()
    return found


def _unsold(reader: Reader) -> Unsold:
    found = Unsold(reader.choice("way", WAYS), _days(reader, "notice_days"))
    reader.done()
    return found


def _charges(reader: Reader) -> Charges:
    found = Charges(
        storage_day=_fen(reader, "storage_day"), storage_cap=_fen(reader, "storage_cap"), cleaning=_fen(reader, "cleaning"),
        appraisal=_fen(reader, "appraisal"), wiping=_fen(reader, "wiping"), return_freight=_fen(reader, "return_freight"),
    )  # fmt: skip
    reader.done()
    return found


def _paying(reader: Reader) -> Paying:
    found = Paying(_days(reader, "hold_days"), _days(reader, "within_days"), _fen(reader, "least"))
    reader.done()
    return found


def _dispute(reader: Reader) -> Dispute:
    found = Dispute(reader.choice("way", ("court", "arbitration")), _words(reader, "place", 80))
    reader.done()
    return found
