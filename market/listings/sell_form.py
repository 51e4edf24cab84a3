"""The three screens of selling, built from the category's card: a coat is never asked for a serial number."""

from collections.abc import Mapping
from typing import Any

from flask import g
from wtforms import BooleanField, Field, FileField, MultipleFileField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from core import clock
from core.errors import Invalid
from core.forms import Form, OnceForm, text
from core.goods import rules
from core.goods.card import WITH_CODE, Attribute, Card
from core.goods.cards import all_cards, get_card
from core.goods.cards import text as words
from core.goods.intake import Intake, MediumGiven
from core.goods.reasons import REASONS
from core.goods.words import MEDIA_KINDS
from core.i18n import N_
from core.money import parse_yuan
from market.listings.actions import Offer
from market.listings.condition_rules import CONDITIONS
from market.listings.places import district_or_none

MEDIA_ROWS = 4
TITLE_LONG = text("A title has up to 80 characters.")
TEXT_LONG = text("A description has up to 4,000 characters.")
WORDS = ("title", "description")
ANSWERS = [("no", text("No")), ("yes", text("Yes")), ("unknown", text("Don't know"))]


class WhatForm(Form):
    """Screen 1: photos first, and what kind of thing it is."""

    photos = MultipleFileField(text("Photos"))
    category = RadioField(text("What is it?"), validate_choice=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.category.choices = [(card.code, words(card.names, g.language)) for card in all_cards()]


class PriceForm(OnceForm):
    """Screen 3: name, price, place; the button publishes what needs no wipe."""

    title = StringField(text("Title"), validators=[Length(max=80, message=TITLE_LONG)])
    description = TextAreaField(text("Description"), validators=[Length(max=4000, message=TEXT_LONG)])
    condition = RadioField(
        text("What condition is it in?"), validate_choice=False,
        choices=[(code, text(word)) for code, word in CONDITIONS.items()],
        description=text("Your own words, and shown as such. A grade comes only from an appraiser, in a report."),
    )  # fmt: skip
    price = StringField(text("Price in yuan"), validators=[Length(max=20)])
    negotiable = BooleanField(text("The price can be talked about"))
    district = SelectField(text("District where it can be met"), choices=district_or_none)


def typed_price(form: PriceForm) -> dict[str, str]:
    """What stands on screen 3, for the draft: under p_ so that it never meets a card's own codes."""
    told = {name: str(form[name].data or "")[:4000] for name in ("title", "description", "condition", "price", "district")}
    told |= {"sell_as": str(form["sell_as"].data or "")[:26]} if "sell_as" in form else {}
    return {f"p_{name}": value for name, value in told.items()} | ({"p_negotiable": "1"} if form.negotiable.data else {})


def offer_of(form: PriceForm) -> Offer:
    """Raises Invalid at the price when it can't be read."""
    try:
        amount = parse_yuan(str(form.price.data or ""))
    except Invalid as no:
        no.field = "price"
        raise
    if not form.district.data:
        raise Invalid("district_missing", N_("Choose the district where it can be met."), field="district")
    if form.condition.data not in CONDITIONS:
        raise Invalid("condition_missing", N_("Choose the words that fit its condition best."), field="condition")
    return Offer(
        title=str(form.title.data or ""), description=str(form.description.data or ""), price_minor=amount.minor,
        condition=str(form.condition.data),
        district=str(form.district.data), negotiable=bool(form.negotiable.data),
    )  # fmt: skip


def details_form(card: Card, data: Mapping[str, str] | None = None, *, typed: bool = True) -> Form:
    """Screen 2 for this card: its attributes, numbers, storage and what a buyer must be told.

    `typed` off: shown from `data` although another form was sent."""
    sent = {} if typed else {"formdata": None}
    return type("DetailsForm", (Form,), details_fields(card))(data=dict(data or {}), **sent)  # type: ignore[no-any-return]


def details_fields(card: Card) -> dict[str, Field]:
    """The fields of screen 2, for a form of any screen."""
    fields: dict[str, Field] = {}
    for attribute in card.attributes:
        fields[f"a_{attribute.code}"] = _attribute_field(attribute)
    for asked in card.identifiers:
        for row in range(min(asked.most, 2)):
            label = NUMBER_LABELS.get(asked.kind, asked.kind) if row == 0 else text("Second IMEI (if it has one)")
            hint = words(asked.where, g.language) if row == 0 else ""
            fields[f"i_{asked.kind}_{row}"] = StringField(
                label, description=hint, validators=[Length(max=60)],
                render_kw={"required": False, "autocapitalize": "characters", "autocomplete": "off"},
            )  # fmt: skip
    if card.code_photo is not None:
        fields[WITH_CODE] = FileField(words(card.code_photo.prompt, g.language))
    if card.smart is not None:
        fields["smart"] = RadioField(
            words(card.smart.question, g.language), choices=ANSWERS, description=words(card.smart.help, g.language),
            validate_choice=False,
        )  # fmt: skip
    for row in range(media_rows(card)):
        kinds = [("", text("I don't know"))] + [(kind, text(MEDIA_KINDS[kind])) for kind in card.media.kinds if kind != "unknown"]
        fields[f"m_kind_{row}"] = SelectField(text("Kind of storage"), choices=kinds, validate_choice=False)
        fields[f"m_serial_{row}"] = StringField(text("Its own serial number"), validators=[Length(max=60)])
    for said in card.disclosures:
        question, hint = words(said.question, g.language), words(said.help, g.language) if said.help else ""
        if said.kind == "text":
            fields[f"d_{said.code}"] = TextAreaField(question, description=hint, validators=[Length(max=600)])
            continue
        fields[f"d_{said.code}"] = RadioField(question, choices=ANSWERS, description=hint, validate_choice=False)
        if said.detail is not None:
            detail = words(said.detail, g.language)
            fields[f"e_{said.code}"] = StringField(detail, validators=[Length(max=300)])
    return fields


def free_words(card: Card) -> list[str]:
    """The fields of screen 2 in which a seller writes freely: properties and what is wrong with it."""
    told = [f"a_{one.code}" for one in card.attributes if one.kind == "text"]
    return told + [f"{'d' if one.kind == 'text' else 'e'}_{one.code}" for one in card.disclosures]


def field_name(category: str, name: str) -> str:
    """What a field of the screens is called, in the reader's language: "title", "description", a_ property, d_ or e_ defect."""
    if name in ("title", "description"):
        return str(text("Title") if name == "title" else text("Description"))
    card, kind, code = get_card(category), name[0], name[2:]
    if kind == "a":
        return next((words(one.name, g.language) for one in card.attributes if one.code == code), code)
    said = card.find_disclosure(code)
    return code if said is None else words((said.detail if kind == "e" else None) or said.question, g.language)


NUMBER_LABELS = {"serial": text("Serial number"), "imei": text("IMEI"), "meid": text("MEID")}


def media_rows(card: Card) -> int:
    return min(card.media.most, MEDIA_ROWS) if card.wipe_route == "tool_log" else 0


def _attribute_field(attribute: Attribute) -> Field:
    label = words(attribute.name, g.language)
    if attribute.kind == "choice":
        choices = [("", "—")] + [(c.code, words(c.name, g.language)) for c in attribute.choices]
        return SelectField(label, choices=choices, validate_choice=False)
    unit = words(attribute.unit, g.language) if attribute.unit else ""
    numeric = {"inputmode": "decimal"} if attribute.kind in ("number", "year") else {}
    return StringField(label, description=unit, validators=[Length(max=200)], render_kw=numeric)


def check_details(card: Card, form: Form) -> bool:
    """Ask the rules about every answer; sentences go to their fields. True when all is well."""
    answers = {name: str(value or "") for name, value in form.data.items()}
    for attribute in card.attributes:
        name = f"a_{attribute.code}"
        _note(form, name, rules.attribute_problem(attribute, answers[name], clock.now().year))
    for said in card.disclosures:
        name = f"d_{said.code}"
        code = rules.disclosure_problem(said, answers[name], answers.get(f"e_{said.code}", ""))
        _note(form, f"e_{said.code}" if code == "disclosure_detail" else name, code)
    if card.smart is not None:
        _note(form, "smart", rules.smart_problem(card, answers["smart"] or None))
    for kind, code in rules.identifier_problems(card, numbers(card, answers)).items():
        _note(form, f"i_{kind}_0", code)
    _check_media(card, form, answers)
    return not form.errors


def _check_media(card: Card, form: Form, answers: Mapping[str, str]) -> None:
    """Disks may be left to the bench; one that is told must have a kind of this card, and a serial that can be one."""
    for row in range(media_rows(card)):
        kind, serial = answers[f"m_kind_{row}"], rules.normalise_serial(answers[f"m_serial_{row}"])
        if (kind or serial) and kind not in card.media.kinds:
            _note(form, f"m_kind_{row}", "media_kind")
        if serial and (rules.is_placeholder(serial) or not 4 <= len(serial) <= 40):
            form.blame(Invalid("medium_serial", MEDIUM_SERIAL, field=f"m_serial_{row}"))


def _note(form: Form, field: str, code: str | None) -> None:
    if code:
        form.blame(Invalid(code, REASONS[code], field=field))


def numbers(card: Card, answers: Mapping[str, str]) -> dict[str, list[str]]:
    return {
        asked.kind: [v for row in range(2) if (v := answers.get(f"i_{asked.kind}_{row}", "").strip())]
        for asked in card.identifiers
    }


def media(card: Card, answers: Mapping[str, str]) -> list[MediumGiven]:
    """The disks whose serial was told; the others are registered at the bench, from their labels."""
    rows = [(answers.get(f"m_kind_{row}", ""), answers.get(f"m_serial_{row}", "")) for row in range(media_rows(card))]
    return [MediumGiven(kind=kind, serial=serial) for kind, serial in rows if kind and rules.normalise_serial(serial)]


def intake(card: Card, answers: Mapping[str, str]) -> Intake:
    """The answers of screen 2 as the register takes them."""
    told = {k: v for k, v in answers.items() if v}
    return Intake(
        card=card, attributes={k[2:]: v for k, v in told.items() if k.startswith("a_")},
        disclosures={k[2:] if k[0] == "d" else f"{k[2:]}_detail": v for k, v in told.items() if k[:2] in ("d_", "e_")},
        identifiers=numbers(card, answers), media=media(card, answers), smart=answers.get("smart") or None,
    )  # fmt: skip


MEDIUM_SERIAL = N_("This can't be a disk's serial number. It stands on the disk's own label and in the tool's log.")
PHOTO_MISSING = N_("Add at least one photo: things with photos are found and believed.")
