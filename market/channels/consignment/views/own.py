"""The consignor's own pages: is this me, what is in my file, and what I want."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from core.access import Beside, needs, visitor
from core.db import get_locked
from core.doing import doing, done
from core.errors import Forbidden, Refused
from core.page import Page
from core.people.names import shown_org
from core.web import limiter
from core.when import day_words
from market.channels.consignment import actions, linking, own_data, queries
from market.channels.consignment.access import load_consignor, load_question
from market.channels.consignment.attached import Attached
from market.channels.consignment.forms import ChoicesForm, ConfirmForm, OwnForm, choices_form
from market.channels.consignment.models import Consignor
from market.channels.consignment.views import blueprint
from market.channels.consignment.views.parts import (
    DelegateShown,
    FileShown,
    attached_to,
    delegates_of,
    looks_at,
    shown_file,
    shown_line,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A file that may be the reader's: nothing of it is shown but where, when and which contact of theirs it names."""

    id: str
    shop: str
    since: str
    contact: str


@dataclass(frozen=True, kw_only=True)
class MinePage(Page):
    """`locked`: questions that were answered wrongly too often."""

    template = "market/consignments.html"
    files: Sequence[FileShown]
    questions: Sequence[Question]
    locked: Sequence[Question]


@blueprint.get("/consignments")
@needs("market:consignments:list")
def show_mine() -> object:
    mine = str(visitor().account_id)
    asked = [_question(one) for one in queries.questions(g.db, mine)]
    locked = [_question(one) for one in queries.questions(g.db, mine, locked=True)]
    return MinePage(files=[shown_line(one) for one in queries.of_account(g.db, mine)], questions=asked, locked=locked).answer()


def _question(row: Consignor) -> Question:
    return Question(id=row.id, shop=shown_org(row.org, g.language), since=day_words(row.opened_at), contact=row.contact_masked)


@dataclass(frozen=True, kw_only=True)
class QuestionPage(Page):
    """`blocked`: why the reader can't confirm it, "" where they can."""

    template = "market/consignment_question.html"
    question: Question
    form: ConfirmForm
    blocked: str


def _question_page(row: Consignor, form: ConfirmForm) -> QuestionPage:
    return QuestionPage(question=_question(row), form=form, blocked=_said(linking.why_not(g.db, row, str(visitor().account_id))))


def _said(sentence: str) -> str:
    return str(_(sentence)) if sentence else ""


@blueprint.get("/consignments/<consignor_id>/question")
@needs("market:consignment:answer", on=load_question)
def show_question(beside: Beside[Consignor, str]) -> object:
    if beside.of.account_id == visitor().account_id:
        return done(_("You have confirmed it already."), f"/consignments/{beside.of.id}")
    mine = str(visitor().account_id)
    if beside.of.id not in {one.id for locked in (False, True) for one in queries.questions(g.db, mine, locked=locked)}:
        raise Forbidden("not_asked", linking.NOT_ASKED)
    return _question_page(beside.of, ConfirmForm(formdata=None)).answer()


@blueprint.post("/consignments/<consignor_id>/confirm")
@limiter.limit("5 per minute")
@needs("market:consignment:answer", on=load_question)
def confirm(beside: Beside[Consignor, str]) -> object:
    form, found = ConfirmForm(), beside.of.id
    try:
        with doing() as w:
            no = linking.confirm(w, get_locked(w.session, Consignor, found), str(form.last_four.data or ""))
    except Refused as refused:
        no = refused
    if no is not None:
        form.blame(no)
        return _question_page(load_consignor(g.db, found), form).answer(no.status)
    return done(_("Confirmed. This is your file."), f"/consignments/{found}")


@blueprint.post("/consignments/<consignor_id>/deny")
@limiter.limit("10 per minute")
@needs("market:consignment:answer", on=load_question)
def deny(beside: Beside[Consignor, str]) -> object:
    found = beside.of.id
    with doing() as w:
        linking.deny(w, get_locked(w.session, Consignor, found))
    return done(_("Thank you. The shop is told that the contact is wrong, and nothing about you."), "/consignments")


@dataclass(frozen=True, kw_only=True)
class OwnPage(Page):
    """`form`: what the person can change, None on the page of a slip and once the file is closed; `slip`: is it that page?"""

    template = "market/consignment.html"
    file: FileShown
    form: ChoicesForm | None
    delegates: Sequence[DelegateShown]
    attached: Sequence[Attached]
    looks: Sequence[tuple[str, str, str]]
    slip: bool
    months: int


def own_page(row: Consignor, form: ChoicesForm | None = None) -> OwnPage:
    live = row.state == "open"
    return OwnPage(
        file=shown_file(row), form=(form or choices_form(row, OwnForm)) if live else None, delegates=delegates_of(row),
        attached=attached_to(row), looks=looks_at(row), slip=False,
        months=own_data.months(),
    )  # fmt: skip


def slip_page(row: Consignor) -> OwnPage:
    """What who holds the paper may read: masked, and nothing to press."""
    return OwnPage(
        file=shown_file(row), form=None, delegates=delegates_of(row), attached=attached_to(row), looks=looks_at(row), slip=True,
        months=own_data.months(),
    )  # fmt: skip


@blueprint.get("/consignments/<consignor_id>")
@needs("market:consignment:read", on=load_consignor)
def show_own(row: Consignor) -> object:
    return own_page(row).answer()


@blueprint.post("/consignments/<consignor_id>/choices")
@needs("market:consignment:choose", on=load_consignor)
def keep_choices(row: Consignor) -> object:
    form, found = OwnForm(), row.id
    if not form.validate_on_submit():
        return own_page(row, form).answer(422)
    try:
        wanted = form.wanted()
        with doing() as w:
            actions.choose(w, get_locked(w.session, Consignor, found), wanted)
    except Refused as no:
        form.blame(no)
        return own_page(load_consignor(g.db, found), form).answer(no.status)
    return done(_("Saved. The shop sees it at once."), f"/consignments/{found}")
