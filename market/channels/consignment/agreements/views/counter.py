"""At the counter: the agreements of a shop, a new one, its page, and the shop's side of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, redirect, request
from flask_babel import gettext as _

from core import clock
from core.access import may, needs, visitor
from core.data_files import text
from core.db import get_locked
from core.doing import doing, done
from core.errors import Refused
from core.page import Page, page_number
from core.people.models import Organisation
from core.people.names import shown_org
from core.web import limiter
from market.channels.consignment.agreements import actions, queries
from market.channels.consignment.agreements.access import load_agreement, load_shop
from market.channels.consignment.agreements.actions import Wanted
from market.channels.consignment.agreements.differences import blanks
from market.channels.consignment.agreements.filling_rules import Blanks
from market.channels.consignment.agreements.forms import DraftForm, OfferForm
from market.channels.consignment.agreements.models import Agreement
from market.channels.consignment.agreements.states import AGREEMENT, OPEN
from market.channels.consignment.agreements.views import blueprint
from market.channels.consignment.agreements.views.parts import (
    AgreementShown,
    TemplateShown,
    TextShown,
    shown_agreement,
    shown_template,
    text_kept,
)
from market.channels.consignment.agreements.wording import HOW_WORDS

ENDED = tuple(state for state in AGREEMENT.states if state not in OPEN)


@dataclass(frozen=True, kw_only=True)
class AgreementsPage(Page):
    template = "market/consignment_agreement_list.html"
    org_id: str
    name: str
    rows: Sequence[AgreementShown]
    total: int
    page: int
    pages: int
    ended: bool
    terms_there: bool
    writes: bool


@blueprint.get("/consignment/<org_id>/agreements")
@needs("market:consignment_agreement:make", on=load_shop)
def show_agreements(org: Organisation) -> object:
    """Open ones, or those that ended; a typed number leads straight to its agreement."""
    typed = request.args.get("number", "")[:40]
    row = queries.find_by_number(g.db, typed) if typed else None
    if row is not None and row.org_id == org.id:
        return redirect(f"/consignment/{org.id}/agreements/{row.id}", 303)
    ended, page = request.args.get("show") == "ended", page_number()
    found = queries.agreements_of(g.db, org.id, ENDED if ended else OPEN, page)
    return AgreementsPage(
        org_id=org.id, name=shown_org(org, g.language), rows=[shown_agreement(one) for one in found.rows], total=found.total,
        page=page, pages=max(1, -(-found.total // queries.PER_PAGE)), ended=ended,
        terms_there=bool(queries.templates_of(g.db, org.id, "active")),
        writes=may(visitor(), "market:consignment_terms:write", org),
    ).answer()  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class DraftPage(Page):
    template = "market/consignment_agreement_new.html"
    org_id: str
    name: str
    form: DraftForm
    terms: Sequence[TemplateShown]
    blanks: dict[str, str]


def _draft_page(org: Organisation, form: DraftForm, status: int = 200) -> object:
    rows = queries.templates_of(g.db, org.id, "active")
    terms = [shown_template(one) for one in rows]
    form.template.choices = [(one.id, _("%(title)s, version %(version)s", title=one.title, version=one.version)) for one in terms]
    if len(terms) == 1 and not form.template.data:
        form.template.data = terms[0].id
    details = {
        one.id: " · ".join([shown.short, *blanks(queries.terms_of(one), g.language)])
        for one, shown in zip(rows, terms, strict=True)
    }
    return DraftPage(org_id=org.id, name=shown_org(org, g.language), form=form, terms=terms, blanks=details).answer(status)


@blueprint.get("/consignment/<org_id>/agreements/new")
@needs("market:consignment_agreement:make", on=load_shop)
def new(org: Organisation) -> object:
    return _draft_page(org, DraftForm(formdata=None, data={"file": request.args.get("consignor", "")[:20]}))


@blueprint.post("/consignment/<org_id>/agreements/new")
@limiter.limit("60 per minute")
@needs("market:consignment_agreement:make", on=load_shop)
def write(org: Organisation) -> object:
    form, org_id = DraftForm(), org.id
    if not form.validate_on_submit():
        return _draft_page(org, form, 422)
    blanks = Blanks(*(str(form[name].data or "") for name in ("days", "percent", "remarks", "remarks_en")))
    try:
        wanted = Wanted(
            file=str(form.file.data or ""), template_id=str(form.template.data or ""), once=form.key(), blanks=blanks
        )
        with doing() as w:
            made = actions.draft(w, org_id, wanted).id
    except Refused as no:
        form.blame(no)
        return _draft_page(load_shop(g.db, org_id), form, no.status)
    return redirect(f"/consignment/{org_id}/agreements/{made}", 303)


@dataclass(frozen=True, kw_only=True)
class AgreementPage(Page):
    """`can`: verbs that fit its state; `offer`: the form while it is drafted; `fits`: do the digests agree?"""

    template = "market/consignment_agreement.html"
    org_id: str
    name: str
    shown: AgreementShown
    facts: Sequence[tuple[str, str]]
    digests: Sequence[tuple[str, str]]
    text: TextShown
    offer: OfferForm | None
    can: frozenset[str]
    fits: bool
    check: str
    notice_days: int
    terms_href: str


def _agreement_page(row: Agreement, offer: OfferForm | None = None, status: int = 200) -> object:
    path, verbs = f"/consignment/{row.org_id}/agreements/{row.id}", ("offer", "withdraw", "sign", "terminate", "end")
    return AgreementPage(
        org_id=row.org_id, name=shown_org(row.org, g.language), shown=shown_agreement(row), facts=facts(row),
        digests=digests(row), text=text_kept(actions.as_it_stands(row), path, request.args.get("text", "")),
        offer=(offer or OfferForm(formdata=None)) if row.state == "drafted" else None,
        can=_can(row, verbs), fits=not row.digest or actions.fits(row),
        check=check_path(row) if row.signed_at else "", notice_days=queries.terms_of(row).notice_days,
        terms_href=f"/consignment/{row.org_id}/templates/{row.template_id}",
    ).answer(status)  # fmt: skip


def _can(row: Agreement, verbs: Sequence[str]) -> frozenset[str]:
    """What the table allows; ending it only from the day on which its notice has run out."""
    runs = row.runs_out_at is not None and row.runs_out_at > clock.now()
    return frozenset(verb for verb in verbs if AGREEMENT.can(row.state, verb) and not (verb == "end" and runs))


def check_path(row: Agreement) -> str:
    return f"/consignment-agreements/check?number={row.number}&digest={row.digest}"


def facts(row: Agreement) -> list[tuple[str, str]]:
    """Who and when; names masked."""
    from core.when import exact

    told = [(_("Consignor"), row.consignor.shown), (_("Number of the file"), row.consignor.number)]
    if row.offered_at:
        told.append((_("Signed for the shop"), exact(row.offered_at)))
    if row.signed_at:
        how = _(HOW_WORDS[row.signed_how])
        told.append((_("Signed by the consignor"), _("%(at)s, %(how)s", at=exact(row.signed_at), how=how)))
    if row.runs_out_at:
        told.append((_("Runs out"), exact(row.runs_out_at)))
        if row.state == "terminated" and row.runs_out_at > clock.now():
            told.append((_("It can be concluded"), _("from %(at)s", at=exact(row.runs_out_at))))
    return told


def digests(row: Agreement) -> list[tuple[str, str]]:
    if not row.frozen:
        return []
    policy = row.frozen["policy"]
    its_version = _("version %(version)s", version=policy["version"])
    return [
        (_("Terms of the shop"), _("version %(version)s", version=row.frozen["template"]["version"])),
        (_("Fee policy"), f"{text(queries.terms_of(row).title, g.language)}, {its_version}"),
        (_("Digest of the agreement"), row.digest), (_("Digest of the terms"), row.terms_digest),
        (_("Digest of the fee policy"), row.policy_digest),
    ]  # fmt: skip


@blueprint.get("/consignment/<org_id>/agreements/<agreement_id>")
@needs("market:consignment_agreement:make", on=load_agreement)
def show_agreement(row: Agreement) -> object:
    return _agreement_page(row)


@blueprint.post("/consignment/<org_id>/agreements/<agreement_id>/offer")
@needs("market:consignment_agreement:make", on=load_agreement)
def offer(row: Agreement) -> object:
    form, row_id, org_id = OfferForm(), row.id, row.org_id
    try:
        with doing() as w:
            row = get_locked(w.session, Agreement, row_id)
            actions.offer(w, row, bool(form.agreed.data), str(form.once.data or ""))
    except Refused as no:
        form.blame(no)
        return _agreement_page(load_agreement(g.db, org_id, row_id), form, no.status)
    return done(
        _("Signed for the shop. Now the consignor reads it and signs."), f"/consignment/{org_id}/agreements/{row_id}/sign"
    )


@blueprint.post("/consignment/<org_id>/agreements/<agreement_id>/withdraw")
@needs("market:consignment_agreement:make", on=load_agreement)
def withdraw_agreement(row: Agreement) -> object:
    row_id, org_id = row.id, row.org_id
    with doing() as w:
        actions.withdraw(w, get_locked(w.session, Agreement, row_id))
    return done(_("The agreement was withdrawn."), f"/consignment/{org_id}/agreements", "info")


@blueprint.post("/consignment/<org_id>/agreements/<agreement_id>/terminate")
@needs("market:consignment_agreement:make", on=load_agreement)
def terminate(row: Agreement) -> object:
    row_id, org_id = row.id, row.org_id
    with doing() as w:
        actions.terminate(w, get_locked(w.session, Agreement, row_id), "shop")
    return done(
        _("Notice is given. Nothing new is taken in under this agreement."), f"/consignment/{org_id}/agreements/{row_id}", "info"
    )


@blueprint.post("/consignment/<org_id>/agreements/<agreement_id>/end")
@needs("market:consignment_agreement:make", on=load_agreement)
def end(row: Agreement) -> object:
    row_id, org_id = row.id, row.org_id
    with doing() as w:
        actions.end(w, get_locked(w.session, Agreement, row_id))
    return done(_("The agreement is concluded."), f"/consignment/{org_id}/agreements/{row_id}", "info")
