"""The forms of a recovery try, of a family relation, and of the owner's own file."""

from flask_wtf.file import FileField
from wtforms import BooleanField, MultipleFileField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from core.forms import Form, text
from core.i18n import N_
from privacy.sampling import rules

NEEDED = InputRequired(text(N_("Please fill this in.")))
CHOOSE = InputRequired(text(N_("Please choose one of the answers offered.")))
_PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class TryForm(Form):
    tool = StringField(
        text(N_("Tool you tried with")),
        [Length(max=60)],
        description=text(N_("A different product than the one that wiped, like PhotoRec or bulk_extractor.")),
        render_kw=_PLAIN,
    )
    version = StringField(text(N_("Its version")), [Length(max=40)], render_kw=_PLAIN)
    searched = SelectMultipleField(
        text(N_("What you searched for")),
        choices=[(code, text(name)) for code, name in rules.SEARCHED.items()],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    result = RadioField(text(N_("What came out")), [CHOOSE], choices=[(code, text(name)) for code, name in rules.RESULTS.items()])
    why = RadioField(
        text(N_("If it could not be done: why")),
        [Optional()],
        choices=[(code, text(name)) for code, name in rules.NOT_DONE.items()],
        validate_choice=False,
    )
    report = FileField(
        text(N_("The tool's report")),
        description=text(
            N_(
                "As the tool wrote it, as text or HTML, up to 16 MB; it names the serial number of every medium. Don't attach "
                "recovered files: a list of what was found is enough."
            )
        ),
    )
    photos = MultipleFileField(text(N_("Photos of the try")))
    opened_bag = BooleanField(text(N_("I opened the sealed bag for it.")))


class RelationForm(Form):
    contact = StringField(
        text(N_("Mobile number or e-mail of your relative")),
        [NEEDED, Length(max=254)],
        description=text(N_("The one they registered here with.")),
        render_kw=_PLAIN,
    )


class OwnForm(Form):
    file = FileField(
        text(N_("Log of your wiping tool")),
        description=text(N_("The file as the tool wrote it, unchanged, up to 16 MB.")),
    )
