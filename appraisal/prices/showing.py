"""A model's guide and a hint as pages show them: words, rows and charts. What isn't known enough stays without a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import ngettext

from appraisal.prices import chart_rules
from appraisal.prices.chart_rules import Chart
from appraisal.prices.hints import Hint
from appraisal.prices.page_words import NO_PROMISE, age_said, channel_said, reasons_said, size_said
from appraisal.prices.words import STEP_WORDS
from core.i18n import listed
from core.money import CNY, Money, format_money


@dataclass(frozen=True, slots=True)
class Range:
    """Amounts as they are written, or None for all three and the reason why."""

    p10: str | None
    p50: str | None
    p90: str | None
    comparables: int
    why_not: str


@dataclass(frozen=True, slots=True)
class GradeRow:
    """`grade`: the letter, or "U" for things that no appraiser has graded."""

    grade: str
    sales: int
    imported: int
    range: Range


@dataclass(frozen=True, slots=True)
class Waiting:
    """Days as words; "" for what isn't known yet."""

    sold: int
    unsold: int
    quarter: str
    half: str
    three_quarters: str


def money(minor: int) -> str:
    return format_money(Money(minor, CNY), g.language)


def range_of(told: Mapping[str, Any]) -> Range:
    if "p50" not in told:
        return Range(None, None, None, told["comparables"], reasons_said(told["reasons"]))
    return Range(money(told["p10"]), money(told["p50"]), money(told["p90"]), told["comparables"], "")


def grade_rows(body: Mapping[str, Any]) -> list[GradeRow]:
    return [GradeRow(one["grade"] or "U", one["sales"], one["imported"], range_of(one)) for one in body["grades"]]


def typical_said(body: Mapping[str, Any]) -> tuple[str, str]:
    """`grade B, 128 GB, 2.5 years old`: what the one figure is of; and the same without the grade."""
    told = body["typical"]
    grade = _("grade %(grade)s", grade=told["grade"]) if told["grade"] else _("without a grade")
    rest = listed((one for one in (size_said(told["size"]), age_said(told["age"])) if one), g.language)
    return listed((grade, rest) if rest else (grade,), g.language), rest


def channels_said(body: Mapping[str, Any]) -> list[tuple[str, int]]:
    return [(channel_said(code), count) for code, count in body["channels"].items()]


def spread_chart(body: Mapping[str, Any]) -> Chart | None:
    """Only grades with a range; None where there is none."""
    told = [one for one in body["grades"] if "p50" in one]
    rows = [(one["grade"] or _("Not graded"), one["p10"], one["p50"], one["p90"]) for one in told]
    return chart_rules.spread(rows) if rows else None


def history_chart(body: Mapping[str, Any]) -> Chart | None:
    points = [(date.fromisoformat(day), price, _kind(imported)) for day, price, _grade, imported in body["points"]]
    middles = [(_middle_of(month), middle) for month, _n, _low, middle, _high in body["months"]]
    return chart_rules.history(points, middles) if points else None


def history_rows(body: Mapping[str, Any]) -> list[list[str]]:
    """Month, sales, lowest, middle and highest price; the newest first."""
    return [[month, str(count), *map(money, prices)] for month, count, *prices in reversed(body["months"])]


def waiting_of(body: Mapping[str, Any]) -> Waiting:
    told = body["waiting"]
    return Waiting(told["sold"], told["unsold"], *(_days(one) for one in told["days"]))


@dataclass(frozen=True, slots=True)
class HintShown:
    """A hint in words. `steps`: (step, amount), the last one P50; `asked`: where the seller's own price lies, "" without one."""

    code: str
    name: str
    grade: str
    said: str
    range: Range
    sales: int
    imported: int
    asked: str
    unpriced: int
    steps: list[tuple[str, str]]
    chart: Chart | None
    kinds: Sequence[tuple[str, str]]
    no_promise: str


def show_hint(hint: Hint | None, asked: int | None, today: date) -> HintShown | None:
    """The hint beside a price of so many minor units, if one was typed already."""
    if hint is None:
        return None
    chart = hint_chart(hint, asked, today)
    told = {"p10": hint.p10, "p50": hint.p50, "p90": hint.p90} if hint.p50 is not None else {"reasons": hint.reasons}
    steps = [(_(STEP_WORDS[one.step]), money(one.amount)) for one in hint.waterfall]
    return HintShown(
        code=hint.code, name=hint.name, grade=hint.grade, said=said_of(hint), sales=hint.sales,
        imported=hint.imported, unpriced=hint.unpriced, asked=_asked(hint, asked),
        range=range_of({**told, "comparables": hint.comparables}), chart=chart, kinds=kinds_said(chart),
        steps=[*steps, (_("P50: the middle"), money(hint.p50))] if hint.p50 is not None else [], no_promise=_(NO_PROMISE),
    )  # fmt: skip


def _asked(hint: Hint, asked: int | None) -> str:
    if not asked or hint.p10 is None or hint.p90 is None:
        return ""
    if asked < hint.p10:
        return str(_("Your price %(price)s lies below the range: buyers may ask what is wrong with it.", price=money(asked)))
    if asked > hint.p90:
        return str(_("Your price %(price)s lies above the range: it may wait long for a buyer.", price=money(asked)))
    return str(_("Your price %(price)s lies within the range.", price=money(asked)))


def hint_chart(hint: Hint, asked: int | None, today: date) -> Chart | None:
    """The comparables, the range across, and this item at today: where it lies by the sales, and where its seller asks."""
    if hint.p10 is None or hint.p50 is None or hint.p90 is None:
        return None
    points = [(one.day, one.price, _kind(one.imported)) for one in hint.compared]
    points.append((today, hint.p50, "mine"))
    points += [(today, asked, "asked")] if asked else []
    return chart_rules.history(points, [], (hint.p10, hint.p50, hint.p90))


def said_of(hint: Hint) -> str:
    """`grade B, 128 GB, 2.5 years old`: what of this thing the price depends on."""
    grade = _("grade %(grade)s", grade=hint.grade) if hint.grade else ""
    return listed((one for one in (grade, size_said(hint.size), age_said(hint.age)) if one), g.language)


def _kind(imported: bool) -> str:
    return "imported" if imported else "here"


def _middle_of(month: str) -> date:
    return date.fromisoformat(f"{month}-15")


def _days(days: int | None) -> str:
    return "" if days is None else str(ngettext("%(num)d day", "%(num)d days", days))


def kinds_said(chart: Chart | None) -> Sequence[tuple[str, str]]:
    """(kind of dot, what it is), for the words below a chart; only kinds that are in it."""
    words = {"here": _("sold here"), "imported": _("sold elsewhere"), "mine": _("this thing"), "asked": _("your price")}
    return [(kind, words[kind]) for kind in words if chart and kind in chart.kinds]
