"""How a message is read before it is judged: signs that look alike become one, hidden ones go, and each keeps its place.

Three readings of the same words: `letters` (NFKC, lower case, Cyrillic and Greek twins as Latin, no invisible signs), `tight`
(what was pulled apart letter by letter is closed again: "w x", "线 下 付", "P.a.y"), and `numbers` (words and Chinese numerals
as digits). Pure."""

import re
import unicodedata
from dataclasses import dataclass

# letters of other alphabets that nobody tells from the Latin ones by eye
_TWINS_OF = {
    "a": "аα", "b": "бвβ", "c": "с", "d": "ԁ", "e": "еёε", "g": "ɡ", "h": "нһ", "i": "іїιı", "j": "ј", "k": "кκ", "l": "ℓ",
    "m": "м", "n": "η", "o": "оο", "p": "рρ", "q": "ԛ", "r": "г", "s": "ѕ", "t": "тτ", "u": "μυ", "v": "νѵ", "w": "ԝω", "x": "хχ",
    "y": "уγ", "z": "зζ",
}  # fmt: skip
_TWINS = {ord(twin): latin for latin, twins in _TWINS_OF.items() for twin in twins}
_UNSEEN = ("Cf", "Cc", "Mn", "Me", "Co", "Cs", "Cn")
_HAN = "\u3400-\u9fff"
# one separator between two Chinese characters, or a row of single letters with the same sign between them
_VEIL = re.compile(rf"(?<=[{_HAN}])[ \t*_·~^|.\-]{{1,3}}(?=[{_HAN}])")
_SPELT = re.compile(r"(?<![a-z0-9])[a-z](?:[ .*_·~|\-]{1,2}[a-z](?![a-z0-9]))+")
_BETWEEN = re.compile(r"[ .*_·~|\-]+")

_WRITTEN = {
    "0": "零〇○洞", "1": "一幺壹弌", "2": "二贰貳弍两", "3": "三叁參弎", "4": "四肆", "5": "五伍", "6": "六陆陸",
    "7": "七柒拐", "8": "八捌", "9": "九玖勾",
}  # fmt: skip
DIGITS = {sign: digit for digit, signs in _WRITTEN.items() for sign in signs}
SPOKEN = {"zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
          "eight": "8", "nine": "9"}  # fmt: skip
SEEN_AS = {"o": "0", "l": "1", "i": "1"}


@dataclass(frozen=True, slots=True)
class Reading:
    """Text as it is compared, and where each of its signs stands in the text as written."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the reading stands in the text as written: start, end."""
        return self.places[start], self.places[end - 1] + 1


def letters(text: str) -> Reading:
    signs, places = [], []
    for place, sign in enumerate(text):
        if sign == "\n":
            signs.append(" ")
            places.append(place)
            continue
        if unicodedata.category(sign) in _UNSEEN:
            continue
        for one in unicodedata.normalize("NFKC", sign).lower().replace("\u2795", "+").translate(_TWINS):
            if unicodedata.category(one) not in _UNSEEN:
                signs.append(" " if one.isspace() else one)
                places.append(place)
    return Reading("".join(signs), tuple(places))


def tight(reading: Reading) -> Reading:
    """The same without what was put between single letters or Chinese characters."""
    gaps = {at for match in _VEIL.finditer(reading.text) for at in range(*match.span())}
    for match in _SPELT.finditer(reading.text):
        gaps |= {match.start() + at for one in _BETWEEN.finditer(match[0]) for at in range(*one.span())}
    if not gaps:
        return reading
    kept = [at for at in range(len(reading.text)) if at not in gaps]
    return Reading("".join(reading.text[at] for at in kept), tuple(reading.places[at] for at in kept))


_WORD = re.compile(r"(?<![a-z])(?:" + "|".join(SPOKEN) + r")(?![a-z])")
_LOOKS = re.compile(r"(?<![a-z])[0-9oli]{8,}(?![a-z])")


def numbers(reading: Reading) -> Reading:
    """The same with spoken and written numerals as digits, and o, l, i as digits in a row that is digits for the most part."""
    text = list(reading.text)
    for match in _LOOKS.finditer(reading.text):
        if sum(sign.isdigit() for sign in match[0]) * 3 >= len(match[0]) * 2:
            for at in range(*match.span()):
                text[at] = SEEN_AS.get(text[at], text[at])
    signs, places, at = [], [], 0
    spoken = {match.start(): match for match in _WORD.finditer(reading.text)}
    while at < len(text):
        if at in spoken:
            signs.append(SPOKEN[spoken[at][0]])
            places.append(reading.places[at])
            at = spoken[at].end()
            continue
        signs.append(DIGITS.get(text[at], text[at]))
        places.append(reading.places[at])
        at += 1
    return Reading("".join(signs), tuple(places))
