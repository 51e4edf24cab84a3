"""One visit at the counter: one screen for one thing after the other, what the giver will get, and the receipt at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, redirect, request
from flask.wrappers import Response
from flask_babel import gettext as _

from appraisal.prices.goods_rules import Goods
from appraisal.prices.hints import hint
from appraisal.prices.showing import HintShown, show_hint
from core import clock
from core.access import needs, visitor
from core.db import get_locked
from core.doing import doing, done
from core.errors import Invalid, NotFound, Refused
from core.goods.card import Card
from core.goods.cards import all_cards, find_card
from core.goods.cards import text as words
from core.goods.rules import holds_data, told_defects
from core.page import Page
from core.people.names import shown_org
from core.web import limiter
from market.channels.consignment.agreements.rules import BadCase, Case, reckon
from market.channels.consignment.goods import drafting, opening, queries, taking
from market.channels.consignment.goods.access import load_intake
from market.channels.consignment.goods.forms import answers_kept, fen, given_of, thing_form
from market.channels.consignment.goods.models import Intake, IntakeDraft
from market.channels.consignment.goods.taking import Wrong
from market.channels.consignment.goods.views import blueprint
from market.channels.consignment.goods.views.paper import receipt_pdf
from market.channels.consignment.goods.views.parts import StockShown, VisitShown, shown, shown_booking, shown_visit, yuan
from market.channels.consignment.visits.models import Visit
from market.channels.consignment.visits.views.parts import VisitShown as Booked
from market.listings.drafts import read_photos
from market.listings.sell_form import media_rows


@dataclass(frozen=True, slots=True)
class Gets:
    """What the giver will get when it is sold at its asking price, and what the shop keeps."""

    net: str
    shop: str


@dataclass(frozen=True, kw_only=True)
class VisitPage(Page):
    """`kinds`: (name, address, icon) to choose from; `chosen`: (code, name) of the kind whose form is shown; `photos`: addresses
    of those that are kept so far; `booked`: the booking that it began with, and its list."""

    template = "market/intake.html"
    visit: VisitShown
    org_id: str
    name: str
    own: bool
    open: bool
    consignor_id: str
    kinds: Sequence[tuple[str, str, str]]
    chosen: tuple[str, str] | None
    card: Card | None
    form: Any
    media_rows: int
    needs_wipe: bool
    goods: Sequence[StockShown]
    gets: Gets | None
    hint: HintShown | None
    photos: Sequence[str]
    net_price: bool
    booked: Booked | None


def visit_page(row: Intake, form: Any = None, card: Card | None = None, status: int = 200, gets: Gets | None = None) -> Response:
    draft = queries.find_draft(g.db, row.id, str(visitor().account_id)) if row.state == "open" else None
    terms = queries.terms_under(row)
    answer = VisitPage(
        visit=shown_visit(row), org_id=row.org_id, name=shown_org(row.org, g.language), own=row.kind == "own",
        open=row.state == "open", consignor_id=row.consignor_id or "",
        kinds=[(words(one.names, g.language), f"/intakes/{row.id}?kind={one.code}", one.icon) for one in all_cards()],
        chosen=(card.code, words(card.names, g.language)) if card else None, card=card, form=form,
        media_rows=media_rows(card) if card else 0, goods=shown(queries.goods_of(g.db, row.id)),
        needs_wipe=bool(card and holds_data(card, str(form.data.get("smart") or "") or None)), gets=gets,
        hint=_hint(card, form) if card and form is not None else None, net_price=bool(terms and terms.pay.kind == "net"),
        photos=[f"/intakes/{row.id}/photos/{nth}.jpg" for nth in range(len(draft.photos))] if draft and card else [],
        booked=shown_booking(g.db.get(Visit, row.visit) if row.visit else None),
    ).answer(status)  # fmt: skip
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _hint(card: Card, form: Any) -> HintShown | None:
    """What such things sold for, beside the asking price."""
    told = {name: str(value or "") for name, value in form.data.items() if not isinstance(value, list)}
    attributes = {name[2:]: value for name, value in told.items() if name.startswith("a_")}
    disclosures = {name[2:]: value for name, value in told.items() if name.startswith("d_")}
    goods = Goods(
        category=card.code, brand=attributes.get("brand", ""), model=attributes.get("model", ""), attributes=attributes,
        told=tuple(told_defects(card, disclosures)), grade="",
    )  # fmt: skip
    today = clock.local(clock.now()).date()
    try:
        asked = fen(form, "wanted") or None
    except Invalid:  # its own field says so
        asked = None
    return show_hint(hint(g.db, goods, today), asked, today)


def _reckoned(row: Intake, form: Any) -> Gets | None:
    """None where the amounts can't be reckoned: their fields say why when the thing is taken in."""
    terms = queries.terms_under(row)
    if terms is None:
        return None
    try:
        found = reckon(terms, Case(asking=fen(form, "wanted"), days=0, reserve=fen(form, "reserve"), category=form.card_code))
    except (BadCase, Invalid):
        return None
    return Gets(yuan(found.net), yuan(found.shop))


