"""The private proof's doors: the seller adds and removes photos, the seller and reviewers look; each look of a reviewer is
written down before a byte goes out."""

from flask import Blueprint, g, redirect
from flask.wrappers import Response

from core import clock
from core.access import needs, visitor
from core.errors import Invalid, Refused
from core.i18n import N_
from core.photos import clean
from core.work import work
from market.listings import private_proof, queries
from market.listings.editing import ProofForm, edit_page, offer_form
from market.listings.models import Listing, ListingProof
from market.listings.private_proof import Proof, get_proof, get_sized

blueprint = Blueprint("proofs", __name__, url_prefix="/listings/<listing_id>/proofs")


@blueprint.post("")
@needs("market:listing:edit", on=queries.get_listing)
def add(listing: Listing) -> object:
    """All of the photos or none."""
    form, listing_id = ProofForm(), listing.id
    try:
        sent = [one.stream.read() for one in form.proofs.data or [] if getattr(one, "filename", "")]
        if not sent:
            raise Invalid("photos_missing", N_("Choose at least one photo."), field="proofs")
        photos = [clean(raw) for raw in sent[: private_proof.MOST + 1]]
        with work(g.db, visitor().actor, clock.now()) as w:
            private_proof.add(w, w.session.get_one(Listing, listing_id, with_for_update=True), photos)
    except Refused as no:
        no.field = "proofs"
        form.blame(no)
        found = queries.get_listing(g.db, listing_id)
        return edit_page(found, offer_form(found), no.status, proofs=form)
    return redirect(f"/listings/{listing_id}/edit#proof", 303)


@blueprint.post("/<proof_id>/remove")
@needs("market:proof:remove", on=get_proof)
def remove(found: Proof) -> object:
    listing_id, proof_id = found.listing.id, found.row.id
    with work(g.db, visitor().actor, clock.now()) as w:
        row = w.session.get_one(ListingProof, proof_id, with_for_update=True)
        private_proof.remove(w, Proof(w.session.get_one(Listing, listing_id), row))
    return redirect(f"/listings/{listing_id}/edit#proof", 303)


@blueprint.get("/<proof_id>/<any(large, medium):size>.jpg")
@needs("market:proof:see", on=get_sized)
def show(found: Proof) -> Response:
    row_id, size, who = found.row.id, found.size, visitor()
    if not who.acts_for(found.seller_id):
        with work(g.db, who.actor, clock.now()) as w:
            private_proof.seen(w, w.session.get_one(ListingProof, row_id))
    answer = Response(private_proof.opened(g.db.get_one(ListingProof, row_id), size), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
