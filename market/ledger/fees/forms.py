"""The forms: a calculator for everybody, and for administrators a policy as rows; no formula is ever typed."""

from typing import Any

from wtforms import BooleanField, FieldList, FormField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from core.forms import Form, Part, Rows, text
from core.goods.cards import all_cards
from core.goods.describe import category_name
from core.i18n import N_
from market.ledger.fees.words import BASES, KINDS, MODES

_PLAIN = {"autocomplete": "off", "spellcheck": "false"}
_MONEY = {"inputmode": "decimal", **_PLAIN}
_COUNT = {"inputmode": "numeric", **_PLAIN}
_DAY = {"type": "date"}


class CalculatorForm(Part):
    channel = RadioField(text(N_("Who sells")))
    price = StringField(text(N_("Price")), [Length(max=40)], render_kw=_MONEY)
    discount = StringField(text(N_("Discount")), [Length(max=40)], render_kw=_MONEY)
    category = SelectField(text(N_("Category")), default="")

    def offer(self, channels: list[tuple[str, str]], language: str) -> None:
        self.channel.choices = channels
        self.category.choices = categories(language)


def categories(language: str) -> list[tuple[str, str]]:
    return [("", ""), *((card.code, category_name(card.code, language)) for card in all_cards())]


def _coded(words: dict[str, str]) -> list[tuple[str, Any]]:
    return [(code, text(sentence)) for code, sentence in words.items()]


class BandForm(Part):
    start = StringField(text(N_("From ¥")), [Length(max=40)], render_kw=_MONEY)
    percent = StringField(text(N_("Percent")), [Length(max=20)], render_kw=_MONEY)
    amount = StringField(text(N_("or ¥")), [Length(max=40)], render_kw=_MONEY)


class RuleForm(Part):
    name = StringField(
        text(N_("Code of the fee")), [Length(max=60)], render_kw=_PLAIN,
        description=text(N_("“commission” for the commission. Of several rules with the same code one counts for a sale.")),
    )  # fmt: skip
    label_zh = StringField(text(N_("Name, Chinese")), [Length(max=40)])
    label_en = StringField(text(N_("Name, English")), [Length(max=40)])
    kind = SelectField(text(N_("How it is reckoned")), choices=_coded(KINDS), validate_choice=False)
    percent = StringField(text(N_("Percent")), [Length(max=20)], render_kw=_MONEY)
    amount = StringField(text(N_("Amount")), [Length(max=40)], render_kw=_MONEY)
    bands = FieldList(FormField(BandForm), max_entries=20)
    graduated = BooleanField(text(N_("Each step charges only its own stretch")))
    least = StringField(text(N_("Not less than")), [Length(max=40)], render_kw=_MONEY)
    most = StringField(text(N_("Not more than")), [Length(max=40)], render_kw=_MONEY)
    base = SelectField(text(N_("Reckoned on")), choices=_coded(BASES), validate_choice=False)
    before_split = BooleanField(text(N_("Comes off before all others are reckoned")))
    category = SelectField(text(N_("Only this category")), validate_choice=False)
    seller = StringField(text(N_("Only this seller (number of the account or place)")), [Length(max=60)], render_kw=_PLAIN)
    since = StringField(text(N_("From day")), [Length(max=10)], render_kw=_DAY)
    until = StringField(text(N_("Until day")), [Length(max=10)], render_kw=_DAY)
    remove = BooleanField(text(N_("Take this rule out")))


class PolicyForm(Rows):
    note_zh = TextAreaField(text(N_("What changes and why, Chinese")), [Length(max=600)])
    note_en = TextAreaField(text(N_("What changes and why, English")), [Length(max=600)])
    rules = FieldList(FormField(RuleForm), max_entries=40)
    mode = SelectField(text(N_("Rounding")), choices=_coded(MODES), validate_choice=False)
    on = RadioField(
        text(N_("What is rounded")), validate_choice=False,
        choices=[
            ("commission", text(N_("Each fee; the seller gets the rest"))),
            ("payout", text(N_("What the seller gets; the commission is the rest"))),
        ],
    )  # fmt: skip
    per = RadioField(
        text(N_("Rounded together")), validate_choice=False,
        choices=[("line", text(N_("Each line by itself"))), ("total", text(N_("All lines of one seller together")))],
    )  # fmt: skip
    absorber = RadioField(
        text(N_("A discount is borne by")), validate_choice=False,
        choices=[("seller", text(N_("The seller"))), ("shop", text(N_("The platform or shop"))), ("shared", text(N_("Both")))],
    )  # fmt: skip
    shop_share = StringField(text(N_("Parts of the platform or shop")), [Length(max=4)], render_kw=_COUNT)
    seller_share = StringField(text(N_("Parts of the seller")), [Length(max=4)], render_kw=_COUNT)
    lost = RadioField(
        text(N_("Things lost in a shop's keeping")), validate_choice=False,
        choices=[("paid", text(N_("Paid for as if sold"))), ("not_paid", text(N_("Not paid for")))],
    )  # fmt: skip

    def offer(self, language: str) -> None:
        for row in self.rules:
            row.form.category.choices = categories(language)


class AnnounceForm(Form):
    begins = StringField(text(N_("Counts from")), [Length(max=10)], render_kw=_DAY)
