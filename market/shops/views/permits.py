"""A permit to trade, for books the 出版物经营许可证: entered by the manager, confirmed by the platform's staff."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, request
from flask_babel import gettext as _

from core import clock
from core.access import needs
from core.db import get_locked
from core.doing import doing, done
from core.errors import Refused
from core.page import Page
from core.people.models import Organisation
from core.people.names import shown_org
from market.shops import permits, queries, standing
from market.shops.access import load_permit, load_shop
from market.shops.forms import DecideForm, PermitForm, day_of
from market.shops.models import TradePermit
from market.shops.permits import BOOKS
from market.shops.states import PERMIT
from market.shops.views import blueprint


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitShown:
    id: str
    number: str
    issuer: str
    until: str
    raw_state: str
    state: tuple[str, str]
    help: str


def _shown(row: TradePermit) -> PermitShown:
    state = PERMIT[row.state]
    return PermitShown(
        id=row.id, number=row.number, issuer=row.issuer, until=row.valid_until.isoformat(), raw_state=row.state,
        state=(_(state.label), state.tone), help=_(state.help),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class PermitPage(Page):
    """`form`: None while one waits; `counts`: does one count today?"""

    template = "market/shop_permit.html"
    org_id: str
    name: str
    counts: bool
    entered: Sequence[PermitShown]
    form: PermitForm | None


def _page(org: Organisation, form: PermitForm | None = None) -> PermitPage:
    found = queries.permits_of(g.db, org.id, BOOKS)
    today = clock.local(clock.now()).date()
    waits = any(one.state == "asked" for one in found)
    return PermitPage(
        org_id=org.id, name=shown_org(org, g.language), entered=[_shown(one) for one in found],
        counts=queries.find_valid_permit(g.db, org.id, BOOKS, today) is not None,
        form=None if waits else form or PermitForm(formdata=None),
    )  # fmt: skip


@blueprint.get("/shops/<org_id>/permit")
@needs("market:shop:keep", on=load_shop)
def show_permit(org: Organisation) -> object:
    return _page(org).answer()


@blueprint.post("/shops/<org_id>/permit")
@needs("market:shop:keep", on=load_shop)
def enter_permit(org: Organisation) -> object:
    form, org_id = PermitForm(), org.id
    if not form.validate_on_submit():
        return _page(org, form).answer(422)
    try:
        with doing() as w:
            permits.enter(w, org_id, BOOKS, str(form.number.data), str(form.issuer.data), day_of(form.valid_until))
    except Refused as no:
        form.blame(no)
        return _page(queries.get_shop(g.db, org_id), form).answer(no.status)
    return done(_("Sent to the platform's staff. The answer comes to your inbox."), f"/shops/{org_id}/permit")


@blueprint.post("/shops/<org_id>/permit/take-back")
@needs("market:shop:keep", on=load_shop)
def take_permit_back(org: Organisation) -> object:
    org_id = org.id
    waits = [one.id for one in queries.permits_of(g.db, org_id, BOOKS) if one.state == "asked"]
    with doing() as w:
        for one in waits:
            permits.take_back(w, get_locked(w.session, TradePermit, one))
    return done(_("Taken back."), f"/shops/{org_id}/permit")


@dataclass(frozen=True, kw_only=True)
class DecidePage(Page):
    template = "market/shop_permit_decide.html"
    name: str
    licence: str
    address: str
    entered: PermitShown
    form: DecideForm


def _decide_page(row: TradePermit, form: DecideForm) -> DecidePage:
    org = row.org
    licence = standing.licence_of(g.db, org)
    return DecidePage(name=shown_org(org, g.language), licence=licence, address=org.address, entered=_shown(row), form=form)


@blueprint.get("/trade-permits/<permit_id>")
@needs("market:trade_permit:decide", on=load_permit)
def show_entered(row: TradePermit) -> object:
    return _decide_page(row, DecideForm(formdata=None)).answer()


@blueprint.post("/trade-permits/<permit_id>")
@needs("market:trade_permit:decide", on=load_permit)
def decide_permit(row: TradePermit) -> object:
    """`verb`: confirmed or refused."""
    form, found, verb = DecideForm(), row.id, request.form.get("verb", "")
    if not form.validate_on_submit():
        return _decide_page(row, form).answer(422)
    if verb not in ("confirmed", "refused"):
        raise Refused("verb", _("Please use the buttons on the page."))
    try:
        with doing() as w:
            permits.decide(w, get_locked(w.session, TradePermit, found), verb == "confirmed", str(form.reason.data or ""))
    except Refused as no:
        form.blame(no)
        return _decide_page(load_permit(g.db, found), form).answer(no.status)
    return done(_("The decision is written down."), f"/trade-permits/{found}")
