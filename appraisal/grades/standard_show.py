"""The public page of one version of a grading standard: its scale, every check with what each answer leads to, and sources."""

from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from appraisal.grades.standard_words import Line, check_lines, index_rows, index_sum, lookup_rows, together_lines
from appraisal.standards.effect_words import METHODS
from appraisal.standards.standard import Area, Check, Source, Standard
from core.data_files import Bilingual
from core.data_files import text as words
from core.i18n import N_
from core.page import Page

KNOWN = {"read": N_("read by us"), "memory": N_("from memory"), "derived": N_("our own conclusion")}
Rows = tuple[list[str], list[list[str]]]  # headers, and the cells of each row


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckShown:
    """`question` and `help` are empty where they would say the name again, as in many published schemes."""

    code: str
    name: str
    question: str
    help: str
    method: str
    needed: bool
    lines: list[Line]


@dataclass(frozen=True, kw_only=True)
class StandardPage(Page):
    template = "appraisal/standard.html"
    name: str
    version: int
    effective_from: str
    digest: str
    scale: Rows
    unknown: str
    sources: list[str]
    areas: list[tuple[str, list[CheckShown]]]
    together: list[Line]
    tables: list[tuple[str, Rows]]  # what stands above it, and the table


def standard_page(found: Standard) -> StandardPage:
    grades = () if found.unknown else (*found.scale, found.undetermined, found.refused)
    cells = [["—" if one.code == found.refused.code else one.code, words(one.name, g.language), words(one.meaning, g.language)]
             for one in grades]  # fmt: skip
    areas = [_area(found, area) for area in found.areas]
    return StandardPage(
        name=words(found.names, g.language), version=found.version, effective_from=found.effective_from, digest=found.digest,
        scale=_untwice([_("Grade"), _("Name"), _("Meaning of the grade")], cells),
        unknown=words(found.unknown, g.language) if found.unknown else "",
        sources=[_source(source) for source in found.sources], areas=[area for area in areas if area[1]],
        together=together_lines(found), tables=_tables(found),
    )  # fmt: skip


def _area(standard: Standard, area: Area) -> tuple[str, list[CheckShown]]:
    """A scheme with one area gives it the scheme's own name, which the page has said already."""
    name = words(area.name, g.language) if len(standard.areas) > 1 else _("Checks")
    return name, [_check(standard, one) for one in standard.checks_of(area.code)]


def _check(standard: Standard, check: Check) -> CheckShown:
    name, question, helped = (words(one, g.language) for one in (check.name, check.question, check.help))
    return CheckShown(
        code=check.code, name=name, question="" if question == name else question,
        help="" if helped in (name, question) else helped, method=_(METHODS[check.method]) if standard.purpose == "own" else "",
        needed=check.required, lines=check_lines(standard, check),
    )  # fmt: skip


def _tables(standard: Standard) -> list[tuple[str, Rows]]:
    tables = [("", lookup_rows(standard, lookup)) for lookup in standard.lookups]
    return tables + [(index_sum(standard, index), index_rows(standard, index)) for index in standard.indexes]


def _source(source: Bilingual) -> str:
    """With how well it is known, where the file says so."""
    said = words(source, g.language)
    return str(_("%(said)s (%(known)s)", said=said, known=_(KNOWN[source.known]))) if isinstance(source, Source) else said


def _untwice(headers: list[str], rows: list[list[str]]) -> Rows:
    """Without a column that says in every row what the one before it says: published schemes often give one short phrase."""
    told = [at for at in range(len(headers)) if not at or any(row[at] != row[at - 1] for row in rows)]
    return [headers[at] for at in told], [[row[at] for at in told] for row in rows]
