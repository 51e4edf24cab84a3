"""The ground floor's answers to the house's ports: people and things together."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from core.goods import own_data as things
from core.people import own_data as people
from core.people.actions.closing import own_holds
from core.ports import Hold, RetentionRow
from core.queue import room as queue


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    """Plain values by heading (PIPL 45)."""
    found = {**people.personal_data(session, account_id), **things.personal_data(session, account_id)}
    return {**found, "queue": queue.personal_data(session, account_id)}


def holds(session: Session, account_id: str) -> Iterable[Hold]:
    """What keeps somebody from closing the account: others depend on them, or a point still has a thing of theirs."""
    return [*own_holds(session, account_id), *things.holds(session, account_id)]


def retention() -> Iterable[RetentionRow]:
    return [*people.retention(), *things.retention(), queue.RETENTION]
