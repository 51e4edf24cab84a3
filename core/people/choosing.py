"""At which of their places does somebody work now? Straight to the only one; else a list."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from flask import g, redirect
from sqlalchemy import select

from core.access import visitor
from core.page import Page
from core.people.models import Organisation
from core.people.names import shown_org


@dataclass(frozen=True, kw_only=True)
class Words:
    """In the reader's language. `none`, `text`: what is told to who works nowhere of that kind."""

    title: str
    lead: str
    none: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ChoosePage(Page):
    """`places`: (name, address)."""

    template = "core/people_choose_place.html"
    words: Words
    places: Sequence[tuple[str, str]]


def choose_place(roles: Iterable[str], kinds: Collection[str], address: Callable[[str], str], words: Words) -> object:
    """Answers with the visitor's organisations of these kinds where they hold a role. `address`: of a place by its id."""
    there = Organisation.id.in_(visitor().orgs_as(*roles))
    query = select(Organisation).where(there, Organisation.kind.in_(kinds), Organisation.state == "approved")
    found = g.db.scalars(query.order_by(Organisation.name, Organisation.id)).all()
    places = [(shown_org(one, g.language), address(one.id)) for one in found]
    return redirect(places[0][1], 303) if len(places) == 1 else ChoosePage(words=words, places=places).answer()
