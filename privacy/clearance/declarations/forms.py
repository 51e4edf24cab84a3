"""The forms about makers' declarations."""

import re

from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from core.forms import Form, text
from core.i18n import N_
from privacy.clearance.declarations.entering import Given

NEEDED = InputRequired(text(N_("Please fill this in.")))
CHOOSE = InputRequired(text(N_("Please choose one of the answers offered.")))
_APART = re.compile(r"[,，、;；\n]+")


class DeclarationForm(Form):
    """What stands on the maker's page."""

    maker_zh = StringField(text(N_("Maker, in Chinese")), [NEEDED, Length(max=60)])
    maker_en = StringField(text(N_("Maker, in English")), [NEEDED, Length(max=60)])
    brands = StringField(
        text(N_("Names under which its devices are registered")),
        [NEEDED, Length(max=400)],
        description=text(N_("Separated by commas.")),
    )
    platform = SelectField(text(N_("Check-list that is walked through")), [CHOOSE])
    models = TextAreaField(
        text(N_("Models it names")),
        [NEEDED, Length(max=2000)],
        description=text(N_("As the devices show them, separated by commas.")),
    )
    first = StringField(text(N_("System version, from")), [NEEDED, Length(max=20)])
    until = StringField(text(N_("System version, until")), [NEEDED, Length(max=20)])
    statement_zh = TextAreaField(text(N_("What it says, in Chinese")), [NEEDED, Length(max=1000)])
    statement_en = TextAreaField(text(N_("What it says, in English")), [NEEDED, Length(max=1000)])
    source = StringField(
        text(N_("Address of the maker's page")), [NEEDED, Length(max=300)], description=text(N_("It begins with https://."))
    )
    dated = DateField(text(N_("Day of the page")), [NEEDED])

    @property
    def given(self) -> Given:
        return Given(
            maker_zh=self.maker_zh.data or "",
            maker_en=self.maker_en.data or "",
            brands=_APART.split(self.brands.data or ""),
            platform=self.platform.data or "",
            models=_APART.split(self.models.data or ""),
            first=self.first.data or "",
            until=self.until.data or "",
            statement_zh=self.statement_zh.data or "",
            statement_en=self.statement_en.data or "",
            source=self.source.data or "",
            dated=self.dated.data,
        )


class DecideForm(Form):
    """The other person's word."""

    decision = RadioField(
        text(N_("What you found on the maker's page")),
        [CHOOSE],
        choices=[
            ("approved", text(N_("It says exactly this: it may count"))),
            ("refused", text(N_("It says something else, or isn't the maker's"))),
        ],
    )
    reason = TextAreaField(
        text(N_("Reason")), [Length(max=2000)], description=text(N_("What you compared and what you saw."))
    )
    read = BooleanField(text(N_("I opened the maker's page myself and compared models, versions, statement and day.")), [NEEDED])
