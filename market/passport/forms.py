"""What is typed to find a thing by its code, and how labels are to be printed."""

from typing import Final

from wtforms import IntegerField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from core.forms import Form, Part, text
from core.i18n import LANGUAGES, N_
from core.label_formats import FORMATS
from market.passport.actions import Wish
from market.passport.rules import KINDS

USUAL: Final = "a4-24"
NAMES: Final = {"zh": N_("Chinese"), "en": N_("English")}


class FindForm(Part):
    code = StringField(
        text(N_("Code on the label")),
        [InputRequired(text(N_("Please fill this in."))), Length(max=200)],
        description=text(N_("Eight letters and digits, as ABCD-EFGH. What a scanner reads from the label will do as well.")),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "maxlength": "200"},
    )


class LabelForm(Form):
    items = SelectMultipleField(
        text(N_("Which things")), validate_choice=False, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    kind = RadioField(text(N_("What is printed")), choices=[(code, text(name)) for code, name in KINDS.items()], default="life")
    paper = SelectField(text(N_("Label paper")), choices=[(one.code, text(one.name)) for one in FORMATS.values()], default=USUAL)
    first = IntegerField(
        text(N_("First label on the sheet")), [Optional()], default=1,
        description=text(N_("Counted along the rows, from the upper left. On rolls it is always 1.")), render_kw={"min": "1"},
    )  # fmt: skip
    copies = IntegerField(text(N_("Copies of each")), [Optional()], default=1, render_kw={"min": "1", "max": "20"})
    language = RadioField(text(N_("Language of the labels")), choices=[(one, text(NAMES[one])) for one in LANGUAGES])

    def wish(self, reader: str) -> Wish:
        """Call it on a form that is valid. `reader`: the language of who prints."""
        form = FORMATS[self.paper.data]
        first = 1 if form.places == 1 or self.first.data is None else self.first.data
        copies = 1 if self.copies.data is None else self.copies.data
        return Wish(kind=self.kind.data, form=form, first=first, copies=copies, language=self.language.data, reader=reader)
