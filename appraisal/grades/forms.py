"""The form of the appraiser's desk. Those of a check-list follow its standard: checklist_show, number_show."""

from wtforms import SearchField
from wtforms.validators import DataRequired, Length

from core.forms import Form, text
from core.i18n import N_


class FindForm(Form):
    """Sent by post: no address, history or log of a proxy holds the number that was typed."""

    q = SearchField(
        text(N_("Find a thing that is here: number, brand or model")),
        [DataRequired(text(N_("Please fill this in."))), Length(max=80)], id="desk-q",
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )  # fmt: skip
