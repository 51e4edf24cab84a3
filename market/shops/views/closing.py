"""A manager announces the shop's end, calls it off, or opens it again."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from core import clock
from core.access import needs
from core.doing import doing, done
from core.errors import Refused
from core.page import Page
from core.people.models import Organisation
from core.people.names import shown_org
from core.web import config
from market.shops import closings, queries, rules, standing
from market.shops.access import load_shop
from market.shops.forms import ClosingForm, day_of
from market.shops.show import ClosingShown, shown_closing
from market.shops.states import CLOSING
from market.shops.views import blueprint


@dataclass(frozen=True, kw_only=True)
class ClosingPage(Page):
    """`closing`: announced or come; `form`: None then; `earlier`: (day, word, tone) of former ones."""

    template = "market/shop_closing.html"
    org_id: str
    name: str
    closing: ClosingShown | None
    form: ClosingForm | None
    days: int
    first: str
    earlier: Sequence[tuple[str, str, str]]


def _page(org: Organisation, form: ClosingForm | None = None) -> ClosingPage:
    now, row = clock.now(), standing.find_closing(g.db, org.id)
    days = max(config().close_notice_days, rules.CLOSE_NOTICE_DAYS)
    first = rules.first_closing_day(clock.local(now).date(), days)
    earlier = [one for one in queries.closings_of(g.db, org.id) if row is None or one.id != row.id]
    return ClosingPage(
        org_id=org.id, name=shown_org(org, g.language), closing=shown_closing(row, now), days=days, first=first.isoformat(),
        form=None if row else form or ClosingForm(formdata=None, data={"closes_on": first}),
        earlier=[(one.closes_on.isoformat(), _(CLOSING[one.state].label), CLOSING[one.state].tone) for one in earlier],
    )  # fmt: skip


@blueprint.get("/shops/<org_id>/closing")
@needs("market:shop:keep", on=load_shop)
def show_closing(org: Organisation) -> object:
    return _page(org).answer()


@blueprint.post("/shops/<org_id>/closing")
@needs("market:shop:keep", on=load_shop)
def announce_closing(org: Organisation) -> object:
    form, org_id = ClosingForm(), org.id
    if not form.validate_on_submit():
        return _page(org, form).answer(422)
    try:
        with doing() as w:
            closings.announce(w, org_id, day_of(form.closes_on), str(form.words.data or ""), config().close_notice_days)
    except Refused as no:
        form.blame(no)
        return _page(queries.get_shop(g.db, org_id), form).answer(no.status)
    return done(_("Announced. It stands on the shop's page and at each point from now on."), f"/shops/{org_id}/closing", "warn")


@blueprint.post("/shops/<org_id>/closing/call-off")
@needs("market:shop:keep", on=load_shop)
def call_off_closing(org: Organisation) -> object:
    org_id = org.id
    with doing() as w:
        closings.call_off(w, org_id)
    return done(_("Called off. Everybody who was told hears it."), f"/shops/{org_id}/desk")


@blueprint.post("/shops/<org_id>/closing/reopen")
@needs("market:shop:keep", on=load_shop)
def reopen_shop(org: Organisation) -> object:
    org_id = org.id
    with doing() as w:
        closings.reopen(w, org_id)
    return done(_("The shop works again. Open its points one by one."), f"/shops/{org_id}/desk")
