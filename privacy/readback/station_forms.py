"""The forms of stations."""

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from core.forms import Form, text
from core.i18n import N_
from privacy.readback.station_rules import REASONS

_NEEDED = InputRequired(text(N_("Please fill this in.")))
_PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class EnrolForm(Form):
    name = StringField(
        text(N_("Name of the station")),
        [_NEEDED, Length(max=60)],
        description=text(N_("So that people find the machine: “Bench 2, by the window”.")),
        render_kw={"autocomplete": "off"},
    )
    public = StringField(
        text(N_("Public key line")),
        [_NEEDED, Length(max=200)],
        description=text(N_("The line that keygen printed on the station.")),
        render_kw=_PLAIN,
    )
    signature = TextAreaField(
        text(N_("Signature of the code")),
        [_NEEDED, Length(max=200)],
        description=text(N_("What prove printed on the station.")),
        render_kw=_PLAIN,
    )


class RevokeForm(Form):
    reason = RadioField(
        text(N_("Why is it revoked?")),
        [InputRequired(text(N_("Please choose one of the answers offered.")))],
        choices=[(code, text(sentence)) for code, sentence in REASONS.items()],
    )
