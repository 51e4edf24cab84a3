"""What can be said about people without looking anything up: contacts, names, roles, licences, times
to check again."""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from stdnum.cn import uscc

from core.errors import Invalid, Refused
from core.i18n import N_
from core.people.roles import ROLES

CODE_LIVES = timedelta(minutes=10)
CODE_TRIES = 5
CODE_PAUSE = timedelta(seconds=60)
CODES_AN_HOUR, CODES_A_DAY = 5, 10
FAILED_TRIES, FAILED_WINDOW = 10, timedelta(minutes=15)
INVITATION_LIVES = timedelta(days=7)
RECHECK_MONTHS = 6  # E-commerce Law 27 with SAMR order 37 (2021), 24: at least every six months
NAME_LENGTH = (2, 20)

SELLER_KINDS = {
    "idle": N_("Private idle goods"),
    "sporadic": N_("Sporadic small trade"),
    "operator": N_("Business operator"),
    "consignment": N_("Consignment"),
    "self_operated": N_("Self-operated"),
}
PERSON_SELLER_KINDS = ("idle", "sporadic", "operator")
ORG_SELLER_KINDS = ("operator", "consignment")
LICENSED = frozenset({"operator", "consignment", "self_operated"})

ORG_KINDS = {
    "shop": N_("Second-hand or consignment shop"),
    "agency": N_("Appraisal agency"),
    "organiser": N_("Market organiser"),
    "school": N_("School"),
    "association": N_("Trade association"),
    "community": N_("Residents' committee or community"),
    "regulator": N_("Regulator"),
    "platform": N_("Platform"),
}
MAY_LACK_LICENCE = ("shop", "community")
PROPOSABLE = ("shop", "agency", "organiser", "school", "association", "community")

SUSPENSION_REASONS = {
    "banned_goods": N_("Offered banned goods"),
    "false_information": N_("Gave false information"),
    "fraud": N_("Suspected fraud"),
    "abuse": N_("Abused other people"),
    "authority": N_("Ordered by an authority"),
    "taken_over": N_("The account seems to be in other hands"),
}

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL = re.compile(
    rf"[a-z0-9!#$%&'*+/=?^_{{|}}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_{{|}}~-]+)*@(?:{_LABEL}\.)+[a-z]{{2,63}}"
)


class TooManyTries(Refused):
    """Too often in a short time; the sentence says how long to wait."""

    status = 429


@dataclass(frozen=True, slots=True)
class Address:
    """A mobile number (11 digits) or e-mail address (lower case), and how it is shown to others."""

    kind: str  # mobile | email
    value: str
    masked: str

    @property
    def channel(self) -> str:
        return "sms" if self.kind == "mobile" else "email"


def read_address(typed: str) -> Address:
    """Read a mainland mobile number or an e-mail address as people type it. Raises
    Invalid(field="contact")."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    if "@" in plain:
        return _email(plain.lower())
    digits = re.sub(r"[\s()-]", "", plain)
    digits = re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", digits)
    if not _MOBILE.fullmatch(digits):
        raise Invalid(
            "bad_contact",
            N_("Please give a mobile number with 11 digits or an e-mail address."),
            field="contact",
        )
    return Address("mobile", digits, f"{digits[:3]}****{digits[-4:]}")


def _email(plain: str) -> Address:
    local, _, domain = plain.rpartition("@")
    if len(plain) > 254 or len(local) > 64 or not _EMAIL.fullmatch(plain):
        raise Invalid("bad_email", N_("This doesn't look like an e-mail address."), field="contact")
    shown = domain if len(domain) <= 40 else f"…{domain[-40:]}"
    return Address("email", plain, f"{local[0]}***@{shown}")


def read_name(typed: str) -> str:
    """A display name of 2 to 20 characters that shows no phone number and hides no characters. Raises
    Invalid."""
    name = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", typed)).strip()
    if not NAME_LENGTH[0] <= len(name) <= NAME_LENGTH[1]:
        raise Invalid("name_length", N_("Please choose a name of 2 to 20 characters."), field="name")
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cn", "Cs") for sign in name):
        raise Invalid("name_signs", N_("The name contains characters that can't be seen."), field="name")
    if re.search(r"\d{7,}", re.sub(r"[\s.-]", "", name)) or "@" in name:
        raise Invalid(
            "name_contact", N_("Please don't put a number or address into your public name."), field="name"
        )
    return name


def read_licence(typed: str) -> str:
    """A unified social credit code (GB 32100-2015: 18 characters, check character last). Raises Invalid."""
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed)).upper()
    if not uscc.is_valid(plain):
        raise Invalid(
            "bad_licence",
            N_(
                "This is not a valid unified social credit code: 18 characters, the last one is a check "
                "character."
            ),
            field="licence_no",
        )
    return plain


def roles_for(org_kind: str) -> tuple[str, ...]:
    """The roles that can be held in an organisation of this kind, in the order of the table."""
    return tuple(code for code, role in ROLES.items() if org_kind in role.org_kinds)


def check_role(role: str, org_kind: str) -> None:
    """Raises Invalid when the role can't be held in an organisation of this kind."""
    if role not in roles_for(org_kind):
        raise Invalid(
            "role_elsewhere", N_("This role can't be held in an organisation of this kind."), field="role"
        )


def check_seller_kind(kind: str, allowed: tuple[str, ...], licence_no: str) -> str:
    """Raises Invalid unless the kind fits the subject and a business shows its licence. Returns the
    licence number.

    Source: E-commerce Law 10, 15, 27 (registration and showing the licence)."""
    if kind not in allowed:
        raise Invalid("seller_kind", N_("This kind of seller doesn't fit here."), field="kind")
    return read_licence(licence_no) if kind in LICENSED or licence_no.strip() else ""


def months_later(moment: datetime, months: int) -> datetime:
    """The same time of day so many months later; the last day of a shorter month."""
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def sends_left(sent_at: list[datetime], now: datetime) -> None:
    """Raises TooManyTries when one more code to the same contact would be too often. `sent_at`: of the
    last day."""
    if any(now - one < CODE_PAUSE for one in sent_at):
        raise TooManyTries(
            "code_pause", N_("A code was asked for a moment ago. Please wait a minute."), field="contact"
        )
    within_hour = sum(now - one < timedelta(hours=1) for one in sent_at)
    if within_hour >= CODES_AN_HOUR or len(sent_at) >= CODES_A_DAY:
        raise TooManyTries(
            "code_limit",
            N_("Too many codes were asked for this contact. Please try again later."),
            field="contact",
        )
