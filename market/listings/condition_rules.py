"""The seller's own words of condition: a closed list, always shown with the mark that they are the seller's. Pure.

Letters (N S A B C D R U) come only from an appraiser and are another thing: these words have no order among the grades, are
filtered apart from them and never stand in their place (appraisal.md 5)."""

import re
from typing import Final

from core.folding_rules import letters
from core.i18n import N_, say

CONDITIONS: Final = {
    "new": N_("New, never used"),
    "nearly_new": N_("Nearly new"),
    "light_use": N_("Light signs of use"),
    "clear_use": N_("Clear signs of use"),
    "flawed": N_("Has flaws"),
    "faulty": N_("Faulty device"),
}
WRONG: Final = ("flawed", "faulty")  # the seller says by it that something is wrong: its buyer ticks that
_JOINED: Final = N_("Seller's own words: %(words)s")

# what people type where an appraiser's grade would stand: A级, S+ 级, grade B, 99新, 九五新, 9.5成新
_LETTER = (
    r"(?<![a-z0-9])(?:[nsabcd]\+{0,2}(?=\s*(?:级|級|档成色))|[nsabcd]\+{0,2}[ \-]grade(?![a-z])"
    r"|grade[ :\-]{1,2}[nsabcd](?![a-z0-9]))"
)
_TENTHS = r"(?<![\d.])[5-9](?:\.\d)?\s*成\s*新|[五六七八九][零一二三四五六七八九]?\s*成\s*新"
_HUNDREDTHS = (
    r"(?<!\d)[6-9]\d\s*新(?![款版品书年生型])"
    r"|(?<![一二三四五六七八九十])[七八九][一二三四五六七八九]\s*新(?![款版品书年生型])"
)
_CLAIMS: Final = re.compile(f"{_LETTER}|{_TENTHS}|{_HUNDREDTHS}")
_SIGN: Final = re.compile(r"\s*(?:级|級)")


def condition_shown(code: str, language: str) -> str:
    """The words with their mark, in one piece, so that nothing shows them without it; "" for none."""
    return say(_JOINED, language) % {"words": say(CONDITIONS[code], language)} if code in CONDITIONS else ""


def claimed_grade(title: str) -> str:
    """The first words of a title that sound like a grade, as they were typed; "" for none."""
    reading = letters(title)
    match = _CLAIMS.search(reading.text)
    if match is None:
        return ""
    more = _SIGN.match(reading.text, match.end())
    start, end = reading.span(match.start(), more.end() if more else match.end())
    return title[start:end]
