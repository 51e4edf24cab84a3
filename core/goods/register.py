"""The categories table follows the cards: adding a category is adding a file."""

from sqlalchemy import select

from core import clock
from core.db import Database
from core.goods.cards import all_cards
from core.goods.models import Category
from core.work import Actor, work


def keep_categories(database: Database) -> None:
    """Bring the table in line with the card files. A category never turns from data-bearing to not."""
    with database.session() as session:
        known = {row.code: row.data_bearing for row in session.scalars(select(Category))}
        wanted = {card.code: card.data_bearing for card in all_cards()}
        if wanted.items() <= known.items():
            return
        with work(session, Actor("system:cards"), clock.now()) as w:
            for code, data_bearing in wanted.items():
                w.session.merge(Category(code=code, data_bearing=data_bearing or known.get(code, False)))
