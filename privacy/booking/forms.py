"""The forms of booking: what a bench offers, and a slot."""

from typing import Any

from wtforms import BooleanField, IntegerField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from core.errors import Invalid
from core.forms import Form, text
from core.goods.words import MEDIA_KINDS, MEDIUM_OF
from core.i18n import N_
from core.money import BadAmount, parse_yuan
from core.slot_form import NEEDED, WHOLE, HoursForm

CHOOSE = InputRequired(text(N_("Please choose one of the answers offered.")))


class OfferForm(HoursForm):
    taking = BooleanField(text(N_("This point takes bookings")))
    kinds = SelectMultipleField(
        text(N_("What it can wipe")),
        choices=[(code, text(name)) for code, name in MEDIA_KINDS.items() if MEDIUM_OF[code] != "unknown"],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    price = StringField(
        text(N_("Price for a device in yuan")),
        [NEEDED, Length(max=12)],
        description=text(N_("0 if it is free. Paid at the counter.")),
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    places = IntegerField(text(N_("Devices in one slot")), [NEEDED, NumberRange(1, 50)], render_kw=WHOLE)

    def fen(self) -> int:
        """Raises Invalid at field `price`."""
        try:
            amount = parse_yuan(self.price.data or "")
        except BadAmount as bad:
            bad.field = "price"
            raise
        if not 0 <= amount.minor <= 1_000_000:
            raise Invalid("price_range", N_("Enter a price from 0 to 10,000 yuan."), field="price")
        return amount.minor


class SlotForm(Form):
    """`slot` is `point|moment`: one choice, so that it works without JavaScript."""

    slot = RadioField(text(N_("Where and when")), [CHOOSE])

    def chosen(self) -> tuple[str, Any]:
        point, _bar, moment = str(self.slot.data).partition("|")
        return point, moment
