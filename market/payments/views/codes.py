"""The seller's collection code: put in and taken away on one page, shown to the two sides of a payment and to nobody else."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, g, redirect
from flask_wtf.file import FileField
from sqlalchemy.orm import Session
from wtforms import RadioField

from core import clock
from core.access import needs, visitor
from core.errors import Invalid, NotFound, Refused
from core.forms import Form, text
from core.i18n import N_
from core.page import Page
from core.photos import Photo, clean
from core.web import limiter
from core.work import work
from market.payments import collect_codes
from market.payments.models import PaymentIntent
from market.payments.offer import find_collect_code
from market.payments.side_models import CollectCode
from market.payments.states import OPEN
from market.payments.views.pages import APPS
from market.payments.views.parts import Owner, get_owner, get_payment, places

blueprint = Blueprint("collect_codes", __name__)


class CodeForm(Form):
    kind = RadioField(
        text("Which app does it belong to?"), validate_choice=False,
        choices=[("wechat", text("WeChat")), ("alipay", text("Alipay"))],
    )
    merchant = RadioField(
        text("Whose code is it?"), validate_choice=False,
        choices=[("no", text("A personal code")), ("yes", text("A merchant code, given out for a business"))],
    )  # fmt: skip
    picture = FileField(text("Picture of the code"))


@dataclass(frozen=True, kw_only=True)
class CodePage(Page):
    template = "market/payment_code.html"
    form: CodeForm
    owner: str
    query: str
    places: list[tuple[str, str, bool]]
    app: str
    merchant: bool
    size: tuple[int, int]
    added_at: datetime | None


@blueprint.get("/me/collect-code")
@needs("market:collect_code:keep", on=get_owner)
def show(owner: Owner) -> object:
    return _page(owner, CodeForm(formdata=None))


def _page(owner: Owner, form: CodeForm, status: int = 200) -> object:
    row = find_collect_code(g.db, owner.id)
    return CodePage(
        form=form, owner=owner.name, query=owner.query, places=places(owner.id, "/me/collect-code"),
        app=APPS[row.kind] if row else "", merchant=row is not None and row.merchant, added_at=row.added_at if row else None,
        size=collect_codes.size_of(row),
    ).answer(status)  # fmt: skip


@blueprint.post("/me/collect-code")
@limiter.limit("10 per minute")
@needs("market:collect_code:keep", on=get_owner)
def put(owner: Owner) -> object:
    form = CodeForm()
    try:
        raw = form.picture.data.stream.read() if getattr(form.picture.data, "filename", "") else b""
        if not raw:
            raise Invalid("picture_missing", N_("Choose the picture of your code."), field="picture")
        if form.merchant.data not in ("yes", "no"):
            raise Invalid("merchant_missing", N_("Say whose code it is."), field="merchant")
        photo = _cleaned(raw)
        with work(g.db, visitor().actor, clock.now()) as w:
            collect_codes.put(w, owner.id, str(form.kind.data or ""), photo, merchant=form.merchant.data == "yes")
    except Refused as no:
        form.blame(no)
        return _page(owner, form, no.status)
    return redirect(f"/me/collect-code{owner.query}", 303)


def _cleaned(raw: bytes) -> Photo:
    try:
        return clean(raw)
    except Refused as bad:
        bad.field = "picture"
        raise


@blueprint.post("/me/collect-code/remove")
@needs("market:collect_code:keep", on=get_owner)
def remove(owner: Owner) -> object:
    with work(g.db, visitor().actor, clock.now()) as w:
        collect_codes.remove(w, owner.id)
    return redirect(f"/me/collect-code{owner.query}", 303)


@blueprint.get("/me/collect-code.jpg")
@needs("market:collect_code:keep", on=get_owner)
def own_picture(owner: Owner) -> Response:
    return _picture(find_collect_code(g.db, owner.id))


def get_open_payment(session: Session, payment_id: str) -> PaymentIntent:
    one = get_payment(session, payment_id)
    if one.collect_code_id is None or one.state not in OPEN:
        raise NotFound()
    return one


@blueprint.get("/payments/<payment_id>/code.jpg")
@needs("market:payment:code", on=get_open_payment)
def picture(one: PaymentIntent) -> Response:
    """The code this payment was begun with, whatever its owner keeps now."""
    return _picture(g.db.get(CollectCode, one.collect_code_id))


def _picture(row: CollectCode | None) -> Response:
    if row is None or not row.sizes:
        raise NotFound()
    answer = Response(collect_codes.opened(row), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
