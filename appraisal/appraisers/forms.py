"""The forms of appraisers: applying, showing a credential, and what the platform decides."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import g
from flask_babel import gettext as _
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from appraisal.appraisers import rules
from appraisal.appraisers.actions import Given
from appraisal.appraisers.queries import graded_categories
from core import clock
from core.errors import Invalid
from core.forms import Form, text
from core.goods.describe import category_name
from core.i18n import N_

NEEDED = InputRequired(text(N_("Please fill this in.")))


class CredentialForm(Form):
    kind = SelectField(
        text(N_("Kind of credential")), choices=[(code, text(name)) for code, name in rules.KINDS.items()], validate_choice=False
    )
    number = StringField(
        text(N_("Number")), [NEEDED, Length(max=60)],
        description=text(N_("Kept encrypted; others see its last four characters.")), render_kw={"autocomplete": "off"},
    )  # fmt: skip
    issuer = StringField(text(N_("Issued by")), [NEEDED, Length(max=80)])
    categories = SelectMultipleField(
        text(N_("What it covers")), validate_choice=False, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    level = RadioField(
        text(N_("Level")), choices=[(str(code), text(name)) for code, name in rules.LEVELS.items()], default=str(rules.SIGN),
        validate_choice=False,
    )  # fmt: skip
    until = StringField(
        text(N_("Valid until")), [Length(max=10)],
        description=text(N_("Its last day, like 2027-12-31. Leave it empty only if it has no end.")),
        render_kw={"autocomplete": "off"},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(code, category_name(code, g.language)) for code in graded_categories()]
        self.categories.choices = [(rules.ANY, _("Everything that has a grading standard")), *named]

    def given(self) -> Given:
        """What was typed. Raises Invalid at field `until` or `level`."""
        level = str(self.level.data or "")
        return Given(
            kind=str(self.kind.data or ""), number=str(self.number.data or ""), issuer=str(self.issuer.data or ""),
            categories=list(self.categories.data or ()), level=int(level) if level in ("1", "2") else 0,
            until=read_day(str(self.until.data or "")),
        )  # fmt: skip


class ApplicationForm(CredentialForm):
    words = TextAreaField(
        text(N_("What you have done so far")), [NEEDED, Length(min=10, max=2000)],
        description=text(N_("Trade, years, kinds of things. Only those who decide read it.")),
    )  # fmt: skip


class DecisionForm(Form):
    """`verb` comes from the button; `reason` is told to the applicant."""

    verb = StringField(validators=[Length(max=12)])
    reason = TextAreaField(
        text(N_("Reason")), [Length(max=2000)], description=text(N_("It stands beside the decision, and its holder reads it."))
    )


def read_day(typed: str) -> datetime | None:
    """The end of that day in the market's zone; None for nothing typed. Raises Invalid at field `until`."""
    plain = typed.strip()
    if not plain:
        return None
    try:
        day = date.fromisoformat(plain) if len(plain) == 10 else None
        if day is None or not 2000 <= day.year <= 2100:
            raise ValueError(plain)
    except ValueError as odd:
        raise Invalid("bad_day", N_("Write the day like 2027-12-31."), field="until") from odd
    midnight = datetime(day.year, day.month, day.day, tzinfo=clock.LOCAL_ZONE) + timedelta(days=1)
    return clock.utc(midnight)
