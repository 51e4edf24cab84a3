"""The forms of an appeal: what is wrong with a grade, why a panel, and the platform's reason."""

from typing import Any

from flask import g
from wtforms import SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from appraisal.appeals.actions import MOST
from appraisal.standards.standard import Standard
from core.data_files import text as words
from core.forms import Form, OnceForm, text
from core.i18n import N_


def needed(said: str) -> DataRequired:
    """Something else than spaces. `said`: English for gettext."""
    return DataRequired(text(said))


def _some(_form: Form, field: SelectMultipleField) -> None:
    """One of the standard's checks at least, said together with what else is missing."""
    if not field.data or set(field.data) - {code for code, _name in field.choices}:
        raise ValidationError(text(N_("Choose the checks that you contest.")))


class AppealForm(OnceForm):
    words = TextAreaField(
        text(N_("What is wrong with the grade?")), [needed(N_("Say what is wrong with the grade.")), Length(max=MOST)],
        description=text(N_("Who grades it anew doesn't read this before they have given their grade.")),
    )  # fmt: skip
    checks = SelectMultipleField(
        text(N_("Which checks do you contest?")), [_some], validate_choice=False, option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )  # fmt: skip

    def __init__(self, standard: Standard, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checks.choices = [(one.code, words(one.name, g.language)) for one in standard.checks]


class PanelForm(OnceForm):
    words = TextAreaField(
        text(N_("Why is a panel to look at it?")), [needed(N_("Say why a panel is to look at it.")), Length(max=MOST)],
    )  # fmt: skip


class LeaveForm(Form):
    reason = TextAreaField(
        text(N_("Reason")), [needed(N_("Please fill this in.")), Length(max=MOST)], description=text(N_("All sides read it.")),
    )  # fmt: skip
