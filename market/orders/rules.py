"""What is asked when buyer and seller meet (当面验机), and what an answer means. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.i18n import N_


@dataclass(frozen=True, slots=True)
class Question:
    """One thing the buyer looks at. `ends_clearance`: a no means that the seal or the wipe can't be trusted."""

    code: str
    ask: str
    help: str
    ends_clearance: bool = False


DEVICE = (
    Question(
        "serial", N_("Is the serial number the one on the listing?"),
        N_("Look on the label or in the settings and type its last four characters below."),
    ),
    Question(
        "setup_screen", N_("Does it start at the set-up screen?"),
        N_("Switch it on: it should greet you like a new one, or show no system at all."), ends_clearance=True,
    ),
    Question(
        "no_account", N_("Is it free of anybody's account?"),
        N_("If it asks for an account or a password of somebody else, answer no."), ends_clearance=True,
    ),
)  # fmt: skip
SEAL = Question(
    "seal", N_("Is the bag sealed and its number the one on the certificate?"),
    N_("Look at the bag before it is opened; type its number below."), ends_clearance=True,
)  # fmt: skip
ANYTHING = (
    Question("same_thing", N_("Is it the thing in the photos?"), N_("Compare it with the listing.")),
    Question(
        "defects", N_("Has it only the defects that were told?"),
        N_("Compare it with the description, the grade and what the seller disclosed."),
    ),
)  # fmt: skip


def questions(*, data_bearing: bool, sealed: bool) -> tuple[Question, ...]:
    """The seal first, while the bag is still closed; then the device; then what is asked of anything."""
    seal = (SEAL,) if sealed else ()
    return (*seal, *(DEVICE if data_bearing else ()), *ANYTHING)


@dataclass(frozen=True, slots=True)
class Checked:
    """passed: every answer is yes. missing: codes without an answer. refused: codes answered no. ends_clearance: one of
    the refused means that the wipe can't be trusted any more."""

    passed: bool
    missing: tuple[str, ...]
    refused: tuple[str, ...]
    ends_clearance: bool


def check(asked: tuple[Question, ...], answers: Mapping[str, str]) -> Checked:
    """Judge the answers: one no stops the order; an unanswered question never counts as yes."""
    missing = tuple(one.code for one in asked if answers.get(one.code) not in ("yes", "no"))
    refused = tuple(one.code for one in asked if answers.get(one.code) == "no")
    ends = any(one.ends_clearance for one in asked if one.code in refused)
    return Checked(not missing and not refused, missing, refused, ends)


def tail_matches(typed: str, full: str) -> bool:
    """Are the typed last four characters those of the number? Spaces, dashes and case don't count."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum())
    whole = "".join(letter for letter in full.upper() if letter.isalnum())
    return len(plain) >= min(4, len(whole)) and bool(plain) and whole.endswith(plain)


LEAST_REVIEWS = 3


def average_of(count: int, stars: int) -> str:
    """The average of `count` reviews with `stars` in all, to one decimal, half up: 3 with 14 is "4.7". Nothing below three:
    one or two voices are no average."""
    if count < LEAST_REVIEWS:
        return ""
    tenths = (20 * stars + count) // (2 * count)
    return f"{tenths // 10}.{tenths % 10}"
