"""The forms of an intake: how it begins, one thing on one screen, its price, giving it back, and what is looked for."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, HiddenField, MultipleFileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from core.errors import Invalid
from core.forms import OnceForm, Part, text
from core.goods.card import WITH_CODE, Card
from core.i18n import N_
from core.money import parse_yuan
from market.channels.consignment.goods.fixed_words import CAME_BY, USED
from market.channels.consignment.goods.rules import LONG_WORDS, Given
from market.listings.condition_rules import CONDITIONS
from market.listings.sell_form import check_details, details_fields
from market.listings.sell_form import intake as facts_of

LONG = text(N_("This is too long. Please say it in fewer words."))
_OFF = {"autocomplete": "off"}
_CHOOSE = ("", text(N_("Choose one")))


def typed(field: Any) -> str:
    return str(field.data or "")


def fen(form: Any, name: str) -> int:
    """What is typed as yuan, in fen; nothing typed is nothing. Raises Invalid at the field."""
    said = typed(form[name]).strip()
    try:
        return parse_yuan(said).minor if said else 0
    except Invalid as no:
        no.field = name
        raise


class BeginForm(OnceForm):
    """`file`: the consignor's file by number or contact; empty for the shop's own stock, then `source`; `visit`: the booking
    it begins with."""

    kind = RadioField(
        text("Whose things are they?"), default="consigned", validate_choice=False,
        choices=[("consigned", text("On consignment")), ("own", text("The shop's own stock"))],
    )  # fmt: skip
    file = StringField(text("The consignor's file"), validators=[Length(max=60)], render_kw=_OFF)
    source = StringField(text("Where the shop has them from"), validators=[Length(max=120, message=LONG)], render_kw=_OFF)
    point = SelectField(text("Consignment point or zone"), validate_choice=False)
    visit = HiddenField(validators=[Length(max=26)])


class GoodsForm(OnceForm):
    """What every thing is asked; the card adds its own fields (`thing_form`)."""

    title = StringField(text("Name on the tag"), validators=[Length(max=200)], render_kw=_OFF)
    words = TextAreaField(text("Description"), validators=[Length(max=4000, message=LONG)])
    condition = RadioField(text("What condition is it in?"), validate_choice=False)
    used = SelectField(text("Mark on tag and page"), default="used", validate_choice=False)
    wanted = StringField(text("Asking price in yuan"), validators=[Length(max=20)], render_kw=_OFF)
    reserve = StringField(text("Floor in yuan"), validators=[Length(max=20)], render_kw=_OFF)
    kept_price = BooleanField(text("No markdowns for this thing"))
    donate_unsold = BooleanField(text("Given to charity if it stays unsold"))
    came_by = RadioField(text("How did the giver come by it?"), validate_choice=False)
    came_words = StringField(text("In the giver's words"), validators=[Length(max=LONG_WORDS, message=LONG)])
    proof = StringField(text("Paper that was shown"), validators=[Length(max=80, message=LONG)])
    place = SelectField(text("Shelf"), default="", validate_choice=False)
    photos = MultipleFileField(text("Photos"))


def thing_form(card: Card, places: list[tuple[str, str]], data: Mapping[str, Any] | None = None, *, sent: bool = True) -> Any:
    """One thing of this kind, with the card's own fields. `sent` off: shown from `data`, whatever was sent."""
    fields = {name: field for name, field in details_fields(card).items() if name != WITH_CODE}
    form = type("ThingForm", (GoodsForm,), fields)(data=dict(data or {}), **({} if sent else {"formdata": None}))
    form.condition.choices = [(code, text(word)) for code, word in CONDITIONS.items()]
    form.used.choices = [(code, text(word)) for code, word in USED.items()]
    form.came_by.choices = [(code, text(word)) for code, word in CAME_BY.items()]
    form.place.choices = [("", "—"), *places]
    return form


def given_of(card: Card, form: Any, photos: tuple[Mapping[str, Any], ...]) -> Given | None:
    """What was typed; None when the card's rules find something wrong, told at the fields. Raises Invalid at a price."""
    fits = check_details(card, form)
    amounts: dict[str, int] = {}
    for name in ("wanted", "reserve"):
        try:
            amounts[name] = fen(form, name)
        except Invalid as no:
            form.blame(no)
            fits = False
    if not fits:
        return None
    facts = facts_of(card, {name: str(value or "") for name, value in form.data.items() if not isinstance(value, list)})
    return Given(
        card=card, title=typed(form.title), condition=typed(form.condition), came_by=typed(form.came_by),
        attributes=facts.attributes, disclosures=facts.disclosures, identifiers=dict(facts.identifiers),  # type: ignore[arg-type]
        media=tuple(facts.media), smart=facts.smart, words=typed(form.words), kept_price=bool(form.kept_price.data),
        donate_unsold=bool(form.donate_unsold.data), came_words=typed(form.came_words), proof=typed(form.proof),
        used=typed(form.used), place_id=typed(form.place), photos=photos, once=form.key(), wanted=amounts["wanted"],
        reserve=amounts["reserve"],
    )  # fmt: skip


KEPT = ("title", "words", "condition", "used", "wanted", "reserve", "kept_price", "donate_unsold", "came_by", "came_words",
        "proof", "place")  # fmt: skip


def answers_kept(form: Any) -> dict[str, Any]:
    """What is typed so far, for a draft."""
    card_fields = [name for name in form.data if name[:2] in ("a_", "i_", "d_", "e_", "m_") or name == "smart"]
    return {name: form.data[name] for name in (*KEPT, *card_fields)}


class TagForm(OnceForm):
    price = StringField(text("Price on the tag, in yuan"), validators=[Length(max=20)], render_kw=_OFF)
    consented = BooleanField(text("The giver agreed to this price, today"))


class BackForm(OnceForm):
    """To whom a thing is given back: the giver or a delegate, whose paper was compared."""

    to = RadioField(text("Who collects it?"), validate_choice=False)
    seen = BooleanField(text("I compared the paper with the file"))


class StockForm(Part):
    """What is looked for in stock or register."""

    sought = StringField(text("Number or name"), validators=[Length(max=60)], render_kw={"type": "search", **_OFF})
    since = StringField(text("First day"), validators=[Length(max=10)], render_kw={"type": "date"})
    until = StringField(text("Last day"), validators=[Length(max=10)], render_kw={"type": "date"})
