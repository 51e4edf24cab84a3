"""Past appraisals under a version, before anybody decides on it. Reads only."""

from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from appraisal.standards.models import StandardVersion
from appraisal.standards.queries import find_in_force, read_stored
from appraisal.standards.standard import Standard
from appraisal.versions import queries
from appraisal.versions.replay_rules import OUTCOMES, tally
from appraisal.versions.views import blueprint
from appraisal.versions.views.common import Head, get_drafted, head_of
from core import clock
from core.access import needs
from core.data_files import text as words
from core.i18n import N_
from core.page import Page

MOST_REPLAYED = 2_000
MOST_SHOWN = 100
WHAT = {
    "rises": (N_("Grade rises"), "good"),
    "falls": (N_("Grade falls"), "warn"),
    "stays": (N_("Grade stays"), "neutral"),
    "ungraded": (N_("No grade any more"), "bad"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayShown:
    """`tiles`: (label, how many, tone); `rows`: number, its page, old and new grade, what decided. `left`: changed ones that the
    table leaves out; `cut`: only the latest appraisals were replayed."""

    total: int
    tiles: list[tuple[str, int, str]]
    rows: list[tuple[str, str, str, str, tuple[str, str], str]]
    left: int
    dropped: list[tuple[str, int]]
    missing: list[tuple[str, int]]
    cut: bool


def replay_shown(row: StandardVersion, standard: Standard) -> ReplayShown:
    """The latest appraisals by this standard under the draft. Reads only."""
    found = tally(standard, queries.past_appraisals(g.db, row.standard, MOST_REPLAYED))
    base = queries.base_of(g.db, row)
    names = {check.code: words(check.name, g.language) for check in (*base.checks, *standard.checks)}
    rows = [
        (
            one.past.number,
            f"/reports/{one.past.number}",
            one.past.grade,
            one.grade,
            (_(WHAT[one.outcome][0]), WHAT[one.outcome][1]),
            " · ".join(words(text, g.language) for text in one.decided),
        )
        for one in found.changed[:MOST_SHOWN]
    ]
    return ReplayShown(
        total=found.total,
        tiles=[(_(WHAT[code][0]), found.counts[code], WHAT[code][1]) for code in OUTCOMES],
        rows=rows,
        left=len(found.changed) - len(rows),
        dropped=[(names.get(code, code), many) for code, many in found.dropped.items()],
        missing=[(names.get(code, code), many) for code, many in found.missing.items()],
        cut=found.total >= MOST_REPLAYED,
    )


@dataclass(frozen=True, kw_only=True)
class ReplayPage(Page):
    template = "appraisal/versions/replay.html"
    head: Head
    present: int
    replayed: ReplayShown


@blueprint.get("/<standard_id>/<int:version>/draft/replay")
@needs("appraisal:standard:draft", on=get_drafted)
def replay(row: StandardVersion) -> object:
    standard, present = read_stored(row), find_in_force(g.db, row.standard, clock.now())
    page = ReplayPage(
        head=head_of(row, standard), present=present.version if present else 0, replayed=replay_shown(row, standard)
    )
    return page.answer()
