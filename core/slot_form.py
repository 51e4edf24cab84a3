"""What every place with opening hours is asked for: hours of each weekday, days on which it is closed; and of a desk that takes
bookings the length of a slot."""

from datetime import date
from typing import Any, Protocol

from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from core.errors import Invalid
from core.forms import Form, text
from core.i18n import N_
from core.slot_rules import DAYS

NEEDED = InputRequired(text(N_("Please fill this in.")))
WHOLE = {"inputmode": "numeric", "autocomplete": "off"}
OFFICE_HOURS = {f"day_{day}": "9:00-12:00, 13:30-17:30" for day in range(5)}


class Open(Protocol):
    """A place as it is kept: `hours`: {weekday "0"-"6": text}; `closed`: days as 2027-02-06."""

    hours: dict[str, str]
    closed: list[str]
    note: str


class Kept(Open, Protocol):
    """A desk that takes bookings."""

    minutes: int


class WeekForm(Form):
    day_0 = StringField(text(DAYS[0]), [Length(max=80)])
    day_1 = StringField(text(DAYS[1]), [Length(max=80)])
    day_2 = StringField(text(DAYS[2]), [Length(max=80)])
    day_3 = StringField(text(DAYS[3]), [Length(max=80)])
    day_4 = StringField(text(DAYS[4]), [Length(max=80)])
    day_5 = StringField(text(DAYS[5]), [Length(max=80)])
    day_6 = StringField(text(DAYS[6]), [Length(max=80)])
    closed = StringField(
        text(N_("Days on which it stays closed")), [Length(max=400)], description=text(N_("Like 2027-02-06, 2027-02-07."))
    )
    note = StringField(
        text(N_("How to find it")), [Length(max=200)], description=text(N_("Entrance, floor, whom to ask for."))
    )

    @property
    def hours(self) -> dict[int, str]:
        return {day: str(self[f"day_{day}"].data or "") for day in range(7)}

    def closed_days(self) -> list[date]:
        """Raises Invalid at field `closed`."""
        words = (self.closed.data or "").replace("，", ",").replace("、", ",").replace(" ", ",").split(",")
        try:
            return [date.fromisoformat(word) for word in words if word]
        except ValueError:
            raise Invalid("closed_days", N_("Write days like 2027-02-06, separated by commas."), field="closed") from None


class HoursForm(WeekForm):
    minutes = IntegerField(text(N_("Length of a slot in minutes")), [NEEDED, NumberRange(10, 480)], render_kw=WHOLE)


def week_typed(row: Open) -> dict[str, Any]:
    """What a form begins with where there is a place."""
    told = {f"day_{day}": row.hours.get(str(day), "") for day in range(7)}
    return told | {"note": row.note, "closed": ", ".join(row.closed)}


def as_typed(row: Kept) -> dict[str, Any]:
    """What a form begins with where there is a desk."""
    return week_typed(row) | {"minutes": row.minutes}
