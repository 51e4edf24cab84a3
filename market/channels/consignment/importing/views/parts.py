"""What the pages of files share: lines as people read them, what is wrong, and the columns that a file may have."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from core.goods.describe import category_name
from core.i18n import say
from core.money import CNY, Money, format_money
from core.people.names import shown_org
from core.states import Tone
from core.when import exact
from market.channels.consignment.goods.models import Intake
from market.channels.consignment.importing.columns import column_label, hint_of
from market.channels.consignment.importing.keeping import Report, Wrong
from market.channels.consignment.importing.models import GoodsImport
from market.channels.consignment.importing.states import IMPORT
from market.channels.consignment.importing.table_rules import NEEDED
from market.channels.consignment.importing.telling import sentence
from market.channels.consignment.importing.template import fillable
from market.listings.condition_rules import condition_shown


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnShown:
    name: str
    hint: str
    needed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLine:
    """A file in the list of a visit's. `counts`: its lines and what came of them, in words."""

    href: str
    at: str
    counts: str
    state: tuple[str, Tone]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShown:
    line: int
    title: str
    category: str
    in_words: str
    price: str
    reserve: str
    place: str
    own_number: str
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongShown:
    line: int
    column: str
    text: str


def visit_title(intake: Intake) -> str:
    return f"{shown_org(intake.org, g.language)} · {intake.number}"


def columns_shown(language: str) -> list[ColumnShown]:
    return [
        ColumnShown(name=column_label(one.code, language), hint=hint_of(one, language), needed=one.code in (*NEEDED, "came_by"))
        for one in fillable()
    ]


def shown_line(row: GoodsImport) -> ImportLine:
    state = IMPORT[row.state]
    if row.state == "taken":
        counts = _("%(taken)s of %(lines)s lines taken in", taken=row.taken, lines=row.lines)
    else:
        counts = _("%(lines)s lines", lines=row.lines)
    return ImportLine(
        href=f"/intakes/{row.intake_id}/import/{row.id}", at=exact(row.at), counts=counts, state=(_(state.label), state.tone)
    )  # fmt: skip


def first_lines(report: Report, language: str) -> list[LineShown]:
    return [
        LineShown(
            line=one.line, title=one.title, category=category_name(one.category, language),
            in_words=condition_shown(one.condition, language), price=format_money(Money(one.wanted, CNY), language),
            reserve=format_money(Money(one.reserve, CNY), language) if one.reserve else "—", place=one.place or "—",
            own_number=one.own_number or "—", waits=one.waits,
        )
        for one in report.first
    ]  # fmt: skip


def wrong_shown(wrong: Sequence[Wrong], language: str) -> list[WrongShown]:
    return [
        WrongShown(line=one.line, column=column_label(one.column, language) or _("Whole line"), text=sentence(one, language))
        for one in wrong
    ]
