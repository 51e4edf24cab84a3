"""What can be said about consignors without looking anything up: papers, names, accounts, what somebody looks for. Pure.

Formats of papers: GB 11643 (citizen number with its check character, ISO 7064 MOD 11-2) for the identity card, for residence
permits of Hong Kong, Macao and Taiwan residents (regions 81, 82, 83) and, beginning with 9, for the permanent residence card of
2023; ICAO Doc 9303 (at most nine letters and digits) for passports; GB 32100 for bodies. The older cards and travel permits are
read by their public shape, as known, without a source at hand."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from stdnum import luhn
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from core.errors import Invalid
from core.i18n import N_
from core.people.rules import Address, read_address

PAPERS: Final = ("resident_id", "hmt_permit", "passport", "prc_card", "uscc")
"""Papers that a giver of goods can show: resident identity card, travel or residence permit of residents of Hong Kong, Macao or
Taiwan, passport, foreigner's permanent residence card, and a body's unified social credit code."""
PAYOUTS: Final = ("cash", "transfer", "hold")
"""How a consignor wants to be paid; `hold`: stays with the shop until asked for."""
BODY: Final = "uscc"
PAPER_WORDS: Final = {
    "resident_id": N_("Resident identity card"),
    "hmt_permit": N_("Permit of a resident of Hong Kong, Macao or Taiwan"),
    "passport": N_("Passport"),
    "prc_card": N_("Permanent residence card for foreigners"),
    "uscc": N_("Business licence (unified social credit code)"),
}
PAYOUT_WORDS: Final = {
    "cash": N_("Cash at the shop"),
    "transfer": N_("Bank transfer"),
    "hold": N_("It stays with the shop until asked for"),
}
# why somebody may see a file in full; codes in the log
LOOKS: Final = {
    "at_counter": N_("The person stands at the counter, and the paper is compared"),
    "reach": N_("To reach the person about their goods"),
    "pay_out": N_("To pay money out"),
    "authority": N_("An authority asked, on paper"),
    "mistake": N_("To put a mistake in the file right"),
}
# where the full name stands besides the file itself; codes in the log
SHOWN_THERE: Final = {
    "signing": N_("An agreement was opened to be signed"),
    "paper": N_("An agreement was opened to be printed"),
}
# why a delegate of a consignor is one no longer; codes in the log
DELEGATE_ENDS: Final = {
    "asked": N_("The consignor asked for it"),
    "mistake": N_("The paper was wrong or written down wrong"),
    "abuse": N_("Somebody tried to collect who may not"),
}
ADULT: Final = 18
OLDEST: Final = 130
TRIES: Final = 5
_WRONG: Final = {
    "resident_id": N_("This is no number of an identity card: 18 characters, the last one is a check character."),
    "hmt_permit": N_(
        "This is no number of such a permit: H or M with 8 or 10 digits, 8 digits, or the 18 characters of a residence permit."
    ),
    "passport": N_("This is no passport number: 5 to 9 letters and digits."),
    "prc_card": N_("This is no number of such a card: three letters and 12 digits, or 18 digits that begin with 9."),
    "uscc": N_("This is not a valid unified social credit code: 18 characters, the last one is a check character."),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper's kind and number as it is kept; `born`: where the number tells it."""

    kind: str
    number: str
    born: date | None = None

    @property
    def masked(self) -> str:
        """The first signs only: the last four are asked for at the counter, so that no page may show them."""
        shown = 3 if len(self.number) >= 12 else 2
        return self.number[:shown] + "*" * (len(self.number) - shown)


def read_paper(kind: str, typed: str, field: str = "paper_no") -> Paper:
    """A paper's number as people type it: any case, with spaces. Raises Invalid at the field."""
    if kind not in PAPERS:
        raise Invalid("paper_kind", N_("Choose the kind of paper that was shown."), field="paper_kind")
    number = _plain(typed)
    paper = _READERS[kind](number) if number.isascii() else None
    if paper is None and _has_wrong_check(kind, number):
        raise Invalid("paper_check", N_("The check character doesn't fit. Compare it with the paper once more."), field=field)
    if paper is None:
        raise Invalid("paper_wrong", _WRONG[kind], field=field)
    return paper


def _resident(number: str) -> Paper | None:
    return _citizen("resident_id", number) if number[:1] in ("1", "2", "3", "4", "5", "6", "7") else None


def _permit(number: str) -> Paper | None:
    if re.fullmatch(r"[HM]\d{8}(\d{2})?|\d{8}", number):
        return Paper("hmt_permit", number)
    return _citizen("hmt_permit", number) if re.match(r"8[123]0000", number) else None


def _passport(number: str) -> Paper | None:
    return Paper("passport", number) if re.fullmatch(r"(?=.*\d)[A-Z0-9]{5,9}", number) else None


def _permanent(number: str) -> Paper | None:
    if re.fullmatch(r"[A-Z]{3}\d{12}", number):
        return Paper("prc_card", number)
    return _citizen("prc_card", number) if number[:1] == "9" else None


def _body(number: str) -> Paper | None:
    return Paper("uscc", number) if uscc.is_valid(number) else None


def _citizen(kind: str, number: str) -> Paper | None:
    """18 characters with a birthday and a right check character. The region isn't looked up: regions are made anew every year,
    and nobody is sent away whose card is younger than our list."""
    try:
        if not re.fullmatch(r"\d{17}[\dX]", number) or ric.calc_check_digit(number) != number[-1]:
            return None
        return Paper(kind, number, ric.get_birth_date(number))
    except ValidationError:
        return None


