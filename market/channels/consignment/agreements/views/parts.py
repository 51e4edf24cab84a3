"""What the pages share: a version of terms and an agreement as people read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import g
from flask_babel import gettext as _

from core.data_files import text
from core.errors import Invalid
from core.money import CNY, BadAmount, Money, format_money, parse_yuan
from core.people.names import shown_org
from market.channels.consignment.agreements import queries
from market.channels.consignment.agreements.clauses import Clause, clauses
from market.channels.consignment.agreements.forms import ExampleForm
from market.channels.consignment.agreements.law_rules import plain_rule
from market.channels.consignment.agreements.models import Agreement, TermsTemplate
from market.channels.consignment.agreements.rules import BadCase, Case, moments, reckon
from market.channels.consignment.agreements.states import AGREEMENT, TEMPLATE
from market.channels.consignment.agreements.terms import Terms
from market.channels.consignment.agreements.told import told
from market.channels.consignment.agreements.wording import STANDING_WORDS
from market.ledger.fees.explain import Explained


def yuan(minor: int) -> str:
    return format_money(Money(minor, CNY), g.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateShown:
    """`state`: (word, tone); `short`: the heart of it in one line."""

    id: str
    org_id: str
    title: str
    version: int
    state: tuple[str, str]
    help: str
    short: str
    since: datetime | None
    until: datetime | None
    digest: str
    code: str = ""

    @property
    def href(self) -> str:
        return f"/consignment/{self.org_id}/templates/{self.id}"

    @property
    def public_href(self) -> str:
        return f"/shops/{self.org_id}/consignment-terms/{self.id}"


def shown_template(row: TermsTemplate) -> TemplateShown:
    terms = queries.terms_of(row)
    state = TEMPLATE[row.state]
    return TemplateShown(
        id=row.id, org_id=row.org_id, title=text(terms.title, g.language), version=row.version,
        state=(_(state.label), state.tone),
        help=_(state.help), short=short(terms), since=row.activated_at, until=row.retired_at, digest=row.digest, code=row.code,
    )  # fmt: skip


def short(terms: Terms) -> str:
    """`30 % commission · 60 days + 14 days of grace`."""
    rule = plain_rule(terms)
    if terms.pay.kind == "net":
        earns = _("fixed net price")
    elif rule is not None:
        earns = _("commission %(percent)s %%", percent=rule.percent.text)
    else:
        earns = _("commission by steps") if terms.pay.policy.rules else _("no commission")
    days = _("%(days)s days + %(grace)s days of grace", days=terms.term.days, grace=terms.term.grace_days)
    return f"{earns} · {days}"


@dataclass(frozen=True, slots=True)
class TextShown:
    """The text in the language that is read; `ways`: (language, address, is it this one)."""

    clauses: Sequence[Clause]
    language: str
    ways: Sequence[tuple[str, str, bool]]


def language_asked(asked: str) -> str:
    return asked if asked in ("zh", "en") else str(g.language)


def text_ways(path: str, language: str) -> list[tuple[str, str, bool]]:
    """(language, address, is it this one) of the two languages of a text."""
    return [(one, f"{path}?text={one}#text", language == one) for one in ("zh", "en")]


def text_of(terms: Terms, path: str, asked: str) -> TextShown:
    language = language_asked(asked)
    return TextShown(clauses(terms, language), language, text_ways(path, language))


def text_kept(lines: Mapping[str, Sequence[Any]], path: str, asked: str) -> TextShown:
    """Of an agreement: as it was frozen."""
    language = language_asked(asked)
    found = [Clause("", title, law, tuple(sentences), weighs) for title, law, sentences, weighs in lines[language]]
    return TextShown(found, language, text_ways(path, language))


@dataclass(frozen=True, slots=True, kw_only=True)
class DayShown:
    day: int
    standing: str
    price: str
    lowest: str
    fees: Sequence[tuple[str, str]]
    net: str
    shop: str
    explained: Sequence[Explained]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleShown:
    form: ExampleForm
    days: Sequence[DayShown] = field(default_factory=tuple)


def example(terms: Terms, form: ExampleForm) -> ExampleShown:
    """A thing of 500 yuan unless another one is typed; an amount that can't be read is told at its field."""
    from core.goods.cards import all_cards
    from core.goods.describe import category_name

    form.category.choices = [("", _("Any")), *((one.code, category_name(one.code, g.language)) for one in all_cards())]
    if not (form.price.data or "").strip():
        form.price.data = "500.00"
        form.reserve.data = "400.00" if terms.pay.kind == "net" else "300.00"
    try:
        price, reserve = (_fen(form, name) for name in ("price", "reserve"))
        cases = [
            Case(asking=price, reserve=reserve, days=day, kept_price=bool(form.kept_price.data), services=form.services,
                 category=str(form.category.data or "") or None)
            for day in moments(terms)
        ]  # fmt: skip
        return ExampleShown(form=form, days=[_day(terms, case) for case in cases])
    except BadCase as no:
        words = {
            "price": _("Enter a price above 0."), "reserve": _("The reserve lies between 0 and the asking price."),
            "net_missing": _("Enter the net price: it is what the consignor gets."),
        }  # fmt: skip
        found = form["price" if no.key == "price" else "reserve"]
        found.errors = [*found.errors, words.get(no.code, str(no))]
    except Invalid as no:
        form.blame(no)
    return ExampleShown(form=form)


def _fen(form: ExampleForm, name: str) -> int:
    typed = str(form[name].data or "").strip()
    try:
        return parse_yuan(typed).minor if typed else 0
    except BadAmount as no:
        no.field = name
        raise


def _day(terms: Terms, case: Case) -> DayShown:
    found = reckon(terms, case)
    lines = told(found, g.language)
    named = [(one.label, one.amount) for one in lines if one.source]
    return DayShown(
        day=case.days, standing=_(STANDING_WORDS[found.standing]), price=yuan(found.price), lowest=yuan(found.lowest), fees=named,
        net=yuan(found.net), shop=yuan(found.shop), explained=lines,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementShown:
    """A line in a list. `who`: the masked name, "" for the consignor's own list."""

    id: str
    number: str
    who: str
    shop: str
    file: str
    short: str
    state: tuple[str, str]
    help: str
    at: datetime
    href: str


def shown_agreement(row: Agreement, *, own: bool = False) -> AgreementShown:
    state = AGREEMENT[row.state]
    return AgreementShown(
        id=row.id, number=row.number, who="" if own else row.consignor.shown, shop=shown_org(row.org, g.language),
        file=row.consignor.number, short=short(queries.terms_of(row)), state=(_(state.label), state.tone), help=_(state.help),
        at=row.signed_at or row.offered_at or row.drafted_at,
        href=f"/consignment-agreements/{row.id}" if own else f"/consignment/{row.org_id}/agreements/{row.id}",
    )  # fmt: skip
