"""What may be written down about a thing: numbers, answers, storage. Pure; `reasons.py` has the sentences."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from stdnum import imei, luhn, meid
from stdnum.exceptions import InvalidChecksum, ValidationError

from core.goods.card import Attribute, Card, Disclosure, Media
from core.goods.placeholders import is_placeholder as is_placeholder

SERIAL_LEAST: Final = 4
SERIAL_MOST: Final = 40
TEXT_MOST: Final = 120
IMEI_DIGITS: Final = 15
FIRST_YEAR: Final = 1900
ANSWERS: Final = ("yes", "no", "unknown")

_SEPARATORS = re.compile(r"[-_\u2010-\u2015\u2212]|\s")
_INVISIBLE = frozenset({"Cf", "Cc"})
_DIGITS = frozenset("0123456789")
_ON_LABELS: Final = "./+#:"
_SHAPES: Final = ("imei_digits", "imei_length", "meid_format", "serial_too_long")


def normalise_serial(value: str) -> str:
    """The form in which two spellings of one number are equal: full-width folded, upper-case, without spaces,
    dashes, underscores and invisible characters. Keep what was typed beside it for display.

    Source: wipe.md 6 (trim, upper-case, `_` vs space, `WD-` prefix); our own choice where it is silent.
    Nothing is cut off and nothing guessed: O stays O and 0 stays 0."""
    # taking a space out can bring letters together that fold once more; a second round settles all of Unicode
    return _tidied(_tidied(value))


def _tidied(value: str) -> str:
    folded = unicodedata.normalize("NFKC", value).upper()
    visible = "".join(letter for letter in folded if unicodedata.category(letter) not in _INVISIBLE)
    return _SEPARATORS.sub("", visible)


def normalise_identifier(kind: str, value: str) -> str:
    """The one form of a number of this kind: for an IMEISV the 15-digit IMEI of the same phone, for a decimal
    MEID its 14 hexadecimal characters. What is not valid comes back merely tidied."""
    plain = normalise_serial(value)
    if kind == "imei" and len(plain) == 16 and _only_digits(plain):
        return plain[:14] + str(luhn.calc_check_digit(plain[:14]))
    if kind == "meid" and meid.is_valid(plain):
        return str(meid.compact(plain))
    return plain


def forms_of(typed: str) -> frozenset[str]:
    """The forms in which a number of unknown kind may be on file; empty where nothing was typed. One of 16 digits may be an
    IMEISV or a serial number; one of 18 digits, or with a check digit, a MEID or a serial number."""
    return frozenset(normalise_identifier(kind, typed) for kind in ("serial", "imei", "meid")) - {""}


def mask(value: str) -> str:
    """A number as the public may see it: the last four hidden. Who holds the thing can fill them in."""
    plain = normalise_serial(value)
    return plain[:-4] + "*" * min(4, len(plain))


def _only_digits(plain: str) -> bool:
    return bool(plain) and set(plain) <= _DIGITS


def serial_problem(card: Card, kind: str, value: str) -> str | None:
    """Why this number can't be taken for a thing of this category, or None. Codes: see REASONS.

    A number the card does not ask for is refused: a coat never carries one (PIPL art. 6, collect least)."""
    asked = card.find_identifier(kind)
    if asked is None:
        return "identifier_not_asked"
    if not normalise_serial(value):
        return "identifier_missing" if asked.required else None
    return _one_problem(kind, value)


def number_problem(typed: str) -> str | None:
    """Why what was typed without its kind can be no number at all, or None. Of 15 digits a serial number can't be told from an
    IMEI with a slip: "imei_checksum" says so, and whoever finds that very number on file knows better."""
    plain = normalise_serial(typed)
    problem = _one_problem("serial", plain) if plain else "identifier_none"
    slip = problem is None and len(plain) == IMEI_DIGITS and _only_digits(plain) and not imei.is_valid(plain)
    return "imei_checksum" if slip else problem


def _one_problem(kind: str, value: str) -> str | None:
    """Its shape is told first: only what looks like a number of its kind can be a filler."""
    plain = normalise_identifier(kind, value)
    if not any(letter.isalnum() or letter in _ON_LABELS for letter in plain):
        return "identifier_none"
    problem = _CHECKS[kind](plain)
    letter = problem == "serial_too_short" and len(plain) == 1 and plain.isalpha()
    return problem if letter or problem in _SHAPES or not is_placeholder(value) else "serial_placeholder"


def identifier_problems(card: Card, values: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """All numbers of one thing at once: kind -> code, only where something is wrong.

    A phone for two SIMs has two IMEIs, so identity is a set (wipe.md 6)."""
    problems = {}
    for kind in dict.fromkeys([*(identifier.kind for identifier in card.identifiers), *values]):
        typed = [value for value in values.get(kind, ()) if normalise_serial(value)]
        problem = _set_problem(card, kind, typed)
        if problem:
            problems[kind] = problem
    return problems


def _set_problem(card: Card, kind: str, values: Sequence[str]) -> str | None:
    if not values:
        return serial_problem(card, kind, "") if card.find_identifier(kind) else None
    for value in values:
        problem = serial_problem(card, kind, value)
        if problem:
            return problem
    if len({normalise_identifier(kind, value) for value in values}) < len(values):
        return "identifier_twice"
    asked = card.find_identifier(kind)
    return "identifier_too_many" if asked and len(values) > asked.most else None


def _serial_text_problem(plain: str) -> str | None:
    """Our own bounds: seen serials run from 6 to 30 characters; `/`, `.`, `+`, `#`, `:` occur on labels."""
    if not re.fullmatch(rf"[A-Z0-9{_ON_LABELS}]+", plain):
        return "serial_characters"
    if len(plain) < SERIAL_LEAST:
        return "serial_too_short"
    return "serial_too_long" if len(plain) > SERIAL_MOST else None


def _imei_problem(plain: str) -> str | None:
    """15 digits, the last by Luhn; normalise_identifier has already made an IMEISV (16) into one.

    Source: 3GPP TS 23.003 section 6 as known, not re-read; check by python-stdnum."""
    if not _only_digits(plain):
        return "imei_digits"
    if len(plain) != IMEI_DIGITS:
        return "imei_length"
    return None if imei.is_valid(plain) else "imei_checksum"


def _meid_problem(plain: str) -> str | None:
    """14 hexadecimal characters or 18 digits, a check digit may follow (3GPP2 S.R0048 [memory])."""
    try:
        meid.validate(plain)
    except InvalidChecksum:
        return "meid_checksum"
    except ValidationError:
        return "meid_format"
    return None


_CHECKS: Final[dict[str, Callable[[str], str | None]]] = {
    "serial": _serial_text_problem,
    "imei": _imei_problem,
    "meid": _meid_problem,
}


def holds_data(card: Card, smart_answer: str | None) -> bool:
    """Must this thing be wiped before it is listed? Of goods that hold data only sometimes, yes, unknown and
    no answer all count as yes (wipe.md (b) row 16: a second look for smart goods; unknown never passes)."""
    return card.data_bearing or (card.smart is not None and smart_answer != "no")


def device_class(card: Card, smart_answer: str | None) -> str:
    """The class for the city's figures; a smart piece of furniture counts as electronics."""
    if card.smart is not None and holds_data(card, smart_answer):
        return card.smart.device_class
    return card.device_class


