"""The forms of a clerical correction."""

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from core.forms import Form, text
from core.i18n import N_
from privacy.clearance.corrections.rules import FIELDS, LONGEST, REASONS

NEEDED = InputRequired(text(N_("Please fill this in.")))
CHOOSE = InputRequired(text(N_("Please choose one of the answers offered.")))


class CorrectForm(Form):
    """`before` is asked for what doesn't stand in the signed text; for the others the paper itself says it."""

    field = SelectField(
        text(N_("What reads wrongly")), [CHOOSE], choices=[(code, text(name)) for code, name in FIELDS.items()]
    )
    before = StringField(
        text(N_("As it stands")),
        [Length(max=LONGEST)],
        description=text(N_("Only for the date by hand and the owner's word; the others are taken from the paper.")),
    )
    after = StringField(
        text(N_("As it should read")),
        [NEEDED, Length(max=LONGEST)],
        description=text(N_("A day like 2026-11-22 where it is a date.")),
    )
    reason = RadioField(
        text(N_("How it came about")), [CHOOSE], choices=[(code, text(name)) for code, name in REASONS.items()]
    )


class DecideForm(Form):
    decision = RadioField(
        text(N_("What you decide")),
        [CHOOSE],
        choices=[
            ("approved", text(N_("It is a slip, and reads rightly like this"))),
            ("refused", text(N_("It isn't: leave it as it is"))),
        ],
    )
    reason = TextAreaField(
        text(N_("Reason")), [Length(max=2000)], description=text(N_("What you compared and what you saw."))
    )
    compared = BooleanField(text(N_("I compared it myself with the device, the paper or the register.")), [NEEDED])
