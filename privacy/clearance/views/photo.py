"""The verification photo, for who holds the device: its last four characters are asked for first. And the device's label."""

from dataclasses import dataclass

from flask import g, redirect, session
from flask.wrappers import Response
from flask_babel import gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from core import clock, secrets
from core.access import public
from core.errors import Invalid, NotFound
from core.forms import Form, text
from core.goods.describe import model_name
from core.goods.intake import serial_of
from core.goods.models import Item
from core.goods.rules import normalise_serial
from core.i18n import N_
from core.label_faces import paper_label
from core.label_formats import DEVICE
from core.label_sheets import labels_pdf
from core.page import Page
from core.web import limiter
from privacy.bench import bench
from privacy.clearance import queries
from privacy.clearance.models import Certificate, Clearance
from privacy.clearance.views import blueprint
from privacy.clearance.views.certificates import address_of
from privacy.wipes.models import Verification

SEEN = "certificate_photo"


class TailForm(Form):
    tail = StringField(
        text(N_("Last four characters of a serial number")),
        [InputRequired(text(N_("Please fill this in."))), Length(max=20)],
        description=text(N_("Of the device, its IMEI, or its disk: as printed on the thing before you.")),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "maxlength": "20"},
    )


@dataclass(frozen=True, kw_only=True)
class PhotoPage(Page):
    template = "privacy/certificate_photo.html"
    number: str
    photos: list[tuple[str, str]]
    open: bool
    form: TailForm


def _photos(certificate: Certificate) -> dict[str, str]:
    """Name -> digest of what was photographed when it was verified."""
    clearance = g.db.get_one(Clearance, certificate.clearance_id)
    checks = g.db.get_one(Verification, clearance.verification_id).checks
    found = {"seal": clearance.seal_photo, "screen": str(checks.get("look_photo_digest") or "")}
    return {name: digest for name, digest in found.items() if digest}


def _ends_so(certificate: Certificate, tail: str) -> bool:
    plain = normalise_serial(tail)
    if len(plain) < 4:
        return False
    item = g.db.get_one(Item, certificate.item_id)
    numbers = [secrets.decrypt(one.value, "identifier") for one in item.identifiers]
    numbers += [serial_of(one) for one in item.media if one.state == "present"]
    return any(normalise_serial(number).endswith(plain) for number in numbers)


def _page(certificate: Certificate, form: TailForm) -> PhotoPage:
    names = {"seal": _("Photo of the seal"), "screen": _("The set-up screen, seen by the verifier")}
    is_open = session.get(SEEN) == certificate.number
    photos = [(names[name], f"/certificates/{certificate.number}/photo/{name}.jpg") for name in _photos(certificate)]
    return PhotoPage(number=certificate.number, photos=photos if is_open else [], open=is_open, form=form)


@blueprint.get("/certificates/<number>/photo")
@public
def ask_tail(number: str) -> object:
    return _page(queries.get_certificate(g.db, number), TailForm(formdata=None)).answer()


@blueprint.post("/certificates/<number>/photo")
@public
@limiter.limit("30 per day")
@limiter.limit("5 per minute")
def show_photo(number: str) -> object:
    form, certificate = TailForm(), queries.get_certificate(g.db, number)
    if not form.validate_on_submit():
        return _page(certificate, form).answer(422)
    if not _ends_so(certificate, form.tail.data):
        sentence = N_("No number of this device ends like that. Read it from the device itself.")
        form.blame(Invalid("tail_differs", sentence, field="tail"))
        return _page(certificate, form).answer(422)
    session[SEEN] = certificate.number
    return redirect(f"/certificates/{certificate.number}/photo", 303)


@blueprint.get("/certificates/<number>/photo/<name>.jpg")
@public
def photo(number: str, name: str) -> Response:
    certificate = queries.get_certificate(g.db, number)
    digest = _photos(certificate).get(name)
    if session.get(SEEN) != certificate.number or digest is None:
        raise NotFound()
    answer = Response(bench().store.get(digest), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/certificates/<number>/label.pdf")
@public
@limiter.limit("20 per minute")
def label(number: str) -> Response:
    """For the device itself: number and code that lead to the state of today. No price, no serial, no name."""
    certificate = queries.get_certificate(g.db, number)
    item = g.db.get_one(Item, certificate.item_id)
    day = certificate.issued_at.astimezone(clock.LOCAL_ZONE).date().isoformat()
    thing = model_name(item)
    one = paper_label(certificate.number, address_of(certificate), [_("Information wipe certificate"), thing, day])
    answer = Response(labels_pdf([one], DEVICE, clock.now()), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{certificate.number}-label.pdf"'
    return answer
