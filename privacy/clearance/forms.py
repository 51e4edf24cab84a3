"""The forms of verification, custody and certificates."""

from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core.forms import Form, text
from core.i18n import N_
from privacy.clearance.moving import DESTINATIONS
from privacy.devices.departures import REASONS
from privacy.wipes import rules
from privacy.wipes.checklist import LOOKS
from privacy.wipes.forms import lock_field, locks_of

CHOOSE = InputRequired(text(N_("Please choose one of the answers offered.")))
_PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
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
    lock_find_my = lock_field("find_my")
    lock_firmware = lock_field("firmware")
    lock_enrolment = lock_field("enrolment")
    # what a check-list asks of the second person; the page shows the list's own words and only its own looks
    look_list = BooleanField(text(N_("I have read the list and looked at every photo.")))
    look_reboot = BooleanField(text(N_("I restarted the device myself.")))
    look_walk = BooleanField(text(N_("I walked the set-up to the account page.")))
    look_start = BooleanField(text(N_("I switched it on and looked at it.")))
    look_recovery = BooleanField(text(N_("I tried to recover data with a tool of my own and found none.")))
    look_tool = StringField(text(N_("Tool you tried with")), [Length(max=60)], render_kw=_PLAIN)
    look_version = StringField(text(N_("Its version")), [Length(max=40)], render_kw=_PLAIN)
    look_report = FileField(text(N_("The tool's report")))
    look_tail = StringField(text(N_("The last four of the number, as read")), [Length(max=12)], render_kw=_BAG)
    look_photo = FileField(text(N_("Photo of the screen with the challenge code")))
    no_counters = BooleanField(
        text(N_("Its counters can't be read")),
        description=text(N_("The certificate then says that nobody can tell by counters whether it was used since.")),
    )
    # asked of whoever clears it: of the third person where the rules want one
    kept = RadioField(
        text(N_("Where does the device go now?")),
        [Optional()],
        choices=[(code, text(sentence)) for code, sentence in rules.KEPT.items()],
    )

    @property
    def checks(self) -> list[str]:
        return [code for code in rules.CHECKS if self[code].data]

    @property
    def looks(self) -> list[str]:
        """Codes of the ticked looks."""
        return [code for code, kind in LOOKS.items() if kind in ("tick", "try") and self[f"look_{code}"].data]

    @property
    def locks(self) -> dict[str, str]:
        return locks_of(self)


class ConfirmForm(SealForm):
    """What the third person has done, and where the device goes."""

    read = BooleanField(text(rules.CONFIRMS["read"]))
    seen = BooleanField(text(rules.CONFIRMS["seen"]))
    tail = StringField(
        text(N_("The last four of the number, as read")),
        [Length(max=12)],
        description=text(N_("They are hidden on this page; only the device shows them.")),
        render_kw=_BAG,
    )
    look_photo = FileField(text(N_("Photo of the device with the challenge code")))
    note = TextAreaField(
        text(N_("What your confirmation rests on")),
        [Length(max=400)],
        description=text(N_("A sentence or two for inspectors. No names, no numbers.")),
    )
    kept = RadioField(
        text(N_("Where does the device go now?")),
        [Optional()],
        choices=[(code, text(sentence)) for code, sentence in rules.KEPT.items()],
    )

    @property
    def checks(self) -> list[str]:
        return [code for code in rules.CONFIRMS if self[code].data]


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


class LetGoForm(Form):
    """Why a thing leaves its custody in one of the ways; one form for each way, named by its prefix."""

    reason = RadioField(text(N_("Why")), [CHOOSE])
    org = SelectField(text(N_("Which organisation holds it then")))

    def __init__(self, what: str, points: list[tuple[str, str]], *, sent: bool = False) -> None:
        super().__init__(*(() if sent else (None,)), prefix=f"{what}-")
        self.what = what
        self.reason.choices = [(code, text(sentence)) for code, sentence in REASONS[what].items()]
        self.org.choices = points
        if not points:
            del self.org


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