def _has_wrong_check(kind: str, number: str) -> bool:
    """Is it of the right length and signs, and only its check character is another one?"""
    if kind == BODY:
        code = re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]{18}", number) and not _citizen(kind, number)
        return bool(code) and uscc.calc_check_digit(number[:-1]) != number[-1]
    card = kind != "passport" and re.fullmatch(r"[0-9]{17}[0-9X]", number)
    return bool(card) and ric.calc_check_digit(number) != number[-1]


_READERS: Final = {"resident_id": _resident, "hmt_permit": _permit, "passport": _passport, "prc_card": _permanent, "uscc": _body}


def check_age(paper: Paper, today: date, seen: bool) -> None:
    """Civil Code 17 to 19, 145: under 18 a guardian brings the goods. `seen`: the clerk read on the paper that the person is of
    age, for papers whose number doesn't tell it. Raises Invalid."""
    if paper.kind == BODY:
        return
    if paper.born is None:
        if not seen:
            look = N_("Look at the birthday on the paper, and say that the person is of age.")
            raise Invalid("age_unseen", look, field="of_age")
    elif not 0 <= (years := age(paper.born, today)) <= OLDEST:
        odd = N_("The birthday in this number can't be right. Compare it with the paper.")
        raise Invalid("paper_wrong", odd, field="paper_no")
    elif years < ADULT:
        raise Invalid("under_age", N_(
            "Whoever is under 18 can't consign alone: a parent or another guardian has to bring the goods and open the file."
        ), field="paper_no")  # fmt: skip


def age(born: date, today: date) -> int:
    """Whole years; below zero for a birthday that is still to come."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def read_full_name(typed: str, kind: str) -> str:
    """The name on the paper: 2 to 60 characters, of a body up to 80. Raises Invalid at field `name`."""
    name = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", typed)).strip()
    if not 2 <= len(name) <= (80 if kind == BODY else 60):
        raise Invalid("name_length", N_("Write the name as it stands on the paper."), field="name")
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cn", "Cs") for sign in name) or re.search(r"\d{7,}|@", name):
        raise Invalid("name_signs", N_("This is no name. Write it as it stands on the paper."), field="name")
    return name


def masked_name(name: str, kind: str) -> str:
    """What lists show of a name, at most 40 characters: the first sign of each word. A body's name is public and stays."""
    if kind == BODY:
        return name if len(name) <= 40 else f"{name[:39]}…"
    if " " not in name and not name.isascii():
        return name[0] + "*" * min(len(name) - 1, 3)
    return " ".join(f"{word[0]}***" for word in name.split(" ")[:6])


def read_account(typed: str) -> str:
    """A bank account's or card's number: 8 to 32 digits; a card of the country (it begins with 62) has a right check digit (Luhn,
    ISO/IEC 7812). Raises Invalid at field `payout_account`."""
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed))
    if not re.fullmatch(r"\d{8,32}", number, re.ASCII):
        raise Invalid("account_wrong", N_("Write the number of the account or card: 8 to 32 digits."), field="payout_account")
    if re.fullmatch(r"62\d{14,17}", number) and not luhn.is_valid(number):
        typo = N_("This card number has a typing mistake. Compare it with the card.")
        raise Invalid("card_wrong", typo, field="payout_account")
    return number


def masked_account(number: str) -> str:
    return f"****{number[-4:]}"


@dataclass(frozen=True, slots=True)
class Sought:
    """What a file is looked for by: its number, a whole contact, or a whole number of a paper of one of some kinds."""

    by: str  # number | contact | paper
    number: str = ""
    contact: Address | None = None
    papers: tuple[Paper, ...] = ()


def file_number(count: int) -> str:
    """The number of a shop's nth file: C-0001."""
    return f"C-{count:04d}"


def read_sought(typed: str) -> Sought:
    """A file number (six digits at most: C with seven or more is a passport), a whole mobile number or e-mail address, or a whole
    number of a paper. Raises Invalid at field `sought`."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed)).upper()
    if found := re.fullmatch(r"C-?(\d{1,6})|(\d{1,6})", plain, re.ASCII):
        return Sought("number", number=file_number(int(found[1] or found[2])))
    try:
        return Sought("contact", contact=read_address(typed))
    except Invalid:
        papers = tuple(one for kind in PAPERS if (one := _fitting(kind, typed)))
    if not papers:
        raise Invalid("sought_wrong", N_(
            "Type a file number, a whole mobile number or e-mail address, or the whole number of a paper: parts find nothing."
        ), field="sought")  # fmt: skip
    return Sought("paper", papers=papers)


def _fitting(kind: str, typed: str) -> Paper | None:
    try:
        return read_paper(kind, typed)
    except Invalid:
        return None


def _plain(typed: str) -> str:
    """Signs of a paper's number as people type them: any case, with spaces."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed)).upper()


def read_four(typed: str) -> str:
    """Four signs, as the end of a paper's number has them. Raises Invalid at field `last_four`."""
    plain = _plain(typed)
    if not re.fullmatch(r"[A-Z0-9]{4}", plain, re.ASCII):
        raise Invalid("four_signs", N_("Type the four signs: the last four letters and digits on the paper."), field="last_four")
    return plain


def is_last_four(number: str, typed: str) -> bool:
    """Are these the last four signs of a paper's number?"""
    plain = _plain(typed)
    return len(plain) == 4 and number[-4:] == plain
