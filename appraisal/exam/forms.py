"""The form of a reference item's own words; its agreed answers are the standard's check-list."""

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from core.forms import Form, text
from core.i18n import N_

NEEDED = InputRequired(text(N_("Please fill this in.")))
OWN = ("reference_name", "reference_told", "reference_agreed")


class ReferenceWords(Form):
    reference_name = StringField(text(N_("Name of the thing")), [NEEDED, Length(max=120)])
    reference_told = TextAreaField(
        text(N_("What is to be seen of it")), [NEEDED, Length(max=4000)],
        description=text(N_("All that the check-list asks for, or where the thing lies to be handled. No grade.")),
    )  # fmt: skip
    reference_agreed = StringField(
        text(N_("Who agreed on the answers")), [NEEDED, Length(max=200)], description=text(N_("At least two people, and when."))
    )


class BeginForm(Form):
    standard = SelectField(text(N_("By which standard")), validate_choice=False)


def with_words(form: Form) -> Form:
    """A check-list form with the words of a reference item before it."""
    fields = {name: getattr(ReferenceWords, name) for name in OWN}
    return type("ReferenceForm", (type(form),), fields)()  # type: ignore[no-any-return]
