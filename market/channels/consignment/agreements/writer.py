"""Writes clauses in one language: sentences with their values, money, and the article that a clause rests on."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.i18n import N_, say
from core.money import CNY, Money, format_money


@dataclass(frozen=True, slots=True)
class Clause:
    """`law`: the article, "" where there is none; `weighs`: what takes something from the consignor, shown plainly (496)."""

    code: str
    title: str
    law: str
    sentences: tuple[str, ...]
    weighs: bool = False


class Writer:
    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, sentence: str, /, **values: object) -> str:
        return say(sentence, self.language, **values)

    def money(self, minor: int) -> str:
        return format_money(Money(minor, CNY), self.language)

    def clause(self, code: str, title: str, law: str, sentences: Iterable[str], weighs: bool = False) -> Clause:
        article = self(N_("Civil Code, article %(number)s"), number=law) if law and law[0].isdigit() else self(law)
        return Clause(code, self(title), article, tuple(sentences), weighs)
