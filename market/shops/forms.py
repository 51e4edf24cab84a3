"""The forms of a shop's file."""

from datetime import date
from typing import Any

from flask import g
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from core.data_files import text as words
from core.errors import Invalid
from core.forms import Form, text
from core.goods.districts import all_districts, district_name
from core.i18n import N_
from core.slot_form import OFFICE_HOURS, WeekForm, week_typed
from market.shops import rules
from market.shops.grounds import all_grounds
from market.shops.models import ShopPoint
from market.shops.points import Told

NEEDED = InputRequired(text(N_("Please fill this in.")))
_DAY = {"placeholder": "2027-02-06"}
REASON = text(N_("Reason")), text(N_("The shop reads it, and it stays on record."))


class PointForm(WeekForm):
    kind = RadioField(text(N_("What it is")), default="consignment", validate_choice=False)
    zone_name = StringField(
        text(N_("Name of the zone")), [Length(max=40)], description=text(N_("Only for a zone within a retailer's shop."))
    )
    name = StringField(text(N_("Name of the point")), [NEEDED, Length(max=60)])
    name_en = StringField(text(N_("Name in English")), [Length(max=80)])
    site = RadioField(text(N_("Kind of place")), validate_choice=False)
    district = SelectField(text(N_("District")), validate_choice=False)
    address = StringField(text(N_("Address")), [NEEDED, Length(max=120)])
    estate = StringField(
        text(N_("Residential estate")), [Length(max=40)],
        description=text(N_("If it stands in one: residents look for it by name.")),
    )  # fmt: skip
    position = StringField(
        text(N_("Position on the map")), [Length(max=80)], render_kw={"autocomplete": "off"},
        description=text(N_(
            "Latitude and longitude in decimal degrees, as a phone's compass shows them, like 30.27415, 120.15515. "
            "Chinese map sites shift theirs by some hundred metres."
        )),
    )  # fmt: skip

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = [(code, text(label)) for code, label in rules.KINDS.items()]
        self.site.choices = [(code, text(label)) for code, label in rules.SITES.items()]
        self.district.choices = [("", text(N_("Please choose")))]
        self.district.choices += [(one.code, district_name(one.code, g.language)) for one in all_districts()]

    def told(self) -> Told:
        """What was typed. Raises Invalid at field `closed`."""
        plain = {
            name: str(self[name].data or "")
            for name in ("kind", "zone_name", "name", "name_en", "site", "district", "address", "estate", "position", "note")
        }
        return Told(hours=self.hours, closed=self.closed_days(), **plain)


def point_form(row: ShopPoint | None) -> PointForm:
    """With what stands now, or office hours to begin with."""
    if row is None:
        return PointForm(formdata=None, data={"kind": "consignment", **OFFICE_HOURS})
    names = ("kind", "zone_name", "name", "name_en", "site", "district", "address", "estate")
    there = row.latitude is not None and row.longitude is not None
    position = rules.show_position(row.latitude, row.longitude) if there else ""  # type: ignore[arg-type]
    return PointForm(
        formdata=None, data=week_typed(row) | {name: getattr(row, name) for name in names} | {"position": position}
    )


class RulesForm(Form):
    body = TextAreaField(text(N_("Your rules in Chinese")), [NEEDED, Length(max=rules.MOST_RULES)])
    body_en = TextAreaField(text(N_("Your rules in English")), [Length(max=rules.MOST_RULES)])


class GroundForm(Form):
    ground = RadioField(text(N_("Why no registration is needed")), validate_choice=False)
    law = StringField(
        text(N_("Law or regulation, with its article")), [Length(max=100)], description=text(N_("Only for the last answer."))
    )
    words = TextAreaField(
        text(N_("What the staff should know")), [Length(max=400)], description=text(N_("Not shown in public."))
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.ground.choices = [(one.code, words(one.name, g.language)) for one in all_grounds()]


class ClosingForm(Form):
    closes_on = DateField(text(N_("Closed from this day on")), [NEEDED], render_kw=_DAY)
    words = TextAreaField(
        text(N_("What customers and consignors should know")), [Length(max=400)],
        description=text(N_("Until when things are to be fetched, and where to ask afterwards. Everybody reads it.")),
    )  # fmt: skip


class PermitForm(Form):
    number = StringField(text(N_("Number of the permit")), [NEEDED, Length(max=40)], render_kw={"autocomplete": "off"})
    issuer = StringField(text(N_("Issued by")), [NEEDED, Length(max=60)])
    valid_until = DateField(text(N_("Valid until")), [NEEDED], render_kw=_DAY)


class DecideForm(Form):
    reason = TextAreaField(REASON[0], [Length(max=2000)], description=REASON[1])


class EstateForm(Form):
    estate = StringField(text(N_("My estate")), [Length(max=40)], render_kw={"autocomplete": "off"})


def day_of(field: Any) -> date:
    """The day that a valid form holds. Raises Invalid where there is none."""
    if not isinstance(field.data, date):
        raise Invalid("day_missing", N_("Write the day like 2027-02-06."), field=field.name)
    return field.data
