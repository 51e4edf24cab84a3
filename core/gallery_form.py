"""The sample form of the gallery page: one field of every kind."""

from wtforms import (
    BooleanField,
    DateField,
    FileField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Optional

from core.forms import Form, text


class GalleryForm(Form):
    title = StringField(
        text("Title"),
        [DataRequired(text("Please name the thing."))],
        description=text("What is it? Buyers search for these words."),
    )
    price = StringField(text("Asking price"), [DataRequired(text("Please enter an amount."))])
    category = SelectField(text("Category"), choices=[("phone", text("Phones")), ("book", text("Books"))])
    day = DateField(text("Bought on"), [Optional()])
    way = RadioField(
        text("How do you want to sell?"),
        choices=[("consign", text("Leave it to a shop")), ("self", text("Sell it myself"))],
        default="consign",
    )
    extras = SelectMultipleField(
        text("What comes with it"),
        choices=[("charger", text("Charger")), ("box", text("Box")), ("bill", text("Receipt"))],
    )
    story = TextAreaField(text("Story"), description=text("Marks, repairs, why you part with it."))
    photos = MultipleFileField(text("Photos"))
    proof = FileField(text("Tool log"))
    code = StringField(text("Receipt code"), description=text("Six digits that the buyer shows you."))
    agree = BooleanField(
        text("I have read the consignment agreement"), [DataRequired(text("Please agree first."))]
    )