def _places(row: Intake) -> list[tuple[str, str]]:
    return [(one.id, f"{one.code} {one.name}".strip()) for one in queries.places_of(g.db, row.org_id, row.point_id)]


def _form(row: Intake, card: Card, draft: IntakeDraft | None = None, *, sent: bool) -> Any:
    file = row.consignor
    wishes = {"kept_price": file.no_discount, "donate_unsold": file.donate_unsold} if file else {}
    data = drafting.answers_of(draft) if draft else {"used": "used", **wishes}
    form = thing_form(card, _places(row), data, sent=sent)
    form.card_code = card.code
    return form


@blueprint.get("/intakes/<intake_id>")
@needs("market:intake:take", on=load_intake)
def show_visit(row: Intake) -> Response:
    """Without a kind chosen, the kinds; a draft goes on where it was left."""
    draft = queries.find_draft(g.db, row.id, str(visitor().account_id))
    card = find_card(request.args.get("kind", "")[:30]) or (find_card(draft.category) if draft else None)
    if row.state != "open" or card is None or request.args.get("kind") == "":
        return visit_page(row)
    same = draft if draft is not None and draft.category == card.code else None
    return visit_page(row, _form(row, card, same, sent=False), card)


@blueprint.post("/intakes/<intake_id>")
@limiter.limit("240 per minute")
@needs("market:intake:take", on=load_intake)
def take_thing(row: Intake) -> Response:
    """Take the thing in; with `do` "reckon" only reckon what the giver will get, with "keep" keep it for the phone's photos."""
    card, intake_id = find_card(request.form.get("kind", "")[:30]), row.id
    if card is None:
        return done(_("Choose what kind of thing it is."), f"/intakes/{intake_id}", tone="warn")
    form, do = _form(row, card, sent=True), request.form.get("do", "")
    fits = form.validate_on_submit()
    _keep(intake_id, form, card)
    row = load_intake(g.db, intake_id)
    if do == "reckon":
        return visit_page(row, form, card, gets=_reckoned(row, form))
    if do == "keep" and fits:
        return redirect(f"/intakes/{intake_id}/phone", 303)  # type: ignore[return-value]
    if not fits or form.errors or form.problems:
        return visit_page(row, form, card, 422)
    return _taken(row, form, card)


def _keep(intake_id: str, form: Any, card: Card) -> None:
    """Good photos and what is typed are never lost, whatever is wrong with the rest."""
    draft = queries.find_draft(g.db, intake_id, str(visitor().account_id))
    photos, bad = read_photos([one for one in form.photos.data or [] if one and one.filename], len(draft.photos) if draft else 0)
    for no in bad:
        form.blame(no)
    try:
        with doing() as w:
            drafting.keep(w, get_locked(w.session, Intake, intake_id), card.code, answers_kept(form), photos)
    except Refused as no:
        form.blame(no)


