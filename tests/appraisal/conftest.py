"""What several stories of the appraisal room begin with."""

import threading
from contextlib import suppress

import pytest
from sqlalchemy import event

from tests.appraisal_stories import everything_wiped


@pytest.fixture
def all_wiped(app):
    """Devices whose wipe stands, without their walk over the bench: the story is about the grade."""
    with everything_wiped():
        yield


LOCKS = ("FOR UPDATE", "UPDATE appraisals SET", "UPDATE appraisal_appeals SET", "UPDATE blind_checks SET")


@pytest.fixture
def at_once(database):
    """Run two steps; each waits, with its first lock in hand, until the other has its first, or a second is over because it
    can't get it. Steps that lock in different orders then wait for each other for ever, and PostgreSQL ends one of them."""

    def run(*steps):
        start, first, faults = threading.Barrier(len(steps)), threading.Barrier(len(steps)), []
        local, answers = threading.local(), [None] * len(steps)

        def locked(_connection, _cursor, statement, *_rest):
            if getattr(local, "fresh", False) and any(one in statement for one in LOCKS):
                local.fresh = False
                with suppress(threading.BrokenBarrierError):
                    first.wait(1)

        def go(nth, step):
            start.wait()
            local.fresh = True
            try:
                answers[nth] = step()
            except Exception as no:  # anything is a failure of this story
                faults.append(repr(no))

        event.listen(database.engine, "after_cursor_execute", locked)
        try:
            threads = [threading.Thread(target=go, args=one) for one in enumerate(steps)]
            for one in threads:
                one.start()
            for one in threads:
                one.join(30)
        finally:
            event.remove(database.engine, "after_cursor_execute", locked)
        assert not faults and not any(one.is_alive() for one in threads)
        return answers

    return run
