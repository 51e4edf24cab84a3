"""What leads away from the market in a message: contact details, and paying past it. `found_in` is the whole of it. Pure.

Why: past the market nobody can look at what happened (anti-fraud law 22, 25, 30: warn people where it happens; R-FRAUD). It is a
sign for people, never a verdict: numbers of things, parcels, orders and books, sizes, prices and dates are left alone, and no
message is held back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.folding_rules import Reading, letters, tight
from core.folding_rules import numbers as as_numbers
from core.i18n import N_
from market.listings.away import number_rules as numbers
from market.listings.away import phrase_rules as phrases

KINDS = {
    "mobile": N_("a mobile number"),
    "account": N_("an account of another service"),
    "email": N_("an e-mail address"),
    "link": N_("a link to another place"),
    "card": N_("a bank card number"),
    "elsewhere": N_("paying outside the market"),
}
CONTACT = frozenset({"mobile", "account", "email", "link"})
PAYMENT = frozenset({"card", "elsewhere"})


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found. `kind`: of KINDS; `words`: as they were written, from `start` to `end` (in characters)."""

    kind: str
    words: str
    start: int
    end: int


def found_in(text: str, own: frozenset[str] = frozenset()) -> list[Found]:
    """Everything in a text that leads away from the market, in the order of the text; one Found for each kind and place.

    `own`: host names of this house, whose addresses lead nowhere else. Empty for a text in which there is nothing."""
    seen: dict[str, list[tuple[int, int]]] = {kind: [] for kind in KINDS}
    for kind, start, end in sorted(_all(text, own), key=lambda one: (one[1], -one[2])):
        places = seen[kind]
        if places and start < places[-1][1]:
            places[-1] = (places[-1][0], max(end, places[-1][1]))
        else:
            places.append((start, end))
    found = [Found(kind, text[start:end], start, end) for kind, places in seen.items() for start, end in places]
    return sorted(found, key=lambda one: (one.start, one.end, one.kind))


def kinds_in(text: str, own: frozenset[str] = frozenset()) -> list[str]:
    """The kinds that are in a text, in the order of KINDS."""
    there = {one.kind for one in found_in(text, own)}
    return [kind for kind in KINDS if kind in there]


def _all(text: str, own: frozenset[str]) -> Iterator[tuple[str, int, int]]:
    plain = letters(text)
    if not plain.text:
        return
    closed, digits = tight(plain), as_numbers(plain)
    cards, mails = list(numbers.cards(digits)), list(phrases.found(phrases.EMAIL, plain.text))
    yield from _placed("card", digits, cards)
    yield from _placed("mobile", digits, (one for one in numbers.mobiles(digits) if not _within(one, cards)))
    yield from _placed("email", plain, mails)
    links = (one for one in phrases.found(phrases.LINK, plain.text) if not _own(plain.text[one[0] : one[1]], own))
    yield from _placed("link", plain, (one for one in links if not _within(one, mails)))
    for reading in (plain, closed):
        yield from _placed("account", reading, phrases.found(phrases.ACCOUNT, reading.text))
        past = phrases.found(phrases.ELSEWHERE, reading.text)
        yield from _placed("elsewhere", reading, (one for one in past if not phrases.spoken_against(reading.text, one[0])))


def _within(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] < end for start, end in others)


def _placed(kind: str, reading: Reading, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[str, int, int]]:
    for start, end in spans:
        yield kind, *reading.span(start, end)


def _own(link: str, own: frozenset[str]) -> bool:
    host = link.partition("//")[2] or link
    return host.split("/")[0].split(":")[0] in own