def _taken(row: Intake, form: Any, card: Card) -> Response:
    intake_id, draft = row.id, queries.find_draft(g.db, row.id, str(visitor().account_id))
    try:
        given = given_of(card, form, tuple(draft.photos) if draft else ())
        if given is None:
            return visit_page(row, form, card, 422)
        with doing() as w:
            stock = taking.take(w, w.session.get_one(Intake, intake_id), given)
            title, waits = stock.title, stock.state
            drafting.throw_away(w, stock.intake)
    except Wrong as no:
        for one in no.all:
            form.blame(one)
        return visit_page(load_intake(g.db, intake_id), form, card, no.status)
    except Refused as no:
        no.field = FIELDS.get(no.field, no.field)
        form.blame(no)
        return visit_page(load_intake(g.db, intake_id), form, card, no.status)
    said = _("“%(title)s” is taken in. It waits to be wiped.", title=title) if waits == "waiting" else _(
        "“%(title)s” is taken in.", title=title
    )
    if waits == "frozen":
        return done(_("“%(title)s” is in the register, but frozen: put it aside and wait for the platform.", title=title),
                    f"/intakes/{intake_id}", tone="warn")  # fmt: skip
    return done(said, f"/intakes/{intake_id}?kind=")


# the field of the form at which a refusal of another room is told
FIELDS = {"price": "wanted", "description": "words", "serial": "i_serial_0", "imei": "i_imei_0", "meid": "i_meid_0",
          "media": "m_serial_0", "sell_as": ""}  # fmt: skip


@blueprint.post("/intakes/<intake_id>/discard")
@needs("market:intake:take", on=load_intake)
def discard(row: Intake) -> object:
    intake_id = row.id
    with doing() as w:
        drafting.throw_away(w, w.session.get_one(Intake, intake_id))
    return done(_("Begun anew."), f"/intakes/{intake_id}")


@blueprint.post("/intakes/<intake_id>/close")
@needs("market:intake:take", on=load_intake)
def close_visit(row: Intake) -> object:
    intake_id = row.id
    with doing() as w:
        opening.close(w, get_locked(w.session, Intake, intake_id))
    return done(_("The visit is closed. Print the receipt for the giver."), f"/intakes/{intake_id}")


@blueprint.post("/intakes/<intake_id>/give-up")
@needs("market:intake:take", on=load_intake)
def give_up(row: Intake) -> object:
    intake_id, org_id = row.id, row.org_id
    with doing() as w:
        opening.give_up(w, get_locked(w.session, Intake, intake_id))
    return done(_("The visit was given up."), f"/consignment/{org_id}/intake")


@blueprint.get("/intakes/<intake_id>/receipt.pdf")
@needs("market:intake:take", on=load_intake)
def receipt(row: Intake) -> Response:
    if row.state != "closed":
        raise NotFound()
    answer = Response(receipt_pdf(row, queries.goods_of(g.db, row.id), g.language), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/intakes/<intake_id>/reckon")
@limiter.limit("600 per minute")
@needs("market:intake:take", on=load_intake)
def reckon_live(row: Intake) -> dict[str, str]:
    """What the giver gets for what is typed so far, in the reader's words; empty where it can't be reckoned."""
    card = find_card(request.args.get("kind", "")[:30])
    if card is None:
        raise NotFound()
    form = thing_form(card, [], {name: request.args.get(name, "")[:20] for name in ("wanted", "reserve")}, sent=False)
    form.card_code = card.code
    found = _reckoned(row, form)
    return {"said": gets_words(found) if found else ""}


def gets_words(found: Gets) -> str:
    return str(_("Sold at this price, the giver gets %(net)s and the shop keeps %(shop)s.", net=found.net, shop=found.shop))