def is_bag_number(text: str) -> bool:
    """Can it be printed on a sealed bag? Letters, digits and a few signs, at most 40; no control character, no emoji."""
    return 0 < len(text) <= 40 and all(sign.isalnum() or sign in " -_./#" for sign in text)


def is_electronic(card: Card, data_bearing: bool) -> bool:
    """Is it an electrical thing of the three classes? What holds data always is, smart furniture too."""
    return data_bearing or card.device_class != "none"


def expected_media(card: Card, smart_answer: str | None) -> Media:
    """The storage to ask for at intake."""
    if card.smart is not None and holds_data(card, smart_answer):
        return card.smart.media
    return card.media


def steps_for(card: Card, smart_answer: str | None) -> tuple[str, ...]:
    """The thing's way to the shelf: the card's steps, with wipe and verify added if it turned out smart."""
    if "wipe" in card.steps or not holds_data(card, smart_answer):
        return card.steps
    at = max(card.steps.index(step) for step in ("intake", "check") if step in card.steps) + 1
    return (*card.steps[:at], "wipe", "verify", *card.steps[at:])


def smart_problem(card: Card, answer: str | None) -> str | None:
    """The question must be answered where the card asks it; "unknown" is an answer."""
    return "smart_missing" if card.smart is not None and answer not in ANSWERS else None


