"""Private sellers whose figures have reached a line: the list, one person with a court's factors, one's own figures."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core import clock
from core.access import may, needs, visitor
from core.data_files import text
from core.errors import Forbidden, Refused
from core.i18n import N_
from core.money import Money, format_money
from core.page import Page
from core.people.models import Account
from core.people.names import shown_name
from core.people.queries import get_account
from core.people.sellers import KINDS, seller_kind
from core.work import work
from market.oversight import actions, sellers, signal_rules
from market.oversight.forms import SignalForm
from market.oversight.limits import factors, limits
from market.oversight.models import SellerSignal
from market.oversight.signal_rules import Figures
from market.oversight.states import SIGNAL

blueprint = Blueprint("signals", __name__)
CROSSED = {
    "turnover_over": N_("Over the yearly line"), "turnover_near": N_("Near the yearly line"),
    "same_item": N_("Many of one kind"), "frequency": N_("Sells often"),
}  # fmt: skip
VERDICTS = {
    "private": N_("Still private idle goods"), "ask": N_("The seller is asked"), "operator": N_("To be treated as a business"),
}  # fmt: skip
ANSWERS = {"yes": N_("Yes"), "no": N_("No"), "unclear": N_("Unclear")}


@dataclass(frozen=True, slots=True)
class SellerLine:
    name: str
    href: str
    turnover: str
    sales: int
    marks: list[str]
    waits: bool


@dataclass(frozen=True, kw_only=True)
class SignalsPage(Page):
    template = "market/signals.html"
    lines: list[SellerLine]
    limit: str
    may_report: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A signal that was raised: when, by which lines, and what a person made of it. `factors`: (question, answer)."""

    at: datetime
    marks: list[str]
    state: tuple[str, str]
    verdict: str
    who: str
    reason: str
    factors: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure beside its line: `value` and `limit` as text, `meter` (part, whole), where the line comes from."""

    name: str
    value: str
    limit: str
    meter: tuple[int, int]
    why: str
    tone: str


@dataclass(frozen=True, kw_only=True)
class SignalPage(Page):
    template = "market/signal.html"
    account_id: str
    name: str
    kind: str
    measures: list[Measure]
    idle: str
    past: list[Shown]
    open: bool
    own: bool
    source: str
    questions: list[tuple[str, str, str]]
    answers: list[tuple[str, str]]
    form: SignalForm


@dataclass(frozen=True, kw_only=True)
class TurnoverPage(Page):
    template = "market/turnover.html"
    measures: list[Measure]
    idle: str
    limit: str


def _money(minor: int) -> str:
    return format_money(Money(minor, limits().currency), g.language)


def measures_of(figures: Figures) -> list[Measure]:
    asked, marks = limits(), signal_rules.crossed(figures, limits().lines)
    lines, why = asked.lines, asked.why
    same = f"{figures.same_sales} × {figures.same_name}" if figures.same_sales else "0"
    rows = [
        (_("Sold this year"), _money(figures.turnover_minor), _money(lines.limit_minor),
         (figures.turnover_minor, lines.limit_minor), why["turnover"], "turnover"),
        (_("Most of one kind in %(days)s days", days=asked.same_days.days), same, str(lines.same_sales),
         (figures.same_sales, lines.same_sales), why["same_item"], "same_item"),
        (_("Sales in %(days)s days", days=asked.lately.days), str(figures.sales_lately), str(lines.sales_lately),
         (figures.sales_lately, lines.sales_lately), why["frequency"], "frequency"),
    ]  # fmt: skip
    return [
        Measure(name, value, limit, (min(part, whole), whole), text(source, g.language),
                "warn" if any(mark.startswith(code) for mark in marks) else "neutral")
        for name, value, limit, (part, whole), source, code in rows
    ]  # fmt: skip


@blueprint.get("/signals")
@needs("market:signal:see")
def show_all() -> object:
    """Everybody who has reached a line or has one that waits; whoever waits first, then by turnover."""
    now = clock.now()
    waits = sellers.open_signals(g.db)
    found = [(one, sellers.figures_of(g.db, one, now)) for one in sorted({*sellers.active_sellers(g.db, now), *waits})]
    kept = [(one, figures) for one, figures in found if one in waits or signal_rules.crossed(figures, limits().lines)]
    kept.sort(key=lambda row: (row[0] not in waits, -row[1].turnover_minor, row[0]))
    return SignalsPage(
        lines=[
            SellerLine(
                shown_name(g.db.get_one(Account, one)), f"/signals/{one}", _money(figures.turnover_minor), figures.sales_year,
                [_(CROSSED[code]) for code in signal_rules.crossed(figures, limits().lines)], one in waits,
            )
            for one, figures in kept[:200]
        ],
        limit=_money(limits().lines.limit_minor), may_report=may(visitor(), "market:tax:see"),
    ).answer()  # fmt: skip


def get_seller(session: Session, account_id: str) -> Account:
    return get_account(session, account_id)


@blueprint.get("/signals/<account_id>")
@needs("market:signal:see", on=get_seller)
def show(person: Account) -> object:
    return _page(person).answer()


def _page(person: Account, form: SignalForm | None = None, chosen: dict[str, str] | None = None) -> SignalPage:
    figures, past = sellers.figures_of(g.db, person.id, clock.now()), sellers.signals_of(g.db, person.id)
    source, asked = factors()
    return SignalPage(
        account_id=person.id, name=shown_name(person), kind=_(KINDS[seller_kind(g.db, person.id)]), measures=measures_of(figures),
        idle=_money(figures.idle_minor), past=[_shown(one) for one in past], open=any(one.state == "open" for one in past),
        own=person.id == visitor().account_id, source=text(source, g.language),
        questions=[(one.code, text(one.question, g.language), (chosen or {}).get(one.code, "")) for one in asked],
        answers=[(code, _(word)) for code, word in ANSWERS.items()], form=form or SignalForm(formdata=None),
    )  # fmt: skip


def _shown(one: SellerSignal) -> Shown:
    state, told = SIGNAL[one.state], {factor.code: text(factor.question, g.language) for factor in factors()[1]}
    who: Any = g.db.get(Account, one.answered_by) if one.answered_by else None
    return Shown(
        at=one.at, marks=[_(CROSSED[code]) for code in one.crossed], state=(_(state.label), state.tone),
        verdict=_(VERDICTS[one.verdict]) if one.verdict else "", who=shown_name(who) if who else "", reason=one.reason,
        factors=[(told.get(code, code), _(ANSWERS[said])) for code, said in one.factors.items()],
    )  # fmt: skip


@blueprint.post("/signals/<account_id>")
@needs("market:signal:answer", on=get_seller)
def answer(person: Account) -> object:
    form, account_id = SignalForm(), person.id
    chosen = {one.code: request.form.get(one.code, "") for one in factors()[1]}
    try:
        with work(g.db, visitor().actor, clock.now()) as w:
            waits = [one for one in sellers.signals_of(w.session, account_id) if one.state == "open"]
            signal = actions.still_open(waits[0] if waits else None)
            actions.answer_signal(w, signal, chosen, str(form.verdict.data or ""), str(form.reason.data or ""))
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _page(get_seller(g.db, account_id), form, chosen).answer(no.status)
    flash(_("The decision is written down."))
    return redirect(f"/signals/{account_id}", 303)


@blueprint.get("/me/turnover")
@needs("market:mine:read")
def mine() -> object:
    """One's own figures, as staff see them, with the idle goods counted apart."""
    figures = sellers.figures_of(g.db, str(visitor().account_id), clock.now())
    return TurnoverPage(
        measures=measures_of(figures), idle=_money(figures.idle_minor), limit=_money(limits().lines.limit_minor)
    ).answer()
