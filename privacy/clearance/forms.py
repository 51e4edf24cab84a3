"""The forms of verification, custody and certificates."""

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from core.forms import Form, text
from core.i18n import N_
from privacy.clearance.moving import DESTINATIONS
from privacy.wipes import rules

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
    kept = RadioField(
        text(N_("Where does the device go now?")),
        [CHOOSE],
        choices=[(code, text(sentence)) for code, sentence in rules.KEPT.items()],
    )

    @property
    def checks(self) -> list[str]:
        return [code for code in rules.CHECKS if self[code].data]


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
