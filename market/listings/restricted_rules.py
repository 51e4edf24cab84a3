"""Banned and restricted goods: what a listing's words and answers suggest. Pure; the list: restricted.toml.

Sources stand with every entry. A word is only a sign: an entry names phrases in which it is harmless, and
what is restricted goes to a person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from market.listings.restricted import all_goods
from market.listings.restricted_goods import Goods, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """`where` is title, description or the answer's question; `matched` the word or the answer found there;
    `text` the English sentence for the person, translated like any other."""

    code: str
    kind: str
    where: str
    matched: str
    text: str


def check(
    title: str,
    description: str,
    category: str,
    answers: Mapping[str, object] | None = None,
    goods: Sequence[Goods] | None = None,
) -> list[Hit]:
    """Every sign of a banned or restricted thing, in the list's order; none means nothing was found, not that
    all is well. One hit for each code, place and word. `goods`: the closed list unless another is given."""
    texts = {"title": plain(title), "description": plain(description)}
    hits = []
    for entry in all_goods() if goods is None else goods:
        if entry.concerns(category):
            hits += [*_by_words(entry, texts), *_by_answers(entry, answers or {})]
    return hits


def refused(hits: Sequence[Hit]) -> tuple[str, ...]:
    """The banned codes among the hits: any refuses the listing."""
    return tuple(dict.fromkeys(hit.code for hit in hits if hit.kind == "banned"))


def to_review(hits: Sequence[Hit]) -> tuple[str, ...]:
    """The restricted codes among the hits: they ask for proof and a person's look."""
    return tuple(dict.fromkeys(hit.code for hit in hits if hit.kind == "restricted"))


def _by_answers(entry: Goods, answers: Mapping[str, object]) -> Iterator[Hit]:
    for question, deciding in entry.answers.items():
        if answers.get(question) in deciding:
            yield _hit(entry, question, str(answers[question]))


def _by_words(entry: Goods, texts: Mapping[str, str]) -> Iterator[Hit]:
    for where, text in texts.items():
        words = [word for word in (*entry.words, *(entry.title_words if where == "title" else ())) if word in text]
        if not words:
            continue
        harmless = [place for phrase in entry.allow for place in _places(phrase, text)]
        for word in words:
            if any(not _inside(place, harmless) for place in _places(word, text)):
                yield _hit(entry, where, word)


def _hit(entry: Goods, where: str, matched: str) -> Hit:
    return Hit(code=entry.code, kind=entry.kind, where=where, matched=matched, text=entry.text.en)


def _inside(place: tuple[int, int], harmless: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place[0] and place[1] <= end for start, end in harmless)


def _places(word: str, text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every occurrence; of Latin words only where no Latin letter or digit joins them."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not (_joined(text, start) or _joined(text, end)):
            yield start, end
        start = text.find(word, start + 1)


def _joined(text: str, at: int) -> bool:
    """Do two Latin letters or digits meet at this place, so that it is no end of a word?"""
    pair = text[at - 1 : at + 1] if at else ""
    return len(pair) == 2 and pair.isascii() and pair.isalnum()
