"""A draft: begun, looked at (what changes, which laws hold), handed in, taken back, given up."""

from dataclasses import dataclass
from datetime import datetime

from flask import flash, g, redirect
from flask.wrappers import Response
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from appraisal.grades.law_rules import LAWS
from appraisal.standards.effect_words import effects, untested, written
from appraisal.standards.models import StandardVersion
from appraisal.standards.queries import find_in_force, read_stored
from appraisal.standards.standard import Check, Standard
from appraisal.versions import actions, compare_rules, queries, saying
from appraisal.versions.forms import DecisionForm, HandInForm
from appraisal.versions.views import blueprint
from appraisal.versions.views.common import Head, get_drafted, head_of, path_of, raw_of
from appraisal.versions.views.replaying import ReplayShown, replay_shown
from core import clock
from core.access import Beside, demand, may, needs, visitor
from core.data_files import text as words
from core.errors import Refused
from core.i18n import N_
from core.page import Page
from core.people.models import Account
from core.people.names import shown_name
from core.work import work

HOW = {"added": (N_("New"), "info"), "removed": (N_("Falls away"), "warn"), "changed": (N_("Changed"), "neutral")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    name: str
    how: tuple[str, str]
    said: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LawsShown:
    """`laws`: (sentence, does it hold); `broken`: which pairs break one."""

    laws: list[tuple[str, bool]]
    broken: list[str]
    compared: int


@dataclass(frozen=True, kw_only=True)
class DraftPage(Page):
    template = "appraisal/versions/draft.html"
    head: Head
    present: int
    effective_from: str
    digest: str
    drafter: str
    decider: str
    decided_at: datetime | None
    why: str
    reason: str
    laws: LawsShown
    changes: list[Change]
    areas: list[tuple[str, list[tuple[str, str, str]]]]
    counts: list[tuple[str, str]]
    replayed: ReplayShown | None
    hand_in: HandInForm
    decision: DecisionForm
    edits: bool
    drafts: bool
    decides: bool
    gives_up: bool


@blueprint.post("/<standard_id>/draft")
@needs("appraisal:standard:draft", on=queries.get_own)
def begin(standard_id: str) -> object:
    with work(g.db, visitor().actor, clock.now()) as w:
        version = actions.begin(w, standard_id).version
    return redirect(f"/standards/{standard_id}/{version}/draft", 303)


@blueprint.get("/<standard_id>/<int:version>/draft")
@needs("appraisal:standard:draft", on=get_drafted)
def show(row: StandardVersion) -> object:
    return draft_page(row)


def draft_page(
    row: StandardVersion, hand_in: HandInForm | None = None, decision: DecisionForm | None = None, status: int = 200
) -> object:
    standard, present = read_stored(row), find_in_force(g.db, row.standard, clock.now())
    mine = row.drafted_by == visitor().account_id
    edits = row.state == "draft" and may(visitor(), "appraisal:standard:edit", row)
    waits = row.state == "waiting"
    return DraftPage(
        head=head_of(row, standard),
        present=present.version if present else 0,
        effective_from=row.effective_from,
        digest=row.digest,
        drafter=_name(row.drafted_by),
        decider=_name(row.decided_by),
        decided_at=row.decided_at,
        why=row.why,
        reason=row.reason,
        laws=laws_shown(row, standard),
        changes=changes_shown(present, standard) if present else [],
        areas=_areas(row, standard),
        counts=_counts(row),
        replayed=replay_shown(row, standard) if waits else None,
        hand_in=hand_in or HandInForm(formdata=None, data={"why": row.why}),
        decision=decision or DecisionForm(formdata=None),
        edits=edits,
        drafts=mine,
        decides=waits and not mine,
        gives_up=row.state == "draft" and may(visitor(), "appraisal:standard:give_up", row),
    ).answer(status)


def _name(account_id: str | None) -> str:
    return shown_name(g.db.get_one(Account, account_id)) if account_id else ""


def laws_shown(row: StandardVersion, standard: Standard) -> LawsShown:
    verdict = queries.verdict_of(row)
    bad = {one.law for one in verdict.broken}
    return LawsShown(
        laws=[(_(said), law not in bad) for law, said in LAWS.items()],
        compared=verdict.compared,
        broken=[saying.broken_words(standard, one, g.language) for one in verdict.broken],
    )


def changes_shown(old: Standard, new: Standard) -> list[Change]:
    return [
        Change(
            name=written(part.name, g.language),
            how=(_(HOW[part.how][0]), HOW[part.how][1]),
            said=[written(one, g.language) for one in part.said],
        )
        for part in compare_rules.compare(old, new)
    ]


def _areas(row: StandardVersion, standard: Standard) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """By area: (check, the page on which it is edited, what its worst answer and leaving it out lead to)."""
    areas = []
    for area in standard.areas:
        checks = [
            (words(check.name, g.language), f"{path_of(row)}/checks/{check.code}", _worst(standard, check))
            for check in standard.checks_of(area.code)
        ]
        areas.append((words(area.name, g.language), checks))
    return areas


def _worst(standard: Standard, check: Check) -> str:
    outcomes = [value.outcome for value in check.values] or [band.outcome for band in check.bands]
    worst = written(effects(standard, outcomes[-1] if outcomes else None), g.language)
    left = written(untested(standard, check), g.language)
    return str(_("worst answer: %(worst)s · not tested: %(left)s", worst=worst, left=left))


def _counts(row: StandardVersion) -> list[tuple[str, str]]:
    return [
        (count["text"][g.language].replace("{limit}", count["limit"]), f"{path_of(row)}/counts/{count['code']}")
        for count in raw_of(row).get("counts", [])
    ]


@blueprint.get("/<standard_id>/<int:version>/draft.toml")
@needs("appraisal:standard:draft", on=get_drafted)
def download_draft(row: StandardVersion) -> Response:
    answer = Response(row.body.encode(), mimetype="application/toml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{row.standard}-{row.version}.toml"'
    return answer


@blueprint.post("/<standard_id>/<int:version>/draft/hand-in")
@needs("appraisal:standard:edit", on=get_drafted)
def hand_in(row: StandardVersion) -> object:
    row_id, path, form = row.id, path_of(row), HandInForm()
    try:
        if not form.validate_on_submit():
            return draft_page(row, hand_in=form, status=422)
        with work(g.db, visitor().actor, clock.now()) as w:
            actions.hand_in(w, w.session.get_one(StandardVersion, row_id, with_for_update=True), form.why.data or "")
    except Refused as no:
        form.blame(no)
        return draft_page(g.db.get_one(StandardVersion, row_id), hand_in=form, status=no.status)
    flash(_("It is handed in. Another person compares it, replays past appraisals and decides."), "good")
    return redirect(path, 303)


def get_with_verb(session: Session, standard_id: str, version: int, verb: str) -> Beside[StandardVersion, str]:
    return Beside(get_drafted(session, standard_id, version), verb)


@blueprint.post("/<standard_id>/<int:version>/draft/<any(take_back, give_up):verb>")
@needs("appraisal:standard:give_up", on=get_with_verb)
def end(asked: Beside[StandardVersion, str]) -> object:
    """Its drafter takes it back from the queue; its drafter or an administrator gives the draft up."""
    row, row_id, standard_id, path = asked.of, asked.of.id, asked.of.standard, path_of(asked.of)
    if asked.part == "take_back":
        demand(visitor(), "appraisal:standard:edit", row)
    with work(g.db, visitor().actor, clock.now()) as w:
        fresh = w.session.get_one(StandardVersion, row_id, with_for_update=True)
        (actions.take_back if asked.part == "take_back" else actions.give_up)(w, fresh)
    flash(_("It is a draft again.") if asked.part == "take_back" else _("The draft was given up."), "info")
    return redirect(path if asked.part == "take_back" else f"/standards#{standard_id}", 303)
