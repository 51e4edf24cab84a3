"""At home: a consignor's own agreements, read, signed, printed, ended."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, request
from flask_babel import gettext as _

from core.access import needs, visitor
from core.db import get_locked
from core.doing import doing, done
from core.errors import Refused
from core.page import Page
from core.people.names import shown_org
from core.people.notices import read_about
from market.channels.consignment.agreements import actions, queries
from market.channels.consignment.agreements.access import Mine, load_mine
from market.channels.consignment.agreements.forms import HomeSignForm
from market.channels.consignment.agreements.models import Agreement
from market.channels.consignment.agreements.signing import Signed, sign_at_home
from market.channels.consignment.agreements.states import AGREEMENT
from market.channels.consignment.agreements.views import blueprint
from market.channels.consignment.agreements.views.counter import check_path, digests, facts
from market.channels.consignment.agreements.views.parts import (
    AgreementShown,
    TextShown,
    language_asked,
    shown_agreement,
    text_kept,
)
from market.channels.consignment.agreements.views.signing import paper


@dataclass(frozen=True, kw_only=True)
class OwnListPage(Page):
    template = "market/consignment_agreement_own_list.html"
    rows: Sequence[AgreementShown]


@blueprint.get("/consignment-agreements")
@needs("market:consignment_agreement:list_own")
def show_own() -> object:
    rows = queries.agreements_of_account(g.db, str(visitor().account_id))
    return OwnListPage(rows=[shown_agreement(one, own=True) for one in rows]).answer()


@dataclass(frozen=True, kw_only=True)
class OwnPage(Page):
    """`form`: while it waits for the consignor; `ends`: may notice be given now?"""

    template = "market/consignment_agreement_own.html"
    shop: str
    shown: AgreementShown
    facts: Sequence[tuple[str, str]]
    digests: Sequence[tuple[str, str]]
    text: TextShown
    form: HomeSignForm | None
    ends: bool
    notice_days: int
    check: str
    fits: bool


def _page(row: Agreement, form: HomeSignForm | None = None, status: int = 200) -> object:
    path = f"/consignment-agreements/{row.id}"
    return OwnPage(
        shop=shown_org(row.org, g.language), shown=shown_agreement(row, own=True), facts=facts(row), digests=digests(row),
        text=text_kept(actions.as_it_stands(row), path, request.args.get("text", "")),
        form=(form or HomeSignForm(formdata=None)) if row.state == "offered" else None,
        ends=AGREEMENT.can(row.state, "terminate"), notice_days=queries.terms_of(row).notice_days,
        check=check_path(row) if row.signed_at else "", fits=actions.fits(row),
    ).answer(status)  # fmt: skip


@blueprint.get("/consignment-agreements/<agreement_id>")
@needs("market:consignment_agreement:read_own", on=load_mine)
def show_mine(mine: Mine) -> object:
    row_id = mine.row.id
    with doing() as w:
        read_about(w, str(visitor().account_id), f"/consignment-agreements/{row_id}")
    return _page(load_mine(g.db, row_id).row)


@blueprint.post("/consignment-agreements/<agreement_id>/sign")
@needs("market:consignment_agreement:sign_own", on=load_mine)
def sign_mine(mine: Mine) -> object:
    form, row_id = HomeSignForm(), mine.row.id
    signed = Signed(how="account", language=language_asked(request.args.get("text", "")), agreed=bool(form.agreed.data))
    try:
        with doing() as w:
            sign_at_home(w, get_locked(w.session, Agreement, row_id), signed, form.key())
    except Refused as no:
        form.blame(no)
        return _page(load_mine(g.db, row_id).row, form, no.status)
    return done(_("Signed. The shop was told; you can print it here at any time."), f"/consignment-agreements/{row_id}")


@blueprint.post("/consignment-agreements/<agreement_id>/decline")
@needs("market:consignment_agreement:sign_own", on=load_mine)
def decline_mine(mine: Mine) -> object:
    row_id = mine.row.id
    with doing() as w:
        actions.decline(w, get_locked(w.session, Agreement, row_id))
    return done(_("You declined the agreement. The shop was told."), f"/consignment-agreements/{row_id}", "info")


@blueprint.post("/consignment-agreements/<agreement_id>/terminate")
@needs("market:consignment_agreement:sign_own", on=load_mine)
def terminate_mine(mine: Mine) -> object:
    row_id = mine.row.id
    with doing() as w:
        actions.terminate(w, get_locked(w.session, Agreement, row_id), "consignor")
    return done(_("You gave notice. The page says when the agreement runs out."), f"/consignment-agreements/{row_id}", "info")


@blueprint.get("/consignment-agreements/<agreement_id>/agreement.pdf")
@needs("market:consignment_agreement:read_own", on=load_mine)
def print_mine(mine: Mine) -> object:
    return paper(mine.row)
