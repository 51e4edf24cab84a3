"""The forms of the queue: to whom something is handed, and what came of what has no page of its own."""

from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import Length

from core.forms import Form, text
from core.i18n import N_


class HandForm(Form):
    account_id = SelectField(text(N_("Hand it to")), validate_choice=False)


class AnswerForm(Form):
    verdict = RadioField(text(N_("What came of it")), validate_choice=False)
    reason = TextAreaField(
        text(N_("Reason")), [Length(max=2000)], description=text(N_("What was done, and why. It stays on record."))
    )
