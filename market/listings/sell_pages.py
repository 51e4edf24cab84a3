"""What the three screens of selling show."""

from dataclasses import dataclass

from flask import g, url_for
from flask.wrappers import Response
from flask_babel import gettext as _

from appraisal.prices.showing import HintShown
from core.access import visitor
from core.forms import Form
from core.goods import rules
from core.goods.card import WITH_CODE, Card
from core.goods.cards import all_cards, find_card, get_card
from core.goods.cards import text as words
from core.goods.pictures import MOST
from core.page import Page
from market.listings import drafts, price_hint, shots
from market.listings.drafts import answers_of
from market.listings.models import SellDraft
from market.listings.sell_form import WhatForm, media_rows
from market.listings.selling_as import SellForm


@dataclass(frozen=True, kw_only=True)
class WhatPage(Page):
    template = "market/sell_what.html"
    form: WhatForm
    draft_id: str
    icons: dict[str, str]
    photos: list[str]
    most: int
    drafts: list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class DetailsPage(Page):
    template = "market/sell_details.html"
    form: Form
    draft_id: str
    category: str
    card: Card
    media_rows: int
    prompts: list[tuple[str, bool]]
    code: str
    code_photo: str
    caution: bool


@dataclass(frozen=True, kw_only=True)
class PricePage(Page):
    template = "market/sell_price.html"
    form: SellForm
    back: str
    category: str
    needs_wipe: bool
    route: str
    hint: HintShown | None
    caution: bool


def what_page(form: WhatForm, draft: SellDraft | None, status: int = 200) -> Response:
    shown, card = (len(draft.photos), find_card(draft.category)) if draft else (0, None)
    if draft and card and status == 200 and (few := shots.too_few(card, shots.plain(draft.photos))):
        form.blame(few)  # whoever comes back to this screen is told why
    waiting = [] if draft else drafts.drafts_of(g.db, str(visitor().account_id))
    return WhatPage(
        form=form, draft_id=draft.id if draft else "", icons={card.code: card.icon for card in all_cards()},
        photos=[f"/sell/{draft.id}/photos/{n}.jpg" for n in range(shown)] if draft else [], most=MOST - shown,
        drafts=[(kind_of(one), url_for("sell.go_on", draft_id=one.id)) for one in waiting],
    ).answer(status)  # fmt: skip


def kind_of(draft: SellDraft) -> str:
    card = find_card(draft.category)
    return words(card.names, g.language) if card else _("Something without a kind yet")


def details_page(draft: SellDraft, card: Card, form: Form, status: int = 200, *, caution: bool = False) -> Response:
    """`caution`: it can be sent all the same."""
    place = shots.code_place(draft.photos)
    return DetailsPage(
        form=form, draft_id=draft.id, category=words(card.names, g.language), card=card, media_rows=media_rows(card),
        prompts=[(words(photo.prompt, g.language), photo.required) for photo in card.photos
                 if photo.code != WITH_CODE],
        code=draft.code, code_photo="" if place is None else f"/sell/{draft.id}/photos/{place}.jpg", caution=caution,
    ).answer(status)  # fmt: skip


def price_page(draft: SellDraft, form: SellForm, status: int = 200, *, caution: bool = False) -> Response:
    card, answers = get_card(draft.category), answers_of(draft)
    return PricePage(
        form=form, back=f"/sell/{draft.id}/details", category=words(card.names, g.language), route=card.wipe_route,
        needs_wipe=rules.holds_data(card, answers.get("smart")), caution=caution,
        hint=price_hint.for_answers(g.db, card, answers, form),
    ).answer(status)  # fmt: skip
