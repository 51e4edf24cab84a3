"""The forms of the regulator's desk."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from core.forms import Form, text
from core.i18n import N_


class LookUpForm(Form):
    """One field for every number that leads to a thing."""

    number = StringField(
        text(N_("Number")),
        [InputRequired(text(N_("Type or scan a number."))), Length(max=200)],
        description=text(
            N_("Of a certificate, wipe job, order or listing, or the serial number or IMEI of a device, or of its disk.")
        ),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )  # fmt: skip


class VerifyForm(Form):
    """The chain is checked by one click; a head noted earlier makes the check stronger."""

    head = StringField(
        text(N_("Head noted earlier")),
        [
            Optional(strip_whitespace=True),
            Regexp(r"^\s*[0-9a-fA-F]{64}\s*$", message=text(N_("A head has 64 digits and letters from a to f."))),
        ],
        description=text(N_("The hash that an earlier check or export showed. With it, a cut-off end is found too.")),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )  # fmt: skip
