"""The forms of taking in from a file: sending it, and taking its lines in."""

from wtforms import BooleanField, FileField, SelectField

from core.forms import OnceForm, text
from core.i18n import N_
from market.channels.consignment.goods.fixed_words import CAME_BY

CHOICES = [("", text(N_("Every line says it")))] + [(code, text(word)) for code, word in CAME_BY.items() if code != "other"]


class SendForm(OnceForm):
    file = FileField(
        text(N_("CSV file")),
        description=text(N_("From Excel, WPS or LibreOffice: save as CSV. Up to 20,000 lines and 10 MB.")),
    )  # fmt: skip
    came_by = SelectField(
        text(N_("How the things were come by, where a line doesn't say it")), choices=CHOICES, validate_choice=False,
    )  # fmt: skip


class TakeForm(OnceForm):
    all_or_nothing = BooleanField(text(N_("Only if every line is right")), default=True)
    again = BooleanField(text(N_("Take this file in once more: these are other things")))
