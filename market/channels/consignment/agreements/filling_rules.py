"""An agreement's blanks put into a template's terms: only what the template leaves open, and what results is lawful again."""

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from core.data_files import Bilingual
from core.errors import Invalid
from core.i18n import N_
from market.channels.consignment.agreements.law_rules import PERSONAL, VOID, names_person, plain_rule
from market.channels.consignment.agreements.terms import Remuneration, Terms
from market.ledger.fees.policy import Percent
from market.shops.void_rules import check

_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")
MOST_REMARKS = 600


@dataclass(frozen=True, slots=True)
class Blanks:
    """As typed; "" leaves what the template says. `remarks` in Chinese, `remarks_en` may be left out."""

    days: str = ""
    percent: str = ""
    remarks: str = ""
    remarks_en: str = ""


def fill(terms: Terms, blanks: Blanks) -> Terms:
    """Raises Invalid at field `days`, `percent`, `remarks` or `remarks_en`."""
    return replace(terms, term=replace(terms.term, days=_days(terms, blanks.days), least=_days(terms, blanks.days),
                                       most=_days(terms, blanks.days)),
                   pay=_pay(terms, blanks.percent), remarks=_remarks(terms, blanks))  # fmt: skip


def _days(terms: Terms, typed: str) -> int:
    term, text = terms.term, typed.strip()
    if not text:
        return term.days
    if not text.isascii() or not text.isdigit() or not term.least <= int(text[:6]) <= term.most or len(text) > 6:
        sentence = N_("These terms allow %(least)s to %(most)s days.")
        raise Invalid("days", sentence, field="days", values={"least": term.least, "most": term.most})
    step = max((one.day for one in terms.markdown), default=0)
    after = max(step, terms.price.after_days)
    if after > int(text) + term.grace_days or terms.price.after_days > int(text):
        sentence = N_("The plan of markdowns goes on until day %(day)s: the term can't be that short.")
        raise Invalid("days_plan", sentence, field="days", values={"day": after})
    return int(text)


def _pay(terms: Terms, typed: str) -> Remuneration:
    pay, rule, text = terms.pay, plain_rule(terms), typed.strip().removesuffix("%").strip()
    if not text or (rule is not None and text == rule.percent.text):
        return replace(pay, span=None)
    if pay.span is None or rule is None:
        raise Invalid("percent_fixed", N_("These terms leave the commission as it is."), field="percent")
    if not _PERCENT.fullmatch(text) or not Fraction(pay.span[0]) <= Fraction(text) <= Fraction(pay.span[1]):
        sentence = N_("These terms allow a commission of %(least)s to %(most)s percent.")
        raise Invalid("percent", sentence, field="percent", values={"least": pay.span[0], "most": pay.span[1]})
    rules = tuple(replace(one, percent=Percent(text)) if one is rule else one for one in pay.policy.rules)
    return replace(pay, policy=replace(pay.policy, rules=rules), span=None)


def _remarks(terms: Terms, blanks: Blanks) -> Bilingual | None:
    zh, en = " ".join(blanks.remarks.split()), " ".join(blanks.remarks_en.split())
    if en and not zh:
        raise Invalid("remarks_zh", N_("The Chinese text governs: please write it, too."), field="remarks")
    for field, text in (("remarks", zh), ("remarks_en", en)):
        if names_person(text):
            raise Invalid("personal", PERSONAL, field=field)
        for one in check(text):
            raise Invalid(one.code, VOID, field=field, values={"phrase": one.phrase, "source": one.source})
    before = terms.remarks
    joined_zh, joined_en = (
        " ".join(filter(None, parts)) for parts in ((before.zh if before else "", zh), (before.en if before else "", en or zh))
    )
    if max(len(joined_zh), len(joined_en)) > MOST_REMARKS:
        raise Invalid("remarks_long", N_("This is too long."), field="remarks")
    return Bilingual(zh=joined_zh, en=joined_en) if joined_zh else None
