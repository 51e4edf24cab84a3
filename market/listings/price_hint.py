"""A reference price beside the seller's own: from completed sales of the same model, for what was told of this thing."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from appraisal.prices.goods_rules import Goods
from appraisal.prices.hints import hint
from appraisal.prices.showing import HintShown, show_hint
from core import clock
from core.errors import Invalid
from core.goods.card import Card
from core.goods.cards import get_card
from core.goods.models import Item
from core.goods.rules import told_defects
from core.money import parse_yuan
from market.listings.condition_rules import WRONG
from market.listings.sell_form import PriceForm


def for_answers(session: Session, card: Card, answers: Mapping[str, str], form: PriceForm) -> HintShown | None:
    """For a draft of the three screens: `answers` by field. No appraiser has seen it yet: no grade."""
    attributes = {name[2:]: value for name, value in answers.items() if name.startswith("a_")}
    disclosures = {name[2:]: value for name, value in answers.items() if name.startswith("d_")}
    return _shown(session, _goods(card, attributes, disclosures, "", form), form)


def for_item(session: Session, item: Item, grade: str | None, form: PriceForm) -> HintShown | None:
    """For a thing in the register, with the grade that its listing carries, if it carries one."""
    return _shown(session, _goods(get_card(item.category), item.attributes, item.disclosures, grade or "", form), form)


def _goods(
    card: Card, attributes: Mapping[str, str], disclosures: Mapping[str, str], grade: str, form: PriceForm
) -> Goods:
    # the seller's word that something is wrong is a told defect, as in the contract; their other words say nothing of the price
    wrong = ["condition"] if form.condition.data in WRONG else []
    return Goods(
        category=card.code, brand=attributes.get("brand", ""), model=attributes.get("model", ""), attributes=attributes,
        told=(*told_defects(card, disclosures), *wrong), grade=grade,
    )  # fmt: skip


def _shown(session: Session, goods: Goods, form: PriceForm) -> HintShown | None:
    today, price = clock.local(clock.now()).date(), str(form.price.data or "")
    try:
        asked = parse_yuan(price).minor if price.strip() else None
    except Invalid:  # its own field says so
        asked = None
    return show_hint(hint(session, goods, today), asked, today)
