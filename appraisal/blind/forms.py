"""The form of who was drawn to grade a thing blind, in a blind look or an appeal, and can't or may not look at it."""

from typing import Any

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from core.forms import Form, text
from core.i18n import N_

MOST = 400
LOOK = N_("You know its seller or its grade, or it is out of reach. The lot then falls on somebody else.")
HEARING = N_("You know its seller or its grade, or it is out of reach. Somebody else is then drawn to grade it anew.")


class ReturnForm(Form):
    """`hearing`: it is graded in an appeal, not in a blind look."""

    reason = StringField(text(N_("Why?")), [DataRequired(text(N_("Say why."))), Length(max=MOST)], id="return-reason")

    def __init__(self, *args: Any, hearing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.description = text(HEARING if hearing else LOOK)
