"""The forms in which a person answers what the program asks."""

from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from core.forms import Form, text
from core.i18n import N_

_REASON = N_("What you looked at and what you make of it. It stays on record.")


class FlagForm(Form):
    decision = RadioField(
        text(N_("What did you find?")),
        choices=[("dismiss", text(N_("All in order"))), ("uphold", text(N_("Something was wrong")))], validate_choice=False,
    )  # fmt: skip
    follow = RadioField(
        text(N_("What follows?")), default="nothing",
        choices=[("nothing", text(N_("Nothing more"))), ("frozen", text(N_("Freeze the listing")))], validate_choice=False,
    )  # fmt: skip
    reason = TextAreaField(text(N_("Reason")), [Length(max=2000)], description=text(_REASON))


class SignalForm(Form):
    """The factors' own questions are radio groups beside it, named by their codes."""

    verdict = RadioField(
        text(N_("What do you make of it?")),
        choices=[
            ("private", text(N_("Still private idle goods"))), ("ask", text(N_("Ask the seller how they sell"))),
            ("operator", text(N_("To be treated as a business"))),
        ],
        validate_choice=False,
    )  # fmt: skip
    reason = TextAreaField(text(N_("Reason")), [Length(max=2000)], description=text(_REASON))
