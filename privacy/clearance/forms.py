"""The forms of verification, custody and certificates."""

from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core.forms import Form, text
from core.i18n import N_
from privacy.clearance.moving import DESTINATIONS
from privacy.wipes import rules
from privacy.wipes.checklist import LOOKS

CHOOSE = InputRequired(text(N_("Please choose one of the answers offered.")))
_BAG = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class SealForm(Form):
    """A numbered bag and its photo."""

    seal_number = StringField(
        text(N_("Number on the bag")),
        [Length(max=40)],
        description=text(N_("As printed on the tamper-evident bag.")),
        render_kw=_BAG,
    )
    photo = FileField(
        text(N_("Photo of the closed bag")), description=text(N_("The number must be readable. JPEG, PNG, WebP or HEIC."))
    )


def _check(code: str) -> BooleanField:
    return BooleanField(text(rules.CHECKS[code]))


class VerifyForm(SealForm):
    """What the verifier has done, and where the device goes."""

    serial = _check("serial")
    media = _check("media")
    log = _check("log")
    start = _check("start")
    accounts = _check("accounts")
    slots = _check("slots")
    counted = IntegerField(
        text(N_("How many storage media are inside now?")),
        [Optional(), NumberRange(0, 99)],
        description=text(N_("Count them yourself in the opened device, or as its system lists them.")),
        render_kw={"inputmode": "numeric", "min": "0", "max": "99", "autocomplete": "off"},
    )
    # what a check-list asks of the second person; the page shows the list's own words and only its own looks
    look_list = BooleanField(text(N_("I have read the list and looked at every photo.")))
    look_reboot = BooleanField(text(N_("I restarted the device myself.")))
    look_walk = BooleanField(text(N_("I walked the set-up to the account page.")))
    look_start = BooleanField(text(N_("I switched it on and looked at it.")))
    look_tail = StringField(text(N_("The last four of the number, as read")), [Length(max=12)], render_kw=_BAG)
    look_photo = FileField(text(N_("Photo of the screen with the challenge code")))
    kept = RadioField(
        text(N_("Where does the device go now?")),
        [CHOOSE],
        choices=[(code, text(sentence)) for code, sentence in rules.KEPT.items()],
    )

    @property
    def checks(self) -> list[str]:
        return [code for code in rules.CHECKS if self[code].data]

    @property
    def looks(self) -> list[str]:
        """Codes of the ticked looks."""
        return [code for code, kind in LOOKS.items() if kind == "tick" and self[f"look_{code}"].data]


class RejectForm(Form):
    reason = RadioField(
        text(N_("Why it isn't accepted")),
        [CHOOSE],
        choices=[(code, text(sentence)) for code, sentence in rules.REJECTIONS.items()],
    )


class MoveForm(Form):
    place = SelectField(
        text(N_("Where it goes")),
        [CHOOSE],
        choices=[(code, text(sentence)) for code, sentence in DESTINATIONS.items()],
    )
    org = SelectField(text(N_("Which organisation holds it then")), [CHOOSE])


class RevokeForm(Form):
    reason = RadioField(
        text(N_("Why it is taken back")),
        [CHOOSE],
        choices=[(code, text(sentence)) for code, sentence in rules.REVOCATIONS.items()],
    )


class NumberForm(Form):
    number = StringField(
        text(N_("Number of the certificate")),
        [Length(max=60)],
        description=text(N_("It looks like XS-2026-000123-K.")),
        render_kw=_BAG,
    )
