"""Swaps on the phone: choose what you give, answer one."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, g, redirect
from flask_babel import gettext as _
from wtforms import RadioField

from core import clock
from core.access import Beside, needs, visitor
from core.errors import Invalid, Refused
from core.forms import OnceForm, text
from core.i18n import N_
from core.page import Page
from core.web import limiter
from core.work import work
from market.listings.mine import Row, rows_of
from market.listings.models import Listing
from market.listings.queries import get_listing
from market.orders import swapping
from market.orders.models import Order
from market.orders.show import name_of
from market.orders.swap_models import Swap
from market.orders.swap_words import state_for
from market.orders.swapping import get_swap

blueprint = Blueprint("swaps", __name__)


class SwapForm(OnceForm):
    given = RadioField(text("What do you give for it?"), validate_choice=False)


@dataclass(frozen=True, kw_only=True)
class SwapPage(Page):
    template = "market/swap.html"
    form: SwapForm | None
    wanted: Row
    given: Row | None
    listing_id: str
    swap_id: str
    state: str
    label: str
    tone: str
    help: str
    other: str
    until: datetime | None
    i_answer: bool
    i_own: bool
    i_proposed: bool
    order: str
    gives: str


def _ask_page(listing: Listing, form: SwapForm, status: int = 200) -> object:
    form.given.choices = [(one.id, one.title) for one in swapping.mine_to_give(g.db, str(visitor().account_id))]
    return SwapPage(
        form=form, wanted=rows_of([listing])[0], given=None, listing_id=listing.id, swap_id="", state="", label="", tone="info",
        help="", other=name_of(listing.seller_id), until=None, i_answer=False, i_own=False, i_proposed=False, order="",
        gives="",
    ).answer(status)  # fmt: skip


@blueprint.get("/listings/<listing_id>/swap")
@needs("market:offer:make", on=get_listing)
def ask(listing: Listing) -> object:
    return _ask_page(listing, SwapForm(formdata=None))


@blueprint.post("/listings/<listing_id>/swap")
@limiter.limit("20 per minute")
@needs("market:offer:make", on=get_listing)
def propose(listing: Listing) -> object:
    form, listing_id = SwapForm(), listing.id
    try:
        given = g.db.get(Listing, str(form.given.data or ""))
        if given is None:
            raise Invalid("given_missing", N_("Choose what you give for it."), field="given")
        given_id = given.id
        with work(g.db, visitor().actor, clock.now()) as w:
            made = swapping.propose(w, w.session.get_one(Listing, listing_id), w.session.get_one(Listing, given_id)).id
    except Refused as no:
        form.blame(no)
        return _ask_page(get_listing(g.db, listing_id), form, no.status)
    return redirect(f"/swaps/{made}", 303)


@blueprint.get("/swaps/<swap_id>")
@needs("market:swap:see", on=get_swap)
def show(row: Swap) -> object:
    me = visitor().account_id
    i_answer = me == row.owner_id and row.state == "proposed"
    wanted, given = (rows_of([g.db.get_one(Listing, one)])[0] for one in (row.wanted_id, row.given_id))
    halves = [g.db.get_one(Order, one) for one in (row.wanted_order_id, row.given_order_id) if one]
    state, gets = state_for(row.state, i_answer, halves), [f"/orders/{one.id}" for one in halves if one.buyer_id == me]
    gives = [f"/orders/{one.id}" for one in halves if one.seller_id == me]
    return SwapPage(
        form=None, wanted=wanted, given=given, listing_id=row.wanted_id, swap_id=row.id, state=row.state, label=_(state.label),
        tone=state.tone, help=_(state.help), other=name_of(row.owner_id if me == row.proposer_id else row.proposer_id),
        until=row.expires_at if row.state == "proposed" else None,
        i_answer=i_answer, i_own=me == row.owner_id,
        i_proposed=me == row.proposer_id and row.state == "proposed", order="".join(gets), gives="".join(gives),
    ).answer()  # fmt: skip


@blueprint.post("/swaps/<swap_id>/<any(agree, decline, withdraw):verb>")
@needs("market:swap:see", on=lambda session, swap_id, verb: Beside(get_swap(session, swap_id), verb))
def answer(found: Beside[Swap, str]) -> object:
    swap_id, verb = found.of.id, found.part
    with work(g.db, visitor().actor, clock.now()) as w:
        getattr(swapping, verb)(w, w.session.get_one(Swap, swap_id, with_for_update=True))
    return redirect(f"/swaps/{swap_id}", 303)
