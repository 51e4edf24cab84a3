"""The forms about people. Rules answer what is right; here is only what is asked and how it is called."""

from babel import Locale
from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from core.forms import Form, text
from core.i18n import LANGUAGES, N_
from core.people.rules import (
    ORG_KINDS,
    ORG_SELLER_KINDS,
    PERSON_SELLER_KINDS,
    SELLER_KINDS,
    SUSPENSION_REASONS,
)

PASSWORD_HINT = N_("At least 10 characters. A sentence that only you know is good.")
NEEDED = InputRequired(text(N_("Please fill this in.")))


def _password(label: str, *, new: bool = False) -> PasswordField:
    return PasswordField(
        text(label),
        [NEEDED, Length(max=1024)],
        description=text(PASSWORD_HINT) if new else "",
        render_kw={"autocomplete": "new-password" if new else "current-password", "maxlength": 256},
    )


def _contact(hint: str = "") -> StringField:
    return StringField(
        text(N_("Mobile number or e-mail")),
        [NEEDED, Length(max=254)],
        description=text(hint) if hint else "",
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )


def _code(label: str = N_("Code")) -> StringField:
    return StringField(text(label), [NEEDED, Length(max=40)])


def _licence() -> StringField:
    return StringField(
        text(N_("Unified social credit code")),
        [Length(max=40)],
        description=text(N_("18 characters, as printed on the licence.")),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class ContactForm(Form):
    contact = _contact()


class SignInForm(Form):
    contact = _contact()
    password = _password(N_("Password"))


class OpenAccountForm(Form):
    code = _code()
    name = StringField(
        text(N_("Display name")),
        [NEEDED, Length(max=40)],
        description=text(N_("Others see this. Please not your full real name.")),
        render_kw={"autocomplete": "nickname"},
    )
    password = _password(N_("Password"), new=True)
    agreement = BooleanField(
        text(N_("I have read and agree to the service agreement and the trading rules."))
    )
    privacy = BooleanField(text(N_("I have read and agree to the privacy notice.")))
    of_age = BooleanField(text(N_("I am 18 years of age or older.")))


class FactorForm(Form):
    code = _code(N_("Code from your app"))


class RecoveryForm(Form):
    code = _code(N_("Recovery code"))


class AgainForm(Form):
    password = _password(N_("Password"))


class AgainWithFactorForm(Form):
    password = _password(N_("Password"))
    code = _code(N_("Code from your app, or a recovery code"))


class CloseForm(Form):
    password = _password(N_("Your password"))
    sure = BooleanField(text(N_("I have read what happens. It can't be undone.")))


class CloseWithFactorForm(Form):
    password = _password(N_("Your password"))
    code = _code(N_("Code from your app, or a recovery code"))
    sure = BooleanField(text(N_("I have read what happens. It can't be undone.")))


class PasswordForm(Form):
    old = _password(N_("Present password"))
    new = _password(N_("New password"), new=True)


class ResetForm(Form):
    code = _code()
    new = _password(N_("New password"), new=True)


class NameForm(Form):
    name = StringField(
        text(N_("Display name")), [NEEDED, Length(max=40)], render_kw={"autocomplete": "nickname"}
    )


class LanguageForm(Form):
    language = RadioField(
        text(N_("Language")), choices=[(code, Locale(code).display_name) for code in LANGUAGES]
    )


class AddContactForm(Form):
    contact = _contact()
    password = _password(N_("Your password"))


class CodeForm(Form):
    code = _code()


class OrganisationForm(Form):
    kind = RadioField(text(N_("What kind of organisation is it?")), validators=[NEEDED])
    name = StringField(
        text(N_("Name as on the licence")),
        [NEEDED, Length(max=80)],
        render_kw={"autocomplete": "organization"},
    )
    name_en = StringField(text(N_("English name")), [Length(max=120)])
    licence_no = _licence()
    unlicensed = BooleanField(
        text(N_("We have none: the law asks for no registration")),
        description=text(N_(
            "Only for a shop or a community. Once approved, you state the ground; the page is public when the staff accept it."
        )),
    )  # fmt: skip
    address = StringField(
        text(N_("Address")), [NEEDED, Length(max=200)], render_kw={"autocomplete": "street-address"}
    )

    def offer(self, kinds: tuple[str, ...]) -> None:
        self.kind.choices = [(kind, text(ORG_KINDS[kind])) for kind in kinds]


class InviteForm(Form):
    contact = _contact()
    role = SelectField(text(N_("Role")), validators=[NEEDED])


class SearchPersonForm(Form):
    contact = _contact(N_("The whole number or address. Every look-up is written down."))


class SuspendForm(Form):
    why = SelectField(
        text(N_("Reason")), choices=[(code, text(label)) for code, label in SUSPENSION_REASONS.items()]
    )


class PersonCheckForm(Form):
    kind = SelectField(
        text(N_("Kind of seller")), choices=[(code, text(SELLER_KINDS[code])) for code in PERSON_SELLER_KINDS]
    )
    licence_no = _licence()


class OrgCheckForm(Form):
    kind = SelectField(
        text(N_("Kind of seller")), choices=[(code, text(SELLER_KINDS[code])) for code in ORG_SELLER_KINDS]
    )
    licence_no = _licence()


class OrgDecisionForm(Form):
    """`kind`: under which word an approved shop sells."""

    kind = SelectField(
        text(N_("Kind of seller")),
        choices=[(code, text(SELLER_KINDS[code])) for code in ORG_SELLER_KINDS],
        validate_choice=False,
    )
    reason = TextAreaField(
        text(N_("Reason")), [Length(max=2000)], description=text(N_("It stands beside the decision, for colleagues."))
    )
