"""Who may collect for a consignor: named, checked and ended by staff; ended by the consignor."""

from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from core.access import Beside, needs, visitor
from core.db import get_locked
from core.doing import doing, done
from core.errors import Refused
from core.page import Page
from core.web import limiter
from market.channels.consignment import actions, delegates
from market.channels.consignment.access import load_consignor, load_delegate
from market.channels.consignment.forms import CheckForm, DelegateForm, EndForm
from market.channels.consignment.models import Consignor, Delegate
from market.channels.consignment.views import blueprint
from market.channels.consignment.views.parts import DelegateShown, FileShown, shown_delegate, shown_line

Named = Beside[Consignor, Delegate]


@dataclass(frozen=True, kw_only=True)
class NamePage(Page):
    template = "market/consignor_delegate_new.html"
    file: FileShown
    form: DelegateForm


@blueprint.get("/consignors/<consignor_id>/delegates/new")
@needs("market:consignor_delegate:name", on=load_consignor)
def show_name(row: Consignor) -> object:
    actions.demand_open(row)
    return NamePage(file=shown_line(row), form=DelegateForm(formdata=None)).answer()


@blueprint.post("/consignors/<consignor_id>/delegates/new")
@needs("market:consignor_delegate:name", on=load_consignor)
def name_delegate(row: Consignor) -> object:
    form, found = DelegateForm(), row.id
    if not form.validate_on_submit():
        return NamePage(file=shown_line(row), form=form).answer(422)
    try:
        named, once = form.named(), form.key()
        with doing() as w:
            delegates.name(w, get_locked(w.session, Consignor, found), named, once)
    except Refused as no:
        form.blame(no)
        return NamePage(file=shown_line(load_consignor(g.db, found)), form=form).answer(no.status)
    return done(_("Named. At the counter, ask for the last four signs of their paper."), f"/consignors/{found}")


@dataclass(frozen=True, kw_only=True)
class DelegatePage(Page):
    """`checks`, `ends`: None once they may not collect any more."""

    template = "market/consignor_delegate.html"
    file: FileShown
    one: DelegateShown
    checks: CheckForm | None
    ends: EndForm | None


def _page(beside: Named, *, checks: CheckForm | None = None, ends: EndForm | None = None) -> DelegatePage:
    live = beside.part.ended_at is None
    return DelegatePage(
        file=shown_line(beside.of), one=shown_delegate(beside.part),
        checks=(checks or CheckForm(formdata=None)) if live else None, ends=(ends or EndForm(formdata=None)) if live else None,
    )  # fmt: skip


@blueprint.get("/consignors/delegates/<delegate_id>")
@needs("market:consignor_delegate:check", on=load_delegate)
def show_delegate(beside: Named) -> object:
    return _page(beside).answer()


@blueprint.post("/consignors/delegates/<delegate_id>/check")
@limiter.limit("10 per minute")
@needs("market:consignor_delegate:check", on=load_delegate)
def check_delegate(beside: Named) -> object:
    form, file_id, found = CheckForm(), beside.of.id, beside.part.id
    try:
        with doing() as w:
            row, one = get_locked(w.session, Consignor, file_id), get_locked(w.session, Delegate, found)
            fits = delegates.check(w, row, one, str(form.last_four.data or ""))
    except Refused as no:
        form.blame(no)
        return _page(load_delegate(g.db, found), checks=form).answer(no.status)
    if not fits:
        form.last_four.errors = [_("These aren't the last four signs of the paper in the file. Hand out nothing.")]
        return _page(load_delegate(g.db, found), checks=form).answer(422)
    return done(_("The paper fits. They may collect what is written below."), f"/consignors/delegates/{found}")


@blueprint.post("/consignors/delegates/<delegate_id>/end")
@needs("market:consignor_delegate:end", on=load_delegate)
def end_delegate(beside: Named) -> object:
    form, file_id, found = EndForm(), beside.of.id, beside.part.id
    own = beside.of.account_id == visitor().account_id
    try:
        with doing() as w:
            row, one = get_locked(w.session, Consignor, file_id), get_locked(w.session, Delegate, found)
            delegates.end(w, row, one, str(form.why.data or ""))
    except Refused as no:
        if own:
            return done(_(no.sentence), f"/consignments/{file_id}", "warn")
        form.blame(no)
        return _page(load_delegate(g.db, found), ends=form).answer(no.status)
    return done(_("They may not collect any more."), f"/consignments/{file_id}" if own else f"/consignors/{file_id}")
