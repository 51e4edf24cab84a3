"""The forms of booking: what an agency offers and charges, a slot, and what is done at the desk."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import g
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from core.errors import Invalid
from core.forms import Form, OnceForm, text
from core.goods.describe import category_name
from core.goods.districts import all_districts, district_name
from core.i18n import N_
from core.money import CNY, BadAmount, Money, parse_yuan
from core.slot_form import NEEDED, WHOLE, HoursForm
from market.channels.appraisal import rules
from market.channels.appraisal.models import FeeTable
from market.channels.appraisal.offering import Charged, Offered

_YUAN = {"inputmode": "decimal", "autocomplete": "off"}


def _many(label: str) -> SelectMultipleField:
    widget = ListWidget(prefix_label=False)
    return SelectMultipleField(text(label), validate_choice=False, option_widget=CheckboxInput(), widget=widget)


class CalendarForm(HoursForm):
    taking = BooleanField(text(N_("We take bookings for appraisals")))
    categories = _many(N_("What you appraise"))
    places = IntegerField(text(N_("Things in one slot")), [NEEDED, NumberRange(1, 50)], render_kw=WHOLE)
    drop_off = BooleanField(text(N_("People bring things to us")))
    visits = BooleanField(text(N_("We visit people at home")))
    districts = _many(N_("Where we visit"))

    def __init__(self, covered: Iterable[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.categories.choices = [(code, category_name(code, g.language)) for code in covered]
        self.districts.choices = [(one.code, district_name(one.code, g.language)) for one in all_districts()]

    def offered(self) -> Offered:
        """What was typed. Raises Invalid at field `closed`."""
        return Offered(
            taking=bool(self.taking.data), categories=list(self.categories.data or ()),
            hours=self.hours, closed=self.closed_days(),
            minutes=int(self.minutes.data), places=int(self.places.data), drop_off=bool(self.drop_off.data),
            visits=bool(self.visits.data), districts=list(self.districts.data or ()), note=str(self.note.data or ""),
        )  # fmt: skip


class FeesForm(Form):
    """One field for each kind that a credential covers, `fee_CODE`; made by `fees_form`."""

    fees = HiddenField()
    drop_off = StringField(text(N_("More when people bring it")), [Length(max=12)], render_kw=_YUAN)
    visit = StringField(text(N_("More for a visit")), [Length(max=12)], render_kw=_YUAN)
    free_hours = IntegerField(
        text(N_("Free to call off until so many hours before")), [NumberRange(0, rules.LATEST)], render_kw=WHOLE
    )
    late = StringField(text(N_("What you keep when it is called off later")), [Length(max=12)], render_kw=_YUAN)
    missed = StringField(text(N_("What you keep when nobody comes")), [Length(max=12)], render_kw=_YUAN)

    def kinds(self) -> list[Any]:
        return [one for one in self if one.name.startswith("fee_")]

    def charged(self) -> Charged:
        """What was typed, in fen; a kind left empty isn't offered. Raises Invalid at the field."""
        fees = {one.name.removeprefix("fee_"): _fen(one) for one in self.kinds() if str(one.data or "").strip()}
        if self.free_hours.data is None:
            raise Invalid("hours_missing", N_("Please fill this in."), field="free_hours")
        return Charged(
            fees=fees, drop_off=_fen(self.drop_off), visit=_fen(self.visit), free_hours=int(self.free_hours.data),
            late=_fen(self.late), missed=_fen(self.missed),
        )  # fmt: skip


def _fen(field: Any) -> int:
    """Nothing typed is nothing charged."""
    typed = str(field.data or "").strip()
    try:
        minor = parse_yuan(typed).minor if typed else 0
    except BadAmount as bad:
        bad.field = field.name
        raise
    if not 0 <= minor <= rules.DEAREST:
        raise Invalid("price_range", N_("Enter a price from 0 to 10,000 yuan."), field=field.name)
    return minor


def fees_form(covered: Iterable[str], table: FeeTable | None, *, asked: bool = False) -> FeesForm:
    """The form with today's fees; `asked`: with what was sent."""
    told = {one.category: one.amount_minor for one in table.lines} if table else {}
    fields = {
        f"fee_{code}": StringField(category_name(code, g.language), [Length(max=12)], render_kw=_YUAN) for code in covered
    }
    kind = type("AgencyFeesForm", (FeesForm,), fields)
    if asked:
        return kind()  # type: ignore[no-any-return]
    data: dict[str, Any] = {f"fee_{code}": Money(fen, CNY).plain() for code, fen in told.items()}
    if table is not None:
        terms = {name: getattr(table, f"{name}_minor") for name in ("drop_off", "visit", "late", "missed")}
        data |= {"free_hours": table.free_hours, **{name: Money(fen, CNY).plain() for name, fen in terms.items()}}
    return kind(formdata=None, data={"free_hours": 24, **data})  # type: ignore[no-any-return]


class BookForm(OnceForm):
    """`table`: the version of the fees that was shown."""

    table = HiddenField()
    way = RadioField(text(N_("How it is appraised")), validate_choice=False)
    slot = SelectField(text(N_("Day and time")), validate_choice=False)
    district = SelectField(text(N_("District of the visit")), validate_choice=False)
    address = StringField(
        text(N_("Where to")), [Length(max=200)], render_kw={"autocomplete": "street-address"},
        description=text(N_("Street and number. The agency reads it; it is erased a week after the booking has ended.")),
    )  # fmt: skip
    payment = RadioField(text(N_("How you pay the agency")), validate_choice=False)
    agreed = BooleanField(text(N_("I agree to the fee and the terms above")))

    def moment(self) -> datetime:
        """The chosen slot. Raises Invalid at field `slot`."""
        try:
            found = datetime.fromisoformat(str(self.slot.data or ""))
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            raise Invalid("slot_missing", N_("Choose a day and a time."), field="slot")
        return found


class CheckInForm(OnceForm):
    code = StringField(text(N_("Code that the owner shows")), [Length(max=20)])
    paid = BooleanField(text(N_("The fee came just now")))


class DrawForm(OnceForm):
    reason = SelectField(
        text(N_("Why somebody else is drawn")), validate_choice=False,
        choices=[("", text(N_("Choose one"))), *((code, text(said)) for code, said in rules.REASONS.items())],
    )  # fmt: skip


class HandBackForm(OnceForm):
    by = RadioField(
        text(N_("How its owner proves it")), validate_choice=False,
        choices=[("code", text(N_("By the new code"))), ("signature", text(N_("By a signature on the receipt")))],
    )  # fmt: skip
    code = StringField(text(N_("New code that the owner shows")), [Length(max=20)])
    kept = RadioField(
        text(N_("How it goes back")), validate_choice=False,
        choices=[
            ("sealed", text(N_("Sealed in a numbered bag: grade and wipe go on counting"))),
            ("open", text(N_("Open: grade and wipe end with it"))),
        ],
    )  # fmt: skip
    seal_number = StringField(text(N_("Number of the bag")), [Length(max=40)], render_kw={"autocomplete": "off"})


def hand_back_form(way: str, *, asked: bool = True) -> HandBackForm:
    """The form; a visit has no receipt that could be signed. `asked`: with what was sent."""
    form = HandBackForm() if asked else HandBackForm(formdata=None)
    if way == rules.VISIT:
        signed = text(N_("By a signature on paper that you keep"))
        form.by.choices = [("code", text(N_("By the new code of the visit"))), ("signature", signed)]
        form.code.label.text = text(N_("New code of the visit that the owner shows"))
    return form
