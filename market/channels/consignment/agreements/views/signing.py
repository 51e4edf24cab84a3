"""The consignor signs: on the shop's screen in large type, or at home; and the paper for both."""

from dataclasses import dataclass

from flask import Response, g, redirect, request
from flask_babel import gettext as _

from core import mail
from core.access import needs
from core.db import get_locked
from core.doing import doing, done
from core.errors import Refused
from core.page import Page
from core.people.names import shown_org
from core.web import limiter
from market.channels.consignment.agreements import actions, queries
from market.channels.consignment.agreements.access import load_agreement
from market.channels.consignment.agreements.forms import SignForm
from market.channels.consignment.agreements.models import Agreement
from market.channels.consignment.agreements.paper import agreement_pdf
from market.channels.consignment.agreements.signing import Signed, sign_here
from market.channels.consignment.agreements.views import blueprint
from market.channels.consignment.agreements.views.counter import check_path
from market.channels.consignment.agreements.views.parts import TextShown, language_asked, text_kept


@dataclass(frozen=True, kw_only=True)
class SignPage(Page):
    """Shown to the consignor: large type, no other buttons."""

    template = "market/consignment_agreement_sign.html"
    path: str
    back: str
    shop: str
    who: str
    number: str
    text: TextShown
    form: SignForm


def _page(row: Agreement, form: SignForm, asked: str, status: int = 200) -> object:
    path, parties = f"/consignment/{row.org_id}/agreements/{row.id}/sign", queries.parties_of(row)
    return SignPage(
        path=path, back=path.removesuffix("/sign"), shop=shown_org(row.org, g.language), who=parties.consignor if parties else "",
        number=row.number, text=text_kept(actions.as_it_stands(row), path, asked), form=form,
    ).answer(status)  # fmt: skip


@blueprint.get("/consignment/<org_id>/agreements/<agreement_id>/sign")
@needs("market:consignment_agreement:make", on=load_agreement)
def show_signing(row: Agreement) -> object:
    """The full name stands on it: that is recorded."""
    row_id, org_id = row.id, row.org_id
    if row.state != "offered":
        return redirect(f"/consignment/{org_id}/agreements/{row_id}", 303)
    with doing() as w:
        actions.looked(w, get_locked(w.session, Agreement, row_id), "signing")
    return _page(load_agreement(g.db, org_id, row_id), SignForm(formdata=None), request.args.get("text", ""))


@blueprint.post("/consignment/<org_id>/agreements/<agreement_id>/sign")
@limiter.limit("30 per minute")
@needs("market:consignment_agreement:make", on=load_agreement)
def sign(row: Agreement) -> object:
    form, row_id, org_id, asked = SignForm(), row.id, row.org_id, request.args.get("text", "")
    if not form.validate_on_submit():
        return _page(row, form, asked, 422)
    drawn = str(form.drawn.data or "").strip()
    signed = Signed(
        how="drawn" if drawn else "typed", language=language_asked(asked), agreed=bool(form.agreed.data), drawn=drawn,
        name=str(form.name.data or ""),
    )  # fmt: skip
    try:
        with doing() as w:
            sign_here(w, get_locked(w.session, Agreement, row_id), signed, form.key())
    except Refused as no:
        form.blame(no)
        return _page(load_agreement(g.db, org_id, row_id), form, asked, no.status)
    return done(
        _("Signed by both. Print it, or send the consignor home with the number."), f"/consignment/{org_id}/agreements/{row_id}"
    )


@blueprint.get("/consignment/<org_id>/agreements/<agreement_id>/agreement.pdf")
@needs("market:consignment_agreement:make", on=load_agreement)
def print_paper(row: Agreement) -> object:
    """The full name stands on it: that is recorded."""
    row_id, org_id = row.id, row.org_id
    if row.digest:
        with doing() as w:
            actions.looked(w, get_locked(w.session, Agreement, row_id), "paper")
    return paper(load_agreement(g.db, org_id, row_id))


def paper(row: Agreement) -> Response:
    """In the language asked for; the Chinese one governs."""
    language = language_asked(request.args.get("language", ""))
    check = mail.site() + check_path(row) if row.signed_at else ""
    name = f'attachment; filename="{row.number}-{language}.pdf"'
    return Response(agreement_pdf(row, language, check), mimetype="application/pdf", headers={"Content-Disposition": name})
