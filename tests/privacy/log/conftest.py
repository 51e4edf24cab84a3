"""A town in which one laptop is cleared, and its leaves are numbered."""

from collections.abc import Callable

import pytest

from core import audit, clock
from core.work import Actor, work
from privacy.clearance.log import sequencing
from privacy.clearance.queries import certificate_of
from tests import stories


@pytest.fixture
def sequence(app, session) -> Callable[[], int]:
    """Seal the audit log, then let the sequencer come by, as the server's clockwork does."""

    def step() -> int:
        with work(session, Actor("system:sealer"), clock.now()) as w:
            audit.seal(w.session)
        with work(session, Actor("system:log_sequencer"), clock.now()) as w:
            return sequencing.sequence(w, app.extensions["xunshi"])

    return step


@pytest.fixture
def number(app, session, doing, alice, wang, zhao, shop, sequence) -> str:
    """A certificate that stands in the log."""
    item_id = stories.wiped_laptop(app, doing, alice, wang, zhao, shop)
    found = certificate_of(session, item_id).number
    sequence()
    return found


@pytest.fixture
def append(doing) -> Callable[..., None]:
    """`append("ab", "cd")`: one leaf for each, each in a Work of its own."""
    from privacy.clearance.log.leaves import append_leaf

    def step(*subjects: str) -> None:
        for subject in subjects:
            with doing() as w:
                append_leaf(w, "privacy:evidence:attached", subject, {"job": subject})

    return step


@pytest.fixture
def unguarded(database, session) -> Callable[..., None]:
    """Somebody with the database's password: the guards are put aside, then any SQL is run."""
    from sqlalchemy import text

    from core.db import drop_guards

    def run(sql: str, **values: object) -> None:
        session.rollback()
        with database.engine.begin() as connection:
            if database.is_sqlite:
                drop_guards(connection)
            else:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(sql), values)

    return run
