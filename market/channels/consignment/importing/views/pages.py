"""A clerk's pages: a file is chosen, its lines are looked through, and all of them are taken in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import g, redirect
from flask_babel import gettext as _

from core.access import needs
from core.db import get_locked
from core.doing import doing, done
from core.errors import Forbidden, Invalid, Refused
from core.goods.cards import all_cards, text
from core.i18n import N_
from core.page import Page
from core.states import Tone
from core.when import exact
from market.channels.consignment.goods.models import Intake
from market.channels.consignment.importing import actions, progress, queries, running
from market.channels.consignment.importing.access import load_import, load_intake
from market.channels.consignment.importing.actions import BadTable, Sent
from market.channels.consignment.importing.forms import SendForm, TakeForm
from market.channels.consignment.importing.keeping import report_of
from market.channels.consignment.importing.models import GoodsImport
from market.channels.consignment.importing.states import IMPORT, WORKING
from market.channels.consignment.importing.table_rules import MOST_BYTES
from market.channels.consignment.importing.telling import said
from market.channels.consignment.importing.views import blueprint
from market.channels.consignment.importing.views.parts import (
    ColumnShown,
    ImportLine,
    LineShown,
    WrongShown,
    columns_shown,
    first_lines,
    shown_line,
    visit_title,
    wrong_shown,
)

MOST_SHOWN: Final = 100


@dataclass(frozen=True, kw_only=True)
class SendPage(Page):
    template = "market/goods_import_send.html"
    intake_id: str
    org_id: str
    visit: str
    form: SendForm
    open: bool
    columns: Sequence[ColumnShown]
    categories: Sequence[tuple[str, str]]
    before: Sequence[ImportLine]


def _send_page(intake: Intake, form: SendForm, status: int = 200) -> object:
    return SendPage(
        intake_id=intake.id, org_id=intake.org_id, visit=visit_title(intake), form=form, open=intake.state == "open",
        columns=columns_shown(g.language), categories=[(str(card.code), text(card.names, g.language)) for card in all_cards()],
        before=[shown_line(one) for one in queries.imports_of(g.db, intake.id)],
    ).answer(status)  # fmt: skip


@blueprint.get("/intakes/<intake_id>/import")
@needs("market:intake:take", on=load_intake)
def choose(intake: Intake) -> object:
    return _send_page(intake, SendForm(formdata=None))


@blueprint.post("/intakes/<intake_id>/import")
@needs("market:intake:take", on=load_intake)
def send(intake: Intake) -> object:
    """A short file is looked through at once; a long one while its sender watches how far it is."""
    form, intake_id = SendForm(), intake.id
    try:
        sent = _sent(form)
        lines = actions.checked_lines(sent)
        with doing() as w:
            import_id = actions.send(w, get_locked(w.session, Intake, intake_id), sent, lines)
    except Forbidden:
        raise
    except BadTable as no:
        form.file.errors = [*form.file.errors, said(no.sentence, no.values, g.language)]
        return _send_page(load_intake(g.db, intake_id), form, 422)
    except Refused as no:
        form.blame(no)
        return _send_page(load_intake(g.db, intake_id), form, no.status)
    if lines <= actions.AT_ONCE:
        running.read(g.db, import_id)
    return redirect(f"/intakes/{intake_id}/import/{import_id}", 303)


def _sent(form: SendForm) -> Sent:
    raw = form.file.data.stream.read(MOST_BYTES + 1) if form.file.data else b""
    if not raw:
        raise Invalid("file_missing", N_("Choose the file with the things."), field="file")
    return Sent(raw=raw, came_by=str(form.came_by.data or ""), once=form.key())


@dataclass(frozen=True, kw_only=True)
class ImportPage(Page):
    """`percent`: how far it is while it is worked on, None otherwise; `before`: when the same file was taken in."""

    template = "market/goods_import.html"
    path: str
    intake_id: str
    visit: str
    state: tuple[str, Tone]
    help: str
    code: str
    percent: int | None
    fault: str
    lines: int
    fit: int
    wrong_lines: int
    waiting: int
    taken: int
    unknown: Sequence[str]
    first: Sequence[LineShown]
    wrong: Sequence[WrongShown]
    more_wrong: int
    before: str
    until: str
    form: TakeForm | None


def _page(row: GoodsImport, form: TakeForm | None = None, status: int = 200) -> object:
    state, found = IMPORT[row.state], report_of(row)
    ready = row.state == "ready" and row.intake.state == "open"
    earlier = queries.find_taken(g.db, row.org_id, row.digest) if row.state == "ready" else None
    return ImportPage(
        path=f"/intakes/{row.intake_id}/import/{row.id}", intake_id=row.intake_id, visit=visit_title(row.intake),
        state=(_(state.label), state.tone), help=_(state.help), code=row.state,
        percent=progress.how_far(row.id) if row.state in WORKING else None,
        fault=_(running.FAULTS[row.fault]) if row.fault else "",
        lines=row.lines, fit=row.fit, wrong_lines=len(found.cells), waiting=found.waiting, taken=row.taken,
        unknown=found.unknown, first=first_lines(found, g.language), wrong=wrong_shown(found.wrong[:MOST_SHOWN], g.language),
        more_wrong=max(0, len(found.wrong) - MOST_SHOWN),
        before=exact(earlier.ended_at) if earlier and earlier.ended_at else "",
        until=exact(row.erase_at) if row.erase_at else "", form=(form or TakeForm(formdata=None)) if ready and row.fit else None,
    ).answer(status)  # fmt: skip


@blueprint.get("/intakes/<intake_id>/import/<import_id>")
@needs("market:intake:take", on=load_import)
def show(row: GoodsImport) -> object:
    return _page(row)


@blueprint.post("/intakes/<intake_id>/import/<import_id>/take")
@needs("market:intake:take", on=load_import)
def take(row: GoodsImport) -> object:
    form, intake_id, import_id = TakeForm(), row.intake_id, row.id
    try:
        with doing() as w:
            actions.order(
                w, get_locked(w.session, GoodsImport, import_id), all_or_nothing=bool(form.all_or_nothing.data),
                again=bool(form.again.data), once=form.key(),
            )  # fmt: skip
    except Forbidden:
        raise
    except Refused as no:
        form.blame(no)
        return _page(load_import(g.db, intake_id, import_id), form, no.status)
    return redirect(f"/intakes/{intake_id}/import/{import_id}", 303)


@blueprint.post("/intakes/<intake_id>/import/<import_id>/give-up")
@needs("market:intake:take", on=load_import)
def give_up(row: GoodsImport) -> object:
    intake_id, import_id = row.intake_id, row.id
    with doing() as w:
        actions.give_up(w, get_locked(w.session, GoodsImport, import_id))
    return done(_("The file was given up and erased. Nothing of it was taken in."), f"/intakes/{intake_id}/import", "info")
