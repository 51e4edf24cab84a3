"""Photos from a phone: a code on the clerk's screen opens a page on any phone that only adds photos to this one thing."""

from dataclasses import dataclass

from flask import g
from flask.wrappers import Response
from flask_babel import gettext as _
from wtforms import MultipleFileField

from core import clock
from core.access import needs, public, visitor
from core.db import get_locked
from core.doing import doing, done
from core.errors import Invalid, NotFound, Refused
from core.forms import Form, text
from core.goods.pictures import MOST, store
from core.i18n import N_
from core.labels import qr_svg
from core.page import Page
from core.people.names import shown_org
from core.web import config, limiter
from core.when import exact
from core.work import Actor, work
from market.channels.consignment.goods import drafting, queries
from market.channels.consignment.goods.access import load_intake
from market.channels.consignment.goods.models import Intake, IntakeDraft
from market.channels.consignment.goods.views import blueprint
from market.listings.drafts import read_photos

PHONE = Actor("system:paired_phone")


@dataclass(frozen=True, kw_only=True)
class PairPage(Page):
    """`qr`: the code as a picture; `link`: the same as an address; `until`: when it runs out."""

    template = "market/intake_pair.html"
    intake_id: str
    kind: str
    qr: str
    link: str
    until: str
    photos: int


@blueprint.get("/intakes/<intake_id>/phone")
@needs("market:intake:take", on=load_intake)
def ask_phone(row: Intake) -> Response:
    """Before the code is made: one press makes it, and ends the one before."""
    draft = _draft(row)
    return PairPage(intake_id=row.id, kind=draft.category, qr="", link="", until="", photos=len(draft.photos)).answer()


@blueprint.post("/intakes/<intake_id>/phone")
@limiter.limit("30 per minute")
@needs("market:intake:take", on=load_intake)
def pair_phone(row: Intake) -> Response:
    draft_id = _draft(row).id
    with doing() as w:
        draft = get_locked(w.session, IntakeDraft, draft_id)
        link = f"{config().base_url}/photos-for/{drafting.pair(w, draft)}"
        intake_id, kind, until, photos = draft.intake_id, draft.category, draft.pair_until, len(draft.photos)
    answer = PairPage(
        intake_id=intake_id, kind=kind, qr=qr_svg(link, _("Code for a phone that adds photos")), link=link,
        until=exact(until) if until else "", photos=photos,
    ).answer()  # fmt: skip
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _draft(row: Intake) -> IntakeDraft:
    draft = queries.find_draft(g.db, row.id, str(visitor().account_id)) if row.state == "open" else None
    if draft is None:
        raise NotFound("no_draft", N_("Choose the kind of thing first, then add photos from a phone."))
    return draft


@blueprint.get("/intakes/<intake_id>/photos/<int:nth>.jpg")
@needs("market:intake:take", on=lambda session, intake_id, nth: _Nth(load_intake(session, intake_id), nth))
def show_photo(one: "_Nth") -> Response:
    draft = _draft(one.row)
    if one.nth >= len(draft.photos):
        raise NotFound()
    answer = Response(store().get(draft.photos[one.nth]["sizes"]["small"][0]), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@dataclass(frozen=True, slots=True)
class _Nth:
    row: Intake
    nth: int

    @property
    def org_id(self) -> str:
        return self.row.org_id


@blueprint.post("/intakes/<intake_id>/photos/<int:nth>/remove")
@needs("market:intake:take", on=lambda session, intake_id, nth: _Nth(load_intake(session, intake_id), nth))
def remove_photo(one: "_Nth") -> object:
    draft_id, intake_id, kind, nth = _draft(one.row).id, one.row.id, _draft(one.row).category, one.nth
    with doing() as w:
        drafting.remove_photo(w, get_locked(w.session, IntakeDraft, draft_id), nth)
    return done(_("The photo is gone."), f"/intakes/{intake_id}?kind={kind}")


class PhotosForm(Form):
    photos = MultipleFileField(text(N_("Photos")))


@dataclass(frozen=True, kw_only=True)
class PhonePage(Page):
    template = "market/intake_phone.html"
    shop: str
    token: str
    form: PhotosForm
    there: int
    most: int


def _phone_page(token: str, form: PhotosForm, status: int = 200) -> Response:
    draft = drafting.get_paired(g.db, token, clock.now())
    intake = queries.get_intake(g.db, draft.intake_id)
    answer = PhonePage(
        shop=shown_org(intake.org, g.language), token=token, form=form, there=len(draft.photos), most=MOST - len(draft.photos)
    ).answer(status)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Referrer-Policy"], answer.headers["X-Robots-Tag"] = "no-referrer", "noindex"
    return answer


@blueprint.get("/photos-for/<token>")
@limiter.limit("60 per minute")
@public
def show_phone(token: str) -> Response:
    return _phone_page(token, PhotosForm(formdata=None))


@blueprint.post("/photos-for/<token>")
@limiter.limit("60 per minute")
@public
def add_from_phone(token: str) -> Response:
    """Whoever has the code can add photos, and see nothing."""
    form, draft = PhotosForm(), drafting.get_paired(g.db, token, clock.now())
    if not form.validate_on_submit():
        return _phone_page(token, form, 422)
    sent = [one for one in form.photos.data or [] if one and one.filename]
    photos, bad = read_photos(sent, len(draft.photos))
    if not sent:
        bad = [Invalid("photo_missing", N_("Choose at least one photo."), field="photos")]
    g.db.rollback()
    try:
        with work(g.db, PHONE, clock.now()) as w:
            drafting.add_photos(w, drafting.get_paired(w.session, token, w.now, lock=True), photos)
    except Refused as no:
        bad.append(no)  # type: ignore[arg-type]
    for one in bad:
        form.blame(one)
    if bad:
        return _phone_page(token, form, 422)
    return done(_("The photos are at the counter."), f"/photos-for/{token}")
