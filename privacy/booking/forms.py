"""The forms of booking: what a bench offers, and a slot."""

from datetime import date
from typing import Any

from wtforms import BooleanField, IntegerField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from core.errors import Invalid
from core.forms import Form, text
from core.goods.words import MEDIA_KINDS, MEDIUM_OF
from core.i18n import N_
from core.money import BadAmount, parse_yuan
from privacy.booking.rules import DAYS

NEEDED = InputRequired(text(N_("Please fill this in.")))
CHOOSE = InputRequired(text(N_("Please choose one of the answers offered.")))


class OfferForm(Form):
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
    minutes = IntegerField(
        text(N_("Length of a slot in minutes")), [NEEDED, NumberRange(10, 480)], render_kw={"inputmode": "numeric"}
    )
    places = IntegerField(text(N_("Devices in one slot")), [NEEDED, NumberRange(1, 50)], render_kw={"inputmode": "numeric"})
    day_0 = StringField(text(DAYS[0]), [Length(max=80)])
    day_1 = StringField(text(DAYS[1]), [Length(max=80)])
    day_2 = StringField(text(DAYS[2]), [Length(max=80)])
    day_3 = StringField(text(DAYS[3]), [Length(max=80)])
    day_4 = StringField(text(DAYS[4]), [Length(max=80)])
    day_5 = StringField(text(DAYS[5]), [Length(max=80)])
    day_6 = StringField(text(DAYS[6]), [Length(max=80)])
    closed = StringField(
        text(N_("Days on which it stays closed")),
        [Length(max=400)],
        description=text(N_("Like 2027-02-06, 2027-02-07.")),
    )
    note = StringField(
        text(N_("How to find it")), [Length(max=200)], description=text(N_("Entrance, floor, whom to ask for."))
    )

    @property
    def hours(self) -> dict[int, str]:
        return {day: self[f"day_{day}"].data or "" for day in range(7)}

    def closed_days(self) -> list[date]:
        """Raises Invalid at field `closed`."""
        words = (self.closed.data or "").replace("，", ",").replace("、", ",").replace(" ", ",").split(",")
        try:
            return [date.fromisoformat(word) for word in words if word]
        except ValueError:
            raise Invalid("closed_days", N_("Write days like 2027-02-06, separated by commas."), field="closed") from None

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
