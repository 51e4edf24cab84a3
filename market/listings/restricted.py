"""The closed list of banned and restricted goods, read once from restricted.toml and checked."""

import functools
from collections.abc import Mapping
from pathlib import Path

from core.data_files import Table, read_table, twice
from core.goods.cards import all_cards
from market.listings.restricted_goods import Goods, Need, plain

FILE = Path(__file__).resolve().parent / "restricted.toml"


@functools.lru_cache
def all_goods(path: Path = FILE) -> tuple[Goods, ...]:
    """The closed list, in the file's order. Raises BadDataFile for an entry that is wrong."""
    table = read_table(path)
    needs = {need.code: need for need in map(_need, table.tables("needs"))}
    goods = tuple(_goods(row, needs) for row in table.tables("goods"))
    table.done()
    again = twice(entry.code for entry in goods)
    if again:
        raise table.wrong("goods", f"have {again} twice")
    return goods


def find_goods(code: str) -> Goods | None:
    return next((entry for entry in all_goods() if entry.code == code), None)


def _need(row: Table) -> Need:
    need = Need(code=row.code("code"), name=row.words("name"))
    row.done()
    return need


def _goods(row: Table, needs: Mapping[str, Need]) -> Goods:
    categories = [str(card.code) for card in all_cards()]
    entry = Goods(
        code=row.code("code"),
        kind=row.choice("kind", ("banned", "restricted")),
        name=row.words("name"),
        text=row.words("text"),
        source=row.text("source"),
        needs=needs[row.choice("needs", needs)] if row.has("needs") else None,
        only_in=row.choices("only_in", categories, []),
        not_in=row.choices("not_in", categories, []),
        words=row.texts("words", []),
        title_words=row.texts("title_words", []),
        allow=row.texts("allow", []),
        answers=_answers(row),
        where_new_needs_proof=row.flag("where_new_needs_proof", False),
    )
    row.done()
    _must_agree(entry, row)
    return entry


def _answers(row: Table) -> dict[str, tuple[str, ...]]:
    if not row.has("answers"):
        return {}
    inner = row.table("answers")
    answers = {question: inner.texts(question) for question in inner.every_key()}
    inner.done()
    return answers


def _must_agree(entry: Goods, row: Table) -> None:
    words = (*entry.words, *entry.title_words)
    if (entry.kind == "restricted") != (entry.needs is not None):
        raise row.wrong("needs", "belongs to a restricted entry, and that one needs it")
    if entry.only_in and entry.not_in:
        raise row.wrong("only_in", "and not_in exclude each other")
    for text in (*words, *entry.allow):
        if plain(text) != text:
            raise row.wrong("words", f"must be written as they are compared: {plain(text)!r}, not {text!r}")
    again = twice(words)
    if again:
        raise row.wrong("words", f"have {again} twice")
    idle = next((phrase for phrase in entry.allow if not any(word in phrase for word in words)), None)
    if idle:
        raise row.wrong("allow", f"names {idle!r}, in which none of the words stands")
