"""The public page of agreement, and, for the platform and the regulator, pairs of sellers and appraisers."""

from dataclasses import dataclass
from fractions import Fraction

from flask import Blueprint, g
from flask_babel import gettext as _
from markupsafe import Markup

from appraisal.agreement import chart, figures, queries, rules
from appraisal.agreement.figures import Agreement, Measure, OfCheck
from appraisal.appeals import rules as appeal_rules
from appraisal.appeals.figures import Rate, overturned
from appraisal.appraisers.queries import appraiser_number
from appraisal.blind.states import BLIND
from appraisal.standards.queries import get_in_force
from core import clock
from core.access import may, public, visitor
from core.data_files import text as words
from core.i18n import N_
from core.page import Page
from core.people.models import Account, Organisation
from core.people.names import shown_name, shown_org

blueprint = Blueprint("agreement", __name__)
Cell = tuple[str, str, str]  # figure, word, tone


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleShown:
    """`totals`: name, figure with its word, how many pairs; `table`: first grade, blind grade, how often."""

    scale: str
    totals: list[tuple[str, Cell, int, bool]]
    svg: Markup | None
    people: list[tuple[str, Cell, Cell, Cell, str]]
    table: list[tuple[str, str, str]]
    pairs: list[tuple[str, str, int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealsShown:
    """Appeals: not decided yet; then rows of (name, how many were decided, how often the grade was overturned)."""

    open: int
    few: int
    total: tuple[str, int, str]
    appraisers: list[tuple[str, int, str]]
    organisations: list[tuple[str, int, str]]


@dataclass(frozen=True, kw_only=True)
class AgreementPage(Page):
    template = "appraisal/agreement.html"
    scales: list[ScaleShown]
    checks: list[tuple[str, str, Cell, int, int]]
    counts: list[tuple[str, int]]
    few: int
    sees_pairs: bool
    appeals: AppealsShown


@blueprint.get("/agreement")
@public
def show() -> object:
    sees = may(visitor(), "appraisal:pairs:see")
    counted = queries.counts(g.db)
    return AgreementPage(
        scales=[_scale(one, sees) for one in figures.agreements(g.db)], checks=[_check(one) for one in figures.checks(g.db)],
        counts=[(_(BLIND[state].label), counted[state]) for state in BLIND.states if counted.get(state)], few=figures.FEW,
        sees_pairs=sees, appeals=_appeals(),
    ).answer()  # fmt: skip


def _appeals() -> AppealsShown:
    found = overturned(g.db)
    named = [(shown_org(g.db.get_one(Organisation, org), g.language), one) for org, one in found.organisations]
    return AppealsShown(
        open=found.open, few=appeal_rules.FEW, total=_fell(_("All appraisers"), found.total),
        appraisers=[_fell(number, one) for number, one in found.appraisers],
        organisations=[_fell(name, one) for name, one in named],
    )  # fmt: skip


def _fell(name: str, one: Rate) -> tuple[str, int, str]:
    return name, one.n, _("too few") if one.percent is None else f"{one.percent} % ({one.fell}/{one.n})"


def _scale(one: Agreement, sees: bool) -> ScaleShown:
    word, tone = _word(one.alpha, rules.ALPHA_WORDS)
    alpha = (rules.hundredths(one.alpha) or "—", word, "unknown" if one.between.few else tone)
    rows = [(who.number, who.between.kappa) for who in one.appraisers if who.between.n]
    shown = ["—" if code == one.order[-1] else code for code in one.order]
    return ScaleShown(
        scale=" ".join(shown),
        totals=[
            (_("Between appraisers (weighted kappa)"), _cell(one.between), one.between.n, one.between.few),
            (_("Between appraisers (Krippendorff's alpha)"), alpha, one.between.n, one.between.few),
            (_("With themselves (weighted kappa)"), _cell(one.within), one.within.n, one.within.few),
            (_("Against the standard, in exams (weighted kappa)"), _cell(one.standard), one.standard.n, one.standard.few),
        ],
        svg=_bars(rows) if rows else None,
        people=[
            (who.number, _cell(who.between), _cell(who.within), _cell(who.standard), _steps(who.between))
            for who in one.appraisers
        ],
        table=[
            (shown[i], shown[j], str(n)) for i, row in enumerate(one.table) for j, n in enumerate(row) if n
        ],
        pairs=_pairs(one) if sees else [],
    )  # fmt: skip


def _bars(rows: list[tuple[str, Fraction | None]]) -> Markup:
    return chart.bars(rows, _("Weighted kappa of each appraiser against blind grades"), _("can't be said"))


def _pairs(all_of: Agreement) -> list[tuple[str, str, int, str]]:
    """Seller, appraiser, blind pairs, grades better than blind: the most flattered first."""
    found = sorted(all_of.pairs, key=lambda pair: -(pair.measure.inflation or 0))
    return [
        (shown_name(g.db.get_one(Account, one.owner_id)), appraiser_number(one.account_id), one.measure.n, _steps(one.measure))
        for one in found
    ]


def _cell(one: Measure) -> Cell:
    if not one.n:
        return ("—", _(N_("nothing to compare yet")), "unknown")
    word, tone = _word(one.kappa, rules.KAPPA_WORDS)
    return (f"{rules.hundredths(one.kappa) or '—'} (n={one.n})", word, "unknown" if one.few else tone)


def _word(value: Fraction | None, known: tuple[tuple[int, str, str], ...]) -> tuple[str, str]:
    word, tone = rules.word_for(value, known)
    return _(word), tone


def _steps(one: Measure) -> str:
    if one.inflation is None:
        return "—"
    return f"{'+' if one.inflation > 0 else ''}{rules.hundredths(one.inflation)}"


def _check(one: OfCheck) -> tuple[str, str, Cell, int, int]:
    standard = get_in_force(g.db, one.standard_id, clock.now())
    check = standard.find_check(one.code)
    word, tone = _word(one.kappa, rules.KAPPA_WORDS)
    cell = (rules.hundredths(one.kappa) or "—", word, "unknown" if one.n < figures.FEW else tone)
    return words(check.name, g.language) if check else one.code, words(standard.names, g.language), cell, one.n, one.left_out
