"""The finish of a check-list: the grade that would come, why, what was not tested, and what its photos still lack."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from flask import g
from flask_babel import gettext as _
from wtforms import HiddenField

from appraisal.grades import actions, guide, number_answers, photo_rules, rules, wipe_rules
from appraisal.grades import guide_rules as way
from appraisal.grades.checklist_show import checklist_form, read_inputs
from appraisal.grades.guide_queries import seconds_by_check
from appraisal.grades.guide_show import Board, ShotShown, href_of, shot_shown
from appraisal.grades.number_answers import Known
from appraisal.grades.number_show import IdentityShown, identity_shown
from appraisal.grades.photo_queries import view_name
from appraisal.grades.report_paper import reason_words, step_words
from appraisal.grades.report_rules import shown_reasons
from appraisal.grades.shape import grade_data
from core import clock
from core.canonical import digest
from core.data_files import text as words
from core.errors import Refused
from core.forms import Form, text
from core.goods.describe import thing_name
from core.i18n import N_
from core.page import Page
from core.when import duration_words


@dataclass(frozen=True, kw_only=True)
class FinishPage(Page):
    """The grade that would come. `took`: how long its checks took together, "" where nothing was measured; `times`: each check's,
    the longest first. `reasons`: sentence, axis, and does it decide; `untested`: name, address, and is there no
    grade without it. `form.answers`: digest of what it rests on, so that nothing else is signed."""

    template = "appraisal/finish.html"
    made_id: str
    number: str
    thing: str
    grade: str
    grade_name: str
    grade_meaning: str
    final: bool
    axes: list[tuple[str, str, str]]
    reasons: list[tuple[str, str, bool]]
    untested: list[tuple[str, str, bool]]
    code: str
    missing: list[tuple[str, str]]
    shots_shown: list[ShotShown]
    form: Form
    wipe: tuple[str, str] | None
    wipe_why: str
    blind: bool
    identity: IdentityShown | None
    identity_lacks: list[tuple[str, str, str]]
    took: str
    times: list[tuple[str, str]]


class FinishForm(Form):
    """Ticks are checkboxes named `photo_code` and `photo_clean` with the photos' ids; a refusal is shown at these names."""

    answers = HiddenField()
    photos = HiddenField(text(N_("Photos")))
    photo_code = HiddenField(text(N_("Overview photo")))
    photo_clean = HiddenField(text(N_("Photos of screens")))
    wipe = HiddenField(text(N_("Information wiping")))
    numbers = HiddenField(text(N_("Numbers and lists")))

    def blame(self, refusal: Refused) -> None:
        """What a check's own page has to mend is shown beside the numbers."""
        mended = refusal.code in ("numbers_unread", "look_unnamed")
        super().blame(Refused(refusal.code, refusal.sentence, field="numbers") if mended else refusal)


class Asked(NamedTuple):
    name: str
    required: bool


def inputs_of(board: Board) -> rules.Inputs:
    """What is kept, as the rules take it: every check, None where nothing was answered."""
    return read_inputs(board.standard.checks, checklist_form(board.standard.checks, board.made.answers, formdata=None))


def _settled(board: Board) -> tuple[rules.Inputs, Known]:
    """The same, with what stands whatever was ticked: numbers that differ, or that are on a list; and what they rest on."""
    known = number_answers.known_of(g.db, board.made, board.item, clock.now())
    return {**inputs_of(board), **number_answers.forced(board.item, board.standard, known)}, known


def _lacks(board: Board, inputs: rules.Inputs, known: Known) -> list[tuple[str, str, str]]:
    """(check, address of its page, what is missing) of what numbers and lists don't bear out; one at a time."""
    try:
        number_answers.demand(board.item, board.standard, inputs, known)
    except Refused as no:
        check = board.standard.find_check(no.field)
        name = words(check.name, g.language) if check else ""
        return [(name, f"/appraisals/{board.made.id}/checks/{no.field}", _(no.sentence))]
    return []


def rests_on(board: Board) -> str:
    """A digest of all that a grade would be signed on: answers, what numbers and lists make of them, and photos."""
    return _digest(board, _settled(board)[0])


def _digest(board: Board, settled: rules.Inputs) -> str:
    stands = {code: str(answer) for code, answer in settled.items() if answer is not None}
    return digest({"answers": board.made.answers, "stands": stands, "photos": [one.id for one in board.photos]})


def _times(spent: Mapping[str, int], checks: Mapping[str, Asked]) -> list[tuple[str, str]]:
    longest = sorted(spent.items(), key=lambda one: -one[1])
    return [(checks[code].name, duration_words(seconds)) for code, seconds in longest if code in checks]


def finish_page(board: Board, form: FinishForm | None = None) -> FinishPage:
    made, standard = board.made, board.standard
    inputs, known = _settled(board)
    result = grade_data(standard, rules.grade(standard, inputs))
    grade, named = standard.find_grade(result["grade"]), {axis.code: words(axis.name, g.language) for axis in standard.axes}
    checks = {check.code: Asked(words(check.name, g.language), check.required) for check in standard.checks}
    lacking = photo_rules.missing(way.needed_views(board.card), board.photos, board.item.data_bearing)
    places = {step.view: href_of(made, step) for step in reversed(board.steps) if step.view}
    final, standing = standard.is_final(result["grade"]), actions.wipe_of(g.db, board.item).state
    (state, tone), blind = wipe_rules.LABELS[standing], made.state == "blind"
    form = form or FinishForm(formdata=None)
    form.answers.data = _digest(board, inputs)
    spent = seconds_by_check(g.db, made.id)
    return FinishPage(
        made_id=made.id, number=made.number, thing=thing_name(board.item, g.language), grade=result["grade"], final=final,
        grade_name=words(grade.name, g.language) if grade else "",
        grade_meaning=words(grade.meaning, g.language) if grade else "",
        axes=[(named[code], value, step_words(standard, value, g.language))
              for code, value in result["axes"].items() if code in named],
        reasons=sorted(
            ((reason_words(standard, inputs, r, g.language), named[r["axis"]], r["limit"] == result["grade"])
             for r in shown_reasons(result)),
            key=lambda one: not one[2],
        ),
        untested=sorted(
            ((checks[code].name, f"/appraisals/{made.id}/checks/{code}", checks[code].required) for code in result["untested"]),
            key=lambda one: not one[2],
        ),
        code=guide.photo_code(made.id),
        missing=[(view_name(board.card, view, g.language), places[view]) for view in lacking.views],
        shots_shown=[shot_shown(board, one) for one in board.photos], form=form,
        wipe=(_(state), tone) if board.item.data_bearing else None,
        wipe_why=_(wipe_rules.SENTENCES[standing]) if final and not blind and standing in wipe_rules.SENTENCES else "",
        blind=blind, identity=identity_shown(number_answers.told(board.item, standard, known)),
        identity_lacks=_lacks(board, inputs, known), took=duration_words(sum(spent.values())) if spent else "",
        times=_times(spent, checks),
    )  # fmt: skip


