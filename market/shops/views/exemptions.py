"""An organisation says why it needs no licence; the platform's staff decide."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, request
from flask_babel import gettext as _

from core import clock
from core.access import needs
from core.data_files import text as words
from core.db import get_locked
from core.doing import doing, done
from core.errors import Refused
from core.page import Page
from core.people.models import Organisation
from core.people.names import shown_org
from core.people.rules import ORG_KINDS
from market.shops import exemptions, queries, standing
from market.shops.access import load_exemption, load_shop
from market.shops.forms import DecideForm, GroundForm
from market.shops.grounds import all_grounds, find_ground, sentence_of
from market.shops.models import ShopExemption
from market.shops.states import EXEMPTION
from market.shops.views import blueprint


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionShown:
    id: str
    ground: str
    sentence: str
    words: str
    day: str
    raw_state: str
    state: tuple[str, str]
    help: str


def _shown(row: ShopExemption) -> ExemptionShown:
    found, state = find_ground(row.ground), EXEMPTION[row.state]
    return ExemptionShown(
        id=row.id, ground=words(found.name, g.language) if found else row.ground, words=row.words, raw_state=row.state,
        sentence=sentence_of(row.ground, row.law, g.language), day=clock.local(row.asked_at).date().isoformat(),
        state=(_(state.label), state.tone), help=_(state.help),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ExemptionPage(Page):
    """`form`: None where a licence is on file, or one waits or counts."""

    template = "market/shop_exemption.html"
    org_id: str
    name: str
    licence: str
    stated: Sequence[ExemptionShown]
    hints: dict[str, str]
    form: GroundForm | None


def _page(org: Organisation, form: GroundForm | None = None) -> ExemptionPage:
    found, licence = queries.exemptions_of(g.db, org.id), standing.licence_of(g.db, org)
    live = any(one.state in ("asked", "granted") for one in found)
    return ExemptionPage(
        org_id=org.id, name=shown_org(org, g.language), licence=licence, stated=[_shown(one) for one in found],
        hints={one.code: words(one.hint, g.language) for one in all_grounds()},
        form=None if licence or live else form or GroundForm(formdata=None),
    )  # fmt: skip


@blueprint.get("/shops/<org_id>/exemption")
@needs("market:shop:keep", on=load_shop)
def show_exemption(org: Organisation) -> object:
    return _page(org).answer()


@blueprint.post("/shops/<org_id>/exemption")
@needs("market:shop:keep", on=load_shop)
def state_exemption(org: Organisation) -> object:
    form, org_id = GroundForm(), org.id
    if not form.validate_on_submit():
        return _page(org, form).answer(422)
    try:
        with doing() as w:
            said = (str(form.ground.data or ""), str(form.law.data or ""), str(form.words.data or ""))
            exemptions.state_ground(w, org_id, *said)
    except Refused as no:
        form.blame(no)
        return _page(queries.get_shop(g.db, org_id), form).answer(no.status)
    return done(_("Sent to the platform's staff. The answer comes to your inbox."), f"/shops/{org_id}/exemption")


@blueprint.post("/shops/<org_id>/exemption/take-back")
@needs("market:shop:keep", on=load_shop)
def take_exemption_back(org: Organisation) -> object:
    org_id = org.id
    waits = [one.id for one in queries.exemptions_of(g.db, org_id) if one.state == "asked"]
    with doing() as w:
        for one in waits:
            exemptions.take_back(w, get_locked(w.session, ShopExemption, one))
    return done(_("Taken back."), f"/shops/{org_id}/exemption")


@dataclass(frozen=True, kw_only=True)
class DecidePage(Page):
    template = "market/shop_exemption_decide.html"
    org_id: str
    name: str
    kind: str
    address: str
    stated: ExemptionShown
    form: DecideForm


def _decide_page(row: ShopExemption, form: DecideForm) -> DecidePage:
    org = row.org
    return DecidePage(
        org_id=org.id, name=shown_org(org, g.language), kind=_(ORG_KINDS[org.kind]), address=org.address, stated=_shown(row),
        form=form,
    )  # fmt: skip


@blueprint.get("/shop-exemptions/<exemption_id>")
@needs("market:shop_exemption:decide", on=load_exemption)
def show_stated(row: ShopExemption) -> object:
    return _decide_page(row, DecideForm(formdata=None)).answer()


@blueprint.post("/shop-exemptions/<exemption_id>")
@needs("market:shop_exemption:decide", on=load_exemption)
def decide_exemption(row: ShopExemption) -> object:
    """`verb`: granted, refused, or end."""
    form, found, verb = DecideForm(), row.id, request.form.get("verb", "")
    if not form.validate_on_submit():
        return _decide_page(row, form).answer(422)
    if verb not in ("granted", "refused", "end"):
        raise Refused("verb", _("Please use the buttons on the page."))
    reason = str(form.reason.data or "")
    try:
        with doing() as w:
            locked = get_locked(w.session, ShopExemption, found)
            if verb == "end":
                exemptions.end(w, locked, reason)
            else:
                exemptions.decide(w, locked, verb == "granted", reason)
    except Refused as no:
        form.blame(no)
        return _decide_page(load_exemption(g.db, found), form).answer(no.status)
    return done(_("The decision is written down."), f"/shop-exemptions/{found}")
