"""Its seller changes a listing: words, price and place, photos; and sees what a reviewer wants to be shown."""

from dataclasses import dataclass

from flask import Blueprint, g, redirect
from wtforms import MultipleFileField

from appraisal.prices.showing import HintShown
from core import clock
from core.access import needs, visitor
from core.data_files import text as words
from core.errors import Invalid, Refused
from core.forms import Form, text
from core.goods.cards import get_card
from core.goods.pictures import Picture, pictures
from core.i18n import N_
from core.money import Money
from core.page import Page
from core.work import work
from market.listings import actions, price_hint, private_proof, queries
from market.listings.cautioning import caution
from market.listings.models import Listing
from market.listings.sell_form import WORDS, PriceForm, offer_of
from market.listings.shots import least
from market.listings.tags import tag_of

blueprint = Blueprint("editing", __name__)


class PhotoForm(Form):
    photos = MultipleFileField(text("Photos"))


class ProofForm(Form):
    proofs = MultipleFileField(text("Photos of the proof"))


@dataclass(frozen=True, slots=True)
class ProofShown:
    """A photo of the private proof, for its seller. `src`: an address that only they and reviewers can open."""

    src: str
    href: str
    remove: str


@dataclass(frozen=True, kw_only=True)
class EditPage(Page):
    template = "market/listing_edit.html"
    form: PriceForm
    listing_id: str
    photos: list[Picture]
    photo_form: PhotoForm
    proof_form: ProofForm
    proof_needed: list[str]
    proof_open: bool
    proofs: list[ProofShown]
    least: int
    hint: HintShown | None
    caution: bool
    gradable: str
    tag: str


@blueprint.get("/listings/<listing_id>/edit")
@needs("market:listing:edit", on=queries.get_listing)
def edit(listing: Listing) -> object:
    actions.words_can_change(listing)
    return edit_page(listing, offer_form(listing))


def offer_form(listing: Listing) -> PriceForm:
    plain = Money(listing.price_minor, listing.currency).plain()
    return PriceForm(
        formdata=None,
        data={"title": listing.title, "description": listing.description, "price": plain,
              "negotiable": listing.negotiable, "condition": listing.condition, "district": listing.district},
    )  # fmt: skip


def edit_page(
    listing: Listing, form: PriceForm, status: int = 200, photos: PhotoForm | None = None, proofs: ProofForm | None = None, *,
    caution: bool = False,
) -> object:
    return EditPage(
        form=form, listing_id=listing.id, photos=pictures(listing.item), photo_form=photos or PhotoForm(formdata=None),
        proof_form=proofs or ProofForm(formdata=None), proofs=proofs_shown(listing.id),
        proof_needed=[words(need.name, g.language) for need in private_proof.needed(listing)],
        proof_open=listing.review in private_proof.OPEN_REVIEWS, least=least(get_card(listing.category)),
        hint=price_hint.for_item(g.db, listing.item, listing.grade, form),
        tag=tag.href if (tag := tag_of(g.db, listing.id)) else "",
        caution=caution, gradable=listing.item_id if get_card(listing.category).grading_standard else "",
    ).answer(status)  # fmt: skip


def proofs_shown(listing_id: str) -> list[ProofShown]:
    found = private_proof.find_proofs(g.db, listing_id)
    paths = [(f"/listings/{listing_id}/proofs/{row.id}", row.decided_at is None) for row in found]
    return [ProofShown(f"{path}/medium.jpg", f"{path}/large.jpg", f"{path}/remove" if open_ else "") for path, open_ in paths]


@blueprint.post("/listings/<listing_id>/edit")
@needs("market:listing:edit", on=queries.get_listing)
def save(listing: Listing) -> object:
    form, listing_id = PriceForm(), listing.id
    if not form.validate():
        return edit_page(listing, form, 422)
    try:
        offer = offer_of(form)
        if caution(form, [name for name in WORDS if form[name].data != getattr(listing, name)]):
            return edit_page(listing, form, 422, caution=True)
        with work(g.db, visitor().actor, clock.now()) as w:
            actions.edit(w, w.session.get_one(Listing, listing_id), offer)
    except Refused as no:
        form.blame(no)
        return edit_page(queries.get_listing(g.db, listing_id), form, no.status)
    return redirect(f"/listings/{listing_id}", 303)


@blueprint.post("/listings/<listing_id>/photos")
@needs("market:listing:edit", on=queries.get_listing)
def add_photos(listing: Listing) -> object:
    """More photos of a thing, for everybody: all of them or none."""
    form, listing_id = PhotoForm(), listing.id
    try:
        sent = [one.stream.read() for one in form.photos.data or [] if getattr(one, "filename", "")]
        if not sent:
            raise Invalid("photos_missing", N_("Choose at least one photo."), field="photos")
        with work(g.db, visitor().actor, clock.now()) as w:
            actions.add_photos(w, w.session.get_one(Listing, listing_id), sent)
    except Refused as no:
        no.field = "photos"
        form.blame(no)
        found = queries.get_listing(g.db, listing_id)
        return edit_page(found, offer_form(found), no.status, photos=form)
    return redirect(f"/listings/{listing_id}/edit", 303)


@blueprint.post("/listings/<listing_id>/photos/<photo_id>/remove")
@needs("market:listing:edit", on=queries.get_photo)
def remove_photo(found: queries.ListingPhoto) -> object:
    listing_id, photo_id = found.listing.id, found.photo_id
    with work(g.db, visitor().actor, clock.now()) as w:
        actions.remove_photo(w, w.session.get_one(Listing, listing_id), photo_id)
    return redirect(f"/listings/{listing_id}/edit", 303)
