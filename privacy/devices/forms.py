"""The forms about a device and its media."""

from flask_wtf.file import FileField, MultipleFileField
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core.forms import Form, text
from core.i18n import N_
from privacy.devices import after_work, rules

NEEDED = InputRequired(text(N_("Please fill this in.")))
CHOOSE = InputRequired(text(N_("Please choose one of the answers offered.")))
_CODE = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
WAYS = {
    "destroy": N_("It is destroyed here, before a witness"),
    "returned": N_("The card goes back to its owner"),
}


class CountForm(Form):
    counted = IntegerField(
        text(N_("How many storage media are inside?")),
        [NEEDED, NumberRange(0, 99)],
        description=text(N_("Open the device, or let the wiping tool list its disks: built-in chips and cards count, too.")),
        render_kw={"inputmode": "numeric", "min": "0", "max": "99", "autocomplete": "off"},
    )


class OutForm(Form):
    way = RadioField(text(N_("What becomes of it")), [CHOOSE])
    photo = FileField(
        text(N_("Photo of the medium beside its empty place")),
        description=text(N_("With the job's code on a slip of paper. No personal content on the photo.")),
    )


class DestroyForm(Form):
    method = RadioField(
        text(N_("How it was destroyed")),
        [CHOOSE],
        choices=[(code, text(name)) for code, name in rules.DESTRUCTIONS.items()],
    )
    millimetres = IntegerField(
        text(N_("Largest piece in millimetres")),
        [Optional(), NumberRange(1, 500)],
        description=text(N_("Flash storage: 2 mm or less.")),
        render_kw={"inputmode": "numeric", "min": "1", "max": "500"},
    )
    contractor = StringField(
        text(N_("Who destroyed it, if a contractor did")),
        [Length(max=120)],
        description=text(N_("Name of the firm and its receipt.")),
    )
    photo = FileField(
        text(N_("Photo of what is left of it")), description=text(N_("With the job's code on a slip of paper."))
    )


class BeginWorkForm(Form):
    purpose = RadioField(
        text(N_("What is done")),
        [CHOOSE],
        choices=[(code, text(name)) for code, name in after_work.PURPOSES.items()],
    )
    image_name = StringField(text(N_("Name of the system image")), [Length(max=120)], render_kw=_CODE)
    image_digest = StringField(
        text(N_("SHA-256 of the image")),
        [Length(max=80)],
        description=text(N_("64 digits and letters, as the maker publishes it or sha256sum prints it.")),
        render_kw=_CODE,
    )


def _tick(code: str) -> BooleanField:
    return BooleanField(text(after_work.CHECKS[code]))


class EndWorkForm(Form):
    no_account = _tick("no_account")
    no_wifi = _tick("no_wifi")
    setup_screen = _tick("setup_screen")
    photo = FileField(text(N_("Photo of the set-up screen with the code")))
    readings = MultipleFileField(
        text(N_("Fresh counters of its media")),
        description=text(
            N_("One file of each disk: output of smartctl -x -j or of the station tool, with the code. Use of the device is "
               "counted from these readings on.")
        ),
    )  # fmt: skip

    @property
    def checks(self) -> set[str]:
        return {code for code in after_work.CHECKS if self[code].data}


class ReadingForm(Form):
    moment = RadioField(
        text(N_("When it is read")),
        [CHOOSE],
        choices=[(code, text(rules.MOMENTS[code])) for code in ("check", "hand_over")],
        default="check",
    )
    file = FileField(
        text(N_("File with the counters")),
        description=text(N_("Output of smartctl -x -j or of the station tool, read from the device itself.")),
    )


class ClaimForm(Form):
    what = SelectField(text(N_("What you read")), [CHOOSE])
    source = RadioField(
        text(N_("Where you read it")),
        [CHOOSE],
        choices=[(code, text(rules.SOURCE_WORDS[code])) for code in ("label", "dmi", "photo")],
    )
    number = StringField(
        text(N_("The whole number, as you read it")),
        [NEEDED, Length(max=60)],
        description=text(N_("It is compared with the register and shown masked.")),
        render_kw=_CODE,
    )
    photo = FileField(text(N_("The photo of it")), description=text(N_("Only where you read it from a photo.")))


class ScrapForm(Form):
    reason = RadioField(
        text(N_("Why it is scrapped")),
        [CHOOSE],
        choices=[(code, text(name)) for code, name in rules.SCRAP_REASONS.items()],
    )
    receiver = StringField(
        text(N_("Which recycler received it")), [NEEDED, Length(max=120)], description=text(N_("Name as on its licence."))
    )
    receipt = StringField(text(N_("Number of its receipt")), [Length(max=60)], render_kw=_CODE)
