"""The page of one listing, for everybody; and what its seller can do with it."""

from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect
from flask_babel import gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from appraisal.appeals.queries import under_appeal_since
from core import clock, ports
from core.access import needs, public, visitor
from core.errors import Refused
from core.forms import Form, text
from core.goods.cards import get_card
from core.goods.describe import category_name, disclosed, masked_numbers, properties
from core.goods.pictures import Picture, pictures
from core.i18n import N_
from core.money import Money, format_money
from core.page import Page
from core.people.models import Account, Organisation
from core.people.names import shown_name, shown_org
from core.people.sellers import KINDS, find_licence
from core.ports import Standing
from core.states import State
from core.work import work
from market.listings import actions, blocking, queries
from market.listings.condition_rules import claimed_grade, condition_shown
from market.listings.models import Listing
from market.listings.places import district_name
from market.listings.proof import Outlook, bag_number, certificate_number_of, is_drawn, outlook_for, permit_for, wipe_of
from market.listings.shop_page import shop_href
from market.listings.states import LISTING, LIVE
from market.listings.tags import tag_of

blueprint = Blueprint("listings", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingView:
    """A listing as its page shows it: words and addresses only. `condition`: the seller's own words with their mark; `claimed`:
    what in the title sounds like a grade."""

    id: str
    title: str
    description: str
    price: str
    negotiable: bool
    gift: bool
    district: str
    category: str
    category_code: str
    seller: str
    seller_id: str
    seller_href: str
    seller_kind: str
    licence: str
    sporadic: bool
    standing: Standing
    state: str
    state_label: str
    state_tone: str
    state_help: str
    grade: str | None
    condition: str
    claimed: str
    appraisal: str
    appealed: bool
    wipe: str
    job_id: str
    certificate: str
    pictures: list[Picture]
    properties: list[tuple[str, str]]
    disclosed: list[tuple[str, str]]
    numbers: list[tuple[str, str]]
    item_id: str
    mine: bool
    still_mine: bool
    wipe_route: str
    review: str
    review_tone: str
    house: bool
    tag: str
    orders_href: str


@dataclass(frozen=True, kw_only=True)
class ListingPage(Page):
    template = "market/listing.html"
    one: ListingView
    favourite: bool
    wanted: int
    verbs: list[str]
    drawn: bool
    bring: bool
    outlook: Outlook | None
    blocked: bool


REVIEW = {
    "asked": (N_("A reviewer looks at it before it goes on sale: things of this kind may need a proof."), "info"),
    "refused": (N_("A reviewer refused it. Change what is said, or talk to us."), "warn"),
}
READY = State(N_("Ready to go on sale"), "good", N_("It is wiped and verified. Publish it when you like."))


WENT_BACK = State(N_("Given back"), "neutral", N_("It was handed over, and then went back to who had given it."))
"""How `sold` reads once the thing is its seller's again."""


def sold_shown(listing: Listing) -> State:
    """A state as people read it; of what was sold, whether it went back since."""
    back = listing.state == "sold" and listing.item.owner_id == listing.seller_id
    return WENT_BACK if back else LISTING[listing.state]


def price_words(listing: Listing, language: str) -> str:
    return _("Free") if listing.gift else format_money(Money(listing.price_minor, listing.currency), language)


def view_of(listing: Listing) -> ListingView:
    item, language = listing.item, g.language
    wipe, job_id = wipe_shown(listing)
    state = READY if listing.state == "waiting_wipe" and wipe == "cleared" else sold_shown(listing)
    account = g.db.get_one(Account, listing.seller_id)
    org = g.db.get(Organisation, listing.org_id) if listing.org_id else None
    standing = Standing() if org else ports.standing(g.db, account.id)
    return ListingView(
        id=listing.id, title=listing.title, description=listing.description,
        price=price_words(listing, language), negotiable=listing.negotiable and not listing.gift, gift=listing.gift,
        district=district_name(listing.district, language), category=category_name(listing.category, language),
        category_code=listing.category, seller=shown_org(org, language) if org else shown_name(account),
        seller_id=account.id, seller_href=shop_href(g.db, org) if org else standing.href, standing=standing,
        licence=find_licence(g.db, listing.seller_kind, account.id, listing.org_id), sporadic=listing.seller_kind == "sporadic",
        seller_kind=_(KINDS[listing.seller_kind]), state=listing.state, state_label=_(state.label),
        state_tone=state.tone, state_help=_(state.help), grade=listing.grade,
        condition=condition_shown(listing.condition, language), claimed=claimed_grade(listing.title),
        appraisal=f"/appraisals/{listing.appraisal_id}" if listing.appraisal_id else "",
        appealed=under_appeal_since(g.db, listing.appraisal_id) is not None, wipe=wipe,
        job_id=job_id, certificate=certificate_number_of(g.db, listing.clearance_id) if listing.clearance_id else "",
        pictures=pictures(item), properties=properties(item, language),
        disclosed=[(question, answer) for question, answer, _code in disclosed(item, language)],
        numbers=masked_numbers(item, language),
        item_id=item.id, mine=visitor().acts_for(listing.seller_id),
        still_mine=item.owner_id == visitor().account_id and item.state == "active",
        wipe_route=get_card(listing.category).wipe_route, review=_(REVIEW[listing.review][0]) if listing.review in REVIEW else "",
        review_tone=REVIEW.get(listing.review, ("", "info"))[1], house=account.house,
        tag=_tag_href(listing), orders_href="/me/orders" + (f"?for={account.id}" if account.house else ""),
    )  # fmt: skip


def _tag_href(listing: Listing) -> str:
    """Its page in the stock, for the people at the counter; "" for everybody else."""
    tag = tag_of(g.db, listing.id) if visitor().acts_for(listing.seller_id) else None
    return tag.href if tag is not None else ""


def wipe_shown(listing: Listing) -> tuple[str, str]:
    """The mark of the wipe, and the open job's id where it isn't on sale."""
    if not listing.data_bearing:
        return "not_needed", ""
    if listing.state == "sold":
        return "delivered", ""
    return ("cleared", "") if listing.state in LIVE else wipe_of(g.db, listing.item_id)


OWNER_VERBS = ("publish", "pause", "resume", "withdraw")


@blueprint.get("/listings/<listing_id>")
@public
def show(listing_id: str) -> object:
    listing = queries.get_listing(g.db, listing_id)
    one, me = view_of(listing), visitor().account_id
    cleared = one.mine and permit_for(g.db, listing.item_id) is not None
    verbs = [v for v in OWNER_VERBS if one.mine and LISTING.can(listing.state, v) and (v not in ("publish", "resume") or cleared)]
    return ListingPage(
        one=one, favourite=queries.is_favourite(g.db, visitor().account_id, listing.id),
        wanted=queries.wanted_by(g.db, listing.id), verbs=verbs,
        drawn=listing.data_bearing and is_drawn(g.db, listing.item_id),
        bring=bag_number(g.db, listing.item_id) is not None,
        outlook=outlook_for(listing.item) if one.mine and one.wipe == "waiting" else None,
        blocked=not one.mine and bool(me) and me in blocking.blocks_between(g.db, str(me), listing.seller_id),
    ).answer()  # fmt: skip


SAID = {
    "publish": N_("It is on sale now: everybody can find it and reserve it."),
    "resume": N_("It is on sale again."),
    "pause": N_("Paused: nobody finds it until you put it back on sale."),
    "withdraw": N_("Taken off the market."),
}
ASKED_REVIEW = N_("A reviewer looks at it first; you are told when it is on sale.")


def say_new(listing_id: str) -> None:
    """After selling: it is on sale, or a reviewer looks first. One that waits for its wipe says so on its own page."""
    listing = queries.get_listing(g.db, listing_id)
    if listing.state == "published":
        flash(_(SAID["publish"]), "good")
    elif listing.review == "asked":
        flash(_(ASKED_REVIEW), "info")


def _step(listing: Listing, verb: str) -> object:
    listing_id, on_sale = listing.id, True
    with work(g.db, visitor().actor, clock.now()) as w:
        fresh = w.session.get_one(Listing, listing_id)
        if verb in ("publish", "resume"):
            permit = permit_for(w.session, fresh.item_id)
            if permit is None:
                raise Refused("not_cleared", actions.NOT_CLEARED)
            on_sale = actions.publish(w, fresh, permit)
        elif verb == "pause":
            actions.pause(w, fresh)
        else:
            actions.withdraw(w, fresh)
    flash(_(SAID[verb] if on_sale else ASKED_REVIEW), "good" if on_sale else "info")
    return redirect(f"/listings/{listing_id}", 303)


@blueprint.post("/listings/<listing_id>/publish")
@needs("market:listing:publish", on=queries.get_listing)
def publish(listing: Listing) -> object:
    return _step(listing, "publish")


@blueprint.post("/listings/<listing_id>/resume")
@needs("market:listing:publish", on=queries.get_listing)
def resume(listing: Listing) -> object:
    return _step(listing, "resume")


@blueprint.post("/listings/<listing_id>/pause")
@needs("market:listing:edit", on=queries.get_listing)
def pause(listing: Listing) -> object:
    return _step(listing, "pause")


@blueprint.post("/listings/<listing_id>/withdraw")
@needs("market:listing:edit", on=queries.get_listing)
def withdraw(listing: Listing) -> object:
    return _step(listing, "withdraw")


REPORT_REASONS = [
    ("banned", text("It may not be sold here")),
    ("stolen", text("It may be stolen")),
    ("false", text("The description isn't true")),
    ("fraud", text("The seller asks for money elsewhere")),
    ("data", text("It shows somebody's personal data")),
    ("other", text("Something else")),
]


class ReportForm(Form):
    reason = RadioField(text("What is wrong?"), choices=REPORT_REASONS, validate_choice=False)
    words = TextAreaField(text("What did you see?"), validators=[Length(max=1000)])


class TalkForm(Form):
    body = TextAreaField(text("Message"), validators=[Length(max=1000)])
