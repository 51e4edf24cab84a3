"""Two mediators, and Works that are opened some days from now."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.work import Actor, Work, work


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