def media_problem(media: Media, kinds: Sequence[str]) -> str | None:
    """Does the storage found fit the storage expected? `kinds` has one entry per piece found."""
    if any(kind not in media.kinds for kind in kinds):
        return "media_kind"
    if len(kinds) < media.least:
        return "media_too_few"
    return "media_too_many" if len(kinds) > media.most else None


def attribute_problem(attribute: Attribute, value: str, this_year: int) -> str | None:
    """Why a property can't be taken as typed, or None. Numbers are plain decimals with a point."""
    plain = value.strip()
    if not plain:
        return "attribute_missing" if attribute.required else None
    if attribute.kind == "choice":
        return None if attribute.find_choice(plain) else "attribute_choice"
    if attribute.kind == "year":
        known = len(plain) == 4 and _only_digits(plain) and FIRST_YEAR <= int(plain) <= this_year
        return None if known else "attribute_year"
    if attribute.kind == "number":
        return _number_problem(attribute, plain)
    return "attribute_too_long" if len(plain) > (attribute.most or TEXT_MOST) else None


def _number_problem(attribute: Attribute, plain: str) -> str | None:
    match = re.fullmatch(r"([0-9]{1,12})(?:\.([0-9]{1,12}))?", plain)
    if match is None:
        return "attribute_number"
    whole, places = match.group(1), match.group(2) or ""
    if len(places) > attribute.decimals:
        return "attribute_decimals"
    scale = 10 ** len(places)
    scaled = int(whole + places)
    if attribute.least is not None and scaled < attribute.least * scale:
        return "attribute_range"
    if attribute.most is not None and scaled > attribute.most * scale:
        return "attribute_range"
    return None


def disclosure_problem(disclosure: Disclosure, answer: str, detail: str = "") -> str | None:
    """What must be said is said: yes, no or unknown, and after a yes the detail the card asks for.

    Source: city plan HZ 一(三)3 (no passing off old as new): refurbishing and replaced parts are told."""
    if not answer.strip():
        return "disclosure_missing"
    if disclosure.kind == "text":
        return None
    if answer not in ANSWERS:
        return "disclosure_answer"
    wanted = answer == "yes" and disclosure.detail_required and not detail.strip()
    return "disclosure_detail" if wanted else None


NOTHING = frozenset({"无", "没有", "none", "no", "-", ""})  # what people write where there is nothing to tell


def tells_defect(disclosure: Disclosure, answer: str) -> bool:
    """Whether an answer tells of a defect: everything but the fine one, "don't know" too; what wasn't answered tells nothing."""
    said = answer.strip()
    return said.lower() not in NOTHING if disclosure.kind == "text" else said not in ("", disclosure.fine)


def told_defects(card: Card, answers: Mapping[str, str]) -> list[str]:
    """Codes of the disclosures that tell of a defect, in the card's order."""
    return [said.code for said in card.disclosures if tells_defect(said, str(answers.get(said.code, "")))]
