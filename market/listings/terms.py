"""The terms of a sale beside its price: given away, a private floor, sent by parcel, returns and warranty."""

from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect
from flask_babel import gettext as _
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import Length, Optional

from core import clock
from core.access import needs, visitor
from core.errors import Invalid, Refused
from core.forms import OnceForm, text
from core.i18n import N_
from core.money import Money, parse_yuan
from core.page import Page
from core.ports import happened
from core.work import Work, work
from market.listings import queries, tags, watching
from market.listings.actions import reindex, words_can_change
from market.listings.events import GivenAway
from market.listings.models import Listing
from market.listings.return_grounds import GROUNDS
from market.listings.terms_rules import BUSINESS, terms_fault

blueprint = Blueprint("terms", __name__)
POLICIES = {
    "private_sale": N_("Private sale: what was told counts, no return without a reason"),
    "no_reason_7d": N_("Seven days to return it without a reason"),
    "excluded_by_nature": N_("No return without a reason, for a ground of the law that the buyer ticks"),
}
_FAULTS = {
    "policy_unknown": ("policy", N_("Choose one of these.")),
    "business_owes_returns": ("policy", N_("A business owes the seven days, unless a ground of the list applies.")),
    "ground_missing": ("ground", N_("Choose the ground: the list is closed.")),
    "ground_without_exclusion": ("ground", N_("A ground only belongs to an excluded return.")),
    "warranty_range": ("warranty", N_("A warranty has 0 to 60 months.")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """`floor`: the least the seller takes, None for none. `warranty`: months."""

    gift: bool = False
    floor: Money | None = None
    by_parcel: bool = False
    policy: str = "private_sale"
    ground: str = ""
    warranty: int = 0


def set_terms(w: Work, listing: Listing, terms: Terms) -> None:
    """Change what is promised beside the price. Raises Invalid at the field; Refused while somebody has reserved it."""
    words_can_change(listing)
    fault = terms_fault(listing.seller_kind, terms.policy, terms.ground, terms.warranty)
    if fault:
        field, sentence = _FAULTS[fault]
        raise Invalid(fault, sentence, field=field)
    before = listing.price_minor
    if terms.gift and tags.tag_of(w.session, listing.id) is not None:
        raise Invalid("price_fixed", tags.FIXED, field="gift")
    if terms.gift and not listing.gift:
        listing.gift, listing.price_minor, listing.floor_minor = True, 0, None
        happened(w, GivenAway(listing.id))
    elif listing.gift and not terms.gift:
        raise Invalid("price_first", N_("Give it a price on the page before: then it is sold, not given away."), field="gift")
    if terms.floor is not None and not listing.gift and not 0 < terms.floor.minor <= listing.price_minor:
        raise Invalid("floor_range", N_("The floor is more than nothing and at most the asking price."), field="floor")
    listing.floor_minor = terms.floor.minor if terms.floor and not listing.gift else None
    listing.by_parcel, listing.return_policy = terms.by_parcel, terms.policy
    listing.return_ground, listing.warranty_months = terms.ground, terms.warranty
    listing.changed_at = w.now
    w.record("market:listing:terms", listing.id, policy=terms.policy, gift=listing.gift, parcel=terms.by_parcel)
    watching.price_fell(w, listing, before)
    reindex(w, listing)


class TermsForm(OnceForm):
    gift = BooleanField(text("I give it away for nothing"))
    floor = StringField(text("The least I take (nobody sees it)"), validators=[Length(max=20)])
    by_parcel = BooleanField(text("I also send it by parcel"))
    policy = RadioField(text("Returns"), validate_choice=False)
    ground = SelectField(text("Ground of an excluded return"), validate_choice=False)
    warranty = IntegerField(text("Warranty in months"), validators=[Optional()])


@dataclass(frozen=True, kw_only=True)
class TermsPage(Page):
    template = "market/listing_terms.html"
    form: TermsForm
    listing_id: str
    title: str
    business: bool
    gift: bool


def _page(listing: Listing, form: TermsForm, status: int = 200) -> object:
    business = listing.seller_kind in BUSINESS
    unfit = "private_sale" if business else "excluded_by_nature"
    form.policy.choices = [(code, _(words)) for code, words in POLICIES.items() if code != unfit]
    form.ground.choices = [("", "—"), *((code, _(words)) for code, words in GROUNDS.items())]
    return TermsPage(form=form, listing_id=listing.id, title=listing.title, business=business, gift=listing.gift).answer(status)


@blueprint.get("/listings/<listing_id>/terms")
@needs("market:listing:edit", on=queries.get_listing)
def look(listing: Listing) -> object:
    floor = Money(listing.floor_minor, listing.currency).plain() if listing.floor_minor else ""
    told = {
        "gift": listing.gift, "floor": floor, "by_parcel": listing.by_parcel, "policy": listing.return_policy,
        "ground": listing.return_ground, "warranty": listing.warranty_months,
    }  # fmt: skip
    return _page(listing, TermsForm(formdata=None, data=told))


@blueprint.post("/listings/<listing_id>/terms")
@needs("market:listing:edit", on=queries.get_listing)
def save(listing: Listing) -> object:
    form, listing_id = TermsForm(), listing.id
    try:
        if not form.validate():
            return _page(listing, form, 422)
        terms = terms_of(form, listing)
        with work(g.db, visitor().actor, clock.now()) as w:
            set_terms(w, w.session.get_one(Listing, listing_id), terms)
        flash(_("The terms are saved."), "good")
    except Refused as no:
        form.blame(no)
        return _page(queries.get_listing(g.db, listing_id), form, no.status)
    return redirect(f"/listings/{listing_id}", 303)


def terms_of(form: TermsForm, listing: Listing) -> Terms:
    """Raises Invalid at the floor when it can't be read."""
    floor = None
    if str(form.floor.data or "").strip():
        try:
            floor = parse_yuan(str(form.floor.data))
        except Invalid as no:
            no.field = "floor"
            raise
    policy = str(form.policy.data or listing.return_policy)
    return Terms(
        gift=bool(form.gift.data), floor=floor, by_parcel=bool(form.by_parcel.data), policy=policy,
        ground=str(form.ground.data or "") if policy == "excluded_by_nature" else "", warranty=form.warranty.data or 0,
    )  # fmt: skip
