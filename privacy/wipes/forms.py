"""The forms of a wipe: consent, counter, inventory, file, giving up."""

from flask_wtf.file import FileRequired, MultipleFileField
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from core.forms import Form, text
from core.goods.words import MEDIA_KINDS, MEDIUM_OF
from core.i18n import N_
from privacy.wipes import rules
from privacy.wipes.checklist import LOCK_ANSWERS, LOCKS

NEEDED = InputRequired(text(N_("Please fill this in.")))
CHOOSE = InputRequired(text(N_("Please choose one of the answers offered.")))


def _tick(code: str) -> BooleanField:
    return BooleanField(text(rules.TICKS[code]))


class ConsentForm(Form):
    """One unticked box for each thing the owner does first."""

    origin = RadioField(
        text(N_("Whose data may be on it?")),
        [CHOOSE],
        choices=[(code, text(sentence)) for code, sentence in rules.ORIGINS.items()],
    )
    backup = _tick("backup")
    final = _tick("final")
    accounts = _tick("accounts")
    cards = _tick("cards")
    chats = _tick("chats")
    wallet = _tick("wallet")
    watch = _tick("watch")
    power_test = BooleanField(text(rules.MAY_BE_TESTED))

    @property
    def ticks(self) -> dict[str, bool]:
        return {code: bool(self[code].data) for code in (*rules.TICKS, rules.POWER_TEST)}


class PaperConsentForm(ConsentForm):
    """The same, entered by staff from a slip that was signed at the counter."""

    slip = StringField(text(N_("Number of the signed slip")), render_kw={"autocomplete": "off"})


def lock_field(code: str) -> RadioField:
    """One account lock: off, on, or it can't be told. The page shows only those that such a device may have."""
    answers = [(state, text(name)) for state, name in LOCK_ANSWERS.items()]
    return RadioField(text(LOCKS[code]), [Optional()], choices=answers, validate_choice=False)


def locks_of(form: Form) -> dict[str, str]:
    """Lock -> what was chosen."""
    mine = {field.name: field.data for field in form if field.name.startswith("lock_") and field.data}
    return {name.removeprefix("lock_"): state for name, state in mine.items()}


class LocksForm(Form):
    """What the operator reads before the wipe."""

    lock_find_my = lock_field("find_my")
    lock_firmware = lock_field("firmware")
    lock_enrolment = lock_field("enrolment")


class CounterForm(Form):
    """How the device before us is found."""

    code = StringField(
        text(N_("Drop-off code or serial number")),
        [NEEDED, Length(max=200)],
        description=text(N_("The code on the owner's phone, the device's serial number or IMEI, or its listing.")),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    org = SelectField(text(N_("At which point")), [CHOOSE])


class PointForm(Form):
    org = SelectField(text(N_("At which point")), [CHOOSE])


class MediumForm(Form):
    """A medium that was found inside."""

    kind = SelectField(
        text(N_("Kind of storage")),
        [CHOOSE],
        choices=[(code, text(name)) for code, name in MEDIA_KINDS.items() if MEDIUM_OF[code] != "unknown"],
    )
    serial = StringField(
        text(N_("Serial number of the medium")),
        [NEEDED, Length(max=60)],
        description=text(N_("From the disk's own label or the tool's output; not the device's number.")),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class CorrectionForm(Form):
    medium = HiddenField(validators=[NEEDED])
    to = HiddenField(validators=[NEEDED])


class EvidenceForm(Form):
    files = MultipleFileField(
        text(N_("The wiping tool's files")),
        [FileRequired(text(N_("Please choose a file.")))],
        description=text(
            N_("Logs and reports as the wiping or reading tool wrote them (nwipe, ShredOS, nvme, hdparm, smartctl and others), "
               "up to 16 MiB each. Several at once is fine.")
        ),  # fmt: skip
    )


class GiveUpForm(Form):
    reason = RadioField(
        text(N_("Why it can't go on")),
        [CHOOSE],
        choices=[(code, text(sentence)) for code, sentence in rules.GIVE_UPS.items()],
    )
