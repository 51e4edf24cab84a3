"""The forms of lists: loading one, looking a number up, deciding on what was found."""

from flask_wtf.file import FileField
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from appraisal.identity.list_rules import KINDS
from core.csv_files import MOST_SOURCE
from core.forms import Form, text
from core.i18n import N_

NEEDED = InputRequired(text(N_("Please fill this in.")))


class LoadForm(Form):
    kind = RadioField(
        text(N_("What it lists")), choices=[(code, text(name)) for code, name in KINDS.items()], validate_choice=False
    )
    source = StringField(
        text(N_("Whose list it is")), [NEEDED, Length(max=MOST_SOURCE)],
        description=text(N_("Readers of reports see this name. The next version goes by the same name.")),
    )  # fmt: skip
    day = StringField(
        text(N_("The list's day")), [NEEDED, Length(max=10)], description=text(N_("Like 2026-11-30.")),
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )  # fmt: skip
    file = FileField(
        text(N_("File")),
        description=text(N_("CSV with a column number, and kind (imei, meid or serial) if wanted. Kept as keyed digests.")),
    )  # fmt: skip


class LookUpForm(Form):
    number = StringField(
        text(N_("IMEI, MEID or serial number")), [NEEDED, Length(max=60)],
        description=text(N_("That you looked something up is written down; the number isn't.")),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )  # fmt: skip


class HitForm(Form):
    decision = RadioField(
        text(N_("Is it the one on the list?")), validate_choice=False,
        choices=[
            ("confirmed", text(N_("Yes: it stays frozen"))), ("cleared", text(N_("No, or it was given back: let it go"))),
        ],
    )  # fmt: skip
    reason = TextAreaField(text(N_("Reason")), validators=[Length(max=2000)])
