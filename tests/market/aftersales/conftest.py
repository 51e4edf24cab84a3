"""Two mediators, and Works that are opened some days from now."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.work import Actor, Work, work
from tests.exchange_stories import agreed, bought, tail_of
from tests.market_stories import listed_coat, listed_laptop


@pytest.fixture
def mediators(people: Any) -> list[Any]:
    found = [people.person(name) for name in ("Mei", "Mo")]
    for person in found:
        people.give_role(person, "mediator", people.organisation(f"调解 {person.name}", "association"))
    return found


@pytest.fixture
def at(session: Session) -> Callable[..., AbstractContextManager[Work]]:
    """`at(6, bob)` opens a Work for Bob six days from now."""

    def open_work(days: float, who: Any = None) -> AbstractContextManager[Work]:
        return work(session, who.actor if who else Actor("system:t"), clock.now() + timedelta(days=days))

    return open_work


@pytest.fixture
def order_id(doing: Any, alice: Any, bob: Any) -> str:
    """A coat that Bob bought of Alice, in cash, and that is to be exchanged."""
    return bought(doing, listed_coat(doing, alice), alice, bob)


@pytest.fixture
def case_id(doing: Any, order_id: str, alice: Any, bob: Any) -> str:
    return agreed(doing, order_id, alice, bob)


@pytest.fixture
def other(doing: Any, alice: Any) -> str:
    """Another coat that Alice has on sale."""
    return listed_coat(doing, alice, title="另一件大衣")


@pytest.fixture
def laptops(app: Any, session: Session, doing: Any, alice: Any, bob: Any, wang: Any, zhao: Any, shop: str) -> Any:
    """A laptop that Bob bought and wants exchanged, and another one that Alice has on sale: (case, first, second listing)."""
    first, second = (listed_laptop(app, doing, alice, wang, zhao, shop, nth=nth) for nth in (0, 1))
    tail = tail_of(session, first)
    session.rollback()
    with app.app_context():
        order_id = bought(doing, first, alice, bob, tail=tail)
        yield agreed(doing, order_id, alice, bob), first, second
