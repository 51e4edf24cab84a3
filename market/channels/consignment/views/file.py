"""A consignor's file for staff: masked, in full with a reason, changed, closed and opened again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from flask_babel import gettext as _

from core.access import may, needs, visitor
from core.db import get_locked
from core.doing import doing, done
from core.errors import Refused
from core.page import Page
from core.web import limiter
from core.when import exact
from market.channels.consignment import actions, rules
from market.channels.consignment.access import load_consignor
from market.channels.consignment.attached import Attached
from market.channels.consignment.forms import ChangeForm, LookForm, choices_form
from market.channels.consignment.models import Consignor
from market.channels.consignment.views import blueprint
from market.channels.consignment.views.parts import DelegateShown, FileShown, attached_to, delegates_of, full_rows, shown_file


@dataclass(frozen=True, kw_only=True)
class FilePage(Page):
    """`full`: everything in plain, only right after it was recorded; `look`: the form that asks for it, None where the reader may
    not; `confirmed`: does the person read it in an account; `denied`: the contact is somebody else's; `locked`: whose it is was
    answered wrongly too often; `slip`: since when one is out, "" for none."""

    template = "market/consignor.html"
    file: FileShown
    full: Sequence[tuple[str, str]]
    look: LookForm | None
    confirmed: bool
    denied: bool
    locked: bool
    slip: str
    delegates: Sequence[DelegateShown]
    attached: Sequence[Attached]


def file_page(row: Consignor, *, look: LookForm | None = None, full: bool = False) -> FilePage:
    sees = row.state != "erased" and may(visitor(), "market:consignor:show_in_full", row)
    return FilePage(
        file=shown_file(row), full=full_rows(row) if full else (), look=(look or LookForm(formdata=None)) if sees else None,
        confirmed=row.account_id is not None, denied=row.contact_denied, slip=exact(row.slip_at) if row.slip_at else "",
        locked=row.account_id is None and row.confirm_tries >= rules.TRIES, delegates=delegates_of(row),
        attached=attached_to(row),
    )  # fmt: skip


@blueprint.get("/consignors/<consignor_id>")
@needs("market:consignor:read", on=load_consignor)
def show_file(row: Consignor) -> object:
    return file_page(row).answer()


@blueprint.post("/consignors/<consignor_id>/show")
@limiter.limit("20 per minute")
@needs("market:consignor:show_in_full", on=load_consignor)
def show_in_full(row: Consignor) -> object:
    form, found = LookForm(), row.id
    try:
        with doing() as w:
            actions.show_in_full(w, get_locked(w.session, Consignor, found), str(form.why.data or ""))
    except Refused as no:
        form.blame(no)
        return file_page(load_consignor(g.db, found), look=form).answer(no.status)
    return file_page(load_consignor(g.db, found), full=True).answer()


@dataclass(frozen=True, kw_only=True)
class ChangePage(Page):
    template = "market/consignor_change.html"
    file: FileShown
    form: ChangeForm


@blueprint.get("/consignors/<consignor_id>/change")
@needs("market:consignor:change", on=load_consignor)
def show_change(row: Consignor) -> object:
    actions.demand_open(row)
    form: Any = choices_form(row, ChangeForm)
    return ChangePage(file=shown_file(row), form=form).answer()


@blueprint.post("/consignors/<consignor_id>/change")
@needs("market:consignor:change", on=load_consignor)
def change(row: Consignor) -> object:
    form, found = ChangeForm(), row.id
    if not form.validate_on_submit():
        return ChangePage(file=shown_file(row), form=form).answer(422)
    try:
        contact, address, wanted = form.new_contact(), form.new_address(), form.wanted()
        with doing() as w:
            mine = get_locked(w.session, Consignor, found)
            actions.change(w, mine, contact, address)
            actions.choose(w, mine, wanted)
    except Refused as no:
        form.blame(no)
        return ChangePage(file=shown_file(load_consignor(g.db, found)), form=form).answer(no.status)
    return done(_("Saved."), f"/consignors/{found}")


@blueprint.post("/consignors/<consignor_id>/close")
@needs("market:consignor:close", on=load_consignor)
def close(row: Consignor) -> object:
    found, own = row.id, row.account_id == visitor().account_id
    path = f"/consignments/{found}" if own else f"/consignors/{found}"
    try:
        with doing() as w:
            actions.close(w, get_locked(w.session, Consignor, found))
    except Refused as no:
        return done(_(no.sentence, **no.values), path, "warn")
    return done(_("The file is closed. It is erased when its time is over."), path)


@blueprint.post("/consignors/<consignor_id>/reopen")
@needs("market:consignor:change", on=load_consignor)
def reopen(row: Consignor) -> object:
    found = row.id
    with doing() as w:
        actions.reopen(w, get_locked(w.session, Consignor, found))
    return done(_("The file is open again."), f"/consignors/{found}")
